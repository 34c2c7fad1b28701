//! Every single deviation of the smallest worlds: each fate of each exchange, a crash after each prefix of each event's
//! effects, each end of each commit, each order of each tie. None leads to a violation.

use std::fmt::Write as _;

use sagaproof::run::route_names;
use sagaproof_sim::chaos::choices::Quiet;
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::chaos::schedule::line;
use sagaproof_tests::choosers::Probe;
use sagaproof_tests::play::{play, replay};
use sagaproof_tests::scenes::{ONES, whole};

#[test]
fn no_single_deviation_leads_to_a_violation() {
    let mut wrong = String::new();
    for name in ONES {
        let scenario = whole(name);
        let uneventful = play(&scenario, 0, Probe::new(Quiet));
        assert_eq!(uneventful.wrong(), "", "{name}");
        let deviations = uneventful.choices.deviations();
        let kinds = |is: fn(&Point) -> bool| deviations.iter().filter(|deviation| is(&deviation.point)).count();
        let exchanges = kinds(|point| matches!(point, Point::Exchange { .. }));
        let crashes = kinds(|point| matches!(point, Point::Crash { .. }));
        let commits = kinds(|point| matches!(point, Point::Commit { .. }));
        assert!(exchanges >= 5 * 28 && crashes >= 35 && commits >= 4 * 4, "{name}: {exchanges} {crashes} {commits}");
        for &deviation in &deviations {
            let played = replay(&scenario, 0, &[deviation]);
            assert_eq!(played.choices.stale().count(), 0);
            if !played.violations.is_empty() {
                writeln!(wrong, "{name}: {}\n{}", line(deviation, route_names()), played.wrong()).unwrap();
            }
        }
    }
    assert_eq!(wrong, "");
}
