//! The times of one run, kept beside criterion's so that contenders can be set against each other.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::print_stdout, reason = "the ratios are what the bench is for")]

use std::time::{Duration, Instant};

/// Who took how long for how many worlds.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<(&'static str, Vec<Sample>)>,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    worlds: u64,
    took: Duration,
}

impl Sample {
    fn worlds_per_second(self) -> u64 {
        let nanos = self.took.as_nanos().max(1);
        u64::try_from(u128::from(self.worlds) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
    }
}

impl Ledger {
    /// Times some worlds of a contender.
    pub(crate) fn time(&mut self, name: &'static str, worlds: u64, run: impl FnOnce()) -> Duration {
        let began = Instant::now();
        run();
        let took = began.elapsed();
        let sample = Sample { worlds, took };
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            Some((_, samples)) => samples.push(sample),
            None => self.entries.push((name, vec![sample])),
        }
        took
    }

    /// Prints every contender's median, and how many times as fast as each of the others the first is.
    pub(crate) fn report(&self) {
        let medians: Vec<(&str, u64)> = self.entries.iter().map(|(name, samples)| (*name, median(samples))).collect();
        let Some((first, best)) = medians.first() else { return };
        println!("\n{:<28} {:>12}", "contender", "worlds/s");
        for (name, speed) in &medians {
            println!("{name:<28} {speed:>12}");
        }
        for (name, speed) in &medians[1..] {
            let hundredths = best * 100 / (*speed).max(1);
            println!("{first} : {name} = {}.{:02}", hundredths / 100, hundredths % 100);
        }
    }
}

/// The median speed; the earliest samples of few worlds are criterion's warm-up and are left out.
fn median(samples: &[Sample]) -> u64 {
    let longest = samples.iter().map(|sample| sample.worlds).max().unwrap_or_default();
    let mut speeds: Vec<u64> =
        samples.iter().filter(|sample| sample.worlds * 2 >= longest).map(|sample| sample.worlds_per_second()).collect();
    speeds.sort_unstable();
    speeds.get(speeds.len() / 2).copied().unwrap_or_default()
}
