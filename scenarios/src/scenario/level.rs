//! The `level:` and `beyond:` of a scenario: how hard it is, and which assumption it breaks.

use super::raw::RawScenario;
use super::read::{Reader, Wrong};
use crate::diagnostic::Diagnostic;

/// How hard a scenario is on an orchestrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Requests and answers lost, 5xx, 429, crashes.
    Basic,
    /// Also late and double deliveries, lagging indexes, tokens that expire.
    Strict,
    /// Breaks an assumption of the fault model on purpose; only repair is judged.
    Beyond,
}

impl Level {
    /// All levels, ascending.
    pub const ALL: [Self; 3] = [Self::Basic, Self::Strict, Self::Beyond];

    /// Its name, as in scenario files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Strict => "strict",
            Self::Beyond => "beyond",
        }
    }
}

/// The assumptions of the fault model, as ARCHITECTURE.md numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumption {
    /// F1: delivery within D or never, at most twice, and never after the caller has the vendor's answer.
    Delivery,
    /// F2: vendors handle a request at one instant, never reuse ids, end their jobs.
    Vendors,
    /// F3: noes are honest.
    Noes,
    /// F4: reads by id are fresh, searches show every write within S.
    Reads,
    /// F5: records carry an owner tag; keys are kept for longer than D.
    Identity,
    /// F6: nobody else writes what the hub owns or takes what a running saga claims.
    Others,
    /// F7: the store's commits are linearizable and durable.
    Store,
    /// F8: a call leaves within G of its event or never; clock rates differ by at most ρ.
    Processes,
    /// F9: faults end.
    Healing,
}

impl Assumption {
    /// All assumptions, in order.
    pub const ALL: [Self; 9] = [
        Self::Delivery,
        Self::Vendors,
        Self::Noes,
        Self::Reads,
        Self::Identity,
        Self::Others,
        Self::Store,
        Self::Processes,
        Self::Healing,
    ];

    /// Its name, as in scenario files and reports: `F1` to `F9`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"][self as usize]
    }
}

/// Reads how hard a scenario is, and which assumption it breaks: one exactly at level `beyond`.
pub(super) fn read(reader: &Reader<'_>, raw: &RawScenario) -> Result<(Level, Option<Assumption>), Diagnostic> {
    let level = reader.required(&raw.level, "level", level)?;
    let beyond = reader.optional(&raw.beyond, "beyond", assumption)?;
    match (level, beyond) {
        (Level::Beyond, None) => Err(reader.missing("beyond")),
        (Level::Basic | Level::Strict, Some(_)) => {
            let fix = "write `level: beyond`, or leave `beyond` out";
            Err(reader.refuse(&raw.beyond, "beyond", "belongs to level `beyond` only", fix))
        }
        both => Ok(both),
    }
}

fn level(text: &str) -> Result<Level, Wrong> {
    let found = Level::ALL.into_iter().find(|level| level.name() == text);
    found.ok_or_else(|| Wrong::name("level", text, Level::ALL.map(Level::name)))
}

fn assumption(text: &str) -> Result<Assumption, Wrong> {
    let found = Assumption::ALL.into_iter().find(|assumption| assumption.name() == text);
    found.ok_or_else(|| Wrong::name("assumption", text, Assumption::ALL.map(Assumption::name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_assumptions_are_known_by_name() {
        assert_eq!(level("strict"), Ok(Level::Strict));
        assert_eq!(level("strikt").unwrap_err().nearest.as_deref(), Some("strict"));
        assert_eq!(assumption("F4"), Ok(Assumption::Reads));
        assert_eq!(assumption("F0").unwrap_err().problem, "is no assumption");
    }
}
