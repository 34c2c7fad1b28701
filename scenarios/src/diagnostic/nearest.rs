//! The valid name nearest to one that isn't: a restricted edit distance, where swapped neighbours count once.

/// The candidate that was probably meant, if any is near enough: at most a third of its letters differ, or one; or it is
/// another form of the same word.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written: Vec<char> =
        written.chars().take(64).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    candidates
        .into_iter()
        .map(|name| (name, name.replace('_', "-").chars().collect::<Vec<_>>()))
        .map(|(name, letters)| (distance(&written, &letters), name, letters))
        .filter(|(away, name, letters)| *away <= (name.len() / 3).max(1) || is_inflected(&written, letters))
        .min_by_key(|(away, ..)| *away)
        .map(|(_, name, _)| name)
}

/// Whether two words differ in their endings alone, as `retry` and `retried` do.
fn is_inflected(a: &[char], b: &[char]) -> bool {
    let stem = a.iter().zip(b).take_while(|(one, other)| one == other).count();
    stem >= 4 && a.len().max(b.len()) <= stem + 3
}

/// Insertions, removals, replacements and swaps of neighbours between two words (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    const SYSTEMS: [&str; 5] = ["hub", "commerce", "support", "identity", "messaging"];

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        for (written, meant) in
            [("comerce", "commerce"), ("suppotr", "support"), ("Identity", "identity"), ("hib", "hub")]
        {
            assert_eq!(nearest(written, SYSTEMS), Some(meant));
        }
    }

    #[test]
    fn underscores_and_hyphens_are_one_letter() {
        assert_eq!(nearest("request_lost", ["request-lost", "answer-lost"]), Some("request-lost"));
    }

    #[test]
    fn another_form_of_a_word_finds_its_name() {
        let marks = ["retry-after-obeyed", "retried", "aborted"];
        assert_eq!(nearest("retry", marks), Some("retried"));
        assert_eq!(nearest("abort", marks), Some("aborted"));
        assert_eq!(nearest("reap", marks), None);
    }

    #[test]
    fn a_word_from_elsewhere_finds_nothing() {
        assert_eq!(nearest("warehouse", SYSTEMS), None);
        assert_eq!(nearest("", SYSTEMS), None);
        assert_eq!(nearest(&"x".repeat(100_000), SYSTEMS), None);
    }
}
