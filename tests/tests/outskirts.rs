//! Scenarios far from the built-in ones, found by drawing scenarios at random: in each the hub, or what judges it, once failed.

#![expect(clippy::unwrap_used, reason = "a scenario that is not there fails the test")]

use sagaproof::run::{Tally, judge};
use sagaproof::scenario::load;

/// Runs so many seeds of this scenario.
fn holds(name: &str, seeds: u64) {
    let scenarios = load(&["tests/scenarios/outskirts.yaml"]).unwrap();
    let scenario = scenarios.iter().find(|scenario| scenario.name == name).unwrap();
    let mut tally = Tally::default();
    judge("saga", scenario).unwrap().sweep(0..seeds, &mut tally);
    assert_eq!((tally.worlds, tally.violations), (seeds, 0), "{name}");
}

#[test]
fn what_is_moved_singly_may_fill_many_pages() {
    holds("tickets-of-three-pages", 20);
}

#[test]
fn a_report_names_what_is_left_on_every_page() {
    holds("parked-with-tickets-of-three-pages", 40);
}

#[test]
fn an_operator_comes_to_a_parked_saga_whoever_waits_behind_it() {
    holds("waits-behind-a-parked-one", 20);
}

#[test]
fn a_saga_that_was_born_and_has_ended_is_not_denied() {
    holds("born-before-a-pause", 3_000);
}

#[test]
fn a_token_of_ten_seconds_is_used() {
    holds("tokens-of-ten-seconds", 50);
}

#[test]
fn a_vendors_pause_lasts_by_the_vendors_clock() {
    holds("not-before-by-another-clock", 100);
}

#[test]
fn a_vendors_pause_outlasts_a_life() {
    holds("told-in-an-earlier-life", 300);
    holds("told-to-the-life-before", 200);
}

#[test]
fn a_saga_that_claims_and_ends_at_once_asks_for_its_claim_again() {
    holds("claimed-and-ended-at-once", 2_000);
}

#[test]
fn whoever_is_turned_away_for_the_rate_of_all_has_not_failed() {
    holds("all-at-once", 2);
}

#[test]
fn a_claim_rests_on_the_customer_whom_it_has_seen() {
    holds("a-number-given-again-meanwhile", 500);
    holds("a-number-given-again-during-a-pause", 1_000);
}

#[test]
fn a_number_is_not_given_again_before_a_merge_has_let_it_go() {
    holds("a-number-of-a-merge-that-is-not-over", 300);
}

#[test]
fn a_saga_without_a_token_gives_up_in_a_commit_of_its_own() {
    holds("no-token-before-the-birth-is-durable", 1_000);
    holds("no-token-and-an-unknown-birth", 300);
}
