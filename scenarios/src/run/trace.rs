//! The hash of all that a world shows: two runs of the same world must agree on it, or something is not deterministic.

use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::process::{CallNote, Note};
use sagaproof_sim::wire::{Answer, Request, Response};

/// The golden ratio's fraction in 64 bits: as many ones as zeroes, in no pattern.
const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

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

    /// Folds bytes in, their length included. Bodies are most of what a world shows, and whoever compares worlds hashes every
    /// one: so sixteen bytes at a time, by one multiplication whose two halves are folded.
    fn bytes(&mut self, bytes: &[u8]) {
        let mut hash = self.0.finish() ^ bytes.len() as u64;
        let (blocks, rest) = bytes.as_chunks::<16>();
        let mut last = [0; 16];
        last[..rest.len()].copy_from_slice(rest);
        for block in blocks.iter().chain([&last]) {
            let block = u128::from_le_bytes(*block);
            let product = u128::from(block as u64 ^ hash) * u128::from((block >> 64) as u64 ^ ODD);
            hash = (product as u64) ^ ((product >> 64) as u64);
        }
        self.0.number(hash);
    }

    fn request(&mut self, request: &Request, point: Point) {
        self.numbers(&[request.method as u64, point.hash()]);
        self.bytes(request.target.as_bytes());
        self.bytes(request.headers.0.as_bytes());
        self.bytes(&request.body);
    }

    fn response(&mut self, response: &Response) {
        self.0.number(u64::from(response.status));
        self.bytes(response.headers.0.as_bytes());
        self.bytes(&response.body);
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
                self.bytes(kind.as_bytes());
                self.bytes(correlation.as_bytes());
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
            Observation::Logged(line) => self.bytes(line.as_bytes()),
            Observation::Vendor { system, what } => {
                self.numbers(&[11, *system as u64]);
                self.bytes(what.as_bytes());
            }
            Observation::ChildAdded { system, cust_no, id } => {
                self.numbers(&[12, *system as u64]);
                self.bytes(cust_no.as_bytes());
                self.bytes(id.unwrap_or_default().as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_its_place_and_the_length_count() {
        let hash = |texts: &[&[u8]]| {
            let mut trace = Trace::default();
            texts.iter().for_each(|text| trace.bytes(text));
            trace.hash()
        };
        let text = *b"forty bytes, so two whole blocks and so.";
        let whole = hash(&[&text]);
        for place in 0..text.len() {
            let mut other = text;
            other[place] ^= 1;
            assert_ne!(hash(&[&other]), whole, "{place}");
        }
        assert_ne!(hash(&[&text[..text.len() - 1]]), hash(&[&[&text[..text.len() - 1], b"\0"].concat()]));
        assert_ne!(hash(&[&text[..20], &text[20..]]), whole);
        assert_ne!(hash(&[b"", b"a"]), hash(&[b"a", b""]));
    }
}
