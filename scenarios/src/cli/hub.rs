//! `sagaproof hub`: the orchestrator over real HTTP, its sagas durable in a file, until a signal ends it.

pub(super) mod told;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use sagaproof_orchestrator::connector::connectors;
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::driver::{ANY, Base, Hub, Limits, Operator, Options, Trust};
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::store::sqlite::Sqlite;
use sagaproof_orchestrator::time::Nanos;
use tokio::runtime;

use super::signals::Signals;
use super::{Failure, open_files, ready};
use crate::diagnostic::Diagnostic;
use crate::exit::Exit;
use crate::scenario::{self, HubSettings};
use crate::version::hub::overridden;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file that its sagas and customers are kept in; made where there is none
    #[arg(long, value_name = "PATH")]
    store: PathBuf,
    #[command(flatten)]
    vendors: Vendors,
    /// Where clients are served (port 0: any that is free)
    #[arg(long, value_name = "ADDRESS", default_value_t = ANY)]
    listen: SocketAddr,
    /// Where operators are served, where SAGAPROOF_OPERATOR_TOKEN is set
    #[arg(long, value_name = "ADDRESS", default_value_t = ANY)]
    operator_listen: SocketAddr,
    /// How patient it is, and what it may rely on: docs/scenario-format.md, under hub files
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Prints its addresses as lines `NAME=value` that a shell can read, and goes on serving
    #[arg(long)]
    print_env: bool,
    /// Writes the same lines to this file, once its ports take connections and all has been printed
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
}

/// Where the vendors are. What no flag says is read from the environment, as `sagaproof serve --print-env` prints it.
#[derive(Debug, Args)]
struct Vendors {
    /// The shop's address (default: SAGAPROOF_COMMERCE_URL)
    #[arg(long, value_name = "URL")]
    commerce: Option<Base>,
    /// The support desk's address (default: SAGAPROOF_SUPPORT_URL)
    #[arg(long, value_name = "URL")]
    support: Option<Base>,
    /// The identity provider's address (default: SAGAPROOF_IDENTITY_URL)
    #[arg(long, value_name = "URL")]
    identity: Option<Base>,
    /// The messaging service's address (default: SAGAPROOF_MESSAGING_URL)
    #[arg(long, value_name = "URL")]
    messaging: Option<Base>,
    /// An authority to believe besides the system's, where vendors are called by https: a PEM file (default:
    /// SAGAPROOF_TLS_CA)
    #[arg(long, value_name = "PATH")]
    tls_ca: Option<PathBuf>,
}

/// Carries it out.
pub(super) fn execute(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Failure> {
    let told = arguments.config.as_deref().map(scenario::load_hub).transpose()?.unwrap_or_default();
    let vendors = arguments.vendors.bases()?;
    let trust = arguments.vendors.trust(&vendors)?;
    let connectors = connectors(&told::credentials()?);
    let operator = told::optional("OPERATOR_TOKEN")?;
    if let Some(path) = &arguments.ready_file {
        ready::withdraw(path)?;
    }
    let store = Sqlite::open(&arguments.store).map_err(|error| Failure::Run(error.to_string()))?;
    open_files::raise_limit();
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Run(format!("the hub cannot be started: {error}")))?;
    let options = Options {
        engine: Engine { policy: policy(&told), connectors, definitions: Definitions::SHIPPED },
        vendors,
        trust,
        address: arguments.listen,
        operator: operator.map(|token| Operator { address: arguments.operator_listen, token }),
        log: Box::new(io::stderr()),
        limits: Limits::default(),
    };
    let ended = runtime.block_on(async {
        let mut signals = Signals::new().map_err(|error| Failure::Run(error.to_string()))?;
        let hub = Hub::start(options, Box::new(store)).await.map_err(|error| Failure::Run(error.to_string()))?;
        announce(arguments, &hub, out)?;
        let served = hub.serve_until(signals.wait()).await;
        served.map(|()| Exit::Held).map_err(|broken| Failure::Run(broken.to_string()))
    });
    if let Some(path) = &arguments.ready_file {
        ready::withdraw(path)?;
    }
    ended
}

impl Vendors {
    /// Whom to believe who the vendors are; nobody where none is called by TLS.
    fn trust(&self, vendors: &[Base]) -> Result<Option<Trust>, Failure> {
        if !vendors.iter().any(Base::is_secure) {
            return Ok(None);
        }
        let authority = match &self.tls_ca {
            Some(path) => Some(path.clone()),
            None => told::optional("TLS_CA")?.map(PathBuf::from),
        };
        let fix = "name a PEM file with --tls-ca, such as `sagaproof serve --tls` writes";
        let trust = Trust::new(authority.as_deref());
        trust.map(Some).map_err(|error| Diagnostic::new(error.to_string()).fix(fix).into())
    }

    fn bases(&self) -> Result<[Base; 4], Failure> {
        Ok([
            told::base(self.commerce.as_ref(), "commerce")?,
            told::base(self.support.as_ref(), "support")?,
            told::base(self.identity.as_ref(), "identity")?,
            told::base(self.messaging.as_ref(), "messaging")?,
        ])
    }
}

/// The shipped policy, as the file has it.
fn policy(told: &HubSettings) -> Policy {
    let policy = overridden(Policy::SHIPPED, &told.policy);
    let nanos = |value: Option<sagaproof_sim::clock::Nanos>, shipped| value.map_or(shipped, |nanos| Nanos(nanos.0));
    Policy {
        horizon: nanos(told.horizon, policy.horizon),
        index_lag: nanos(told.index_lag, policy.index_lag),
        job_time: nanos(told.job_time, policy.job_time),
        leave_within: nanos(told.leave_within, policy.leave_within),
        breaker_open: nanos(told.breaker_open, policy.breaker_open),
        concurrency: told.concurrency.map_or(policy.concurrency, |calls| calls as usize),
        ..policy
    }
}

/// Says where the hub is; then, and only then, that it is ready.
fn announce(arguments: &Arguments, hub: &Hub, out: &mut dyn Write) -> Result<(), Failure> {
    let mut lines = format!("SAGAPROOF_HUB_URL={}\n", hub.url());
    if let Some(url) = hub.operator_url() {
        lines += &format!("SAGAPROOF_OPERATOR_URL={url}\n");
    }
    if arguments.print_env {
        out.write_all(lines.as_bytes())?;
    } else {
        writeln!(out, "hub        {}", hub.url())?;
        let none = || format!("none: {}OPERATOR_TOKEN is not set", told::PREFIX);
        writeln!(out, "operator   {}", hub.operator_url().unwrap_or_else(none))?;
        writeln!(out, "serving until a signal ends it (Ctrl-C)")?;
    }
    out.flush()?;
    arguments.ready_file.as_deref().map_or(Ok(()), |path| ready::say(path, &lines))
}
