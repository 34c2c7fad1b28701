//! The `sagaproof` binary from outside: what it prints, and how it ends. The tests build it themselves.

mod binary;
mod listing;
mod readme;
mod replaying;
mod running;
