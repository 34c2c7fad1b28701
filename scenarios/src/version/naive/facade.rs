//! What clients ask the naive orchestrator, and how it answers: the facade's paths and bodies, nothing of the work.
//! Idempotency keys are not looked at.

use std::collections::BTreeMap;

use sagaproof_sim::wire::{Method, Request, Response};
use serde::Serialize;

use super::customer::{Customer, Wish};

/// What a client wants, as its method and path say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::version) enum Wanted<'a> {
    Create {
        background: bool,
    },
    Read {
        cust_no: &'a str,
    },
    Update {
        cust_no: &'a str,
        background: bool,
    },
    Close {
        cust_no: &'a str,
        background: bool,
    },
    Job {
        id: &'a str,
    },
    /// A list without `cust_no`.
    NoNumber,
    Nothing,
}

impl<'a> Wanted<'a> {
    /// Reads method and path.
    pub(in crate::version) fn of(request: &'a Request) -> Self {
        let path = request.path();
        if let Some(id) = path.strip_prefix("/api/jobs/") {
            return if request.method == Method::Get { Self::Job { id } } else { Self::Nothing };
        }
        let (rest, background) = match path.strip_prefix("/api/async/customers") {
            Some(rest) => (rest, true),
            None => match path.strip_prefix("/api/customers") {
                Some(rest) => (rest, false),
                None => return Self::Nothing,
            },
        };
        let cust_no = rest.strip_prefix('/').filter(|cust_no| !cust_no.is_empty() && !cust_no.contains('/'));
        match (request.method, rest, cust_no) {
            (Method::Post, "", _) => Self::Create { background },
            (Method::Get, "", _) => match request.query().split('&').find_map(|pair| pair.strip_prefix("cust_no=")) {
                Some(cust_no) if !cust_no.is_empty() => Self::Read { cust_no },
                _ => Self::NoNumber,
            },
            (Method::Get, _, Some(cust_no)) => Self::Read { cust_no },
            (Method::Patch, _, Some(cust_no)) => Self::Update { cust_no, background },
            (Method::Delete, _, Some(cust_no)) => Self::Close { cust_no, background },
            _ => Self::Nothing,
        }
    }
}

/// The customer that a create asks for, among those that there are.
pub(in crate::version) fn created(
    request: &Request,
    customers: &BTreeMap<String, Customer>,
) -> Result<Customer, Response> {
    let wish = wish(&request.body)?;
    let cust_no = wish.cust_no.as_deref().filter(|cust_no| !cust_no.is_empty()).ok_or_else(no_number)?;
    if !wish.is_whole() {
        return Err(problem(400, "email, given_name and family_name are needed"));
    }
    if customers.contains_key(cust_no) {
        return Err(problem(409, "the customer exists"));
    }
    let mut customer = Customer { cust_no: cust_no.to_owned(), ..Customer::default() };
    wish.apply(&mut customer);
    Ok(customer)
}

/// The customer as an update wants it.
pub(in crate::version) fn updated(request: &Request, before: &Customer) -> Result<Customer, Response> {
    let mut after = before.clone();
    wish(&request.body)?.apply(&mut after);
    Ok(after)
}

/// What the client sent; an empty body is an empty wish.
fn wish(body: &[u8]) -> Result<Wish<'_>, Response> {
    if body.is_empty() {
        return Ok(Wish::default());
    }
    serde_json::from_slice(body).map_err(|_| problem(400, "the body is no JSON object"))
}

/// A customer as clients see it.
pub(in crate::version) fn show(status: u16, customer: &Customer) -> Response {
    #[derive(Serialize)]
    struct Shown<'a> {
        cust_no: &'a str,
        email: &'a str,
        given_name: &'a str,
        family_name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        phone: Option<&'a str>,
    }
    let shown = Shown {
        cust_no: &customer.cust_no,
        email: &customer.email,
        given_name: &customer.given_name,
        family_name: &customer.family_name,
        phone: customer.phone.as_deref(),
    };
    Response::json(status, serde_json::to_vec(&shown).unwrap_or_default())
}

/// A success without a body.
pub(in crate::version) fn done() -> Response {
    Response { status: 204, headers: sagaproof_sim::wire::Headers::new(), body: Vec::new() }
}

/// A request lacked its customer number.
pub(in crate::version) fn no_number() -> Response {
    Response::json(400, *b"{\"message\":\"Missing required request parameters: [cust_no]\"}")
}

/// A failure, as `application/problem+json`.
pub(in crate::version) fn problem(status: u16, title: &str) -> Response {
    #[derive(Serialize)]
    struct Problem<'a> {
        #[serde(rename = "type")]
        kind: &'a str,
        title: &'a str,
        status: u16,
        outcome: &'a str,
    }
    let outcome = if status < 500 { "refused" } else { "indeterminate" };
    let problem = Problem { kind: "about:blank", title, status, outcome };
    let mut response = Response::json(status, serde_json::to_vec(&problem).unwrap_or_default());
    response.headers.0.clear();
    response.headers.push("content-type", "application/problem+json");
    response
}

/// A job of the asynchronous form. It lives in memory only.
#[derive(Debug, Clone, Serialize)]
pub(in crate::version) struct Job {
    /// Its id.
    pub(in crate::version) job_id: String,
    /// What is done.
    pub(in crate::version) operation: &'static str,
    /// `RUNNING`, `SUCCEEDED` or `FAILED`.
    pub(in crate::version) status: &'static str,
    attempts: u32,
    /// Why it failed.
    pub(in crate::version) last_error: Option<String>,
    attention: bool,
    correlation_id: String,
    result: Option<()>,
}

impl Job {
    /// A job that has begun.
    pub(in crate::version) fn begun(job_id: String, operation: &'static str, request: &Request) -> Self {
        Self {
            job_id,
            operation,
            status: "RUNNING",
            attempts: 1,
            last_error: None,
            attention: false,
            correlation_id: request.headers.get("x-correlation-id").unwrap_or_default().to_owned(),
            result: None,
        }
    }

    /// The answer to the request that began it.
    pub(in crate::version) fn accepted(&self) -> Response {
        let mut response = self.show();
        response.status = 202;
        response.headers.push("location", &["/api/jobs/", &self.job_id].concat());
        response
    }

    /// The answer to a client that polls it.
    pub(in crate::version) fn show(&self) -> Response {
        Response::json(200, serde_json::to_vec(self).unwrap_or_default())
    }
}
