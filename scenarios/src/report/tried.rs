//! The report of scenarios that were played over real HTTP: for people, and as one JSON object.

use std::io::{self, Write};

use serde::Serialize;

use super::case::{self, Case, Problem};
use super::junit::{self, Suite};
use super::wire::Violation;
use super::{Verdict, sheet, words};
use crate::run::live::Played;
use crate::scenario::Scenario;

/// The format of the JSON report.
const FORMAT: &str = "sagaproof-test/1";

/// Where it stands what an orchestrator answers.
const FACADE: &str = "orchestrator/facade.openapi.yaml";

/// So many worlds that failed are told in full, each the first of its scenario.
const IN_FULL: usize = 5;

/// So many lines of a message are shown of the others.
const IN_BRIEF: usize = 2;

/// What was tried, and what came of it.
#[derive(Debug)]
pub struct Tried {
    orchestrator: String,
    /// In how many worlds the law could not decide.
    undecided: u64,
    scenarios: Vec<Row>,
    /// In order of the scenarios and their seeds.
    violations: Vec<Violation>,
    left_out: Vec<LeftOut>,
}

/// The report as it is written for machines.
#[derive(Debug, Serialize)]
struct Object<'a> {
    format: &'static str,
    verdict: &'static str,
    orchestrator: &'a str,
    worlds: u64,
    operations: u64,
    acknowledged: u64,
    calls: u64,
    faults: u64,
    crashes: u64,
    undecided: u64,
    violations: &'a [Violation],
    scenarios: &'a [Row],
    left_out: &'a [LeftOut],
}

/// A scenario that was played.
#[derive(Debug, Default, Serialize)]
struct Row {
    /// The file and the line that it comes from.
    #[serde(skip)]
    place: Option<(String, usize)>,
    name: String,
    worlds: u64,
    operations: u64,
    acknowledged: u64,
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

impl Tried {
    /// Nothing was tried yet.
    #[must_use]
    pub fn new(orchestrator: &str) -> Self {
        Self {
            orchestrator: orchestrator.to_owned(),
            undecided: 0,
            scenarios: Vec::new(),
            violations: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// This scenario will be played, without these parts of it.
    pub fn row(&mut self, scenario: &Scenario, without: &[&'static str]) {
        let (place, name, without) = (sheet::place(scenario), scenario.name.clone(), without.to_vec());
        self.scenarios.push(Row { place, name, without, ..Row::default() });
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
    pub fn note(&mut self, place: usize, seed: u64, played: Played, replay: &str) {
        let Some(row) = self.scenarios.get_mut(place) else { return };
        let Played { operations, acknowledged, calls, faults, crashes, undecided, violations, story } = played;
        row.worlds += 1;
        row.operations += operations;
        row.acknowledged += acknowledged;
        row.calls += calls;
        row.faults += faults;
        row.crashes += crashes;
        row.violations += violations.len() as u64;
        self.undecided += u64::from(undecided);
        let mut found: Vec<Violation> =
            violations.iter().map(|one| Violation::of(&row.name, seed, one, replay.to_owned())).collect();
        // Told once a world.
        if let Some(first) = found.first_mut() {
            first.story = story;
        }
        self.violations.extend(found);
        // Which world is over first says nothing.
        let place = |name: &str| self.scenarios.iter().position(|row| row.name == name);
        self.violations.sort_by_key(|violation| (place(&violation.scenario), violation.seed));
    }

    /// Why there is no verdict, where there is none: who never does anything does nothing wrong.
    #[must_use]
    pub fn unproven(&self) -> Option<String> {
        let sum = |count: fn(&Row) -> u64| self.scenarios.iter().map(count).sum::<u64>();
        let idle = sum(|row| row.operations) > 0 && sum(|row| row.acknowledged) == 0;
        (idle && self.violations.is_empty()).then(|| {
            let tried = &self.orchestrator;
            format!(
                "nothing that clients asked was ever acknowledged: is {tried} the facade? What that answers stands in \
                 {FACADE}"
            )
        })
    }

    /// The verdict's name, as it is reported.
    fn outcome(&self) -> &'static str {
        if self.unproven().is_some() { "undecided" } else { self.verdict().name() }
    }

    /// The verdict, where there is one.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if self.violations.is_empty() { Verdict::Held } else { Verdict::Violated }
    }

    /// The scenarios with all that fails them.
    #[must_use]
    pub fn cases(&self) -> Vec<Case> {
        let unproven = self.unproven().map(|why| Problem {
            kind: "undecided".to_owned(),
            title: "nothing was ever acknowledged".to_owned(),
            text: why,
        });
        let case = |row: &Row| {
            let violated = self.violations.iter().filter(|one| one.scenario == row.name).map(case::violated);
            let problems = violated.chain(unproven.clone()).collect();
            Case { name: row.name.clone(), place: row.place.clone(), problems, more: 0 }
        };
        self.scenarios.iter().map(case).collect()
    }

    fn object(&self) -> Object<'_> {
        let sum = |count: fn(&Row) -> u64| self.scenarios.iter().map(count).sum();
        Object {
            format: FORMAT,
            verdict: self.outcome(),
            orchestrator: &self.orchestrator,
            worlds: sum(|row| row.worlds),
            operations: sum(|row| row.operations),
            acknowledged: sum(|row| row.acknowledged),
            calls: sum(|row| row.calls),
            faults: sum(|row| row.faults),
            crashes: sum(|row| row.crashes),
            undecided: self.undecided,
            violations: &self.violations,
            scenarios: &self.scenarios,
            left_out: &self.left_out,
        }
    }
}

/// Writes it for test runners, a test case a scenario.
///
/// # Errors
/// Where it cannot be written.
pub fn junit(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let cases = tried.cases().into_iter().map(|case| (case, None)).collect();
    let worlds = tried.object().worlds.to_string();
    let properties = vec![("orchestrator", tried.orchestrator.clone()), ("worlds", worlds)];
    junit::suite(&Suite { name: "sagaproof.test".to_owned(), properties, cases, took: None }, out)
}

/// Writes it as one JSON object on one line.
///
/// # Errors
/// Where it cannot be written.
pub fn json(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &tried.object())?;
    out.write_all(b"\n")
}

/// Writes it for people.
///
/// # Errors
/// Where it cannot be written.
pub fn terminal(tried: &Tried, out: &mut dyn Write) -> io::Result<()> {
    let widest = tried.scenarios.iter().map(|row| row.name.len()).chain([8]).max().unwrap_or(8);
    writeln!(out, "{:widest$}  worlds  operations  acknowledged  calls  faults  crashes", "scenario")?;
    for row in &tried.scenarios {
        let Row { name, worlds, operations, acknowledged, calls, faults, crashes, violations, .. } = row;
        write!(
            out,
            "{name:widest$}  {worlds:>6}  {operations:>10}  {acknowledged:>12}  {calls:>5}  {faults:>6}  {crashes:>7}"
        )?;
        let wrong = words::count(*violations, "violation", "violations");
        if *violations == 0 { writeln!(out)? } else { writeln!(out, "  {wrong}")? }
    }
    without(tried, out)?;
    if tried.undecided > 0 {
        writeln!(out, "\n{} worlds are neither held nor violated: {}", tried.undecided, words::TOO_MANY_ORDERS)?;
    }
    violations(tried, out)?;
    let Object { verdict, orchestrator, worlds, operations, acknowledged, calls, faults, crashes, .. } = tried.object();
    write!(
        out,
        "\n{orchestrator} over real HTTP: {worlds} worlds, {operations} operations ({acknowledged} acknowledged), "
    )?;
    writeln!(out, "{calls} calls, {faults} faults, {crashes} crashes\n{}", verdict.to_uppercase())
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
    for violation in &tried.violations {
        let Violation { scenario, seed, checker, diagnosis, customer, message, replay, story } = violation;
        let title = words::title(checker, diagnosis.as_deref(), customer.as_deref());
        writeln!(out, "\n{scenario} / seed {seed}: {title}")?;
        let in_full = !told.contains(&scenario.as_str()) && told.len() < IN_FULL;
        if in_full {
            told.push(scenario);
            message.lines().try_for_each(|line| writeln!(out, "  {line}"))?;
            if !story.is_empty() {
                writeln!(out, "\n  what happened, in seconds:")?;
                story.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
            }
        } else {
            message.lines().take(IN_BRIEF).try_for_each(|line| writeln!(out, "  {line}"))?;
        }
        writeln!(out, "  replay: {replay}")?;
    }
    Ok(())
}
