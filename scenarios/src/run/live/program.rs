//! An orchestrator under trial as a program: started for a world of its own, killed at any moment, started again. The one
//! place besides the process protocol that starts programs.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus, Stdio};
use std::time::Duration;

use tokio::time::{Instant as RealInstant, sleep};

use crate::version::foreign::group;

/// A command that redrives may take so long, and is looked after so often.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// So many bytes at the end of what a program wrote are told.
const TOLD: usize = 2_000;

/// How an orchestrator is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program and its arguments; in these `{listen}`, `{port}` and `{dir}` stand for what they are in its world.
    pub command: Vec<String>,
    /// What its environment says besides ours.
    pub environment: Vec<(String, String)>,
    /// Where it listens: host and port.
    pub listen: String,
    /// A folder of its own.
    pub folder: PathBuf,
}

/// A program that runs. Dropped, it is killed.
#[derive(Debug)]
pub(super) struct Program {
    launch: Launch,
    running: Option<process::Child>,
}

impl Launch {
    fn port(&self) -> &str {
        self.listen.rsplit(':').next().unwrap_or_default()
    }

    /// The command as it is in this world.
    fn words(&self) -> Vec<String> {
        let folder = self.folder.to_string_lossy();
        let known = [("{listen}", &*self.listen), ("{port}", self.port()), ("{dir}", &*folder)];
        let filled = |word: &String| known.iter().fold(word.clone(), |word, (name, value)| word.replace(name, value));
        self.command.iter().map(filled).collect()
    }

    /// Where what it writes is kept.
    fn log(&self) -> PathBuf {
        self.folder.join("orchestrator.log")
    }

    /// Starts a program in this environment; what it writes is kept.
    fn spawn(&self, mut command: Command) -> io::Result<process::Child> {
        let log = File::options().create(true).append(true).open(self.log())?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        command.env("SAGAPROOF_LISTEN", &self.listen).env("SAGAPROOF_DIR", &self.folder).env("PORT", self.port());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        group::lead(&mut command);
        command.spawn()
    }

    fn start(&self) -> Result<process::Child, String> {
        let words = self.words();
        let (program, arguments) = words.split_first().ok_or("no command is given")?;
        let mut command = Command::new(program);
        command.args(arguments);
        self.spawn(command).map_err(|error| format!("`{program}` cannot be started: {error}"))
    }
}

impl Program {
    /// Starts it.
    pub(super) fn start(launch: Launch) -> Result<Self, String> {
        let running = Some(launch.start()?);
        Ok(Self { launch, running })
    }

    /// Kills it with all that it started.
    pub(super) fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            group::end(running);
        }
    }

    /// Starts it again where it was killed.
    pub(super) fn restart(&mut self) -> Result<(), String> {
        if self.running.is_none() {
            self.running = Some(self.launch.start()?);
        }
        Ok(())
    }

    /// How it ended, where nobody killed it.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.running.as_mut()?.try_wait().ok().flatten()
    }

    /// The last that it wrote, each line set in.
    pub(super) fn last_words(&self) -> String {
        last_words(&self.launch.log())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Carries out a command, as a shell understands it, in the environment of the program that was launched.
pub(super) async fn redrive(command: &str, launch: Option<&Launch>) -> Result<(), String> {
    let failed = |why: String| format!("the command that redrives failed: {why}");
    let shell = group::shell(command);
    let started = match launch {
        Some(launch) => launch.spawn(shell),
        None => { shell }.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn(),
    };
    let mut started = started.map_err(|error| failed(error.to_string()))?;
    let deadline = RealInstant::now() + PATIENCE;
    loop {
        match started.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                let words = launch.map_or_else(String::new, |launch| last_words(&launch.log()));
                return Err(failed(format!("{status}{words}")));
            }
            Ok(None) if RealInstant::now() < deadline => sleep(POLL).await,
            Ok(None) => {
                group::end(started);
                return Err(failed(format!("it takes longer than {PATIENCE:?}")));
            }
            Err(error) => return Err(failed(error.to_string())),
        }
    }
}

fn last_words(log: &Path) -> String {
    let written = fs::read(log).unwrap_or_default();
    let end = &written[written.len().saturating_sub(TOLD)..];
    String::from_utf8_lossy(end).lines().map(|line| format!("\n  {line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_world_gives_a_program_stands_in_its_arguments() {
        let launch = Launch {
            command: ["hub", "--store", "{dir}/hub.db", "--listen={listen}", "-p{port}"].map(str::to_owned).to_vec(),
            environment: Vec::new(),
            listen: "127.0.0.1:8080".to_owned(),
            folder: PathBuf::from("/w"),
        };
        assert_eq!(launch.words(), ["hub", "--store", "/w/hub.db", "--listen=127.0.0.1:8080", "-p8080"]);
    }

    #[test]
    fn a_program_is_killed_and_started_again_and_its_last_words_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let launch = Launch {
            command: ["sh", "-c", "echo $GREETING from $PORT; exec sleep 60"].map(str::to_owned).to_vec(),
            environment: vec![("GREETING".to_owned(), "hello".to_owned())],
            listen: "127.0.0.1:7".to_owned(),
            folder: folder.path().to_owned(),
        };
        let mut program = Program::start(launch.clone()).unwrap();
        while program.last_words().is_empty() {
            assert_eq!(program.ended(), None);
            std::thread::yield_now();
        }
        program.kill();
        program.restart().unwrap();
        while program.last_words() != "\n  hello from 7\n  hello from 7" {
            std::thread::yield_now();
        }
        assert_eq!(program.ended(), None);
        drop(program);
        let missing = Launch { command: vec!["no-such-program".to_owned()], ..launch };
        assert!(Program::start(missing).unwrap_err().starts_with("`no-such-program` cannot be started: "));
    }
}
