//! Builds the binary and the example once, and runs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// How a command line ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    /// The one JSON object on its standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        let mut lines = self.out.split_inclusive('\n');
        let line = lines.next().unwrap();
        assert_eq!(lines.next(), None, "one line");
        assert!(line.ends_with('\n'));
        serde_json::from_str(line).unwrap()
    }
}

/// Runs a command line, given as words after `sagaproof`.
pub(crate) fn sagaproof(words: &[&str]) -> Ended {
    ended(Command::new(path()).args(words).env_remove("GITHUB_ACTIONS"))
}

/// Runs a command line as GitHub's runner would.
pub(crate) fn sagaproof_on_github(words: &[&str]) -> Ended {
    ended(Command::new(path()).args(words).env("GITHUB_ACTIONS", "true"))
}

/// Runs the example of an orchestrator in Rust.
pub(crate) fn own_orchestrator() -> Ended {
    ended(&mut Command::new(built(&["--example", "own_orchestrator"])))
}

/// Runs a command to its end.
pub(crate) fn ended(command: &mut Command) -> Ended {
    let output = command.output().unwrap();
    Ended {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Where the binary is.
pub(crate) fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| built(&["--bin", "sagaproof"]))
}

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Builds a target by the cargo that runs the tests, so that a clean clone needs no step before: where it is.
fn built(target: &[&str]) -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--package", "sagaproof", "--message-format", "json"]).args(target);
    let output = build.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let executable = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    };
    messages.lines().filter_map(executable).next_back().unwrap()
}
