//! Exchanges of clients with an orchestrator that runs somewhere: what befalls them is chosen here, from the same points
//! and hashes as in simulation. Whoever holds the connection carries it out.

use super::World;
use crate::chaos::fate::Fate;
use crate::chaos::point::{Point, Route};
use crate::client::subject_of;
use crate::clock::Nanos;
use crate::exchange::answers::{disguised, instead};
use crate::exchange::course::{Course, Hears, Times};
use crate::fleet::System;
use crate::wire::{Answer, Response};

/// An exchange that a client begins now.
#[derive(Debug)]
pub struct Asking {
    /// Its fate.
    pub fate: Fate,
    /// Where the fate was chosen.
    pub point: Point,
    /// When the request reaches the orchestrator, from now on; never, once or twice.
    pub deliveries: [Option<Nanos>; 2],
    /// What the client hears.
    pub hearing: Hearing,
}

/// What a client hears of its exchange, from when it was begun on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hearing {
    /// Then, words of the network's own: [`Asking::instead`].
    Instead(Nanos),
    /// The answer to the first delivery, as [`Asking::disguised`] leaves it; not before then.
    Answer(Nanos),
    /// Nothing.
    Nothing,
}

impl World {
    /// A client begins an exchange with the orchestrator, now, by this route; it waits so long for an answer.
    #[must_use]
    pub fn ask(&self, operation: u32, route: Route, time_out: Nanos) -> Asking {
        let (now, mut inner) = self.now();
        let (point, fate) = inner.faults.fate(now, System::Hub, route, subject_of(operation));
        let horizon = inner.settings.horizon;
        let times = Times { sent: now, time_out, there: Nanos::ZERO, back: Nanos::ZERO, horizon };
        let course = Course::of(fate, times);
        let hearing = match course.hears {
            Hears::Instead(at) => Hearing::Instead(at.since(now)),
            Hears::Answer { not_before, .. } => Hearing::Answer(not_before.since(now)),
            Hears::Nothing => Hearing::Nothing,
        };
        let deliveries = [course.first, course.second].map(|at| Some(at?.since(now)));
        Asking { fate, point, deliveries, hearing }
    }
}

impl Asking {
    /// What the network says in the place of an answer; `None` where it says nothing.
    #[must_use]
    pub fn instead(&self) -> Option<Answer> {
        instead(self.fate)
    }

    /// What becomes of the orchestrator's answer on its way; `None` where it never comes.
    #[must_use]
    pub fn disguised(&self, response: Response) -> Option<Answer> {
        disguised(self.fate, response)
    }
}

#[cfg(test)]
mod tests {
    use super::super::WorldSettings;
    use super::*;
    use crate::chaos::rule::{Chaos, Odds, Rule};
    use crate::clock::Instant;

    const ROUTES: &[&str] = &["create", "read"];

    fn world(fates: &[Fate], route: Option<&str>) -> World {
        let rule = Rule {
            systems: vec![System::Hub],
            route: route.map(str::to_owned),
            fates: fates.to_vec(),
            odds: Odds::ALWAYS,
            from: Instant::ZERO,
            until: Instant::NEVER,
            at_most: None,
        };
        let world = World::new(&WorldSettings::default());
        world.strike(&Chaos { rules: vec![rule], ..Chaos::default() }, ROUTES);
        world
    }

    #[test]
    fn an_exchange_is_struck_by_what_rules_say_of_the_hub() {
        let lost = world(&[Fate::RequestLost], Some("create"));
        let asked = lost.ask(3, Route(0), Nanos::secs(1));
        assert_eq!((asked.fate, asked.deliveries, asked.hearing), (Fate::RequestLost, [None, None], Hearing::Nothing));
        assert_eq!(lost.ask(3, Route(1), Nanos::secs(1)).fate, Fate::Fine, "another route");
        assert!(matches!(asked.point, Point::Exchange { system: System::Hub, nth: 0, .. }));
        lost.heal();
        assert_eq!(lost.ask(3, Route(0), Nanos::secs(1)).fate, Fate::Fine);
    }

    #[test]
    fn what_is_heard_follows_from_the_fate() {
        let refused = world(&[Fate::Before503], None).ask(0, Route(0), Nanos::secs(1));
        assert_eq!(refused.deliveries, [None, None]);
        assert!(matches!(refused.instead(), Some(Ok(response)) if response.status == 503));
        let twice = world(&[Fate::Twice], None).ask(0, Route(0), Nanos::secs(1));
        assert!(twice.deliveries[0] < twice.deliveries[1] && matches!(twice.hearing, Hearing::Answer(_)));
        let given = Response::json(201, "{}");
        assert_eq!(twice.disguised(given.clone()), Some(Ok(given)));
    }
}
