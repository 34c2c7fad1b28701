//! The report for test runners: JUnit's XML, a test case a scenario.
//!
//! There is no standard, only readers. What they agree on is written: one `failure` a case, for several of them show the
//! first only, in which all that is wrong stands; and no times unless they were asked for.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};
use std::time::Duration;

use super::Report;
use super::case::{Case, Problem};
use crate::run::sweep::Swept;

/// A suite of test cases.
#[derive(Debug, Clone)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// What it was run with: names and values.
    pub properties: Vec<(&'static str, String)>,
    /// The cases, with the time that each took where that is to be told.
    pub cases: Vec<(Case, Option<Duration>)>,
    /// The time that all of them took, where that is to be told.
    pub took: Option<Duration>,
}

/// Writes the report of a run; with real times where it is given what took them.
///
/// # Errors
/// Where it cannot be written.
pub fn write(report: &Report, timed: Option<&Swept>, out: &mut dyn Write) -> io::Result<()> {
    let seeds = format!("{} to {}", report.seeds.start, report.seeds.end.saturating_sub(1));
    let mut properties = vec![("orchestrator", report.orchestrator.clone()), ("seeds", seeds)];
    properties.extend(report.partition.map(|partition| ("partition", partition.to_string())));
    properties.extend(report.cut.then(|| ("cut_by_time_budget", true.to_string())));
    let busy = |place: usize| timed.and_then(|swept| swept.busy.get(place).copied());
    let cases = report.cases().into_iter().enumerate().map(|(place, case)| (case, busy(place)));
    let name = format!("sagaproof.{}", report.orchestrator);
    suite(&Suite { name, properties, cases: cases.collect(), took: timed.map(|swept| swept.took) }, out)
}

/// Writes a report of one suite.
///
/// # Errors
/// Where it cannot be written.
pub fn suite(suite: &Suite, out: &mut dyn Write) -> io::Result<()> {
    let (name, time) = (Escaped(&suite.name), time(suite.took));
    let failures = suite.cases.iter().filter(|(case, _)| !case.problems.is_empty()).count();
    let counts = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\"", suite.cases.len());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"sagaproof\" {counts}{time}>")?;
    writeln!(out, "  <testsuite name=\"{name}\" {counts} skipped=\"0\"{time}>")?;
    writeln!(out, "    <properties>")?;
    for (name, value) in &suite.properties {
        writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", Escaped(value))?;
    }
    writeln!(out, "    </properties>")?;
    for (case, took) in &suite.cases {
        write_case(case, &name, *took, out)?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn write_case(case: &Case, suite: &Escaped<'_>, took: Option<Duration>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "    <testcase name=\"{}\" classname=\"{suite}\"", Escaped(&case.name))?;
    if let Some((file, line)) = &case.place {
        write!(out, " file=\"{}\" line=\"{line}\"", Escaped(file))?;
    }
    write!(out, "{}", time(took))?;
    let Some(first) = case.problems.first() else { return writeln!(out, "/>") };
    let others = case.problems.len() as u64 - 1 + case.more;
    let message = if others > 0 { format!("{}, and {others} more", first.title) } else { first.title.clone() };
    writeln!(out, ">\n      <failure type=\"{}\" message=\"{}\">", Escaped(&first.kind), Escaped(&message))?;
    for Problem { title, text, .. } in &case.problems {
        writeln!(out, "{}\n{}\n", Escaped(title), Escaped(text))?;
    }
    if case.more > 0 {
        writeln!(out, "{} more are not told.", case.more)?;
    }
    writeln!(out, "      </failure>\n    </testcase>")
}

/// The attribute of a time, to the millisecond.
fn time(took: Option<Duration>) -> String {
    took.map(|took| format!(" time=\"{}.{:03}\"", took.as_secs(), took.subsec_millis())).unwrap_or_default()
}

/// A text as XML has it, between tags and in attributes.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\r' => f.write_str("&#13;"),
            // XML has no way to write these.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                f.write_char('\u{fffd}')
            }
            plain => f.write_char(plain),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{report, swept, text};
    use super::*;

    #[test]
    fn all_that_is_wrong_with_a_scenario_stands_in_its_failure() {
        insta::assert_snapshot!(text(|out| write(&report(), None, out).unwrap()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="sagaproof" tests="2" failures="1" errors="0">
          <testsuite name="sagaproof.naive" tests="2" failures="1" errors="0" skipped="0">
            <properties>
              <property name="orchestrator" value="naive"/>
              <property name="seeds" value="0 to 599"/>
            </properties>
            <testcase name="mine" classname="sagaproof.naive" file="suites/&lt;=1 &amp; &quot;more&quot;.yaml" line="7">
              <failure type="same-world-twice" message="same-world-twice, seed 64, and 14 more">
        same-world-twice, seed 64
        2 worlds ran otherwise the second time: something in the orchestrator or the simulation is not deterministic
        replay: sagaproof replay --scenario 'suites/&lt;=1 &amp; &quot;more&quot;.yaml:mine' --seed 64 --orchestrator naive

        serial-equivalent (no-duplicates), customer C001, seed 4
        C001 is &lt;there&gt; twice,
          50% of &quot;it&quot; &amp; �[1mmore
        replay: sagaproof replay --scenario 'suites/&lt;=1 &amp; &quot;more&quot;.yaml:mine' --seed 4 --orchestrator naive

        polite, seed 9
        too often
        replay: sagaproof replay --scenario 'suites/&lt;=1 &amp; &quot;more&quot;.yaml:mine' --seed 9 --orchestrator naive

        retried was never reached
        A forward operation was sent a second time.
        None of 600 worlds reached it.

        11 more are not told.
              </failure>
            </testcase>
            <testcase name="create-one-fault" classname="sagaproof.naive"/>
          </testsuite>
        </testsuites>
        "#);
    }

    #[test]
    fn times_are_told_where_they_are_asked_for() {
        let times = text(|out| write(&report(), Some(&swept()), out).unwrap());
        for time in ["skipped=\"0\" time=\"2.000\"", "line=\"7\" time=\"0.250\"", " time=\"1.750\""] {
            assert!(times.contains(time), "{time} in {times}");
        }
    }
}
