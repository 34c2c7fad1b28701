//! False alarms: in these worlds nothing is wrong, and no checker may find anything. Each convicted a right hub once.

use sagaproof::run::{Tally, judge};
use sagaproof::scenario::load;

#[test]
fn nobody_is_convicted_where_nothing_is_wrong() {
    for scenario in load(&["tests/scenarios/alarms.yaml"]).unwrap() {
        let mut tally = Tally::default();
        judge("saga", &scenario).unwrap().sweep(0..300, &mut tally);
        let found = tally.convictions.first().map(|one| (one.seed, one.violation.message.as_str()));
        assert_eq!((found, tally.violations), (None, 0), "{}", scenario.name);
        assert_eq!((tally.worlds, tally.sagas > 0), (300, true), "{}", scenario.name);
    }
}
