//! Worlds with windows: what a vendor's state over a stretch of time does to what is sent to it and what arrives.

use super::toy::{ToyWorld, Toys, settings, world};
use crate::chaos::choices::Quiet;
use crate::chaos::rule::{Odds, Window, WindowKind};
use crate::clock::{Instant, Nanos};
use crate::fleet::System;

fn window(kind: WindowKind, from: u64, until: u64) -> Window {
    let (from, until) = (Instant(0) + Nanos::millis(from), Instant(0) + Nanos::millis(until));
    Window { system: System::Commerce, kind, from, until, odds: Odds::ALWAYS }
}

/// A world with these windows, in which clients ask at these times, in milliseconds. The toy calls 41 ms later.
fn played(windows: Vec<Window>, asked: &[u64]) -> ToyWorld<Quiet> {
    let mut settings = settings();
    settings.chaos.windows = windows;
    let mut world = world(&settings, Toys::default(), Quiet);
    world.parts_mut().clients.work = asked.iter().map(|at| Instant(0) + Nanos::millis(*at)).collect();
    assert!(world.run().converged);
    world
}

fn told(world: &ToyWorld<Quiet>) -> Vec<u16> {
    world.parts().clients.heard.iter().map(|(_, _, answer)| answer.clone().unwrap().status).collect()
}

fn seen(world: &ToyWorld<Quiet>) -> Vec<(u64, String)> {
    let seen = world.parts().observer.0.iter().filter(|(_, text)| text.starts_with("Vendor"));
    let what = |text: &str| text.split("what: \"").nth(1).unwrap().trim_end_matches("\" }").to_owned();
    seen.map(|(at, text)| (at.0 / 1_000_000, what(text))).collect()
}

#[test]
fn an_outage_refuses_what_is_sent_and_swallows_what_arrives() {
    // The calls leave at 41 ms (and arrive at 81), at 141, and at 341.
    let world = played(vec![window(WindowKind::Outage, 60, 300)], &[0, 100, 300]);
    let fine = told(&world)[2];
    assert_eq!(told(&world), [602, 601, fine]);
    assert_eq!(world.parts().observer.times("Handled").len(), 1);
    assert_eq!((world.counts().windows, world.counts().drawn), (2, 0));
    assert_eq!(seen(&world), [(60, "outage begins".to_owned()), (300, "outage ends".to_owned())]);
}

#[test]
fn flapping_is_outage_and_health_by_turns() {
    let world = played(vec![window(WindowKind::Flapping(Nanos::millis(200)), 0, 10_000)], &[0, 200, 400, 600]);
    let down: Vec<_> = told(&world).iter().map(|status| *status == 601).collect();
    assert_eq!(down, [true, false, true, false]);
}

#[test]
fn a_brownout_answers_some_503_and_all_others_slowly() {
    let world = played(vec![window(WindowKind::Brownout(Odds::ALWAYS), 0, 10_000)], &[0]);
    assert_eq!(told(&world), [503]);
    let world = played(vec![window(WindowKind::Brownout(Odds::NEVER), 0, 10_000)], &[0]);
    assert!(world.parts().clients.heard[0].0 > Instant(0) + Nanos::secs(4));
    assert_eq!(world.counts().struck, 0);
}

#[test]
fn a_window_that_is_open_when_the_world_heals_is_closed_then() {
    let world = played(vec![window(WindowKind::SchemaDrift, 0, 500_000)], &[0]);
    let ended = "schema drift ends".to_owned();
    assert_eq!(seen(&world), [(0, "schema drift begins".to_owned()), (1040, ended)]);
    let late = played(vec![window(WindowKind::Outage, 400_000, 500_000)], &[0]);
    assert_eq!(seen(&late), [], "a window does not keep a quiet world working");
}
