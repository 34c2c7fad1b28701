//! Eventual consistency: whatever clients ask for and whatever goes wrong, the world ends as the law allows.

use proptest::prelude::*;
use sagaproof_tests::choosers::Drawn;
use sagaproof_tests::play::play;
use sagaproof_tests::scenes::any_scene;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_and_whatever_goes_wrong_every_checker_holds(
        scenario in any_scene(),
        seed in 0..1_000_u64,
        choices in Drawn::any(8),
    ) {
        let played = play(&scenario, seed, choices);
        prop_assert!(played.violations.is_empty(), "{}", played.wrong());
    }
}
