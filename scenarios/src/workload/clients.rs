//! The clients of a world: each sends its operation, resends it under the same key while its outcome is open, follows
//! the job that it was given, and stops after a bounded number of tries. What is sent stands with `request`.

use sagaproof_sim::client::{ClientAction, Clients};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Control, Fingerprint};
use sagaproof_sim::observation::Phase;
use sagaproof_sim::wire::Answer;

use super::operators::Operators;
use super::{Workload, request};
use crate::operation::PRESSES_FROM;
use crate::scenario::CLIENT_ROUTES;
use crate::told;

/// The last looks have operation ids from here on; no operation has one so high.
const LOOKS_FROM: u32 = PRESSES_FROM << 1;

/// Reconciliation comes so long after the redrive: what was parked has ended by then.
const AFTER_REDRIVE: Nanos = Nanos::secs(120);

/// The operation id of the sweep that an operator asks for.
const RECONCILES: u32 = LOOKS_FROM - 1;

/// How often a job is asked at most while the clients work.
const POLLS: u32 = 16;

/// A job is asked after this, then after twice as long, and so on.
const FIRST_POLL: Nanos = Nanos::millis(500);

/// The longest pause between two polls.
const LONGEST_POLL: Nanos = Nanos::secs(30);

/// Whoever takes a last look waits at least so long, however short of patience clients are.
const LOOKS_WAIT: Nanos = Nanos::secs(35);

/// A longer `Retry-After` is not waited for.
const LONGEST_RETRY_AFTER: Nanos = Nanos::secs(120);

/// Whether an operation id is that of a last look, not of an operation of the plan.
#[must_use]
pub const fn inspection(operation: u32) -> bool {
    operation >= LOOKS_FROM
}

/// Whether an operation id is that of the sweep by which all systems are compared with the primary.
#[must_use]
pub const fn is_reconciliation(operation: u32) -> bool {
    operation == RECONCILES
}

/// The clients of a workload.
#[derive(Debug, Clone)]
pub struct WorkloadClients {
    workload: Workload,
    /// How each operation stands, by its place in the plan.
    standings: Vec<Standing>,
    operators: Operators,
    phase: Phase,
}

/// How an operation stands with its client.
#[derive(Debug, Clone, Default)]
struct Standing {
    /// How often it was sent, resends that are still to come included.
    sendings: u32,
    /// How many of those are unanswered.
    open: u32,
    /// Where its job is, once it has one.
    job: Option<String>,
    polls: u32,
    /// When its outcome was known.
    settled: Option<Instant>,
}

/// What an answer means to a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The outcome is known: done, refused, or not applied.
    Final,
    /// It was taken in as a job.
    Accepted,
    /// Nothing happened; come again, after so long if the answer says so.
    Again(Option<Nanos>),
    /// Nobody knows.
    Open,
}

impl WorkloadClients {
    /// The clients of this workload, before the world begins.
    #[must_use]
    pub fn new(workload: Workload) -> Self {
        let standings = vec![Standing::default(); workload.plan.operations.len()];
        let operators = Operators::new(workload.draw);
        Self { workload, standings, operators, phase: Phase::Work }
    }

    /// Makes them the clients of another workload, and keeps what they have allocated.
    pub fn reset(&mut self, workload: Workload) {
        self.standings.clear();
        self.standings.resize(workload.plan.operations.len(), Standing::default());
        self.operators = Operators::new(workload.draw);
        self.workload = workload;
        self.phase = Phase::Work;
    }

    /// What they do.
    #[must_use]
    pub const fn workload(&self) -> &Workload {
        &self.workload
    }

    /// Feeds all that can still matter into a fingerprint.
    pub fn feed(&self, print: &mut Fingerprint) {
        print.number(self.phase as u64);
        self.operators.feed(print);
        for Standing { sendings, open, job, polls, settled } in &self.standings {
            for number in [*sendings, *open, *polls, u32::from(settled.is_some())] {
                print.number(u64::from(number));
            }
            print.bytes(job.as_deref().unwrap_or_default().as_bytes());
        }
    }

    /// How long each settled operation took, from its first sending until its outcome was known.
    pub fn latencies(&self) -> impl Iterator<Item = Nanos> {
        self.outcomes().flatten()
    }

    /// How long each operation took, in the order of the plan, from its first sending until its outcome was known; none
    /// where it never was.
    pub fn outcomes(&self) -> impl Iterator<Item = Option<Nanos>> {
        let sent = self.workload.sendings.iter();
        self.standings.iter().zip(sent).map(|(standing, sent)| Some(standing.settled?.since(sent.at)))
    }

    fn begin(&mut self, actions: &mut Vec<ClientAction>) {
        for place in 0..self.standings.len() {
            let sending = self.workload.sendings[place];
            for _ in 0..1 + u32::from(sending.twice) {
                self.send(place, sending.at, actions);
            }
        }
        for stranger in self.workload.plan.strangers.iter().filter(|stranger| stranger.comes > Instant::ZERO) {
            let control = Control::Seed(stranger.record.clone());
            actions.push(ClientAction::Touch { at: stranger.comes, system: stranger.system, control });
        }
        for child in &self.workload.children {
            let control = Control::AddChild(child.cust_no.clone());
            actions.push(ClientAction::Touch { at: child.at, system: child.system, control });
        }
        actions.extend(self.workload.blockers.iter().cloned());
        Operators::begin(&self.workload.shifts, self.workload.resend.time_out, actions);
        actions.extend(self.workload.harms.iter().cloned());
    }

    /// Where an assumption was broken, an operator has all systems compared with the primary.
    fn reconcile(&self, now: Instant, actions: &mut Vec<ClientAction>) {
        let time_out = self.workload.resend.time_out;
        let (route, request) = (request::OPERATE, request::reconcile());
        actions.push(ClientAction::Ask { at: now + AFTER_REDRIVE, operation: RECONCILES, route, request, time_out });
    }

    fn send(&mut self, place: usize, at: Instant, actions: &mut Vec<ClientAction>) {
        let operation = &self.workload.plan.operations[place];
        let (route, request) = request::of(operation);
        let time_out = self.workload.resend.time_out;
        actions.push(ClientAction::Ask { at, operation: operation.id, route, request, time_out });
        self.standings[place].sendings += 1;
        self.standings[place].open += 1;
    }

    fn poll(&mut self, place: usize, now: Instant, actions: &mut Vec<ClientAction>) {
        let standing = &mut self.standings[place];
        let Some(job) = standing.job.as_deref().filter(|_| standing.polls < POLLS) else { return };
        let pause = FIRST_POLL.times(1 << standing.polls.min(16)).min(LONGEST_POLL);
        standing.polls += 1;
        let operation = self.workload.plan.operations[place].id;
        let time_out = self.workload.resend.time_out;
        let (route, request) = request::job(job);
        actions.push(ClientAction::Ask { at: now + pause, operation, route, request, time_out });
    }

    /// The last looks: at every customer that was ever named, and at the jobs whose end nobody has heard.
    fn inspect(&self, now: Instant, actions: &mut Vec<ClientAction>) {
        let time_out = self.workload.resend.time_out.max(LOOKS_WAIT);
        let plan = &self.workload.plan;
        let mut named: Vec<&str> = plan.customers.iter().map(|customer| customer.cust_no.as_str()).collect();
        named.extend(plan.operations.iter().map(|operation| operation.kind.cust_no()));
        named.extend(plan.operations.iter().filter_map(|operation| operation.kind.goner()));
        named.sort_unstable();
        named.dedup();
        let looks =
            named.into_iter().zip(LOOKS_FROM..).map(|(cust_no, id)| (id, request::READ, request::look(cust_no)));
        let open = self.standings.iter().zip(&plan.operations).filter(|(standing, _)| standing.settled.is_none());
        let jobs = open.filter_map(|(standing, operation)| {
            let (route, request) = request::job(standing.job.as_deref()?);
            Some((operation.id, route, request))
        });
        actions.extend(looks.chain(jobs).map(|(operation, route, request)| ClientAction::Ask {
            at: now,
            operation,
            route,
            request,
            time_out,
        }));
    }

    /// What an answer brings about. Of a job and a sending that are both open, an answer that could be either's counts as
    /// the sending's; the other one's follows, so that both are accounted for.
    fn heard(&mut self, now: Instant, place: usize, answer: &Answer, actions: &mut Vec<ClientAction>) {
        let standing = &mut self.standings[place];
        let job = answer.as_ref().ok().filter(|_| standing.job.is_some()).and_then(told::job_ended);
        if job == Some(true) {
            standing.settled = Some(now);
        } else if job == Some(false) || standing.open == 0 {
            self.poll(place, now, actions);
        } else {
            standing.open -= 1;
            self.sending_heard(now, place, answer, actions);
        }
    }

    fn sending_heard(&mut self, now: Instant, place: usize, answer: &Answer, actions: &mut Vec<ClientAction>) {
        let standing = &mut self.standings[place];
        let pause = match meaning(answer) {
            Meaning::Final => {
                standing.settled = Some(now);
                return;
            }
            Meaning::Accepted => {
                let location = answer.as_ref().ok().and_then(|response| response.headers.get("location"));
                if let (None, Some(location)) = (&standing.job, location) {
                    standing.job = Some(location.to_owned());
                    self.poll(place, now, actions);
                }
                return;
            }
            Meaning::Again(pause) => pause.unwrap_or(self.workload.resend.pause),
            Meaning::Open => self.workload.resend.pause,
        };
        // Of a pair sent at once, or of a job and a resend, the other may still settle it.
        if standing.open == 0 && standing.job.is_none() && standing.sendings < self.workload.resend.sendings {
            self.send(place, now + pause, actions);
        }
    }
}

impl Clients for WorkloadClients {
    fn on_phase(&mut self, now: Instant, phase: Phase, actions: &mut Vec<ClientAction>) {
        self.phase = phase;
        match phase {
            Phase::Work => self.begin(actions),
            Phase::Inspect => self.inspect(now, actions),
            Phase::Redrive if self.workload.reconciles => self.reconcile(now, actions),
            Phase::Heal | Phase::Redrive => {}
        }
    }

    fn on_answer(&mut self, now: Instant, operation: u32, _: u64, answer: &Answer, actions: &mut Vec<ClientAction>) {
        if (PRESSES_FROM..RECONCILES).contains(&operation) && self.phase != Phase::Inspect {
            let time_out = self.workload.resend.time_out;
            return self.operators.heard(now, operation, answer, time_out, actions);
        }
        let Some(place) = self.workload.plan.place(operation) else { return };
        if self.phase != Phase::Inspect && self.standings[place].settled.is_none() {
            self.heard(now, place, answer, actions);
        }
    }

    fn key(&self, operation: u32) -> Option<u64> {
        let place = self.workload.plan.place(operation)?;
        Some(whom(self.workload.plan.operations[place].kind.cust_no()))
    }

    fn routes() -> &'static [&'static str] {
        CLIENT_ROUTES
    }
}

/// The number that stands for a customer, the same wherever and whenever it is named (FNV-1a).
fn whom(cust_no: &str) -> u64 {
    cust_no.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What the answer to a sending means.
fn meaning(answer: &Answer) -> Meaning {
    let Ok(response) = answer else { return Meaning::Open };
    match response.status {
        202 => Meaning::Accepted,
        409 if response.headers.get("retry-after").is_none() => Meaning::Final,
        409 | 429 => Meaning::Again(told::retry_after(response).map(|pause| pause.min(LONGEST_RETRY_AFTER))),
        200 | 201 | 204 | 400 | 404 | 422 => Meaning::Final,
        503 if told::not_applied(response) => Meaning::Final,
        _ => Meaning::Open,
    }
}

#[cfg(test)]
mod tests;
