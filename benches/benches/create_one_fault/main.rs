//! One create saga in a world with exactly one fault: our worlds per second beside those of two peers in the same run,
//! and the ratios. Before anything is timed, all contenders must end with the same fleet records for the same faults.
//! Beware: the peers judge nothing and write no journal; ours does both.

mod contender;
mod dialect;
mod hardship;
mod judged;
mod paused;
mod race;
mod saga;
mod ticking;
mod vendors;

use criterion::{Criterion, SamplingMode, Throughput};
use sagaproof::scenario;
use sagaproof_benches as _;

use contender::{Case, Contender};
use judged::Judged;
use paused::Paused;
use ticking::Ticking;

/// How many worlds are compared, and then timed over and over.
const WORLDS: u64 = 1_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let all = scenario::built_in().map_err(|diagnostic| diagnostic.to_string())?;
    let scenario = all.iter().find(|one| one.name == "create-one-fault").ok_or("no scenario create-one-fault")?;
    let mut ours = Judged::new(scenario).ok_or("no orchestrator saga")?;
    let cases: Vec<Case> = (0..WORLDS).filter_map(|seed| ours.case(seed)).collect();
    let mut contenders: Vec<Box<dyn Contender>> = vec![Box::new(ours), Box::new(Paused::new()?), Box::new(Ticking)];
    compare(&mut contenders, &cases);
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("create-one-fault");
    group.throughput(Throughput::Elements(1)).sampling_mode(SamplingMode::Flat).sample_size(30);
    for contender in &mut contenders {
        let mut cases = cases.iter().cycle();
        group.bench_function(contender.name(), |bencher| bencher.iter(|| cases.next().map(|case| contender.run(case))));
    }
    group.finish();
    criterion.final_summary();
    race::race(&mut contenders, &cases);
    Ok(())
}

/// Fails unless every contender ends with the same records in every world, and with all of them or none.
fn compare(contenders: &mut [Box<dyn Contender + '_>], cases: &[Case]) {
    let mut created = 0;
    for case in cases {
        let ends: Vec<_> = contenders.iter_mut().map(|contender| (contender.name(), contender.records(case))).collect();
        let (first, expected) = &ends[0];
        assert!(expected.is_empty() || expected.len() == 3, "{case:?}: {first} ends with a part: {expected:?}");
        for (name, records) in &ends[1..] {
            assert_eq!(records, expected, "{case:?}: {name} and {first} differ");
        }
        created += usize::from(!expected.is_empty());
    }
    assert!(created > 0 && created < cases.len(), "the faults must lead to both ends");
}
