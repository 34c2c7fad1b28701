//! The report of a split for people: stage by stage, the stage that ended it whole, and the blast radius. For machines the
//! same stands in `split_json`.

use std::io::{self, Write};

use super::{Report, detail};
use crate::canary::split::{Stage, Walked};
use crate::canary::{Blast, Order, Told, Verdict};
use crate::check::EndState;
use crate::report::{replay_command, words};
use crate::run::{Became, LeftBehind};
use crate::scenario::Shift;

/// What was to be walked, and what it brought.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'a> {
    /// Baseline and candidate, scenarios and seeds.
    pub order: &'a Order<'a>,
    /// The plan.
    pub plan: &'a Shift,
    /// What it brought.
    pub walked: &'a Walked,
}

impl<'a> Walk<'a> {
    /// The order of a stage, as a canary's.
    pub(in crate::report) fn order_of(&self, stage: &'a Stage) -> Order<'a> {
        let [baseline, candidate] = &stage.sides;
        Order { baseline, candidate, ..*self.order }
    }

    /// What came of it, in a sentence.
    pub(in crate::report) fn outcome(&self) -> String {
        let reached = self.walked.share();
        let ended = self.walked.stages.last().map_or(0, |stage| stage.share);
        match self.walked.verdict() {
            Verdict::Pass => format!("the candidate has {reached} % of the customers"),
            Verdict::Fail => {
                format!("rolled back at {ended} %: the candidate has 0 % of the customers, and has drained")
            }
            Verdict::Inconclusive => format!("held at {reached} %: whether {ended} % would do is not decided"),
        }
    }
}

/// Writes the report.
///
/// # Errors
/// Where it cannot be written.
pub fn split(walk: &Walk<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (baseline, candidate) = (walk.order.baseline.name(), walk.order.candidate.name());
    let plan: Vec<String> = walk.plan.shares().iter().map(u8::to_string).collect();
    writeln!(out, "baseline   {baseline}\ncandidate  {candidate}\nplan       {} %\n", plan.join(" → "))?;
    for stage in &walk.walked.stages {
        let order = walk.order_of(stage);
        let report = Report { order: &order, compared: &stage.compared, witnesses: &stage.witnesses };
        let verdict = stage.compared.judgement.verdict.name().to_uppercase();
        writeln!(out, "{:>3} %  {verdict}: {}", stage.share, report.reasons())?;
    }
    if let Some(stage) = walk.walked.stages.last().filter(|_| walk.walked.verdict() != Verdict::Pass) {
        writeln!(out, "\nAt {} %", stage.share)?;
        let order = walk.order_of(stage);
        detail(&Report { order: &order, compared: &stage.compared, witnesses: &stage.witnesses }, out)?;
    }
    if let Some(blast) = &walk.walked.blast {
        radius(walk, blast, out)?;
    }
    writeln!(out, "\n{}: {}", walk.walked.verdict().name().to_uppercase(), walk.outcome())
}

/// Whom the candidate touched, and what became of them.
fn radius(walk: &Walk<'_>, blast: &Blast, out: &mut dyn Write) -> io::Result<()> {
    let Blast { worlds, reached, touched, others, mended, told, .. } = blast;
    let worlds = words::count(*worlds, "world", "worlds");
    writeln!(out, "\nBlast radius, over {worlds} that were rolled back")?;
    writeln!(out, "{:<44}  {:>9}  {:>9}", "customers", "touched", "others")?;
    for became in Became::ALL {
        let [of_them, of_others] = [touched, others].map(|sums| sums[became as usize]);
        if of_them + of_others > 0 {
            let [of_them, of_others] = [of_them, of_others].map(words::number);
            writeln!(out, "  {:<42}  {of_them:>9}  {of_others:>9}", became.meaning())?;
        }
    }
    let [all, rest] = [touched, others].map(|sums| words::number(sums.iter().sum()));
    writeln!(out, "  {:<42}  {all:>9}  {rest:>9}", "all")?;
    writeln!(out, "the candidate touched somebody in {}", words::count(*reached, "world", "worlds"))?;
    let systems = EndState::SYSTEMS.iter().zip(mended).filter(|(_, count)| **count > 0);
    let systems: Vec<String> =
        systems.map(|(system, count)| [system.name(), " ", &words::number(*count)].concat()).collect();
    if !systems.is_empty() {
        writeln!(out, "reconciliation mended what it had left at {}", systems.join(", "))?;
    }
    for world in told {
        tell(walk, blast, world, out)?;
    }
    Ok(())
}

fn tell(walk: &Walk<'_>, blast: &Blast, told: &Told, out: &mut dyn Write) -> io::Result<()> {
    let scenario = &walk.order.scenarios[told.scenario];
    writeln!(out, "\n  {}: {}", scenario.name, replay_command(scenario, told.seed, &blast.orchestrator))?;
    for LeftBehind { cust_no, became, mended, .. } in &told.customers {
        let at = EndState::SYSTEMS.iter().zip(mended).filter(|(_, mended)| **mended).map(|(system, _)| system.name());
        let at: Vec<&str> = at.collect();
        let at = if at.is_empty() { String::new() } else { format!(" at {}", at.join(", ")) };
        writeln!(out, "    {cust_no}  {}{at}", became.meaning())?;
    }
    Ok(())
}
