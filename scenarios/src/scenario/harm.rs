//! The `harm:` part of a scenario: what breaks the assumption that it names. At level `beyond` it must be there, and
//! nowhere else may it.

use sagaproof_sim::clock::Nanos;

use super::level::Level;
use super::raw::{RawHarm, RawScenario};
use super::read::Reader;
use super::{count, duration};
use crate::diagnostic::Diagnostic;

/// What breaks an assumption of the fault model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Harm {
    /// How often a vendor loses a record that it has acknowledged.
    pub losses: u32,
    /// How often a stranger gives a customer's record another name.
    pub renames: u32,
    /// How often a stranger parts what a merge had linked.
    pub partings: u32,
    /// What the orchestrator is told that D is, where that is not so.
    pub told_horizon: Option<Nanos>,
    /// What the orchestrator is told that S is, where that is not so.
    pub told_index_lag: Option<Nanos>,
}

/// Reads it, and whether it belongs there.
pub(super) fn read(reader: &Reader<'_>, raw: &RawScenario, level: Level) -> Result<Harm, Diagnostic> {
    let harm = reader.section(&raw.harm, "harm", Harm::read)?;
    match (level, harm) {
        (Level::Beyond, None) => Err(reader.missing("harm")),
        (Level::Basic | Level::Strict, Some(_)) => {
            let fix = "write `level: beyond` and which assumption it breaks, or leave `harm` out";
            Err(reader.refuse(&raw.harm, "harm", "belongs to level `beyond` only", fix))
        }
        (_, harm) => Ok(harm.unwrap_or_default()),
    }
}

impl Harm {
    fn read(reader: &Reader<'_>, raw: &RawHarm) -> Result<Self, Diagnostic> {
        let harm = Self {
            losses: reader.or(0, &raw.losses, "losses", count::parse)?,
            renames: reader.or(0, &raw.renames, "renames", count::parse)?,
            partings: reader.or(0, &raw.partings, "partings", count::parse)?,
            told_horizon: reader.optional(&raw.told_horizon, "told_horizon", duration::positive)?,
            told_index_lag: reader.optional(&raw.told_index_lag, "told_index_lag", duration::positive)?,
        };
        if harm == Self::default() {
            return Err(reader.complain(
                "does no harm",
                "say how many losses, renames or partings, or what the hub is told wrongly",
            ));
        }
        Ok(harm)
    }
}
