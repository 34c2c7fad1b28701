//! What of a customer saga stands in no journal: what it tries, what its looks do, what it waits for. It begins anew with each
//! life of the hub.

use std::hash::Hasher;

use super::join::Poll;
use super::settle::{Inspection, Settling};
use super::singly::Leaver;
use crate::connector::Operation;
use crate::effect::Direction;
use crate::fingerprint::Fingerprint;
use crate::time::{Instant, Nanos};

/// An operation that is being tried.
#[derive(Debug, Clone)]
pub struct Trying {
    /// The step.
    pub step: u8,
    /// The operation.
    pub operation: Operation,
    /// Attempts so far.
    pub attempts: u32,
    /// How many of them the vendor turned away for their rate.
    pub throttled: u32,
    /// Not before then.
    pub due: Instant,
}

impl Trying {
    /// So many times may a vendor turn a saga away for what it spends of its patience by one failure. That it is turned
    /// away tells of how much all sagas ask for together, and nothing of this one; but a quota that never comes back
    /// must not hold a customer for ever.
    const THROTTLED: u32 = 8;

    /// What of its budget of attempts is spent.
    #[must_use]
    pub const fn spent(&self) -> u32 {
        self.attempts.saturating_sub(self.throttled) + self.throttled / Self::THROTTLED
    }
}

/// An attempt in vain, as far as it bears on the next.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vain {
    /// For so long nobody should ask again, where that was said.
    pub wait: Option<Nanos>,
    /// Whether the vendor turned it away for its rate.
    pub throttled: bool,
}

/// What begins anew with each life.
#[derive(Debug, Default, Clone)]
pub struct Volatile {
    /// When the last attempt that ended unknown may have left, at the latest.
    pub last_unknown: Option<Instant>,
    /// When the conflict that is being resolved was heard.
    pub conflict_at: Option<Instant>,
    /// The operation that is being tried.
    pub trying: Option<Trying>,
    /// The read in flight: step, operation, and its direction.
    pub looking: Option<(u8, Operation, Direction)>,
    /// The look at one vendor's records that is under way.
    pub inspection: Option<Inspection>,
    /// The last look before release, where it has begun.
    pub settling: Option<Settling>,
    /// The waiting for a vendor's job.
    pub poll: Option<Poll>,
    /// What was last seen of records whose children are moved singly.
    pub leavers: Vec<Leaver>,
    /// Calls made in this life.
    pub calls: u32,
}

impl Volatile {
    pub(super) fn feed(&self, print: &mut Fingerprint<'_, impl Hasher>) {
        let Self { last_unknown, conflict_at, trying, looking, inspection, settling, poll, leavers, calls } = self;
        print.origin(*last_unknown);
        print.origin(*conflict_at);
        print.fold(&trying.is_some());
        if let Some(Trying { step, operation, attempts, throttled, due }) = trying {
            print.fold(&(step, operation, attempts, throttled));
            print.deadline(Some(*due));
        }
        print.fold(&(looking, inspection.is_some(), settling.is_some(), poll.is_some(), leavers, calls));
        poll.iter().for_each(|poll| poll.feed(print));
        inspection.iter().for_each(|inspection| inspection.feed(print));
        settling.iter().for_each(|settling| settling.feed(print));
    }
}
