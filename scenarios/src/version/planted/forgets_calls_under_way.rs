//! Who takes over takes a call that the other one announced and did not journal an answer to for one that never left. It
//! may still arrive. Particular/NServiceBus#6496 (the late success of an abandoned step is ignored).
//! Seam: store adapter. Convicted by `serial-equivalent`.

use sagaproof_orchestrator::customer::entry::{Entry, Heard};
use sagaproof_orchestrator::event::Row;

use super::recovery::{Handback, Recovery, entries, rewrite, saga};
use super::{Bug, Mistake, fresh};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "forgets-calls-under-way",
    summary: "Takes over as if no call of the other process were still under way.",
    origin: "Particular/NServiceBus#6496",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "hubs-takeover",
    mistake: Mistake::Store(fresh::<Recovery<NothingLeft, true>>, fresh::<Recovery<NothingLeft, false>>),
};

#[derive(Debug, Clone, Default)]
struct NothingLeft;

impl Handback for NothingLeft {
    fn hand_back(rows: &mut Vec<Row>) {
        for place in 0..rows.len() {
            let mut own = entries(&rows[place]);
            let next = rows.get(place + 1).filter(|next| saga(next) == saga(&rows[place])).map(entries);
            let heard = next.is_some_and(|next| matches!(next.first(), Some(Entry::Heard(_))));
            if matches!(own.last(), Some(Entry::Intent(_))) && !heard {
                own.push(Entry::Heard(Heard::NotDone));
                rewrite(&mut rows[place], &own);
            }
        }
    }
}
