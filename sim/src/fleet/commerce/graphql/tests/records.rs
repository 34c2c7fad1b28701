//! Customers and orders by GraphQL: created, changed, found, given to others, deleted.

use super::*;

const CREATE: &str = "mutation($input: CustomerInput!) { customerCreate(input: $input) { customer { id email tags note } userErrors { field message } } }";
const UPDATE: &str = "mutation($input: CustomerInput!) { customerUpdate(input: $input) { customer { firstName phone } userErrors { field message } } }";
const DELETE: &str =
    "mutation($id: ID!) { customerDelete(input: {id: $id}) { deletedCustomerId userErrors { field message } } }";
const SET: &str = "mutation($order: ID!, $customer: ID!) { orderCustomerSet(orderId: $order, customerId: $customer) { order { customer { id } } userErrors { field message } } }";
const REMOVE: &str =
    "mutation($order: ID!) { orderCustomerRemove(orderId: $order) { order { customer { id } } userErrors { field } } }";
const ORDER: &str = "gid://shopify/Order/5000000000001";

#[test]
fn a_customer_is_created_updated_and_deleted() {
    let mut shop = shop();
    let input = json!({"email": "Ann@x.org", "firstName": "Ann", "tags": ["owner:C001/s1", "vip"], "note": "N"});
    let created = data(&mut shop, CREATE, &json!({"input": input}))["customerCreate"].take();
    let customer = &created["customer"];
    assert_eq!((&customer["email"], &customer["tags"]), (&json!("ann@x.org"), &json!(["owner:C001/s1", "vip"])));
    let again = data(&mut shop, CREATE, &json!({"input": input}))["customerCreate"].take();
    let taken = json!([{"field": ["email"], "message": "Email has already been taken"}]);
    assert_eq!((&again["customer"], &again["userErrors"]), (&Value::Null, &taken));
    let input = json!({"id": customer["id"], "firstName": null, "phone": "+49 30 12345"});
    let updated = data(&mut shop, UPDATE, &json!({"input": input}))["customerUpdate"].take();
    assert_eq!(updated["customer"], json!({"firstName": null, "phone": "+493012345"}));
    let deleted = data(&mut shop, DELETE, &json!({"id": customer["id"]}))["customerDelete"].take();
    assert_eq!((&deleted["deletedCustomerId"], &deleted["userErrors"]), (&customer["id"], &json!([])));
    let gone = data(&mut shop, DELETE, &json!({"id": customer["id"]}))["customerDelete"].take();
    assert_eq!(gone["userErrors"][0]["message"], json!("Customer can't be found"));
}

#[test]
fn a_customer_with_orders_is_not_deleted() {
    let mut shop = shop();
    let id = add(&mut shop, "C001", Some("a@x.org"), 1);
    let refused = data(&mut shop, DELETE, &json!({"id": id}))["customerDelete"].take();
    assert_eq!((&refused["deletedCustomerId"], &refused["userErrors"][0]["field"]), (&Value::Null, &json!(["id"])));
    assert_eq!(shop.model.records().len(), 1);
}

#[test]
fn customers_are_found_page_by_page_once_the_index_shows_them() {
    let mut shop = shop();
    let ids: Vec<_> = ["a", "b", "c"].map(|name| add(&mut shop, name, Some(&format!("{name}@x.org")), 0)).into();
    let page = "query($after: String) { customers(first: 2, after: $after, query: \"first_name:a OR first_name:b OR first_name:c\") { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let first = data(&mut shop, page, &json!({}))["customers"].take();
    assert_eq!((&first["nodes"][1]["id"], &first["pageInfo"]["hasNextPage"]), (&json!(ids[1]), &json!(true)));
    let rest = data(&mut shop, page, &json!({"after": first["pageInfo"]["endCursor"]}))["customers"].take();
    assert_eq!(rest["nodes"], json!([{"id": ids[2]}]));
    let input = json!({"email": "d@x.org"});
    data(&mut shop, CREATE, &json!({"input": input}));
    let by_email = "{ customerByIdentifier(identifier: {emailAddress: \"D@x.org\"}) { email } }";
    assert_eq!(data(&mut shop, by_email, &json!({}))["customerByIdentifier"], Value::Null);
    shop.wait(Nanos::secs(2));
    assert_eq!(data(&mut shop, by_email, &json!({}))["customerByIdentifier"]["email"], json!("d@x.org"));
}

#[test]
fn an_order_is_given_to_another_customer_or_to_nobody() {
    let mut shop = shop();
    let (ann, bob) = (add(&mut shop, "C001", None, 1), add(&mut shop, "C002", None, 0));
    let set = data(&mut shop, SET, &json!({"order": ORDER, "customer": bob}))["orderCustomerSet"].take();
    assert_eq!(set, json!({"order": {"customer": {"id": bob}}, "userErrors": []}));
    let orders = "query($q: String) { orders(first: 9, query: $q) { nodes { id } } }";
    let of = |id: &str| json!({"q": format!("customer_id:{}", bare("Customer", id).unwrap())});
    assert_eq!(data(&mut shop, orders, &of(&bob))["orders"]["nodes"], json!([{"id": ORDER}]));
    assert_eq!(data(&mut shop, orders, &of(&ann))["orders"]["nodes"], json!([]));
    let removed = data(&mut shop, REMOVE, &json!({"order": ORDER}))["orderCustomerRemove"].take();
    assert_eq!(removed["order"]["customer"], Value::Null);
    assert_eq!(shop.model.children()[0].holder, None);
    let nobody = data(&mut shop, SET, &json!({"order": ORDER, "customer": "gid://shopify/Customer/9"}));
    assert_eq!(nobody["orderCustomerSet"]["userErrors"][0]["field"], json!(["customerId"]));
    let nothing = data(&mut shop, REMOVE, &json!({"order": "gid://shopify/Order/9"}));
    assert_eq!(nothing["orderCustomerRemove"]["userErrors"][0]["field"], json!(["orderId"]));
}

#[test]
fn a_node_is_told_as_what_it_is() {
    let mut shop = shop();
    let ann = add(&mut shop, "C001", None, 1);
    let query = "query($id: ID!) { node(id: $id) { id __typename ... on Customer { firstName } ...O } } fragment O on Order { name }";
    let customer = json!({"id": ann, "__typename": "Customer", "firstName": "C001"});
    assert_eq!(data(&mut shop, query, &json!({"id": ann}))["node"], customer);
    let order = json!({"id": ORDER, "__typename": "Order", "name": "#1001"});
    assert_eq!(data(&mut shop, query, &json!({"id": ORDER}))["node"], order);
    assert_eq!(data(&mut shop, query, &json!({"id": "gid://shopify/Shop/1"}))["node"], Value::Null);
    let stray = wrong(&mut shop, "{ node(id: \"gid://shopify/Shop/1\") { ... on Shop { id } } }", &json!({}));
    assert_eq!(stray, "Fragment on Shop can't be spread inside Node");
}

#[test]
fn orders_are_listed_page_by_page_and_counted() {
    let mut shop = shop();
    let ann = add(&mut shop, "C001", None, 3);
    let numbers = |body: &Value| -> Vec<u64> {
        body["orders"].as_array().unwrap().iter().map(|order| order["order_number"].as_u64().unwrap()).collect()
    };
    let id = bare("Customer", &ann).unwrap();
    let path = format!("/admin/api/2026-07/orders.json?customer_id={id}&status=any&limit=2");
    let response = shop.send(Method::Get, &path, "");
    assert_eq!(numbers(&serde_json::from_slice(&response.body).unwrap()), [1001, 1002]);
    let link = response.headers.get("link").unwrap();
    let next = link.split(['<', '>']).nth(1).unwrap().split_once("/admin").unwrap().1;
    assert_eq!(numbers(&shop.get(&["/admin", next].concat()).1), [1003]);
    let of_customer = format!("/admin/api/2026-07/customers/{id}/orders.json?status=");
    assert_eq!(numbers(&shop.get(&[&of_customer, "any&since_id=5000000000001"].concat()).1), [1002, 1003]);
    assert_eq!(numbers(&shop.get(&[&of_customer, "closed"].concat()).1), [0_u64; 0]);
    assert_eq!(shop.get("/admin/api/2026-07/orders.json?page_info=x").0, 400);
    assert_eq!(shop.get("/admin/api/2026-07/orders/count.json?status=any").1, json!({"count": 3}));
    assert_eq!(shop.get("/admin/api/2026-07/orders/count.json?status=closed").1, json!({"count": 0}));
    assert_eq!(shop.get("/admin/api/2026-07/customers/count.json").1, json!({"count": 1}));
}

#[test]
fn rest_gives_orders_too() {
    let mut shop = shop();
    let (_, bob) = (add(&mut shop, "C001", Some("a@x.org"), 1), add(&mut shop, "C002", None, 0));
    let bob: u64 = bare("Customer", &bob).unwrap().parse().unwrap();
    let path = |rest: &str| format!("/admin/api/2026-07/{rest}.json");
    let order = path("orders/5000000000001");
    let (status, given) = shop.put(&order, &json!({"order": {"id": 1, "customer": {"id": bob}}}).to_string());
    assert_eq!((status, &given["order"]["customer"]["id"]), (200, &json!(bob)));
    assert_eq!(shop.put(&order, r#"{"order":{"customer":null}}"#).1["order"]["customer"], Value::Null);
    assert_eq!(shop.put(&order, r#"{"order":{"customer":{"id":9}}}"#).0, 422);
    assert_eq!(shop.put(&path("orders/9"), r#"{"order":{}}"#).0, 404);
    let (status, made) = shop.post(&path("orders"), r#"{"order":{"email":"A@x.org","line_items":[]}}"#);
    assert_eq!((status, &made["order"]["customer"]["email"]), (201, &json!("a@x.org")));
    let (_, read) = shop.get(&path("orders/5000000000002"));
    assert_eq!(read, made);
    assert_eq!(shop.post(&path("orders"), r#"{"order":{"customer":{"id":9}}}"#).0, 422);
    assert_eq!(shop.post(&path("orders"), "{}").0, 400);
    assert_eq!(shop.post(&path("orders"), r#"{"order":{"line_items":[]}}"#).1["order"]["customer"], Value::Null);
}
