//! The `sagaproof` binary: gives the command line its arguments and its streams. Everything else is the library's.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use sagaproof::cli::{self, Pipe};

fn main() -> ExitCode {
    let mut out = BufWriter::new(Pipe::new(io::stdout().lock()));
    cli::main(std::env::args_os(), &mut out, &mut Pipe::new(io::stderr())).into()
}
