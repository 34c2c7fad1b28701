//! What a program owes and has used in one life: the exchanges that wait for its answer, the numbers that it has given, and
//! how often it was woken at one moment. A reply that does not fit is out of order.

use std::collections::BTreeSet;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::process::{Effect, Event};

/// Who asks to be woken more often than this at one moment never lets it pass.
const WAKES: u32 = 1_000;

/// The books of one life.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    exchanges: BTreeSet<u64>,
    calls: BTreeSet<u64>,
    commits: BTreeSet<u64>,
    reads: BTreeSet<u64>,
    /// The last moment at which it was woken, and how often it was.
    woken: (Instant, u32),
}

impl Ledger {
    /// Enters what the program is told.
    pub(super) fn told(&mut self, now: Instant, event: &Event) {
        match event {
            Event::Request { exchange, .. } => drop(self.exchanges.insert(*exchange)),
            Event::Wake if self.woken.0 == now => self.woken.1 += 1,
            Event::Wake => self.woken = (now, 1),
            _ => {}
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
            Effect::Wake(Some(at)) if self.woken.1 >= WAKES && *at <= self.woken.0 => {
                Err(format!("it was woken {WAKES} times at one moment, and asks for it once more"))
            }
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
        ledger.told(Instant::ZERO, &given(2));
        ledger.told(Instant::ZERO, &given(3));
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

    #[test]
    fn a_moment_must_pass() {
        let mut ledger = Ledger::default();
        for millis in [1, 2, 3] {
            let now = Instant(millis);
            for _ in 0..WAKES {
                assert_eq!(ledger.wants(&[Effect::Wake(Some(now))]), Ok(()));
                ledger.told(now, &Event::Wake);
            }
            assert_eq!(ledger.wants(&[Effect::Wake(Some(Instant(millis + 1)))]), Ok(()));
            assert!(ledger.wants(&[Effect::Wake(Some(now))]).unwrap_err().contains("1000 times at one moment"));
        }
    }
}
