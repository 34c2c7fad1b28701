//! The facade's OpenAPI document is well formed and names every path, method and meaning of an answer that the facade
//! has. Whether the hub keeps it is tested with the hub.

#![expect(clippy::unwrap_used, reason = "a document that cannot be read fails the test")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use openapiv3::{OpenAPI, Operation, ReferenceOr, Response, StatusCode};

fn text() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../orchestrator/facade.openapi.yaml");
    std::fs::read_to_string(path).unwrap()
}

fn document() -> OpenAPI {
    serde_saphyr::from_str(&text()).unwrap()
}

fn operations(document: &OpenAPI) -> Vec<(String, &Operation)> {
    let mut found = Vec::new();
    for (path, item) in &document.paths.paths {
        let item = item.as_item().unwrap();
        found.extend(item.iter().map(|(method, operation)| (format!("{} {path}", method.to_uppercase()), operation)));
    }
    found
}

fn response<'a>(document: &'a OpenAPI, reference: &'a ReferenceOr<Response>) -> &'a Response {
    match reference {
        ReferenceOr::Item(response) => response,
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/").unwrap();
            document.components.as_ref().unwrap().responses[name].as_item().unwrap()
        }
    }
}

#[test]
fn every_path_and_method_of_the_facade_is_named() {
    let document = document();
    let named: BTreeSet<String> = operations(&document).into_iter().map(|(name, _)| name).collect();
    let facade = [
        "POST /api/customers",
        "GET /api/customers",
        "GET /api/customers/{cust_no}",
        "PATCH /api/customers/{cust_no}",
        "DELETE /api/customers/{cust_no}",
        "POST /api/customers/{cust_no}/merge",
        "POST /api/async/customers",
        "PATCH /api/async/customers/{cust_no}",
        "DELETE /api/async/customers/{cust_no}",
        "POST /api/async/customers/{cust_no}/merge",
        "GET /api/jobs/{id}",
    ];
    assert_eq!(named, facade.into_iter().map(str::to_owned).collect());
}

#[test]
fn every_reference_leads_somewhere() {
    let text = text();
    let root: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
    let references: Vec<&str> = text.split("$ref: '#").skip(1).map(|rest| rest.split('\'').next().unwrap()).collect();
    assert!(references.len() > 50);
    for reference in references {
        assert!(root.pointer(reference).is_some(), "#{reference} leads nowhere");
    }
}

#[test]
fn every_error_is_a_problem_with_an_outcome_and_every_202_names_its_job() {
    let document = document();
    for (name, operation) in operations(&document) {
        for (status, reference) in &operation.responses.responses {
            let response = response(&document, reference);
            match status {
                StatusCode::Code(202) => assert!(response.headers.contains_key("Location"), "{name}"),
                StatusCode::Code(200..400) => {}
                _ => assert!(response.content.contains_key("application/problem+json"), "{name} {status}"),
            }
        }
    }
    let root: serde_json::Value = serde_saphyr::from_str(&text()).unwrap();
    let required = root.pointer("/components/schemas/Problem/required").unwrap();
    assert!(required.as_array().unwrap().iter().any(|field| field == "outcome"));
}

#[test]
fn a_missing_customer_number_is_told_in_the_gateways_words() {
    let root: serde_json::Value = serde_saphyr::from_str(&text()).unwrap();
    let pointer = "/components/responses/BadRequest/content/application~1json/example/message";
    assert_eq!(root.pointer(pointer).unwrap(), "Missing required request parameters: [cust_no]");
}

#[test]
fn whatever_changes_a_customer_takes_an_idempotency_key() {
    let document = document();
    let key = "#/components/parameters/IdempotencyKey";
    for (name, operation) in operations(&document) {
        let takes = operation.parameters.iter().any(|parameter| match parameter {
            ReferenceOr::Reference { reference } => reference == key,
            ReferenceOr::Item(_) => false,
        });
        assert_eq!(takes, !name.starts_with("GET"), "{name}");
    }
}
