//! How two orchestrators scale, side by side: no cost of a world, for worlds differ in what they ask, but what all of them
//! together show. Nothing is judged by it.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;

use crate::run::Measured;

/// What the worlds of one orchestrator show of its scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scale {
    sagas: u64,
    /// In microseconds, so that the sum of many worlds is no larger than a number may be.
    worked: u64,
    peaks: [u32; System::VENDORS.len()],
}

impl Scale {
    /// Sagas in a virtual second of work, in hundredths; none where nothing was done. Work is what lies between a client's
    /// first request and the last word between clients, hub and vendors before the world heals.
    #[must_use]
    pub fn hundredths_a_second(&self) -> Option<u64> {
        let hundredths = u128::from(self.sagas) * 100_000_000;
        let rounded = (hundredths + u128::from(self.worked / 2)).checked_div(u128::from(self.worked))?;
        u64::try_from(rounded).ok()
    }

    /// The most requests that each vendor was sent within one virtual second of any world.
    pub fn peaks(&self) -> impl Iterator<Item = (System, u32)> {
        System::VENDORS.into_iter().zip(self.peaks)
    }

    pub(super) fn add(&mut self, world: &Measured) {
        let Nanos(worked) = world.worked;
        self.merge(&Self { sagas: u64::from(world.sagas), worked: worked / 1_000, peaks: world.peaks });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.sagas += other.sagas;
        self.worked += other.worked;
        self.peaks.iter_mut().zip(other.peaks).for_each(|(peak, other)| *peak = other.max(*peak));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sagas_and_work_add_up_and_the_highest_peak_stays() {
        let mut scale = Scale { sagas: 2, worked: 1_500_000, peaks: [4, 1, 0, 0] };
        scale.merge(&Scale { sagas: 1, worked: 1_500_000, peaks: [3, 2, 0, 0] });
        assert_eq!(scale.hundredths_a_second(), Some(100));
        assert_eq!(scale.peaks().map(|(_, peak)| peak).collect::<Vec<_>>(), [4, 2, 0, 0]);
        assert_eq!(Scale::default().hundredths_a_second(), None);
    }
}
