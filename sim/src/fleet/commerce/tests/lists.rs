//! Lists and counts by REST: what filters leave, in which order, and how much is told of each.

use super::*;

/// A shop with three customers, an hour apart; the second has two orders, and the first was changed last.
fn three() -> Caller<Commerce> {
    let mut shop = shop();
    for email in ["a@x.org", "b@x.org", "c@x.org"] {
        create(&mut shop, &json!({"customer": {"email": email}}).to_string());
        shop.wait(Nanos::secs(3600));
    }
    for email in ["b@x.org", "b@x.org", "a@x.org"] {
        shop.post(&path("orders.json"), &json!({"order": {"email": email}}).to_string());
    }
    shop.put(&path("customers/7000000001.json"), r#"{"customer":{"note":"n"}}"#);
    shop
}

/// The last digits of what a list tells of.
fn told(shop: &mut Caller<Commerce>, target: &str) -> Vec<u64> {
    let (status, body) = shop.get(&path(target));
    assert_eq!(status, 200, "{target}: {body}");
    let items = body["customers"].as_array().or_else(|| body["orders"].as_array()).unwrap();
    items.iter().map(|item| item["id"].as_u64().unwrap() % 1_000).collect()
}

fn refused(shop: &mut Caller<Commerce>, target: &str, name: &str) -> String {
    let (status, body) = shop.get(&path(target));
    assert_eq!(status, 400, "{target}: {body}");
    body["errors"][name].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[test]
fn customers_are_listed_and_counted_by_filters() {
    let mut shop = three();
    for (filters, expected) in [
        ("", &[1, 2, 3][..]),
        ("ids=7000000003,%207000000001,9,x", &[1, 3]),
        ("ids=9", &[]),
        ("since_id=7000000001", &[2, 3]),
        ("since_id=1", &[1, 2, 3]),
        ("since_id=7000000001&ids=7000000001,7000000002", &[2]),
        ("created_at_min=2026-01-01T02:00:00Z", &[2, 3]),
        ("created_at_min=2026-01-01T02:00:01Z&created_at_max=2026-01-01T03:00:00Z", &[3]),
        ("created_at_max=2026-01-01T03:00:00%2B01:00", &[1, 2]),
        ("updated_at_min=2026-01-01T04:00:00", &[1]),
        ("updated_at_max=2026-01-01T03:30", &[2, 3]),
        ("email=B@x.org", &[2]),
        ("phone=%2B49", &[]),
    ] {
        assert_eq!(told(&mut shop, &format!("customers.json?{filters}")), expected, "{filters}");
        let count = shop.get(&path(&format!("customers/count.json?{filters}"))).1;
        assert_eq!(count["count"], json!(expected.len()), "{filters}");
    }
}

#[test]
fn orders_are_listed_and_counted_by_filters() {
    let mut shop = three();
    for (filters, expected) in [
        ("", &[1, 2, 3][..]),
        ("status=any&ids=5000000000003,5000000000001", &[1, 3]),
        ("name=%231002", &[2]),
        ("name=1002", &[2]),
        ("name=%239", &[]),
        ("financial_status=pending&fulfillment_status=unfulfilled", &[1, 2, 3]),
        ("financial_status=paid", &[]),
        ("fulfillment_status=shipped", &[]),
        ("status=cancelled", &[]),
        ("customer_id=7000000002&since_id=5000000000001", &[2]),
        ("email=a@x.org", &[3]),
        ("created_at_min=2026-01-02", &[]),
        ("processed_at_max=2026-01-02", &[1, 2, 3]),
        ("updated_at_min=2026-01-01T04:00:00Z", &[1, 2, 3]),
    ] {
        assert_eq!(told(&mut shop, &format!("orders.json?{filters}")), expected, "{filters}");
        let count = shop.get(&path(&format!("orders/count.json?{filters}"))).1;
        assert_eq!(count["count"], json!(expected.len()), "{filters}");
    }
    assert_eq!(told(&mut shop, "customers/7000000002/orders.json?name=1002"), [2]);
}

#[test]
fn lists_are_in_the_order_that_is_asked_for_page_by_page() {
    let mut shop = three();
    shop.wait(Nanos::secs(2));
    for (start, expected) in [
        ("customers.json?order=id+desc", [3, 2, 1]),
        ("customers.json?order=created_at%20ASC", [1, 2, 3]),
        ("customers.json?order=created_at+DESC", [3, 2, 1]),
        ("customers.json?order=updated_at", [2, 3, 1]),
        ("customers.json?order=id+desc&since_id=7000000001", [3, 2, 0]),
        ("customers.json?order=updated_at+desc&created_at_min=2026-01-01", [1, 3, 2]),
        ("customers/search.json?query=x.org&order=last_order_date+desc", [1, 2, 3]),
        ("customers/search.json?query=x.org&order=orders_count+desc", [2, 1, 3]),
        ("orders.json?order=created_at+desc&status=any", [3, 2, 1]),
        ("customers/7000000002/orders.json?order=id+desc", [2, 1, 0]),
    ] {
        let expected: Vec<u64> = expected.into_iter().filter(|&id| id > 0).collect();
        assert_eq!(told(&mut shop, start), expected, "{start}");
        let (mut target, mut seen) = (path(&format!("{start}&limit=1")), Vec::new());
        loop {
            let response = shop.send(Method::Get, &target, "");
            let (_, rest) = target.split_once("2026-07/").unwrap();
            seen.extend(told(&mut shop, rest));
            let links = response.headers.get("link").unwrap_or_default();
            let Some(next) = links.split(", ").find(|link| link.ends_with("rel=\"next\"")) else { break };
            target = next.split(['<', '>']).nth(1).unwrap().strip_prefix("https://shop.example").unwrap().to_owned();
        }
        assert_eq!(seen, expected, "{start}, page by page");
    }
}

#[test]
fn what_a_list_cannot_obey_is_refused_and_what_shopify_does_not_know_is_ignored() {
    let mut shop = three();
    let page = refused(&mut shop, "customers.json?page=2", "page");
    assert!(page.starts_with("page cannot be passed. "), "{page}");
    let order = refused(&mut shop, "customers.json?page_info=n1%3B&order=id+desc", "order");
    assert!(order.starts_with("order cannot be passed when page_info is present. "), "{order}");
    for (target, name) in [
        ("orders.json?status=any&page_info=n0%3B", "status"),
        ("customers.json?page_info=x", "page_info"),
        ("customers.json?page_info=n1%3Bmood=good", "page_info"),
        ("customers.json?since_id=first", "since_id"),
        ("customers.json?created_at_min=yesterday", "created_at_min"),
        ("customers.json?order=mood", "order"),
        ("customers.json?order=id+sideways", "order"),
        ("orders.json?status=happy", "status"),
        ("orders/count.json?financial_status=rich", "financial_status"),
    ] {
        refused(&mut shop, target, name);
    }
    assert_eq!(told(&mut shop, "customers.json?page_info=n1%3B&limit=5&fields=id"), [3]);
    assert_eq!(told(&mut shop, "customers.json?ids=7000000003&mood=good"), [3]);
}

#[test]
fn searches_ask_for_ids_states_and_dates_and_take_an_unknown_field_for_a_word() {
    let mut shop = three();
    shop.wait(Nanos::secs(2));
    for (query, expected) in [
        ("id:7000000002", &[2][..]),
        ("-id:7000000002", &[1, 3]),
        ("state:disabled", &[1, 2, 3]),
        ("state:enabled", &[]),
        ("orders_count:2", &[2]),
        ("tag_not:vip", &[1, 2, 3]),
        ("created_at:%3E2026-01-01T02:30:00Z", &[3]),
        ("updated_at:%3E%3D2026-01-01T04:00:00Z", &[1]),
        ("mood:good", &[]),
        ("mood:a@x.org", &[1]),
        ("updated_at:yesterday", &[]),
    ] {
        assert_eq!(told(&mut shop, &format!("customers/search.json?query={query}")), expected, "{query}");
    }
}

#[test]
fn only_the_fields_that_are_asked_for_are_told() {
    let mut shop = three();
    shop.wait(Nanos::secs(2));
    let mut get = |target: &str| shop.get(&path(target)).1;
    let bob = json!({"id": 7_000_000_002_u64, "email": "b@x.org"});
    assert_eq!(get("customers/7000000002.json?fields=id,email"), json!({ "customer": bob }));
    assert_eq!(get("customers.json?ids=7000000002&fields=email,%20id,mood"), json!({ "customers": [bob] }));
    assert_eq!(get("customers/search.json?query=email:b@x.org&fields=id,email"), json!({ "customers": [bob] }));
    assert_eq!(get("customers.json?fields=mood&limit=2"), json!({"customers": [{}, {}]}));
    let order = json!({"id": 5_000_000_000_003_u64, "email": "a@x.org"});
    assert_eq!(get("orders/5000000000003.json?fields=id,email"), json!({ "order": order }));
    assert_eq!(get("orders.json?name=1003&fields=id,email"), json!({ "orders": [order] }));
    assert_eq!(get("customers/count.json?fields=id"), json!({"count": 3}));
    assert_eq!(get("customers/9.json?fields=id"), json!({"errors": "Not Found"}));
    assert!(get("orders.json?fields=")["orders"][0]["name"].is_string());
}
