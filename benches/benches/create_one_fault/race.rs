//! All contenders in turns, a slice of time each, round after round: what else the machine does strikes all of them
//! alike, so the ratios hold on a busy one. Prints the medians. criterion's own figures are taken one after the other.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::print_stdout, reason = "the ratios are what the bench is for")]

use std::time::{Duration, Instant};

use crate::contender::{Case, Contender};

const ROUNDS: usize = 50;
const SLICE: Duration = Duration::from_millis(20);

/// Races the contenders and prints each one's worlds per second, and the first's as a multiple of each other's.
pub(crate) fn race(contenders: &mut [Box<dyn Contender + '_>], cases: &[Case]) {
    let mut rounds: Vec<Vec<u64>> = Vec::new();
    let mut turns: Vec<_> = contenders.iter().map(|_| cases.iter().cycle()).collect();
    for _ in 0..ROUNDS {
        let turns = contenders.iter_mut().zip(&mut turns);
        rounds.push(turns.map(|(contender, cases)| slice(&mut **contender, cases)).collect());
    }
    println!("\n{:<28} {:>10} {:>24}", "contender", "worlds/s", contenders[0].name());
    for (turn, contender) in contenders.iter().enumerate() {
        let speed = median(rounds.iter().map(|round| round[turn]));
        let hundredths = median(rounds.iter().map(|round| round[0] * 100 / round[turn]));
        let ratio = format!("{}.{:02} times as fast", hundredths / 100, hundredths % 100);
        println!("{:<28} {speed:>10} {ratio:>24}", contender.name());
    }
}

/// Worlds per second over a slice of time; at least 1.
fn slice<'c>(contender: &mut dyn Contender, cases: impl Iterator<Item = &'c Case>) -> u64 {
    let began = Instant::now();
    for (case, worlds) in cases.zip(1_u128..) {
        contender.run(case);
        let took = began.elapsed();
        if took >= SLICE {
            return u64::try_from(worlds * 1_000_000_000 / took.as_nanos()).unwrap_or(u64::MAX).max(1);
        }
    }
    1
}

fn median(values: impl Iterator<Item = u64>) -> u64 {
    let mut values: Vec<u64> = values.collect();
    values.sort_unstable();
    values[values.len() / 2]
}
