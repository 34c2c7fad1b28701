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

/// Whether a request carries support's credentials by HTTP Basic.
pub(super) fn is_support_basic(request: &Request) -> bool {
    credentials(request, "Basic ") == SUPPORT_BASIC.strip_prefix("Basic ")
}

/// The bearer token that a request carries.
pub(super) fn bearer(request: &Request) -> Option<&str> {
    credentials(request, "Bearer ")
}

/// What stands behind the name of a scheme, which may be written large or small (RFC 9110, 11.1).
fn credentials<'a>(request: &'a Request, scheme: &str) -> Option<&'a str> {
    let (name, rest) = request.headers.get("authorization")?.split_at_checked(scheme.len())?;
    name.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Headers, Method};

    #[test]
    fn the_name_of_a_scheme_may_be_written_small() {
        let request = |value: &str| {
            let mut headers = Headers(String::new());
            headers.push("authorization", value);
            Request { method: Method::Get, target: "/".to_owned(), headers, body: Vec::new() }
        };
        assert_eq!(bearer(&request("bearer abc")), Some("abc"));
        assert_eq!(bearer(&request("Bearer abc")), Some("abc"));
        assert_eq!((bearer(&request("Basic abc")), bearer(&request("Bear"))), (None, None));
        assert!(is_support_basic(&request(&SUPPORT_BASIC.replace("Basic", "basic"))));
    }
}
