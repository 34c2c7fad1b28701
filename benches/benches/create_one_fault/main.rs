//! One create saga in a world with exactly one fault: our worlds per second beside those of two peers in the same run,
//! and the ratios. Before anything is timed, all contenders must end with the same fleet records for the same faults.
//! Beware: the peers judge nothing and write no journal; ours does both.

mod contender;
mod dialect;
mod hardship;
mod paused;
mod race;
mod saga;
mod ticking;
mod vendors;

use criterion::{Criterion, SamplingMode, Throughput};

use contender::{Contender, Fault};
use paused::Paused;
use ticking::Ticking;

/// How many worlds are compared before the timing.
const COMPARED: u64 = 300;

fn main() -> std::io::Result<()> {
    let mut contenders: Vec<Box<dyn Contender>> = vec![Box::new(Paused::new()?), Box::new(Ticking)];
    compare(&mut contenders);
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("create-one-fault");
    group.throughput(Throughput::Elements(1)).sampling_mode(SamplingMode::Flat).sample_size(30);
    for contender in &mut contenders {
        let mut seeds = 0..;
        group.bench_function(contender.name(), |bencher| {
            bencher.iter(|| seeds.next().map(|seed| contender.run_world(seed, Fault::drawn(seed))));
        });
    }
    group.finish();
    criterion.final_summary();
    race::race(&mut contenders);
    Ok(())
}

/// Fails unless every contender ends with the same records in every world, and with all of them or none.
fn compare(contenders: &mut [Box<dyn Contender>]) {
    let mut created = 0;
    for seed in 0..COMPARED {
        let fault = Fault::drawn(seed);
        let ends: Vec<_> =
            contenders.iter_mut().map(|contender| (contender.name(), contender.run_world(seed, fault))).collect();
        let (_, first) = &ends[0];
        assert!(first.is_empty() || first.len() == 3, "seed {seed}, {fault:?}: neither all nor nothing: {first:?}");
        for (name, records) in &ends {
            assert_eq!(records, first, "seed {seed}, {fault:?}: {name} and {} differ", ends[0].0);
        }
        created += u64::from(!first.is_empty());
    }
    assert!(created > 0 && created < COMPARED, "the faults must lead to both ends");
}
