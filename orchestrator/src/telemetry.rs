//! Log lines: one JSON object each, with the fields that operators search by. No secrets and no personal data: a line
//! names sagas, steps and codes, never a customer's fields. Wall-clock stamps are the driver's to add.

use serde::Serialize;

/// One line.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    /// `INFO`, `WARN` or `ERROR`.
    pub level: &'static str,
    /// The node's monotonic clock, in nanoseconds.
    pub timestamp: u64,
    /// The function of the hub that speaks.
    pub function_name: &'static str,
    /// The call or exchange that it is about, unique in this life.
    pub function_request_id: u64,
    /// The correlation id.
    pub correlation_id: &'a str,
    /// The saga.
    pub saga_id: String,
    /// The step, where one is concerned.
    pub step: &'a str,
    /// What happened, in fixed words.
    pub message: &'static str,
    /// A code for machines, where something went wrong.
    pub error_code: &'a str,
}

impl Line<'_> {
    /// The line as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        // Writing plain data into memory cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}
