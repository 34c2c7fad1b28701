//! What a lagging search does not show may stand all the same, also where nothing can still arrive: who looks too early
//! lets a record stay that nobody was told of. `reporting` found it.

use sagaproof::run::route_names;
use sagaproof_sim::chaos::rule::Odds;
use sagaproof_sim::chaos::schedule::Schedule;
use sagaproof_sim::clock::Nanos;
use sagaproof_tests::play::replay;
use sagaproof_tests::scenes::{impatient, whole};

/// The process crashes with its first creation on the way, and one of the searches for it afterwards is refused: the saga
/// gives up when the creation has landed for long, and no search shows it yet.
const TOO_EARLY: &str = "sagaproof schedule 1
scenario create-one
hash 0000000000000000
seed 0
orchestrator saga

crash process=0 committed subject=0000000000000000 nth=2 keep=1
exchange commerce search subject=f325e68483c0dc80 nth=1 refused
";

#[test]
fn a_saga_that_gives_up_waits_until_searches_show_what_has_landed() {
    let mut scenario = impatient(whole("create-one"));
    scenario.horizon = Nanos::secs(2);
    scenario.fleet.index_lag = Nanos::secs(10);
    scenario.workload.asynchronous = Odds::ALWAYS;
    let schedule = Schedule::parse(TOO_EARLY.as_bytes(), route_names()).unwrap();
    let played = replay(&scenario, schedule.seed, &schedule.deviations);
    assert_eq!(played.wrong(), "");
    assert_eq!((played.counts.crashes, played.counts.struck), (1, 2), "all of it is still met");
}
