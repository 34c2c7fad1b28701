//! Setting customers by a key, tags, counts, and what failures tell.

use super::*;

const SET: &str = "mutation($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) { customerSet(identifier: $identifier, input: $input) { customer { id email phone firstName tags } userErrors { field message code } } }";

fn set(shop: &mut Caller<Commerce>, identifier: &Value, input: &Value) -> Value {
    data(shop, SET, &json!({"identifier": identifier, "input": input}))["customerSet"].take()
}

#[test]
fn a_customer_is_set_by_its_key_whether_it_is_there_or_not() {
    let mut shop = shop();
    let made = set(&mut shop, &json!({"email": "A@x.org"}), &json!({"firstName": "Ann", "tags": ["vip"]}));
    let ann = made["customer"]["id"].clone();
    assert_eq!((&made["customer"]["email"], &made["userErrors"]), (&json!("a@x.org"), &json!([])));
    let again = set(&mut shop, &json!({"email": "a@X.org"}), &json!({"email": "a@x.org", "phone": "+49 30 12345"}));
    let expected = json!({"id": ann, "email": "a@x.org", "phone": "+493012345", "firstName": "Ann", "tags": ["vip"]});
    assert_eq!(again["customer"], expected);
    let by_phone = set(&mut shop, &json!({"phone": "+493012345"}), &json!({"firstName": "Anna"}));
    assert_eq!((&by_phone["customer"]["id"], &by_phone["customer"]["firstName"]), (&ann, &json!("Anna")));
    let by_id = set(&mut shop, &json!({"id": ann}), &json!({"tags": []}));
    assert_eq!((&by_id["customer"]["id"], &by_id["customer"]["tags"]), (&ann, &json!([])));
    let new = set(&mut shop, &Value::Null, &json!({"firstName": "Bob"}));
    assert_ne!(new["customer"]["id"], ann);
    assert_eq!(shop.model.records().len(), 2);
}

#[test]
fn a_customer_that_cannot_be_set_is_refused_under_a_code() {
    let mut shop = shop();
    let ann = add(&mut shop, "C001", Some("a@x.org"), 0);
    let nobody = json!({"id": "gid://shopify/Customer/9"});
    for (identifier, input, field, code) in [
        (nobody, json!({}), json!(["identifier"]), "NOT_FOUND"),
        (json!({"id": ann, "email": "a@x.org"}), json!({}), json!(["identifier"]), "INVALID"),
        (json!({}), json!({"email": "b@x.org"}), json!(["identifier"]), "INVALID"),
        (json!({"email": "b@x.org"}), json!({"email": "c@x.org"}), json!(["input", "email"]), "INVALID"),
        (Value::Null, json!({"email": "a@x.org"}), json!(["input", "email"]), "TAKEN"),
        (json!({"phone": "call"}), json!({}), json!(["input", "phone"]), "INVALID"),
        (Value::Null, json!({"note": "n"}), Value::Null, "INVALID"),
    ] {
        let refused = set(&mut shop, &identifier, &input);
        let error = &refused["userErrors"][0];
        assert_eq!(
            (&refused["customer"], &error["field"], &error["code"]),
            (&Value::Null, &field, &json!(code)),
            "{refused}"
        );
    }
    assert_eq!(shop.model.records().len(), 1);
}

#[test]
fn tags_are_added_and_removed_one_by_one() {
    let mut shop = shop();
    let ann = add(&mut shop, "C001", Some("a@x.org"), 1);
    let change = |shop: &mut Caller<Commerce>, what: &str, id: &str, tags: Value| {
        let query = format!(
            "mutation($id: ID!, $tags: [String!]!) {{ {what}(id: $id, tags: $tags) {{ node {{ id ... on Customer {{ tags }} }} userErrors {{ field message }} }} }}"
        );
        data(shop, &query, &json!({"id": id, "tags": tags}))[what].take()
    };
    let added = change(&mut shop, "tagsAdd", &ann, json!(["vip", "new, VIP"]));
    assert_eq!(added["node"], json!({"id": ann, "tags": ["owner:C001/s0", "vip", "new"]}));
    let removed = change(&mut shop, "tagsRemove", &ann, json!(["Vip", "none"]));
    assert_eq!(removed["node"]["tags"], json!(["owner:C001/s0", "new"]));
    for (id, message) in [
        ("gid://shopify/Customer/9", "Node does not exist"),
        ("gid://shopify/Order/5000000000001", "This shop keeps no tags of orders"),
    ] {
        let refused = change(&mut shop, "tagsAdd", id, json!(["x"]));
        assert_eq!(refused, json!({"node": null, "userErrors": [{"field": ["id"], "message": message}]}));
    }
}

#[test]
fn several_nodes_are_told_in_the_order_that_they_are_asked_for() {
    let mut shop = shop();
    let ann = add(&mut shop, "C001", Some("a@x.org"), 1);
    let order = "gid://shopify/Order/5000000000001";
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id __typename } }";
    let told = data(&mut shop, query, &json!({"ids": [order, "gid://shopify/Customer/9", ann]}));
    let expected = json!([{"id": order, "__typename": "Order"}, null, {"id": ann, "__typename": "Customer"}]);
    assert_eq!(told["nodes"], expected);
    assert!(wrong(&mut shop, query, &json!({"ids": ["1"]})).ends_with("for 0 (Invalid global id '1')"));
}

#[test]
fn customers_are_counted() {
    let mut shop = shop();
    add(&mut shop, "C001", Some("a@x.org"), 0);
    add(&mut shop, "C002", Some("b@x.org"), 0);
    let count = "query($q: String) { customersCount(query: $q) { count precision } }";
    let all = data(&mut shop, count, &json!({}))["customersCount"].take();
    assert_eq!(all, json!({"count": 2, "precision": "EXACT"}));
    assert_eq!(data(&mut shop, count, &json!({"q": "email:a@x.org"}))["customersCount"]["count"], 1);
    assert_eq!(data(&mut shop, count, &json!({"q": "mood:good"}))["customersCount"]["count"], 0);
}

#[test]
fn failures_tell_the_shop_and_a_code() {
    let mut shop = shop();
    let ann = add(&mut shop, "C001", Some("a@x.org"), 1);
    let delete = "mutation($id: ID!) { customerDelete(input: {id: $id}) { deletedCustomerId shop { name } userErrors { field } } }";
    for id in [&ann, "gid://shopify/Customer/9"] {
        let refused = data(&mut shop, delete, &json!({"id": id}))["customerDelete"].take();
        assert_eq!(
            refused,
            json!({"deletedCustomerId": null, "shop": {"name": "The shop"}, "userErrors": [{"field": ["id"]}]})
        );
    }
    let give = "mutation($a: ID!, $b: ID!) { orderCustomerSet(orderId: $a, customerId: $b) { order { id } userErrors { field code } } }";
    for (order, to, field) in [("5000000000001", "gid://shopify/Customer/9", "customerId"), ("9", &*ann, "orderId")] {
        let order = ["gid://shopify/Order/", order].concat();
        let refused = data(&mut shop, give, &json!({"a": order, "b": to}))["orderCustomerSet"].take();
        assert_eq!(refused, json!({"order": null, "userErrors": [{"field": [field], "code": "NOT_FOUND"}]}));
    }
}
