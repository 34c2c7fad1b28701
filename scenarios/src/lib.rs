//! The `sagaproof` library.

pub mod adapter;
pub mod check;
pub mod cli;
pub mod coverage;
pub mod diagnostic;
pub mod exit;
pub mod explore;
pub mod gallery;
pub mod operation;
pub mod report;
pub mod run;
pub mod scenario;
pub mod timeline;
pub mod told;
pub mod version;
pub mod workload;
