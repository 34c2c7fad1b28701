//! Reconcile and rejoin: nobody asked for it, and nothing is known to have gone wrong. Each vendor is looked at afresh, as
//! in the last look of a saga whose every attempt ended unknown, and each difference from what the primary says is mended.
//! Reconcile is about a customer that stands, whose records shall be as the primary has them, or about an owner tag that no
//! customer has any more, whose records shall not be there. Rejoin is about the tag of a customer that was merged away: what
//! still bears it, or does again, becomes one with the record of the customer that it was merged into.

use super::definition::{Act, Kind, StepDefinition};
use super::entry::{Entry, Patch, Wish};
use super::plan::{Move, Next};
use super::state::{Engine, Saga};
use super::step::Step;
use crate::connector::{Condition, Found, Vendor};
use crate::effect::Direction;
use crate::saga::outcome::Outcome;
use crate::time::Instant;

/// The steps of reconcile.
pub const STEPS: &[StepDefinition] = &[
    StepDefinition::plain("commerce", Act::Put(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Put(Vendor::Support)),
    StepDefinition::plain("identity", Act::Put(Vendor::Identity)),
];

/// The steps of rejoin.
pub const REJOINING: &[StepDefinition] = &[
    StepDefinition::plain("commerce", Act::Merge(Vendor::Commerce)),
    StepDefinition::plain("support", Act::Merge(Vendor::Support)),
    StepDefinition::plain("identity", Act::Merge(Vendor::Identity)),
];

impl Wish {
    /// That the records of this customer, or those under this tag, be as the primary says.
    #[must_use]
    pub fn reconcile(cust_no: &str, tag: Option<String>) -> Self {
        Self { kind: Kind::Reconcile, cust_no: cust_no.to_owned(), patch: Patch::default(), from: None, tag }
    }

    /// That what stands under the tag of a customer that was merged into this one be one with its records.
    #[must_use]
    pub fn rejoin(cust_no: &str, tag: String) -> Self {
        Self { kind: Kind::Rejoin, ..Self::reconcile(cust_no, Some(tag)) }
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

impl Saga {
    /// The owner tag under which records are looked for.
    pub(super) fn sought(&self) -> Option<&str> {
        match (self.began.wish.kind, &self.began.wish.tag) {
            (Kind::Rejoin, Some(tag)) => Some(tag),
            _ => self.grant.as_ref().map(|grant| grant.owner.as_str()),
        }
    }

    /// Whether this record is one of those that are looked for: it bears the tag. A parting takes the tag away; but an id
    /// that was made from the tag is nobody else's, and what nobody owns under it is to be one again, or to go.
    pub(crate) fn seeks(&self, found: &Found, vendor: Vendor, engine: &Engine) -> bool {
        let Some(tag) = self.sought() else { return false };
        match &found.owner {
            Some(owner) => owner == tag,
            None => {
                self.began.wish.tag.is_some() && engine.connector(vendor).chosen_id(tag).as_ref() == Some(&found.id)
            }
        }
    }

    /// Before two records are made one again: whether there is a second one, and which. `None` once that is known. It stays
    /// known: they may be one since, and then nobody finds the one that went.
    pub(super) fn find_second(
        &mut self,
        index: usize,
        vendor: Vendor,
        now: Instant,
        engine: &Engine,
    ) -> Option<Option<Next>> {
        let looked = self.volatile.settling.as_ref().is_some_and(|settling| settling.inspected);
        if self.began.wish.kind != Kind::Rejoin || looked || self.steps[index].join.second.is_some() {
            return None;
        }
        let made = match self.inspect(index, vendor, now, engine) {
            Err(made) => made,
            Ok(inspection) => {
                self.inspected_merge(index);
                let stays = self.grant.as_ref().and_then(|grant| grant.ids.get(vendor as usize)?.as_ref());
                let is_second = |found: &Found| found.condition == Condition::Live && Some(&found.id) != stays;
                let second = inspection.found.into_iter().find(is_second);
                Move::Write(Entry::Adopted(index as u8, second.map(Box::new)))
            }
        };
        Some(self.made(index as u8, made, Direction::Settle))
    }
}
