//! Commerce: the bytes of each request, and what each answer says.

use super::super::MergeState;
use super::super::testing::{ada, answer, asked, asked_for, credentials, line, read, record, text, unknown};
use super::*;

fn commerce() -> Commerce {
    Commerce::new(&credentials())
}

fn seven() -> String {
    "7".to_owned()
}

fn stored() -> &'static str {
    r#"{"customer":{"id":7,"email":"Ada+1@X.example","phone":"+4420","first_name":"Ada",
        "last_name":"Lovelace \"Countess\"","tags":"vip, owner:C001/s17, eu","orders_count":0,
        "total_spent":"0.00","addresses":[{"id":1}],"default_address":null,"state":"disabled"}}"#
}

#[test]
fn a_create_bears_the_owner_tag_and_the_idempotency_key() {
    assert_eq!(
        text(&asked(&commerce(), &Operation::Create)),
        "POST /admin/api/2026-01/customers.json\n\
         x-shopify-access-token: shpat_1\n\
         content-type: application/json\n\
         x-correlation-id: corr-9\n\
         traceparent: 00-11-22-01\n\
         idempotency-key: 0b0d9d4e-6d5c-4a3b-8f21-1c2d3e4f5a6b\n\
         \n\
         {\"customer\":{\"email\":\"ada+1@x.example\",\"first_name\":\"Ada\",\
         \"last_name\":\"Lovelace \\\"Countess\\\"\",\"phone\":\"+4420\",\"tags\":\"owner:C001/s17\"}}"
    );
}

#[test]
fn a_read_bears_neither_body_nor_key() {
    assert_eq!(
        text(&asked(&commerce(), &Operation::Read(seven()))),
        "GET /admin/api/2026-01/customers/7.json\n\
         x-shopify-access-token: shpat_1\n\
         x-correlation-id: corr-9\n\
         traceparent: 00-11-22-01\n\n"
    );
}

#[test]
fn each_operation_has_its_line_and_body() {
    let cases = [
        (Operation::FindByOwner, "GET /admin/api/2026-01/customers/search.json?query=tag:owner%3AC001%2Fs17"),
        (Operation::FindByEmail, "GET /admin/api/2026-01/customers/search.json?query=email:ada%2B1%40x.example"),
        (Operation::Delete(seven()), "DELETE /admin/api/2026-01/customers/7.json"),
        (
            Operation::Update(seven()),
            r#"PUT /admin/api/2026-01/customers/7.json {"customer":{"id":7,"email":"ada+1@x.example","first_name":"Ada","last_name":"Lovelace \"Countess\"","phone":"+4420"}}"#,
        ),
        (
            Operation::Blank(seven()),
            r#"PUT /admin/api/2026-01/customers/7.json {"customer":{"id":7,"email":null,"first_name":"","last_name":"","phone":null,"tags":"closed, owner:C001/s17"}}"#,
        ),
    ];
    for (operation, expected) in cases {
        assert_eq!(line(&asked(&commerce(), &operation)), expected);
    }
}

#[test]
fn a_missing_phone_is_written_as_null_and_an_odd_id_stays_a_string() {
    let want = Profile { phone: None, ..ada() };
    let body = asked_for(&commerce(), &Operation::Update("7/..".to_owned()), &want);
    assert_eq!(body.target, "/admin/api/2026-01/customers/7%2F...json");
    assert!(line(&body).contains(r#""id":"7/..""#));
    assert!(line(&body).ends_with(r#""phone":null}}"#));
}

#[test]
fn a_stored_customer_is_read_in_neutral_terms() {
    for operation in [Operation::Create, Operation::Read(seven()), Operation::Update(seven())] {
        assert_eq!(read(&commerce(), &operation, 200, stored()), Reading::Record(record("7")));
    }
    assert_eq!(commerce().mend(&ada(), &record("7")), None);
}

#[test]
fn drift_is_tolerated() {
    let drifted = r#" {"new":[{}],"errors":null,"customer":{"id":"7","email":"ada@x","extra":{"a":[1,2]},"tags":""}}"#;
    let Reading::Record(found) = read(&commerce(), &Operation::Create, 201, drifted) else { panic!("a record") };
    assert_eq!((found.id.as_str(), found.email.as_deref(), found.phone, found.owner), ("7", Some("ada@x"), None, None));
    let numeric = r#"{"customer":{"id":7,"phone":4420,"email":"","tags":null}}"#;
    let Reading::Record(found) = read(&commerce(), &Operation::Create, 201, numeric) else { panic!("a record") };
    assert_eq!((found.phone.as_deref(), found.email), (Some("4420"), None));
}

#[test]
fn a_marked_and_blank_customer_is_closed_and_a_half_blank_one_lives() {
    let condition = |body: &str| match read(&commerce(), &Operation::Read(seven()), 200, body) {
        Reading::Record(found) => found.condition,
        other => panic!("a record, not {other:?}"),
    };
    let closed = r#"{"customer":{"id":7,"email":null,"phone":null,"first_name":"","last_name":null,"tags":"closed, owner:C001/s17"}}"#;
    assert_eq!(condition(closed), Condition::Closed);
    assert_eq!(condition(&closed.replace(r#""email":null"#, r#""email":"a@x""#)), Condition::Live);
    assert_eq!(condition(&closed.replace("closed,", "enclosed,")), Condition::Live);
}

#[test]
fn a_search_gives_what_it_found_perhaps_nothing() {
    let found = format!(r#"{{"customers":[{}]}}"#, &stored()[12..stored().len() - 1]);
    assert_eq!(read(&commerce(), &Operation::FindByOwner, 200, &found), Reading::Records(vec![record("7")]));
    assert_eq!(read(&commerce(), &Operation::FindByEmail, 200, r#"{"customers":[]}"#), Reading::Records(vec![]));
    assert!(unknown(&read(&commerce(), &Operation::FindByEmail, 200, r#"{"customers":[{"email":"a@x"}]}"#)));
    assert!(unknown(&read(&commerce(), &Operation::FindByEmail, 200, "{}")));
}

#[test]
fn taken_keys_conflict_and_other_faults_of_the_body_are_refused() {
    let email = r#"{"errors":{"email":["has already been taken"]}}"#;
    let phone = r#"{"errors":{"first_name":["is odd"],"phone":["Phone has already been taken"]}}"#;
    for body in [email, phone] {
        assert_eq!(read(&commerce(), &Operation::Create, 422, body), Reading::Conflict);
        assert_eq!(read(&commerce(), &Operation::Update(seven()), 422, body), Reading::Conflict);
    }
    let invalid = r#"{"errors":{"phone":["is invalid"]}}"#;
    assert_eq!(read(&commerce(), &Operation::Create, 422, invalid), Reading::Refused("422 phone is invalid".into()));
}

#[test]
fn deletion_is_accepted_absent_or_refused_for_orders() {
    let delete = Operation::Delete(seven());
    assert_eq!(read(&commerce(), &delete, 200, "{}"), Reading::Accepted);
    assert_eq!(read(&commerce(), &delete, 404, r#"{"errors":"Not Found"}"#), Reading::Absent);
    let orders = r#"{"errors":{"base":["Customer has orders"]}}"#;
    assert_eq!(read(&commerce(), &delete, 422, orders), Reading::Undeletable);
    assert!(unknown(&read(&commerce(), &delete, 200, "")));
    assert!(unknown(&read(&commerce(), &delete, 200, "[]")));
}

#[test]
fn an_error_inside_a_success_is_no_success() {
    let both = r#"{"customer":{"id":7},"errors":["Throttled"]}"#;
    assert_eq!(read(&commerce(), &Operation::Create, 200, both), Reading::Refused("200 Throttled".into()));
    assert_eq!(
        read(&commerce(), &Operation::Delete(seven()), 200, r#"{"error":true}"#),
        Reading::Refused("200 true".into())
    );
    let taken = r#"{"errors":{"email":["has already been taken"]}}"#;
    assert_eq!(read(&commerce(), &Operation::Create, 200, taken), Reading::Conflict);
    assert!(unknown(&read(&commerce(), &Operation::Create, 200, r#"{"errors":{}}"#)));
}

#[test]
fn a_customer_with_orders_is_blanked_in_one_write() {
    let (commerce, live) = (commerce(), record("7"));
    assert_eq!(commerce.remove(&live), Some(Operation::Delete(seven())));
    assert_eq!(commerce.blank(&live), Some(Operation::Blank(seven())));
    let closed = Found { condition: Condition::Closed, ..live };
    assert_eq!((commerce.remove(&closed), commerce.blank(&closed), commerce.mend(&ada(), &closed)), (None, None, None));
}

#[test]
fn only_differences_in_owned_fields_are_mended() {
    let commerce = commerce();
    let mend = |have: &Found| commerce.mend(&ada(), have);
    let update = Some(Operation::Update(seven()));
    assert_eq!(mend(&Found { given_name: " Ada ".into(), owner: None, ..record("7") }), None);
    assert_eq!(mend(&Found { given_name: "Ida".into(), ..record("7") }), update);
    assert_eq!(mend(&Found { email: None, ..record("7") }), update);
    assert_eq!(mend(&Found { phone: None, ..record("7") }), update);
}

#[test]
fn a_merge_is_asked_about_and_done_in_graphql_and_names_the_one_that_goes_first() {
    let variables = r#""variables":{"one":"gid://shopify/Customer/8","two":"gid://shopify/Customer/7"}}"#;
    let question = "query merge($one: ID!, $two: ID!) { goes: customer(id: $one) { ...record } \
        stays: customer(id: $two) { ...record } preview: customerMergePreview(customerOneId: $one, \
        customerTwoId: $two) { customerMergeErrors { errorFields message } } } fragment record on Customer \
        { id email phone firstName lastName tags }";
    let order = "mutation merge($one: ID!, $two: ID!) { customerMerge(customerOneId: $one, customerTwoId: $two) \
        { job { id done } resultingCustomerId userErrors { field message code } } }";
    for (operation, query) in
        [(Operation::ReadMerge(seven(), "8".to_owned()), question), (Operation::Merge(seven(), "8".to_owned()), order)]
    {
        let expected = format!(r#"POST /admin/api/2026-01/graphql.json {{"query":"{query}",{variables}"#);
        assert_eq!(line(&asked(&commerce(), &operation)), expected);
    }
    assert_eq!(
        line(&asked(&commerce(), &Operation::Own(seven()))),
        r#"PUT /admin/api/2026-01/customers/7.json {"customer":{"id":7,"email":"ada+1@x.example","first_name":"Ada","last_name":"Lovelace \"Countess\"","phone":"+4420","tags":"owner:C001/s17"}}"#
    );
}

/// A customer as a query shows it.
fn node(id: &str, tags: &str) -> String {
    format!(
        r#"{{"id":"gid://shopify/Customer/{id}","email":"Ada+1@X.example","phone":"+4420","firstName":"Ada","lastName":"Lovelace \"Countess\"","tags":[{tags}]}}"#
    )
}

/// How it stands with the merge of 8 into 7, as these two and these errors of the preview say.
fn stands(stays: &str, goes: &str, errors: &str) -> Reading {
    let body = format!(
        r#"{{"data":{{"goes":{goes},"stays":{stays},"preview":{{"customerMergeErrors":{errors}}}}},"extensions":{{}}}}"#
    );
    read(&commerce(), &Operation::ReadMerge(seven(), "8".to_owned()), 200, &body)
}

#[test]
fn how_a_merge_stands_is_read_from_who_is_left_and_from_the_preview() {
    let (stays, goes) = (node("7", r#""owner:C001/s17""#), node("8", r#""owner:C002/s1""#));
    assert_eq!(stands(&stays, &goes, "null"), Reading::Merge(MergeState::Apart));
    assert_eq!(stands(&stays, &goes, "[]"), Reading::Merge(MergeState::Apart));
    let under_way = r#"[{"errorFields":["MERGE_IN_PROGRESS"],"message":"7 is being merged."}]"#;
    assert_eq!(stands(&stays, &goes, under_way), Reading::Merge(MergeState::Pending));
    let blocked = r#"[{"errorFields":["TAGS"],"message":"Too many tags."}]"#;
    assert_eq!(stands(&stays, &goes, blocked), Reading::Merge(MergeState::Blocked("Too many tags.".to_owned())));
    let merged = |found| Reading::Merge(MergeState::Merged(Box::new(found)));
    assert_eq!(stands(&stays, "null", blocked), merged(record("7")));
    let other = Found { owner: Some("C002/s1".to_owned()), ..record("8") };
    assert_eq!(stands("null", &goes, blocked), merged(other), "the shop chooses whom it keeps");
    let nobody = Reading::Merge(MergeState::Blocked("neither customer exists".to_owned()));
    assert_eq!(stands("null", "null", blocked), nobody);
    assert!(unknown(&stands(&goes, &stays, "[]")), "another than was asked about");
}

#[test]
fn a_survivor_with_both_tags_is_nobodys_until_it_is_owned() {
    let both = node("7", r#""owner:C002/s1","owner:C001/s17""#);
    let Reading::Merge(MergeState::Merged(found)) = stands(&both, "null", "null") else { panic!("no survivor") };
    assert_eq!(*found, Found { owner: None, ..record("7") });
}

#[test]
fn a_merge_is_begun_refused_or_not_understood() {
    let merge = |body: &str| read(&commerce(), &Operation::Merge(seven(), "8".to_owned()), 200, body);
    let job = r#"{"data":{"customerMerge":{"job":{"id":"gid://shopify/Job/1","done":false},"resultingCustomerId":"gid://shopify/Customer/7","userErrors":[]}}}"#;
    assert_eq!(merge(job), Reading::Merge(MergeState::Pending), "a job that was accepted has not ended");
    let no = r#"{"data":{"customerMerge":{"job":null,"userErrors":[{"field":null,"message":"It is being merged.","code":"INVALID_CUSTOMER"}]}}}"#;
    assert_eq!(merge(no), Reading::Refused("INVALID_CUSTOMER".to_owned()), "a no inside a 200");
    let throttled = r#"{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}"#;
    assert_eq!(merge(throttled), Reading::NotDone(None));
    let error = r#"{"data":null,"errors":[{"message":"Field 'x' does not exist"}]}"#;
    assert_eq!(merge(error), Reading::Refused("Field 'x' does not exist".to_owned()));
    for body in
        ["", "{}", r#"{"data":{"customerMerge":null}}"#, r#"{"data":{"customerMerge":{"job":null,"userErrors":[]}}}"#]
    {
        assert!(unknown(&merge(body)), "{body}");
    }
}

#[test]
fn orders_are_listed_whatever_their_state_and_given_away_in_graphql() {
    let list = Operation::ListChildren(seven());
    assert_eq!(line(&asked(&commerce(), &list)), "GET /admin/api/2026-01/customers/7/orders.json?status=any&limit=250");
    let orders = r#"{"orders":[{"id":11,"customer":{"id":7}},{"id":"12"}]}"#;
    assert_eq!(read(&commerce(), &list, 200, orders), Reading::Children(vec!["11".to_owned(), "12".to_owned()], None));
    assert_eq!(read(&commerce(), &list, 200, r#"{"orders":[]}"#), Reading::Children(Vec::new(), None));
    assert_eq!(read(&commerce(), &list, 404, r#"{"errors":"Not Found"}"#), Reading::Absent);
    assert!(unknown(&read(&commerce(), &list, 200, r#"{"orders":[{"name":"x"}]}"#)), "an order without id");
    let paged = |link: &str| {
        let mut response = answer(200, orders);
        response.headers.push("link", link);
        commerce().read(&list, &response)
    };
    let page =
        |query: &str| format!("<https://shop.example/admin/api/2026-01/customers/7/orders.json?limit=250&{query}>");
    let (before, next) =
        (page("page_info=p0%3B7") + r#"; rel="previous""#, page("page_info=n249%3B7") + r#"; rel="next""#);
    let told =
        |further: Option<&str>| Reading::Children(vec!["11".to_owned(), "12".to_owned()], further.map(str::to_owned));
    assert_eq!(paged(&before), told(None));
    assert_eq!(paged(&format!("{before}, {next}")), told(Some("n249%3B7")));
    assert!(unknown(&paged(&(page("since_id=12") + r#"; rel="next""#))), "who knows where that goes on");
    let on = Operation::ListOn(seven(), "n249%3B7".to_owned());
    let target = "/admin/api/2026-01/customers/7/orders.json?limit=250&page_info=n249%3B7";
    assert_eq!(line(&asked(&commerce(), &on)), format!("GET {target}"));
    assert_eq!(read(&commerce(), &on, 200, orders), told(None));
    let give = Operation::MoveChild("11".to_owned(), seven());
    let query = "mutation give($order: ID!, $to: ID!) { orderCustomerSet(orderId: $order, customerId: $to) \
        { order { id customer { id } } userErrors { field message } } }";
    let variables = r#""variables":{"order":"gid://shopify/Order/11","to":"gid://shopify/Customer/7"}}"#;
    let expected = format!(r#"POST /admin/api/2026-01/graphql.json {{"query":"{query}",{variables}"#);
    assert_eq!(line(&asked(&commerce(), &give)), expected);
    let said = |order: &str, errors: &str| {
        let body = format!(r#"{{"data":{{"orderCustomerSet":{{"order":{order},"userErrors":{errors}}}}}}}"#);
        read(&commerce(), &give, 200, &body)
    };
    let of =
        |id: &str| format!(r#"{{"id":"gid://shopify/Order/11","customer":{{"id":"gid://shopify/Customer/{id}"}}}}"#);
    assert_eq!(said(&of("7"), "[]"), Reading::Accepted);
    let no = said("null", r#"[{"field":["orderId"],"message":"Order does not exist"}]"#);
    assert_eq!(no, Reading::Refused("Order does not exist".to_owned()));
    for order in [of("8"), "null".to_owned(), r#"{"id":"gid://shopify/Order/11","customer":null}"#.to_owned()] {
        assert!(unknown(&said(&order, "[]")), "{order}");
    }
}
