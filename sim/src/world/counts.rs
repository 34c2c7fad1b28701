//! What a world counts while it runs; reports add these up. Nothing here decides anything.

use crate::chaos::fate::Fate;

/// What happened in a world, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Requests that left the process for a vendor.
    pub calls: u32,
    /// Requests that clients sent to the hub.
    pub exchanges: u32,
    /// Commits that the store answered.
    pub commits: u32,
    /// Crashes of the process.
    pub crashes: u32,
    /// Pauses of processes.
    pub pauses: u32,
    /// Choices other than option 0, ties and the survival of commits aside.
    pub drawn: u32,
    /// Faults applied: of the drawn ones all but the merely slow, and commits that had no conflict of their own.
    pub struck: u32,
    /// Struck faults that changed what somebody heard or did. A second delivery that is answered exactly as the
    /// first changed nothing; a crash after the last effect of an event still loses the process's memory.
    pub effective: u32,
    /// Calls that a vendor's window refused, answered 503, slowed, or swallowed on arrival.
    pub windows: u32,
    /// Struck fates of exchanges, by their codes.
    pub fates: [u32; Fate::ALL.len()],
}
