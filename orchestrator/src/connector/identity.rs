//! Identity: Auth0's Management API v2. The hub chooses the user's id from the owner tag, so that a read by id finds
//! what it has made, fresh; the tag itself stands in the application's metadata. Deletion is hard and always answered
//! 204. Tokens are fetched and expire. Phone numbers are not kept. A merge is a link, which can be undone (`merging`).

mod merging;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::answer::{self, Class, Complaint, UNREADABLE};
use super::credentials::Secret;
use super::fields::{same_name, same_primary};
use super::http::{self, Manners, Piece};
use super::password::Passwords;
use super::{Ask, Condition, Connector, Credentials, Found, Operation, Profile, Reading};
use crate::json::{self, Leaf, Scanner, Text, Writer};
use crate::message::{Headers, Method, Request, Response};
use crate::time::Nanos;

const MANNERS: Manners = Manners { login: "authorization", scheme: "Bearer ", key: "idempotency-key" };
const USERS: &str = "/api/v2/users";
const USER: &str = "/api/v2/users/";
const BY_EMAIL: &str = "/api/v2/users-by-email?email=";
const TOKEN: &str = "/oauth/token";
/// The provider of database connections, before the pipe in a user's id.
const PROVIDER: &str = "auth0|";
/// How long a token lives where the vendor does not say. A refused token is fetched again, so little hangs on it.
const TOKEN_LIFE: Nanos = Nanos::secs(86_400);

/// Speaks to identity.
#[derive(Debug)]
pub(super) struct Identity {
    /// The body of the token call, secret included.
    grant: Secret<String>,
    passwords: Passwords,
}

impl Identity {
    /// A connector with these credentials.
    pub(super) fn new(credentials: &Credentials) -> Self {
        let mut grant = "grant_type=client_credentials".to_owned();
        for (name, value) in [
            ("&client_id=", &credentials.identity_client_id),
            ("&client_secret=", &credentials.identity_client_secret),
            ("&audience=", &credentials.identity_audience),
        ] {
            grant.push_str(name);
            http::encode(&mut grant, value);
        }
        Self { grant: Secret(grant), passwords: Passwords::new(&credentials.identity_client_secret) }
    }

    fn token(&self, ask: &Ask<'_>) -> Request {
        let mut headers = Headers::default();
        headers.push("content-type", "application/x-www-form-urlencoded");
        http::trace(&mut headers, ask);
        Request { method: Method::Post, target: TOKEN.to_owned(), headers, body: self.grant.0.clone().into_bytes() }
    }

    fn create(&self, ask: &Ask<'_>) -> Vec<u8> {
        json::body(|json| {
            json.raw(r#"{"connection":"Username-Password-Authentication","user_id":"#)
                .text(&bare_id(ask.owner))
                .raw(r#","email":"#)
                .text(&ask.want.email)
                .raw(r#","password":"#)
                .text(&self.passwords.of(ask.owner))
                .raw(r#","verify_email":false,"#)
                .raw(r#""given_name":"#)
                .text(&ask.want.given_name)
                .raw(r#","family_name":"#)
                .text(&ask.want.family_name)
                .raw(r#","name":"#)
                .name(&ask.want.given_name, &ask.want.family_name)
                .raw(r#","app_metadata":{"owner":"#)
                .text(ask.owner)
                .raw("}}")
        })
    }
}

impl Connector for Identity {
    fn render(&self, ask: &Ask<'_>) -> Request {
        let one = |id| http::target(&[Piece::Plain(USER), Piece::Encoded(id)]);
        let (method, target, body) = match ask.operation {
            Operation::Token => return self.token(ask),
            Operation::Create => (Method::Post, USERS.to_owned(), self.create(ask)),
            Operation::Read(id) => (Method::Get, one(id), Vec::new()),
            Operation::FindByOwner => (Method::Get, one(&full_id(ask.owner)), Vec::new()),
            Operation::FindByEmail => {
                let target = http::target(&[Piece::Plain(BY_EMAIL), Piece::Encoded(&ask.want.email)]);
                (Method::Get, target, Vec::new())
            }
            Operation::Update(id) => (Method::Patch, one(id), update(ask.want)),
            Operation::Delete(id) => (Method::Delete, one(id), Vec::new()),
            Operation::ReadMerge(stays, _) => (Method::Get, one(stays), Vec::new()),
            Operation::ReadKept(goes) => (Method::Get, one(goes), Vec::new()),
            Operation::Merge(stays, goes) => (Method::Post, identities(stays, &[]), merging::link(goes)),
            Operation::Unmerge(stays, goes) => {
                let path = [Piece::Plain("/auth0/"), Piece::Encoded(goes.strip_prefix(PROVIDER).unwrap_or(goes))];
                (Method::Delete, identities(stays, &path), Vec::new())
            }
            Operation::Restore(goes, kept) => (Method::Patch, one(goes), merging::restored(ask, kept)),
            Operation::Own(id) => (Method::Patch, one(id), merging::restored(ask, "")),
            _ => return http::unsupported(),
        };
        MANNERS.request(ask, ask.token, method, target, body)
    }

    fn read(&self, operation: &Operation, response: &Response) -> Reading {
        match answer::class(response) {
            Class::Settled(reading) => reading,
            Class::Success(body) => success(operation, response.status, body),
            Class::No(body) => no(operation, response.status, body),
        }
    }

    fn mend(&self, want: &Profile, have: &Found) -> Option<Operation> {
        let same = same_primary(want, have) && same_name(want, have);
        (have.condition == Condition::Live && !same).then(|| Operation::Update(have.id.clone()))
    }

    fn remove(&self, have: &Found) -> Option<Operation> {
        (have.condition == Condition::Live).then(|| Operation::Delete(have.id.clone()))
    }

    /// Deletion is never refused.
    fn blank(&self, _have: &Found) -> Option<Operation> {
        None
    }

    fn chosen_id(&self, owner: &str) -> Option<String> {
        Some(full_id(owner))
    }

    fn finds_fresh(&self) -> bool {
        true
    }

    fn needs_token(&self) -> bool {
        true
    }
}

fn identities(user: &str, rest: &[Piece<'_>]) -> String {
    let pieces = [&[Piece::Plain(USER), Piece::Encoded(user), Piece::Plain("/identities")], rest].concat();
    http::target(&pieces)
}

/// The part of the chosen id after the pipe. A slash would be taken for the path's by too many intermediaries.
fn bare_id(owner: &str) -> String {
    owner.replace('/', ".")
}

fn full_id(owner: &str) -> String {
    [PROVIDER, &bare_id(owner)].concat()
}

fn update(want: &Profile) -> Vec<u8> {
    json::body(|json| fields(json, want).raw("}"))
}

fn fields<'b>(json: Writer<'b>, want: &Profile) -> Writer<'b> {
    json.raw(r#"{"email":"#)
        .text(&want.email)
        .raw(r#","given_name":"#)
        .text(&want.given_name)
        .raw(r#","family_name":"#)
        .text(&want.family_name)
        .raw(r#","name":"#)
        .name(&want.given_name, &want.family_name)
}

fn success(operation: &Operation, status: u16, body: &str) -> Reading {
    if *operation == Operation::FindByEmail
        && let Some(users) = users(body)
    {
        return users.into_iter().map(User::found).collect::<Option<_>>().map_or(UNREADABLE, Reading::Records);
    }
    if let Operation::Merge(_, other) | Operation::Unmerge(_, other) = operation {
        return merging::linked(operation, body, other);
    }
    let Some(said) = User::whole(body) else {
        return answer::bodiless(operation, status, body);
    };
    if let Some(complaint) = said.complaint() {
        return complaint.in_success();
    }
    match operation {
        Operation::ReadMerge(_, goes) => said.found().map_or(UNREADABLE, |found| merging::state(body, found, goes)),
        Operation::ReadKept(goes) => match said.found() {
            Some(found) if found.id == *goes => merging::kept(body),
            _ => UNREADABLE,
        },
        Operation::Create | Operation::Read(_) | Operation::Update(_) | Operation::Restore(..) | Operation::Own(_) => {
            said.found().map_or(UNREADABLE, Reading::Record)
        }
        Operation::FindByOwner => said.found().map_or(UNREADABLE, |found| Reading::Records(vec![found])),
        Operation::Delete(_) => Reading::Accepted,
        Operation::Token => Grant::read(body).and_then(Grant::token).unwrap_or(UNREADABLE),
        _ => UNREADABLE,
    }
}

fn no(operation: &Operation, status: u16, body: &str) -> Reading {
    let said = User::whole(body);
    let complaint = said.as_ref().and_then(User::complaint);
    match (status, operation, &complaint) {
        (404, Operation::FindByOwner, Some(_)) => Reading::Records(Vec::new()),
        (409, _, Some(_)) => Reading::Conflict,
        _ => answer::no(operation, status, complaint.as_ref()),
    }
}

/// A bare list of users.
fn users(body: &str) -> Option<Vec<User<'_>>> {
    let mut users = Vec::new();
    let list = json::whole(body, |json| json.list(|json| User::read(json)?.map(|user| users.push(user))))?;
    list.then_some(users)
}

/// Any answer's body but the token's: users stand without a wrapper, beside which an error's members find room.
#[derive(Default)]
struct User<'a> {
    user_id: Text<'a>,
    email: Text<'a>,
    given_name: Text<'a>,
    family_name: Text<'a>,
    owner: Text<'a>,
    errors: Vec<Leaf<'a>>,
    error_code: Text<'a>,
}

impl<'a> User<'a> {
    fn whole(body: &'a str) -> Option<Self> {
        json::whole(body, Self::read)?
    }

    fn read(json: &mut Scanner<'a>) -> Option<Option<Self>> {
        let mut user = Self::default();
        let there = json.object(|key, json| {
            let field = match key {
                b"user_id" => &mut user.user_id,
                b"email" => &mut user.email,
                b"given_name" => &mut user.given_name,
                b"family_name" => &mut user.family_name,
                b"errorCode" => &mut user.error_code,
                b"app_metadata" => {
                    return json
                        .object(|key, json| match key {
                            b"owner" => json.text().map(|owner| user.owner = owner),
                            _ => json.skip(),
                        })
                        .map(|_| ());
                }
                b"error" | b"errors" => return json.leaves(b"", &mut user.errors),
                _ => return json.skip(),
            };
            *field = json.text()?;
            Some(())
        })?;
        Some(there.then_some(user))
    }

    fn complaint(&self) -> Option<Complaint<'a>> {
        let leaf = self.errors.first()?;
        let word = self.error_code.get().map_or_else(|| leaf.text.clone(), |code| Cow::Owned(code.to_owned()));
        Some(Complaint { word, taken: false })
    }

    /// The user in neutral terms; `None` without an id.
    fn found(self) -> Option<Found> {
        Some(Found {
            id: self.user_id.owned()?,
            owner: self.owner.owned(),
            email: self.email.lower(),
            phone: None,
            given_name: self.given_name.owned().unwrap_or_default(),
            family_name: self.family_name.owned().unwrap_or_default(),
            emails: None,
            condition: Condition::Live,
        })
    }
}

/// The token call's answer.
#[derive(Default)]
struct Grant<'a> {
    access_token: Text<'a>,
    expires_in: Text<'a>,
}

impl<'a> Grant<'a> {
    fn read(body: &'a str) -> Option<Self> {
        let mut grant = Self::default();
        json::whole(body, |json| {
            json.object(|key, json| {
                match key {
                    b"access_token" => grant.access_token = json.text()?,
                    b"expires_in" => grant.expires_in = json.text()?,
                    _ => json.skip()?,
                }
                Some(())
            })
        })?;
        Some(grant)
    }

    /// The token, where it is fit for a header.
    fn token(self) -> Option<Reading> {
        let life = self.expires_in.get().map_or(Some(TOKEN_LIFE), |secs| secs.parse().ok().map(Nanos::secs))?;
        let token = self.access_token.owned().filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()))?;
        Some(Reading::Token(token, life))
    }
}
