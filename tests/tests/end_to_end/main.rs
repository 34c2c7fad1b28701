//! The `sagaproof` binary from outside: what it prints, and how it ends. The tests build it themselves.

#![expect(clippy::unwrap_used, reason = "a program that does not answer as expected fails the test")]

mod binary;
mod exploring;
mod listing;
mod readme;
mod replaying;
mod running;
