//! The operator API's OpenAPI document is well formed and names every path and method that the hub has for operators.

use std::collections::BTreeSet;

use sagaproof_orchestrator::gateway::operators::{PATHS, REPORTS};
use sagaproof_tests::openapi::{all_references_lead_somewhere, document, operations};

const TEXT: &str = include_str!("../../orchestrator/operator.openapi.yaml");

#[test]
fn every_path_and_method_of_the_operator_api_is_named() {
    let document = document(TEXT);
    let mut named = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(operation.summary.is_some() && operation.operation_id.is_some(), "{name}");
        named.insert(name);
    }
    let reports = REPORTS.iter().map(|path| format!("GET {path}"));
    let served: BTreeSet<_> =
        PATHS.iter().map(|(method, path)| format!("{} {path}", method.name())).chain(reports).collect();
    assert_eq!(named, served);
}

#[test]
fn every_reference_leads_somewhere() {
    all_references_lead_somewhere(TEXT, 30);
}
