//! Where the orchestrators of a trial are: a port and a folder for each, and what their environment says. How trials
//! share out ports is `port`'s.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use sagaproof_sim::server::Fleet;

use super::port::Port;
use crate::cli::{Failure, environment};
use crate::diagnostic::Diagnostic;
use crate::live::Facade;
use crate::run::live::Launch;

/// Ports are looked for from here on, below those that systems give away by themselves: none is taken by somebody else
/// between its being found free and its being listened on.
const PORTS_FROM: u16 = 20_000;
const PORTS_UNTIL: u16 = 32_000;

/// The place of one orchestrator.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) facade: Facade,
    pub(super) launch: Launch,
    /// Where it is started once more, if it ends before it listens: its port may have been a stranger's.
    pub(super) spare: Option<Facade>,
    /// No other trial takes them while they are here.
    pub(super) ports: Vec<Port>,
}

/// The places of a trial.
#[derive(Debug)]
pub(super) struct Places {
    /// Where all of them listen, one after another.
    facade: Option<Facade>,
    folder: PathBuf,
    /// Whether what is in the folder stays.
    kept: bool,
    next_port: u16,
}

impl Places {
    /// Places at this address, or at any; with folders in this one, or among the temporary ones.
    pub(super) fn new(facade: Option<Facade>, keep: Option<&Path>) -> Result<Self, Failure> {
        let own = || std::env::temp_dir().join(format!("sagaproof-test-{}", std::process::id()));
        let folder = keep.map_or_else(own, Path::to_owned);
        fs::create_dir_all(&folder).map_err(|error| unmakeable(&folder, &error))?;
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        // Two trials at once look from different places on.
        let next_port = PORTS_FROM + (std::process::id() % 1_000) as u16 * 12;
        Ok(Self { facade, folder, kept: keep.is_some(), next_port })
    }

    /// How the orchestrator of this world is started, and where it is then.
    pub(super) fn launch(
        &mut self,
        command: &[String],
        scenario: &str,
        seed: u64,
        fleet: &Fleet,
    ) -> Result<Place, Failure> {
        let at = |port: &Port| Facade::of((Ipv4Addr::LOCALHOST, port.number).into());
        let (facade, spare, ports) = match &self.facade {
            Some(facade) => (facade.clone(), None, Vec::new()),
            None => {
                let [port, spare] = [self.port()?, self.port()?];
                (at(&port), Some(at(&spare)), vec![port, spare])
            }
        };
        let folder = self.folder.join(format!("{scenario}-{seed}"));
        // What an earlier trial left there is none of this world's.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| unmakeable(&folder, &error))?;
        let environment = environment::named(fleet);
        let listen = facade.authority().to_owned();
        let launch = Launch { command: command.to_vec(), environment, listen, folder };
        Ok(Place { facade, launch, spare, ports })
    }

    fn port(&mut self) -> Result<Port, Failure> {
        for _ in PORTS_FROM..PORTS_UNTIL {
            let number = self.next_port;
            self.next_port = if number + 1 < PORTS_UNTIL { number + 1 } else { PORTS_FROM };
            if let Some(port) = Port::take(number) {
                return Ok(port);
            }
        }
        let locks = std::env::temp_dir();
        let none = "no port of the loopback is free for an orchestrator, or none can be locked by a file in";
        Err(Failure::Run(format!("{none} {}", locks.display())))
    }
}

impl Drop for Places {
    fn drop(&mut self) {
        if !self.kept {
            // Nobody looks for what may be left.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn unmakeable(folder: &Path, error: &std::io::Error) -> Failure {
    let message = format!("{}: no folder can be made there: {error}", folder.display());
    Diagnostic::new(message).fix("name another one with --keep").into()
}
