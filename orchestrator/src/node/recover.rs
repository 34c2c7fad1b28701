//! Recovery: a new life reads what the last one left, folds each journal by the same fold that runs it, and goes on.
//! One unreadable journal is left alone with its locks and does not hinder the others.

use super::call::trace;
use super::running::{Running, put};
use super::{Node, ReadFor};
use crate::customer::definition::{Act, Primary};
use crate::customer::entry::{Entry, Heard, VERSION};
use crate::customer::row;
use crate::customer::state::Saga;
use crate::effect::{Effect, Expect};
use crate::event::{Row, Verdict};
use crate::saga::journal::{self, Journal};
use crate::time::Instant;

/// The row that counts the hub's lives, so that no saga's id is ever used twice.
const LIFE: &str = "life;";

/// How far recovery has come.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    /// The journals' rows, once read.
    journals: Option<Vec<Row>>,
    /// The commit of this life's number.
    commit: Option<u64>,
    /// Whether requests may be served.
    pub over: bool,
}

impl Node {
    pub(super) fn start(&mut self, effects: &mut Vec<Effect>) {
        self.read(ReadFor::Journals, journal::PREFIX.to_owned(), effects);
        self.read(ReadFor::Life, LIFE.to_owned(), effects);
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
        let writes = vec![put(LIFE.to_owned(), expect, self.life.to_string().into_bytes())];
        effects.push(Effect::Commit { commit, writes });
    }

    /// A commit that is no saga's ended: this life's number, or a refusal under a client's key.
    pub(super) fn on_plain_commit(&mut self, now: Instant, commit: u64, verdict: Verdict, effects: &mut Vec<Effect>) {
        if self.recovery.commit != Some(commit) {
            return;
        }
        if verdict != Verdict::Committed {
            // Whatever became of it, the next number is free once it is read again.
            return self.read(ReadFor::Life, LIFE.to_owned(), effects);
        }
        self.recovery.over = true;
        let rows = self.recovery.journals.take().unwrap_or_default();
        for journal in journal::decode::<Entry>(&rows) {
            self.resume(now, journal);
        }
        let resumed: Vec<_> = self.sagas.keys().copied().collect();
        for id in resumed {
            if self.sagas.get(&id).is_some_and(|running| running.saga.grant.is_none()) {
                self.try_grant(now, id, effects);
            } else {
                self.drive(now, id, effects);
            }
        }
        for (exchange, request) in std::mem::take(&mut self.backlog) {
            self.serve(exchange, request, effects);
        }
    }

    /// Takes a saga up where its journal ends.
    fn resume(&mut self, now: Instant, journal: Journal<Entry>) {
        let Ok((entries, rows)) = journal.entries else { return };
        if matches!(entries.first(), Some(Entry::Began(began)) if began.version > VERSION) {
            return;
        }
        let open = entries.iter().fold(false, |open, entry| match entry {
            Entry::Intent(_) => true,
            Entry::Heard(_) => false,
            _ => open,
        });
        let Ok(saga) = Saga::fold(journal.saga, entries, &self.engine, now) else { return };
        let mut running = Running::new(saga);
        running.rows = rows;
        running.trace = trace(&running.saga.began.correlation);
        if open {
            running.unsaved.push(Entry::Heard(Heard::Unknown));
        }
        if let (Some(grant), false) = (&running.saga.grant, running.saga.released) {
            running.claimed.push(row::customer_key(&running.saga.began.wish.cust_no));
            running.claimed.extend(row::claim_keys(grant.before.as_ref(), grant.after.as_ref()));
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
    }
}

impl Running {
    /// Whether the journal says that the answer is durable.
    fn answered(&self) -> bool {
        let answers = |act| matches!(act, Act::Primary(Primary::Active | Primary::Closed));
        let mut steps = self.saga.definition.iter().zip(&self.saga.steps);
        self.saga.aborted.is_some() || steps.any(|(definition, step)| step.finished && answers(definition.act))
    }
}
