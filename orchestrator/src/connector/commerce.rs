//! Commerce: Shopify's Admin API, REST; merges are GraphQL's (`merging`), and so is the giving away of orders (`moving`).
//! Customers have one e-mail; the owner tag is one of the comma-joined tags; a customer with orders cannot be deleted.
//! Finding is by search, which lags.

mod merging;
mod moving;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::answer::{self, Class, Complaint, UNREADABLE};
use super::credentials::Secret;
use super::fields::{ids, same_name, same_primary};
use super::http::{self, Manners, Piece};
use super::{Ask, Condition, Connector, Credentials, Found, Operation, Profile, Reading};
use crate::json::{self, Leaf, Scanner, Text, Writer};
use crate::message::{Method, Request, Response};

const MANNERS: Manners = Manners { login: "x-shopify-access-token", scheme: "", key: "idempotency-key" };
const CUSTOMERS: &str = "/admin/api/2026-01/customers.json";
const CUSTOMER: &str = "/admin/api/2026-01/customers/";
const GRAPHQL: &str = "/admin/api/2026-01/graphql.json";
/// Every order of a customer, open or not, as many as a page may have.
const ORDERS: &str = "/orders.json?status=any&limit=250";
const ORDERS_LISTED: usize = 250;
const SEARCH: &str = "/admin/api/2026-01/customers/search.json?query=";
const OWNER_TAG: &str = "owner:";
const CLOSED_TAG: &str = "closed";

/// Speaks to commerce.
#[derive(Debug)]
pub(super) struct Commerce {
    token: Secret<String>,
}

impl Commerce {
    /// A connector with these credentials.
    pub(super) fn new(credentials: &Credentials) -> Self {
        Self { token: Secret(credentials.commerce_token.clone()) }
    }
}

impl Connector for Commerce {
    fn render(&self, ask: &Ask<'_>) -> Request {
        let one = |id| http::target(&[Piece::Plain(CUSTOMER), Piece::Encoded(id), Piece::Plain(".json")]);
        let search = |field, value| http::target(&[Piece::Plain(SEARCH), Piece::Plain(field), Piece::Encoded(value)]);
        let (method, target, body) = match ask.operation {
            Operation::Create => (Method::Post, CUSTOMERS.to_owned(), create(ask)),
            Operation::Read(id) => (Method::Get, one(id), Vec::new()),
            Operation::FindByOwner => (Method::Get, search("tag:owner%3A", ask.owner), Vec::new()),
            Operation::FindByEmail => (Method::Get, search("email:", &ask.want.email), Vec::new()),
            Operation::Update(id) => (Method::Put, one(id), update(ask.want, id)),
            Operation::Delete(id) => (Method::Delete, one(id), Vec::new()),
            Operation::Blank(id) => (Method::Put, one(id), blank(ask.owner, id)),
            Operation::Own(id) => (Method::Put, one(id), own(ask, id)),
            Operation::ReadMerge(stays, goes) => (Method::Post, GRAPHQL.to_owned(), merging::question(stays, goes)),
            Operation::Merge(stays, goes) => (Method::Post, GRAPHQL.to_owned(), merging::order(stays, goes)),
            Operation::ListChildren(id) => {
                let target = http::target(&[Piece::Plain(CUSTOMER), Piece::Encoded(id), Piece::Plain(ORDERS)]);
                (Method::Get, target, Vec::new())
            }
            Operation::MoveChild(order, to) => (Method::Post, GRAPHQL.to_owned(), moving::giving(order, to)),
            _ => return http::unsupported(),
        };
        MANNERS.request(ask, &self.token.0, method, target, body)
    }

    fn read(&self, operation: &Operation, response: &Response) -> Reading {
        match answer::class(response) {
            Class::Settled(reading) => reading,
            Class::Success(body) => match operation {
                Operation::ReadMerge(stays, goes) => merging::state(body, stays, goes),
                Operation::Merge(..) => merging::ordered(body),
                Operation::MoveChild(_, to) => moving::given(body, to),
                _ => success(operation, response.status, body),
            },
            Class::No(body) => {
                let said = Answer::read(body);
                answer::no(operation, response.status, said.as_ref().and_then(Answer::complaint).as_ref())
            }
        }
    }

    fn mend(&self, want: &Profile, have: &Found) -> Option<Operation> {
        let same = same_primary(want, have) && have.phone == want.phone && same_name(want, have);
        (have.condition == Condition::Live && !same).then(|| Operation::Update(have.id.clone()))
    }

    fn remove(&self, have: &Found) -> Option<Operation> {
        (have.condition == Condition::Live).then(|| Operation::Delete(have.id.clone()))
    }

    fn blank(&self, have: &Found) -> Option<Operation> {
        (have.condition == Condition::Live).then(|| Operation::Blank(have.id.clone()))
    }

    fn moves_children(&self) -> bool {
        true
    }

    fn children_listed(&self) -> usize {
        ORDERS_LISTED
    }
}

fn create(ask: &Ask<'_>) -> Vec<u8> {
    json::body(|json| tagged(json.raw(r#"{"customer":{"#), ask))
}

/// Only what the hub owns; the tags stay as they are.
fn update(want: &Profile, id: &str) -> Vec<u8> {
    json::body(|json| fields(json.raw(r#"{"customer":{"id":"#).id(id).raw(","), want).raw("}}"))
}

/// The fields, and whose the record is: all other tags go.
fn own(ask: &Ask<'_>, id: &str) -> Vec<u8> {
    json::body(|json| tagged(json.raw(r#"{"customer":{"id":"#).id(id).raw(","), ask))
}

/// The fields and the owner's tag, and the end of the body.
fn tagged<'b>(json: Writer<'b>, ask: &Ask<'_>) -> Writer<'b> {
    fields(json, ask.want).raw(r#","tags":"#).joined(&[OWNER_TAG, ask.owner]).raw("}}")
}

fn fields<'b>(json: Writer<'b>, want: &Profile) -> Writer<'b> {
    json.raw(r#""email":"#)
        .text(&want.email)
        .raw(r#","first_name":"#)
        .text(&want.given_name)
        .raw(r#","last_name":"#)
        .text(&want.family_name)
        .raw(r#","phone":"#)
        .maybe(want.phone.as_deref())
}

fn blank(owner: &str, id: &str) -> Vec<u8> {
    json::body(|json| {
        json.raw(r#"{"customer":{"id":"#)
            .id(id)
            .raw(r#","email":null,"first_name":"","last_name":"","phone":null,"tags":"#)
            .joined(&[CLOSED_TAG, ", ", OWNER_TAG, owner])
            .raw("}}")
    })
}

fn success(operation: &Operation, status: u16, body: &str) -> Reading {
    let Some(said) = Answer::read(body) else {
        return answer::bodiless(operation, status, body);
    };
    if let Some(complaint) = said.complaint() {
        return complaint.in_success();
    }
    match operation {
        Operation::Create | Operation::Read(_) | Operation::Update(_) | Operation::Blank(_) | Operation::Own(_) => {
            said.customer.and_then(Customer::found).map_or(UNREADABLE, Reading::Record)
        }
        Operation::FindByOwner | Operation::FindByEmail => {
            let all = said.customers.and_then(|all| all.into_iter().map(Customer::found).collect());
            all.map_or(UNREADABLE, Reading::Records)
        }
        Operation::ListChildren(_) => said.orders.map_or(UNREADABLE, Reading::Children),
        Operation::Delete(_) => Reading::Accepted,
        _ => UNREADABLE,
    }
}

/// Whose a record is. One that bears two tags, as a merge may leave it, is nobody's until it is told apart.
fn owner<'t>(tags: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut owners = tags.filter_map(|tag| tag.strip_prefix(OWNER_TAG));
    let owner = owners.next()?;
    owners.next().is_none().then(|| owner.to_owned())
}

/// Any answer's body.
#[derive(Default)]
struct Answer<'a> {
    customer: Option<Customer<'a>>,
    customers: Option<Vec<Customer<'a>>>,
    orders: Option<Vec<String>>,
    errors: Vec<Leaf<'a>>,
}

impl<'a> Answer<'a> {
    fn read(body: &'a str) -> Option<Self> {
        let mut answer = Self::default();
        let object = json::whole(body, |json| {
            json.object(|key, json| {
                match key {
                    b"customer" => answer.customer = Customer::read(json)?,
                    b"customers" => {
                        let mut all = Vec::new();
                        let there = json.list(|json| Customer::read(json)?.map(|customer| all.push(customer)))?;
                        answer.customers = there.then_some(all);
                    }
                    b"orders" => answer.orders = ids(json)?,
                    b"errors" | b"error" => json.leaves(b"", &mut answer.errors)?,
                    _ => json.skip()?,
                }
                Some(())
            })
        })?;
        object.then_some(answer)
    }

    fn complaint(&self) -> Option<Complaint<'a>> {
        let leaf = self.errors.first()?;
        let word = match leaf.key {
            b"" => leaf.text.clone(),
            key => Cow::Owned([&String::from_utf8_lossy(key), " ", &leaf.text].concat()),
        };
        let taken = self
            .errors
            .iter()
            .any(|leaf| matches!(leaf.key, b"email" | b"phone") && leaf.text.contains("already been taken"));
        Some(Complaint { word, taken })
    }
}

#[derive(Default)]
struct Customer<'a> {
    id: Text<'a>,
    email: Text<'a>,
    phone: Text<'a>,
    first_name: Text<'a>,
    last_name: Text<'a>,
    tags: Text<'a>,
}

impl<'a> Customer<'a> {
    fn read(json: &mut Scanner<'a>) -> Option<Option<Self>> {
        let mut customer = Self::default();
        let there = json.object(|key, json| {
            let field = match key {
                b"id" => &mut customer.id,
                b"email" => &mut customer.email,
                b"phone" => &mut customer.phone,
                b"first_name" => &mut customer.first_name,
                b"last_name" => &mut customer.last_name,
                b"tags" => &mut customer.tags,
                _ => return json.skip(),
            };
            *field = json.text()?;
            Some(())
        })?;
        Some(there.then_some(customer))
    }

    /// The customer in neutral terms; `None` without an id. It is closed when marked and blank in every field.
    fn found(self) -> Option<Found> {
        let tags = || self.tags.get().unwrap_or_default().split(',').map(str::trim);
        let blank =
            [&self.email, &self.phone, &self.first_name, &self.last_name].iter().all(|field| field.get().is_none());
        let condition = if blank && tags().any(|tag| tag == CLOSED_TAG) { Condition::Closed } else { Condition::Live };
        let owner = owner(tags());
        Some(Found {
            id: self.id.owned()?,
            owner,
            email: self.email.lower(),
            phone: self.phone.owned(),
            given_name: self.first_name.owned().unwrap_or_default(),
            family_name: self.last_name.owned().unwrap_or_default(),
            emails: None,
            condition,
        })
    }
}
