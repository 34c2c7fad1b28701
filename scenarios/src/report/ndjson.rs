//! The report for machines that read line by line: the JSON report's objects, one a line, the first before any world is
//! run. The verdict is the last: without one the run did not come to its end.

use std::io::{self, Write};
use std::ops::Range;

use super::Report;
use super::json::object;
use super::wire::{LINES, Line, Object, Seeds};
use crate::run::Partition;
use crate::run::sweep::{Order, Swept};

/// Writes the first line, and brings it to whoever reads; where the run is a part of one, with the seeds of the whole.
///
/// # Errors
/// Where it cannot be written.
pub fn begin(order: &Order<'_>, part: Option<&(Partition, Range<u64>)>, out: &mut dyn Write) -> io::Result<()> {
    let begin = Line::Begin {
        format: LINES,
        orchestrator: order.orchestrator.name(),
        scenarios: order.scenarios.iter().map(|scenario| &*scenario.name).collect(),
        seeds: Seeds::of(part.map_or(&order.seeds, |(_, whole)| whole)),
        partition: part.map(|(partition, _)| partition.to_string()),
    };
    line(&begin, out)?;
    out.flush()
}

/// Writes the other lines; with real times where they are given what took them.
///
/// # Errors
/// Where they cannot be written.
pub fn write(report: &Report, timed: Option<&Swept>, out: &mut dyn Write) -> io::Result<()> {
    let object = object(report, timed);
    object.violations.iter().try_for_each(|violation| line(&Line::Violation(violation), out))?;
    object.scenarios.iter().try_for_each(|row| line(&Line::Scenario(row), out))?;
    line(&verdict(object), out)
}

/// What is left of a report whose violations and scenarios have lines of their own.
fn verdict(whole: Object) -> Line<'static> {
    Line::Verdict {
        verdict: whole.verdict,
        worlds: whole.worlds,
        sagas: whole.sagas,
        calls: whole.calls,
        faults: whole.faults,
        violations_total: whole.violations_total,
        unreached: whole.unreached,
        cut_by_time_budget: whole.cut_by_time_budget,
        timings: whole.timings,
    }
}

fn line(line: &Line<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{order, report, scenarios, swept, text};
    use super::*;

    #[test]
    fn a_run_is_told_from_its_beginning_to_its_verdict() {
        let scenarios = scenarios();
        let lines = text(|out| {
            begin(&order(&scenarios), None, out).unwrap();
            write(&report(), Some(&swept()), out).unwrap();
        });
        insta::assert_snapshot!(lines, @r#"
        {"type":"begin","format":"sagaproof-run-lines/1","orchestrator":"naive","scenarios":["mine","create-one-fault"],"seeds":{"first":0,"count":600}}
        {"type":"violation","scenario":"mine","seed":64,"checker":"same-world-twice","diagnosis":null,"customer":null,"message":"2 worlds ran otherwise the second time: something in the orchestrator or the simulation is not deterministic","replay":"sagaproof replay --scenario 'suites/<=1 & \"more\".yaml:mine' --seed 64 --orchestrator naive"}
        {"type":"violation","scenario":"mine","seed":4,"checker":"serial-equivalent","diagnosis":"no-duplicates","customer":"C001","message":"C001 is <there> twice,\n  50% of \"it\" & \u001b[1mmore\n","replay":"sagaproof replay --scenario 'suites/<=1 & \"more\".yaml:mine' --seed 4 --orchestrator naive"}
        {"type":"violation","scenario":"mine","seed":9,"checker":"polite","diagnosis":null,"customer":null,"message":"too often","replay":"sagaproof replay --scenario 'suites/<=1 & \"more\".yaml:mine' --seed 9 --orchestrator naive"}
        {"type":"scenario","name":"mine","level":"strict","worlds":600,"sagas":599,"calls":2000,"exchanges":700,"crashes":0,"faults":{"drawn":30,"struck":20,"effective":10},"compensations":0,"parked":0,"latency_us":{"p50":10,"p99":40},"violations":12,"reached":["parked"],"unreached":["retried"]}
        {"type":"scenario","name":"create-one-fault","level":"strict","worlds":600,"sagas":599,"calls":2000,"exchanges":700,"crashes":0,"faults":{"drawn":30,"struck":20,"effective":10},"compensations":0,"parked":0,"latency_us":{"p50":2015,"p99":2015},"violations":0,"reached":["retried"],"unreached":[]}
        {"type":"verdict","verdict":"violated","worlds":1200,"sagas":1198,"calls":4000,"faults":{"drawn":60,"struck":40,"effective":20},"violations_total":14,"unreached":[{"scenario":"mine","mark":"retried","meaning":"A forward operation was sent a second time.","judged":true}],"cut_by_time_budget":false,"timings":{"took_ms":2000,"worlds_per_second":600}}
        "#);
    }

    #[test]
    fn a_part_says_that_it_is_one_and_whose() {
        let scenarios = scenarios();
        let order = Order { seeds: 200..400, ..order(&scenarios) };
        let part = Partition::new(2, 3).map(|part| (part, 0..600));
        insta::assert_snapshot!(text(|out| begin(&order, part.as_ref(), out).unwrap()), @r#"{"type":"begin","format":"sagaproof-run-lines/1","orchestrator":"naive","scenarios":["mine","create-one-fault"],"seeds":{"first":0,"count":600},"partition":"2/3"}"#);
    }
}
