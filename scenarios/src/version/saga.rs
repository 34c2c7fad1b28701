//! The shipped orchestrator: the hub as it is.

use super::hub::Variant;

/// No difference.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shipped;

impl Variant for Shipped {
    const NAME: &'static str = "saga";
    const SUMMARY: &'static str = "The shipped hub: journal, idempotency keys, compensation, quiet before release.";
}
