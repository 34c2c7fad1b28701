//! The body says when it was sent, so that a retry bears the same idempotency key with another body: a vendor that
//! compares refuses it, one that does not stores either. Anomaly: key reuse with another body.
//! Seam: event/effect wrapper. Convicted by `keys-are-stable`.

use sagaproof_orchestrator::effect::Effect;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "time-in-the-body",
    summary: "Writes the time of sending into the body of each attempt.",
    origin: "key reuse with another body",
    convicted_by: CheckerName::KeysAreStable,
    hunted_in: "create-one",
    mistake: Mistake::Wrapper(fresh::<Stamping<true>>, fresh::<Stamping<false>>),
};

/// How a customer in a body for commerce begins.
const CUSTOMER: &str = r#"{"customer":{"#;

#[derive(Debug, Clone, Default)]
struct Stamping<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Stamping<PLANTED> {
    fn on_effects(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Call { request, .. } = effect
                && PLANTED
                && request.body.starts_with(CUSTOMER.as_bytes())
            {
                let stamp = format!(r#""note":"sent at {}","#, now.0);
                request.body.splice(CUSTOMER.len()..CUSTOMER.len(), stamp.into_bytes());
            }
        }
    }
}
