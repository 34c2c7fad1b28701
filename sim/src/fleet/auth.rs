//! Whom the vendors let in: the credentials that the fleet expects. How each dialect carries them stands with it.

use crate::wire::Request;

/// What a caller of the fleet needs to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credentials {
    /// Commerce: the value of `X-Shopify-Access-Token`.
    pub commerce_token: &'static str,
    /// Support: the agent's e-mail; HTTP Basic sends `email/token:support_token`.
    pub support_email: &'static str,
    /// Support: the API token.
    pub support_token: &'static str,
    /// Identity: the tenant's domain.
    pub identity_domain: &'static str,
    /// Identity: the audience of the management API, always https.
    pub identity_audience: &'static str,
    /// Identity: the client's id.
    pub identity_client_id: &'static str,
    /// Identity: the client's secret.
    pub identity_client_secret: &'static str,
    /// Messaging: the channel's bearer token.
    pub messaging_token: &'static str,
}

impl Credentials {
    /// What the fleet of every simulated world expects.
    pub const SIMULATION: Self = Self {
        commerce_token: "shpat_simulated",
        support_email: "hub@sagaproof.example",
        support_token: "simulated-api-token",
        identity_domain: "tenant.example",
        identity_audience: "https://tenant.example/api/v2/",
        identity_client_id: "simulated-client",
        identity_client_secret: "simulated-secret",
        messaging_token: "simulated-channel-token",
    };
}

/// The value of `Authorization` with which HTTP Basic carries support's credentials: `email/token:token` in base64.
pub(super) const SUPPORT_BASIC: &str = "Basic aHViQHNhZ2Fwcm9vZi5leGFtcGxlL3Rva2VuOnNpbXVsYXRlZC1hcGktdG9rZW4=";

/// The bearer token that a request carries.
pub(super) fn bearer(request: &Request) -> Option<&str> {
    request.headers.get("authorization")?.strip_prefix("Bearer ")
}
