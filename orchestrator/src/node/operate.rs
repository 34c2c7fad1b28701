//! Operators: their lists, their look at one saga, and their buttons. A press is an entry of the saga's journal and is told
//! once it is durable; what it makes of the saga is `customer::press`'s.

use serde::Serialize;

use super::running::{Commit, Running};
use super::{Node, ReadFor, SagaId};
use crate::customer::entry::{Entry, Press};
use crate::customer::press::{Effect as Would, Watch};
use crate::customer::row::{self, JobRow};
use crate::effect::Effect;
use crate::event::Row;
use crate::gateway::answer;
use crate::gateway::operators::{Asked, Page, Told, asked};
use crate::message::{Request, Response};
use crate::operations::{Case, audit};
use crate::saga::journal;
use crate::time::Instant;

/// A press that waits until the saga's commit is over.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Waiting {
    /// Who is told; nobody, where one of many was pressed.
    exchange: Option<u64>,
    press: Press,
    step: Option<String>,
}

/// A saga, as operators see it.
#[derive(Debug, Serialize)]
struct Summary<'a> {
    saga: String,
    kind: &'static str,
    customers: Vec<&'a str>,
    state: &'static str,
    step: Option<&'static str>,
    past_pivot: bool,
    age_s: u64,
    parked: Option<Parked>,
    calls: u32,
    last_error: Option<&'static str>,
    correlation_id: &'a str,
    claims: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    trail: Option<Vec<audit::Line>>,
}

#[derive(Debug, Serialize)]
struct Parked {
    age_s: u64,
    attempts: u32,
    refused: bool,
    reason: String,
}

#[derive(Serialize)]
struct List<T> {
    sagas: Vec<T>,
    /// Where the next page begins, if there is one.
    next: Option<String>,
    /// Sagas whose journals this node cannot read.
    unreadable: usize,
}

#[derive(Serialize)]
struct Job {
    job_id: String,
    operation: &'static str,
    status: &'static str,
    attention: bool,
    correlation_id: String,
}

#[derive(Serialize)]
struct Jobs {
    jobs: Vec<Job>,
    next: Option<String>,
}

#[derive(Serialize)]
struct Redriven {
    redriven: Vec<String>,
}

/// A saga of which only its job is left, or one that was let go.
#[derive(Serialize)]
struct Over<'a> {
    saga: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    correlation_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trail: Vec<audit::Line>,
}

fn told<T: Serialize>(status: u16, body: &T) -> Response {
    // Writing plain data into memory cannot fail.
    answer::answer(status, &serde_json::to_string(body).unwrap_or_default(), "")
}

impl Node {
    /// Serves an operator's request.
    pub(super) fn operate(&mut self, exchange: u64, request: &Request, effects: &mut Vec<Effect>) {
        let response = match asked(request) {
            Ok(Asked::Sagas(page)) => self.list(&page),
            Ok(Asked::Jobs(page)) => self.jobs(&page),
            Ok(Asked::Saga(id)) => return self.read(ReadFor::Case(exchange, id), journal::prefix(id), effects),
            Ok(Asked::Journal(id)) => return self.read(ReadFor::Journal(exchange), journal::prefix(id), effects),
            Ok(Asked::Press(id, press, step)) => {
                let waiting = Waiting { exchange: Some(exchange), press, step };
                return self.press(self.now, id, waiting, effects);
            }
            Ok(Asked::Reconcile(correlation)) => return self.reconcile(exchange, correlation, effects),
            Ok(Asked::All(press)) => self.press_all(&press, effects),
            Err(response) => response,
        };
        effects.push(Effect::Answer { exchange, response });
    }

    /// The sagas of a page, and where the next one begins.
    fn page(&self, page: &Page) -> (Vec<(SagaId, &Running)>, Option<String>) {
        let shown =
            |running: &Running| running.rows > 0 && page.state.as_deref().is_none_or(|state| state == running.state());
        let after = |id: SagaId| page.after.is_none_or(|after| id > after);
        let all = self.sagas.iter().map(|(id, running)| (*id, &**running));
        let mut sagas: Vec<_> = all.filter(|(id, running)| after(*id) && shown(running)).take(page.limit + 1).collect();
        let more = sagas.len() > page.limit;
        sagas.truncate(page.limit);
        let next = sagas.last().filter(|_| more).map(|(id, _)| id.to_string());
        (sagas, next)
    }

    fn list(&self, page: &Page) -> Response {
        let (sagas, next) = self.page(page);
        let sagas = sagas.into_iter().map(|(id, running)| running.summary(id, self.now)).collect();
        told(200, &List { sagas, next, unreadable: self.recovery.left_alone })
    }

    fn jobs(&self, page: &Page) -> Response {
        let (sagas, next) = self.page(page);
        let jobs = sagas.into_iter().map(|(id, running)| Job {
            job_id: id.to_string(),
            operation: running.saga.began.wish.kind.name(),
            status: running.job_status(),
            attention: running.saga.parked.is_some(),
            correlation_id: running.saga.began.correlation.clone(),
        });
        told(200, &Jobs { jobs: jobs.collect(), next })
    }

    /// One saga's journal is read: as it stands, with its trail.
    pub(super) fn on_case(&mut self, exchange: u64, id: SagaId, rows: &[Row], effects: &mut Vec<Effect>) {
        let journal = journal::decode::<Entry>(rows).pop();
        let case = journal.and_then(|journal| Case::of(id, journal.entries.ok()?.0, &self.engine).ok());
        let response = match (case, self.sagas.get(&id)) {
            (Some(case), Some(running)) => {
                told(200, &Summary { trail: Some(audit::trail(&case)), ..running.summary(id, self.now) })
            }
            (Some(case), None) => {
                let state = if case.saga.pressed.left { "abandoned" } else { "ending" };
                let (correlation_id, trail) = (&*case.saga.began.correlation, audit::trail(&case));
                told(200, &Over { saga: id.to_string(), state, status: None, correlation_id, trail })
            }
            (None, Some(running)) if running.rows > 0 => told(200, &running.summary(id, self.now)),
            (None, _) if !rows.is_empty() => {
                answer::problem(500, "refused", "its journal cannot be read by this version", "")
            }
            (None, _) => return self.read(ReadFor::Ended(exchange, id, false), row::job_key(id), effects),
        };
        effects.push(Effect::Answer { exchange, response });
    }

    /// A saga's entries, for who makes reports of them.
    pub(super) fn on_journal(exchange: u64, rows: &[Row]) -> Effect {
        let response = match journal::decode::<Entry>(rows).pop().map(|journal| journal.entries) {
            Some(Ok((entries, _))) => told(200, &entries),
            Some(Err(_)) => answer::problem(500, "refused", "its journal cannot be read by this version", ""),
            None => answer::problem(404, "refused", "there is no such saga, or it has ended", ""),
        };
        Effect::Answer { exchange, response }
    }

    /// There is no such saga any more, or never was: what its job says.
    pub(super) fn on_ended(exchange: u64, id: SagaId, pressed: bool, job: Option<&JobRow<'_>>) -> Effect {
        let response = match job {
            None => answer::problem(404, "refused", "no such saga", ""),
            Some(_) if pressed => answer::problem(409, "refused", "it has ended: nothing is left to press", ""),
            Some(job) => {
                let state = if job.attention { "abandoned" } else { "ended" };
                let (status, correlation_id) = (Some(job.status), &*job.correlation);
                told(200, &Over { saga: id.to_string(), state, status, correlation_id, trail: Vec::new() })
            }
        };
        Effect::Answer { exchange, response }
    }

    /// A button is pressed on this saga: at once, or as soon as its commit is over.
    fn press(&mut self, now: Instant, id: SagaId, waiting: Waiting, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id).filter(|running| running.rows > 0) else {
            if let Some(exchange) = waiting.exchange {
                self.read(ReadFor::Ended(exchange, id, true), row::job_key(id), effects);
            }
            return;
        };
        if !running.may_write() {
            return running.presses.push(waiting);
        }
        self.take_press(now, id, waiting, effects);
        self.go_on(now, id, effects);
    }

    /// Goes on with a saga on which something was pressed. While it stands in line or waits for an answer nothing can be
    /// begun: what is to be durable is made so, or leaves with the next commit.
    fn go_on(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get(&id) else { return };
        if running.commit != Commit::None || running.saga.open.is_some() || running.saga.volatile.looking.is_some() {
            return;
        }
        if running.in_line { self.flush(id, effects) } else { self.drive(now, id, effects) }
    }

    /// Presses that waited for a commit are taken.
    pub(super) fn take_presses(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        for waiting in std::mem::take(&mut running.presses) {
            self.take_press(now, id, waiting, effects);
        }
    }

    /// What a press makes of the saga, to be made durable; and what is told of it, once it is.
    fn take_press(&mut self, now: Instant, id: SagaId, waiting: Waiting, effects: &mut Vec<Effect>) {
        let Waiting { exchange, press, step } = waiting;
        let Some(running) = self.sagas.get(&id) else { return };
        let elsewhere = step.is_some_and(|step| running.saga.parked.is_some() && running.step() != Some(&*step));
        let would =
            if elsewhere { Would::Cannot("it is parked at another step") } else { running.saga.would(press.button) };
        if would == Would::Takes {
            self.write(id, Entry::Pressed(Box::new(press)));
        }
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let state = running.state();
        let tell = |status, pressed, detail| told(status, &Told { saga: id.to_string(), pressed, state, detail });
        let response = match would {
            Would::Takes => tell(200, true, "done, and in the journal"),
            Would::Already(why) => tell(200, false, why),
            Would::Cannot(why) => answer::problem(409, "refused", why, ""),
        };
        if let Some(exchange) = exchange {
            if running.must_commit() {
                running.desk.push((exchange, response));
            } else {
                effects.push(Effect::Answer { exchange, response });
            }
        }
        if running.saga.aborted.is_some() && running.saga.grant.is_none() {
            // It stood in line for its customers, or was just about to be granted them.
            let rows = running.saga.began.wish.rows();
            self.let_go(now, id, &rows, effects);
        }
    }

    fn press_all(&mut self, press: &Press, effects: &mut Vec<Effect>) -> Response {
        let parked = self.sagas.iter().filter(|(_, running)| running.saga.parked.is_some());
        let parked: Vec<SagaId> = parked.map(|(id, _)| *id).collect();
        for id in &parked {
            let waiting = Waiting { exchange: None, press: press.clone(), step: None };
            self.press(self.now, *id, waiting, effects);
        }
        told(202, &Redriven { redriven: parked.iter().map(ToString::to_string).collect() })
    }

    /// Nothing more becomes of this saga here: who still waits to press something is told what its job says.
    pub(super) fn dismiss(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let presses = std::mem::take(&mut running.presses).into_iter().filter_map(|waiting| waiting.exchange);
        let all: Vec<u64> = presses.chain(std::mem::take(&mut running.desk).into_iter().map(|(to, _)| to)).collect();
        for exchange in all {
            self.read(ReadFor::Ended(exchange, id, true), row::job_key(id), effects);
        }
    }
}

impl Running {
    /// How it stands, in a word.
    fn state(&self) -> &'static str {
        let saga = &self.saga;
        match saga.pressed.watch {
            _ if saga.parked.is_some() => "parked",
            Some(Watch::Resolving(..)) => "resolving",
            Some(Watch::Abandoning(..)) => "abandoning",
            None if saga.aborted.is_some() => "compensating",
            None if saga.grant.is_none() => "queued",
            None if self.told.is_some() => "settling",
            None => "running",
        }
    }

    /// The job's status, as its client sees it.
    pub(super) fn job_status(&self) -> &'static str {
        match &self.told {
            Some((status, _)) if *status < 400 => "SUCCEEDED",
            Some(_) => "FAILED",
            None if self.saga.grant.is_none() => "PENDING",
            None => "RUNNING",
        }
    }

    /// The step at which it is: parked, calling, or trying again.
    fn step(&self) -> Option<&'static str> {
        let saga = &self.saga;
        let parked = saga.parked.map(|(step, ..)| step);
        let calling = saga.open.as_ref().map(|intent| intent.step);
        let looking = saga.volatile.looking.as_ref().map(|(step, ..)| *step);
        let trying = saga.volatile.trying.as_ref().map(|trying| trying.step);
        let step = parked.or(calling).or(looking).or(trying)?;
        Some(saga.definition.get(usize::from(step))?.name)
    }

    fn summary(&self, id: SagaId, now: Instant) -> Summary<'_> {
        let saga = &self.saga;
        let wish = &saga.began.wish;
        let seconds = |since: Instant| now.since(since).0 / 1_000_000_000;
        let parked = saga.parked.map(|(_, attempts, refused)| Parked {
            age_s: seconds(self.parked_at.unwrap_or(self.since)),
            attempts,
            refused,
            reason: match (saga.pressed.wanting.is_empty(), refused) {
                (false, _) => {
                    ["a look showed what is left to do: ", &audit::left(&saga.pressed.wanting, saga)].concat()
                }
                (true, true) => "the vendor refuses".to_owned(),
                (true, false) => "no success".to_owned(),
            },
        });
        Summary {
            saga: id.to_string(),
            kind: wish.kind.name(),
            customers: std::iter::once(&*wish.cust_no).chain(wish.from.as_deref()).collect(),
            state: self.state(),
            step: self.step(),
            past_pivot: saga.pivoted,
            age_s: seconds(self.since),
            parked,
            calls: saga.volatile.calls,
            last_error: (!self.last_error.is_empty()).then_some(self.last_error),
            correlation_id: &saga.began.correlation,
            claims: if saga.released { &[] } else { &self.claimed },
            trail: None,
        }
    }
}
