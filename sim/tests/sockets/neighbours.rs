//! Exchanges beside one another: on the same connection, and on others while one is delayed.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, Odds};
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::server::{Options, WorldSettings};

use crate::caller::{End, profile, push};
use crate::served::{Served, fated, rule};

/// Worlds in which this fate strikes pushes, and reads are fine.
fn pushes_are(fate: Fate) -> Options {
    let mut options = fated(fate);
    options.world.chaos.rules[0].route = Some("push".to_owned());
    options
}

#[test]
fn a_connection_carries_one_request_after_another() {
    let served = Served::start(Options::default());
    let mut caller = served.call(System::Messaging);
    for number in 1..=50 {
        assert_eq!(caller.say(push("C001", "")).hear().status, 200);
        assert_eq!(served.pushes(), number);
    }
    caller.say([profile("C001"), profile("C002"), push("C003", "")].concat());
    let bodies = [caller.hear().body, caller.hear().body, caller.hear().body];
    assert!(bodies[0].contains("C001") && bodies[1].contains("C002") && bodies[2].contains("sentMessages"));
}

#[test]
fn a_connection_that_was_kept_alive_is_struck_too() {
    let served = Served::start(pushes_are(Fate::Refused));
    let mut caller = served.call(System::Messaging);
    assert_eq!(caller.say(profile("C001")).hear().status, 200);
    assert_eq!(caller.say(push("C001", "")).hear_out(), (String::new(), End::Reset));
    let served = Served::start(pushes_are(Fate::Before503));
    let mut caller = served.call(System::Messaging);
    assert_eq!(caller.say(push("C001", "")).hear().status, 503);
    assert_eq!(caller.say(profile("C001")).hear().status, 200, "an error is no end of the connection");
}

#[test]
fn a_delayed_request_delays_nobody_else() {
    for fate in [Fate::Slow, Fate::RequestLost, Fate::LateLong] {
        let mut options = pushes_are(fate);
        options.world.time_out = Nanos::secs(600);
        options.world.horizon = Nanos::secs(600);
        options.limits.silence = std::time::Duration::from_secs(600);
        let served = Served::start(options);
        let mut delayed: Vec<_> = (0..20).map(|_| served.call(System::Messaging)).collect();
        for caller in &mut delayed {
            caller.say(push("C001", ""));
        }
        for _ in 0..20 {
            assert_eq!(served.call(System::Messaging).say(profile("C001")).hear().status, 200);
        }
        assert!(delayed.iter_mut().all(crate::caller::Caller::is_waiting), "{}", fate.name());
        served.stop();
    }
}

#[test]
fn what_has_no_probability_never_strikes() {
    let chaos = Chaos { rules: vec![rule(&Fate::ALL[1..], Odds::NEVER)], ..Chaos::default() };
    let served =
        Served::start(Options { world: WorldSettings { chaos, ..WorldSettings::default() }, ..Options::default() });
    let mut caller = served.call(System::Messaging);
    for number in 0..1000 {
        assert_eq!(caller.say(push(&format!("C{number}"), "")).hear().status, 200);
    }
    assert_eq!(served.pushes(), 1000);
}

#[test]
fn a_fleet_that_stops_takes_no_more_connections_and_ends_those_that_rest_or_wait() {
    let mut options = pushes_are(Fate::RequestLost);
    options.limits.silence = std::time::Duration::from_secs(600);
    let served = Served::start(options);
    let (mut resting, mut waiting) = (served.call(System::Messaging), served.call(System::Messaging));
    assert_eq!(resting.say(profile("C001")).hear().status, 200);
    assert!(waiting.say(push("C001", "")).is_waiting());
    let address = served.fleet.url(System::Messaging);
    served.stop();
    assert_eq!((resting.hear_out().0, waiting.hear_out().0), (String::new(), String::new()));
    assert!(std::net::TcpStream::connect(address.strip_prefix("http://").unwrap()).is_err());
}
