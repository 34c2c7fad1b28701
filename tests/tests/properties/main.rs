//! Laws of whole worlds under the shipped orchestrator, each over arbitrary or over all inputs of a kind.

#![expect(clippy::unwrap_used, reason = "a law that cannot be tried fails the test")]

mod agreement;
mod compensation;
mod consistency;
mod exploration;
mod merging;
mod recovery;
mod redriving;
mod replaying;
mod reporting;
mod searching;
