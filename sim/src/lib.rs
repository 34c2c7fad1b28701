//! # sagaproof-sim: the fleet, chaos, and the virtual world
//!
//! Stateful SaaS models without I/O ([`fleet`]), choices as data ([`chaos`]), and a one-threaded world over virtual
//! time (`world`) that runs any orchestrator behind [`process::Process`]. It knows no orchestrator.

pub mod chaos;
pub mod client;
pub mod clock;
pub mod fleet;
pub mod observation;
pub mod process;
pub mod wire;
pub mod world;
