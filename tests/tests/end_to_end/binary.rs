//! Runs the binary and the example, and hears how they ended.

use std::process::Command;

use sagaproof_tests::binary::built;
pub(crate) use sagaproof_tests::binary::{path, root};

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
