//! The fleet over real sockets, seen from outside: a raw TCP stream, bytes written and bytes read.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bounds;
mod caller;
mod control;
mod fates;
mod neighbours;
mod points;
mod served;
mod worlds;
