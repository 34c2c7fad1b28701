//! Policy files: the `policy:` part of a scenario in a file of its own, so that the shipped hub can be judged under
//! another policy. What the settings mean stands with the scenario's.

use std::path::Path;

use super::PolicyOverrides;
use super::load::text;
use super::parse::parse;
use super::raw::RawPolicyFile;
use super::read::Reader;
use crate::diagnostic::{Diagnostic, Source};

/// How to begin such a file.
const BEGIN: &str = "write `policy:` and under it settings, as in a scenario: `attempts: 8`";

/// The policy in this file.
///
/// # Errors
/// Where the file cannot be read, or is not right.
pub fn load_policy(path: &Path) -> Result<PolicyOverrides, Diagnostic> {
    let text = text(path)?;
    policy(&Source::new(&path.to_string_lossy(), &text))
}

fn policy(source: &Source) -> Result<PolicyOverrides, Diagnostic> {
    let raw: RawPolicyFile = parse(source, BEGIN)?;
    let reader = Reader::new(source);
    reader.present(&raw.policy, "policy").map_err(|missing| missing.fix(BEGIN))?;
    Ok(reader.section(&raw.policy, "policy", PolicyOverrides::read_judged)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::clock::Nanos;

    use super::*;

    fn read(text: &str) -> Result<PolicyOverrides, String> {
        policy(&Source::new("patient.yaml", text)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_policy_is_read_as_in_a_scenario() {
        let policy = read("policy:\n  attempts: 8\n  backoff_base: 50ms\n").unwrap();
        assert_eq!((policy.attempts, policy.backoff_base), (Some(8), Some(Nanos::millis(50))));
        assert_eq!(policy.time_out, None);
    }

    #[test]
    fn what_is_wrong_with_a_policy_file_is_told_with_its_place() {
        for (text, told) in [
            ("policy:\n  atempts: 8\n", "help: did you mean `attempts`?"),
            ("attempts: 8\n", "unknown field `attempts`"),
            ("policy: {attempts: 0}\n", "patient.yaml:1:20"),
            ("policy: {backoff_base: 2s, backoff_cap: 1s}\n", "`policy.backoff_cap` is less than `backoff_base`"),
            ("policy: {backoff_base: 5s}\n", "`policy.backoff_base`: `5s` is longer than the longest backoff"),
            ("policy: {backoff_base: 1ms}\n", "help: write at least `7ms`"),
            ("{}", "write `policy:`"),
            ("", "write `policy:`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(told), "{text:?}: {error}");
        }
    }
}
