//! Arguments: what does not fit their types is told, in a document and in variables, and nothing is carried out.

use super::*;

const CUSTOMER: &str = "query Read($id: ID!) { customer(id: $id) { id } }";
const CREATE: &str = "mutation Create($input: CustomerInput!) { customerCreate(input: $input) { customer { id } userErrors { field } } }";

/// The first error of a request that was not carried out.
fn error(shop: &mut Caller<Commerce>, query: &str, variables: &Value) -> Value {
    let mut answer = whole(shop, query, variables);
    assert_eq!(answer.get("data"), None, "{answer}");
    answer["errors"][0].take()
}

#[test]
fn an_id_is_a_global_id_and_nothing_else() {
    let mut shop = shop();
    add(&mut shop, "C001", Some("a@x.org"), 0);
    for bad in ["7000000001", "x", "", "gid://shopify/Customer/", "gid://shopify/Customer/a", "gid://other/Customer/1"]
    {
        let why = format!("Invalid global id '{bad}'");
        let expected = json!({
            "message": "Variable $id of type ID! was provided invalid value",
            "locations": [{"line": 1, "column": 12}],
            "extensions": {
                "code": "INVALID_VARIABLE", "value": bad,
                "problems": [{"path": [], "explanation": why, "message": why}],
            },
        });
        assert_eq!(error(&mut shop, CUSTOMER, &json!({"id": bad})), expected);
        let inline = error(&mut shop, &format!("query Read {{ it: customer(id: \"{bad}\") {{ id }} }}"), &json!({}));
        assert_eq!((&inline["message"], &inline["path"]), (&json!(why), &json!(["query Read", "it", "id"])));
        assert_eq!(inline["extensions"]["code"], "argumentLiteralsIncompatible");
    }
    let number = error(&mut shop, CUSTOMER, &json!({"id": 7_000_000_001_u64}));
    assert_eq!(number["extensions"]["problems"][0]["message"], "Invalid global id '7000000001'");
    let merge =
        "mutation($a: ID!) { customerMerge(customerOneId: $a, customerTwoId: 7000000001) { userErrors { code } } }";
    let one = json!({"a": "gid://shopify/Customer/7000000001"});
    assert_eq!(wrong(&mut shop, merge, &one), "Invalid global id '7000000001'");
    let delete = "mutation($input: CustomerDeleteInput!) { customerDelete(input: $input) { deletedCustomerId } }";
    let message = "Variable $input of type CustomerDeleteInput! was provided invalid value for id (Invalid global id '7000000001')";
    assert_eq!(wrong(&mut shop, delete, &json!({"input": {"id": "7000000001"}})), message);
    assert_eq!(data(&mut shop, CUSTOMER, &json!({"id": "gid://shopify/Order/7000000001"})), json!({"customer": null}));
    assert_eq!(shop.model.records().len(), 1);
}

#[test]
fn a_variable_that_must_be_given_and_is_not_is_told_as_an_invalid_one() {
    let missing = error(&mut shop(), CUSTOMER, &json!({}));
    let problems = json!([{"path": [], "explanation": "Expected value to not be null"}]);
    assert_eq!(missing["extensions"], json!({"code": "INVALID_VARIABLE", "value": null, "problems": problems}));
}

#[test]
fn variables_of_other_types_than_they_say_are_told_with_all_that_is_wrong() {
    let mut shop = shop();
    let input = json!({"mail": "a@x.org", "email": 5, "tags": ["a", 7, null], "addresses": [{"city": "B"}]});
    let told = error(&mut shop, CREATE, &json!({"input": input}));
    let expected = json!([
        {"path": ["email"], "explanation": "Could not coerce value 5 to String"},
        {"path": ["mail"], "explanation": "Field is not defined on CustomerInput"},
        {"path": ["tags", 1], "explanation": "Could not coerce value 7 to String"},
        {"path": ["tags", 2], "explanation": "Expected value to not be null"},
    ]);
    assert_eq!((&told["extensions"]["problems"], &told["extensions"]["value"]), (&expected, &input));
    let message = "Variable $input of type CustomerInput! was provided invalid value for email (Could not coerce value 5 to String), mail (Field is not defined on CustomerInput), ";
    assert!(told["message"].as_str().unwrap().starts_with(message), "{told}");
    let page = "query($n: Int!, $by: CustomerSortKeys) { customers(first: $n, sortKey: $by) { nodes { id } } }";
    let why = |shop: &mut Caller<Commerce>, variables: Value| {
        error(shop, page, &variables)["extensions"]["problems"][0]["explanation"].take()
    };
    assert_eq!(why(&mut shop, json!({"n": "x"})), json!("Could not coerce value \"x\" to Int"));
    assert_eq!(why(&mut shop, json!({"n": 1.5})), json!("Could not coerce value 1.5 to Int"));
    let mood = why(&mut shop, json!({"n": 1, "by": "MOOD"}));
    assert!(mood.as_str().unwrap().starts_with("Expected \"MOOD\" to be one of: CREATED_AT, "), "{mood}");
    assert_eq!(why(&mut shop, json!({"n": 1, "by": 5})).as_str().map(|why| &why[..10]), Some("Expected 5"));
    let object = error(&mut shop, CREATE, &json!({"input": "x"}));
    assert_eq!(object["extensions"]["problems"][0]["explanation"], "Expected \"x\" to be a key-value object.");
    data(&mut shop, CREATE, &json!({"input": {"firstName": "A", "tags": "one", "note": null, "locale": "de"}}));
    assert_eq!(shop.model.records().len(), 1);
}

#[test]
fn literals_of_other_types_than_they_stand_for_are_told() {
    let mut shop = shop();
    for (query, code, message) in [
        (
            "mutation { customerCreate(input: {mail: \"a@x.org\"}) { customer { id } } }",
            "argumentNotAccepted",
            "InputObject 'CustomerInput' doesn't accept argument 'mail'",
        ),
        (
            "mutation { customerCreate(input: {email: 5}) { customer { id } } }",
            "argumentLiteralsIncompatible",
            "Argument 'email' on InputObject 'CustomerInput' has an invalid value (5). Expected type 'String'.",
        ),
        (
            "mutation { customerDelete(input: {}) { deletedCustomerId } }",
            "missingRequiredInputObjectAttribute",
            "Argument 'id' on InputObject 'CustomerDeleteInput' is required. Expected type ID!",
        ),
        (
            "{ customers(first: \"x\") { nodes { id } } }",
            "argumentLiteralsIncompatible",
            "Argument 'first' on Field 'customers' has an invalid value (\"x\"). Expected type 'Int'.",
        ),
        (
            "{ customers(first: 1, sortKey: MOOD) { nodes { id } } }",
            "argumentLiteralsIncompatible",
            "Argument 'sortKey' on Field 'customers' has an invalid value (MOOD). Expected type 'CustomerSortKeys'.",
        ),
        (
            "{ customer(id: null) { id } }",
            "argumentLiteralsIncompatible",
            "Argument 'id' on Field 'customer' has an invalid value (null). Expected type 'ID!'.",
        ),
        ("{ customers(first: 300) { nodes { id } } }", "BAD_REQUEST", "first cannot exceed 250"),
        (
            "{ customers(first: 1) { nodes { orders(last: 251) { nodes { id } } } } }",
            "BAD_REQUEST",
            "last cannot exceed 250",
        ),
        (
            "{ customers(first: 1, after: \"mood\") { nodes { id } } }",
            "BAD_REQUEST",
            "Invalid cursor for current pagination sort.",
        ),
        ("{ customers(first: -1) { nodes { id } } }", "BAD_REQUEST", "first cannot be negative"),
    ] {
        let told = error(&mut shop, query, &json!({}));
        assert_eq!((&told["message"], &told["extensions"]["code"]), (&json!(message), &json!(code)), "{query}");
    }
    assert!(shop.model.records().is_empty());
}

#[test]
fn a_variable_stands_only_for_what_its_type_fits() {
    let mut shop = shop();
    let id = json!({"id": "gid://shopify/Customer/1"});
    for (declared, message) in [
        ("ID", "Nullability mismatch on variable $id and argument id (ID / ID!)"),
        ("String!", "Type mismatch on variable $id and argument id (String! / ID!)"),
        ("[ID!]!", "Type mismatch on variable $id and argument id ([ID!]! / ID!)"),
        ("Mood", "Mood isn't a defined input type (on $id)"),
    ] {
        let query = format!("query($id: {declared}) {{ customer(id: $id) {{ id }} }}");
        assert_eq!(wrong(&mut shop, &query, &id), message);
    }
}

#[test]
fn an_error_tells_the_way_to_it() {
    let mut shop = shop();
    for (query, path) in [
        ("{ shop { nme } }", json!(["query", "shop", "nme"])),
        ("query Q { it: shop { other: nme } }", json!(["query Q", "it", "other"])),
        (
            "mutation M { customerCreate(input: {mail: 1}) { userErrors { field } } }",
            json!(["mutation M", "customerCreate", "input", "mail"]),
        ),
        ("{ shop { ...F } } fragment F on Shop { nme }", json!(["fragment F", "nme"])),
        ("{ shop { ...F } nme } fragment F on Shop { name }", json!(["query", "nme"])),
        ("{ shop(id: 1) { name } }", json!(["query", "shop", "id"])),
    ] {
        assert_eq!(error(&mut shop, query, &json!({}))["path"], path, "{query}");
    }
}
