//! Who chooses in a judged world: the seed, or a schedule; recorded where somebody wants to know.

use sagaproof_sim::chaos::choices::{Choices, Deviation, Menu, Met, Random, Recording, Replay};
use sagaproof_sim::chaos::point::Point;

/// Who chooses.
#[derive(Debug, Clone)]
pub(super) enum Chooser {
    Seed(Random),
    Recorded(Recording<Random>),
    Schedule(Recording<Replay>),
}

impl Chooser {
    /// What was chosen other than option 0, and what could not be taken.
    pub(super) fn account(self) -> (Vec<Deviation>, Vec<(Deviation, Met)>) {
        match self {
            Self::Seed(_) => (Vec::new(), Vec::new()),
            Self::Recorded(recording) => (recording.into_parts().1, Vec::new()),
            Self::Schedule(recording) => {
                let (replay, chosen) = recording.into_parts();
                (chosen, replay.stale().collect())
            }
        }
    }
}

impl Choices for Chooser {
    fn choose(&mut self, point: Point, menu: Menu<'_>) -> u16 {
        match self {
            Self::Seed(random) => random.choose(point, menu),
            Self::Recorded(recording) => recording.choose(point, menu),
            Self::Schedule(recording) => recording.choose(point, menu),
        }
    }
}
