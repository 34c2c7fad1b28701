//! The same seed strikes the same requests over sockets as in a virtual world.

use std::collections::BTreeMap;

use sagaproof_sim::chaos::choices::Random;
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route};
use sagaproof_sim::chaos::rule::{Chaos, Odds};
use sagaproof_sim::client::{ClientAction, Clients};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::fleet::{self, Fingerprint, Fleet, System};
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::process::{Effect, Event, Process, Spawn};
use sagaproof_sim::server::What;
use sagaproof_sim::wire::{Answer, Headers, Method, Request, Response};
use sagaproof_sim::world::{Settings, World};

use crate::caller::{Caller, push};
use crate::served::{Served, fated, rule};

const REQUESTS: u32 = 60;
const SEED: u64 = 11;

fn recipient(number: u32) -> String {
    format!("C{:03}", number % 20)
}

/// Passes each client's request on to messaging.
struct Relay;

impl Process for Relay {
    fn on_event(&mut self, _now: Instant, event: Event, effects: &mut Vec<Effect>) {
        match event {
            Event::Request { exchange, request } => effects.push(Effect::Call {
                call: exchange,
                to: System::Messaging,
                request,
                time_out: Nanos::millis(40),
                not_after: Instant::NEVER,
                note: None,
            }),
            Event::Answer { call, answer } => effects.push(Effect::Answer {
                exchange: call,
                response: answer.unwrap_or_else(|_| Response::json(504, "{}")),
            }),
            _ => {}
        }
    }
    fn feed(&self, _now: Instant, _print: &mut Fingerprint) -> bool {
        true
    }
    fn unfinished(&self) -> Option<(usize, usize)> {
        Some((0, 0))
    }
}

#[derive(Clone)]
struct Relays;

impl Spawn for Relays {
    type Process = Relay;
    fn spawn(&self, _life: u64) -> Relay {
        Relay
    }
}

/// Asks one after the other.
struct Askers;

impl Clients for Askers {
    fn on_phase(&mut self, now: Instant, phase: Phase, actions: &mut Vec<ClientAction>) {
        if phase != Phase::Work {
            return;
        }
        for number in 0..REQUESTS {
            let mut headers = Headers::new();
            headers.push("authorization", &["Bearer ", Credentials::SIMULATION.messaging_token].concat());
            let to = recipient(number);
            let body = format!(r#"{{"to":"{to}","messages":[{{"type":"text","text":"Hello"}}]}}"#).into_bytes();
            let request = Request { method: Method::Post, target: "/v2/bot/message/push".to_owned(), headers, body };
            let (at, time_out) = (now + Nanos::secs(u64::from(number)), Nanos::secs(30));
            actions.push(ClientAction::Ask { at, operation: number, route: Route(0), request, time_out });
        }
    }
    fn on_answer(&mut self, _: Instant, _: u32, _: u64, _: &Answer, _: &mut Vec<ClientAction>) {}
    fn routes() -> &'static [&'static str] {
        &["push"]
    }
}

#[derive(Default)]
struct Sent(BTreeMap<Point, Fate>);

impl Observer for Sent {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        if let Observation::Sent { point, fate, .. } = observation {
            self.0.insert(*point, *fate);
        }
    }
}

fn chaos() -> Chaos {
    let mut half = rule(&Fate::ALL[1..], Odds::ppm(500_000));
    half.route = Some("push".to_owned());
    Chaos { rules: vec![half], ..Chaos::default() }
}

#[test]
fn a_request_has_the_fate_that_it_has_in_simulation() {
    let settings = Settings { seed: SEED, chaos: chaos(), ..Settings::default() };
    let fleet = Fleet::new(&fleet::Settings::default());
    let mut world = World::new(&settings, fleet, Relays, Askers, Random::new(SEED), Sent::default());
    world.run();
    let simulated = world.into_parts().observer.0;
    let mut options = fated(Fate::Fine);
    (options.world.chaos, options.world.seed) = (chaos(), SEED);
    let served = Served::start(options);
    let mut callers = Vec::new();
    for number in 0..REQUESTS {
        let mut caller = served.call(System::Messaging);
        caller.say(push(&recipient(number), ""));
        // Only the order of requests about the same subject counts, and these are twenty requests apart.
        callers.push(caller);
        if callers.len() == 20 {
            callers.drain(..).for_each(|mut caller: Caller| caller.hear_some());
        }
    }
    let sent = |seen: sagaproof_sim::server::Seen| match seen.what {
        What::Sent { point, fate, .. } => Some((point, fate)),
        _ => None,
    };
    let served: BTreeMap<Point, Fate> = served.world().seen(0).into_iter().filter_map(sent).collect();
    assert_eq!((simulated.len(), &served), (REQUESTS as usize, &simulated));
    assert!((20..50).contains(&served.values().filter(|fate| **fate != Fate::Fine).count()));
}
