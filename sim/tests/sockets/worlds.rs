//! Worlds behind one port never meet, whether a header or a path names them.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, Odds};
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::{SeedRecord, System};
use sagaproof_sim::server::{Options, WorldError};

use crate::caller::{End, profile, push};
use crate::served::{Served, rule};

fn to_world(request: &str, world: &str) -> String {
    request.replacen("/v2", &format!("/w/{world}/v2"), 1)
}

#[test]
fn a_header_or_a_path_names_a_world_and_its_effects_stay_there() {
    let served = Served::start(Options::default());
    let mut caller = served.call(System::Messaging);
    assert_eq!(caller.say(push("C001", "x-sagaproof-world: one\r\n")).hear().status, 200);
    assert_eq!(caller.say(to_world(&push("C002", ""), "one")).hear().status, 200);
    assert_eq!(caller.say(to_world(&push("C003", ""), "two")).hear().status, 200);
    let reached = |world: &str| {
        let effects = served.fleet.world(world).unwrap().side_effects();
        effects.into_iter().map(|effect| effect.subject).collect::<Vec<_>>()
    };
    assert_eq!(
        (reached("one"), reached("two"), reached("")),
        (vec!["C001".to_owned(), "C002".to_owned()], vec!["C003".to_owned()], vec![])
    );
}

#[test]
fn rules_outages_and_clocks_are_a_worlds_own() {
    let served = Served::start(Options::default());
    let one = served.fleet.world("one").unwrap();
    one.add(&Chaos { rules: vec![rule(&[Fate::Html], Odds::ALWAYS)], ..Chaos::default() });
    one.advance(Nanos::secs(3600));
    served.fleet.world("two").unwrap().begin_outage(System::Messaging, None);
    let mut caller = served.call(System::Messaging);
    assert!(caller.say(to_world(&profile("C001"), "one")).hear().body.starts_with("<html>"));
    assert!(caller.say(profile("C001")).hear().body.contains("C001"));
    assert_eq!(caller.say(to_world(&profile("C001"), "two")).hear_out(), (String::new(), End::Reset));
    assert!(one.time().0.0 > Nanos::secs(3600).0 && served.world().time().1 == Nanos::ZERO);
    assert!(served.fleet.world("two").unwrap().end_outage(System::Messaging));
    assert_eq!(served.call(System::Messaging).say(to_world(&profile("C001"), "two")).hear().status, 200);
}

#[test]
fn a_world_that_is_reset_is_as_it_began() {
    let served = Served::start(Options::default());
    let world = served.world();
    let ann = SeedRecord { tag: Some("C001".to_owned()), email: Some("ann@x.org".to_owned()), ..SeedRecord::default() };
    assert_eq!(world.seed(&ann).len(), 3);
    assert!(world.add_child(System::Commerce, "C001") && !world.add_child(System::Commerce, "C002"));
    world.advance(Nanos::secs(3600));
    world.begin_outage(System::Support, None);
    world.reset();
    assert!(world.records(System::Commerce).is_empty() && world.windows().is_empty());
    assert!(world.time().0.0 < Nanos::secs(3600).0);
}

#[test]
fn a_name_that_no_world_can_have_is_refused() {
    let served = Served::start(Options::default());
    assert_eq!(served.fleet.world("a b").err(), Some(WorldError::BadName));
    let long = "x".repeat(65);
    for name in ["%20", &long, "a:b"] {
        let heard = served.call(System::Messaging).say(to_world(&profile("C001"), name)).hear();
        assert_eq!((heard.status, heard.body.contains("1 to 64 letters")), (400, true), "{name}");
    }
}
