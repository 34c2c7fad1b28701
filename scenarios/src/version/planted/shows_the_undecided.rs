//! An update stands in the primary database as soon as it begins, and is put back where it fails: in between, whoever
//! reads is shown what may never have been. Anomaly: dirty read.
//! Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::encode;
use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::customer::row::{CustomerRow, CustomerView};
use sagaproof_orchestrator::effect::{Effect, Write};
use sagaproof_orchestrator::saga::journal;
use sagaproof_orchestrator::time::Instant;

use super::{Bug, Mistake, fresh};
use crate::adapter::Wrapper;
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "shows-the-undecided",
    summary: "Shows an update that its saga may still take back.",
    origin: "dirty read",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "reads-among-writes",
    mistake: Mistake::Store(fresh::<Hasty<true>>, fresh::<Hasty<false>>),
};

#[derive(Debug, Clone, Default)]
struct Hasty<const PLANTED: bool>;

impl<const PLANTED: bool> Wrapper for Hasty<PLANTED> {
    fn on_effects(&mut self, _: Instant, effects: &mut Vec<Effect>) {
        for effect in effects {
            if let Effect::Commit { writes, .. } = effect
                && PLANTED
            {
                write_ahead(writes);
            }
        }
    }
}

/// Where these writes begin a saga, the customer's row among them is as the saga wants it.
fn write_ahead(writes: &mut [Write]) {
    let value = |write: &Write| write.value.clone().unwrap_or_default();
    let journal = writes.iter().find(|write| write.key.starts_with(journal::PREFIX));
    let entries: Vec<Entry> = journal.and_then(|row| serde_json::from_slice(&value(row)).ok()).unwrap_or_default();
    let [Entry::Began(began), Entry::Granted(grant), ..] = entries.as_slice() else { return };
    let Some(wanted) = began.wish.granted(grant.before.as_ref()) else { return };
    for write in writes {
        if let Ok(row) = serde_json::from_slice::<CustomerRow>(&value(write)) {
            write.value = Some(encode::customer(&CustomerView { profile: &wanted, ..row.view() }));
        }
    }
}
