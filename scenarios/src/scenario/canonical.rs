//! The hash of a scenario's canonical content: everything that shapes a world, in a fixed order and fixed units, so that
//! rewording, reordering or respelling a file changes nothing. Schedules carry it. Pinned: its test must never change.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, CrashRule, DiskRule, Odds, PauseRule, Rule, Window, WindowKind};
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::world::Latency;

use super::{Deployment, FleetSettings, Harm, Mix, PolicyOverrides, Resend, Scenario, WorkloadSettings};

/// The hash of what a scenario makes of a world. Its name, sentence, level and marks don't count.
pub(super) fn hash(scenario: &Scenario) -> u64 {
    let mut print = Fingerprint::default();
    print.number(u64::from(super::VERSION));
    fleet(&mut print, &scenario.fleet);
    latency(&mut print, &scenario.latency);
    print.number(scenario.horizon.0);
    policy(&mut print, &scenario.policy);
    workload(&mut print, &scenario.workload);
    chaos(&mut print, &scenario.chaos);
    deployment(&mut print, scenario.hub);
    // Schedules from before there was harm stay good.
    if scenario.harm != Harm::default() {
        harm(&mut print, &scenario.harm);
    }
    print.finish()
}

fn numbers<const N: usize>(print: &mut Fingerprint, values: [u64; N]) {
    values.into_iter().for_each(|value| print.number(value));
}

fn option(print: &mut Fingerprint, value: Option<u64>) {
    print.number(u64::from(value.is_some()));
    print.number(value.unwrap_or_default());
}

fn fleet(print: &mut Fingerprint, settings: &FleetSettings) {
    let FleetSettings {
        index_lag,
        limits,
        token_life,
        customers,
        orders,
        orders_each,
        tickets,
        tickets_each,
        job_time,
        job_stall,
        points,
        strangers,
        drift,
    } = *settings;
    numbers(print, [index_lag.0, limits.into(), token_life.0]);
    numbers(print, [customers.into(), orders.into(), strangers.into(), drift.into()]);
    // Schedules from before there were these settings stay good.
    if points > 0 {
        print.number(points.into());
    }
    let newer = [orders_each.into(), tickets.into(), tickets_each.into(), job_time.0, job_stall.0];
    let FleetSettings { orders_each, tickets, tickets_each, job_time, job_stall, .. } = FleetSettings::default();
    if newer != [orders_each.into(), tickets.into(), tickets_each.into(), job_time.0, job_stall.0] {
        numbers(print, newer);
    }
}

fn latency(print: &mut Fingerprint, latencies: &[Latency]) {
    latencies.iter().for_each(|Latency(table)| numbers(print, table.map(|span| span.0)));
}

fn harm(print: &mut Fingerprint, harm: &Harm) {
    let Harm { losses, renames, partings, told_horizon, told_index_lag } = *harm;
    numbers(print, [losses, renames].map(u64::from));
    for span in [told_horizon, told_index_lag] {
        option(print, span.map(|Nanos(nanos)| nanos));
    }
    if partings > 0 {
        numbers(print, [u64::from(partings)]);
    }
}

fn policy(print: &mut Fingerprint, policy: &PolicyOverrides) {
    let PolicyOverrides { time_out, attempts, compensation_attempts, backoff_base, backoff_cap, sync_wait } = *policy;
    for span in [time_out, backoff_base, backoff_cap, sync_wait] {
        option(print, span.map(|Nanos(nanos)| nanos));
    }
    option(print, attempts.map(u64::from));
    option(print, compensation_attempts.map(u64::from));
}

fn workload(print: &mut Fingerprint, settings: &WorkloadSettings) {
    let WorkloadSettings {
        population,
        operations,
        mix: Mix { create, update, close, merge, read },
        asynchronous,
        spacing,
        lasts,
        contention,
        clashes,
        resend: Resend { sendings, time_out, pause, keyed },
        duplicates,
        strangers,
        children,
        blockers,
        operators,
    } = *settings;
    numbers(print, [population, operations, create, update, close, read].map(u64::from));
    numbers(print, [asynchronous, clashes, duplicates].map(|Odds(odds)| u64::from(odds)));
    numbers(print, [spacing.0, contention.into(), strangers.into(), children.into()]);
    numbers(print, [sendings.into(), time_out.0, pause.0, keyed.into()]);
    // Schedules from before there were these settings stay good.
    if merge > 0 {
        print.number(merge.into());
    }
    if let Some(lasts) = lasts {
        print.number(lasts.0);
    }
    if operators > 0 {
        print.number(operators.into());
    }
    if blockers > 0 {
        print.bytes(b"blockers");
        print.number(blockers.into());
    }
}

fn chaos(print: &mut Fingerprint, chaos: &Chaos) {
    let Chaos { rules, windows, crash, pause, clocks, disk, ties, swarm, at_most, exactly_one } = chaos;
    print.number(rules.len() as u64);
    rules.iter().for_each(|one| rule(print, one));
    print.number(windows.len() as u64);
    windows.iter().for_each(|one| window(print, one));
    let CrashRule { odds, at_most: crashes, restart_after } = *crash;
    numbers(print, [odds.0.into(), crashes.into(), restart_after.0]);
    let DiskRule { unknown_applied, unknown_lost, full, conflict } = *disk;
    numbers(print, [unknown_applied, unknown_lost, full, conflict].map(|Odds(odds)| u64::from(odds)));
    numbers(print, [(*ties).into(), (*swarm).into(), (*exactly_one).into()]);
    option(print, at_most.map(u64::from));
    // Schedules from before there were these settings stay good.
    if *pause != PauseRule::default() {
        numbers(print, [pause.odds.0.into(), pause.at_most.into()]);
        numbers(print, pause.lasts.map(|span| span.0));
    }
    if *clocks {
        print.bytes(b"clocks");
    }
}

/// Schedules from before there were several processes stay good.
fn deployment(print: &mut Fingerprint, hub: Deployment) {
    if hub != Deployment::default() {
        numbers(print, [hub.processes.into(), hub.lease.0]);
    }
    // The split is not the scenario's.
    if let Some(every) = hub.upgrade {
        print.number(every.0);
    }
}

fn rule(print: &mut Fingerprint, rule: &Rule) {
    let Rule { systems, route, fates, odds, from, until, at_most } = rule;
    print.number(systems.len() as u64);
    systems.iter().for_each(|system| print.number(*system as u64));
    print.bytes(route.as_deref().unwrap_or_default().as_bytes());
    // Schedules from before jobs had fates stay good: all fates count as all did then.
    let of_jobs = if fates.len() == Fate::ALL.len() - 1 { &Fate::OF_JOBS[..] } else { &[] };
    let counted = fates.iter().filter(|fate| !of_jobs.contains(fate));
    print.number((fates.len() - of_jobs.len()) as u64);
    counted.for_each(|fate| print.number(fate.code().into()));
    numbers(print, [odds.0.into(), from.0, until.0]);
    option(print, at_most.map(u64::from));
}

fn window(print: &mut Fingerprint, window: &Window) {
    let Window { system, kind, from, until, odds } = *window;
    let (state, figure) = match kind {
        WindowKind::Outage => (0, 0),
        WindowKind::Brownout(Odds(share)) => (1, u64::from(share)),
        WindowKind::Flapping(Nanos(turn)) => (2, turn),
        WindowKind::QuotaExhausted => (3, 0),
        WindowKind::TokensRevoked => (4, 0),
        WindowKind::IndexLag(Nanos(lag)) => (5, lag),
        WindowKind::SchemaDrift => (6, 0),
    };
    numbers(print, [system as u64, state, figure, from.0, until.0, odds.0.into()]);
}
