//! `sagaproof test`: scenarios over real HTTP against any orchestrator that speaks the facade, started for each world or
//! running already.

mod place;
mod port;

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use regex_lite::Regex;
use sagaproof_sim::fleet::System;
use sagaproof_sim::server::{self, Fleet};
use tokio::runtime;
use tokio::task::JoinSet;

use self::place::{Place, Places};
use super::output::Output;
use super::signals::Signals;
use super::{Failure, duration, environment, open_files, output, progress, ready, select, serve};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::live::{Facade, Served};
use crate::report::github;
use crate::report::tried::{self, Tried};
use crate::run::live::{Names, Played, Suited, Trial};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Where the orchestrator speaks the facade, as http://127.0.0.1:8080; with a command, any free port unless this is said
    #[arg(value_name = "URL")]
    url: Option<String>,
    /// Starts the orchestrator, anew for each world; `{listen}`, `{port}` and `{dir}` in it are its address, its port and a
    /// folder of its own (also in its environment: SAGAPROOF_LISTEN, PORT, SAGAPROOF_DIR)
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
    /// A scenario file, or a folder of them (default: the suites built in)
    #[arg(long = "suite", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only the scenarios in whose names this regular expression is found
    #[arg(long, value_name = "RE")]
    filter: Option<Regex>,
    /// How many worlds of each scenario: the seeds 0 to N-1
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// Plays the one world of this seed of each scenario
    #[arg(long, value_name = "S", conflicts_with = "seeds")]
    seed: Option<u64>,
    /// How many worlds at once, each with an orchestrator of its own (default: 8; one where a URL is said)
    #[arg(long, value_name = "N", conflicts_with = "url")]
    jobs: Option<NonZeroUsize>,
    /// A command that has the orchestrator redrive what it parked; carried out after a world has healed, as often as needed
    #[arg(long, value_name = "COMMAND")]
    redrive: Option<String>,
    /// How long clients wait for an answer before they send again
    #[arg(long, value_name = "TIME", default_value = TIME_OUT, value_parser = patience)]
    time_out: Duration,
    /// How long the orchestrator may take until it listens
    #[arg(long, value_name = "TIME", default_value = START_WITHIN, value_parser = duration::parse)]
    start_within: Duration,
    /// What the customers' numbers begin with, where one orchestrator is in all worlds; another one for a store that has seen these
    #[arg(long, value_name = "TEXT", default_value = MARK, value_parser = mark, conflicts_with = "command")]
    mark: String,
    /// Keeps what orchestrators wrote and left in this folder, a folder a world
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    #[command(flatten)]
    ports: serve::Ports,
    /// Writes the vendors' addresses and credentials to this file, for an orchestrator that runs by itself
    #[arg(long, value_name = "PATH", conflicts_with = "command")]
    ready_file: Option<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Terminal,
    /// One object on one line
    Json,
    /// JUnit's XML, a test case a scenario
    Junit,
}

/// A mark that can stand in a path and in an e-mail.
fn mark(text: &str) -> Result<String, String> {
    let fits = (1..=16).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric());
    if fits { Ok(text.to_owned()) } else { Err("write 1 to 16 letters and digits".to_owned()) }
}

/// How long somebody waits for an answer.
fn patience(text: &str) -> Result<Duration, String> {
    let length = duration::parse(text)?;
    if length.is_zero() { Err("nobody can be answered in no time at all".to_owned()) } else { Ok(length) }
}

/// What holds where nobody says otherwise.
const MARK: &str = "T";
const TIME_OUT: &str = "5s";
const START_WITHIN: &str = "30s";

/// So many worlds are played at once where nobody says otherwise: most of the time they wait.
const JOBS: usize = 8;

/// The worlds to be played, in order.
struct Order {
    suited: Vec<Arc<Suited>>,
    worlds: Vec<(usize, u64)>,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    arguments.check()?;
    let facade = arguments.url.as_deref().map(Facade::at).transpose().map_err(Diagnostic::new)?;
    let mut tried = Tried::new(&arguments.subject());
    let order = arguments.order(&mut tried)?;
    if let Some(path) = &arguments.ready_file {
        ready::withdraw(path)?;
    }
    let output = arguments.output.open()?;
    open_files::raise_limit();
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Run(format!("no fleet can be started: {error}")))?;
    let bar = progress::bar(order.worlds.len() as u64, "worlds");
    let done = || bar.inc(1);
    let played = runtime.block_on(async {
        let mut signals = Signals::new().map_err(|error| Failure::Run(error.to_string()))?;
        tokio::select! {
            played = arguments.play(facade, &order, &mut tried, err, &done) => played,
            () = signals.wait() => Err(Failure::Run("stopped by a signal".to_owned())),
        }
    });
    bar.finish_and_clear();
    if let Some(path) = &arguments.ready_file {
        ready::withdraw(path)?;
    }
    played?;
    output::write(output, out, err, |out| match arguments.format {
        Format::Terminal => tried::terminal(&tried, out),
        Format::Json => tried::json(&tried, out),
        Format::Junit => tried::junit(&tried, out),
    })?;
    if github::listens() {
        github::write(&tried.cases(), err)?;
    }
    if let Some(why) = tried.unproven() {
        out.flush()?;
        return Err(Failure::Run(why));
    }
    Ok(tried.verdict().into())
}

impl Arguments {
    /// Refuses what cannot be meant.
    fn check(&self) -> Result<(), Failure> {
        if self.url.is_none() && self.command.is_empty() {
            let nobody = "no orchestrator is named: say `sagaproof test <URL>` or `sagaproof test -- <COMMAND>`";
            let fix = "name the address of one that runs, or behind `--` a command that starts one for each world";
            return Err(Diagnostic::new(nobody).fix(fix).into());
        }
        if !self.command.is_empty() && self.said_ports().next().is_some() {
            let ports = "the vendors' ports cannot be chosen where an orchestrator is started for each world";
            let fix = "leave out `--support-port` and its like; the command's environment says where the vendors are";
            return Err(Diagnostic::new(ports).fix(fix).into());
        }
        Ok(())
    }

    /// The ports that were said, each with its flag.
    fn said_ports(&self) -> impl Iterator<Item = (String, u16)> {
        let vendors = System::VENDORS.into_iter().zip(self.ports.by_vendor());
        let vendors = vendors.map(|(system, port)| (format!("--{}-port", system.name()), port));
        let control = ("--control-port".to_owned(), self.ports.control_port);
        vendors.chain([control]).filter(|(_, port)| *port > 0)
    }

    /// What is tried, as reports name it.
    fn subject(&self) -> String {
        let command = (!self.command.is_empty()).then(|| self.command.join(" "));
        command.or_else(|| self.url.clone()).unwrap_or_default()
    }

    /// Which worlds there are; what of the scenarios cannot be had is told.
    fn order(&self, tried: &mut Tried) -> Result<Order, Failure> {
        let scenarios = select::scenarios(&self.paths, self.filter.as_ref())?;
        let mut order = Order { suited: Vec::new(), worlds: Vec::new() };
        for scenario in &scenarios {
            match Suited::of(scenario, !self.command.is_empty()) {
                Ok(suited) => {
                    let seeds = self.seed.map_or(0..self.seeds, |seed| seed..seed.saturating_add(1));
                    order.worlds.extend(seeds.map(|seed| (order.suited.len(), seed)));
                    tried.row(scenario, &suited.without);
                    order.suited.push(Arc::new(suited));
                }
                Err(why) => tried.leave_out(&scenario.name, why),
            }
        }
        if order.worlds.is_empty() {
            let none = Diagnostic::new("none of these scenarios can be played over real HTTP");
            return Err(none.fix("choose others; `sagaproof run` plays all of them in simulation").into());
        }
        Ok(order)
    }

    async fn play(
        &self,
        facade: Option<Facade>,
        order: &Order,
        tried: &mut Tried,
        err: &mut dyn Write,
        done: &dyn Fn(),
    ) -> Result<(), Failure> {
        match facade {
            Some(facade) if self.command.is_empty() => self.one(&facade, order, tried, err, done).await,
            facade => self.many(facade, order, tried, done).await,
        }
    }

    /// One orchestrator, which runs already or soon will, in one world after the other.
    async fn one(
        &self,
        facade: &Facade,
        order: &Order,
        tried: &mut Tried,
        err: &mut dyn Write,
        done: &dyn Fn(),
    ) -> Result<(), Failure> {
        let fleet = self.fleet(self.ports.by_vendor(), self.ports.control_port).await?;
        let lines = environment::lines(&fleet, None);
        let url = self.url.as_deref().unwrap_or_default();
        writeln!(err, "The vendors are there; an orchestrator at {url} is waited for. Its environment:\n{lines}")?;
        if let Some(path) = &self.ready_file {
            ready::say(path, &lines)?;
        }
        for (number, (place, seed)) in (1_u32..).zip(&order.worlds) {
            let names = Names::of(&self.mark, number);
            let suited = Arc::clone(&order.suited[*place]);
            let trial = Trial { names: Some(names), ..self.trial(suited, *seed, &fleet, facade.clone()) };
            self.note(tried, *place, *seed, trial.play().await)?;
            done();
        }
        fleet.stop().await;
        Ok(())
    }

    /// An orchestrator for each world.
    async fn many(
        &self,
        facade: Option<Facade>,
        order: &Order,
        tried: &mut Tried,
        done: &dyn Fn(),
    ) -> Result<(), Failure> {
        let jobs = if facade.is_some() { 1 } else { self.jobs.map_or(JOBS, NonZeroUsize::get) };
        let mut places = Places::new(facade, self.keep.as_deref())?;
        let mut ahead = order.worlds.iter();
        let mut playing: JoinSet<(usize, u64, Result<Played, String>)> = JoinSet::new();
        loop {
            while playing.len() < jobs
                && let Some((place, seed)) = ahead.next()
            {
                let suited = Arc::clone(&order.suited[*place]);
                let fleet = self.fleet([0; 4], 0).await?;
                let at = places.launch(&self.command, &suited.scenario.name, *seed, &fleet)?;
                let Place { facade, launch, spare, ports } = at;
                let trial = Trial { launch: Some(launch), spare, ..self.trial(suited, *seed, &fleet, facade) };
                let (place, seed) = (*place, *seed);
                playing.spawn(async move {
                    let played = trial.play().await;
                    drop((fleet, ports));
                    (place, seed, played)
                });
            }
            match playing.join_next().await {
                Some(Ok((place, seed, played))) => self.note(tried, place, seed, played)?,
                Some(Err(error)) => return Err(Failure::Run(format!("a world could not be played: {error}"))),
                None => return Ok(()),
            }
            done();
        }
    }

    async fn fleet(&self, ports: server::Ports, control_port: u16) -> Result<Fleet, Failure> {
        let extension: Arc<dyn server::Extension> = Arc::new(Served);
        let options = server::Options { ports, control_port, extension: Some(extension), ..Default::default() };
        Fleet::start(options).await.map_err(|error| Failure::Run(error.to_string()))
    }

    fn trial(&self, suited: Arc<Suited>, seed: u64, fleet: &Fleet, facade: Facade) -> Trial {
        Trial {
            suited,
            seed,
            world: fleet.default_world(),
            facade,
            launch: None,
            spare: None,
            names: None,
            redrive: self.redrive.clone(),
            patience: duration::nanos(self.time_out),
            start_within: self.start_within,
        }
    }

    /// Takes down how a world went.
    fn note(&self, tried: &mut Tried, place: usize, seed: u64, played: Result<Played, String>) -> Result<(), Failure> {
        let name = tried.name(place).to_owned();
        let played = played.map_err(|why| Failure::Run(format!("{why}\n  in the world of seed {seed} of {name}")))?;
        tried.note(place, seed, played, &self.again(&name, seed));
        Ok(())
    }

    /// The command that plays a world again.
    fn again(&self, name: &str, seed: u64) -> String {
        let mut words = vec!["sagaproof".to_owned(), "test".to_owned()];
        words.extend(self.url.clone());
        words.extend(self.paths.iter().flat_map(|path| ["--suite".to_owned(), path.to_string_lossy().into_owned()]));
        words.extend(["--filter".to_owned(), format!("^{name}$"), "--seed".to_owned(), seed.to_string()]);
        words.extend(self.redrive.iter().flat_map(|redrive| ["--redrive".to_owned(), redrive.clone()]));
        words.extend(self.said());
        if !self.command.is_empty() {
            words.push("--".to_owned());
            words.extend(self.command.iter().cloned());
        }
        words.iter().map(|word| environment::quoted(word)).collect::<Vec<_>>().join(" ")
    }

    /// What else was said that a world depends on.
    fn said(&self) -> Vec<String> {
        let mut said = Vec::new();
        let mut say = |flag: &str, value: String| said.extend([flag.to_owned(), value]);
        if self.mark != MARK {
            say("--mark", self.mark.clone());
        }
        for (flag, length, otherwise) in
            [("--time-out", self.time_out, TIME_OUT), ("--start-within", self.start_within, START_WITHIN)]
        {
            if duration::parse(otherwise) != Ok(length) {
                say(flag, format!("{}ms", length.as_millis()));
            }
        }
        for (flag, port) in self.said_ports() {
            say(&flag, port.to_string());
        }
        if let Some(path) = &self.ready_file {
            say("--ready-file", path.to_string_lossy().into_owned());
        }
        said
    }
}
