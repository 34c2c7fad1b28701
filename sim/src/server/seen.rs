//! What happened in a world, as lines of JSON: the observations that a fleet can make, the last so many of them.

use std::collections::VecDeque;

use serde::{Serialize, Serializer};
use tokio::sync::watch;

use crate::chaos::fate::Fate;
use crate::chaos::point::Point;
use crate::clock::Instant;
use crate::fleet::System;
use crate::wire::Method;

/// So many observations are kept; older ones are forgotten.
const KEPT: usize = 10_000;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// Its number in this world, from 1.
    pub number: u64,
    /// When, by the world's clock.
    pub at: Instant,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A request came to a vendor, and its fate was chosen.
    Sent {
        /// Unique in the world.
        call: u64,
        /// The vendor.
        to: System,
        /// Its method.
        method: Method,
        /// Its path and query.
        target: Box<str>,
        /// The route's name in the vendor's dialect.
        route: &'static str,
        /// Its fate.
        #[serde(serialize_with = "name")]
        fate: Fate,
        /// Where the fate was chosen.
        point: Point,
    },
    /// A vendor handled a request.
    Handled {
        /// The call.
        call: u64,
        /// The vendor.
        by: System,
        /// The status that it answered; the caller may hear something else, or nothing.
        status: u16,
        /// Whether this was the second delivery of the same request.
        again: bool,
    },
    /// A request with wrong credentials was turned away before its body was read.
    TurnedAway {
        /// The vendor.
        by: System,
        /// The status that it answered.
        status: u16,
    },
    /// A vendor's state changed (`outage begins`, `a job is done`).
    Vendor {
        /// The vendor.
        system: System,
        /// What, as fixed words.
        what: &'static str,
    },
}

/// A fate by the name that rules and schedules have for it.
fn name<S: Serializer>(fate: &Fate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(fate.name())
}

/// The last observations of a world.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// The number of the last one.
    last: u64,
    /// The same, for those who wait for the next.
    told: watch::Sender<u64>,
    kept: VecDeque<Seen>,
}

impl Kept {
    /// Keeps one more.
    pub(super) fn see(&mut self, at: Instant, what: What) {
        self.last += 1;
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Seen { number: self.last, at, what });
        if self.told.receiver_count() > 0 {
            self.told.send_replace(self.last);
        }
    }

    /// Those after this number.
    pub(super) fn after(&self, number: u64) -> impl Iterator<Item = &Seen> {
        let first = self.kept.partition_point(|seen| seen.number <= number);
        self.kept.range(first..)
    }

    /// The number of the last one, to wait for the next.
    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.told.send_replace(self.last);
        self.told.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept_and_numbered_on() {
        let mut kept = Kept::default();
        for _ in 0..KEPT + 5 {
            kept.see(Instant(7), What::TurnedAway { by: System::Support, status: 401 });
        }
        let numbers: Vec<u64> = kept.after(0).map(|seen| seen.number).collect();
        assert_eq!((numbers.len(), numbers[0], *kept.watch().borrow()), (KEPT, 6, KEPT as u64 + 5));
        assert_eq!(kept.after(KEPT as u64 + 4).count(), 1);
        assert_eq!(kept.after(u64::MAX).count(), 0);
    }

    #[test]
    fn an_observation_is_one_line_of_json() {
        let seen =
            Seen { number: 1, at: Instant(5), what: What::Vendor { system: System::Support, what: "outage begins" } };
        let line = r#"{"number":1,"at":5,"what":{"vendor":{"system":"support","what":"outage begins"}}}"#;
        assert_eq!(serde_json::to_string(&seen).unwrap(), line);
    }
}
