//! Where a vendor stands for its caller: the beginning of the addresses that it gives out. Behind a proxy, that is what
//! the proxy says of itself (`x-forwarded-proto`, `x-forwarded-prefix`).

use crate::wire::Request;

/// Appends scheme, host and path of the request's own address; a caller that names no host reached `otherwise`.
pub(super) fn write_address(out: &mut String, request: &Request, otherwise: &str) {
    write_origin(request, otherwise, |part| out.push_str(part));
    out.push_str(request.path());
}

/// Writes, part by part, the scheme and host by which the caller reached the vendor, and what a proxy puts after them.
pub(super) fn write_origin(request: &Request, otherwise: &str, mut write: impl FnMut(&str)) {
    let header = |name| request.headers.get(name);
    // Whoever names no host came by no proxy either: simulated callers are spared the look at the other headers.
    let Some(host) = header("host") else {
        write("https://");
        return write(otherwise);
    };
    write(header("x-forwarded-proto").unwrap_or("https"));
    write("://");
    write(host);
    write(header("x-forwarded-prefix").unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Headers, Method};

    fn address(headers: &[(&str, &str)]) -> String {
        let mut request =
            Request { method: Method::Get, target: "/a?b=c".to_owned(), headers: Headers::new(), body: Vec::new() };
        headers.iter().for_each(|(name, value)| request.headers.push(name, value));
        let mut out = String::new();
        write_address(&mut out, &request, "desk.example");
        out
    }

    #[test]
    fn an_address_is_that_of_the_host_that_was_asked_or_of_the_proxy_before_it() {
        assert_eq!(address(&[]), "https://desk.example/a");
        assert_eq!(address(&[("host", "acme.example")]), "https://acme.example/a");
        let proxied = [("host", "127.0.0.1:8"), ("x-forwarded-proto", "http"), ("x-forwarded-prefix", "/w/one")];
        assert_eq!(address(&proxied), "http://127.0.0.1:8/w/one/a");
    }
}
