//! What the benches share: the allocator of the shipped binary, for every contender alike. The benches themselves stand
//! in `benches/`. Whatever names this crate runs under it.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
