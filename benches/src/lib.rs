//! What the benches share: the allocator of the shipped binary, for every contender alike, load over HTTP, and what a
//! process uses. The benches themselves stand in `benches/`. Whatever names this crate runs under its allocator.

pub mod load;
pub mod usage;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
