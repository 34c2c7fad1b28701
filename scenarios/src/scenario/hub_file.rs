//! Hub files: what a hub that runs over real HTTP may rely on, and how patient it is. Its policy is written as a
//! scenario's; what nothing is said of is as the hub ships.

use std::path::Path;

use sagaproof_sim::clock::Nanos;

use super::PolicyOverrides;
use super::load::text;
use super::parse::parse;
use super::raw::RawHubFile;
use super::read::Reader;
use super::{count, duration};
use crate::diagnostic::{Diagnostic, Source};

/// How to begin such a file.
const BEGIN: &str = "write `policy:` and under it settings, as in a scenario, or `horizon: 5s`";

/// What a hub file says; `None` leaves what the hub ships with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HubSettings {
    /// D: a request takes effect within it or never.
    pub horizon: Option<Nanos>,
    /// S: a search shows every write within it.
    pub index_lag: Option<Nanos>,
    /// J: a vendor's job ends within it.
    pub job_time: Option<Nanos>,
    /// G: a call leaves within it or not at all.
    pub leave_within: Option<Nanos>,
    /// How long an open breaker stays open.
    pub breaker_open: Option<Nanos>,
    /// Calls in flight at one vendor at most.
    pub concurrency: Option<u32>,
    /// How patient the hub is.
    pub policy: PolicyOverrides,
}

/// What this file says.
///
/// # Errors
/// Where the file cannot be read, or is not right.
pub fn load_hub(path: &Path) -> Result<HubSettings, Diagnostic> {
    let text = text(path)?;
    settings(&Source::new(&path.to_string_lossy(), &text))
}

fn settings(source: &Source) -> Result<HubSettings, Diagnostic> {
    let raw: RawHubFile = parse(source, BEGIN)?;
    let reader = Reader::new(source);
    Ok(HubSettings {
        horizon: reader.optional(&raw.horizon, "horizon", duration::positive)?,
        index_lag: reader.optional(&raw.index_lag, "index_lag", duration::parse)?,
        job_time: reader.optional(&raw.job_time, "job_time", duration::positive)?,
        leave_within: reader.optional(&raw.leave_within, "leave_within", duration::positive)?,
        breaker_open: reader.optional(&raw.breaker_open, "breaker_open", duration::positive)?,
        concurrency: reader.optional(&raw.concurrency, "concurrency", count::positive)?,
        policy: reader.section(&raw.policy, "policy", PolicyOverrides::read)?.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<HubSettings, String> {
        settings(&Source::new("hub.yaml", text)).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_said_is_read_and_the_rest_is_left_as_it_ships() {
        let told = read("horizon: 40ms\nconcurrency: 8\npolicy:\n  attempts: 8\n").unwrap();
        assert_eq!((told.horizon, told.concurrency), (Some(Nanos::millis(40)), Some(8)));
        assert_eq!((told.policy.attempts, told.index_lag), (Some(8), None));
    }

    #[test]
    fn a_hub_that_no_checker_judges_may_be_as_quick_as_it_likes() {
        assert!(read("policy: {backoff_base: 1ms, backoff_cap: 5ms}\n").is_ok());
        assert!(read("policy: {backoff_base: 5s}\n").is_err());
    }

    #[test]
    fn what_is_wrong_with_a_hub_file_is_told_with_its_place() {
        for (text, told) in [
            ("horison: 5s\n", "help: did you mean `horizon`?"),
            ("policy: {attempts: 0}\n", "hub.yaml:1:20"),
            ("leave_within: 0s\n", "`leave_within`"),
            ("horizon: 5\n", "has no unit"),
            ("", "write `policy:`"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(told), "{text:?}: {error}");
        }
    }
}
