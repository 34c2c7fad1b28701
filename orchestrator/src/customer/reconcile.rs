//! Reconcile: nobody asked for it, and nothing is known to have gone wrong. Each vendor is looked at afresh, as in the last
//! look of a saga whose every attempt ended unknown, and each difference from what the primary says is mended. It is about
//! a customer that stands, whose records shall be as the primary has them, or about an owner tag that no customer has any
//! more, whose records shall not be there.

use super::definition::{Act, Kind, StepDefinition};
use super::entry::{Patch, Wish};
use super::step::Step;
use crate::connector::Vendor;
use crate::saga::outcome::Outcome;

/// The steps.
pub const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Put(Vendor::Support)),
    StepDefinition::plain("identity", Act::Put(Vendor::Identity)),
];

impl Wish {
    /// That the records of this customer, or those under this tag, be as the primary says.
    #[must_use]
    pub fn reconcile(cust_no: &str, tag: Option<String>) -> Self {
        Self { kind: Kind::Reconcile, cust_no: cust_no.to_owned(), patch: Patch::default(), from: None, tag }
    }
}

impl Step {
    /// Whatever stands at the vendor is in doubt: it is to be looked at before release.
    pub(super) fn doubtful(&mut self) {
        self.sent = true;
        self.created = true;
        self.outcome = Some(Outcome::Unknown);
    }
}
