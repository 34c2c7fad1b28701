//! What the peers' saga says in each dialect, and how it reads the answers: `http` types and plain serde, as most
//! integrations are written.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use sagaproof_sim::fleet::System;
use serde::{Deserialize, Serialize};

use crate::contender::Customer;
use crate::vendors::{CommerceCustomer, CustomerEnvelope, IdentityUser, SupportUser, Token, UserEnvelope};

/// What an answer says of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// It is done; the id that the vendor gave.
    Done(String),
    /// Somebody holds the key.
    Conflict,
    /// The credentials do not count.
    Unauthorized,
    /// A definite no.
    Refused,
    /// Unknown, or to be tried again; after how long, where the vendor says so.
    Again(Option<Duration>),
}

pub(crate) fn token_request() -> Request<Bytes> {
    let form = "grant_type=client_credentials&client_id=hub&client_secret=0123456789abcdef0123456789abcdef\
                &audience=https%3A%2F%2Fidentity.example%2Fapi%2Fv2%2F";
    let builder = Request::builder().method(Method::POST).uri("/oauth/token").header("host", "identity");
    built(builder.header("content-type", "application/x-www-form-urlencoded"), Bytes::from_static(form.as_bytes()))
}

#[derive(Serialize)]
struct NewCustomer<'a> {
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    phone: &'a str,
    tags: &'a str,
}

#[derive(Serialize)]
struct NewUser<'a> {
    name: &'a str,
    email: &'a str,
    phone: &'a str,
    external_id: &'a str,
    skip_verify_email: bool,
}

#[derive(Serialize)]
struct NewAccount<'a> {
    connection: &'a str,
    user_id: &'a str,
    email: &'a str,
    password: &'a str,
    verify_email: bool,
    given_name: &'a str,
    family_name: &'a str,
    name: &'a str,
    app_metadata: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct Push<'a> {
    to: &'a str,
    messages: [Message<'a>; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    r#type: &'a str,
    text: &'a str,
}

pub(crate) fn create_request(system: System, customer: &Customer, token: &str) -> Request<Bytes> {
    let (given_name, family_name) = (&*customer.given_name, &*customer.family_name);
    let (email, phone) = (&*customer.email, &*customer.phone);
    let name = format!("{given_name} {family_name}");
    let owner = customer.owner();
    match system {
        System::Commerce => {
            let tags = format!("owner:{owner}");
            let customer = NewCustomer { email, first_name: given_name, last_name: family_name, phone, tags: &tags };
            post("/admin/api/2026-07/customers.json", &commerce_headers(), &CustomerEnvelope { customer })
        }
        System::Support => {
            let user = NewUser { name: &name, email, phone, external_id: &owner, skip_verify_email: true };
            post("/api/v2/users.json", &support_headers(), &UserEnvelope { user })
        }
        System::Identity => {
            let account = NewAccount {
                connection: "Username-Password-Authentication",
                user_id: &owner.replace('/', "."),
                email,
                password: "0123456789abcdef0123456789abcdef-Aa1",
                verify_email: false,
                given_name,
                family_name,
                name: &name,
                app_metadata: BTreeMap::from([("owner", &*owner)]),
            };
            let bearer = format!("Bearer {token}");
            post("/api/v2/users", &[("host", "identity"), ("authorization", &bearer)], &account)
        }
        System::Messaging | System::Hub => {
            let headers =
                [("host", "messaging"), ("authorization", "Bearer channel"), ("x-line-retry-key", "5b1c9d2e-s1")];
            let text = format!("Welcome, {given_name}.");
            let push = Push { to: &customer.cust_no, messages: [Message { r#type: "text", text: &text }] };
            post("/v2/bot/message/push", &headers, &push)
        }
    }
}

fn commerce_headers() -> [(&'static str, &'static str); 2] {
    [("host", "commerce"), ("x-shopify-access-token", "shpat_0123456789abcdef0123456789abcdef")]
}

fn support_headers() -> [(&'static str, &'static str); 2] {
    [("host", "support"), ("authorization", "Basic YWdlbnRAc3VwcG9ydC5leGFtcGxlL3Rva2VuOjAxMjM0NTY3")]
}

pub(crate) fn find_request(system: System, customer: &Customer, token: &str) -> Request<Bytes> {
    match system {
        System::Commerce => {
            let query = customer.email.replace('@', "%40");
            get(&format!("/admin/api/2026-07/customers/search.json?query=email:{query}"), &commerce_headers())
        }
        System::Support => {
            let owner = customer.owner().replace('/', "%2F");
            get(&format!("/api/v2/users/search.json?external_id={owner}"), &support_headers())
        }
        System::Identity | System::Messaging | System::Hub => {
            let id = customer.owner().replace('/', ".");
            get(
                &format!("/api/v2/users/auth0%7C{id}"),
                &[("host", "identity"), ("authorization", &format!("Bearer {token}"))],
            )
        }
    }
}

/// A deletion whose token is filled in when it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Deletion {
    system: System,
    path: String,
}

impl Deletion {
    pub(crate) fn build(&self, token: &str) -> Request<Bytes> {
        let builder = Request::builder().method(Method::DELETE).uri(&self.path);
        let builder = match self.system {
            System::Commerce => with(builder, &commerce_headers()),
            System::Support => with(builder, &support_headers()),
            _ => with(builder, &[("host", "identity"), ("authorization", &format!("Bearer {token}"))]),
        };
        built(builder, Bytes::new())
    }
}

pub(crate) fn delete_requests(system: System, id: &str) -> Vec<Deletion> {
    let paths = match system {
        System::Commerce => vec![format!("/admin/api/2026-07/customers/{id}.json")],
        System::Support => vec![format!("/api/v2/users/{id}.json"), format!("/api/v2/deleted_users/{id}.json")],
        _ => vec![format!("/api/v2/users/{}", id.replace('|', "%7C"))],
    };
    paths.into_iter().map(|path| Deletion { system, path }).collect()
}

pub(crate) fn read_token(response: &Response<Bytes>) -> Reading {
    read::<Token>(response, |token| Some(token.access_token))
}

pub(crate) fn read_created(system: System, response: &Response<Bytes>) -> Reading {
    match (response.status().as_u16(), system) {
        (409, System::Messaging) => Reading::Done(String::new()),
        (409 | 422, _) => Reading::Conflict,
        _ => match system {
            System::Commerce => read::<CustomerEnvelope<Numbered>>(response, |body| Some(body.customer.id.to_string())),
            System::Support => read::<UserEnvelope<Numbered>>(response, |body| Some(body.user.id.to_string())),
            System::Identity => read::<Named>(response, |body| Some(body.user_id)),
            System::Messaging | System::Hub => {
                read::<Sent>(response, |body| body.sent.first().map(|one| one.id.to_string()))
            }
        },
    }
}

pub(crate) fn read_found(system: System, response: &Response<Bytes>, customer: &Customer) -> Reading {
    let owner = customer.owner();
    let found = match system {
        System::Commerce => read::<BTreeMap<String, Vec<CommerceCustomer>>>(response, |lists| {
            let mut all = lists.into_values().flatten();
            all.find(|one| one.tags.trim_start_matches("owner:") == owner).map(|one| one.id.to_string())
        }),
        System::Support => read::<BTreeMap<String, Vec<SupportUser>>>(response, |lists| {
            lists.into_values().flatten().find(|one| one.external_id == owner).map(|one| one.id.to_string())
        }),
        _ => read::<IdentityUser>(response, |one| (one.app_metadata.owner == owner).then_some(one.user_id)),
    };
    if matches!(found, Reading::Again(_)) { Reading::Refused } else { found }
}

pub(crate) fn read_deleted(response: &Response<Bytes>) -> Reading {
    let gone = response.status().is_success() || response.status() == 404;
    if gone { Reading::Done(String::new()) } else { Reading::Refused }
}

#[derive(Debug, Deserialize)]
struct Numbered {
    id: u64,
}

#[derive(Debug, Deserialize)]
struct Named {
    user_id: String,
}

#[derive(Debug, Deserialize)]
struct Sent {
    #[serde(rename = "sentMessages")]
    sent: Vec<Numbered>,
}

/// Reads a success's body; an unreadable one leaves the outcome unknown.
fn read<T: serde::de::DeserializeOwned>(response: &Response<Bytes>, id: impl FnOnce(T) -> Option<String>) -> Reading {
    if !response.status().is_success() {
        return Reading::Refused;
    }
    let body = serde_json::from_slice(response.body()).ok();
    body.and_then(id).map_or(Reading::Again(None), Reading::Done)
}

/// A POST with this JSON body.
pub(crate) fn post(uri: &str, headers: &[(&str, &str)], body: &impl Serialize) -> Request<Bytes> {
    let builder = Request::builder().method(Method::POST).uri(uri).header("content-type", "application/json");
    built(with(builder, headers), serde_json::to_vec(body).map(Bytes::from).unwrap_or_default())
}

fn get(uri: &str, headers: &[(&str, &str)]) -> Request<Bytes> {
    built(with(Request::builder().uri(uri), headers), Bytes::new())
}

fn with(mut builder: http::request::Builder, headers: &[(&str, &str)]) -> http::request::Builder {
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
}

fn built(builder: http::request::Builder, body: Bytes) -> Request<Bytes> {
    builder.body(body).unwrap_or_default()
}
