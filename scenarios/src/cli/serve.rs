//! `sagaproof serve`: the fleet over real HTTP until a signal ends it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use sagaproof_sim::fleet::{self, System};
use sagaproof_sim::server::{Fleet, Options, WorldSettings};
use tokio::runtime;

use super::signals::Signals;
use super::{Failure, duration, environment, open_files, ready};
use crate::exit::Exit;
use crate::{live, scenario};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    ports: Ports,
    #[command(flatten)]
    world: World,
    /// Lets the vendors speak TLS, with a certificate for localhost and 127.0.0.1 of an authority made for it
    #[arg(long)]
    tls: bool,
    /// Where to write the authority's certificate (default: a file among the temporary ones, which is told)
    #[arg(long, value_name = "PATH", requires = "tls")]
    tls_ca: Option<PathBuf>,
    /// Prints addresses and credentials as lines `NAME=value` that a shell can read, and goes on serving
    #[arg(long)]
    print_env: bool,
    /// Writes the same lines to this file, once every port takes connections and all has been printed
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Ports {
    /// The support desk's port (default: any that is free)
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    support_port: u16,
    /// The shop's port
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    commerce_port: u16,
    /// The identity provider's port
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    identity_port: u16,
    /// The messaging service's port
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    messaging_port: u16,
    /// The control API's port
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(super) control_port: u16,
}

#[derive(Debug, Args)]
struct World {
    /// What faults are drawn from
    #[arg(long, value_name = "S", default_value_t = 0)]
    seed: u64,
    /// What may go wrong: the `chaos` part of a scenario (default: nothing)
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// A request takes effect within so long of leaving, or never: when late ones land
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    horizon: Duration,
    /// How long callers wait for an answer: late is after it, slow just before it
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration::parse)]
    time_out: Duration,
    /// After so long a search shows a write
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration::parse)]
    index_lag: Duration,
    /// How long a vendor's job takes
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration::parse)]
    job_time: Duration,
    /// How long an access token lives
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration::parse)]
    token_life: Duration,
    /// Lifts the vendors' rate limits
    #[arg(long)]
    no_limits: bool,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit, Failure> {
    let world = arguments.world.settings(err)?;
    if let Some(path) = &arguments.ready_file {
        ready::withdraw(path)?;
    }
    open_files::raise_limit();
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Run(format!("the server cannot be started: {error}")))?;
    let ended: Result<Option<PathBuf>, Failure> = runtime.block_on(async {
        let mut signals = Signals::new().map_err(|error| Failure::Run(error.to_string()))?;
        let options = Options {
            world,
            ports: arguments.ports.by_vendor(),
            control_port: arguments.ports.control_port,
            tls: arguments.tls,
            extension: Some(Arc::new(live::Served)),
            ..Options::default()
        };
        let fleet = Fleet::start(options).await.map_err(|error| Failure::Run(error.to_string()))?;
        let authority = arguments.write_authority(&fleet)?;
        announce(arguments, &fleet, authority.as_deref(), out)?;
        signals.wait().await;
        fleet.stop().await;
        Ok(authority)
    });
    if let Some(path) = &arguments.ready_file {
        ready::withdraw(path)?;
    }
    if let Some(authority) = ended? {
        ready::withdraw(&authority)?;
    }
    Ok(Exit::Held)
}

impl Arguments {
    /// Writes the certificate of the fleet's authority: where.
    fn write_authority(&self, fleet: &Fleet) -> Result<Option<PathBuf>, Failure> {
        let Some(pem) = fleet.authority() else { return Ok(None) };
        let own = || std::env::temp_dir().join(format!("sagaproof-ca-{}.pem", std::process::id()));
        let path = self.tls_ca.clone().unwrap_or_else(own);
        ready::say(&path, pem)?;
        Ok(Some(std::path::absolute(&path).unwrap_or(path)))
    }
}

impl Ports {
    pub(super) fn by_vendor(&self) -> [u16; 4] {
        System::VENDORS.map(|system| match system {
            System::Commerce => self.commerce_port,
            System::Support => self.support_port,
            System::Identity => self.identity_port,
            System::Messaging => self.messaging_port,
            System::Hub => 0,
        })
    }
}

impl World {
    fn settings(&self, err: &mut dyn Write) -> Result<WorldSettings, Failure> {
        let chaos = self.rules.as_deref().map(scenario::load_rules).transpose()?.unwrap_or_default();
        for (given, what) in [
            (chaos.crash.at_most > 0, "`crash`"),
            (chaos.disk != Default::default(), "`disk`"),
            (chaos.ties, "`ties`"),
            (chaos.rules.iter().any(|rule| rule.systems.contains(&System::Hub)), "what strikes the `hub`"),
        ] {
            if given {
                writeln!(err, "note: {what} is left out: it is the hub's, and a fleet has none")?;
            }
        }
        let fleet = fleet::Settings {
            index_lag: duration::nanos(self.index_lag),
            job_time: duration::nanos(self.job_time),
            limits: !self.no_limits,
            token_life: duration::nanos(self.token_life),
            ..fleet::Settings::default()
        };
        let (horizon, time_out) = (duration::nanos(self.horizon), duration::nanos(self.time_out));
        Ok(WorldSettings { fleet, chaos, seed: self.seed, horizon, time_out })
    }
}

/// Says where the fleet is; then, and only then, that it is ready.
fn announce(
    arguments: &Arguments,
    fleet: &Fleet,
    authority: Option<&Path>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let lines = environment::lines(fleet, authority);
    if arguments.print_env {
        out.write_all(lines.as_bytes())?;
    } else {
        for system in environment::VENDORS {
            writeln!(out, "{:<10} {}", system.name(), fleet.url(system))?;
        }
        writeln!(out, "{:<10} {}", "control", fleet.control_url())?;
        if let Some(authority) = authority {
            writeln!(out, "{:<10} {}", "trust", authority.display())?;
        }
        writeln!(out, "serving until a signal ends it (Ctrl-C)")?;
    }
    out.flush()?;
    if let Some(path) = &arguments.ready_file {
        ready::say(path, &lines)?;
    }
    Ok(())
}
