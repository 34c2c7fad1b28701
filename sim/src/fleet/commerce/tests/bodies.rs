//! What a body may say otherwise than in texts.

use super::*;

#[test]
fn numbers_are_taken_for_texts_and_tags_may_be_a_list() {
    let mut shop = shop();
    let body = r#"{"customer":{"phone":4930123456,"note":5,"first_name":true,"tags":["vip","owner:C001/s1, new",7]}}"#;
    let id = create(&mut shop, body);
    let target = path(&format!("customers/{id}.json"));
    let customer = shop.get(&target).1["customer"].take();
    let told = ["phone", "note", "first_name", "tags"].map(|name| customer[name].as_str().unwrap().to_owned());
    assert_eq!(told, ["4930123456", "5", "true", "vip, owner:C001/s1, new, 7"]);
    assert_eq!(shop.put(&target, r#"{"customer":{"tags":[]}}"#).1["customer"]["tags"], "");
    assert_eq!(shop.put(&target, r#"{"customer":{"tags":{"a":1}}}"#).0, 400);
    assert_eq!(shop.put(&target, r#"{"customer":{"phone":[1]}}"#).0, 400);
}
