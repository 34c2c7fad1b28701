//! # sagaproof-orchestrator: the hub
//!
//! A synchronous state machine that keeps a customer consistent over several SaaS by sagas: events in, effects out,
//! no I/O, no clock, no randomness. It knows no simulation. With the feature `live` there is also what carries its
//! effects out for real: the driver and the SQLite store.

pub mod connector;
pub mod customer;
#[cfg(feature = "live")]
pub mod driver;
pub mod effect;
pub mod event;
pub mod fingerprint;
pub mod gateway;
mod json;
pub mod message;
pub mod node;
pub mod operations;
pub mod policy;
pub mod saga;
pub mod store;
pub mod telemetry;
pub mod time;
