//! A fleet's addresses and credentials as lines `NAME=value`: what a shell reads with `.`, and what a program reads by
//! splitting each line at its first `=`. No value holds a blank or anything that a shell would expand.

use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::server::Fleet;

/// The vendors, in the order in which they are told.
pub(super) const VENDORS: [System; 4] = [System::Support, System::Commerce, System::Identity, System::Messaging];

/// The lines.
pub(super) fn lines(fleet: &Fleet) -> String {
    let urls = VENDORS.map(|system| (format!("{}_URL", system.name().to_uppercase()), fleet.url(system)));
    let known = Credentials::SIMULATION;
    let credentials = [
        ("SUPPORT_EMAIL", known.support_email),
        ("SUPPORT_TOKEN", known.support_token),
        ("COMMERCE_TOKEN", known.commerce_token),
        ("IDENTITY_DOMAIN", known.identity_domain),
        ("IDENTITY_AUDIENCE", known.identity_audience),
        ("IDENTITY_CLIENT_ID", known.identity_client_id),
        ("IDENTITY_CLIENT_SECRET", known.identity_client_secret),
        ("MESSAGING_TOKEN", known.messaging_token),
    ];
    let credentials = credentials.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let control = [("CONTROL_URL".to_owned(), fleet.control_url())];
    urls.into_iter()
        .chain(control)
        .chain(credentials)
        .map(|(name, value)| format!("SAGAPROOF_{name}={value}\n"))
        .collect()
}
