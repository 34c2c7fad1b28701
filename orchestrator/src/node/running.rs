//! A saga as the node runs it: its state, what of it is not durable yet, who waits for its answer. The rows that make
//! it durable are derived from its state, so that a commit can be made again word for word.

use std::hash::Hasher;

use super::grant::Read;
use super::lease::unfenced;
use super::operate::Waiting;
use crate::customer::definition::{Act, Kind, Primary};
use crate::customer::encode;
use crate::customer::entry::{Entry, Grant, Intent};
use crate::customer::row::{self, CustomerView, JobRow, KeyRow, Standing};
use crate::customer::state::Saga;
use crate::effect::{Expect, Note, Write};
use crate::fingerprint::Fingerprint;
use crate::message::Response;
use crate::saga::journal;
use crate::time::Instant;

/// What a commit carries besides journal entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Carries {
    /// The client key's row.
    pub key: bool,
    /// The rows by which e-mails and phones are claimed.
    pub claim: bool,
    /// The customer's row.
    pub customer: bool,
    /// The release of all that is claimed.
    pub release: bool,
    /// The job's row.
    pub job: bool,
    /// The end: the journal goes.
    pub end: bool,
}

/// Where the saga's commit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Commit {
    /// None is under way.
    None,
    /// In flight.
    InFlight,
    /// To be made again then.
    Again(Instant),
    /// Unknown, then a conflict: the store is asked whether it is there.
    Checking,
    /// Durable; the call that it announced waits until the vendor's pause is over.
    Held,
}

/// A client that waits for a saga's answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiter {
    /// The exchange.
    pub exchange: u64,
    /// When it is given the job instead, once that is known.
    pub due: Option<Instant>,
}

/// What follows the commit under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Then {
    /// Ask the saga what it does next.
    Drive,
    /// Make the call that the intent announced.
    Call(Intent),
    /// It has ended.
    End,
}

/// A saga that has not ended.
#[derive(Debug, Clone)]
pub(super) struct Running {
    pub saga: Saga,
    /// Entries that are not durable yet.
    pub unsaved: Vec<Entry>,
    /// Rows of the journal that are durable.
    pub rows: u32,
    pub carries: Carries,
    pub commit: Commit,
    /// Whether the commit under way may already be durable.
    pub maybe: bool,
    /// How often the commit under way was tried.
    pub tries: u32,
    pub then: Then,
    /// What is said once the commit is durable.
    pub notes: Vec<Note>,
    /// Clients that wait for the answer.
    pub waiters: Vec<Waiter>,
    /// The answer, decided but not durable yet.
    pub answer: Option<(u16, String)>,
    /// The answer, durable.
    pub told: Option<(u16, String)>,
    /// When it wants to be woken.
    pub timer: Option<Instant>,
    /// Whether it stands in a line: for a token or at a vendor's gate.
    pub in_line: bool,
    /// The row of the customer that a merge lets go, while its claim is computed.
    pub goner: Option<Read>,
    /// The saga before its claim was computed, until the claim is durable: another process may be first.
    pub ungranted: Option<Box<Saga>>,
    /// The customers' rows as they were when the claim was computed: what the commit that claims expects of them.
    pub granted_on: Vec<Expect>,
    /// Whether it was said that the pivot is passed.
    pub turned: bool,
    /// The claimed keys, the customers' first; empty before the grant.
    pub claimed: Vec<String>,
    /// Whether the last 401 was already met with a fresh token.
    pub refreshed: bool,
    /// Why the last attempt failed, for jobs and logs.
    pub last_error: &'static str,
    /// The `traceparent` of its calls, up to the span.
    pub trace: String,
    /// When it began, or was taken up by this life.
    pub since: Instant,
    /// When it was parked, where this life did that.
    pub parked_at: Option<Instant>,
    /// What operators pressed while a commit was under way.
    pub presses: Vec<Waiting>,
    /// What operators are told once the next commit is durable.
    pub desk: Vec<(u64, Response)>,
}

impl Running {
    pub(super) fn new(saga: Saga, now: Instant) -> Self {
        Self {
            saga,
            unsaved: Vec::new(),
            rows: 0,
            carries: Carries::default(),
            commit: Commit::None,
            maybe: false,
            tries: 0,
            then: Then::Drive,
            notes: Vec::new(),
            waiters: Vec::new(),
            answer: None,
            told: None,
            timer: None,
            in_line: false,
            goner: None,
            ungranted: None,
            granted_on: Vec::new(),
            turned: false,
            claimed: Vec::new(),
            refreshed: false,
            last_error: "",
            trace: String::new(),
            since: now,
            parked_at: None,
            presses: Vec::new(),
            desk: Vec::new(),
        }
    }

    /// Folds in all that can still matter; the trace follows from the correlation id, and ages are only shown.
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self {
            saga,
            unsaved,
            rows,
            carries,
            commit,
            maybe,
            tries,
            then,
            notes,
            waiters,
            answer,
            told,
            timer,
            in_line,
            goner,
            ungranted,
            granted_on,
            turned,
            claimed,
            refreshed,
            last_error,
            trace: _,
            since: _,
            parked_at: _,
            presses,
            desk,
        } = self;
        saga.feed(print);
        print.fold(&(unsaved, rows, carries, maybe, tries, then, notes, answer, told, in_line));
        print.fold(&(goner, granted_on, turned, claimed, refreshed, last_error, presses));
        desk.iter().for_each(|(exchange, told)| print.fold(&(exchange, told.status, &told.body)));
        print.fold(&ungranted.is_some());
        if let Some(saga) = ungranted {
            saga.feed(print);
        }
        print.deadline(*timer);
        let (stage, again) = match commit {
            Commit::None => (0_u8, None),
            Commit::InFlight => (1, None),
            Commit::Again(at) => (2, Some(*at)),
            Commit::Checking => (3, None),
            Commit::Held => (4, None),
        };
        print.fold(&stage);
        print.deadline(again);
        feed_waiters(waiters, print);
    }

    /// Whether entries may be written. None may while a commit is under way: made again it must say the same, word for word, and
    /// once it is durable, so is all that it did not say.
    pub(super) const fn may_write(&self) -> bool {
        matches!(self.commit, Commit::None | Commit::Held)
    }

    /// Takes in an entry that becomes durable with the next commit.
    pub(super) fn enter(&mut self, entry: Entry) {
        debug_assert!(self.may_write(), "what a commit under way says stays as it is");
        self.unsaved.push(entry);
    }

    /// Whether something must be durable before anything else happens.
    pub(super) fn must_commit(&self) -> bool {
        self.carries != Carries::default() || !self.notes.is_empty()
    }

    /// Whether the commit expects anything of the store, so that its own success makes it conflict when made again.
    /// A last commit that is not also the first, and claims nothing, only removes and overwrites what the saga holds;
    /// where processes share the store (`fence`), somebody else may hold it by then, so it expects the journal to be there.
    pub(super) fn is_conditional(&self, fence: Option<u64>) -> bool {
        fence.is_some() || !self.carries.end || self.rows == 0 || self.carries.claim
    }

    /// Whether a commit is known to have happened by its journal being gone.
    pub(super) fn is_proven_by_absence(&self, fence: Option<u64>) -> bool {
        fence.is_some() && self.carries.end && self.rows > 0
    }

    /// The key of the row by whose existence a commit is known to have happened: the journal's next row, or the job's
    /// where a saga ends with its very first commit. By its absence, where it is the journal's last.
    pub(super) fn proof(&self, fence: Option<u64>) -> String {
        if self.is_proven_by_absence(fence) {
            journal::key(self.saga.id, self.rows - 1)
        } else if self.carries.end {
            row::job_key(self.saga.id)
        } else {
            journal::key(self.saga.id, self.rows)
        }
    }

    /// The writes of the commit, derived from the state alone. Where processes share the store, none lands once this life
    /// (`fence`) was taken over.
    pub(super) fn writes(&self, fence: Option<u64>) -> Vec<Write> {
        let id = self.saga.id;
        let mut writes = Vec::with_capacity(8);
        writes.extend(fence.map(unfenced));
        if !self.carries.end {
            writes.push(put(journal::key(id, self.rows), Expect::Absent, encode::entries(&self.unsaved)));
        }
        if self.carries.key
            && let Some(key) = &self.saga.began.client_key
        {
            let row = KeyRow { hash: self.saga.began.hash, saga: Some(id), answer: None };
            writes.push(put(row::client_key(key), Expect::Absent, encode::key(&row)));
        }
        if self.carries.claim && !self.carries.release {
            for key in self.locks() {
                let mut holder = String::new();
                id.write(&mut holder);
                writes.push(put(key.clone(), Expect::Absent, holder.into_bytes()));
            }
        }
        if self.carries.customer || self.carries.release {
            let rows = [self.customer_row(), self.goner_row()];
            for ((place, key), row) in self.claimed.iter().enumerate().take(self.customers()).zip(rows) {
                let on = self.granted_on.get(place).copied().filter(|_| self.carries.claim);
                let value = row.map(|row| encode::customer(&row));
                writes.push(Write { key: key.clone(), expect: on.unwrap_or(Expect::Any), value });
            }
        }
        if fence.is_some() {
            self.departures(&mut writes);
        }
        if self.carries.release && !self.carries.claim {
            writes.extend(self.locks().map(|key| remove(key.clone())));
        }
        if self.carries.job
            && let Some(row) = self.job_row()
        {
            writes.push(put(row::job_key(id), Expect::Any, encode::job(&row)));
        }
        if self.carries.end {
            writes.extend((0..self.rows).map(|row| remove(journal::key(id, row))));
            if self.is_proven_by_absence(fence)
                && let Some(last) = writes.last_mut()
            {
                last.expect = Expect::Version(1);
            }
        }
        writes
    }

    /// How many customers it is about.
    fn customers(&self) -> usize {
        1 + usize::from(self.saga.began.wish.from.is_some())
    }

    /// The claimed keys that are e-mails and phones.
    fn locks(&self) -> impl Iterator<Item = &String> {
        self.claimed.iter().skip(self.customers())
    }

    /// What the primary database says of the customer now; `None`: nothing.
    pub(super) fn customer_row(&self) -> Option<CustomerView<'_>> {
        let saga = &self.saga;
        let grant = saga.grant.as_ref()?;
        let held = !self.carries.release;
        let (standing, profile) = match (saga.began.wish.kind, saga.pivoted) {
            (Kind::Create, false) if held => (Standing::Pending, grant.after.as_ref()?),
            (Kind::Create, false) => return None,
            (Kind::Create | Kind::Update, true) => (Standing::Active, grant.after.as_ref()?),
            (Kind::Update | Kind::Close, false) | (Kind::Merge | Kind::Reconcile | Kind::Rejoin, _) => {
                (Standing::Active, grant.before.as_ref()?)
            }
            (Kind::Close, true) if !self.is_closed() && held => (Standing::Closing, grant.before.as_ref()?),
            // Let go although something is left to do: closing it may be asked for again.
            (Kind::Close, true) if !self.is_closed() => (Standing::Active, grant.before.as_ref()?),
            (Kind::Close, true) if held => (Standing::Closed, grant.before.as_ref()?),
            (Kind::Close, true) => return None,
        };
        let keeps = match saga.began.wish.kind {
            Kind::Create | Kind::Update | Kind::Reconcile | Kind::Rejoin => false,
            Kind::Close => true,
            Kind::Merge => !self.is_merged(),
        };
        Some(CustomerView {
            standing,
            profile,
            owner: &grant.owner,
            ids: if keeps { grant.ids.each_ref().map(Option::as_deref) } else { saga.ids() },
            points: self.points(grant),
            saga: held.then_some(saga.id),
        })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.committed(Primary::Closed)
    }

    pub(super) fn is_merged(&self) -> bool {
        self.committed(Primary::Merged)
    }

    fn committed(&self, primary: Primary) -> bool {
        let mut steps = self.saga.definition.iter().zip(&self.saga.steps);
        steps.any(|(definition, step)| definition.act == Act::Primary(primary) && step.finished)
    }

    /// The customer's loyalty points, with those of the one that a merge let go.
    pub(super) fn points(&self, grant: &Grant) -> u64 {
        let more = grant.from.as_ref().filter(|_| self.is_merged()).map_or(0, |goner| goner.points);
        grant.points.saturating_add(more)
    }

    fn job_row(&self) -> Option<JobRow<'_>> {
        let (status, body) = self.answer.as_ref().or(self.told.as_ref())?;
        let began = &self.saga.began;
        let merged = self.saga.grant.as_ref().filter(|_| self.is_merged());
        Some(JobRow {
            kind: began.wish.kind,
            cust_no: began.wish.cust_no.as_str().into(),
            correlation: began.correlation.as_str().into(),
            status: *status,
            body: body.as_str().into(),
            attempts: self.saga.volatile.calls,
            last_error: if *status < 400 { "".into() } else { self.last_error.into() },
            attention: self.saga.pressed.left,
            goner: merged.and_then(|grant| Some(grant.from.as_ref()?.owner.as_str().into())),
            heir: merged.map(|grant| grant.owner.as_str().into()),
        })
    }
}

pub(super) fn feed_waiters(waiters: &[Waiter], print: &mut Fingerprint<'_, impl Hasher>) {
    print.fold(&waiters.len());
    for Waiter { exchange, due } in waiters {
        print.fold(exchange);
        print.deadline(*due);
    }
}

pub(super) fn put(key: String, expect: Expect, value: Vec<u8>) -> Write {
    Write { key, expect, value: Some(value) }
}

fn remove(key: String) -> Write {
    Write { key, expect: Expect::Any, value: None }
}
