//! Scenarios over real HTTP, against any orchestrator that speaks the facade: for each world a fleet that misbehaves as
//! the scenario says, the same clients as in simulation, and the same law. What is left of a scenario here is `suited`'s,
//! who takes part `cast`'s, who stands at the beginning `standing`'s, how it is played `stage`'s.
//!
//! The seed draws the same faults for the same requests as in simulation. When things happen is the machine's, so a world
//! may go otherwise when it is played again.

mod cast;
mod exchange;
mod program;
mod stage;
mod standing;
mod story;
mod suited;

use std::sync::Arc;
use std::time::Duration;

use sagaproof_orchestrator::policy::Policy;
use sagaproof_sim::chaos::rule::Chaos;
use sagaproof_sim::client::{ClientAction, Clients};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{self, Control, System};
use sagaproof_sim::observation::Phase;
use sagaproof_sim::server::{World, WorldSettings};
use tokio::time::{Instant as RealInstant, sleep};

pub use self::cast::Names;
pub use self::program::Launch;
pub use self::suited::Suited;

use self::program::Program;
use self::stage::{Running, Stage};
use super::settings;
use crate::check::{EndState, Violation};
use crate::live::Facade;
use crate::operation::Plan;
use crate::scenario::Scenario;
use crate::workload::WorkloadClients;

/// Between two looks for somebody who does not listen yet.
const PAUSE: Duration = Duration::from_millis(10);

/// A rest in which nobody waits for what may be late, and the pause between two looks at systems that do not agree yet.
const SHORT: Duration = Duration::from_millis(500);

/// The work lasts so long at most, even where nobody comes to rest.
const LONGEST: Duration = Duration::from_secs(300);

/// A world heals within so many times the rest.
const RESTS: u32 = 20;

/// Systems that do not agree after so many rests in which somebody looked and nothing came to the vendors never will.
const GIVEN_UP: u32 = 3;

/// One world to be played.
#[derive(Debug)]
pub struct Trial {
    /// The scenario.
    pub suited: Arc<Suited>,
    /// What its faults and its workload are drawn from.
    pub seed: u64,
    /// The vendors; what is there before is gone.
    pub world: Arc<World>,
    /// Where the orchestrator speaks the facade.
    pub facade: Facade,
    /// How it is started; `None` where it runs already.
    pub launch: Option<Launch>,
    /// Where it is started once more, if it ends before it listens: somebody may have had its port.
    pub spare: Option<Facade>,
    /// What sets this world's names apart, where the orchestrator was in another world before.
    pub names: Option<Names>,
    /// A command that redrives what is parked.
    pub redrive: Option<String>,
    /// How long clients wait for an answer at most.
    pub patience: Nanos,
    /// How long the orchestrator may take until it listens.
    pub start_within: Duration,
}

/// How a world went.
#[derive(Debug, Default)]
pub struct Played {
    /// How many operations clients asked for, those aside that make who is there at the beginning.
    pub operations: u64,
    /// How many of these were acknowledged.
    pub acknowledged: u64,
    /// Calls to vendors.
    pub calls: u64,
    /// Exchanges that were struck.
    pub faults: u64,
    /// How often the orchestrator was killed.
    pub crashes: u64,
    /// Whether the law could not decide.
    pub undecided: bool,
    /// What is wrong.
    pub violations: Vec<Violation>,
    /// What happened.
    pub story: Vec<String>,
}

/// A length of the world's time as it passes.
const fn real(length: Nanos) -> Duration {
    Duration::from_nanos(length.0)
}

impl Trial {
    /// Plays it.
    ///
    /// # Errors
    /// Why it cannot be played: nobody listens, or nothing can be created even in fair weather.
    pub async fn play(mut self) -> Result<Played, String> {
        let suited = Arc::clone(&self.suited);
        let Scenario { fleet, chaos, .. } = &suited.scenario;
        self.world.replace(self.settings());
        let workload = cast::workload(&suited.scenario, self.seed, self.names.as_ref());
        let (plan, judged) = (Arc::clone(&workload.plan), cast::judged(&workload.plan));
        let created = judged.operations[plan.operations.len()..].to_vec();
        let clients = WorkloadClients::new(workload);
        let mut stage = Stage::new(Arc::clone(&self.world), self.facade.clone(), clients, judged, self.patience);
        self.start(&mut stage).await?;
        if fleet.drift {
            System::VENDORS.iter().for_each(|system| drop(self.world.control(*system, &Control::Drift(true))));
        }
        self.seed(&mut stage, &created).await?;
        stage.schedule(furniture(&plan, stage.now()), Nanos::ZERO);
        stage.go_on(None, RealInstant::now() + self.start_within).await?;
        self.world.strike(chaos, WorkloadClients::routes());
        stage.let_crash(chaos.crash);
        stage.begin(Phase::Work);
        let lasts = real(suited.scenario.work_until().since(Instant::ZERO)).min(LONGEST);
        self.let_rest(&mut stage, RealInstant::now() + lasts).await?;
        self.settle(stage, plan.operations.len() as u64).await
    }

    fn settings(&self) -> WorldSettings {
        let scenario = &self.suited.scenario;
        let shipped = Nanos(Policy::SHIPPED.time_out.0);
        // What a busy machine adds must break no assumption: what is late lands a little before the horizon.
        let early = |bound: Nanos| Nanos(bound.0 / 10 * 9);
        let fleet = fleet::Settings { index_lag: early(scenario.fleet.index_lag), ..settings::fleet(scenario) };
        let (horizon, time_out) = (early(scenario.horizon), scenario.policy.time_out.unwrap_or(shipped));
        WorldSettings { fleet, chaos: Chaos::default(), seed: self.seed, horizon, time_out }
    }

    /// Starts the program, where it is ours, and waits until somebody listens. A program that ends before may have found
    /// its port taken by a stranger: it is started once more elsewhere.
    async fn start(&mut self, stage: &mut Stage) -> Result<(), String> {
        let Some(launch) = self.launch.clone() else { return self.await_listener(stage).await };
        stage.put_on(Running::new(Program::start(launch.clone())?, self.seed));
        let first = self.await_listener(stage).await;
        if first.is_ok() || !stage.has_ended() {
            return first;
        }
        let Some(spare) = self.spare.take() else { return first };
        let launch = Launch { listen: spare.authority().to_owned(), ..launch };
        stage.facade = Arc::new(spare);
        stage.put_on(Running::new(Program::start(launch.clone())?, self.seed));
        self.launch = Some(launch);
        self.await_listener(stage).await
    }

    /// Waits until somebody listens.
    async fn await_listener(&self, stage: &mut Stage) -> Result<(), String> {
        let deadline = RealInstant::now() + self.start_within;
        while let Err(error) = stage.facade.connect().await {
            stage.follow()?;
            if RealInstant::now() >= deadline {
                let (at, within, words) = (stage.facade.authority(), self.start_within, stage.last_words());
                return Err(format!("nobody listens at {at} within {within:?}: {error}{words}"));
            }
            sleep(PAUSE).await;
        }
        // Where the program has ended, it is somebody else who listens.
        stage.follow()
    }

    /// Lets the work come to rest: whoever waits until nothing can be late any more does so among faults and crashes, too.
    async fn let_rest(&self, stage: &mut Stage, until: RealInstant) -> Result<(), String> {
        let rest = real(self.suited.rest());
        // Clients are done first. Where nothing was struck until then, nothing can be late.
        stage.go_on(None, until).await?;
        let calm = stage.story.faults == 0 && stage.crashes() == 0;
        stage.go_on(Some(if calm { SHORT } else { rest }), until).await
    }

    /// The world heals, and is looked at until all is as it should be, or never will be.
    async fn settle(&self, mut stage: Stage, operations: u64) -> Result<Played, String> {
        let rest = real(self.suited.rest());
        self.world.heal();
        stage.crash_no_more()?;
        self.await_listener(&mut stage).await?;
        stage.begin(Phase::Heal);
        let until = RealInstant::now() + rest.saturating_mul(RESTS);
        stage.go_on(Some(SHORT), until).await?;
        let healed = RealInstant::now();
        loop {
            let told = stage.story.told();
            let (violations, undecided) = self.look(&mut stage).await?;
            let moved = stage.story.last_call().map_or(healed, |last| last.max(healed));
            let quiet = moved.elapsed() >= rest.saturating_mul(GIVEN_UP);
            if violations.is_empty() || quiet || RealInstant::now() >= until {
                let (calls, faults, crashes) = (stage.story.calls, stage.story.faults, stage.crashes());
                let planned = |id: &u32| stage.clients.workload().plan.place(*id).is_some();
                let acknowledged = stage.story.acknowledged().filter(planned).count() as u64;
                let story = stage.story.lines();
                return Ok(Played { operations, acknowledged, calls, faults, crashes, undecided, violations, story });
            }
            stage.story.back_to(told);
            if let Some(redrive) = &self.redrive {
                program::redrive(redrive, self.launch.as_ref()).await?;
            }
            sleep(SHORT).await;
            stage.go_on(Some(SHORT), until).await?;
        }
    }

    /// Looks at every customer that was ever named, and judges. The world goes on as if nobody had.
    async fn look(&self, stage: &mut Stage) -> Result<(Vec<Violation>, bool), String> {
        let (clients, checkers) = (stage.clients.clone(), stage.checkers.clone());
        stage.begin(Phase::Inspect);
        stage.go_on(None, RealInstant::now() + real(self.patience).saturating_mul(2)).await?;
        let now = stage.now();
        let ending = self.world.look(|fleet, _| EndState::of(fleet, now, true, None));
        let violations = stage.checkers.judge(&ending);
        let undecided = stage.checkers.undecided() > 0;
        (stage.clients, stage.checkers) = (clients, checkers);
        Ok((violations, undecided))
    }
}

/// What stands at the vendors when the work begins, besides who was created: orders, tickets, strangers.
fn furniture(plan: &Plan, at: Instant) -> Vec<ClientAction> {
    let touch = |system, control| ClientAction::Touch { at, system, control };
    let mut actions = Vec::new();
    for (customer, [orders, tickets]) in plan.customers.iter().zip(&plan.children) {
        for (system, count) in [(System::Commerce, *orders), (System::Support, *tickets)] {
            let add = || touch(system, Control::AddChild(customer.cust_no.clone()));
            actions.extend((0..count).map(|_| add()));
        }
    }
    let standing = plan.strangers.iter().filter(|stranger| stranger.comes == Instant::ZERO);
    actions.extend(standing.map(|stranger| touch(stranger.system, Control::Seed(stranger.record.clone()))));
    actions
}
