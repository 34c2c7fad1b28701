//! What the shop promises, call by call, and what it refuses.

mod bodies;
mod buyers;
mod lists;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::testing::{Caller, is_well_formed, wild};
use super::super::{Condition, OwnerTag, SeedRecord};
use super::*;
use crate::clock::Nanos;
use crate::wire::Method;

const BASE: &str = "/admin/api/2026-07";
const ANN: &str = r#"{"customer":{"email":"Ann@x.org","first_name":"Ann","last_name":"Lee","phone":"+49 30 12345","tags":"owner:C001/s1,vip"}}"#;

fn shop() -> Caller<Commerce> {
    shop_with(&Settings::default())
}

fn shop_with(settings: &Settings) -> Caller<Commerce> {
    Caller::new(Commerce::new(settings), "x-shopify-access-token", Credentials::SIMULATION.commerce_token)
}

fn path(rest: &str) -> String {
    format!("{BASE}/{rest}")
}

fn create(shop: &mut Caller<Commerce>, body: &str) -> u64 {
    let (status, body) = shop.post(&path("customers.json"), body);
    assert_eq!(status, 201, "{body}");
    body["customer"]["id"].as_u64().unwrap()
}

fn named(number: u32) -> String {
    json!({"customer": {"email": format!("c{number}@x.org")}}).to_string()
}

fn ids(body: &Value) -> Vec<u64> {
    body["customers"].as_array().unwrap().iter().map(|customer| customer["id"].as_u64().unwrap()).collect()
}

fn search(shop: &mut Caller<Commerce>, query: &str) -> Vec<u64> {
    let (status, body) = shop.get(&path(&format!("customers/search.json?query={query}")));
    assert_eq!(status, 200);
    ids(&body)
}

fn seed(email: &str, tag: &str, children: u32) -> Control {
    Control::Seed(SeedRecord {
        tag: Some(tag.to_owned()),
        email: Some(email.to_owned()),
        children,
        given_name: "Bob".to_owned(),
        ..SeedRecord::default()
    })
}

#[test]
fn a_created_customer_reads_back_as_stored() {
    let mut shop = shop();
    let id = create(&mut shop, ANN);
    assert_eq!(id, FIRST_ID);
    let (status, body) = shop.get(&path(&format!("customers/{id}.json")));
    assert_eq!(status, 200);
    let customer = &body["customer"];
    assert_eq!(customer["email"], "ann@x.org");
    assert_eq!(customer["phone"], "+493012345");
    assert_eq!(customer["tags"], "owner:C001/s1, vip");
    assert_eq!((&customer["orders_count"], &customer["state"]), (&json!(0), &json!("disabled")));
    assert_eq!(customer["created_at"], "2026-01-01T01:00:00Z");
    assert_eq!(customer["admin_graphql_api_id"], "gid://shopify/Customer/7000000001");
    assert_eq!(shop.get(&format!("/admin/api/unstable/customers/{id}")).0, 200);
}

#[test]
fn without_the_token_nothing_is_looked_at() {
    let mut shop = shop();
    shop.headers = crate::wire::Headers::new();
    let (status, body) = shop.post(&path("customers.json"), "not json");
    assert_eq!(status, 401);
    assert!(body["errors"].is_string());
    assert!(shop.model.records().is_empty());
}

#[test]
fn a_create_is_refused_where_a_key_is_taken_or_nothing_identifies() {
    let mut shop = shop();
    create(&mut shop, ANN);
    let taken = json!(["has already been taken"]);
    let again = shop.post(&path("customers.json"), r#"{"customer":{"email":"ANN@X.ORG","phone":"+493012345"}}"#);
    assert_eq!(again, (422, json!({"errors": {"email": taken, "phone": taken}})));
    let nobody = shop.post(&path("customers.json"), r#"{"customer":{"tags":"vip"}}"#);
    assert_eq!(
        nobody,
        (422, json!({"errors": {"base": ["Customer must have a name, phone number or email address"]}}))
    );
    let wrong = shop.post(&path("customers.json"), r#"{"customer":{"email":"a b@x","phone":"call me"}}"#);
    assert_eq!(wrong, (422, json!({"errors": {"email": ["is invalid"], "phone": ["is invalid"]}})));
    for body in ["", "{}", "[]", r#"{"customer":3}"#, r#"{"customer":{"email":{}}}"#] {
        assert_eq!(shop.post(&path("customers.json"), body).0, 400, "{body}");
    }
    assert_eq!(shop.model.records().len(), 1);
}

#[test]
fn an_update_changes_what_it_mentions_and_frees_what_it_replaces() {
    let mut shop = shop();
    let ann = create(&mut shop, ANN);
    let target = path(&format!("customers/{ann}.json"));
    let body = r#"{"customer":{"id":1,"email":"lee@x.org","phone":null,"created_at":"x","orders_count":9}}"#;
    let (status, body) = shop.put(&target, body);
    assert_eq!(status, 200);
    assert_eq!((&body["customer"]["email"], &body["customer"]["phone"]), (&json!("lee@x.org"), &Value::Null));
    assert_eq!((&body["customer"]["first_name"], &body["customer"]["orders_count"]), (&json!("Ann"), &json!(0)));
    let bob = create(&mut shop, r#"{"customer":{"email":"ann@x.org","phone":"+493012345"}}"#);
    assert_ne!(bob, ann);
    assert_eq!(shop.put(&target, r#"{"customer":{"email":"ann@x.org"}}"#).0, 422);
    assert_eq!(shop.put(&target, r#"{"customer":{"email":"lee@x.org"}}"#).0, 200);
    assert_eq!(shop.put(&path("customers/1.json"), "{}").0, 404);
    assert_eq!(shop.put(&target, "{").0, 400);
}

#[test]
fn a_deleted_customer_is_gone_and_its_id_is_never_used_again() {
    let mut shop = shop();
    let ann = create(&mut shop, ANN);
    let target = path(&format!("customers/{ann}.json"));
    assert_eq!(shop.delete(&target), (200, json!({})));
    assert_eq!(shop.delete(&target), (404, json!({"errors": "Not Found"})));
    assert_eq!(shop.get(&target).0, 404);
    assert!(shop.model.records().is_empty());
    assert_eq!(create(&mut shop, ANN), ann + 1);
}

#[test]
fn a_customer_with_orders_cannot_be_deleted_but_closed() {
    let mut shop = shop();
    let id = shop.model.control(shop.now, &seed("bob@x.org", "C007/s9", 1)).unwrap();
    assert!(shop.model.control(shop.now, &Control::AddChild("C007".to_owned())).is_some());
    assert_eq!(shop.model.control(shop.now, &Control::AddChild("C00".to_owned())), None);
    let target = path(&format!("customers/{id}.json"));
    assert_eq!(shop.delete(&target).0, 422);
    let (_, body) = shop.get(&target);
    assert_eq!((&body["customer"]["orders_count"], &body["customer"]["last_order_name"]), (&json!(2), &json!("#1002")));
    let blank =
        r#"{"customer":{"email":null,"phone":null,"first_name":"","last_name":null,"tags":"owner:C007/s9, closed"}}"#;
    assert_eq!(shop.put(&target, blank).0, 200);
    let record = &shop.model.records()[0];
    assert_eq!(record.condition, Condition::Closed);
    assert_eq!(record.tag, Some(OwnerTag { cust_no: "C007".to_owned(), saga: "s9".to_owned() }));
    assert_eq!(shop.model.control(shop.now, &Control::AddChild("C007".to_owned())), None);
}

#[test]
fn both_forms_give_the_orders_of_a_customer() {
    let mut shop = shop();
    let id = shop.model.control(shop.now, &seed("bob@x.org", "C007", 2)).unwrap();
    shop.model.control(shop.now, &seed("eve@x.org", "C008", 1)).unwrap();
    let mut count = |rest: String| shop.get(&path(&rest)).1["orders"].as_array().map(Vec::len);
    assert_eq!(count(format!("customers/{id}/orders.json?status=any")), Some(2));
    assert_eq!(count(format!("orders.json?customer_id={id}&status=any")), Some(2));
    assert_eq!(count(format!("orders.json?customer_id={id}")), Some(2));
    assert_eq!(count(format!("orders.json?customer_id={id}&status=closed")), Some(0));
    assert_eq!(count("orders.json".to_owned()), Some(3));
    assert_eq!(count("orders.json?customer_id=5".to_owned()), Some(0));
    assert_eq!(count("customers/5/orders.json".to_owned()), None);
}

#[test]
fn a_search_shows_a_write_only_after_the_lag() {
    let mut shop = shop();
    let ann = create(&mut shop, ANN);
    let queries = ["email:ann@x.org", "phone:%2B493012345", "tag:owner:C001/s1", "tag:VIP+ann", "Lee", "email:ann*"];
    for query in queries {
        assert_eq!(search(&mut shop, query), [0; 0], "{query}");
    }
    shop.wait(Nanos::secs(2));
    for query in queries {
        assert_eq!(search(&mut shop, query), [ann], "{query}");
    }
    shop.put(&path(&format!("customers/{ann}.json")), r#"{"customer":{"email":"new@x.org"}}"#);
    assert_eq!((search(&mut shop, "email:ann@x.org"), search(&mut shop, "email:new@x.org")), (vec![ann], vec![]));
    shop.wait(Nanos::secs(2));
    assert_eq!((search(&mut shop, "email:ann@x.org"), search(&mut shop, "email:new@x.org")), (vec![], vec![ann]));
    shop.delete(&path(&format!("customers/{ann}.json")));
    assert_eq!(search(&mut shop, "email:new@x.org"), [ann]);
    shop.wait(Nanos::secs(2));
    assert_eq!(search(&mut shop, ""), [0; 0]);
}

#[test]
fn a_changed_lag_holds_for_later_writes_and_seeds_of_the_beginning_show_at_once() {
    let mut shop = shop();
    shop.model.control(Instant::ZERO, &seed("old@x.org", "C1", 0));
    assert_eq!(search(&mut shop, "email:old@x.org").len(), 1);
    shop.model.control(shop.now, &Control::IndexLag(Nanos::secs(60).0));
    create(&mut shop, ANN);
    shop.wait(Nanos::secs(59));
    assert_eq!(search(&mut shop, "ann"), [0; 0]);
    shop.wait(Nanos::secs(1));
    assert_eq!(search(&mut shop, "ann").len(), 1);
}

#[test]
fn pages_are_walked_by_their_links_forth_and_back() {
    let mut shop = shop();
    let all: Vec<_> = (0..5).map(|number| create(&mut shop, &named(number))).collect();
    shop.wait(Nanos::secs(2));
    for start in ["customers.json?limit=2", "customers/search.json?limit=2&query=x.org"] {
        let (mut target, mut seen) = (path(start), Vec::new());
        let before = loop {
            let response = shop.send(Method::Get, &target, "");
            seen.push(ids(&serde_json::from_slice(&response.body).unwrap()));
            let links = response.headers.get("link").unwrap_or_default().to_owned();
            let link = |relation: &str| {
                let link = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{relation}\"")))?;
                Some(link.split(['<', '>']).nth(1)?.strip_prefix("https://shop.example")?.to_owned())
            };
            match link("next") {
                Some(next) => target = next,
                None => break link("previous"),
            }
        };
        assert_eq!(seen, [&all[0..2], &all[2..4], &all[4..5]]);
        assert_eq!(ids(&shop.get(&before.unwrap()).1), all[2..4]);
    }
    assert_eq!(ids(&shop.get(&path(&format!("customers.json?since_id={}", all[2]))).1), all[3..]);
    assert_eq!(ids(&shop.get(&path(&format!("customers.json?ids={}%2C{},9", all[3], all[1]))).1), [all[1], all[3]]);
    assert_eq!(shop.get(&path("customers.json?page_info=x")).0, 400);
}

#[test]
fn the_bucket_is_told_of_in_every_answer_and_refuses_when_it_is_full() {
    let mut shop = shop();
    let response = shop.send(Method::Get, &path("customers.json"), "");
    assert_eq!(response.headers.get("x-shopify-shop-api-call-limit"), Some("1/800"));
    assert_eq!(response.headers.get("retry-after"), None);
    for _ in 1..800 {
        assert_eq!(shop.get(&path("customers.json")).0, 200);
    }
    let response = shop.send(Method::Post, &path("customers.json"), ANN);
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("2.0")));
    assert_eq!(response.headers.get("x-shopify-shop-api-call-limit"), Some("800/800"));
    assert!(shop.model.records().is_empty());
    shop.wait(Nanos::secs(2));
    assert_eq!(shop.post(&path("customers.json"), ANN).0, 201);
}

#[test]
fn a_spent_quota_refuses_until_its_end_even_without_limits() {
    let mut shop = shop_with(&Settings { limits: false, ..Settings::default() });
    shop.model.control(shop.now, &Control::ExhaustQuota(shop.now + Nanos::millis(12_340)));
    let response = shop.send(Method::Get, &path("customers.json"), "");
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("12.4")));
    shop.wait(Nanos::millis(12_340));
    assert_eq!(shop.get(&path("customers.json")).0, 200);
}

#[test]
fn under_drift_numbers_are_texts_and_unknown_fields_appear() {
    let mut shop = shop();
    shop.model.control(shop.now, &Control::Drift(true));
    let (status, body) = shop.post(&path("customers.json"), ANN);
    assert_eq!((status, &body["customer"]["id"]), (201, &json!("7000000001")));
    assert!(body["customer"]["state"].is_null() && body["customer"]["schema_revision"].is_object());
    assert_eq!(body["customer"]["email"], "ann@x.org");
}

#[test]
fn a_route_names_the_call_and_the_email_that_the_customer_was_created_with() {
    let mut shop = shop();
    let subject = Subject::of(b"ann@x.org");
    assert_eq!(shop.route(Method::Post, &path("customers.json"), ANN), ("create", subject));
    let id = create(&mut shop, ANN);
    shop.put(&path(&format!("customers/{id}.json")), r#"{"customer":{"email":"new@x.org"}}"#);
    let target = path(&format!("customers/{id}.json"));
    assert_eq!(shop.route(Method::Get, &target, ""), ("read", subject));
    assert_eq!(shop.route(Method::Delete, &target, ""), ("delete", subject));
    assert_eq!(shop.route(Method::Get, &path(&format!("orders.json?customer_id={id}")), ""), ("orders", subject));
    assert_eq!(
        shop.route(Method::Get, &path("customers/search.json?query=email%3Aann@x.org"), ""),
        ("search", subject)
    );
    assert_eq!(shop.route(Method::Put, &path("customers/77.json"), ""), ("update", Subject::of(b"77")));
    assert_eq!(shop.route(Method::Get, "/", ""), ("other", Subject::NONE));
}

#[test]
fn a_fingerprint_sees_state_and_distances_but_no_absolute_time() {
    let settings = Settings { limits: false, ..Settings::default() };
    let (mut early, mut late) = (shop_with(&settings), shop_with(&settings));
    late.wait(Nanos::secs(1000));
    for shop in [&mut early, &mut late] {
        let id = create(shop, ANN);
        shop.wait(Nanos::secs(1));
        shop.put(&path(&format!("customers/{id}.json")), r#"{"customer":{"last_name":"May"}}"#);
    }
    assert_eq!(early.print(), late.print());
    let fresh = early.print();
    early.wait(Nanos::secs(1));
    assert_ne!(early.print(), fresh);
    early.wait(Nanos::secs(1));
    let settled = early.print();
    early.wait(Nanos::secs(50));
    assert_eq!(early.print(), settled);
    let id = early.model.records()[0].id.clone();
    early.put(&path(&format!("customers/{id}.json")), r#"{"customer":{"last_name":"Day"}}"#);
    early.wait(Nanos::secs(50));
    assert_ne!(early.print(), settled);
}

const WORDS: &[&str] = &[
    "/admin/api/2026-07/",
    "customers",
    "orders",
    ".json",
    "/",
    "7000000001",
    "search",
    "?",
    "&",
    "query=",
    "ids=",
    "limit=0",
    "page_info=n1;",
    "since_id=",
    "email:",
    "\"",
    "*",
    "%",
    "status=any",
    "customer_id=",
    "order=updated_at desc",
    "created_at_min=2026-01-01",
    "fields=id",
    "page_info=n1.5;order=id%20desc",
];

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_answer(requests in prop::collection::vec(wild(WORDS, &[ANN, "{}", ""]), 1..8), authorized: bool) {
        let mut shop = shop();
        for mut request in requests {
            if authorized {
                request.headers.push("x-shopify-access-token", Credentials::SIMULATION.commerce_token);
            }
            let (route, _) = shop.model.route(&request);
            prop_assert!(usize::from(route.0) < Commerce::routes().len());
            let response = shop.model.handle(shop.now, &request);
            prop_assert!(is_well_formed(&response), "{response:?}");
            shop.wait(Nanos::secs(1));
        }
    }
}
