//! What a program owes and has used in one life: the exchanges that wait for its answer, and the numbers that it has
//! given. A reply that does not fit is out of order.

use std::collections::BTreeSet;

use sagaproof_sim::process::{Effect, Event};

/// The books of one life.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    exchanges: BTreeSet<u64>,
    calls: BTreeSet<u64>,
    commits: BTreeSet<u64>,
    reads: BTreeSet<u64>,
}

impl Ledger {
    /// Enters what the program is told.
    pub(super) fn told(&mut self, event: &Event) {
        if let Event::Request { exchange, .. } = event {
            self.exchanges.insert(*exchange);
        }
    }

    /// Enters what the program wants.
    ///
    /// # Errors
    /// Which of it is out of order, in words.
    pub(super) fn wants(&mut self, effects: &[Effect]) -> Result<(), String> {
        effects.iter().try_for_each(|effect| match effect {
            Effect::Answer { exchange, .. } if !self.exchanges.remove(exchange) => {
                Err(format!("it answers exchange {exchange}, which it was not given or has answered already"))
            }
            Effect::Call { call, .. } => used(&mut self.calls, "call", *call),
            Effect::Commit { commit, .. } => used(&mut self.commits, "commit", *commit),
            Effect::Read { read, .. } => used(&mut self.reads, "read", *read),
            Effect::Answer { .. } | Effect::Wake(_) | Effect::Note(_) | Effect::Log(_) => Ok(()),
        })
    }
}

fn used(numbers: &mut BTreeSet<u64>, what: &str, number: u64) -> Result<(), String> {
    if numbers.insert(number) { Ok(()) } else { Err(format!("it gives the number {number} to a second {what}")) }
}
