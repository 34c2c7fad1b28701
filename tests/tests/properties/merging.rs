//! Merges conserve: whatever is asked for and whatever goes wrong, what belonged to the customers belongs to whoever
//! they became, also where somebody redrives all the time.

use proptest::prelude::*;
use sagaproof_tests::choosers::Drawn;
use sagaproof_tests::play::{play, play_version};
use sagaproof_tests::pressing::pressed;
use sagaproof_tests::scenes::any_merges;

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_merged_and_whatever_goes_wrong_nothing_is_lost_or_doubled(
        scenario in any_merges(),
        seed in 0..1_000_u64,
        choices in Drawn::any(8),
    ) {
        let played = play(&scenario, seed, choices);
        prop_assert!(played.violations.is_empty(), "{}", played.wrong());
    }

    #[test]
    fn whoever_redrives_merges_at_any_time_and_any_number_of_times_breaks_nothing(
        scenario in any_merges(),
        seed in 0..1_000_u64,
        choices in Drawn::any(6),
    ) {
        for played in [
            play_version(&pressed::<1, 2>(), &scenario, seed, choices.clone()),
            play_version(&pressed::<5, 3>(), &scenario, seed, choices),
        ] {
            prop_assert!(played.violations.is_empty(), "{}", played.wrong());
        }
    }
}
