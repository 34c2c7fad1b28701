//! What the shop's GraphQL API promises and refuses: documents, costs, customers and orders, merges.

mod arguments;
mod conservation;
mod documents;
mod finding;
mod merges;
mod records;
mod upserts;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::super::all::Settings;
use super::super::super::auth::Credentials;
use super::super::super::testing::{Caller, is_well_formed, wild};
use super::super::super::{Control, JobCourse, Model, SeedRecord};
use super::super::Commerce;
use super::*;
use crate::clock::Nanos;
use crate::wire::Method;

const PATH: &str = "/admin/api/2026-07/graphql.json";

fn shop() -> Caller<Commerce> {
    shop_with(&Settings::default())
}

fn shop_with(settings: &Settings) -> Caller<Commerce> {
    Caller::new(Commerce::new(settings), "x-shopify-access-token", Credentials::SIMULATION.commerce_token)
}

fn body(query: &str, variables: &Value) -> String {
    json!({"query": query, "variables": variables}).to_string()
}

/// The whole answer to a document with variables.
fn whole(shop: &mut Caller<Commerce>, query: &str, variables: &Value) -> Value {
    let (status, answer) = shop.post(PATH, &body(query, variables));
    assert_eq!(status, 200, "{answer}");
    answer
}

/// The `data` of an answer without errors.
fn data(shop: &mut Caller<Commerce>, query: &str, variables: &Value) -> Value {
    let mut answer = whole(shop, query, variables);
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].take()
}

/// The message of the first error of a request that was not carried out.
fn wrong(shop: &mut Caller<Commerce>, query: &str, variables: &Value) -> String {
    let answer = whole(shop, query, variables);
    assert_eq!(answer.get("data"), None, "{answer}");
    answer["errors"][0]["message"].as_str().unwrap().to_owned()
}

/// Adds a customer with so many orders: its GraphQL id.
fn add(shop: &mut Caller<Commerce>, cust_no: &str, email: Option<&str>, orders: u32) -> String {
    let seed = Control::Seed(SeedRecord {
        tag: Some([cust_no, "/s0"].concat()),
        email: email.map(str::to_owned),
        given_name: cust_no.to_owned(),
        children: orders,
        ..SeedRecord::default()
    });
    let id = shop.model.control(Instant::ZERO, &seed).unwrap();
    format!("gid://shopify/Customer/{id}")
}

const WORDS: &[&str] =
    &[PATH, "?", "/admin/api/2026-07/", "orders", "/", "5000000000001", ".json", "customers/7000000001"];
const BODIES: &[&str] = &[
    r#"{"query":"mutation($a: ID!) { customerMerge(customerOneId: $a, customerTwoId: \"gid://shopify/Customer/7000000002\", overrideFields: {note: \"x\"}) { job { id done } resultingCustomerId userErrors { field code } } }","variables":{"a":"gid://shopify/Customer/7000000001"}}"#,
    r#"{"query":"{ a: customers(first: 2, query: \"email:a\") { edges { cursor node { ...F orders(last: 1) { nodes { name customer { id } } } } } pageInfo { endCursor } } } fragment F on Customer { id @skip(if: false) tags }"}"#,
    r#"{"query":"query Q { job(id: \"gid://shopify/Job/6f0a1c3e-0000-4000-8000-000000000000\") { done } } query R { shop { name } }","operationName":"R"}"#,
    r#"{"query":"mutation { customerCreate(input: {firstName: \"A\", tags: [\"b\"]}) { customer { displayName } userErrors { message } } }"}"#,
    r#"{"order":{"customer":{"id":7000000001}}}"#,
];

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_answer(requests in prop::collection::vec(wild(WORDS, BODIES), 1..8)) {
        let mut shop = shop();
        add(&mut shop, "C001", Some("a@x.org"), 2);
        add(&mut shop, "C002", Some("b@x.org"), 1);
        for mut request in requests {
            request.method = Method::Post;
            request.headers.push("x-shopify-access-token", Credentials::SIMULATION.commerce_token);
            let (route, _) = shop.model.route(&request);
            prop_assert!(usize::from(route.0) < Commerce::routes().len());
            let response = shop.model.handle(shop.now, &request);
            prop_assert!(is_well_formed(&response), "{response:?}");
            shop.wait(Nanos::secs(1));
        }
    }

    #[test]
    fn any_document_gets_a_well_formed_answer(
        text in any::<String>(),
        nearly in r#"(query|mutation)? ?\{[ a-z(){}:$!"@.\[\]0-9\\]{0,60}\}"#,
        depth in 0..6000_usize,
    ) {
        let mut shop = shop();
        let nested = ["{a".repeat(depth), "}".repeat(depth)].concat();
        let lists = ["{customers(first:", &"[".repeat(depth), ") {nodes{id}}}"].concat();
        for query in [text, nearly, nested, lists] {
            let response = shop.send(Method::Post, PATH, &body(&query, &json!({})));
            prop_assert!(is_well_formed(&response), "{response:?}");
        }
    }
}
