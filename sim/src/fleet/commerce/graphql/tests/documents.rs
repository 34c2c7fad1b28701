//! Documents: variables, aliases, fragments, directives, what is wrong with them, and what they cost.

use super::*;

#[test]
fn a_customer_is_told_as_it_is_asked_for() {
    let mut shop = shop();
    let id = add(&mut shop, "C001", Some("a@x.org"), 1);
    let query = r#"
        query Find($id: ID!, $brief: Boolean = true) {
            it: customer(id: $id) {
                ...Names
                __typename
                email @skip(if: $brief)
                ... on Customer { numberOfOrders }
                orders(first: 5) { nodes { name } }
                orders(first: 5) { edges { node { customer { id } } } }
            }
            other: customer(id: "gid://shopify/Customer/9") { id }
        }
        fragment Names on Customer { firstName displayName tags }"#;
    let expected = json!({
        "it": {
            "firstName": "C001", "displayName": "C001", "tags": ["owner:C001/s0"], "__typename": "Customer",
            "numberOfOrders": "1",
            "orders": {"nodes": [{"name": "#1001"}], "edges": [{"node": {"customer": {"id": id}}}]},
        },
        "other": null,
    });
    assert_eq!(data(&mut shop, query, &json!({"id": id})), expected);
    let email = data(&mut shop, query, &json!({"id": id, "brief": false}))["it"]["email"].take();
    assert_eq!(email, json!("a@x.org"));
}

#[test]
fn of_several_operations_the_named_one_is_carried_out() {
    let mut shop = shop();
    let query = "query A { shop { name } } query B { shop { id } }";
    let named = |name: &str| json!({"query": query, "operationName": name}).to_string();
    let answer = shop.post(PATH, &named("B")).1;
    assert_eq!(answer["data"], json!({"shop": {"id": "gid://shopify/Shop/1"}}));
    assert_eq!(wrong(&mut shop, query, &json!({})), "An operation name is required");
    let answer = shop.post(PATH, &named("C")).1;
    assert_eq!(answer["errors"][0]["message"], json!("No operation with the given name is in the document"));
}

#[test]
fn what_does_not_fit_the_schema_is_told_and_not_carried_out() {
    let mut shop = shop();
    let none = json!({});
    for (query, message) in [
        ("{ shop { nme } }", "Field 'nme' doesn't exist on type 'Shop'"),
        (
            "{ shop }",
            "Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)",
        ),
        ("{ shop { name { x } } }", "Selections can't be made on scalars (field 'name' has selections)"),
        ("{ customer { id } }", "Field 'customer' is missing required arguments: id"),
        ("{ shop(id: 1) { name } }", "Field 'shop' doesn't accept argument 'id'"),
        ("{ shop { ...F } }", "Fragment F was used, but not defined"),
        ("{ shop { ... on Customer { id } } }", "Fragment on Customer can't be spread inside Shop"),
        ("{ customers { nodes { id } } }", "you must provide one of first or last"),
        ("query($id: ID!) { customer(id: $id) { id } }", "Variable $id of type ID! was provided invalid value"),
        ("{ customer(id: $id) { id } }", "Variable is used but not declared"),
        ("subscription { shop { id } }", "Schema is not configured for subscriptions"),
        (
            "mutation { customerCreate(input: {firstName: \"A\"}) { customer { nme } } }",
            "Field 'nme' doesn't exist on type 'Customer'",
        ),
    ] {
        assert_eq!(wrong(&mut shop, query, &none), message, "{query}");
    }
    assert!(wrong(&mut shop, "{ shop { ", &none).starts_with("syntax error: "));
    let endless = "{ shop { ...F } } fragment F on Shop { ...G } fragment G on Shop { ...F }";
    assert_eq!(wrong(&mut shop, endless, &none), "Query has a depth that exceeds the maximum");
    assert!(shop.model.records().is_empty(), "nothing was carried out");
}

#[test]
fn an_error_tells_where_it_is_and_what_it_is_about() {
    let answer = whole(&mut shop(), "{\n  shop { nme } }", &json!({}));
    let extensions = json!({"code": "undefinedField", "typeName": "Shop", "fieldName": "nme"});
    assert_eq!(answer["errors"][0]["locations"], json!([{"line": 2, "column": 10}]));
    assert_eq!(answer["errors"][0]["extensions"], extensions);
}

#[test]
fn a_body_that_is_no_request_is_refused_as_rest_refuses() {
    let mut shop = shop();
    for body in ["", "{}", "[]", r#"{"query":7}"#] {
        assert_eq!(shop.post(PATH, body).0, 400, "{body}");
    }
    shop.headers = crate::wire::Headers::new();
    assert_eq!(shop.post(PATH, r#"{"query":"{ shop { id } }"}"#).0, 401);
}

#[test]
fn what_was_asked_for_and_not_told_costs_nothing() {
    let mut shop = shop();
    add(&mut shop, "C001", Some("a@x.org"), 0);
    let answer = whole(&mut shop, "{ customers(first: 10) { nodes { id } } }", &json!({}));
    let cost = &answer["extensions"]["cost"];
    assert_eq!((&cost["requestedQueryCost"], &cost["actualQueryCost"]), (&json!(11), &json!(2)));
    let status = json!({"maximumAvailable": 40_000, "currentlyAvailable": 39_998, "restoreRate": 2_000});
    assert_eq!(cost["throttleStatus"], status);
    let dear = "{ customers(first: 250) { nodes { orders(first: 250) { nodes { id } } } } }";
    assert!(wrong(&mut shop, dear, &json!({})).starts_with("Query cost is "));
}

#[test]
fn whoever_asks_too_much_is_throttled_with_the_status_of_the_settings() {
    for status in [200, 429] {
        let mut shop = shop_with(&Settings { throttled_status: status, ..Settings::default() });
        shop.model.control(shop.now, &Control::ExhaustQuota(shop.now + Nanos::secs(9)));
        let (told, answer) = shop.post(PATH, r#"{"query":"{ shop { id } }"}"#);
        assert_eq!((told, &answer["errors"][0]["extensions"]["code"]), (status, &json!("THROTTLED")));
        assert_eq!(answer["extensions"]["cost"]["actualQueryCost"], Value::Null);
        shop.wait(Nanos::secs(9));
        assert_eq!(shop.post(PATH, r#"{"query":"{ shop { id } }"}"#).0, 200);
    }
}
