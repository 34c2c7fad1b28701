//! `polite`: vendors are not called before they said, nor over and over without a pause. Judged within one life of a
//! process, on the answers that it heard: a crash forgets them.
//!
//! - `Retry-After` binds the same request at once, and after a short grace (calls that were decided before the answer
//!   was heard) everything within the vendor's scope: the app at commerce, the account at support (its limits on
//!   updates are by record), the tenant at identity with the token endpoint apart, the endpoint at messaging.
//! - Retries of what has failed or was refused leave a pause, and there are not too many of them in a minute.

use std::collections::BTreeMap;

use sagaproof_sim::chaos::point::{Route, Subject};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::wire::{Answer, CallError, Response};

use super::calls::Call;
use super::wording::At;
use super::{CheckerName, Finding};
use crate::scenario::HAMMERING;
use crate::told;

/// Calls that leave so soon after a `Retry-After` was heard were decided before.
const GRACE: Nanos = Nanos::secs(1);

/// So many retries in a row whose pauses sum up to less than [`PAUSES`] are hammering. No backoff that a scenario may ask
/// for does so: it is refused where it could.
const RETRIES: usize = HAMMERING.0;
const PAUSES: Nanos = HAMMERING.1;

/// So many retries of one request within a minute are without bound.
const IN_A_MINUTE: u32 = 120;

/// What the vendors said that still binds, in one life.
#[derive(Debug, Clone, Default)]
pub(super) struct Polite {
    /// By scope: since when and until when it wants no calls.
    scopes: [Option<(Instant, Instant)>; 6],
    /// What has failed and may be tried again.
    failing: BTreeMap<(System, Route, Subject), Failing>,
    convicted: bool,
}

/// A request that failed the last time it was sent.
#[derive(Debug, Clone, Copy, Default)]
struct Failing {
    /// When that was heard; `None` once it was sent again.
    heard: Option<Instant>,
    /// Not to be sent again before.
    until: Instant,
    /// The last pauses before retries, the newest first, and how many there were.
    pauses: [Nanos; RETRIES],
    retries: usize,
    /// The minute that is counted: when it began, and the retries in it.
    minute: Instant,
    in_minute: u32,
}

impl Polite {
    /// The hub sent a call.
    pub(super) fn sent(&mut self, now: Instant, call: &Call) -> Option<Finding> {
        let scope = self.scopes[scope(call)].filter(|(since, until)| *since + GRACE < now && now < *until);
        let why = scope
            .map(|(since, until)| format!("at {} it had said that it wants no calls until {}", At(since), At(until)));
        let retry =
            self.failing.get_mut(&(call.system, call.route, call.subject)).and_then(|failing| failing.sent(now, call));
        let why = retry.or(why)?;
        if std::mem::replace(&mut self.convicted, true) {
            return None;
        }
        let message =
            format!("{} was called impolitely at {} (call {})\n  {why}\n", call.system.name(), At(now), call.number);
        Some(Finding { checker: CheckerName::Polite, calls: vec![call.number], message })
    }

    /// The hub heard how a call ended.
    pub(super) fn heard(&mut self, now: Instant, call: &Call, answer: &Answer) {
        let failed = match answer {
            // A no that says nothing of a record is the same the next time, unless something else has happened.
            Ok(response) => matches!(response.status, 400..=403 | 406 | 408 | 423 | 429 | 430 | 500..),
            Err(error) => *error != CallError::NotSent,
        };
        let key = (call.system, call.route, call.subject);
        if !failed {
            if !self.failing.is_empty() {
                self.failing.remove(&key);
            }
            return;
        }
        let until = answer.as_ref().ok().and_then(retry_after).map(|wait| now + wait);
        let failing = self.failing.entry(key).or_insert_with(|| Failing { minute: now, ..Failing::default() });
        failing.heard = Some(now);
        if let Some(until) = until {
            failing.until = failing.until.max(until);
            let by_record = call.system == System::Support && call.updates;
            if !by_record {
                let scope = &mut self.scopes[scope(call)];
                let since = scope.filter(|(_, ends)| now < *ends).map_or(now, |(since, _)| since);
                *scope = Some((since, scope.map_or(until, |(_, ends)| ends.max(until))));
            }
        }
    }

    /// A life is over: the next one has heard nothing.
    pub(super) fn forget(&mut self) {
        self.scopes = [None; 6];
        self.failing.clear();
    }

    pub(super) fn reset(&mut self) {
        self.forget();
        self.convicted = false;
    }

    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(u64::from(self.convicted));
        for (scope, binds) in (0_u64..).zip(&self.scopes) {
            let Some((since, until)) = binds.filter(|(_, until)| now < *until) else { continue };
            print.number(scope);
            // One that has been heard for longer than the grace binds whatever leaves after now.
            print.number(now.since(since).0.min(GRACE.0));
            print.instant(now, until);
        }
        print.number(u64::MAX);
        for ((system, route, subject), failing) in &self.failing {
            print.number((*system as u64) << 8 | u64::from(route.0));
            print.number(subject.0);
            print.number(failing.heard.map_or(u64::MAX, |heard| now.since(heard).min(PAUSES).0));
            print.instant(now, failing.until);
            // One pause as long as all may be together is as good as any longer one.
            failing.pauses.iter().for_each(|pause| print.number((*pause).min(PAUSES).0));
            print.number((failing.retries.min(RETRIES) as u64) << 32 | u64::from(failing.in_minute));
            print.number(now.since(failing.minute).min(Nanos::secs(61)).0);
        }
    }
}

impl Failing {
    /// It is sent again; why that is impolite, if it is.
    fn sent(&mut self, now: Instant, call: &Call) -> Option<String> {
        if now < self.until {
            return Some(format!("this very request was not to be sent again before {}", At(self.until)));
        }
        let heard = self.heard.take()?;
        // What is about nobody in particular is sent by many at once.
        if call.subject == Subject::NONE {
            return None;
        }
        self.pauses.rotate_right(1);
        self.pauses[0] = now.since(heard);
        self.retries += 1;
        if now.since(self.minute) > Nanos::secs(60) {
            (self.minute, self.in_minute) = (now, 0);
        }
        self.in_minute += 1;
        let paused = self.pauses.iter().fold(Nanos::ZERO, |sum, pause| sum + *pause);
        if self.retries >= RETRIES && paused < PAUSES {
            return Some(format!("the last {RETRIES} retries of this request left without a pause"));
        }
        (self.in_minute > IN_A_MINUTE)
            .then(|| format!("it is the {}th retry of this request within a minute", self.in_minute))
    }
}

/// Who is meant when a vendor asks for patience.
fn scope(call: &Call) -> usize {
    if call.for_token { 5 } else { call.system as usize }
}

/// How long a 429 or 503 asks to wait.
fn retry_after(response: &Response) -> Option<Nanos> {
    matches!(response.status, 429 | 503).then(|| told::retry_after(response))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMERCE: System = System::Commerce;

    /// A vendor and its caller.
    #[derive(Default)]
    struct Line {
        polite: Polite,
        now: Instant,
        last: u64,
    }

    impl Line {
        fn call(&mut self, system: System, subject: u64, change: impl FnOnce(&mut Call)) -> (Call, Option<String>) {
            self.last += 1;
            let mut call = Call::new(self.last, system, Route(1), Subject(subject));
            change(&mut call);
            let found = self.polite.sent(self.now, &call);
            (call, found.map(|finding| finding.message))
        }

        fn wait(&mut self, span: Nanos) {
            self.now = self.now + span;
        }

        fn hear(&mut self, call: &Call, status: u16, retry_after: Option<&str>) {
            let mut response = Response::json(status, "{}");
            if let Some(value) = retry_after {
                response.headers.push("retry-after", value);
            }
            self.polite.heard(self.now, call, &Ok(response));
        }

        /// A call to commerce is refused with 429 and the bidding to wait.
        fn refused(retry_after: &str) -> Self {
            let mut line = Self::default();
            let (call, _) = line.call(COMMERCE, 1, |_| ());
            line.hear(&call, 429, Some(retry_after));
            line
        }
    }

    #[test]
    fn the_same_request_waits_until_the_vendor_wants_it() {
        for (value, wait) in [("2", 2_000), ("2.0", 2_000), ("0.25", 250), ("1.5", 1_500)] {
            let mut line = Line::refused(value);
            line.wait(Nanos::millis(wait - 1));
            assert!(line.call(COMMERCE, 1, |_| ()).1.is_some(), "{value}");
            let mut line = Line::refused(value);
            line.wait(Nanos::millis(wait));
            assert!(line.call(COMMERCE, 1, |_| ()).1.is_none(), "{value}");
        }
    }

    #[test]
    fn other_requests_to_the_same_vendor_wait_too_after_a_grace() {
        let after = |millis: u64, system: System, change: fn(&mut Call)| {
            let mut line = Line::refused("4");
            line.wait(Nanos::millis(millis));
            line.call(system, 2, change).1.is_some()
        };
        assert!(!after(500, COMMERCE, |_| ()));
        assert!(after(2_000, COMMERCE, |_| ()));
        assert!(!after(4_000, COMMERCE, |_| ()));
        assert!(!after(2_000, System::Identity, |_| ()));
    }

    #[test]
    fn tokens_have_a_limit_of_their_own_and_support_limits_updates_by_record() {
        let mut line = Line::default();
        let (call, _) = line.call(System::Identity, 1, |call| call.for_token = true);
        line.hear(&call, 429, Some("9"));
        let (call, _) = line.call(System::Support, 1, |call| call.updates = true);
        line.hear(&call, 429, Some("9"));
        line.wait(Nanos::secs(3));
        assert!(line.call(System::Identity, 2, |_| ()).1.is_none());
        assert!(line.call(System::Support, 2, |call| call.updates = true).1.is_none());
        assert!(line.call(System::Support, 1, |call| call.updates = true).1.is_some());
    }

    #[test]
    fn a_new_life_has_heard_nothing() {
        let mut line = Line::refused("9");
        line.polite.forget();
        assert!(line.call(COMMERCE, 1, |_| ()).1.is_none());
    }

    #[test]
    fn what_cannot_be_read_binds_nobody() {
        for value in ["soon", "", "-1", "1.x", "Thu, 01 Jan 2026 00:00:10 GMT"] {
            assert!(Line::refused(value).call(COMMERCE, 1, |_| ()).1.is_none(), "{value}");
        }
    }

    #[test]
    fn retries_without_a_pause_are_hammering() {
        let after = |status, pauses: &[u64]| {
            let mut line = Line::default();
            let mut found = None;
            let (mut call, _) = line.call(COMMERCE, 1, |_| ());
            for pause in pauses {
                line.hear(&call, status, None);
                line.wait(Nanos::millis(*pause));
                let sent = line.call(COMMERCE, 1, |_| ());
                (call, found) = (sent.0, found.or(sent.1));
            }
            found.is_some()
        };
        let retry = |pauses: &[u64]| after(500, pauses);
        assert!(retry(&[1; 5]));
        assert!([400, 401, 403, 406, 423].into_iter().all(|status| after(status, &[1; 5])), "refused");
        assert!(![404, 409, 422].into_iter().any(|status| after(status, &[1; 200])), "told of a record");
        assert!(retry(&[50, 100, 1, 1, 1, 1, 1]));
        assert!(!retry(&[1; 4]));
        assert!(!retry(&[10, 20, 40, 80, 160, 320, 640, 640, 640]));
        assert!(retry(&[100; 200]), "without bound");
    }

    #[test]
    fn looking_again_after_an_answer_is_no_retry() {
        let mut line = Line::default();
        for _ in 0..300 {
            let (call, found) = line.call(COMMERCE, 1, |_| ());
            assert_eq!(found, None);
            line.hear(&call, 404, None);
        }
    }
}
