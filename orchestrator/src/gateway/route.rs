//! Routes: which of the facade's operations a request asks for. Whether its parts are valid is `validate`'s.

use crate::customer::definition::Kind;
use crate::message::{Method, Request};

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'a> {
    /// A saga, synchronous or as a job. The customer's number is in the path, except for a create.
    Saga {
        /// Which.
        kind: Kind,
        /// The customer's number, where the path has it.
        cust_no: Option<&'a str>,
        /// Whether the client takes a job.
        asynchronous: bool,
    },
    /// The customer's committed row. `None`: the parameter is missing.
    Customer(Option<&'a str>),
    /// A job.
    Job(&'a str),
    /// The path exists, the method does not: 405.
    WrongMethod,
    /// Nothing.
    Unknown,
}

/// The route of a request.
#[must_use]
pub fn route(request: &Request) -> Route<'_> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    if let Some(job) = path.strip_prefix("/api/jobs/") {
        return if request.method == Method::Get { Route::Job(job) } else { Route::WrongMethod };
    }
    let (rest, asynchronous) = match path.strip_prefix("/api/async/customers") {
        Some(rest) => (rest, true),
        None => match path.strip_prefix("/api/customers") {
            Some(rest) => (rest, false),
            None => return Route::Unknown,
        },
    };
    let (rest, merges) = match rest.strip_suffix("/merge") {
        Some(before) if before.len() > 1 => (before, true),
        _ => (rest, false),
    };
    let cust_no = match rest.strip_prefix('/') {
        Some(id) if !id.is_empty() && !id.contains('/') => Some(id),
        Some("") => None,
        None if rest.is_empty() => None,
        _ => return Route::Unknown,
    };
    let saga = |kind| Route::Saga { kind, cust_no, asynchronous };
    match (request.method, cust_no) {
        (Method::Post, Some(_)) if merges => saga(Kind::Merge),
        _ if merges => Route::WrongMethod,
        (Method::Get, Some(_)) if !asynchronous => Route::Customer(cust_no),
        (Method::Get, None) if !asynchronous => Route::Customer(parameter(query, "cust_no")),
        (Method::Post, None) => saga(Kind::Create),
        (Method::Patch, Some(_)) => saga(Kind::Update),
        (Method::Delete, Some(_)) => saga(Kind::Close),
        _ => Route::WrongMethod,
    }
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;

    #[test]
    fn every_operation_of_the_facade_has_its_route() {
        use Method::{Delete, Get, Patch, Post, Put};
        let cases = [
            (Post, "/api/customers", Route::Saga { kind: Kind::Create, cust_no: None, asynchronous: false }),
            (Post, "/api/async/customers", Route::Saga { kind: Kind::Create, cust_no: None, asynchronous: true }),
            (Patch, "/api/customers/C1", Route::Saga { kind: Kind::Update, cust_no: Some("C1"), asynchronous: false }),
            (
                Delete,
                "/api/async/customers/C1",
                Route::Saga { kind: Kind::Close, cust_no: Some("C1"), asynchronous: true },
            ),
            (
                Post,
                "/api/customers/C1/merge",
                Route::Saga { kind: Kind::Merge, cust_no: Some("C1"), asynchronous: false },
            ),
            (Get, "/api/customers/C1/merge", Route::WrongMethod),
            (Post, "/api/customers//merge", Route::Unknown),
            (Get, "/api/customers/merge", Route::Customer(Some("merge"))),
            (Get, "/api/customers/C1", Route::Customer(Some("C1"))),
            (Get, "/api/customers?cust_no=C1", Route::Customer(Some("C1"))),
            (Get, "/api/customers", Route::Customer(None)),
            (Get, "/api/jobs/s1-1", Route::Job("s1-1")),
            (Put, "/api/customers/C1", Route::WrongMethod),
            (Get, "/api/customers/C1/x", Route::Unknown),
            (Get, "/api/customersX", Route::Unknown),
            (Get, "/", Route::Unknown),
        ];
        for (method, target, expected) in cases {
            let request = Request { method, target: target.to_owned(), headers: Headers::default(), body: Vec::new() };
            assert_eq!(route(&request), expected, "{method:?} {target}");
        }
    }
}
