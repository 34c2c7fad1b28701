//! The `sagaproof` binary: gives the command line its arguments and its streams. Everything else is the library's.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use mimalloc::MiMalloc;
use sagaproof::cli::{self, Pipe};

/// A world makes and drops some hundreds of small buffers; this allocator does so in a third of the instructions.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let mut out = BufWriter::new(Pipe::new(io::stdout().lock()));
    cli::main(std::env::args_os(), &mut out, &mut Pipe::new(io::stderr())).into()
}
