//! For tests only: the laws of every world, in stormy ones. The same seed makes the same world, a replay the same as
//! what was recorded; no fault moves another; and whatever strikes, requests are delivered as F1 says.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::toy::{Askers, Kept, ToyWorld, Toys, print, settings, world};
use super::{Settings, World};
use crate::chaos::choices::{Choices, Random, Recording, Replay};
use crate::chaos::fate::Fate;
use crate::chaos::point::Point;
use crate::chaos::rule::{CrashRule, DiskRule, Odds, PauseRule, Window, WindowKind};
use crate::clock::{Instant, Nanos};
use crate::fleet::{Fleet, System};
use crate::observation::{Observation, Observer};
use crate::wire::{Answer, CallError};

/// Settings under which everything may strike.
fn storm(seed: u64) -> Settings {
    let mut settings = settings();
    let odds = Odds::ppm(50_000);
    settings.chaos.crash = CrashRule { odds, at_most: 2, restart_after: Nanos::secs(1) };
    settings.chaos.disk = DiskRule { unknown_applied: odds, unknown_lost: odds, full: odds, conflict: odds };
    settings.chaos.pause = PauseRule { odds, at_most: 2, lasts: [Nanos::secs(8); 16] };
    settings.processes = 2;
    settings.chaos.clocks = true;
    settings.chaos.swarm = true;
    let windows = [WindowKind::Outage, WindowKind::Brownout(Odds::ppm(300_000)), WindowKind::TokensRevoked];
    settings.chaos.windows.extend(windows.map(|kind| Window {
        system: System::Commerce,
        kind,
        from: Instant(1_000_000),
        until: Instant(100_000_000),
        odds: Odds::ppm(500_000),
    }));
    settings.chaos.rules[0].odds = Odds::ppm(400_000);
    settings.seed = seed;
    settings
}

/// A stormy world with six clients.
fn stormy<C: Choices>(seed: u64, choices: C) -> ToyWorld<C> {
    let mut world = world(&storm(seed), Toys::default(), choices);
    world.parts_mut().clients.work = (0..6).map(|n| Instant(n / 2 * 1_000_000)).collect();
    world
}

/// Keeps the fates of clients' exchanges by their points.
#[derive(Debug, Clone, Default)]
struct Fates(BTreeMap<Point, Fate>);

impl Observer for Fates {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        if let Observation::Asked { fate, point, .. } = observation {
            self.0.insert(*point, *fate);
        }
    }
}

/// Judges F1 over calls and exchanges alike.
#[derive(Debug, Clone, Default)]
struct Delivery {
    /// By call or exchange: when it was sent, how often it was delivered, whether its answer was heard.
    calls: BTreeMap<u64, (Instant, u32, bool)>,
    exchanges: BTreeMap<u64, (Instant, u32, bool)>,
}

fn delivered(now: Instant, horizon: Nanos, (sent, deliveries, answered): &mut (Instant, u32, bool)) {
    assert!(now.since(*sent) < horizon, "delivered at or after the horizon");
    assert!(!*answered, "delivered after its complete answer was heard");
    *deliveries += 1;
    assert!(*deliveries <= 2, "delivered more than twice");
}

/// Whether this is a complete answer of who was asked, not of something in between.
fn is_complete(answer: &Answer) -> bool {
    answer.as_ref().is_ok_and(|response| ![502, 504, 408].contains(&response.status))
}

fn heard(answer: &Answer, (_, deliveries, answered): &mut (Instant, u32, bool)) {
    let refused = *answer == Err(CallError::Refused);
    assert!(!refused || *deliveries == 0, "refused, yet delivered");
    *answered = refused || is_complete(answer);
}

impl Observer for Delivery {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        match observation {
            Observation::Sent { call, .. } => drop(self.calls.insert(*call, (now, 0, false))),
            Observation::Asked { exchange, .. } => drop(self.exchanges.insert(*exchange, (now, 0, false))),
            Observation::Handled { call, .. } => {
                delivered(now, Nanos::secs(60), self.calls.get_mut(call).unwrap());
            }
            Observation::TakenIn { exchange, .. } => {
                delivered(now, Nanos::secs(60), self.exchanges.get_mut(exchange).unwrap());
            }
            Observation::Heard { call, answer, .. } => heard(answer, self.calls.get_mut(call).unwrap()),
            Observation::Told { exchange, answer, .. } => heard(answer, self.exchanges.get_mut(exchange).unwrap()),
            _ => {}
        }
    }
}

/// A stormy world under another observer, with clients that ask at these times.
fn observed<O: Observer>(seed: u64, work: Vec<Instant>, observer: O) -> World<Toys, Askers, Random, O> {
    let fleet = Fleet::new(&crate::fleet::Settings::default());
    let clients = Askers { work, ..Askers::default() };
    World::new(&storm(seed), fleet, Toys::default(), clients, Random::new(seed), observer)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_seed_makes_the_same_world(seed in any::<u64>()) {
        let (mut one, mut other) = (stormy(seed, Random::new(seed)), stormy(seed, Random::new(seed)));
        prop_assert_eq!(one.run(), other.run());
        prop_assert_eq!(&one.parts().observer.0, &other.parts().observer.0);
        prop_assert_eq!(print(&one), print(&other));
        prop_assert_eq!(one.counts(), other.counts());
    }

    #[test]
    fn a_world_that_was_reset_is_as_good_as_new(seed in any::<u64>(), before in any::<u64>()) {
        let mut fresh = stormy(seed, Random::new(seed));
        let mut used = stormy(before, Random::new(before));
        used.run();
        used.reset(seed);
        let parts = used.parts_mut();
        parts.fleet = Fleet::new(&crate::fleet::Settings::default());
        parts.choices = Random::new(seed);
        parts.observer = Kept::default();
        parts.clients = Askers { work: parts.clients.work.clone(), ..Askers::default() };
        prop_assert_eq!(used.run(), fresh.run());
        prop_assert_eq!(&used.parts().observer.0, &fresh.parts().observer.0);
    }

    #[test]
    fn a_replay_of_what_was_recorded_is_the_same_world(seed in any::<u64>()) {
        let mut recorded = stormy(seed, Recording::new(Random::new(seed)));
        let ending = recorded.run();
        let mut replayed = stormy(seed, Replay::new(recorded.parts().choices.chosen()));
        prop_assert_eq!(replayed.run(), ending);
        prop_assert_eq!(&replayed.parts().observer.0, &recorded.parts().observer.0);
        prop_assert_eq!(replayed.parts().choices.stale().count(), 0);
    }

    #[test]
    fn whatever_strikes_requests_are_delivered_as_f1_says(seed in any::<u64>()) {
        let mut world = observed(seed, (0..8).map(|n| Instant(n * 20_000_000)).collect(), Delivery::default());
        world.run();
        prop_assert!(world.counts().exchanges == 8);
    }

    #[test]
    fn a_fault_does_not_move_when_others_ask_beside_it_or_at_another_time(seed in any::<u64>()) {
        let mut alone = observed(seed, vec![Instant::ZERO; 2], Fates::default());
        let mut among_others = observed(seed, (0..6).map(|n| Instant(n * 70_000_000)).collect(), Fates::default());
        alone.run();
        among_others.run();
        let others = &among_others.parts().observer.0;
        prop_assert_eq!(others.len(), 6);
        prop_assert!(alone.parts().observer.0.iter().all(|(point, fate)| others.get(point) == Some(fate)));
    }
}
