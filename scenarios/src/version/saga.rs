//! The shipped orchestrator: the hub as it is, which [`super::hub::Hub::shipped`] makes. Here stand its name and what it
//! says of itself.

/// Its name.
pub const NAME: &str = "saga";

/// What it is, in one sentence.
pub const SUMMARY: &str = "The shipped hub: journal, idempotency keys, compensation, quiet before release.";
