//! The control API's OpenAPI document is well formed and names every path and method that the fleet's control API has.

use std::collections::BTreeSet;

use openapiv3::OpenAPI;
use sagaproof::live::CHECK_ROUTES;
use sagaproof_sim::server::CONTROL_ROUTES;

const TEXT: &str = include_str!("../../sim/control.openapi.yaml");

#[test]
fn every_path_and_method_of_the_control_api_is_named() {
    let document: OpenAPI = serde_saphyr::from_str(TEXT).unwrap();
    let mut named = BTreeSet::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in item.as_item().unwrap().iter() {
            assert!(operation.summary.is_some() && operation.operation_id.is_some(), "{method} {path}");
            named.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let served: BTreeSet<_> =
        CONTROL_ROUTES.iter().chain(CHECK_ROUTES).map(|(method, path)| format!("{} {path}", method.as_str())).collect();
    assert_eq!(named, served);
}

#[test]
fn every_reference_leads_somewhere() {
    let root: serde_json::Value = serde_saphyr::from_str(TEXT).unwrap();
    let references: Vec<&str> = TEXT.split("$ref: '#").skip(1).map(|rest| rest.split('\'').next().unwrap()).collect();
    assert!(references.len() > 20);
    for reference in references {
        assert!(root.pointer(reference).is_some(), "#{reference} leads nowhere");
    }
}
