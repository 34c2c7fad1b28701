//! Runs as many judged worlds as its argument says and nothing else, so that two runs under callgrind differ by the
//! worlds alone. `benches/instructions.sh` does the arithmetic.

use sagaproof_benches as _;
use std::error::Error;

use sagaproof::run::{Tally, judge};
use sagaproof::scenario;

fn main() -> Result<(), Box<dyn Error>> {
    let worlds: u64 = std::env::args().nth(1).ok_or("usage: judged_world WORLDS")?.parse()?;
    let all = scenario::built_in().map_err(|diagnostic| diagnostic.to_string())?;
    let scenario = all.iter().find(|one| one.name == "create-one-fault").ok_or("no scenario create-one-fault")?;
    let mut tally = Tally::default();
    judge("saga", scenario).ok_or("no orchestrator saga")?.sweep(0..worlds, &mut tally);
    if tally.violations > 0 || tally.worlds != worlds {
        return Err(format!("{} violations in {} worlds", tally.violations, tally.worlds).into());
    }
    Ok(())
}
