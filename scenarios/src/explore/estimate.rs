//! Estimates: how much deeper depths will cost, from how fast the last ones grew. Each deviation more multiplies about
//! alike; that is crude, and enough to refuse what will never fit.

/// What the next depth is likely to have, from what the depths so far had; `None` before there are two.
pub(super) fn next(depths: impl ExactSizeIterator<Item = u64>) -> Option<u64> {
    let count = depths.len();
    at(depths, count)
}

/// What the depth of this number is likely to have.
pub(super) fn at(depths: impl Iterator<Item = u64>, depth: usize) -> Option<u64> {
    let known: Vec<u64> = depths.collect();
    if let Some(known) = known.get(depth) {
        return Some(*known);
    }
    let &[.., before, last] = known.as_slice() else { return None };
    let more = (depth + 1 - known.len()).try_into().unwrap_or(u32::MAX);
    // In u128, so that growth is not rounded away; what overflows is more than enough.
    let (mut estimate, rate) = (u128::from(last), u128::from(last));
    for _ in 0..more.min(64) {
        estimate = estimate.saturating_mul(rate) / u128::from(before.max(1));
    }
    Some(u64::try_from(estimate).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_goes_on_as_it_was() {
        assert_eq!(next([11].into_iter()), None);
        assert_eq!(next([10, 600].into_iter()), Some(36_000));
        assert_eq!(at([10, 600].into_iter(), 3), Some(2_160_000));
        assert_eq!(at([10, 600].into_iter(), 1), Some(600));
        assert_eq!(at([1, 1_000].into_iter(), 90), Some(u64::MAX));
    }
}
