//! Orchestrator versions: the orchestrators that can be put into a world, by name. Each version is a file beside this
//! one. A version says how its processes are made; how a world runs them is not its business.
//!
//! To add one: write its file, implement [`Version`], and name it in the registry below.

pub mod hub;
pub mod naive;
pub mod saga;

pub use hub::Variant;

use sagaproof_sim::process::{Row, Spawn};

use crate::operation::Customer;
use crate::scenario::Scenario;

/// A customer who stands in the primary and at every vendor before the world begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeededCustomer {
    /// The fields.
    pub customer: Customer,
    /// The id of its record at commerce.
    pub commerce: String,
    /// The id of its record at support.
    pub support: String,
    /// The id of its record at identity, in full.
    pub identity: String,
}

/// An orchestrator under a name.
pub trait Version: Default + 'static {
    /// What makes its processes. Versions that only differ in settings share one.
    type Spawn: Spawn;

    /// Its name, as on the command line and in reports.
    const NAME: &'static str;

    /// What it is, in one sentence.
    const SUMMARY: &'static str;

    /// What makes the processes of one world; `logs`: somebody will read what they log.
    fn spawn(&self, scenario: &Scenario, seed: u64, logs: bool) -> Self::Spawn;

    /// The rows that stand in its store before the world begins, for the customers who stand at the vendors already.
    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row>;
}

/// Whoever wants to do something with a version that is known by its name only.
pub trait Visitor {
    /// What it brings back.
    type Output;

    /// Does it with this version.
    fn visit<V: Version>(self) -> Self::Output;
}

/// Declares the versions, in the order of lists.
macro_rules! registry {
    ($($version:ty),* $(,)?) => {
        /// All versions: name and summary.
        pub const ALL: &[(&str, &str)] = &[$((<$version>::NAME, <$version>::SUMMARY)),*];

        /// Lets a visitor do its thing with the version of this name; `None` where there is none.
        pub fn visit<T: Visitor>(name: &str, visitor: T) -> Option<T::Output> {
            match name {
                $(<$version>::NAME => Some(visitor.visit::<$version>()),)*
                _ => None,
            }
        }
    };
}

registry![hub::Hub<saga::Shipped>, naive::Naive];

/// The version that runs where none is named.
pub const DEFAULT: &str = "saga";
