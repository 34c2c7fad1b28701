//! The `sagaproof` library.

pub mod adapter;
pub mod check;
pub mod coverage;
pub mod diagnostic;
pub mod exit;
pub mod operation;
pub mod scenario;
pub mod told;
pub mod version;
pub mod workload;
