//! Shrinking: from a world that violates to the smallest one that still violates by the same checker: fewest
//! deviations, fewest operations, simplest kinds. Delta debugging (Zeller, Hildebrandt 2002) over the schedule, then
//! over the workload; in the end nothing can be taken away.

use sagaproof_sim::chaos::choices::Deviation;
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::Point;

use crate::check::CheckerName;
use crate::run::{Judge, Plot, Record};

/// The fates from the simplest to tell to the hardest.
const SIMPLEST_FIRST: [Fate; 30] = [
    Fate::Refused,
    Fate::RequestLost,
    Fate::AnswerLost,
    Fate::Before500,
    Fate::After500,
    Fate::Before400,
    Fate::Before403,
    Fate::Before401,
    Fate::Before429,
    Fate::Before429After,
    Fate::AnswerReset,
    Fate::Slow,
    Fate::JobStalls,
    Fate::JobFailsHalf,
    Fate::Twice,
    Fate::LateShort,
    Fate::LateLong,
    Fate::TwiceLate,
    Fate::Before503,
    Fate::After503,
    Fate::Before502,
    Fate::After502,
    Fate::Before504,
    Fate::After504,
    Fate::Late504,
    Fate::Before408,
    Fate::Empty,
    Fate::Truncated,
    Fate::Malformed,
    Fate::Html,
];

/// A smallest counterexample.
#[derive(Debug)]
pub struct Shrunk {
    /// Where its world goes otherwise than uneventfully.
    pub deviations: Vec<Deviation>,
    /// The operations that are left out, by id.
    pub without: Vec<u32>,
    /// Its world.
    pub record: Record,
    /// How many worlds were run to find it.
    pub runs: u32,
}

/// Shrinks a plot that this checker convicts; `None` where it does not. `operations` are the ids of the workload.
pub fn shrink(
    judge: &mut dyn Judge,
    seed: u64,
    checker: CheckerName,
    plot: Plot<'_>,
    operations: &[u32],
) -> Option<Shrunk> {
    shrink_by(&mut |plot| judge.record(seed, Some(plot)), checker, plot, operations)
}

/// The same for whoever runs plots otherwise than one judge does.
pub fn shrink_by(
    record: &mut dyn FnMut(Plot<'_>) -> Record,
    checker: CheckerName,
    plot: Plot<'_>,
    operations: &[u32],
) -> Option<Shrunk> {
    let mut hunt = Hunt { record, checker, runs: 0 };
    let mut smallest = (plot.deviations.to_vec(), plot.without.to_vec());
    hunt.convicts(&smallest.0, &smallest.1).then_some(())?;
    loop {
        let before = smallest.clone();
        let (deviations, without) = &mut smallest;
        reduce(deviations, |fewer| hunt.convicts(fewer, without));
        let mut kept: Vec<u32> = operations.iter().copied().filter(|id| !without.contains(id)).collect();
        let left_out = |kept: &[u32]| operations.iter().copied().filter(|id| !kept.contains(id)).collect::<Vec<_>>();
        reduce(&mut kept, |fewer| hunt.convicts(deviations, &left_out(fewer)));
        *without = left_out(&kept);
        for place in 0..deviations.len() {
            hunt.simplify(deviations, place, without);
        }
        if smallest == before {
            break;
        }
    }
    let (deviations, without) = smallest;
    let record = hunt.record(&deviations, &without);
    Some(Shrunk { deviations, without, record, runs: hunt.runs })
}

struct Hunt<'j> {
    record: &'j mut dyn FnMut(Plot<'_>) -> Record,
    checker: CheckerName,
    runs: u32,
}

impl Hunt<'_> {
    fn record(&mut self, deviations: &[Deviation], without: &[u32]) -> Record {
        self.runs += 1;
        (self.record)(Plot { deviations, without })
    }

    fn convicts(&mut self, deviations: &[Deviation], without: &[u32]) -> bool {
        let record = self.record(deviations, without);
        record.violations.iter().any(|violation| violation.checker == self.checker)
    }

    /// Takes the simplest pick at this place with which the checker still convicts.
    fn simplify(&mut self, deviations: &mut [Deviation], place: usize, without: &[u32]) {
        let now = deviations[place];
        for pick in simpler(now) {
            deviations[place].pick = pick;
            if self.convicts(deviations, without) {
                return;
            }
        }
        deviations[place] = now;
    }
}

/// The picks at a deviation's point that are simpler than its own.
fn simpler(Deviation { point, pick }: Deviation) -> Vec<u16> {
    match point {
        Point::Exchange { .. } => {
            SIMPLEST_FIRST.iter().map(|fate| fate.code()).take_while(|code| *code != pick).collect()
        }
        Point::Crash { .. }
        | Point::Pause { .. }
        | Point::Commit { .. }
        | Point::InFlight { .. }
        | Point::Tie { .. } => (1..pick).collect(),
    }
}

/// Takes away all that can go: halves first, then smaller parts, at last one by one until nothing can go.
fn reduce<T: Clone>(items: &mut Vec<T>, mut still: impl FnMut(&[T]) -> bool) {
    let mut size = items.len().div_ceil(2);
    while size > 0 {
        let mut place = 0;
        let mut shrank = false;
        while place < items.len() {
            let mut fewer = items.clone();
            fewer.drain(place..(place + size).min(items.len()));
            if still(&fewer) {
                *items = fewer;
                shrank = true;
            } else {
                place += size;
            }
        }
        if size > 1 {
            size = size.div_ceil(2);
        } else if !shrank {
            size = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_fate_has_its_place_among_the_simple_and_the_hard() {
        let mut codes: Vec<_> = SIMPLEST_FIRST.iter().map(|fate| fate.code()).collect();
        codes.sort_unstable();
        assert!(codes.into_iter().eq(1..Fate::ALL.len() as u16));
    }

    proptest! {
        /// Where a property needs certain items, exactly these remain.
        #[test]
        fn what_remains_is_what_is_needed(
            mut items in prop::collection::btree_set(0..100_u32, 1..30),
            needed in prop::collection::btree_set(0..100_u32, 0..5),
        ) {
            items.extend(&needed);
            let mut items: Vec<_> = items.into_iter().collect();
            reduce(&mut items, |fewer| needed.iter().all(|one| fewer.contains(one)));
            prop_assert!(items.iter().eq(&needed));
        }
    }
}
