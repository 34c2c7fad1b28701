//! The vendors as the peers meet them: stores in memory that parse a request's JSON and answer in the dialects' words.
//! What may befall a request on its way is absent here.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Method, Request, Response};
use sagaproof_sim::fleet::System;
use serde::{Deserialize, Serialize};

use crate::contender::{FleetRecords, Held};

/// The four vendors of one world.
#[derive(Debug, Default)]
pub(crate) struct Vendors {
    customers: BTreeMap<u64, CommerceCustomer>,
    users: BTreeMap<u64, SupportUser>,
    accounts: BTreeMap<String, IdentityUser>,
    pushed: BTreeMap<String, u64>,
    tokens: u64,
    ids: u64,
}

/// The bodies' envelopes, as both sides write and read them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CustomerEnvelope<T> {
    pub(crate) customer: T,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct UserEnvelope<T> {
    pub(crate) user: T,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CommerceCustomer {
    pub(crate) id: u64,
    pub(crate) email: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) orders_count: u64,
    pub(crate) state: String,
    pub(crate) total_spent: String,
    pub(crate) verified_email: bool,
    pub(crate) last_order_id: Option<u64>,
    pub(crate) last_order_name: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) tags: String,
    pub(crate) phone: String,
    pub(crate) currency: String,
    pub(crate) addresses: Vec<String>,
    pub(crate) admin_graphql_api_id: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SupportUser {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) external_id: String,
    pub(crate) role: String,
    pub(crate) verified: bool,
    pub(crate) active: bool,
    pub(crate) suspended: bool,
    pub(crate) locale: String,
    pub(crate) time_zone: String,
    pub(crate) tags: Vec<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct IdentityUser {
    pub(crate) user_id: String,
    #[serde(skip_serializing)]
    pub(crate) connection: String,
    pub(crate) email: String,
    pub(crate) email_verified: bool,
    pub(crate) name: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    #[serde(skip_serializing)]
    pub(crate) password: String,
    pub(crate) app_metadata: AppMetadata,
    pub(crate) identities: Vec<IdentityLink>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct AppMetadata {
    pub(crate) owner: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IdentityLink {
    pub(crate) connection: String,
    pub(crate) user_id: String,
    pub(crate) provider: String,
    #[serde(rename = "isSocial")]
    pub(crate) is_social: bool,
}

const NOW: &str = "2026-01-01T00:00:00Z";

impl Vendors {
    /// Handles a request, whole.
    pub(crate) fn handle(&mut self, to: System, request: &Request<Bytes>) -> Response<Bytes> {
        let path = request.uri().path();
        match (to, request.method(), path) {
            (System::Commerce, &Method::POST, "/admin/api/2026-07/customers.json") => {
                self.create_customer(request.body())
            }
            (System::Commerce, &Method::GET, _) => {
                let found: Vec<_> = self.customers.values().filter(|one| queried(request, &one.email)).collect();
                json(200, &BTreeMap::from([("customers", found)]))
            }
            (System::Commerce, &Method::DELETE, _) => {
                let gone = number(path).and_then(|id| self.customers.remove(&id));
                if gone.is_some() { json(200, &BTreeMap::<u8, u8>::new()) } else { error(404, "Not Found") }
            }
            (System::Support, &Method::POST, "/api/v2/users.json") => self.create_user(request.body()),
            (System::Support, &Method::GET, _) => {
                let found: Vec<_> = self.users.values().filter(|one| queried(request, &one.external_id)).collect();
                json(200, &BTreeMap::from([("users", found)]))
            }
            (System::Support, &Method::DELETE, _) => self.delete_user(path),
            (System::Identity, &Method::POST, "/oauth/token") => self.issue_token(request.body()),
            (System::Identity, &Method::POST, _) => self.create_account(request),
            (System::Identity, &Method::GET, _) => {
                let found = account(path).and_then(|id| self.accounts.get(&id));
                found.map_or_else(|| error(404, "The user does not exist."), |one| json(200, one))
            }
            (System::Identity, &Method::DELETE, _) => {
                account(path).map(|id| self.accounts.remove(&id));
                answer(204, Bytes::new())
            }
            (System::Messaging, &Method::POST, _) => self.push(request),
            _ => error(404, "Not Found"),
        }
    }

    fn next_id(&mut self) -> u64 {
        self.ids += 1;
        6_000_000_000_000 + self.ids
    }

    fn create_customer(&mut self, body: &[u8]) -> Response<Bytes> {
        let Ok(CustomerEnvelope::<CommerceCustomer> { mut customer }) = serde_json::from_slice(body) else {
            return error(400, "Bad Request");
        };
        let taken =
            |one: &CommerceCustomer| one.email.eq_ignore_ascii_case(&customer.email) || one.phone == customer.phone;
        if self.customers.values().any(taken) {
            return answer(422, Bytes::from_static(br#"{"errors":{"email":["has already been taken"]}}"#));
        }
        customer.id = self.next_id();
        customer.total_spent = "0.00".to_owned();
        customer.state = "disabled".to_owned();
        customer.currency = "EUR".to_owned();
        customer.verified_email = true;
        customer.created_at = NOW.to_owned();
        customer.updated_at = NOW.to_owned();
        customer.admin_graphql_api_id = format!("gid://shopify/Customer/{}", customer.id);
        let envelope = CustomerEnvelope { customer };
        let response = json(201, &envelope);
        self.customers.insert(envelope.customer.id, envelope.customer);
        response
    }

    fn create_user(&mut self, body: &[u8]) -> Response<Bytes> {
        let Ok(UserEnvelope::<SupportUser> { mut user }) = serde_json::from_slice(body) else {
            return error(400, "Bad Request");
        };
        let taken = |one: &SupportUser| {
            one.email.eq_ignore_ascii_case(&user.email) || one.external_id.eq_ignore_ascii_case(&user.external_id)
        };
        if self.users.values().any(taken) {
            return answer(422, Bytes::from_static(br#"{"error":"RecordInvalid","description":"Record validation errors","details":{"email":[{"description":"Email: is already being used by another user","error":"DuplicateValue"}]}}"#));
        }
        user.id = self.next_id();
        user.url = format!("https://support.example/api/v2/users/{}.json", user.id);
        user.active = true;
        user.role = "end-user".to_owned();
        user.locale = "ja".to_owned();
        user.time_zone = "Tokyo".to_owned();
        user.created_at = NOW.to_owned();
        user.updated_at = NOW.to_owned();
        let envelope = UserEnvelope { user };
        let response = json(201, &envelope);
        self.users.insert(envelope.user.id, envelope.user);
        response
    }

    /// Softly at first; for good under `deleted_users`.
    fn delete_user(&mut self, path: &str) -> Response<Bytes> {
        let Some(id) = number(path) else { return error(404, "Not found") };
        let Some(user) = self.users.get_mut(&id) else { return error(404, "Not found") };
        if path.contains("/deleted_users/") {
            return self.users.remove(&id).map_or_else(|| error(404, "Not found"), |user| json(200, &user));
        }
        user.active = false;
        json(200, &UserEnvelope { user })
    }

    fn issue_token(&mut self, form: &[u8]) -> Response<Bytes> {
        if !form.starts_with(b"grant_type=client_credentials&") {
            return error(400, "Bad Request");
        }
        self.tokens += 1;
        let token = format!("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.{:0>180}.t", self.tokens);
        let body =
            Token { access_token: token, expires_in: 86_400, token_type: "Bearer".to_owned(), scope: SCOPE.to_owned() };
        json(200, &body)
    }

    fn create_account(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let bearer = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        if !bearer.is_some_and(|value| value.starts_with("Bearer eyJ")) {
            return error(401, "Unauthorized");
        }
        let Ok(mut user) = serde_json::from_slice::<IdentityUser>(request.body()) else {
            return error(400, "Bad Request");
        };
        if std::mem::take(&mut user.password).len() < 8 {
            return error(400, "PasswordStrengthError: Password is too weak");
        }
        let id = format!("auth0|{}", user.user_id);
        let mut others = self.accounts.values();
        if self.accounts.contains_key(&id) || others.any(|one| one.email.eq_ignore_ascii_case(&user.email)) {
            return answer(409, Bytes::from_static(br#"{"statusCode":409,"error":"Conflict","message":"The user already exists.","errorCode":"auth0_idp_error"}"#));
        }
        let link = (user.connection.clone(), std::mem::replace(&mut user.user_id, id.clone()));
        user.identities.push(IdentityLink {
            connection: link.0,
            user_id: link.1,
            provider: "auth0".to_owned(),
            is_social: false,
        });
        user.created_at = NOW.to_owned();
        user.updated_at = NOW.to_owned();
        let response = json(201, &user);
        self.accounts.insert(id, user);
        response
    }

    fn push(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let key = request.headers().get("x-line-retry-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let push = serde_json::from_slice::<Push>(request.body());
        if !push.is_ok_and(|push| !push.to.is_empty() && push.messages.iter().all(|one| !one.text.is_empty())) {
            return error(400, "The request body has 1 error(s)");
        }
        if self.pushed.contains_key(key) {
            return error(409, "The retry key is already accepted");
        }
        let id = self.ids + 1;
        self.ids = id;
        self.pushed.insert(key.to_owned(), id);
        json(200, &BTreeMap::from([("sentMessages", [BTreeMap::from([("id", id)])])]))
    }

    /// What the vendors hold that is live.
    pub(crate) fn records(&self) -> FleetRecords {
        let commerce = self.customers.values().map(|one| Held {
            system: System::Commerce,
            cust_no: cust_no(one.tags.trim_start_matches("owner:")),
            email: one.email.to_lowercase(),
            name: format!("{} {}", one.first_name, one.last_name),
            phone: Some(one.phone.clone()),
        });
        let support = self.users.values().filter(|one| one.active).map(|one| Held {
            system: System::Support,
            cust_no: cust_no(&one.external_id),
            email: one.email.to_lowercase(),
            name: one.name.clone(),
            phone: Some(one.phone.clone()),
        });
        let identity = self.accounts.values().map(|one| Held {
            system: System::Identity,
            cust_no: cust_no(&one.app_metadata.owner),
            email: one.email.to_lowercase(),
            name: format!("{} {}", one.given_name, one.family_name),
            phone: None,
        });
        commerce.chain(support).chain(identity).collect()
    }
}

const SCOPE: &str = "read:users create:users update:users delete:users";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) access_token: String,
    pub(crate) expires_in: u64,
    pub(crate) token_type: String,
    pub(crate) scope: String,
}

#[derive(Debug, Deserialize)]
struct Push {
    to: String,
    messages: Vec<Message>,
}

#[derive(Debug, Deserialize)]
struct Message {
    text: String,
}

/// A response with these bytes.
pub(crate) fn answer(status: u16, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
    response
}

fn json(status: u16, body: &impl Serialize) -> Response<Bytes> {
    answer(status, serde_json::to_vec(body).map(Bytes::from).unwrap_or_default())
}

fn error(status: u16, message: &str) -> Response<Bytes> {
    json(status, &BTreeMap::from([("message", message)]))
}

/// The number that a path ends in.
fn number(path: &str) -> Option<u64> {
    path.rsplit('/').next()?.trim_end_matches(".json").parse().ok()
}

/// The account that a path ends in.
fn account(path: &str) -> Option<String> {
    path.rsplit('/').next().map(|id| id.replace("%7C", "|"))
}

/// Whether the query asks for this value.
fn queried(request: &Request<Bytes>, value: &str) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let asked = query.rsplit(['=', ':']).next().unwrap_or_default().replace("%40", "@").replace("%2F", "/");
    asked.eq_ignore_ascii_case(value)
}

fn cust_no(owner: &str) -> String {
    owner.split('/').next().unwrap_or_default().to_owned()
}
