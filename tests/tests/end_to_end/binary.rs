//! Builds the binary and the example once, and runs them.

use std::env;
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
    ended(&mut Command::new(built("example", "own_orchestrator")))
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
    PATH.get_or_init(|| built("bin", "sagaproof"))
}

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Builds a target by the cargo that runs the tests, so that a clean clone needs no step before: where it is. With all
/// tests, so that features are those of a test of the whole workspace, which has built it already; and without what cargo
/// tells of the package under test, for build scripts of others would take that for a change.
fn built(kind: &str, name: &str) -> PathBuf {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--workspace", "--tests", "--message-format", "json"]);
    build.args([&format!("--{kind}"), name]).current_dir(root());
    let told = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    env::vars_os().filter(|(name, _)| name.to_str().is_some_and(told)).for_each(|(name, _)| {
        build.env_remove(name);
    });
    let output = build.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let executable = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let target = &message["target"];
        let wanted = target["name"] == name && target["kind"][0] == kind && message["profile"]["test"] == false;
        message["executable"].as_str().filter(|_| wanted).map(PathBuf::from)
    };
    messages.lines().find_map(executable).unwrap()
}
