//! A fleet's addresses and credentials as lines `NAME=value`: what a shell reads with `.`, and what a program reads by
//! splitting each line at its first `=`. No value holds a blank or anything that a shell would expand, but for a path
//! that somebody chose so: it is quoted.

use std::path::Path;

use sagaproof_sim::fleet::System;
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::server::Fleet;

/// The vendors, in the order in which they are told.
pub(super) const VENDORS: [System; 4] = [System::Support, System::Commerce, System::Identity, System::Messaging];

/// The lines.
pub(super) fn lines(fleet: &Fleet, authority: Option<&Path>) -> String {
    let authority = authority.map(|path| ("SAGAPROOF_TLS_CA".to_owned(), quoted(&path.to_string_lossy())));
    named(fleet).into_iter().chain(authority).map(|(name, value)| format!("{name}={value}\n")).collect()
}

/// Names and values of what every fleet has.
pub(super) fn named(fleet: &Fleet) -> Vec<(String, String)> {
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
    let named = urls.into_iter().chain(control).chain(credentials);
    named.map(|(name, value)| (["SAGAPROOF_", &name].concat(), value)).collect()
}

/// A value as a shell must read it.
pub(super) fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_=:/.@-".contains(c);
    if value.chars().all(plain) { value.to_owned() } else { format!("'{}'", value.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn only_what_a_shell_would_not_read_as_it_is_is_quoted() {
        assert_eq!(quoted("/tmp/ca-1.pem"), "/tmp/ca-1.pem");
        assert_eq!(quoted("/tmp/it's here"), r"'/tmp/it'\''s here'");
    }
}
