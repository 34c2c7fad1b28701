//! Where a vendor is: host, port, and perhaps a path before its API's own.

use std::fmt;
use std::str::FromStr;

use hyper::Uri;
use rustls::pki_types::ServerName;

/// A vendor's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Host and port, as a socket is opened to.
    pub(super) address: String,
    /// By which name it must show a certificate; `None` where it is called without TLS.
    pub(super) name: Option<ServerName<'static>>,
    /// Host, and port where one is named, as the `Host` header says it.
    pub(super) host: String,
    /// What stands before each target; without a slash at its end.
    pub(super) prefix: String,
}

/// A text that is no vendor's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadBase(String);

impl fmt::Display for BadBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no address that the hub can call: write it as https://desk.example or http://127.0.0.1:8080",
            self.0
        )
    }
}

impl std::error::Error for BadBase {}

impl Base {
    /// Whether it is called by TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.name.is_some()
    }
}

impl FromStr for Base {
    type Err = BadBase;

    fn from_str(url: &str) -> Result<Self, BadBase> {
        let bad = || BadBase(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| bad())?;
        let authority = uri.authority().filter(|_| uri.query().is_none());
        let authority = authority.filter(|authority| !authority.as_str().contains('@')).ok_or_else(bad)?;
        let host = authority.host();
        let (name, port) = match uri.scheme_str() {
            Some("http") => (None, 80),
            Some("https") => {
                let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
                (Some(ServerName::try_from(bare).map_err(|_| bad())?), 443)
            }
            _ => return Err(bad()),
        };
        Ok(Self {
            address: format!("{host}:{}", authority.port_u16().unwrap_or(port)),
            name,
            host: authority.as_str().to_owned(),
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_http_or_https_perhaps_with_a_path() {
        let of = |url: &str| url.parse::<Base>().map(|base| (base.address, base.host, base.prefix));
        let told = |address: &str, host: &str, prefix: &str| Ok((address.into(), host.into(), prefix.into()));
        assert_eq!(of("http://127.0.0.1:8080"), told("127.0.0.1:8080", "127.0.0.1:8080", ""));
        assert_eq!(of("http://desk/w/blue/"), told("desk:80", "desk", "/w/blue"));
        assert_eq!(of("http://[::1]:1"), told("[::1]:1", "[::1]:1", ""));
        assert_eq!(of("https://desk"), told("desk:443", "desk", ""));
        assert_eq!(of("https://[::1]:8443/x"), told("[::1]:8443", "[::1]:8443", "/x"));
        let secure = |url: &str| url.parse::<Base>().unwrap().is_secure();
        assert!(secure("https://127.0.0.1:1") && !secure("http://127.0.0.1:1"));
        for wrong in ["", "desk", "https://de_sk!", "ftp://desk", "/x", "http://desk?x=1", "http://me:secret@desk"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
