//! A case in the virtual world.

use sagaproof::adapter::HubProcess;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::node::Node;
use sagaproof_sim::chaos::choices::Random;
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route};
use sagaproof_sim::client::{ClientAction, Clients};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{Control, Fleet, System};
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::process::Spawn;
use sagaproof_sim::wire::{Answer, Headers, Request};
use sagaproof_sim::world::{Latency, Settings, World};

use crate::cases::{Befalls, Case, HORIZON, fleet};
use crate::journal::{End, Recorder, engine, seeded};

/// Makes the hub's one life.
#[derive(Clone)]
struct Life {
    engine: Engine,
    recorder: Recorder,
}

impl Spawn for Life {
    type Process = HubProcess<Recorder>;

    fn spawn(&self, _life: u64) -> HubProcess<Recorder> {
        HubProcess::new(Node::new(self.engine.clone(), false), self.recorder.clone())
    }
}

/// Asks once.
struct Client {
    case: Case,
    heard: Option<(u16, String)>,
}

impl Clients for Client {
    fn on_phase(&mut self, now: Instant, phase: Phase, actions: &mut Vec<ClientAction>) {
        if phase != Phase::Work {
            return;
        }
        let (method, target, body) = self.case.request();
        let mut headers = Headers::new();
        headers.push("x-correlation-id", "c1");
        let request = Request { method, target, headers, body: body.into() };
        let at = now + Nanos::secs(1);
        actions.push(ClientAction::Ask { at, operation: 0, route: Route(0), request, time_out: Nanos::secs(3_600) });
    }

    fn on_answer(&mut self, _: Instant, _: u32, _: u64, answer: &Answer, _: &mut Vec<ClientAction>) {
        let answer = answer.as_ref().unwrap();
        self.heard = Some((answer.status, String::from_utf8(answer.body.clone()).unwrap()));
    }

    fn routes() -> &'static [&'static str] {
        &["ask"]
    }
}

/// The faults, where they struck.
#[derive(Default)]
struct Struck(Vec<(Point, Fate)>);

impl Observer for Struck {
    fn see(&mut self, _now: Instant, observation: &Observation<'_>) {
        match observation {
            Observation::Sent { point, fate, .. } if *fate != Fate::Fine => self.0.push((*point, *fate)),
            _ => {}
        }
    }
}

/// All that it tells.
pub(crate) fn told(case: Case) -> Vec<String> {
    let mut fleet = Fleet::new(&fleet());
    let rows =
        seeded(case, |system, record| fleet.control(system, Instant::ZERO, &Control::Seed(record)).unwrap_or_default());
    let settings = Settings {
        seed: case.seed,
        latency: [Latency::constant(Nanos::millis(1)); 5],
        horizon: HORIZON,
        chaos: case.chaos(),
        index_lag: Nanos::millis(20),
        job_time: Nanos::millis(50),
        ..Settings::default()
    };
    let recorder = Recorder::new(case, None);
    let life = Life { engine: engine(), recorder: recorder.clone() };
    let client = Client { case, heard: None };
    let mut world = World::new(&settings, fleet, life, client, Random::new(case.seed), Struck::default());
    for row in rows {
        world.disk_mut().put(row.key, row.value);
    }
    world.run();
    let parts = world.into_parts();
    let mut struck = parts.observer.0;
    match case.befalls {
        // Where nobody listens no fleet sees anything.
        Befalls::Nobody(_) => struck.clear(),
        Befalls::TooLate(_) | Befalls::Fate(Fate::Fine, ..) => {}
        Befalls::Fate(..) => assert_eq!(struck.len(), 1, "{case}"),
    }
    let records = [System::Commerce, System::Support, System::Identity].map(|system| parts.fleet.records(system));
    recorder.lines(End { answer: parts.clients.heard.unwrap_or_default(), struck, records })
}
