//! The gallery of planted bugs: each is convicted by the checker that must convict it, and with the bug taken out the
//! same worlds hold.

#![expect(clippy::unwrap_used, reason = "a scenario that is not there fails the test")]

use std::collections::BTreeSet;

use sagaproof::check::CheckerName;
use sagaproof::run::{Judge, Tally, judge, judge_mended};
use sagaproof::scenario::{Scenario, built_in};
use sagaproof::version::planted::{ALL, Bug, find};

/// Within so many worlds a bug must be convicted.
const WORLDS: u64 = 10_000;

fn scenario(bug: &Bug) -> Scenario {
    built_in().unwrap().into_iter().find(|scenario| scenario.name == bug.hunted_in).unwrap()
}

fn world(judge: &mut dyn Judge, seed: u64) -> Tally {
    let mut tally = Tally::default();
    judge.sweep(seed..seed + 1, &mut tally);
    assert_eq!(tally.unequal, 0, "seed {seed} ran otherwise the second time");
    tally
}

/// The first seed of which the right checker says no; conviction by any other counts for nothing.
fn convicted(bug: &Bug, scenario: &Scenario) -> Result<u64, String> {
    let mut judge = judge(bug.name, scenario).unwrap();
    let mut others = BTreeSet::new();
    for seed in 0..WORLDS {
        let tally = world(&mut *judge, seed);
        let checkers = tally.convictions.iter().map(|conviction| conviction.violation.checker);
        let (right, wrong): (Vec<_>, Vec<_>) = checkers.partition(|checker| *checker == bug.convicted_by);
        if !right.is_empty() {
            return Ok(seed);
        }
        others.extend(wrong.into_iter().map(CheckerName::name));
    }
    Err(format!("{} is missed by {}; convicted by {others:?}", bug.name, bug.convicted_by.name()))
}

/// Hunts a bug, then takes it out of the same worlds.
fn hunt(name: &str) {
    let bug = find(name).unwrap();
    let scenario = scenario(bug);
    let seed = convicted(bug, &scenario).unwrap();
    let mut mended = judge_mended(bug, &scenario);
    for seed in 0..=seed {
        let tally = world(&mut *mended, seed);
        assert!(tally.convictions.is_empty(), "{name} taken out, seed {seed}: {:?}", tally.convictions);
    }
}

/// Declares a test for each bug.
macro_rules! hunts {
    ($($test:ident $name:literal)*) => {
        $(#[test] fn $test() { hunt($name); })*

        #[test]
        fn every_planted_bug_is_hunted() {
            assert_eq!(ALL.iter().map(|bug| bug.name).collect::<BTreeSet<_>>(), BTreeSet::from([$($name),*]));
        }
    };
}

hunts! {
    abandon_forgets_the_unknown "abandon-forgets-the-unknown"
    abandon_leaves_the_rest "abandon-leaves-the-rest"
    abort_discards_steps "abort-discards-steps"
    accepted_is_merged "accepted-is-merged"
    answers_before_the_last_vendor "answers-before-the-last-vendor"
    blanks_with_an_order_left "blanks-with-an-order-left"
    claims_the_newer "claims-the-newer"
    compensated_in_name_only "compensated-in-name-only"
    compensates_after_the_pivot "compensates-after-the-pivot"
    creates_bare "creates-bare"
    deaf_to_client_keys "deaf-to-client-keys"
    deaf_to_retry_after "deaf-to-retry-after"
    error_in_200_is_done "error-in-200-is-done"
    failed_is_over "failed-is-over"
    failed_step_is_not_undone "failed-step-is-not-undone"
    finishes_by_its_own "finishes-by-its-own"
    five_hundred_means_nothing "500-means-nothing"
    forgets_calls_under_way "forgets-calls-under-way"
    forgets_the_abort "forgets-the-abort"
    full_is_committed "full-is-committed"
    gone_is_failure "gone-is-failure"
    half_is_whole "half-is-whole"
    half_moved_is_done "half-moved-is-done"
    hidden_retry "hidden-retry"
    ids_without_incarnation "ids-without-incarnation"
    impatient "impatient"
    inherited_budget "inherited-budget"
    key_per_attempt "key-per-attempt"
    lands_after_the_fence "lands-after-the-fence"
    last_writer_wins "last-writer-wins"
    leaves_the_tickets "leaves-the-tickets"
    link_forgets_metadata "link-forgets-metadata"
    links_the_wrong_way "links-the-wrong-way"
    loser_is_deleted "loser-is-deleted"
    lost_correlation "lost-correlation"
    mail_per_attempt "mail-per-attempt"
    merges_again_blindly "merges-again-blindly"
    merges_the_wrong_way "merges-the-wrong-way"
    no_compensation "no-compensation"
    no_quiet "no-quiet"
    one_parked_stops_all "one-parked-stops-all"
    outlives_its_lease "outlives-its-lease"
    points_lost "points-lost"
    points_twice "points-twice"
    reads_part_of_the_journal "reads-part-of-the-journal"
    reconciles_by_half "reconciles-by-half"
    parted_stays_parted "parted-stays-parted"
    redrive_runs_again "redrive-runs-again"
    redrive_runs_the_running "redrive-runs-the-running"
    rejects_its_own_journal "rejects-its-own-journal"
    reports_from_one_page "reports-from-one-page"
    resolve_believes "resolve-believes"
    retry_storm "retry-storm"
    search_is_believed "search-is-believed"
    sends_after_the_pause "sends-after-the-pause"
    shows_the_undecided "shows-the-undecided"
    soft_delete_is_gone "soft-delete-is-gone"
    steno_66 "steno-66"
    strict_reader "strict-reader"
    time_in_the_body "time-in-the-body"
    time_out_means_nothing "time-out-means-nothing"
    told_before_durable "told-before-durable"
    unauthorized_is_refused "unauthorized-is-refused"
    undeletable_is_retried "undeletable-is-retried"
    undo_in_order "undo-in-order"
    unknown_is_committed "unknown-is-committed"
    unknown_is_lost "unknown-is-lost"
    unlink_is_skipped "unlink-is-skipped"
    unreadable_is_refused "unreadable-is-refused"
    upsert "upsert"
}

#[test]
fn every_checker_has_a_planted_bug() {
    let caught: BTreeSet<_> = ALL.iter().map(|bug| bug.convicted_by).collect();
    assert_eq!(caught, CheckerName::ALL.iter().copied().collect());
}

#[test]
fn the_bugs_live_at_all_five_seams() {
    let seams: BTreeSet<_> = ALL.iter().map(Bug::seam).collect();
    let five = ["connector", "event/effect wrapper", "policy", "saga definition", "store adapter"];
    assert_eq!(seams, BTreeSet::from(five));
}
