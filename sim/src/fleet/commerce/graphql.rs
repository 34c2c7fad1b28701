//! The shop's GraphQL API: from a body to an answer with `data` or `errors`, and what both cost. What the fields say
//! stands beside this.
//!
//! Its answers name what was asked for and nothing else, so they never drift.

mod ask;
mod document;
mod finding;
mod fit;
mod input;
mod judge;
mod merging;
mod mutate;
mod node;
mod page;
mod schema;
mod tell;
#[cfg(test)]
mod tests;
mod upsert;
mod wrong;

use graphql_parser::query::Selection;
use serde_json::Value;

pub(super) use self::document::Documents;

use self::document::{Asked, Operation};
use self::node::{Given, bare};
use self::wrong::Wrong;
use super::super::json::{Json, key};
use super::super::limiter::Bucket;
use super::super::terms::{self, Language};
use super::{Commerce, call};
use crate::chaos::point::{Route, Subject};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// No single operation may cost more.
const MOST: u64 = 1_000;

/// What an operation does, as far as its first field tells: the routes of REST where they do the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Nothing that has a name of its own.
    Other,
    /// `customerCreate`, `customerSet`
    Create,
    /// `customer`
    Read,
    /// `customerUpdate`, `tagsAdd`, `tagsRemove`
    Update,
    /// `customerDelete`
    Delete,
    /// `customers`, `customerByIdentifier`
    Search,
    /// `orders`
    Orders,
    /// `order`
    ReadOrder,
    /// `orderCustomerSet`, `orderCustomerRemove`
    UpdateOrder,
    /// `customerMerge`
    Merge,
    /// `customerMergePreview`
    Preview,
    /// `customerMergeJobStatus`, `job`
    Job,
}

impl Does {
    fn of(field: &str) -> Self {
        match field {
            "customerCreate" | "customerSet" => Self::Create,
            "customer" => Self::Read,
            "customerUpdate" | "tagsAdd" | "tagsRemove" => Self::Update,
            "customerDelete" => Self::Delete,
            "customers" | "customerByIdentifier" => Self::Search,
            "orders" => Self::Orders,
            "order" => Self::ReadOrder,
            "orderCustomerSet" | "orderCustomerRemove" => Self::UpdateOrder,
            "customerMerge" => Self::Merge,
            "customerMergePreview" => Self::Preview,
            "customerMergeJobStatus" | "job" => Self::Job,
            _ => Self::Other,
        }
    }
}

/// Tells `then` what a request does, and what its first field is given.
fn first<T>(documents: &Documents, request: &Request, then: impl FnOnce(Does, &Given<'_>) -> T) -> Option<T> {
    let asked = Asked::of(&request.body)?;
    let document = documents.get(&asked.query).ok()?;
    let operation = Operation::of(asked, &document).ok()?;
    let first = operation.asks.items.iter().find_map(|selection| match selection {
        Selection::Field(field) => Some(field),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    })?;
    Some(then(Does::of(&first.name), &operation.given(first)))
}

impl Commerce {
    /// `POST graphql`
    pub(super) fn graphql(&mut self, now: Instant, request: &Request) -> Response {
        let Some(asked) = Asked::of(&request.body) else {
            return Response::json(400, r#"{"errors":{"query":"Required parameter missing or invalid"}}"#);
        };
        let document = match self.documents.keep(&asked.query) {
            Ok(document) => document,
            Err(wrong) => return answer_wrong(&wrong),
        };
        let judged = Operation::of(asked, &document).and_then(|operation| {
            let cost = judge::judge(&operation)?;
            if cost > MOST { Err(Wrong::too_dear(cost, MOST)) } else { Ok((operation, cost as u32)) }
        });
        let (operation, wanted) = match judged {
            Ok(judged) => judged,
            Err(wrong) => return answer_wrong(&wrong),
        };
        if self.points.take_many(now, wanted).is_err() {
            return self.answer_throttled(now, wanted);
        }
        let tell::Answer { data, spent, warnings } = tell::tell(self, now, &operation);
        let spent = u32::try_from(spent).map_or(wanted, |spent| spent.clamp(1, wanted));
        self.points.give_back(now, wanted - spent);
        let mut json = Json::with_capacity(data.len() + 240, false);
        json.open();
        json.value(key!("data"), |out| out.extend_from_slice(&data));
        write_extensions(&mut json, now, &self.points, wanted, Some(spent), &warnings);
        json.close();
        Response::json(200, json.finish())
    }

    fn answer_throttled(&self, now: Instant, wanted: u32) -> Response {
        let mut json = Json::with_capacity(400, false);
        json.open();
        json.open_list_under(key!("errors"));
        json.open();
        json.constant(r#""message":"Throttled","extensions":{"code":"THROTTLED","documentation":"https://shopify.dev/api/usage/rate-limits"}"#);
        json.close();
        json.close_list();
        write_extensions(&mut json, now, &self.points, wanted, None, &[]);
        json.close();
        Response::json(self.throttled_status, json.finish())
    }

    /// The route that a request takes, and whom it is about; nothing where it is no operation.
    pub(super) fn route_of_graphql(&self, request: &Request) -> Option<(Route, Subject)> {
        first(&self.documents, request, |does, given| (call::route_of(does), self.subject_of_graphql(does, given)))
    }

    /// Whom an operation is about: the loser of a merge, else a customer, an order, or what is searched for.
    fn subject_of_graphql(&self, does: Does, given: &Given<'_>) -> Subject {
        let text = |name: &str| given.get(name).and_then(ask::id_text).unwrap_or_default();
        let within =
            |name: &str, field: &str| given.get(name).and_then(|input| input.get(field)).and_then(ask::id_text);
        let customer = |id: &str| self.subject_of(bare("Customer", id).unwrap_or_default());
        match does {
            Does::Other => Subject::NONE,
            Does::Create => within("input", "email")
                .or_else(|| within("identifier", "email"))
                .map_or(Subject::NONE, |email| Subject::of(email.as_bytes())),
            Does::Read => customer(&text("id")),
            Does::Update | Does::Delete => customer(&within("input", "id").unwrap_or_else(|| text("id"))),
            Does::Search => {
                let identifier =
                    ["id", "emailAddress", "phoneNumber"].into_iter().find_map(|by| within("identifier", by));
                if let Some(identifier) = identifier {
                    return Subject::of(identifier.as_bytes());
                }
                terms::subject(Language::Shopify, &text("query"))
            }
            Does::Orders => Subject::of(text("query").as_bytes()),
            Does::ReadOrder => Subject::of(bare("Order", &text("id")).unwrap_or_default().as_bytes()),
            Does::UpdateOrder => Subject::of(bare("Order", &text("orderId")).unwrap_or_default().as_bytes()),
            Does::Merge | Does::Preview => match merging::asked(self, given) {
                Ok(merge) => self.rows[merge.loser].subject,
                Err(_) => customer(&text("customerOneId")),
            },
            Does::Job => {
                let id = if given.get("jobId").is_some() { text("jobId") } else { text("id") };
                let job = merging::job_number(&id).and_then(|number| self.jobs.get(number));
                job.map_or(Subject::NONE, |job| self.rows[job.what.loser].subject)
            }
        }
    }
}

fn answer_wrong(wrong: &Wrong) -> Response {
    let mut json = Json::with_capacity(256, false);
    json.open();
    json.open_list_under(key!("errors"));
    wrong.write(&mut json);
    json.close_list();
    json.close();
    Response::json(200, json.finish())
}

/// What it cost, what is left of the points, and what is odd about its queries.
fn write_extensions(
    json: &mut Json,
    now: Instant,
    points: &Bucket,
    wanted: u32,
    spent: Option<u32>,
    warnings: &[Value],
) {
    json.open_under(key!("extensions"));
    json.open_under(key!("cost"));
    json.plain_number(key!("requestedQueryCost"), u64::from(wanted));
    match spent {
        Some(spent) => json.plain_number(key!("actualQueryCost"), u64::from(spent)),
        None => json.null(key!("actualQueryCost")),
    }
    json.open_under(key!("throttleStatus"));
    json.plain_number(key!("maximumAvailable"), u64::from(points.size()));
    json.plain_number(key!("currentlyAvailable"), u64::from(points.size() - points.used(now)));
    json.plain_number(key!("restoreRate"), u64::from(super::POINTS.1));
    json.close();
    json.close();
    if !warnings.is_empty() {
        json.value(key!("search"), |out| out.extend_from_slice(Value::from(warnings).to_string().as_bytes()));
    }
    json.close();
}
