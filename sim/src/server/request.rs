//! From a request as hyper read it to the fleet's own, its body aside.

use hyper::Method as HyperMethod;
use hyper::http::request::Parts;

use crate::wire::{Headers, Method, Request};

/// The request with these parts and this target; `None` where no vendor knows its method.
pub(super) fn of(parts: &Parts, target: String) -> Option<Request> {
    Some(Request { method: method(&parts.method)?, target, headers: headers(parts), body: Vec::new() })
}

/// HEAD counts as GET: whoever writes the answer leaves its body out.
fn method(method: &HyperMethod) -> Option<Method> {
    Some(match *method {
        HyperMethod::GET | HyperMethod::HEAD => Method::Get,
        HyperMethod::POST => Method::Post,
        HyperMethod::PUT => Method::Put,
        HyperMethod::PATCH => Method::Patch,
        HyperMethod::DELETE => Method::Delete,
        _ => return None,
    })
}

fn headers(parts: &Parts) -> Headers {
    let size = parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>();
    // Room for what the door adds.
    let mut headers = Headers(String::with_capacity(size + 80));
    for (name, value) in &parts.headers {
        headers.push(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    headers
}
