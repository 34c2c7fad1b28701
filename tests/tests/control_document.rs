//! The control API's OpenAPI document is well formed and names every path and method that the fleet's control API has.

use std::collections::BTreeSet;

use sagaproof::live::CHECK_ROUTES;
use sagaproof_sim::server::CONTROL_ROUTES;
use sagaproof_tests::openapi::{all_references_lead_somewhere, document, operations};

const TEXT: &str = include_str!("../../sim/control.openapi.yaml");

#[test]
fn every_path_and_method_of_the_control_api_is_named() {
    let document = document(TEXT);
    let mut named = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(operation.summary.is_some() && operation.operation_id.is_some(), "{name}");
        named.insert(name);
    }
    let served: BTreeSet<_> =
        CONTROL_ROUTES.iter().chain(CHECK_ROUTES).map(|(method, path)| format!("{} {path}", method.as_str())).collect();
    assert_eq!(named, served);
}

#[test]
fn every_reference_leads_somewhere() {
    all_references_lead_somewhere(TEXT, 20);
}
