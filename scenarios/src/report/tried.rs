//! The report of scenarios that were played over real HTTP: for people, and as one JSON object.

use std::io::{self, Write};

use serde::Serialize;

use super::case::{Case, Problem};
use super::junit::{self, Suite};
use super::{Verdict, sheet, words};
use crate::check::Violation;
use crate::run::live::Played;
use crate::scenario::Scenario;

/// The format of the JSON report.
const FORMAT: &str = "sagaproof-test/1";

/// So many worlds that failed are told in full, each the first of its scenario.
const IN_FULL: usize = 5;

/// What was tried, and what came of it.
#[derive(Debug, Serialize)]
pub struct Tried {
    format: &'static str,
    verdict: &'static str,
    orchestrator: String,
    worlds: u64,
    operations: u64,
    calls: u64,
    faults: u64,
    crashes: u64,
    undecided: u64,
    violations: Vec<Convicted>,
    scenarios: Vec<Row>,
    left_out: Vec<LeftOut>,
}

/// A scenario that was played.
#[derive(Debug, Serialize)]
struct Row {
    /// The file and the line that it comes from.
    #[serde(skip)]
    place: Option<(String, usize)>,
    name: String,
    worlds: u64,
    operations: u64,
    calls: u64,
    faults: u64,
    crashes: u64,
    violations: u64,
    /// What of it cannot be had over real HTTP.
    without: Vec<&'static str>,
}

/// A scenario that was not.
#[derive(Debug, Serialize)]
struct LeftOut {
    name: String,
    why: &'static str,
}

/// A violation, in its world.
#[derive(Debug, Serialize)]
struct Convicted {
    /// The place of its scenario.
    #[serde(skip)]
    place: usize,
    scenario: String,
    seed: u64,
    checker: &'static str,
    diagnosis: Option<&'static str>,
    customer: Option<String>,
    message: String,
    /// The command that plays the world again.
    replay: String,
    /// What happened, in the first violation of a world.
    story: Vec<String>,
}

impl Tried {
    /// Nothing was tried yet.
    #[must_use]
    pub fn new(orchestrator: &str) -> Self {
        Self {
            format: FORMAT,
            verdict: Verdict::Held.name(),
            orchestrator: orchestrator.to_owned(),
            worlds: 0,
            operations: 0,
            calls: 0,
            faults: 0,
            crashes: 0,
            undecided: 0,
            violations: Vec::new(),
            scenarios: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// This scenario will be played, without these parts of it.
    pub fn row(&mut self, scenario: &Scenario, without: &[&'static str]) {
        let (name, without, place) = (scenario.name.clone(), without.to_vec(), sheet::place(scenario));
        self.scenarios.push(Row {
            place,
            name,
            worlds: 0,
            operations: 0,
            calls: 0,
            faults: 0,
            crashes: 0,
            violations: 0,
            without,
        });
    }

    /// This scenario will not be played.
    pub fn leave_out(&mut self, name: &str, why: &'static str) {
        self.left_out.push(LeftOut { name: name.to_owned(), why });
    }

    /// The name of the scenario at this place.
    #[must_use]
    pub fn name(&self, place: usize) -> &str {
        self.scenarios.get(place).map_or("", |row| &row.name)
    }

    /// A world of the scenario at this place was played, and can be again by this command.
    pub fn note(&mut self, place: usize, seed: u64, played: Played, again: String) {
        let Some(row) = self.scenarios.get_mut(place) else { return };
        let Played { operations, calls, faults, crashes, undecided, violations, mut story } = played;
        let found = violations.len() as u64;
        for (all, own, more) in [
            (&mut self.worlds, &mut row.worlds, 1),
            (&mut self.operations, &mut row.operations, operations),
            (&mut self.calls, &mut row.calls, calls),
            (&mut self.faults, &mut row.faults, faults),
            (&mut self.crashes, &mut row.crashes, crashes),
        ] {
            *all += more;
            *own += more;
        }
        row.violations += found;
        self.undecided += u64::from(undecided);
        let scenario = row.name.clone();
        let convicted = |Violation { checker, diagnosis, customer, message, .. }| Convicted {
            place,
            scenario: scenario.clone(),
            seed,
            checker: checker.name(),
            diagnosis: diagnosis.map(|diagnosis: crate::check::Diagnosis| diagnosis.name()),
            customer: Some(customer).filter(|customer| !customer.is_empty()),
            message,
            replay: again.clone(),
            story: std::mem::take(&mut story),
        };
        self.violations.extend(violations.into_iter().map(convicted));
        // Which world is over first says nothing.
        self.violations.sort_by_key(|convicted| (convicted.place, convicted.seed));
        self.verdict = self.verdict().name();
    }

    /// The verdict.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if self.violations.is_empty() { Verdict::Held } else { Verdict::Violated }
    }
}

impl Tried {
    /// The scenarios with all that fails them.
    #[must_use]
    pub fn cases(&self) -> Vec<Case> {
        let problem = |convicted: &Convicted| {
            let Convicted { seed, checker, diagnosis, customer, message, replay, story, .. } = convicted;
            let story: String = story.iter().map(|line| format!("\n  {line}")).collect();
            Problem {
                kind: words::title(checker, *diagnosis, None),
                title: format!("{}, seed {seed}", words::title(checker, *diagnosis, customer.as_deref())),
                text: format!("{}{story}\nreplay: {replay}", message.trim_end()),
            }
        };
        let cases = self.scenarios.iter().enumerate().map(|(place, row)| Case {
            name: row.name.clone(),
            place: row.place.clone(),
            problems: self.violations.iter().filter(|one| one.place == place).map(problem).collect(),
            more: 0,
        });
        cases.collect()
    }
}

/// Writes it for test runners, a test case a scenario.
///
/// # Errors
/// Where it cannot be written.
pub fn junit(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let cases = tried.cases().into_iter().map(|case| (case, None)).collect();
    let properties = vec![("orchestrator", tried.orchestrator.clone()), ("worlds", tried.worlds.to_string())];
    junit::suite(&Suite { name: "sagaproof.test".to_owned(), properties, cases, took: None }, out)
}

/// Writes it as one JSON object on one line.
///
/// # Errors
/// Where it cannot be written.
pub fn json(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, tried)?;
    out.write_all(b"\n")
}

/// Writes it for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let widest = tried.scenarios.iter().map(|row| row.name.len()).chain([8]).max().unwrap_or(8);
    writeln!(out, "{:widest$}  worlds  operations  calls  faults  crashes", "scenario")?;
    for row in &tried.scenarios {
        let Row { name, worlds, operations, calls, faults, crashes, violations, .. } = row;
        write!(out, "{name:widest$}  {worlds:>6}  {operations:>10}  {calls:>5}  {faults:>6}  {crashes:>7}")?;
        let wrong = words::count(*violations, "violation", "violations");
        if *violations == 0 { writeln!(out)? } else { writeln!(out, "  {wrong}")? }
    }
    without(tried, out)?;
    if tried.undecided > 0 {
        writeln!(out, "\n{} worlds are neither held nor violated: {}", tried.undecided, words::TOO_MANY_ORDERS)?;
    }
    violations(tried, out)?;
    let Tried { worlds, operations, calls, faults, crashes, .. } = tried;
    write!(out, "\n{} over real HTTP: {worlds} worlds, {operations} operations, {calls} calls, ", tried.orchestrator)?;
    writeln!(out, "{faults} faults, {crashes} crashes\n{}", tried.verdict.to_uppercase())
}

/// What could not be had.
fn without(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let mut parts: Vec<&str> = tried.scenarios.iter().flat_map(|row| row.without.iter().copied()).collect();
    parts.sort_unstable();
    parts.dedup();
    if !parts.is_empty() {
        writeln!(out, "\nleft out of these scenarios, where they have it: {}", parts.join("; "))?;
    }
    let mut reasons: Vec<&str> = tried.left_out.iter().map(|left| left.why).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for why in reasons {
        let names: Vec<&str> =
            tried.left_out.iter().filter(|left| left.why == why).map(|left| left.name.as_str()).collect();
        writeln!(
            out,
            "\nnot played, {}: {}",
            words::count(names.len() as u64, "scenario", "scenarios"),
            names.join(", ")
        )?;
        writeln!(out, "  {why}")?;
    }
    Ok(())
}

fn violations(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let mut told: Vec<&str> = Vec::new();
    for convicted in &tried.violations {
        let Convicted { scenario, seed, checker, diagnosis, customer, message, replay, story, .. } = convicted;
        let title = words::title(checker, *diagnosis, customer.as_deref());
        writeln!(out, "\n{scenario} / seed {seed}: {title}")?;
        let in_full = !told.contains(&scenario.as_str()) && told.len() < IN_FULL;
        if in_full {
            told.push(scenario);
            message.lines().try_for_each(|line| writeln!(out, "  {line}"))?;
            if !story.is_empty() {
                writeln!(out, "\n  what happened, in seconds:")?;
                story.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
            }
        }
        writeln!(out, "  replay: {replay}")?;
    }
    Ok(())
}
