//! Large worlds: a thousand creates at once, and a hundred thousand in a row, judged like all others. The figure is
//! sagas per second.

use sagaproof_benches as _;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use sagaproof::run::{Tally, judge};
use sagaproof::scenario;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/many.yaml");
    let scenarios = scenario::load(&[file]).map_err(|diagnostic| diagnostic.to_string())?;
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("many-sagas");
    group.sampling_mode(SamplingMode::Flat).sample_size(10).warm_up_time(Duration::from_millis(500));
    for scenario in &scenarios {
        let mut judge = judge("saga", scenario).ok_or("no orchestrator saga")?;
        let mut seed = 0;
        group.throughput(Throughput::Elements(u64::from(scenario.workload.operations)));
        group.bench_function(&scenario.name, |bencher| {
            bencher.iter(|| {
                let mut tally = Tally::default();
                seed += 1; // From 1 on: world 0 would run twice.
                judge.sweep(seed..seed + 1, &mut tally);
                assert_eq!(tally.violations, 0, "{:?}", tally.convictions);
            });
        });
    }
    group.finish();
    criterion.final_summary();
    Ok(())
}
