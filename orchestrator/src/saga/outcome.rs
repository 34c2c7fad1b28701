//! Outcomes of attempts, and their join: one unknown attempt keeps a step unknown, whatever later attempts say.

use serde::{Deserialize, Serialize};

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It took effect.
    Done,
    /// A business no, final.
    Refused,
    /// Nothing happened; it may be tried again.
    NotDone,
    /// It may have happened, or may still happen.
    Unknown,
}

impl Outcome {
    /// The outcome of two attempts at the same operation.
    #[must_use]
    pub const fn join(self, later: Self) -> Self {
        match (self, later) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Done, _) | (_, Self::Done) => Self::Done,
            (Self::Refused, _) | (_, Self::Refused) => Self::Refused,
            (Self::NotDone, Self::NotDone) => Self::NotDone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{Done, NotDone, Refused, Unknown};

    #[test]
    fn one_unknown_attempt_keeps_the_step_unknown() {
        for later in [Done, Refused, NotDone, Unknown] {
            assert_eq!(Unknown.join(later), Unknown);
            assert_eq!(later.join(Unknown), Unknown);
        }
    }

    #[test]
    fn joining_is_associative_and_commutative() {
        let all = [Done, Refused, NotDone, Unknown];
        for a in all {
            for b in all {
                assert_eq!(a.join(b), b.join(a));
                for c in all {
                    assert_eq!(a.join(b).join(c), a.join(b.join(c)));
                }
            }
        }
    }
}
