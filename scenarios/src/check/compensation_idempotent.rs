//! `compensation-idempotent`: a compensation that arrives again changes no live record. Judged in a share of the worlds
//! by sending each compensation again to a copy of the fleet: at once, while its saga holds its locks, and each
//! deletion once more at the end, for it means one incarnation of a record and no later one. A parting of two records is
//! no deletion, although it may be a DELETE: later the two may have been joined again by right.
//!
//! Records are compared, not counters or audit entries. An observer sees no fleet, so whoever runs the world asks
//! [`Resender::is_due`] after every event and lets [`Resender::resend`] look at the fleet; at the end, [`Resender::judge`].

use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::all::Fleet;
use sagaproof_sim::fleet::{Condition, Fingerprint, Record, System};
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::Direction;
use sagaproof_sim::wire::{Method, Request};

use super::wording::{At, Entry};
use super::{CheckerName, EndState, Violation};

/// Sends compensations again.
#[derive(Debug, Clone, Default)]
pub struct Resender {
    /// Compensations that no vendor has handled yet.
    sent: Vec<Compensation>,
    /// One that a vendor has just done.
    due: Option<Compensation>,
    /// Deletions that were done.
    deletions: Vec<Compensation>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone)]
struct Compensation {
    call: u64,
    saga: u64,
    to: System,
    request: Request,
    /// Whether it takes a record away.
    deletes: bool,
}

/// The route of a vendor that parts two records.
const PARTS: &str = "unlink";

impl Resender {
    /// Whether the world with this seed is among those judged: one in 64.
    #[must_use]
    pub const fn wants(seed: u64) -> bool {
        seed.is_multiple_of(64)
    }

    /// Feeds what can still matter: what is to be sent again, and what was found.
    pub fn feed(&self, print: &mut Fingerprint) {
        print.number(u64::from(!self.violations.is_empty()));
        for compensation in self.sent.iter().chain(&self.deletions) {
            print.number(compensation.to as u64);
            print.request(&compensation.request);
        }
        print.number(self.sent.len() as u64);
    }

    /// Whether a compensation has just been done, and is to be sent again before anything else happens.
    #[must_use]
    pub const fn is_due(&self) -> bool {
        self.due.is_some()
    }

    /// Sends what is due again, to a copy of the fleet.
    pub fn resend(&mut self, now: Instant, fleet: &Fleet) {
        let Some(compensation) = self.due.take() else { return };
        self.violations.extend(again(&compensation, now, fleet, "at once"));
        if compensation.deletes {
            self.deletions.push(compensation);
        }
    }

    /// The verdict at the end of a world: every deletion is sent once more.
    pub fn judge(&mut self, now: Instant, fleet: &Fleet) -> Vec<Violation> {
        let mut violations = std::mem::take(&mut self.violations);
        for deletion in &self.deletions {
            violations.extend(again(deletion, now, fleet, "after everything had settled"));
        }
        violations
    }
}

impl Observer for Resender {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        match *observation {
            Observation::Sent { call, to, request, point, note: Some(note), .. }
                if note.mutating && note.direction == Direction::Compensate =>
            {
                let route = match point {
                    Point::Exchange { route, .. } => Fleet::route_names(to).get(usize::from(route.0)).copied(),
                    _ => None,
                };
                let deletes = request.method == Method::Delete && route != Some(PARTS);
                self.sent.push(Compensation { call, saga: note.saga, to, request: request.clone(), deletes });
            }
            Observation::Handled { call, response, .. } if (200..300).contains(&response.status) => {
                if let Some(at) = self.sent.iter().position(|sent| sent.call == call) {
                    self.due = Some(self.sent.swap_remove(at));
                }
            }
            _ => {}
        }
    }
}

/// Sends a compensation again to a copy of the fleet, and convicts it where live records have changed.
fn again(compensation: &Compensation, now: Instant, fleet: &Fleet, when: &str) -> Option<Violation> {
    let mut copy = fleet.clone();
    let _ = copy.handle(compensation.to, now, &compensation.request);
    let changed = EndState::SYSTEMS.into_iter().find_map(|system| {
        let (before, after) = (live(fleet, system), live(&copy, system));
        (before != after).then_some((system, before, after))
    });
    let (system, before, after) = changed?;
    let Compensation { call, saga, to, request, .. } = compensation;
    let mut message = format!(
        "a compensation of saga {saga} was sent again {when}, and it changed live records\n  {} {} {} (call {call})\n",
        to.name(),
        request.method.as_str(),
        request.target,
    );
    for (verb, some, others) in [("held", &before, &after), ("then held", &after, &before)] {
        for record in some.iter().filter(|record| !others.contains(record)) {
            message.push_str(&format!("  {} {verb} {}\n", system.name(), Entry(record)));
        }
    }
    message.push_str(&format!("  sent again at {}\n", At(now)));
    let tag = before.iter().chain(&after).find(|record| !before.contains(record) || !after.contains(record));
    Some(Violation {
        checker: CheckerName::CompensationIdempotent,
        diagnosis: None,
        customer: tag.and_then(|record| record.tag.as_ref()).map_or_else(String::new, |tag| tag.cust_no.clone()),
        message,
        at: now,
        operations: Vec::new(),
        exchanges: Vec::new(),
        calls: vec![*call],
    })
}

fn live(fleet: &Fleet, system: System) -> Vec<Record> {
    let mut records = fleet.records(system);
    records.retain(|record| record.condition == Condition::Live);
    records
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::chaos::fate::Fate;
    use sagaproof_sim::fleet::all::Settings;
    use sagaproof_sim::fleet::auth::Credentials;
    use sagaproof_sim::fleet::{Control, SeedRecord};
    use sagaproof_sim::process::CallNote;
    use sagaproof_sim::wire::{Headers, Response};

    use super::*;
    use crate::check::testing::{note, point};

    fn fleet() -> Fleet {
        let mut fleet = Fleet::new(&Settings { limits: false, ..Settings::default() });
        for n in 0..2 {
            let seed = SeedRecord {
                tag: Some(format!("C{n}/s{n}")),
                email: Some(format!("c{n}@x.org")),
                given_name: "Anna".to_owned(),
                family_name: "Arai".to_owned(),
                ..SeedRecord::default()
            };
            fleet.control(System::Commerce, Instant::ZERO, &Control::Seed(seed));
        }
        fleet
    }

    fn delete(fleet: &Fleet, nth: usize) -> Request {
        let id = &fleet.records(System::Commerce)[nth].id;
        let mut headers = Headers::new();
        headers.push("x-shopify-access-token", Credentials::SIMULATION.commerce_token);
        let target = format!("/admin/api/2026-07/customers/{id}.json");
        Request { method: Method::Delete, target, headers, body: Vec::new() }
    }

    fn handled(resender: &mut Resender, request: &Request, note: CallNote) {
        let (call, to, fate) = (1, System::Commerce, Fate::Fine);
        let point = point(to);
        resender.see(Instant(1), &Observation::Sent { call, to, request, fate, point, note: Some(note), life: 0 });
        let response = Response::json(200, "{}");
        resender.see(Instant(1), &Observation::Handled { call, by: to, response: &response, again: false });
    }

    #[test]
    fn a_deletion_that_was_done_may_come_again_at_any_time() {
        let mut fleet = fleet();
        let request = delete(&fleet, 0);
        let mut resender = Resender::default();
        handled(&mut resender, &request, note(0, Direction::Compensate, 1));
        fleet.handle(System::Commerce, Instant(1), &request);
        assert!(resender.is_due());
        resender.resend(Instant(1), &fleet);
        assert!(!resender.is_due());
        assert!(resender.judge(Instant(2), &fleet).is_empty());
    }

    #[test]
    fn a_deletion_that_hits_a_live_record_the_second_time_is_convicted() {
        let mut fleet = fleet();
        let first = delete(&fleet, 0);
        let second = delete(&fleet, 1);
        let mut resender = Resender::default();
        handled(&mut resender, &second, note(0, Direction::Compensate, 1));
        // The fleet that it is sent to again still has the record, as if it had been made anew under the same id.
        fleet.handle(System::Commerce, Instant(1), &first);
        resender.resend(Instant(1), &fleet);
        let verdict = resender.judge(Instant(2), &fleet);
        assert_eq!(verdict.len(), 2, "at once, and at the end");
        assert_eq!((verdict[0].checker, verdict[0].customer.as_str()), (CheckerName::CompensationIdempotent, "C1"));
    }

    #[test]
    fn only_compensations_that_write_and_were_done_are_sent_again() {
        let fleet = fleet();
        let request = delete(&fleet, 0);
        for note in [
            note(0, Direction::Forward, 1),
            note(0, Direction::Settle, 1),
            CallNote { mutating: false, ..note(0, Direction::Compensate, 0) },
        ] {
            let mut resender = Resender::default();
            handled(&mut resender, &request, note);
            assert!(!resender.is_due());
        }
    }
}
