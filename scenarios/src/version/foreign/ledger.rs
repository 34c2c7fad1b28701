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

#[cfg(test)]
mod tests {
    use sagaproof_sim::wire::{Headers, Method, Request, Response};

    use super::*;

    fn given(exchange: u64) -> Event {
        let request =
            Request { method: Method::Get, target: "/".to_owned(), headers: Headers::new(), body: Vec::new() };
        Event::Request { exchange, request }
    }

    fn answer(exchange: u64) -> Effect {
        Effect::Answer { exchange, response: Response::json(200, "{}") }
    }

    #[test]
    fn an_exchange_is_answered_once_and_only_by_whom_it_was_given() {
        let mut ledger = Ledger::default();
        assert!(ledger.wants(&[answer(2)]).is_err());
        ledger.told(&given(2));
        ledger.told(&given(3));
        assert_eq!(ledger.wants(&[answer(3), answer(2)]), Ok(()));
        assert!(ledger.wants(&[answer(2)]).unwrap_err().contains("exchange 2"));
    }

    #[test]
    fn a_number_is_given_once_to_a_kind() {
        let (commit, read) =
            (Effect::Commit { commit: 1, writes: Vec::new() }, |read| Effect::Read { read, prefix: String::new() });
        let mut ledger = Ledger::default();
        assert_eq!(ledger.wants(&[commit.clone(), read(1), read(2), Effect::Wake(None)]), Ok(()));
        assert!(ledger.wants(&[read(3), commit]).unwrap_err().contains("number 1 to a second commit"));
    }
}
