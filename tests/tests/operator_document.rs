//! The operator API's OpenAPI document is well formed and names every path and method that the hub has for operators.

use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use sagaproof_orchestrator::gateway::operators::{PATHS, REPORTS};

const TEXT: &str = include_str!("../../orchestrator/operator.openapi.yaml");

#[test]
fn every_path_and_method_of_the_operator_api_is_named() {
    let document: OpenAPI = serde_saphyr::from_str(TEXT).unwrap();
    let mut named = BTreeSet::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in item.as_item().unwrap().iter() {
            assert!(operation.summary.is_some() && operation.operation_id.is_some(), "{method} {path}");
            named.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let reports = REPORTS.iter().map(|path| format!("GET {path}"));
    let served: BTreeSet<_> =
        PATHS.iter().map(|(method, path)| format!("{} {path}", method.name())).chain(reports).collect();
    assert_eq!(named, served);
}

#[test]
fn every_reference_leads_somewhere() {
    let root: serde_json::Value = serde_saphyr::from_str(TEXT).unwrap();
    let references: Vec<&str> = TEXT.split("$ref: '#").skip(1).map(|rest| rest.split('\'').next().unwrap()).collect();
    assert!(references.len() > 30);
    for reference in references {
        assert!(root.pointer(reference).is_some(), "#{reference} leads nowhere");
    }
}
