//! Reading an OpenAPI document: which operations it names, and whether its references lead somewhere.

use openapiv3::{OpenAPI, Operation};

/// The document; a test that cannot read it fails.
///
/// # Panics
/// Where the text is no OpenAPI document.
#[must_use]
pub fn document(text: &str) -> OpenAPI {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("no OpenAPI document: {error}"))
}

/// Its operations, each with its name: method and path.
///
/// # Panics
/// Where a path is written elsewhere.
#[must_use]
pub fn operations(document: &OpenAPI) -> Vec<(String, &Operation)> {
    let mut found = Vec::new();
    for (path, item) in &document.paths.paths {
        let item = item.as_item().unwrap_or_else(|| panic!("{path} is a reference"));
        found.extend(item.iter().map(|(method, operation)| (format!("{} {path}", method.to_uppercase()), operation)));
    }
    found
}

/// Asserts that the text has more than so many references, and that each of them leads somewhere.
///
/// # Panics
/// Where that is not so.
pub fn all_references_lead_somewhere(text: &str, more_than: usize) {
    let root: serde_json::Value =
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("it cannot be read: {error}"));
    let references: Vec<&str> =
        text.split("$ref: '#").skip(1).map(|rest| rest.split('\'').next().unwrap_or_default()).collect();
    assert!(references.len() > more_than, "{} references", references.len());
    for reference in references {
        assert!(root.pointer(reference).is_some(), "#{reference} leads nowhere");
    }
}
