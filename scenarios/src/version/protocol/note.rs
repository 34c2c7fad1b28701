//! The neutral journal view on the wire: what becomes of a saga, for the checkers that judge how an orchestrator works.

use std::borrow::Cow;

use sagaproof_sim::process;
use serde::{Deserialize, Serialize};

use super::parts::Read;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Note<'a> {
    Began { saga: u64, kind: Cow<'a, str>, correlation: Cow<'a, str> },
    Pivoted { saga: u64 },
    Aborted { saga: u64 },
    Parked { saga: u64, step: u8, attempts: u32, refused: bool },
    Redriven { saga: u64 },
    LeftAlone { saga: u64 },
    TakenOver { saga: u64 },
    Released { saga: u64 },
    Ended { saga: u64 },
}

/// What a saga may do.
const KINDS: [&str; 6] = ["create", "update", "close", "merge", "reconcile", "rejoin"];

impl<'a> Note<'a> {
    pub(super) fn of(note: &'a process::Note) -> Self {
        match note {
            process::Note::Began { saga, kind, correlation } => {
                Self::Began { saga: *saga, kind: Cow::Borrowed(kind), correlation: Cow::Borrowed(correlation) }
            }
            process::Note::Pivoted { saga } => Self::Pivoted { saga: *saga },
            process::Note::Aborted { saga } => Self::Aborted { saga: *saga },
            process::Note::Parked { saga, step, attempts, refused } => {
                Self::Parked { saga: *saga, step: *step, attempts: *attempts, refused: *refused }
            }
            process::Note::Redriven { saga } => Self::Redriven { saga: *saga },
            process::Note::LeftAlone { saga } => Self::LeftAlone { saga: *saga },
            process::Note::TakenOver { saga } => Self::TakenOver { saga: *saga },
            process::Note::Released { saga } => Self::Released { saga: *saga },
            process::Note::Ended { saga } => Self::Ended { saga: *saga },
        }
    }

    pub(super) fn read(self) -> Read<process::Note> {
        Ok(match self {
            Self::Began { saga, kind, correlation } => {
                let known = KINDS.into_iter().find(|known| *known == kind);
                let kind = known.ok_or_else(|| format!("a saga is one of {}, not {kind:?}", KINDS.join(", ")))?;
                process::Note::Began { saga, kind, correlation: correlation.into_owned() }
            }
            Self::Pivoted { saga } => process::Note::Pivoted { saga },
            Self::Aborted { saga } => process::Note::Aborted { saga },
            Self::Parked { saga, step, attempts, refused } => process::Note::Parked { saga, step, attempts, refused },
            Self::Redriven { saga } => process::Note::Redriven { saga },
            Self::LeftAlone { saga } => process::Note::LeftAlone { saga },
            Self::TakenOver { saga } => process::Note::TakenOver { saga },
            Self::Released { saga } => process::Note::Released { saga },
            Self::Ended { saga } => process::Note::Ended { saga },
        })
    }
}
