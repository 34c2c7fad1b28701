//! How long a world's work took and how hard it pressed its vendors, from observations alone. Watched only where orchestrators
//! are compared.

use std::collections::VecDeque;

use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;
use sagaproof_sim::observation::{Observation, Observer, Phase};

/// So long is the stretch of time in which a vendor's requests are counted: what limits of rates speak of.
const STRETCH: Nanos = Nanos::secs(1);

/// The load of one world, while it runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Load {
    /// When the first client asked, and when something was last said while the work lasted.
    work: Option<[Instant; 2]>,
    healed: bool,
    /// What was sent within the last stretch, by [`System::VENDORS`].
    sent: [VecDeque<Instant>; System::VENDORS.len()],
    peaks: [u32; System::VENDORS.len()],
}

impl Load {
    /// From a client's first request to the last word between clients, hub and vendors before the world healed.
    pub(super) fn worked(&self) -> Nanos {
        self.work.map_or(Nanos(0), |[first, last]| last.since(first))
    }

    /// The most requests that each of [`System::VENDORS`] was sent within one second.
    pub(super) const fn peaks(&self) -> [u32; System::VENDORS.len()] {
        self.peaks
    }

    fn said(&mut self, now: Instant) {
        if !self.healed
            && let Some([_, last]) = &mut self.work
        {
            *last = now;
        }
    }

    fn sent(&mut self, now: Instant, to: System) {
        let Some(vendor) = System::VENDORS.iter().position(|vendor| *vendor == to) else { return };
        let sent = &mut self.sent[vendor];
        while sent.front().is_some_and(|first| *first + STRETCH <= now) {
            sent.pop_front();
        }
        sent.push_back(now);
        self.peaks[vendor] = self.peaks[vendor].max(u32::try_from(sent.len()).unwrap_or(u32::MAX));
    }
}

impl Observer for Load {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        match observation {
            Observation::Phase(phase) => self.healed |= *phase != Phase::Work,
            Observation::Asked { .. } => {
                self.work.get_or_insert([now, now]);
                self.said(now);
            }
            Observation::Sent { to, .. } => {
                self.said(now);
                self.sent(now, *to);
            }
            Observation::Told { .. } | Observation::Heard { .. } => self.said(now),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_is_the_most_that_one_second_holds() {
        let mut load = Load::default();
        for millis in [0, 400, 999, 1_000, 1_500, 3_000] {
            load.sent(Instant::ZERO + Nanos::millis(millis), System::Support);
        }
        load.sent(Instant::ZERO + Nanos::secs(3), System::Commerce);
        load.sent(Instant::ZERO + Nanos::secs(3), System::Hub);
        // From 0.4 s to just before 1.4 s; a request a whole second later is in the next one.
        assert_eq!(load.peaks(), [1, 3, 0, 0]);
    }

    #[test]
    fn what_is_said_after_healing_is_no_work() {
        let mut load = Load { work: Some([Instant::ZERO + Nanos::millis(30); 2]), ..Load::default() };
        load.said(Instant::ZERO + Nanos::millis(530));
        load.see(Instant::ZERO + Nanos::secs(9), &Observation::Phase(Phase::Heal));
        load.said(Instant::ZERO + Nanos::secs(10));
        assert_eq!((load.worked(), Load::default().worked()), (Nanos::millis(500), Nanos(0)));
    }
}
