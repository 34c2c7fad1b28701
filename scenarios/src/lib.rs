//! The `sagaproof` library.

pub mod diagnostic;
pub mod scenario;
pub mod version;
