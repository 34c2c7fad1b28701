//! Orchestrator versions: the orchestrators that can be put into a world, by name. Each version is a file beside this one.

pub mod naive;
