//! Which orchestrator is meant: one that is built in, by its name; the shipped hub with the policy of a file; a program, by
//! the command that starts it; or two of the hub's over one store.

use std::rc::Rc;

use sagaproof_sim::fleet::Fingerprint;

use super::foreign::{Command, Foreign};
use super::patient::Patient;
use super::split::Split;
use super::{AnyVersion, DEFAULT, any, named, names};
use crate::scenario::PolicyOverrides;

/// An orchestrator as somebody asks for it. Threads may share it; each makes a version of its own from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Orchestrator {
    /// One that is built in, by its name.
    BuiltIn(&'static str),
    /// The shipped hub with the policy of a file.
    Policy(PolicyFile),
    /// A program that speaks the process protocol.
    Program(Command),
    /// A baseline and a candidate that share a store.
    Split(Box<Split>),
}

/// A policy, and the file where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// The path, as somebody wrote it: the orchestrator's name.
    pub path: String,
    /// What the hub does otherwise than by default, whatever a scenario says.
    pub policy: PolicyOverrides,
}

impl Default for Orchestrator {
    fn default() -> Self {
        Self::BuiltIn(DEFAULT)
    }
}

impl Orchestrator {
    /// The built-in one of this name, or two of them with a plus between them and the candidate's shares after an `@`;
    /// `None` where there is none.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        let known = names().find(|known| *known == name).map(Self::BuiltIn);
        known.or_else(|| Split::read(name).map(|split| Self::Split(Box::new(split))))
    }

    /// How it is called in reports and schedules.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(name) => name,
            Self::Policy(file) => &file.path,
            Self::Program(command) => command.name(),
            Self::Split(split) => split.name(),
        }
    }

    /// A hash of all that it is: of a policy file also what it says, of a program also how long it may take.
    #[must_use]
    pub fn hash(&self) -> u64 {
        let mut print = Fingerprint::default();
        print.bytes(format!("{self:?}").as_bytes());
        print.finish()
    }

    /// The version that it is; `None` where there is none of its name.
    #[must_use]
    pub fn version(&self) -> Option<AnyVersion> {
        match self {
            Self::BuiltIn(name) => named(name),
            Self::Policy(file) => Some(Rc::new(Patient::new(file.policy))),
            Self::Split(split) => Some(any(Rc::new(split.version()?))),
            Self::Program(command) => Some(any(Rc::new(Foreign::new(command.clone())))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_file_is_also_what_it_says() {
        let file = |attempts| {
            let policy = PolicyOverrides { attempts: Some(attempts), ..PolicyOverrides::default() };
            Orchestrator::Policy(PolicyFile { path: "own.yaml".to_owned(), policy })
        };
        assert_eq!(file(2).hash(), file(2).hash());
        assert_ne!(file(2).hash(), file(3).hash());
        assert_eq!(file(2).name(), file(3).name());
    }
}
