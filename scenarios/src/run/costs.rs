//! What a world cost beyond its calls, from observations alone: requests sent once more, effects that left nothing, and
//! writes that no trail leads to. Watched only where orchestrators are compared or audited.

use std::collections::{BTreeMap, BTreeSet};

use sagaproof_sim::chaos::point::{Point, Subject};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::{Fingerprint, System};
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::{CallNote, Direction};
use sagaproof_sim::wire::Request;

/// The costs of one world, while it runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Costs {
    retries: u32,
    wasted: u32,
    unjournaled: u32,
    uncorrelated: u32,
    /// The writes that were sent, by call.
    writes: BTreeMap<u64, Write>,
    sent: BTreeSet<u64>,
    accepted: BTreeSet<u64>,
    /// The steps of sagas with an effect that nothing has taken back.
    standing: BTreeSet<(u64, u8)>,
}

#[derive(Debug, Clone, Copy)]
struct Write {
    /// Vendor, method, target and body, hashed.
    what: u64,
    note: Option<CallNote>,
}

impl Costs {
    /// How many writes were sent that had been sent before, byte for byte.
    pub(super) const fn retries(&self) -> u32 {
        self.retries
    }

    /// How many writes a vendor accepted that served nothing: those that it had accepted before, those that take back or
    /// mend, and those that were taken back.
    pub(super) const fn wasted(&self) -> u32 {
        self.wasted
    }

    /// How many writes were sent.
    pub(super) fn writes(&self) -> u32 {
        u32::try_from(self.writes.len()).unwrap_or(u32::MAX)
    }

    /// How many of them no journal told of.
    pub(super) const fn unjournaled(&self) -> u32 {
        self.unjournaled
    }

    /// How many of them bore no correlation id.
    pub(super) const fn uncorrelated(&self) -> u32 {
        self.uncorrelated
    }

    fn sent(&mut self, call: u64, to: System, request: &Request, note: Option<CallNote>) {
        let what = what(to, request);
        self.unjournaled += u32::from(note.is_none());
        self.uncorrelated += u32::from(request.headers.get("x-correlation-id").is_none());
        self.retries += u32::from(!self.sent.insert(what));
        self.writes.insert(call, Write { what, note });
    }

    fn accepted(&mut self, call: u64) {
        let Some(Write { what, note }) = self.writes.get(&call).copied() else { return };
        let again = !self.accepted.insert(what);
        let Some(note) = note else {
            self.wasted += u32::from(again);
            return;
        };
        let step = (note.saga, note.step);
        match note.direction {
            Direction::Forward => {
                self.standing.insert(step);
                self.wasted += u32::from(again);
            }
            Direction::Compensate => self.wasted += 1 + u32::from(self.standing.remove(&step)),
            Direction::Settle => self.wasted += 1,
        }
    }
}

impl Observer for Costs {
    fn see(&mut self, _: Instant, observation: &Observation<'_>) {
        match observation {
            Observation::Sent { call, to, request, point, note, .. } => {
                let writes = note.map_or(request.method.may_write(), |note| note.mutating);
                if writes && concerns_somebody(*point) {
                    self.sent(*call, *to, request, *note);
                }
            }
            Observation::Handled { call, response, .. } if (200..300).contains(&response.status) => {
                self.accepted(*call);
            }
            _ => {}
        }
    }
}

/// Whether a request is about a customer: what fetches a token is not.
fn concerns_somebody(point: Point) -> bool {
    !matches!(point, Point::Exchange { subject: Subject::NONE, .. })
}

fn what(to: System, request: &Request) -> u64 {
    let mut print = Fingerprint::default();
    print.number(to as u64);
    print.number(request.method as u64);
    print.bytes(request.target.as_bytes());
    print.bytes(&request.body);
    print.finish()
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::chaos::fate::Fate;
    use sagaproof_sim::chaos::point::Route;
    use sagaproof_sim::wire::{Headers, Method, Response};

    use super::*;

    fn note(direction: Direction) -> CallNote {
        CallNote { saga: 7, step: 1, direction, mutating: true, attempt: 1, key: 1 }
    }

    type Call<'a> = (Method, &'a str, Option<Direction>, &'a [u16]);

    /// The costs of calls to commerce: method, target, journal's word, and the statuses that it answered.
    fn costs(calls: &[Call<'_>]) -> (u32, u32) {
        let mut costs = Costs::default();
        for (call, (method, target, direction, answers)) in (0..).zip(calls) {
            let subject = if target.contains("token") { Subject::NONE } else { Subject::of(b"C001") };
            let request = Request {
                method: *method,
                target: (*target).to_owned(),
                headers: Headers::default(),
                body: Vec::new(),
            };
            let point = Point::Exchange { system: System::Commerce, route: Route(0), subject, nth: 0 };
            let (to, fate, note) = (System::Commerce, Fate::Fine, direction.map(note));
            costs.see(Instant::ZERO, &Observation::Sent { call, to, request: &request, fate, point, note, life: 0 });
            for status in *answers {
                let response = Response { status: *status, headers: Headers::default(), body: Vec::new() };
                costs.see(Instant::ZERO, &Observation::Handled { call, by: to, response: &response, again: false });
            }
        }
        (costs.retries(), costs.wasted())
    }

    #[test]
    fn a_write_that_is_sent_again_is_a_retry_and_wasted_where_it_is_accepted_again() {
        let create = (Method::Post, "/customers", None, &[201][..]);
        assert_eq!(costs(&[create]), (0, 0));
        assert_eq!(costs(&[create, (Method::Post, "/customers", None, &[422])]), (1, 0));
        assert_eq!(costs(&[create, create]), (1, 1));
        assert_eq!(costs(&[(Method::Post, "/customers", None, &[201, 201])]), (0, 1), "delivered twice");
        assert_eq!(costs(&[(Method::Get, "/customers", None, &[200][..]); 3]), (0, 0), "reads are free");
        assert_eq!(costs(&[(Method::Post, "/token", None, &[200][..]); 3]), (0, 0), "a token is nobody's record");
    }

    #[test]
    fn what_is_taken_back_is_wasted_and_so_is_the_taking_back() {
        let forward = (Method::Post, "/customers", Some(Direction::Forward), &[201][..]);
        let back = (Method::Delete, "/customers/1", Some(Direction::Compensate), &[200][..]);
        assert_eq!(costs(&[forward, back]), (0, 2));
        assert_eq!(costs(&[forward, back, back]), (1, 3), "once more, in vain");
        assert_eq!(costs(&[back]), (0, 1), "nothing was there");
        assert_eq!(costs(&[forward, (Method::Put, "/customers/1", Some(Direction::Settle), &[200])]), (0, 1));
    }
}
