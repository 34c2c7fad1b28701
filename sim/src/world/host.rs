//! Where a process runs: its life, its wake-up, its clock, its pause. Several may run over one store; each has its own.

use super::pause::Pause;
use crate::chaos::point::mix;
use crate::clock::{Instant, Nanos};

/// Where a process runs.
#[derive(Debug, Clone)]
pub(super) struct Host<P> {
    /// The process; `None` while it is down.
    pub(super) process: Option<P>,
    /// Its life, unique in the world.
    pub(super) life: u64,
    /// When it wants to be woken, and that wish's place in the order of sending.
    pub(super) wake: Option<(Instant, u64)>,
    /// Commits that landed so far.
    pub(super) commits: u32,
    /// Choices about commits in flight so far.
    pub(super) in_flight: u32,
    /// What it takes for the time.
    pub(super) clock: Clock,
    /// What waits until it goes on, while it is paused.
    pub(super) pause: Option<Pause>,
    /// The release of the orchestrator that it runs, or will once it is up again.
    pub(super) release: u8,
    /// Whether it takes up nothing more that others left.
    pub(super) drains: bool,
}

impl<P> Host<P> {
    /// A host before its first life.
    pub(super) const fn new(life: u64, clock: Clock, release: u8) -> Self {
        Self { process: None, life, wake: None, commits: 0, in_flight: 0, clock, pause: None, release, drains: false }
    }

    /// What it runs, and how, as a number.
    pub(super) const fn runs(&self) -> u64 {
        self.release as u64 * 2 + self.drains as u64
    }

    /// The process, where something can happen to it now.
    pub(super) const fn running(&self) -> Option<&P> {
        if self.pause.is_some() { None } else { self.process.as_ref() }
    }
}

/// A monotonic clock: it shows the time, or starts anywhere and runs a little too fast or too slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    ahead: u64,
    /// Parts per million by which it runs too fast.
    fast: i64,
}

/// Sets the draws of clocks apart from a seed's others.
const CLOCKS: u64 = 0x636c_6f63_6b73_0001;

/// Clocks start up to an hour ahead.
const MOST_AHEAD: Nanos = Nanos::secs(3_600);

/// Any two clocks' rates, and a clock's and the true one, differ by less than 0.1 %.
const FASTEST: i64 = 499;

const MILLION: i128 = 1_000_000;

impl Clock {
    /// It shows the time.
    pub(super) const TRUE: Self = Self { ahead: 0, fast: 0 };

    /// The clock of this process under this seed.
    pub(super) fn drawn(seed: u64, process: u8) -> Self {
        let draw = mix(mix(seed) ^ CLOCKS ^ u64::from(process));
        let fast = (mix(draw) % (2 * FASTEST as u64 + 1)) as i64 - FASTEST;
        Self { ahead: draw % MOST_AHEAD.0, fast }
    }

    /// What it shows at this moment.
    pub(super) fn shows(self, at: Instant) -> Instant {
        if self == Self::TRUE || at == Instant::NEVER {
            return at;
        }
        let shown = i128::from(self.ahead) + i128::from(at.0) + i128::from(at.0) * i128::from(self.fast) / MILLION;
        Instant(u64::try_from(shown).unwrap_or(u64::MAX))
    }

    /// The first moment at which it shows this.
    pub(super) fn when(self, shown: Instant) -> Instant {
        if self == Self::TRUE || shown == Instant::NEVER {
            return shown;
        }
        let passed = i128::from(shown.0.saturating_sub(self.ahead));
        let about = passed * MILLION / (MILLION + i128::from(self.fast));
        let mut at = Instant(u64::try_from(about).unwrap_or(u64::MAX).saturating_sub(1));
        while self.shows(at) < shown {
            at = at + Nanos(1);
        }
        at
    }

    /// How long a span of it lasts that begins now.
    pub(super) fn lasts(self, now: Instant, span: Nanos) -> Nanos {
        if self == Self::TRUE { span } else { self.when(self.shows(now) + span).since(now) }
    }

    /// Where between two of its ticks the world is: all that a clock adds to what is to come.
    pub(super) fn phase(self, now: Instant) -> u64 {
        u64::try_from(i128::from(now.0) * i128::from(self.fast.unsigned_abs()) % MILLION).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_true_clock_shows_the_time() {
        let at = Instant(5);
        assert_eq!((Clock::TRUE.shows(at), Clock::TRUE.when(at), Clock::TRUE.phase(at)), (at, at, 0));
        assert_eq!(Clock::TRUE.lasts(at, Nanos(7)), Nanos(7));
    }

    proptest! {
        #[test]
        fn a_clock_comes_to_each_moment_once_and_never_goes_back(
            (seed, process) in (any::<u64>(), 0_u8..4),
            (at, span) in (0_u64..10_000_000_000_000, 0_u64..1_000_000_000_000),
        ) {
            let clock = Clock::drawn(seed, process);
            let (at, later) = (Instant(at), Instant(at) + Nanos(span));
            prop_assert!(clock.shows(at) <= clock.shows(later));
            let when = clock.when(clock.shows(later));
            prop_assert!(when <= later && clock.shows(when) == clock.shows(later));
            let passed = clock.shows(later).since(clock.shows(at)).0;
            prop_assert!(passed.abs_diff(span) <= span / 1_999 + 1, "{passed} of {span}");
        }
    }
}
