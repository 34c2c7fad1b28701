//! The fleet over real HTTP judged on demand: `GET /check` against a facade that the test itself serves.

#![expect(clippy::unwrap_used, reason = "a check that cannot be made fails the test")]

mod checking;
mod facade;
