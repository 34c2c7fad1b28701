//! The report of a split for machines: one object on one line, with that of a canary for each stage.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Report;
use super::json::{Object, object};
use super::split::Walk;
use crate::canary::{Blast, Order};
use crate::check::EndState;
use crate::report::replay_command;
use crate::run::Became;

/// The name and version of the format.
const FORMAT: &str = "sagaproof-split/1";

#[derive(Serialize)]
struct Walked<'a> {
    format: &'static str,
    verdict: &'static str,
    /// What came of it, in a sentence.
    outcome: String,
    baseline: &'a str,
    candidate: &'a str,
    plan: &'a [u8],
    /// How many per cent of the customers the candidate has in the end.
    share: u8,
    /// At which share it was rolled back.
    rolled_back_at: Option<u8>,
    stages: Vec<Stage<'a>>,
    blast_radius: Option<Radius<'a>>,
}

#[derive(Serialize)]
struct Stage<'a> {
    share: u8,
    canary: Object<'a>,
}

#[derive(Serialize)]
struct Radius<'a> {
    worlds: u64,
    worlds_reached: u64,
    /// Customers whom the candidate touched, by what became of them.
    touched: BTreeMap<&'static str, u64>,
    /// The same of the others.
    others: BTreeMap<&'static str, u64>,
    /// How often reconciliation mended what the candidate had left, by system.
    reconciliation_mended: BTreeMap<&'static str, u64>,
    told: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    scenario: &'a str,
    seed: u64,
    replay: String,
    customers: Vec<Customer<'a>>,
}

#[derive(Serialize)]
struct Customer<'a> {
    cust_no: &'a str,
    became: &'static str,
    reconciliation_mended: Vec<&'static str>,
}

/// Writes the object.
///
/// # Errors
/// Where it cannot be written.
pub fn split_json(walk: &Walk<'_>, out: &mut dyn Write) -> io::Result<()> {
    let orders: Vec<Order<'_>> = walk.walked.stages.iter().map(|stage| walk.order_of(stage)).collect();
    let reports = walk.walked.stages.iter().zip(&orders).map(|(stage, order)| Report {
        order,
        compared: &stage.compared,
        witnesses: &stage.witnesses,
    });
    let reports: Vec<Report<'_>> = reports.collect();
    let stages = walk.walked.stages.iter().zip(&reports);
    let object = Walked {
        format: FORMAT,
        verdict: walk.walked.verdict().name(),
        outcome: walk.outcome(),
        baseline: walk.order.baseline.name(),
        candidate: walk.order.candidate.name(),
        plan: walk.plan.shares(),
        share: walk.walked.share(),
        rolled_back_at: walk.walked.blast.as_ref().and_then(|_| walk.walked.stages.last()).map(|stage| stage.share),
        stages: stages.map(|(stage, report)| Stage { share: stage.share, canary: object(report) }).collect(),
        blast_radius: walk.walked.blast.as_ref().map(|blast| radius(walk, blast)),
    };
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}

fn radius<'a>(walk: &Walk<'a>, blast: &'a Blast) -> Radius<'a> {
    let by_name = |sums: &[u64; Became::ALL.len()]| {
        Became::ALL.into_iter().map(|became| (became.name(), sums[became as usize])).collect()
    };
    let told = blast.told.iter().map(|told| {
        let scenario = &walk.order.scenarios[told.scenario];
        let customers = told.customers.iter().map(|one| Customer {
            cust_no: &one.cust_no,
            became: one.became.name(),
            reconciliation_mended: systems(one.mended),
        });
        let replay = replay_command(scenario, told.seed, &blast.orchestrator);
        Told { scenario: &scenario.name, seed: told.seed, replay, customers: customers.collect() }
    });
    let mended = EndState::SYSTEMS.iter().zip(blast.mended).map(|(system, count)| (system.name(), count));
    Radius {
        worlds: blast.worlds,
        worlds_reached: blast.reached,
        touched: by_name(&blast.touched),
        others: by_name(&blast.others),
        reconciliation_mended: mended.collect(),
        told: told.collect(),
    }
}

fn systems(mended: [bool; 3]) -> Vec<&'static str> {
    EndState::SYSTEMS.iter().zip(mended).filter(|(_, mended)| *mended).map(|(system, _)| system.name()).collect()
}
