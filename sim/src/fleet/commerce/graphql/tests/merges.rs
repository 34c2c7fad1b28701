//! Merging customers: who survives, what forbids it, what the job does and when, and that nothing undoes it.

use super::*;
use crate::fleet::{Child, ChildKind, MadeFor};

const MERGE: &str = "mutation($one: ID!, $two: ID!, $keep: CustomerMergeOverrideFields) { customerMerge(customerOneId: $one, customerTwoId: $two, overrideFields: $keep) { job { id done } resultingCustomerId userErrors { field message code } } }";
const PREVIEW: &str = "query($one: ID!, $two: ID!) { customerMergePreview(customerOneId: $one, customerTwoId: $two) { resultingCustomerId defaultFields { firstName email { emailAddress } tags } alternateFields { firstName } blockingFields { note } customerMergeErrors { errorFields message } } }";
const STATUS: &str = "query($job: ID!) { customerMergeJobStatus(jobId: $job) { status resultingCustomerId customerMergeErrors { message } } job(id: $job) { done } }";
const READ: &str =
    "query($id: ID!) { customer(id: $id) { id email firstName note tags orders(first: 9) { nodes { id } } } }";

fn merge(shop: &mut Caller<Commerce>, one: &str, two: &str, keep: Value) -> Value {
    data(shop, MERGE, &json!({"one": one, "two": two, "keep": keep}))["customerMerge"].take()
}

fn status(shop: &mut Caller<Commerce>, job: &Value) -> (Value, Value) {
    let mut told = data(shop, STATUS, &json!({"job": job}));
    (told["customerMergeJobStatus"]["status"].take(), told["job"]["done"].take())
}

fn read(shop: &mut Caller<Commerce>, id: &str) -> Value {
    data(shop, READ, &json!({"id": id}))["customer"].take()
}

fn holders(shop: &Caller<Commerce>) -> Vec<String> {
    shop.model.children().into_iter().map(|child| child.holder.unwrap()).collect()
}

fn number(id: &str) -> String {
    bare("Customer", id).unwrap().to_owned()
}

#[test]
fn who_survives_follows_from_emails_and_overrides_and_not_from_the_order() {
    for (one, two, expected) in
        [(Some("a@x.org"), Some("b@x.org"), 1), (Some("a@x.org"), None, 0), (None, Some("b@x.org"), 1), (None, None, 1)]
    {
        let mut shop = shop();
        let ids = [add(&mut shop, "C001", one, 0), add(&mut shop, "C002", two, 0)];
        let asked = merge(&mut shop, &ids[0], &ids[1], Value::Null);
        assert_eq!(asked["resultingCustomerId"], json!(ids[expected]), "{one:?} {two:?}");
        assert_eq!(asked["userErrors"], json!([]));
    }
    let mut shop = shop();
    let ids = [add(&mut shop, "C001", Some("a@x.org"), 0), add(&mut shop, "C002", Some("b@x.org"), 0)];
    let asked = merge(&mut shop, &ids[0], &ids[1], json!({"customerIdOfEmailToKeep": ids[0]}));
    assert_eq!(asked["resultingCustomerId"], json!(ids[0]));
}

#[test]
fn a_merge_takes_its_time_and_then_the_loser_is_gone_and_its_orders_are_the_survivors() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", Some("a@x.org"), 2), add(&mut shop, "C002", Some("b@x.org"), 1));
    let asked = merge(&mut shop, &ann, &bob, Value::Null);
    let job = &asked["job"]["id"];
    assert_eq!((status(&mut shop, job), &asked["job"]["done"]), ((json!("IN_PROGRESS"), json!(false)), &json!(false)));
    assert_eq!(read(&mut shop, &ann)["email"], json!("a@x.org"), "both are there while it runs");
    shop.wait(Nanos::secs(2));
    assert_eq!(status(&mut shop, job), (json!("COMPLETED"), json!(true)));
    assert_eq!(read(&mut shop, &ann), Value::Null);
    assert_eq!(shop.get(&format!("/admin/api/2026-07/customers/{}.json", number(&ann))).0, 404);
    let left = read(&mut shop, &bob);
    assert_eq!((&left["email"], &left["firstName"]), (&json!("b@x.org"), &json!("C002")));
    assert_eq!(left["tags"], json!(["owner:C002/s0", "owner:C001/s0"]), "tags of both");
    let made_for = MadeFor::Customer("C001".to_owned());
    let id = "5000000000001".to_owned();
    let first = Child { kind: ChildKind::Order, id, holder: Some(number(&bob)), made_for };
    assert_eq!(shop.model.children()[0], first);
    assert_eq!(holders(&shop), vec![number(&bob); 3]);
    let again = merge(&mut shop, &ann, &bob, Value::Null);
    assert_eq!((&again["job"], &again["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID_CUSTOMER_ID")));
}

#[test]
fn what_the_loser_alone_says_and_what_the_caller_wants_is_kept() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", Some("a@x.org"), 0), add(&mut shop, "C002", None, 0));
    let keep = json!({"customerIdOfFirstNameToKeep": bob, "note": "Both", "tags": ["one", "two"]});
    merge(&mut shop, &ann, &bob, keep);
    shop.wait(Nanos::secs(2));
    let left = read(&mut shop, &ann);
    assert_eq!(
        (&left["firstName"], &left["note"], &left["tags"]),
        (&json!("C002"), &json!("Both"), &json!(["one", "two"]))
    );
}

#[test]
fn while_one_merge_runs_neither_customer_is_merged_again() {
    let mut shop = shop();
    let [ann, bob, eve] = ["a", "b", "c"].map(|name| add(&mut shop, name, Some(&format!("{name}@x.org")), 0));
    merge(&mut shop, &ann, &bob, Value::Null);
    for other in [&ann, &bob] {
        let refused = merge(&mut shop, &eve, other, Value::Null);
        let message = format!("{other} is currently being merged.");
        let error = json!([{"field": null, "message": message, "code": "INVALID_CUSTOMER"}]);
        assert_eq!((&refused["job"], &refused["userErrors"]), (&Value::Null, &error));
        let preview = data(&mut shop, PREVIEW, &json!({"one": eve, "two": other}))["customerMergePreview"].take();
        assert_eq!(preview["customerMergeErrors"][0]["errorFields"], json!(["MERGE_IN_PROGRESS"]));
        assert_eq!(preview["resultingCustomerId"], Value::Null);
    }
    shop.wait(Nanos::secs(2));
    assert_eq!(merge(&mut shop, &eve, &bob, Value::Null)["userErrors"], json!([]));
}

#[test]
fn a_preview_tells_what_a_merge_would_do_and_does_nothing() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", Some("a@x.org"), 1), add(&mut shop, "C002", None, 0));
    let before = shop.model.records();
    let preview = data(&mut shop, PREVIEW, &json!({"one": bob, "two": ann}))["customerMergePreview"].take();
    let expected = json!({
        "resultingCustomerId": ann,
        "defaultFields": {
            "firstName": "C001", "email": {"emailAddress": "a@x.org"}, "tags": ["owner:C001/s0", "owner:C002/s0"],
        },
        "alternateFields": {"firstName": "C002"}, "blockingFields": {"note": null}, "customerMergeErrors": [],
    });
    assert_eq!((preview, shop.model.records(), shop.model.next_job()), (expected, before, None));
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", Some("a@x.org"), 0), add(&mut shop, "C002", None, 0));
    let code = |shop: &mut Caller<Commerce>, one: &str, two: &str, keep: Value| {
        merge(shop, one, two, keep)["userErrors"][0]["code"].take()
    };
    assert_eq!(code(&mut shop, &ann, &ann, Value::Null), json!("INVALID_CUSTOMER"));
    assert_eq!(code(&mut shop, &ann, "gid://shopify/Customer/9", Value::Null), json!("INVALID_CUSTOMER_ID"));
    let stray = json!({"customerIdOfEmailToKeep": bob});
    assert_eq!(code(&mut shop, &ann, &bob, stray), json!("OVERRIDE_ATTRIBUTE_INVALID"));
    let update =
        "mutation($id: ID!, $note: String) { customerUpdate(input: {id: $id, note: $note}) { userErrors { field } } }";
    for id in [&ann, &bob] {
        data(&mut shop, update, &json!({"id": id, "note": "n".repeat(2_500)}));
    }
    assert_eq!(code(&mut shop, &ann, &bob, Value::Null), json!("MISSING_OVERRIDE_ATTRIBUTE"));
    assert_eq!(shop.model.next_job(), None);
}

#[test]
fn a_merge_that_stalls_stays_pending_and_is_done_in_the_end() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", None, 1), add(&mut shop, "C002", None, 0));
    let until = shop.now + Nanos::secs(3600);
    shop.model.control(shop.now, &Control::NextJob(JobCourse::Stalls(until)));
    let job = merge(&mut shop, &ann, &bob, Value::Null)["job"]["id"].take();
    shop.wait(Nanos::secs(3599));
    assert_eq!(status(&mut shop, &job).0, json!("IN_PROGRESS"));
    shop.model.control(shop.now, &Control::JobsEndBy(shop.now + Nanos::millis(10)));
    shop.wait(Nanos::millis(10));
    assert_eq!(shop.model.end_job(shop.now), Some("a merge is completed"));
    assert_eq!(status(&mut shop, &job).0, json!("COMPLETED"));
    assert_eq!(holders(&shop), [number(&bob)]);
}

#[test]
fn a_merge_that_fails_half_way_leaves_two_customers_and_has_moved_half_of_the_orders() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", None, 3), add(&mut shop, "C002", None, 0));
    shop.model.control(shop.now, &Control::NextJob(JobCourse::FailsHalf));
    let job = merge(&mut shop, &ann, &bob, Value::Null)["job"]["id"].take();
    shop.wait(Nanos::secs(2));
    assert_eq!(status(&mut shop, &job), (json!("FAILED"), json!(true)));
    assert_eq!(holders(&shop), [number(&bob), number(&ann), number(&ann)]);
    assert_eq!(shop.model.records().len(), 2);
    let next = merge(&mut shop, &ann, &bob, Value::Null);
    assert_eq!(next["userErrors"], json!([]), "the next merge goes as usual");
    shop.wait(Nanos::secs(2));
    assert_eq!(status(&mut shop, &next["job"]["id"]).0, json!("COMPLETED"));
}

#[test]
fn what_outsiders_add_lands_on_whoever_bears_the_number() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", None, 0), add(&mut shop, "C002", None, 0));
    let order = |shop: &mut Caller<Commerce>, cust_no: &str| {
        let now = shop.now;
        shop.model.control(now, &Control::AddChild(cust_no.to_owned()))
    };
    merge(&mut shop, &ann, &bob, Value::Null);
    order(&mut shop, "C001").unwrap();
    assert_eq!(holders(&shop), [number(&ann)]);
    shop.wait(Nanos::secs(2));
    shop.get("/admin/api/2026-07/customers.json");
    order(&mut shop, "C001").unwrap();
    assert_eq!(holders(&shop), vec![number(&bob); 2]);
    assert_eq!(shop.model.children()[1].made_for, MadeFor::Customer("C001".to_owned()));
    assert_eq!(order(&mut shop, "C003"), None);
}

#[test]
fn a_merge_and_what_follows_it_are_about_the_loser() {
    let mut shop = shop();
    let mut create = |email: &str| {
        let (_, body) =
            shop.post("/admin/api/2026-07/customers.json", &json!({"customer": {"email": email}}).to_string());
        body["customer"]["admin_graphql_api_id"].as_str().unwrap().to_owned()
    };
    let (ann, bob) = (create("a@x.org"), create("b@x.org"));
    let variables = json!({"one": ann, "two": bob});
    let loser = Subject::of(b"a@x.org");
    assert_eq!(shop.route(Method::Post, PATH, &body(MERGE, &variables)), ("merge", loser));
    assert_eq!(shop.route(Method::Post, PATH, &body(PREVIEW, &variables)), ("preview-merge", loser));
    let job = merge(&mut shop, &ann, &bob, Value::Null)["job"]["id"].take();
    assert_eq!(shop.route(Method::Post, PATH, &body(STATUS, &json!({"job": job}))), ("job", loser));
    assert_eq!(shop.route(Method::Post, PATH, &body(READ, &json!({"id": bob}))), ("read", Subject::of(b"b@x.org")));
    assert_eq!(shop.route(Method::Post, PATH, "{"), ("graphql", Subject::NONE));
}

#[test]
fn who_has_a_subscription_is_not_merged_but_its_orders_may_be_given_away() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", Some("a@x.org"), 1), add(&mut shop, "C002", Some("b@x.org"), 0));
    shop.model.control(shop.now, &Control::Bar("C001".to_owned()));
    let preview = data(&mut shop, PREVIEW, &json!({"one": ann, "two": bob}));
    let errors = &preview["customerMergePreview"]["customerMergeErrors"];
    assert_eq!(errors[0]["errorFields"], json!(["SUBSCRIPTIONS"]));
    let refused = merge(&mut shop, &ann, &bob, Value::Null);
    assert_eq!((&refused["job"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("INVALID_CUSTOMER")));
    let give = "mutation($order: ID!, $to: ID!) { orderCustomerSet(orderId: $order, customerId: $to) { order { customer { id } } userErrors { message } } }";
    let given = data(&mut shop, give, &json!({"order": "gid://shopify/Order/5000000000001", "to": bob}));
    assert_eq!(given["orderCustomerSet"]["order"]["customer"]["id"], json!(bob));
    assert_eq!(holders(&shop), [number(&bob)]);
}
