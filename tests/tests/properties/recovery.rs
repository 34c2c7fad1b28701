//! Recovery at any prefix equals never having crashed: of a journal, by the fold; of a world, by what stands in the end.

use std::collections::BTreeMap;

use sagaproof::scenario::Scenario;
use sagaproof_orchestrator::connector::{Credentials, connectors};
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::entry::{Entry, Heard};
use sagaproof_orchestrator::customer::state::{Engine, Saga};
use sagaproof_orchestrator::customer::volatile::Volatile;
use sagaproof_orchestrator::event::Row;
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::saga::SagaId;
use sagaproof_orchestrator::saga::journal::{PREFIX, decode};
use sagaproof_orchestrator::time::Instant;
use sagaproof_sim::chaos::choices::{Quiet, Random, Recording};
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::clock::Nanos;
use sagaproof_tests::choosers::Probe;
use sagaproof_tests::play::{Nobody, play, play_before, replay};
use sagaproof_tests::scenes::{ONES, whole};

fn engine() -> Engine {
    let credentials = Credentials {
        commerce_token: String::new(),
        support_email: String::new(),
        support_token: String::new(),
        identity_client_id: String::new(),
        identity_client_secret: String::new(),
        identity_audience: String::new(),
        messaging_token: String::new(),
    };
    Engine { policy: Policy::SHIPPED, connectors: connectors(&credentials), definitions: Definitions::SHIPPED }
}

/// The whole journal of every saga of a world, from the rows that its store ever held.
fn journals(scenario: &Scenario, seed: u64) -> BTreeMap<SagaId, Vec<Entry>> {
    let mut rows = BTreeMap::new();
    play_before(scenario, seed, Random::new(seed), Nobody, |disk| {
        for (key, version, value) in disk.rows().filter(|(key, ..)| key.starts_with(PREFIX)) {
            rows.insert(key.to_owned(), (version, value.to_vec()));
        }
    });
    let rows: Vec<Row> = rows.into_iter().map(|(key, (version, value))| Row { key, version, value }).collect();
    decode(&rows).into_iter().map(|journal| (journal.saga, journal.entries.unwrap().0)).collect()
}

/// All that a journal says of a saga; what begins anew with each life left out.
fn told(mut saga: Saga) -> String {
    saga.volatile = Volatile::default();
    format!("{saga:?}")
}

/// Folds entries one by one, as the life that wrote them did.
fn lived(id: SagaId, entries: &[Entry], engine: &Engine) -> Saga {
    let Some((Entry::Began(began), rest)) = entries.split_first() else { panic!("no beginning") };
    let mut saga = Saga::new(id, *began.clone(), &engine.definitions);
    for entry in rest {
        saga.apply(entry.clone(), engine).unwrap();
    }
    saga
}

#[test]
fn every_prefix_of_a_journal_folds_to_what_the_life_that_wrote_it_knew() {
    let engine = engine();
    let (mut prefixes, mut open) = (0, 0);
    for name in ["create-one", "update-one", "close-one", "merge-one"] {
        for seed in 0..60 {
            for (id, entries) in journals(&whole(name), seed) {
                for length in 1..=entries.len() {
                    let prefix = &entries[..length];
                    let folded = Saga::fold(id, prefix.to_vec(), &engine, Instant(7)).unwrap();
                    let mut known = lived(id, prefix, &engine);
                    // A call that had not ended may have happened.
                    if known.open.is_some() {
                        open += 1;
                        known.apply(Entry::Heard(Heard::Unknown), &engine).unwrap();
                    }
                    assert_eq!(folded.volatile.last_unknown.is_some(), known.any_unknown());
                    assert_eq!(told(folded), told(known), "{name} {seed} {length}");
                    prefixes += 1;
                }
            }
        }
    }
    assert!(prefixes > 1_000 && open > 200, "{prefixes} {open}");
}

/// What stands in the end of a world in which nothing happens, and of those in which the process crashes once.
fn crashes(scenario: &Scenario, seed: u64) -> usize {
    let never = play(scenario, seed, Probe::new(Quiet));
    assert_eq!(never.wrong(), "");
    let crashes = never.choices.deviations().into_iter().filter(|one| matches!(one.point, Point::Crash { .. }));
    let crashes: Vec<_> = crashes.collect();
    for &crash in &crashes {
        let once = replay(scenario, seed, &[crash]);
        assert_eq!((once.wrong().as_str(), once.counts.crashes), ("", 1), "{} {crash:?}", scenario.name);
        assert_eq!(once.standing(), never.standing(), "{} {crash:?}", scenario.name);
    }
    crashes.len()
}

#[test]
fn a_crash_after_any_effect_of_any_event_leaves_what_none_leaves() {
    for name in ONES {
        let crashes = crashes(&whole(name), 0);
        assert!(crashes >= 30, "{name}: {crashes}");
    }
}

#[test]
fn a_crash_after_any_effect_of_a_merge_leaves_what_none_leaves() {
    let crashes = crashes(&whole("merge-one"), 0);
    assert!(crashes >= 50, "{crashes}");
}

#[test]
fn a_crash_in_the_life_of_a_customer_leaves_what_none_leaves() {
    let mut scenario = whole("create-one");
    scenario.name = "create, then change, then change again".to_owned();
    scenario.workload.operations = 3;
    scenario.workload.contention = 3;
    scenario.workload.mix.create = 60;
    scenario.workload.mix.update = 40;
    scenario.workload.spacing = Nanos::secs(60);
    for seed in 0..2 {
        assert!(crashes(&scenario, seed) >= 40);
    }
}

#[test]
fn a_staged_world_is_the_world_that_is_judged() {
    // Guards the laws here against being tried on worlds that no sweep runs.
    let scenario = whole("create-one");
    let mut judge = sagaproof::run::judge("saga", &scenario).unwrap();
    for seed in 0..5 {
        let staged = play(&scenario, seed, Recording::new(Random::new(seed)));
        let record = judge.record(seed, None);
        assert_eq!(record.chosen, staged.choices.chosen());
        assert_eq!(record.counts, staged.counts);
    }
}
