//! The binary and the examples, built by the cargo that runs the tests, so that a clean clone needs no step before.

#![expect(clippy::unwrap_used, reason = "what cannot be built fails the test")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where the binary is.
#[must_use]
pub fn path() -> &'static PathBuf {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| built("bin", "sagaproof"))
}

/// The workspace's root.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Builds a target of this kind and name: where it is. With all tests, so that features are those of a test of the whole
/// workspace, which has built it already; and without what cargo tells of the package under test, for build scripts of
/// others would take that for a change.
///
/// # Panics
/// Where it cannot be built.
#[must_use]
pub fn built(kind: &str, name: &str) -> PathBuf {
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
