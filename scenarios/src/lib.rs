//! The `sagaproof` library.
//!
//! To judge an orchestrator of your own, make it a [`version::Version`] and hand it to [`run::judge_version`];
//! `examples/own_orchestrator.rs` does so. One in any language is a [`version::foreign::Foreign`].
//!
//! For tests of a client of these vendors, over real sockets, there is [`live::Fleet`].

pub mod adapter;
pub mod audit;
pub mod canary;
pub mod check;
pub mod cli;
pub mod coverage;
pub mod diagnostic;
pub mod exit;
pub mod explore;
pub mod gallery;
pub mod live;
pub mod operation;
pub mod report;
pub mod run;
pub mod scenario;
pub mod timeline;
pub mod told;
pub mod version;
pub mod workload;
