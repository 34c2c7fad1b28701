//! Where a vendor is: host, port, and perhaps a path before its API's own.

use std::fmt;
use std::str::FromStr;

use hyper::Uri;

/// A vendor's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// Host and port, as a socket is opened to.
    pub(super) address: String,
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
        write!(f, "`{}` is no address that the hub can call: write it as http://127.0.0.1:8080", self.0)
    }
}

impl std::error::Error for BadBase {}

impl FromStr for Base {
    type Err = BadBase;

    fn from_str(url: &str) -> Result<Self, BadBase> {
        let bad = || BadBase(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| bad())?;
        let authority = uri.authority().filter(|_| uri.scheme_str() == Some("http") && uri.query().is_none());
        let authority = authority.filter(|authority| !authority.as_str().contains('@')).ok_or_else(bad)?;
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            address: format!("{}:{port}", authority.host()),
            host: authority.as_str().to_owned(),
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_plain_http_perhaps_with_a_path() {
        let of = |url: &str| url.parse::<Base>().map(|base| (base.address, base.host, base.prefix));
        let told = |address: &str, host: &str, prefix: &str| Ok((address.into(), host.into(), prefix.into()));
        assert_eq!(of("http://127.0.0.1:8080"), told("127.0.0.1:8080", "127.0.0.1:8080", ""));
        assert_eq!(of("http://desk/w/blue/"), told("desk:80", "desk", "/w/blue"));
        assert_eq!(of("http://[::1]:1"), told("[::1]:1", "[::1]:1", ""));
        for wrong in ["", "desk", "https://desk", "ftp://desk", "/x", "http://desk?x=1", "http://me:secret@desk"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
