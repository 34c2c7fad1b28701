//! What a vendor does after it has answered: jobs, each with the moment of its end. What a job does then stands with
//! the dialect that starts it. How long jobs take, and that one stalls or fails, is told from outside.

use super::{Fingerprint, JobCourse};
use crate::clock::{Instant, Nanos};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It runs.
    Running,
    /// It did what it was started for.
    Completed,
    /// It gave up.
    Failed,
}

/// A job.
#[derive(Debug, Clone)]
pub(super) struct Job<T> {
    /// What it is to do.
    pub(super) what: T,
    /// How it stands.
    pub(super) state: State,
    /// Whether it will give up when half of it is done.
    pub(super) fails_half: bool,
    ends: Instant,
}

/// All jobs that a vendor ever started, by number.
#[derive(Debug, Clone)]
pub(super) struct Jobs<T> {
    time: Nanos,
    /// How the job goes that the request at hand may start.
    next: Option<JobCourse>,
    list: Vec<Job<T>>,
}

impl<T> Jobs<T> {
    /// No jobs; each will take so long.
    pub(super) const fn new(time: Nanos) -> Self {
        Self { time, next: None, list: Vec::new() }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub(super) fn reset(&mut self, time: Nanos) {
        self.time = time;
        self.next = None;
        self.list.clear();
    }

    /// How the job goes that the next request may start.
    pub(super) const fn expect(&mut self, course: Option<JobCourse>) {
        self.next = course;
    }

    /// Starts a job: its number.
    pub(super) fn start(&mut self, now: Instant, what: T) -> usize {
        let (ends, fails_half) = match self.next.take() {
            None => (now + self.time, false),
            Some(JobCourse::Stalls(until)) => (until.max(now + self.time), false),
            Some(JobCourse::FailsHalf) => (now + self.time, true),
        };
        self.list.push(Job { what, state: State::Running, fails_half, ends });
        self.list.len() - 1
    }

    /// Every job that runs now ends by then.
    pub(super) fn end_by(&mut self, latest: Instant) {
        for job in self.list.iter_mut().filter(|job| job.state == State::Running) {
            job.ends = job.ends.min(latest);
        }
    }

    /// When the next job ends.
    pub(super) fn next_end(&self) -> Option<Instant> {
        self.running().map(|job| job.ends).min()
    }

    /// The job that is to end now or should have: its number. The one that ends first comes first.
    pub(super) fn due(&self, now: Instant) -> Option<usize> {
        let running = self.list.iter().enumerate().filter(|(_, job)| job.state == State::Running && job.ends <= now);
        running.min_by_key(|(number, job)| (job.ends, *number)).map(|(number, _)| number)
    }

    /// Those that run.
    pub(super) fn running(&self) -> impl Iterator<Item = &Job<T>> {
        self.list.iter().filter(|job| job.state == State::Running)
    }

    /// How many there ever were.
    pub(super) fn count(&self) -> usize {
        self.list.len()
    }

    /// The job with this number.
    pub(super) fn get(&self, number: usize) -> Option<&Job<T>> {
        self.list.get(number)
    }

    /// The job with this number, to be carried out.
    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut Job<T>> {
        self.list.get_mut(number)
    }

    /// Feeds all that can still matter.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint, feed: impl Fn(&T, &mut Fingerprint)) {
        let Self { time, next: _, list } = self;
        print.number(time.0);
        print.number(list.len() as u64);
        for Job { what, state, fails_half, ends } in list {
            print.number(*state as u64);
            print.number(u64::from(*fails_half));
            print.instant(now, *ends);
            feed(what, print);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Instant {
        Instant(seconds * 1_000_000_000)
    }

    #[test]
    fn a_job_takes_its_time_unless_its_request_was_to_stall_it() {
        let mut jobs = Jobs::new(Nanos::secs(2));
        jobs.start(at(10), "usual");
        jobs.expect(Some(JobCourse::Stalls(at(99))));
        jobs.start(at(10), "stalled");
        jobs.start(at(11), "usual again");
        assert_eq!((jobs.next_end(), jobs.due(at(11)), jobs.due(at(12))), (Some(at(12)), None, Some(0)));
        jobs.get_mut(0).unwrap().state = State::Completed;
        jobs.get_mut(2).unwrap().state = State::Failed;
        assert_eq!(jobs.next_end(), Some(at(99)));
        jobs.end_by(at(20));
        assert_eq!((jobs.due(at(20)), jobs.running().count()), (Some(1), 1));
    }

    #[test]
    fn a_job_that_is_to_fail_says_so_and_ends_in_time() {
        let mut jobs = Jobs::new(Nanos::secs(2));
        jobs.expect(Some(JobCourse::FailsHalf));
        let number = jobs.start(at(1), ());
        assert!(jobs.get(number).unwrap().fails_half);
        assert_eq!(jobs.next_end(), Some(at(3)));
    }
}
