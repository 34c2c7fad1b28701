//! The fleet over real HTTP, for whoever has an orchestrator: what this crate adds to the server of `sagaproof-sim`.
//! Rules are read as scenarios have them, and the outcome checkers judge on demand.

mod check;
mod extension;
mod facade;
mod fleet;

pub use check::{CHECK_ROUTES, Checked, check};
pub use extension::Served;
pub use facade::Facade;
pub use fleet::Fleet;
