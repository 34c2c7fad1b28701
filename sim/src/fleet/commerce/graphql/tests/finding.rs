//! Finding and sorting customers and orders by GraphQL.

use super::*;

/// A shop with three customers, of whom the first was changed last.
fn three() -> (Caller<Commerce>, Vec<String>) {
    let mut shop = shop();
    let mut ids = Vec::new();
    for (name, orders) in [("Cy", 0), ("Al", 1), ("Bo", 2)] {
        ids.push(add(&mut shop, name, Some(&format!("{name}@x.org")), orders));
    }
    shop.wait(Nanos::secs(3600));
    let update = "mutation($id: ID!) { customerUpdate(input: {id: $id, note: \"n\"}) { userErrors { field } } }";
    data(&mut shop, update, &json!({"id": ids[0]}));
    shop.wait(Nanos::secs(2));
    (shop, ids)
}

#[test]
fn customers_are_sorted_page_by_page() {
    let (mut shop, ids) = three();
    for (by, order) in [
        ("sortKey: ID", [0, 1, 2]),
        ("reverse: true", [2, 1, 0]),
        ("sortKey: CREATED_AT, reverse: true", [2, 1, 0]),
        ("sortKey: UPDATED_AT", [1, 2, 0]),
        ("sortKey: NAME", [1, 2, 0]),
        ("sortKey: NAME, reverse: true", [0, 2, 1]),
        ("sortKey: RELEVANCE", [0, 1, 2]),
    ] {
        let query = format!(
            "query($after: String) {{ customers(first: 1, after: $after, {by}) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let (mut after, mut seen) = (Value::Null, Vec::new());
        loop {
            let mut page = data(&mut shop, &query, &json!({"after": after}))["customers"].take();
            seen.push(page["nodes"][0]["id"].take());
            after = page["pageInfo"]["endCursor"].take();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(seen, order.map(|place: usize| json!(ids[place])), "{by}");
    }
    let back = "{ customers(last: 1, before: \"c2\", reverse: true) { nodes { id } } }";
    assert_eq!(data(&mut shop, back, &json!({}))["customers"]["nodes"], json!([]));
}

#[test]
fn orders_are_found_by_terms_and_none_by_a_term_that_they_have_not() {
    let (mut shop, ids) = three();
    let query = "query($q: String) { orders(first: 9, query: $q) { nodes { name } } }";
    for (terms, names) in [
        ("", &["#1001", "#1002", "#1003"][..]),
        ("email:Al@x.org", &["#1001"]),
        ("name:#1002", &["#1002"]),
        ("name:1003 OR name:1001", &["#1001", "#1003"]),
        ("financial_status:pending status:open", &["#1001", "#1002", "#1003"]),
        ("financial_status:paid", &[]),
        ("fulfillment_status:unfulfilled -name:1001", &["#1002", "#1003"]),
        ("tag:vip", &[]),
        ("customer_id:7000000003", &["#1002", "#1003"]),
        ("id:5000000000002", &["#1002"]),
        ("id:\"gid://shopify/Order/5000000000002\"", &["#1002"]),
        ("created_at:>2026-01-01", &[]),
        ("created_at:>='2026-01-01T00:00:00Z' name:1002", &["#1002"]),
        ("bo@", &["#1002", "#1003"]),
        ("mood:good", &[]),
        ("NOT mood:good", &["#1001", "#1002", "#1003"]),
        ("created_at:yesterday", &[]),
        ("name:\"1001", &[]),
    ] {
        let found = data(&mut shop, query, &json!({"q": terms}));
        let found: Vec<_> = found["orders"]["nodes"].as_array().unwrap().iter().map(|node| &node["name"]).collect();
        assert_eq!(found, names, "{terms}");
    }
    let own = "query($id: ID!) { customer(id: $id) { orders(first: 9, query: \"name:1003\", reverse: true) { nodes { name } } } }";
    let told = data(&mut shop, own, &json!({"id": ids[2]}));
    assert_eq!(told["customer"]["orders"]["nodes"], json!([{"name": "#1003"}]));
    let last = "{ orders(first: 1, sortKey: CREATED_AT, reverse: true) { nodes { name } } }";
    assert_eq!(data(&mut shop, last, &json!({}))["orders"]["nodes"][0]["name"], "#1003");
}

#[test]
fn a_query_for_what_there_is_not_is_warned_of() {
    let (mut shop, _) = three();
    let query = "{ it: customers(first: 9, query: \"mood:good email:a@x.org updated_at:never\") { nodes { id } } orders(first: 9, query: \"mood:x\") { nodes { id } } customersCount(query: \"state:disabled\") { count } }";
    let answer = whole(&mut shop, query, &json!({}));
    let unknown = json!({"field": "mood", "message": "Invalid search field for this query.", "code": "invalid_field"});
    let never = json!({"field": "updated_at", "message": "Invalid timestamp for this query.", "code": "invalid_value"});
    let expected = json!([
        {"path": ["it"], "query": "mood:good email:a@x.org updated_at:never", "warnings": [unknown, never]},
        {"path": ["orders"], "query": "mood:x", "warnings": [unknown]},
    ]);
    assert_eq!(answer["extensions"]["search"], expected);
    assert!(answer["extensions"]["cost"]["throttleStatus"].is_object());
    assert_eq!(whole(&mut shop, "{ shop { id } }", &json!({}))["extensions"].get("search"), None);
}

#[test]
fn customers_are_found_by_no_term_that_they_have_not() {
    let (mut shop, ids) = three();
    let query = "query($q: String) { customers(first: 9, query: $q) { nodes { id } } }";
    for (terms, found) in [("id:7000000002", json!([{"id": ids[1]}])), ("mood:good", json!([])), ("-mood:x", json!([]))]
    {
        assert_eq!(data(&mut shop, query, &json!({"q": terms}))["customers"]["nodes"], found, "{terms}");
    }
}
