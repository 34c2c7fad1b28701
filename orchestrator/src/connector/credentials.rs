//! What the hub identifies itself with at each vendor, and the connectors made from it. The tokens that the identity
//! vendor hands out live in the engine, not here.

use std::fmt;
use std::sync::Arc;

use super::Connector;
use super::commerce::Commerce;
use super::identity::Identity;
use super::messaging::Messaging;
use super::support::Support;

/// The hub's credentials at the vendors. Debug output names no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Commerce: the Admin API's access token.
    pub commerce_token: String,
    /// Support: the e-mail of the agent whom the API token belongs to.
    pub support_email: String,
    /// Support: the API token.
    pub support_token: String,
    /// Identity: the machine-to-machine application's client id.
    pub identity_client_id: String,
    /// Identity: its client secret. Also the key from which first passwords are derived.
    pub identity_client_secret: String,
    /// Identity: the audience, `https://{domain}/api/v2/`; https even behind a plain proxy.
    pub identity_audience: String,
    /// Messaging: the channel's access token.
    pub messaging_token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("support_email", &self.support_email)
            .field("identity_client_id", &self.identity_client_id)
            .finish_non_exhaustive()
    }
}

/// Something that debug output must not show.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret<T>(pub(super) T);

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// The connectors, indexed by [`Vendor`](super::Vendor).
#[must_use]
pub fn connectors(credentials: &Credentials) -> [Arc<dyn Connector>; 4] {
    [
        Arc::new(Commerce::new(credentials)),
        Arc::new(Support::new(credentials)),
        Arc::new(Identity::new(credentials)),
        Arc::new(Messaging::new(credentials)),
    ]
}
