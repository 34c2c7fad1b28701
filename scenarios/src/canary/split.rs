//! The split: the candidate gets more and more of the customers, over the same store as the baseline, and each stage is
//! judged as a canary is. A stage is a pair of orchestrators: in the worlds of the one every process runs the baseline, in
//! those of the other half of them run the candidate; who comes to which process is the same in both.
//!
//! At the first stage that fails the candidate is rolled back; whom it has touched by then is `blast`'s.

use super::blast::{Blast, blast};
use super::witness::{Witness, witnesses};
use super::{CanaryError, Compared, Order, Verdict};
use crate::scenario::Shift;
use crate::version::Orchestrator;
use crate::version::split::Split;

/// The plan where nobody says otherwise.
pub const PLAN: [u8; 4] = [5, 25, 50, 100];

/// What a walk over the plan brought.
#[derive(Debug)]
pub struct Walked {
    /// The stages that were judged, the last of them the one at which the walk ended.
    pub stages: Vec<Stage>,
    /// Where it was rolled back: what the candidate had touched.
    pub blast: Option<Blast>,
}

/// One stage.
#[derive(Debug)]
pub struct Stage {
    /// How many per cent of the customers come to the candidate at its end.
    pub share: u8,
    /// Where every process runs the baseline, and where half of them run the candidate.
    pub sides: [Orchestrator; 2],
    /// What came of it.
    pub compared: Compared,
    /// Violations that were introduced, shrunk.
    pub witnesses: Vec<Witness>,
}

impl Walked {
    /// The verdict on the candidate: that of the last stage.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.stages.last().map_or(Verdict::Inconclusive, |stage| stage.compared.judgement.verdict)
    }

    /// The share that the candidate has in the end.
    #[must_use]
    pub fn share(&self) -> u8 {
        match self.verdict() {
            Verdict::Fail => 0,
            Verdict::Pass => self.stages.last().map_or(0, |stage| stage.share),
            Verdict::Inconclusive => self.stages.iter().rev().nth(1).map_or(0, |stage| stage.share),
        }
    }
}

/// Why nothing was walked.
#[derive(Debug)]
pub enum SplitError {
    /// This one is no version of the hub: it cannot share a store.
    NoHub(Orchestrator),
    /// A stage failed to run.
    Canary(CanaryError, Box<[Orchestrator; 2]>),
}

/// Walks the plan: baseline and candidate are the order's; so are scenarios and seeds, of each stage. `progress` hears of
/// each part how many pairs of worlds it had.
///
/// # Errors
/// Where one of the two cannot share a store, and as [`Order::run`].
pub fn walk(
    order: &Order<'_>,
    plan: &Shift,
    most: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Walked, SplitError> {
    let split = |candidate: &Orchestrator, shares: &[u8]| {
        let shift = Shift::of(shares).unwrap_or(*plan);
        let split = Split::new(order.baseline, candidate, shift).map_err(SplitError::NoHub)?;
        Ok(Orchestrator::Split(Box::new(split)))
    };
    let mut walked = Walked { stages: Vec::new(), blast: None };
    let mut before = None;
    for share in plan.shares().iter().copied() {
        let shares: Vec<u8> = before.into_iter().chain([share]).collect();
        let sides = [split(order.baseline, &shares)?, split(order.candidate, &shares)?];
        let failed = |error| SplitError::Canary(error, Box::new(sides.clone()));
        let stage = Order { baseline: &sides[0], candidate: &sides[1], ..*order };
        let compared = stage.run(progress).map_err(failed)?;
        let witnesses = witnesses(&stage, &compared.pairs, most).map_err(failed)?;
        let verdict = compared.judgement.verdict;
        if verdict == Verdict::Fail {
            let back: Vec<u8> = shares.iter().copied().chain([0]).collect();
            let rolled_back = split(order.candidate, &back)?;
            let seeds = compared.pairs.seeds();
            walked.blast = Some(blast(&Order { seeds, ..stage }, &rolled_back).map_err(failed)?);
        }
        walked.stages.push(Stage { share, sides, compared, witnesses });
        if verdict != Verdict::Pass {
            break;
        }
        before = Some(share);
    }
    Ok(walked)
}
