//! A world over real HTTP as it is played: clients act when their time comes, what the vendors see is followed, the
//! program crashes where it is drawn, and the checkers are told. What a phase means stands with the trial.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sagaproof_sim::chaos::point::mix;
use sagaproof_sim::chaos::rule::CrashRule;
use sagaproof_sim::client::{ClientAction, Clients};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::Control;
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::server::World;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{Instant as RealInstant, sleep_until};

use super::exchange::{Exchange, Heard};
use super::program::Program;
use super::real;
use super::story::Story;
use crate::check::Checkers;
use crate::live::Facade;
use crate::operation::Plan;
use crate::workload::WorkloadClients;

/// What is on its stage.
pub(super) struct Stage {
    pub(super) world: Arc<World>,
    pub(super) facade: Arc<Facade>,
    pub(super) clients: WorkloadClients,
    pub(super) checkers: Checkers,
    pub(super) story: Story,
    /// How long clients wait for an answer, however long their workload has them wait.
    pub(super) patience: Nanos,
    program: Option<Running>,
    began: RealInstant,
    /// What is to be done, in order of time and of being asked for.
    ahead: BTreeMap<(Instant, u64), ClientAction>,
    /// How many actions there were, and so how many exchanges at most.
    acted: u64,
    /// How many clients wait for an answer.
    waiting: usize,
    told: UnboundedSender<Heard>,
    hears: UnboundedReceiver<Heard>,
    exchanges: JoinSet<()>,
}

/// The program under trial, and when it crashes.
pub(super) struct Running {
    program: Program,
    crash: CrashRule,
    seed: u64,
    crashes: u32,
    /// How much was seen that it may crash after.
    seen: u64,
    /// When it starts again.
    again: Option<RealInstant>,
}

/// Sets the draws of crashes apart from a seed's others.
const CRASH: u64 = 0x6c69_7665_0000_0001;

impl Running {
    pub(super) fn new(program: Program, seed: u64) -> Self {
        Self { program, crash: CrashRule::default(), seed, crashes: 0, seen: 0, again: None }
    }

    /// Something was seen: the program may crash now. Whether it did.
    fn may_crash(&mut self) -> bool {
        self.seen += 1;
        let drawn = mix(mix(self.seed ^ CRASH) ^ self.seen) as u32;
        let crashes = self.crashes < self.crash.at_most && self.again.is_none() && drawn < self.crash.odds.0;
        if crashes {
            self.crash();
        }
        crashes
    }

    fn crash(&mut self) {
        self.crashes += 1;
        self.program.kill();
        self.again = Some(RealInstant::now() + real(self.crash.restart_after));
    }
}

/// Whether a client only asks how far its job is: nobody waits for that, for it may go on until an operator redrives.
fn is_poll(action: &ClientAction) -> bool {
    let ClientAction::Ask { route, .. } = action else { return false };
    WorkloadClients::routes().get(usize::from(route.0)) == Some(&"job")
}

impl Stage {
    pub(super) fn new(
        world: Arc<World>,
        facade: Facade,
        clients: WorkloadClients,
        judged: Plan,
        patience: Nanos,
    ) -> Self {
        let (told, hears) = unbounded_channel();
        let (time, _) = world.time();
        Self {
            story: Story::beginning(&world),
            began: RealInstant::now() - real(time.since(Instant::ZERO)),
            world,
            facade: Arc::new(facade),
            clients,
            checkers: Checkers::new(Arc::new(judged)),
            patience,
            program: None,
            ahead: BTreeMap::new(),
            acted: 0,
            waiting: 0,
            told,
            hears,
            exchanges: JoinSet::new(),
        }
    }

    /// The time of the world.
    pub(super) fn now(&self) -> Instant {
        Instant(u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    /// What the program wrote last.
    pub(super) fn last_words(&self) -> String {
        self.program.as_ref().map_or_else(String::new, |running| running.program.last_words())
    }

    /// How often the program was killed.
    pub(super) fn crashes(&self) -> u64 {
        self.program.as_ref().map_or(0, |running| u64::from(running.crashes))
    }

    /// Whether the program ended, and nobody killed it.
    pub(super) fn has_ended(&mut self) -> bool {
        self.program.as_mut().is_some_and(|running| running.program.ended().is_some())
    }

    /// From now on it may crash.
    pub(super) const fn let_crash(&mut self, crash: CrashRule) {
        if let Some(running) = &mut self.program {
            running.crash = crash;
        }
    }

    pub(super) fn put_on(&mut self, program: Running) {
        self.program = Some(program);
    }

    /// From now on no more crashes; a program that is down starts at once.
    pub(super) fn crash_no_more(&mut self) -> Result<(), String> {
        let Some(running) = &mut self.program else { return Ok(()) };
        running.crash = CrashRule::default();
        running.again = None;
        running.program.restart()
    }

    /// A phase begins: the clients act in it.
    pub(super) fn begin(&mut self, phase: Phase) {
        let now = self.now();
        self.see(&Observation::Phase(phase));
        let mut actions = Vec::new();
        self.clients.on_phase(now, phase, &mut actions);
        // What a workload does when the work begins has the times of a world that begins with it.
        let from = if phase == Phase::Work { now.since(Instant::ZERO) } else { Nanos::ZERO };
        self.schedule(actions, from);
    }

    /// Adds what is to be done, so much later than it says.
    pub(super) fn schedule(&mut self, actions: Vec<ClientAction>, later: Nanos) {
        for action in actions {
            let (ClientAction::Ask { at, .. } | ClientAction::Touch { at, .. }) = &action;
            self.acted += 1;
            self.ahead.insert((*at + later, self.acted), action);
        }
    }

    /// Goes on until the clients have nothing more to do, but to ask for jobs, and nothing to wait for and, where a rest is asked for, nothing has
    /// come to the vendors for so long and nothing that clients sent is on its way; or this moment has come.
    pub(super) async fn go_on(&mut self, rest: Option<Duration>, until: RealInstant) -> Result<(), String> {
        loop {
            self.act();
            self.follow()?;
            let rested = rest.map(|rest| {
                let last = self.story.last_call().map_or(self.began, |last| last.max(self.began));
                last + rest
            });
            let now = RealInstant::now();
            let idle = self.waiting == 0 && self.ahead.values().all(is_poll);
            let all_told = rested.is_none_or(|rested| self.exchanges.is_empty() && now >= rested);
            if now >= until || idle && all_told {
                return Ok(());
            }
            let next = self.ahead.first_key_value().map(|((at, _), _)| self.began + real(at.since(Instant::ZERO)));
            let again = self.program.as_ref().and_then(|running| running.again);
            let rested = rested.filter(|rested| *rested > now);
            let wake = [next, again, rested].into_iter().flatten().fold(until, RealInstant::min);
            tokio::select! {
                Some(heard) = self.hears.recv() => self.hear(heard),
                Some(_) = self.exchanges.join_next() => {}
                () = self.world.seen_more(self.story.last_seen()) => {}
                () = sleep_until(wake) => {}
            }
        }
    }

    /// Does what is due.
    fn act(&mut self) {
        let now = self.now();
        while let Some(entry) = self.ahead.first_entry().filter(|entry| entry.key().0 <= now) {
            match entry.remove() {
                ClientAction::Ask { operation, route, request, time_out, .. } => {
                    let time_out = time_out.min(self.patience);
                    let asking = self.world.ask(operation, route, time_out);
                    let number = self.acted * 2;
                    self.acted += 1;
                    let (fate, point) = (asking.fate, asking.point);
                    self.see(&Observation::Asked { operation, exchange: number, request: &request, fate, point });
                    self.waiting += 1;
                    let exchange = Exchange { operation, number, request, asking, time_out };
                    self.exchanges.spawn(exchange.carry_out(Arc::clone(&self.facade), self.told.clone()));
                    self.may_crash();
                }
                ClientAction::Touch { system, control, .. } => {
                    let added = self.world.control(system, &control);
                    if let Control::AddChild(cust_no) = &control {
                        self.see(&Observation::ChildAdded { system, cust_no, id: added.as_deref() });
                    }
                }
            }
        }
    }

    fn see(&mut self, observation: &Observation<'_>) {
        let now = self.now();
        self.checkers.see(now, observation);
        self.story.see(now, observation);
    }

    fn hear(&mut self, heard: Heard) {
        match heard {
            // The law knows an exchange by its operation.
            Heard::TakenIn { exchange } => self.see(&Observation::TakenIn { operation: 0, exchange }),
            Heard::Told { operation, exchange, answer } => {
                self.waiting = self.waiting.saturating_sub(1);
                self.see(&Observation::Told { operation, exchange, answer: &answer });
                let (now, mut actions) = (self.now(), Vec::new());
                self.clients.on_answer(now, operation, exchange, &answer, &mut actions);
                self.schedule(actions, Nanos::ZERO);
            }
        }
    }

    /// Takes notice of what the vendors saw, and of the program.
    pub(super) fn follow(&mut self) -> Result<(), String> {
        while let Ok(heard) = self.hears.try_recv() {
            self.hear(heard);
        }
        for _ in 0..self.story.follow(&self.world) {
            self.may_crash();
        }
        let now = self.now();
        let Some(running) = &mut self.program else { return Ok(()) };
        if running.again.is_some_and(|at| RealInstant::now() >= at) {
            running.again = None;
            running.program.restart()?;
            self.story.tell(now, "the orchestrator starts again");
        }
        match running.program.ended() {
            Some(status) => {
                let words = running.program.last_words();
                Err(format!("the orchestrator ended by itself ({status}); it last wrote:{words}"))
            }
            None => Ok(()),
        }
    }

    fn may_crash(&mut self) {
        let now = self.now();
        if self.program.as_mut().is_some_and(Running::may_crash) {
            self.story.tell(now, "the orchestrator is killed");
        }
    }
}
