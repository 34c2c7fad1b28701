//! The hash of all that a world shows: two runs of the same world must agree on it, or something is not deterministic.

use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::{CallNote, Note};
use sagaproof_sim::wire::{Answer, Request, Response};

/// The running hash of a world's observations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trace(Fingerprint);

impl Trace {
    /// The hash so far.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.0.finish()
    }

    fn numbers(&mut self, numbers: &[u64]) {
        numbers.iter().for_each(|&number| self.0.number(number));
    }

    fn request(&mut self, request: &Request, point: Point) {
        self.numbers(&[request.method as u64, point.hash()]);
        self.0.bytes(request.target.as_bytes());
        self.0.bytes(request.headers.0.as_bytes());
        self.0.bytes(&request.body);
    }

    fn response(&mut self, response: &Response) {
        self.0.number(u64::from(response.status));
        self.0.bytes(response.headers.0.as_bytes());
        self.0.bytes(&response.body);
    }

    fn answer(&mut self, answer: &Answer) {
        match answer {
            Ok(response) => self.response(response),
            Err(error) => self.0.number(*error as u64),
        }
    }

    fn call_note(&mut self, note: &CallNote) {
        let CallNote { saga, step, direction, mutating, attempt, key } = *note;
        let way = u64::from(step) << 16 | (direction as u64) << 8 | u64::from(mutating);
        self.numbers(&[saga, way, u64::from(attempt), key]);
    }

    fn note(&mut self, note: &Note) {
        match note {
            Note::Began { saga, kind, correlation } => {
                self.numbers(&[1, *saga]);
                self.0.bytes(kind.as_bytes());
                self.0.bytes(correlation.as_bytes());
            }
            Note::Pivoted { saga } => self.numbers(&[2, *saga]),
            Note::Aborted { saga } => self.numbers(&[3, *saga]),
            Note::Parked { saga, step, attempts, refused } => {
                self.numbers(&[4, *saga, u64::from(*step), u64::from(*attempts), u64::from(*refused)]);
            }
            Note::Redriven { saga } => self.numbers(&[5, *saga]),
            Note::Released { saga } => self.numbers(&[6, *saga]),
            Note::Ended { saga } => self.numbers(&[7, *saga]),
            Note::TakenOver { saga } => self.numbers(&[8, *saga]),
            Note::LeftAlone { saga } => self.numbers(&[9, *saga]),
        }
    }
}

impl Observer for Trace {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        self.0.number(now.0);
        match observation {
            Observation::Phase(phase) => self.numbers(&[1, *phase as u64]),
            Observation::Asked { operation, exchange, request, fate, point } => {
                self.numbers(&[2, u64::from(*operation), *exchange, u64::from(fate.code())]);
                self.request(request, *point);
            }
            Observation::TakenIn { operation, exchange } => self.numbers(&[3, u64::from(*operation), *exchange]),
            Observation::Told { operation, exchange, answer } => {
                self.numbers(&[4, u64::from(*operation), *exchange]);
                self.answer(answer);
            }
            Observation::Sent { call, to, request, fate, point, note, life } => {
                self.numbers(&[5, *call, *to as u64, u64::from(fate.code()), *life]);
                self.request(request, *point);
                if let Some(note) = note {
                    self.call_note(note);
                }
            }
            Observation::Handled { call, by, response, again } => {
                self.numbers(&[6, *call, *by as u64, u64::from(*again)]);
                self.response(response);
            }
            Observation::Heard { call, from, answer } => {
                self.numbers(&[7, *call, *from as u64]);
                self.answer(answer);
            }
            Observation::Committed { verdict, rows, applied } => {
                self.numbers(&[8, *verdict as u64, *rows as u64, u64::from(*applied)]);
            }
            Observation::Crashed { point, kept } => self.numbers(&[9, point.hash(), u64::from(*kept)]),
            Observation::Restarted { life } => self.numbers(&[10, *life]),
            Observation::Turn { process, life } => self.numbers(&[13, u64::from(*process), *life]),
            Observation::Paused { point, kept, until } => {
                self.numbers(&[14, point.hash(), u64::from(*kept), until.0]);
            }
            Observation::Resumed => self.numbers(&[15]),
            Observation::Stopped { release } => self.numbers(&[17, u64::from(*release)]),
            Observation::HeldBack { to, note } => {
                self.numbers(&[16, *to as u64]);
                if let Some(note) = note {
                    self.call_note(note);
                }
            }
            Observation::Noted(note) => self.note(note),
            Observation::Logged(line) => self.0.bytes(line.as_bytes()),
            Observation::Vendor { system, what } => {
                self.numbers(&[11, *system as u64]);
                self.0.bytes(what.as_bytes());
            }
            Observation::ChildAdded { system, cust_no, id } => {
                self.numbers(&[12, *system as u64]);
                self.0.bytes(cust_no.as_bytes());
                self.0.bytes(id.unwrap_or_default().as_bytes());
            }
        }
    }
}
