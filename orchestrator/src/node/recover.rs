//! Recovery: a new life reads what the last one left, folds each journal by the same fold that runs it, and goes on.
//! One unreadable journal is left alone with its locks and does not hinder the others.

use std::hash::Hasher;

use super::call::trace;
use super::running::{Running, put};
use super::timer::Timer;
use super::{Node, ReadFor, SagaId};
use crate::customer::definition::{Act, Primary};
use crate::customer::entry::{Entry, Heard};
use crate::customer::state::Saga;
use crate::effect::{Effect, Expect};
use crate::event::{Row, Verdict};
use crate::fingerprint::Fingerprint;
use crate::saga::journal::{self, Journal};
use crate::saga::retry;
use crate::time::Instant;

/// So often a life asks for its number again at once. Of eight processes that start at the same moment one gets the number that
/// all have read, so the last one asks eight times; who is refused more often meets a store that takes nothing.
const AT_ONCE: u32 = 8;

/// The row that counts the hub's lives, so that no saga's id is ever used twice.
const LIFE: &str = "life;";

/// How far recovery has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Recovery {
    /// The journals' rows, once read.
    journals: Option<Vec<Row>>,
    /// The commit of this life's number.
    commit: Option<u64>,
    /// How often that commit has failed.
    failures: u32,
    /// Sagas whose journals this node cannot read: they keep their locks, and a person must look at them.
    pub left_alone: usize,
    /// Whether requests may be served.
    pub over: bool,
}

impl Recovery {
    /// Folds in all that can still matter; the number of its commit stands among those that are under way.
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { journals, commit, failures, left_alone, over } = self;
        print.fold(&(journals, commit.is_some(), failures, left_alone, over));
    }

    /// The commit of this life's number, while it is under way.
    pub(super) const fn pending(&self) -> Option<u64> {
        if self.over { None } else { self.commit }
    }
}

impl Node {
    pub(super) fn start(&mut self, effects: &mut Vec<Effect>) {
        if self.lease.is_some() {
            // What other lives left is theirs until their leases are over.
            return self.read_life(effects);
        }
        self.read(ReadFor::Journals, journal::PREFIX.to_owned(), effects);
        self.read_life(effects);
    }

    pub(super) fn recovered(&mut self, purpose: ReadFor, rows: &[Row], effects: &mut Vec<Effect>) {
        if purpose == ReadFor::Journals {
            self.recovery.journals = Some(rows.to_vec());
            return;
        }
        let last = rows.first();
        let lives = last.and_then(|row| std::str::from_utf8(&row.value).ok()).and_then(|text| text.parse::<u64>().ok());
        self.life = lives.unwrap_or(0) + 1;
        let commit = self.next_number();
        self.recovery.commit = Some(commit);
        let expect = last.map_or(Expect::Absent, |row| Expect::Version(row.version));
        let mut writes = vec![put(LIFE.to_owned(), expect, self.life.to_string().into_bytes())];
        writes.extend(self.first_lease());
        effects.push(Effect::Commit { commit, writes });
    }

    /// A commit that is no saga's ended: this life's number, or a refusal under a client's key.
    pub(super) fn on_plain_commit(&mut self, now: Instant, commit: u64, verdict: Verdict, effects: &mut Vec<Effect>) {
        if self.recovery.pending() != Some(commit) {
            return self.on_business(now, commit, verdict, effects);
        }
        if verdict != Verdict::Committed {
            return self.ask_for_life_again(now, effects);
        }
        self.recovery.over = true;
        self.recovery.failures = 0;
        self.leased(effects);
        let rows = self.recovery.journals.take().unwrap_or_default();
        for journal in journal::decode::<Entry>(&rows) {
            let id = journal.saga;
            if self.resume(now, journal).is_none() {
                self.recovery.left_alone += 1;
                self.leave_alone(id, effects);
            }
        }
        let resumed: Vec<_> = self.sagas.keys().copied().collect();
        self.take_up(now, &resumed, effects);
        for (exchange, request) in std::mem::take(&mut self.backlog) {
            self.serve(exchange, request, effects);
        }
    }

    /// Whatever became of the commit of this life's number, the next one is free once it is read again.
    fn ask_for_life_again(&mut self, now: Instant, effects: &mut Vec<Effect>) {
        let failures = self.recovery.failures.saturating_add(1);
        self.recovery.failures = failures;
        if failures <= AT_ONCE {
            return self.read_life(effects);
        }
        let policy = &self.engine.policy;
        let salt = self.life ^ u64::from(failures) << 32;
        let wait = retry::backoff(policy.backoff_base, policy.backoff_cap, failures - AT_ONCE, salt);
        self.timers.insert((now + wait, Timer::Start));
    }

    /// Reads the number of the last life.
    pub(super) fn read_life(&mut self, effects: &mut Vec<Effect>) {
        self.read(ReadFor::Life, LIFE.to_owned(), effects);
    }

    /// Goes on with sagas that were taken up.
    pub(super) fn take_up(&mut self, now: Instant, resumed: &[SagaId], effects: &mut Vec<Effect>) {
        for &id in resumed {
            if self.sagas.get(&id).is_some_and(|running| running.saga.grant.is_none()) {
                self.try_grant(now, id, effects);
            } else {
                self.drive(now, id, effects);
            }
        }
    }

    /// Takes a saga up where its journal ends; `None` where the journal cannot be read or is of a newer version.
    pub(super) fn resume(&mut self, now: Instant, journal: Journal<Entry>) -> Option<()> {
        let (entries, rows) = journal.entries.ok()?;
        let open = entries.iter().fold(false, |open, entry| match entry {
            Entry::Intent(_) => true,
            Entry::Heard(_) => false,
            _ => open,
        });
        let saga = Saga::fold(journal.saga, entries, &self.engine, now).ok()?;
        if saga.pressed.left {
            return Some(());
        }
        let mut running = Box::new(Running::new(saga, now));
        running.rows = rows;
        running.turned = running.saga.pivoted;
        running.trace = trace(&running.saga.began.correlation);
        if open {
            running.enter(Entry::Heard(Heard::Unknown));
        }
        if let (Some(grant), false) = (&running.saga.grant, running.saga.released) {
            running.claimed = grant.claims(&running.saga.began.wish);
        }
        // Nothing else is claimed yet, and what was durable together does not clash.
        let _ = self.claims.claim(journal.saga, running.claimed.iter().map(String::as_str));
        if running.answered() {
            running.told = running.outcome();
        }
        if let Some(key) = &running.saga.began.client_key {
            self.keys.insert(key.clone(), (running.saga.began.hash, journal.saga));
        }
        self.sagas.insert(journal.saga, running);
        Some(())
    }
}

impl Running {
    /// Whether the journal says that the answer is durable.
    fn answered(&self) -> bool {
        let answers = |act| matches!(act, Act::Primary(Primary::Active | Primary::Closed | Primary::Merged));
        let mut steps = self.saga.definition.iter().zip(&self.saga.steps);
        self.saga.aborted.is_some() || steps.any(|(definition, step)| step.finished && answers(definition.act))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::testing;
    use crate::customer::definition::{Definitions, Kind};
    use crate::customer::encode;
    use crate::customer::entry::{Began, Patch, VERSION, Wish};
    use crate::customer::state::Engine;
    use crate::event::Event;
    use crate::policy::Policy;
    use crate::saga::SagaId;

    fn node() -> Node {
        let (policy, definitions) = (Policy::SHIPPED, Definitions::SHIPPED);
        Node::new(Engine { policy, connectors: testing::all(), definitions }, true)
    }

    fn began(saga: SagaId, version: u32) -> Row {
        let wish = Wish { kind: Kind::Close, cust_no: "C1".into(), patch: Patch::default(), from: None, tag: None };
        let began = Began { version, wish, correlation: "x".into(), client_key: None, hash: 0, asynchronous: true };
        let value = encode::entries(&[Entry::Began(Box::new(began))]);
        Row { key: journal::key(saga, 0), version: 1, value }
    }

    #[test]
    fn a_life_that_gets_no_number_asks_at_once_a_few_times_and_then_ever_more_rarely() {
        for verdict in [Verdict::Unknown, Verdict::Full, Verdict::Conflict] {
            let (mut node, mut effects) = (node(), Vec::new());
            node.on_event(Instant(0), Event::Start, &mut effects);
            node.on_event(Instant(0), Event::Rows { read: 1, rows: Vec::new() }, &mut effects);
            let (mut now, mut waits) = (Instant(0), Vec::new());
            for failures in 1..=AT_ONCE + 20 {
                let read = node.numbered();
                node.on_event(now, Event::Rows { read, rows: Vec::new() }, &mut effects);
                effects.clear();
                node.on_event(now, Event::Committed { commit: node.numbered(), verdict }, &mut effects);
                let at = match &effects[..] {
                    [Effect::Wake(Some(at))] => *at,
                    [Effect::Read { prefix, .. }] if failures <= AT_ONCE && prefix == LIFE => continue,
                    other => panic!("{other:?} after {failures} failures"),
                };
                waits.push(at.since(now));
                now = at;
                node.on_event(now, Event::Wake, &mut effects);
            }
            let policy = Policy::SHIPPED;
            assert_eq!(waits.len(), 20, "{verdict:?}");
            for (attempt, wait) in (1..).zip(&waits) {
                let (shortest, longest) = Policy::backoffs(policy.backoff_base, policy.backoff_cap, attempt);
                assert!((shortest..=longest).contains(wait), "{attempt} {wait:?}");
            }
            let read = node.numbered();
            node.on_event(now, Event::Rows { read, rows: Vec::new() }, &mut effects);
            node.on_event(now, Event::Committed { commit: node.numbered(), verdict: Verdict::Committed }, &mut effects);
            assert!(node.is_recovered());
        }
    }

    #[test]
    fn an_unreadable_or_newer_journal_is_left_alone_and_hinders_no_other() {
        let mut garbage = began(SagaId::new(1, 1), VERSION);
        garbage.value = b"[{".to_vec();
        let rows = vec![garbage, began(SagaId::new(1, 2), VERSION + 1), began(SagaId::new(1, 3), VERSION)];
        let (mut node, mut effects) = (node(), Vec::new());
        node.on_event(Instant(0), Event::Start, &mut effects);
        node.on_event(Instant(0), Event::Rows { read: 1, rows }, &mut effects);
        node.on_event(Instant(0), Event::Rows { read: 2, rows: Vec::new() }, &mut effects);
        node.on_event(Instant(0), Event::Committed { commit: 3, verdict: Verdict::Committed }, &mut effects);
        assert_eq!(node.unfinished(), (3, 2));
        let told = |saga: &str| {
            effects
                .iter()
                .any(|effect| matches!(effect, Effect::Log(line) if line.contains(saga) && line.contains("left alone")))
        };
        assert!(told("s1-1") && told("s1-2") && !told("s1-3"));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Read { prefix, .. } if prefix == "c/C1;")));
    }
}
