//! One world over real time: a fleet behind a lock, what may befall its exchanges, and its clock. What happens on
//! sockets is `vendor`'s; here requests are sent and delivered at instants, as in the virtual world.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant as RealInstant;

use super::WorldSettings;
use super::faults::Faults;
use super::metrics::Metrics;
use super::seen::{Kept, Seen, What};
use crate::chaos::fate::Fate;
use crate::clock::{Instant, Nanos};
use crate::exchange::course::{Course, Times};
use crate::exchange::windows::Turn;
use crate::fleet::{Control, Fleet, JobCourse, System};
use crate::wire::{Request, Response};

/// A world.
#[derive(Debug)]
pub struct World {
    inner: Mutex<Inner>,
}

/// What the lock guards. Nobody holds it while waiting for anything.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) settings: WorldSettings,
    began: RealInstant,
    pub(super) fleet: Fleet,
    pub(super) faults: Faults,
    /// By how much the clock was moved.
    pub(super) offset: Nanos,
    /// Which fleet this is: it is replaced where the world is reset, and what is still under way belongs to the old.
    incarnation: u64,
    calls: u64,
    kept: Kept,
    metrics: Metrics,
}

/// A request that was sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    call: u64,
    pub(super) to: System,
    pub(super) fate: Fate,
    /// The hash of its point.
    pub(super) key: u64,
    pub(super) at: Instant,
    /// The same in real time, which nobody moves.
    pub(super) since: RealInstant,
    pub(super) course: Course,
    incarnation: u64,
}

impl World {
    /// A world that begins now.
    pub(super) fn new(settings: &WorldSettings) -> Self {
        Self { inner: Mutex::new(Inner::new(settings.clone(), 0, Kept::default())) }
    }

    /// Lets it begin anew, now, as it began. What is still under way is lost.
    pub fn reset(&self) {
        let (_, mut inner) = self.now();
        let settings = inner.settings.clone();
        inner.renew(settings);
    }

    /// Lets another world begin in its place, now. What is still under way is lost.
    pub fn replace(&self, settings: WorldSettings) {
        self.now().1.renew(settings);
    }

    /// The world's state at this instant, its windows opened and closed as they are due. A panic elsewhere has left no
    /// half-done work: models handle requests whole.
    pub(super) fn now(&self) -> (Instant, MutexGuard<'_, Inner>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken under the lock, so that no request sees an instant before that of the one before it.
        let real = u64::try_from(inner.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let now = Instant(real) + inner.offset;
        inner.catch_up(now);
        (now, inner)
    }

    /// Looks at the vendors, now.
    pub fn look<T>(&self, look: impl FnOnce(&Fleet, Instant) -> T) -> T {
        let (now, inner) = self.now();
        look(&inner.fleet, now)
    }

    /// Whether the credentials of a request let it in.
    pub(super) fn lets_in(&self, to: System, head: &Request) -> bool {
        let (now, inner) = self.now();
        inner.fleet.lets_in(to, now, head)
    }

    /// What a stranger hears, whose body nobody reads. It has no point, for a point needs the body.
    pub(super) fn turn_away(&self, to: System, head: &Request) -> Response {
        let (now, mut inner) = self.now();
        let response = inner.fleet.handle(to, now, head);
        inner.answered(to, response.status);
        inner.see(now, What::TurnedAway { by: to, status: response.status });
        response
    }

    /// Sends a request now: chooses its fate, and with it when it is delivered and what its caller hears.
    pub(super) fn send(&self, to: System, request: &Request) -> Sent {
        let (now, mut inner) = self.now();
        let (route, subject) = inner.fleet.route(to, request);
        let (point, fate) = inner.faults.fate(now, to, route, subject);
        inner.calls += 1;
        let call = inner.calls;
        let name = Fleet::route_names(to).get(usize::from(route.0)).copied().unwrap_or_default();
        let (method, target) = (request.method, request.target.as_str().into());
        inner.see(now, What::Sent { call, to, method, target, route: name, fate, point });
        if fate != Fate::Fine {
            *inner.metrics.faults.entry((to, fate)).or_default() += 1;
        }
        let (there, back) = (Nanos::ZERO, Nanos::ZERO);
        let WorldSettings { time_out, horizon, .. } = inner.settings;
        let times = Times { sent: now, time_out, there, back, horizon };
        let course = Course::of(fate, times);
        Sent {
            call,
            to,
            fate,
            key: point.hash(),
            at: now,
            since: RealInstant::now(),
            course,
            incarnation: inner.incarnation,
        }
    }

    /// Delivers a request now; `None` where the vendor swallows it, or where its world is no more.
    pub(super) fn deliver(&self, sent: &Sent, request: &Request, again: bool) -> Option<Response> {
        let (now, mut inner) = self.now();
        if inner.incarnation != sent.incarnation || inner.faults.is_down(sent.to, now) {
            return None;
        }
        let course = match sent.fate {
            Fate::JobStalls => Some(JobCourse::Stalls(now + inner.faults.job_stall())),
            Fate::JobFailsHalf => Some(JobCourse::FailsHalf),
            _ => None,
        };
        if let Some(course) = course {
            inner.fleet.control(sent.to, now, &Control::NextJob(course));
        }
        let response = inner.fleet.handle(sent.to, now, request);
        inner.answered(sent.to, response.status);
        inner.see(now, What::Handled { call: sent.call, by: sent.to, status: response.status, again });
        Some(response)
    }

    /// The observations after this number, as far as they are kept.
    #[must_use]
    pub fn seen(&self, after: u64) -> Vec<Seen> {
        self.now().1.kept.after(after).cloned().collect()
    }

    /// Waits for an observation after this number.
    pub async fn seen_more(&self, after: u64) {
        let mut last = self.now().1.kept.watch();
        // It ends by itself only with the world, which whoever waits here holds.
        let _ = last.wait_for(|last| *last > after).await;
    }

    /// What the world counted, in Prometheus' text format.
    pub(super) fn metrics(&self, connections: usize) -> String {
        let (_, inner) = self.now();
        let records = System::VENDORS.map(|system| (system, inner.fleet.records(system).len()));
        inner.metrics.write(&records, connections)
    }
}

impl Inner {
    fn new(settings: WorldSettings, incarnation: u64, kept: Kept) -> Self {
        let WorldSettings { fleet, chaos, seed, horizon, .. } = &settings;
        Self {
            began: RealInstant::now(),
            fleet: Fleet::new(fleet),
            faults: Faults::new(*seed, chaos, *horizon, fleet.index_lag, &[]),
            settings,
            offset: Nanos::ZERO,
            incarnation,
            calls: 0,
            kept,
            metrics: Metrics::default(),
        }
    }

    fn renew(&mut self, settings: WorldSettings) {
        let kept = std::mem::take(&mut self.kept);
        *self = Self::new(settings, self.incarnation + 1, kept);
    }

    /// Lets every window begin and end and every job end that is due, in order.
    pub(super) fn catch_up(&mut self, now: Instant) {
        loop {
            let job = self.fleet.next_job().filter(|at| *at <= now);
            match self.faults.pass(job.unwrap_or(now)) {
                Some((at, turn)) => self.turn(at, &turn),
                None => match job {
                    Some(at) => self.end_jobs(at),
                    None => return,
                },
            }
        }
    }

    fn see(&mut self, at: Instant, what: What) {
        self.kept.see(at, what);
    }

    fn answered(&mut self, by: System, status: u16) {
        *self.metrics.answers.entry((by, status)).or_default() += 1;
    }

    fn end_jobs(&mut self, at: Instant) {
        for system in System::VENDORS {
            while let Some(what) = self.fleet.end_job(system, at) {
                self.see(at, What::Vendor { system, what });
            }
        }
    }

    /// A window begins or ends.
    pub(super) fn turn(&mut self, at: Instant, turn: &Turn) {
        self.see(at, What::Vendor { system: turn.system, what: turn.what });
        if let Some(control) = &turn.control {
            self.fleet.control(turn.system, at, control);
        }
    }
}
