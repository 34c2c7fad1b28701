//! The monotonic clock of one life, in the node's own time. The wall clock only stamps log lines.

use std::time::Duration;

use crate::time::{Instant, Nanos};

/// A clock that stands at zero when it starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(tokio::time::Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Self(tokio::time::Instant::now())
    }

    pub(super) fn now(self) -> Instant {
        Instant(u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    /// How long it is until then; zero where that is past.
    pub(super) fn until(self, then: Instant) -> Duration {
        length(then.since(self.now()))
    }
}

/// A length of the node's time as the timers take it.
pub(super) const fn length(nanos: Nanos) -> Duration {
    Duration::from_nanos(nanos.0)
}

/// Milliseconds of the wall clock since 1970, to stamp a line with.
#[expect(clippy::disallowed_types, reason = "people compare log lines with other clocks; nothing is decided by it")]
pub(super) fn stamp() -> u128 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_millis()
}
