//! Whose an order is that is created or given away by REST.

use super::*;

fn order(shop: &mut Caller<Commerce>, order: Value) -> (u16, Value) {
    let (status, mut body) = shop.post(&path("orders.json"), &json!({ "order": order }).to_string());
    (status, body[if status == 201 { "order" } else { "errors" }].take())
}

#[test]
fn an_order_is_its_customers_by_id_email_or_phone() {
    let mut shop = shop();
    let ann = create(&mut shop, ANN);
    for order_ in [
        json!({"customer": {"id": ann}}),
        json!({"customer": {"id": ann.to_string(), "email": "other@x.org"}}),
        json!({"customer": {"email": "ANN@x.org"}}),
        json!({"customer": {"phone": "+49 30 12345", "first_name": "Other"}}),
        json!({"email": "Ann@X.org", "line_items": []}),
        json!({"email": "ann@x.org", "customer": {}}),
    ] {
        let (status, order) = order(&mut shop, order_.clone());
        assert_eq!((status, &order["customer"]["id"]), (201, &json!(ann)), "{order_}");
        assert_eq!(order["email"], "ann@x.org");
    }
    assert_eq!(shop.model.records().len(), 1);
    assert_eq!(shop.model.records()[0].given_name, "Ann", "who is there is not changed");
    assert_eq!(order(&mut shop, json!({"email": "ann@x.org", "customer": null})).1["customer"], Value::Null);
    assert_eq!(order(&mut shop, json!({})).1["customer"], Value::Null);
}

#[test]
fn who_orders_and_is_no_customer_becomes_one_that_nobody_owns() {
    let mut shop = shop();
    let (_, first) = order(&mut shop, json!({"email": "new@x.org"}));
    let (_, second) = order(&mut shop, json!({"customer": {"email": "two@x.org", "first_name": "Two"}}));
    let (_, third) = order(&mut shop, json!({"email": "three@x.org", "customer": {"last_name": "Three"}}));
    let emails = [&first, &second, &third].map(|order| order["customer"]["email"].as_str().unwrap());
    assert_eq!(emails, ["new@x.org", "two@x.org", "three@x.org"]);
    let records = shop.model.records();
    assert!(records.iter().all(|record| record.tag.is_none()) && records.len() == 3);
    assert_eq!((&*records[1].given_name, &*records[2].family_name), ("Two", "Three"));
    let children = shop.model.children();
    assert!(children.iter().zip(&records).all(|(child, record)| child.holder.as_ref() == Some(&record.id)));
}

#[test]
fn an_order_of_nobody_who_can_be_a_customer_is_refused() {
    let mut shop = shop();
    let invalid = json!(["is invalid"]);
    assert_eq!(order(&mut shop, json!({"email": "a b"})), (422, json!({"email": invalid})));
    assert_eq!(order(&mut shop, json!({"customer": {"email": "no"}})), (422, json!({"email": invalid})));
    assert_eq!(order(&mut shop, json!({"customer": {"note": "x"}})), (422, json!({"customer": invalid})));
    assert_eq!(order(&mut shop, json!({"customer": {"id": 5}})), (422, json!({"customer": invalid})));
    assert_eq!(order(&mut shop, json!({"customer": {"id": "x"}})).0, 400);
    assert!(shop.model.children().is_empty() && shop.model.records().is_empty());
}

#[test]
fn an_order_is_given_away_by_email_too() {
    let mut shop = shop();
    let ann = create(&mut shop, ANN);
    let (_, made) = order(&mut shop, json!({"email": "bob@x.org"}));
    let target = path(&format!("orders/{}.json", made["id"]));
    let mut give =
        |order: Value| shop.put(&target, &json!({ "order": order }).to_string()).1["order"]["customer"].take();
    assert_eq!(give(json!({"customer": {"email": "ann@x.org"}}))["id"], json!(ann));
    assert_eq!(give(json!({"email": "bob@x.org"}))["id"], json!(ann), "an order's own e-mail moves nothing");
    assert_eq!(give(json!({"customer": null})), Value::Null);
}

#[test]
fn a_new_order_is_about_the_customer_whose_it_will_be() {
    let mut shop = shop();
    create(&mut shop, ANN);
    shop.put(&path("customers/7000000001.json"), r#"{"customer":{"email":"new@x.org"}}"#);
    for (body, about) in [
        (r#"{"order":{"customer":{"id":7000000001}}}"#, "ann@x.org"),
        (r#"{"order":{"email":"New@x.org"}}"#, "ann@x.org"),
        (r#"{"order":{"customer":{"email":"bob@x.org"}}}"#, "bob@x.org"),
    ] {
        let route = shop.route(Method::Post, &path("orders.json"), body);
        assert_eq!(route, ("create-order", Subject::of(about.as_bytes())), "{body}");
    }
}
