//! The `sagaproof` binary from outside: what it prints, and how it ends. The tests build it themselves.

#![expect(clippy::unwrap_used, reason = "a program that does not answer as expected fails the test")]

mod auditing;
mod binary;
mod browsing;
mod comparing;
mod crowds;
mod examples;
mod exploring;
mod hub;
mod keeping;
mod killed;
mod listing;
mod live;
mod operating;
mod parts;
mod programs;
mod programs_that_fail;
mod readme;
mod replaying;
mod reports;
mod running;
mod serving;
mod swarming;
mod trying;
mod versions;
