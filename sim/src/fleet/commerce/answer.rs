//! What the shop answers: customers, orders and errors in its dialect, and the headers of its limits.

use super::super::json::{Digits, Json, key, write_number, write_text};
use super::customer::{Customer, Row};
use super::filter::Refusal;
use super::find::Hit;
use super::order::{FIRST_ORDER_ID, write_order_name};
use super::write::Invalid;
use super::{Commerce, FIRST_ID};
use crate::clock::Nanos;
use crate::wire::{Headers, Response};

/// About how many bytes a customer takes.
const CUSTOMER_BYTES: usize = 576;

impl Commerce {
    /// One customer.
    pub(super) fn answer_customer(&self, status: u16, row: usize) -> Response {
        let mut json = Json::with_capacity(CUSTOMER_BYTES, self.drift);
        json.open();
        json.open_under(key!("customer"));
        write_customer(&mut json, FIRST_ID + row as u64, &self.rows[row], &self.rows[row].customer);
        json.close();
        json.close();
        Response::json(status, json.finish())
    }

    /// Several customers.
    pub(super) fn answer_customers(&self, hits: &[Hit<'_>], links: &str) -> Response {
        let mut json = Json::with_capacity(64 + hits.len() * CUSTOMER_BYTES, self.drift);
        json.open();
        json.open_list_under(key!("customers"));
        for &(row, customer) in hits {
            json.open();
            write_customer(&mut json, FIRST_ID + row as u64, &self.rows[row], customer);
            json.close();
        }
        json.close_list();
        json.close();
        let mut response = Response::json(200, json.finish());
        if !links.is_empty() {
            response.headers.push("link", links);
        }
        response
    }
}

fn write_customer(json: &mut Json, id: u64, row: &Row, customer: &Customer) {
    json.number(key!("id"), id);
    json.text_or_null(key!("email"), customer.email.as_deref());
    json.stamps(row.created, row.updated);
    json.text(key!("first_name"), &customer.first_name);
    json.text(key!("last_name"), &customer.last_name);
    json.number(key!("orders_count"), row.orders.len() as u64);
    json.optional(r#""state":"disabled","total_spent":"0.00","verified_email":true"#);
    match row.orders.last() {
        Some(&order) => {
            json.number(key!("last_order_id"), FIRST_ORDER_ID + u64::from(order));
            json.value(key!("last_order_name"), |out| write_order_name(out, order));
        }
        None => json.constant(r#""last_order_id":null,"last_order_name":null"#),
    }
    json.text_or_null(key!("note"), customer.note.as_deref());
    json.text(key!("tags"), &customer.tags);
    json.text_or_null(key!("phone"), customer.phone.as_deref());
    json.constant(r#""currency":"EUR","addresses":[]"#);
    json.value(key!("admin_graphql_api_id"), |out| {
        out.extend_from_slice(b"\"gid://shopify/Customer/");
        write_number(out, id);
        out.push(b'"');
    });
}

/// 200: how many there are.
pub(super) fn count(count: usize) -> Response {
    let mut json = Json::with_capacity(32, false);
    json.open();
    json.plain_number(key!("count"), count as u64);
    json.close();
    Response::json(200, json.finish())
}

/// 401.
pub(super) fn unauthorized() -> Response {
    Response::json(401, r#"{"errors":"[API] Invalid API key or access token (unrecognized login or wrong password)"}"#)
}

/// 404: no such customer, or no such route.
pub(super) fn not_found() -> Response {
    Response::json(404, r#"{"errors":"Not Found"}"#)
}

/// 400: the body is not what the route takes.
pub(super) fn bad_request() -> Response {
    Response::json(400, r#"{"errors":{"customer":"Required parameter missing or invalid"}}"#)
}

/// 400: the same for an order.
pub(super) fn bad_order() -> Response {
    Response::json(400, r#"{"errors":{"order":"Required parameter missing or invalid"}}"#)
}

/// 422: an order is to be for a customer who does not exist.
pub(super) fn no_such_customer() -> Response {
    Response::json(422, r#"{"errors":{"customer":["is invalid"]}}"#)
}

/// 400: a parameter of a list is not what the list takes.
pub(super) fn refused(refusal: &Refusal) -> Response {
    let mut out = br#"{"errors":{"#.to_vec();
    write_text(&mut out, &refusal.name);
    out.push(b':');
    write_text(&mut out, &refusal.why);
    out.extend_from_slice(b"}}");
    Response::json(400, out)
}

/// 422, with the messages of each field.
pub(super) fn invalid(invalid: &Invalid) -> Response {
    let mut json = Json::with_capacity(128, false);
    json.open();
    json.open_under(key!("errors"));
    for (field, message) in
        [(key!("email"), invalid.email), (key!("phone"), invalid.phone), (key!("base"), invalid.base)]
    {
        if let Some(message) = message {
            json.open_list_under(field);
            json.text_item(message);
            json.close_list();
        }
    }
    json.close();
    json.close();
    Response::json(422, json.finish())
}

/// 429; `Retry-After` is a decimal, never below the usual two seconds.
pub(super) fn throttled(wait: Nanos) -> Response {
    let body = r#"{"errors":"Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service."}"#;
    let mut response = Response::json(429, body);
    let tenths = wait.0.div_ceil(100_000_000).max(20);
    let text = [Digits::of(tenths / 10).as_str(), ".", Digits::of(tenths % 10).as_str()].concat();
    response.headers.push("retry-after", &text);
    response
}

/// `X-Shopify-Shop-Api-Call-Limit: used/size`
pub(super) fn add_call_limit(headers: &mut Headers, used: u32, size: u32) {
    headers.0.push_str("x-shopify-shop-api-call-limit: ");
    headers.0.push_str(Digits::of(used.into()).as_str());
    headers.0.push('/');
    headers.0.push_str(Digits::of(size.into()).as_str());
    headers.0.push_str("\r\n");
}
