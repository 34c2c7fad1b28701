//! What every dialect shares about HTTP: assembling a request, classing an answer's status, encoding.

/// A 64-bit key in the form of a UUID. Distinct keys give distinct UUIDs.
#[must_use]
pub fn uuid(key: u64) -> String {
    format!("{key:032x}")
}
