//! The hub's promises to its clients and its operators, kept by the process that every world runs: asked through its
//! facade, its effects done by hand.

#![expect(clippy::unwrap_used, reason = "an answer that is not there fails the test")]

mod desk;
mod holding;
mod jobs;
mod keys;
mod merging;
mod moving;
mod operating;
mod reconciling;
mod refused;
mod restless;
mod retry_after;
mod telemetry;
mod throttled;
mod validity;
