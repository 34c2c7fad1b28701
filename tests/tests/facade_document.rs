//! The facade's OpenAPI document is well formed and names every path, method and meaning of an answer that the facade
//! has. Whether the hub keeps it is tested with the hub.

#![expect(clippy::unwrap_used, reason = "a document that cannot be read fails the test")]

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, ReferenceOr, Response, StatusCode};
use sagaproof_tests::openapi::{all_references_lead_somewhere, document, operations};

const TEXT: &str = include_str!("../../orchestrator/facade.openapi.yaml");

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
    let document = document(TEXT);
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
    all_references_lead_somewhere(TEXT, 50);
}

#[test]
fn every_error_is_a_problem_with_an_outcome_and_every_202_names_its_job() {
    let document = document(TEXT);
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
    let root: serde_json::Value = serde_saphyr::from_str(TEXT).unwrap();
    let required = root.pointer("/components/schemas/Problem/required").unwrap();
    assert!(required.as_array().unwrap().iter().any(|field| field == "outcome"));
}

#[test]
fn a_missing_customer_number_is_told_in_the_gateways_words() {
    let root: serde_json::Value = serde_saphyr::from_str(TEXT).unwrap();
    let pointer = "/components/responses/BadRequest/content/application~1json/example/message";
    assert_eq!(root.pointer(pointer).unwrap(), "Missing required request parameters: [cust_no]");
}

#[test]
fn whatever_changes_a_customer_takes_an_idempotency_key() {
    let document = document(TEXT);
    let key = "#/components/parameters/IdempotencyKey";
    for (name, operation) in operations(&document) {
        let takes = operation.parameters.iter().any(|parameter| match parameter {
            ReferenceOr::Reference { reference } => reference == key,
            ReferenceOr::Item(_) => false,
        });
        assert_eq!(takes, !name.starts_with("GET"), "{name}");
    }
}
