//! Annotations for GitHub's runner: workflow commands, a line each, which it shows beside the code. It reads them on
//! standard output and standard error alike, so they go to the latter: reports stay what they are elsewhere.

use std::env;
use std::io::{self, Write};

use super::case::{Case, Problem};

/// Whether GitHub's runner reads what is written.
#[must_use]
pub fn listens() -> bool {
    env::var_os("GITHUB_ACTIONS").is_some_and(|set| set == "true")
}

/// Writes an annotation for all that is wrong. The runner shows ten of a step, so those that come first are of as many
/// cases as can be.
///
/// # Errors
/// Where they cannot be written.
pub fn write(cases: &[Case], out: &mut dyn Write) -> io::Result<()> {
    let first = cases.iter().flat_map(|case| case.problems.first().map(|problem| (case, problem)));
    let others = cases.iter().flat_map(|case| case.problems.iter().skip(1).map(move |problem| (case, problem)));
    first.chain(others).try_for_each(|(case, problem)| annotate(case, problem, out))
}

fn annotate(case: &Case, problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    let place = case.place.as_ref().map(|(file, line)| format!("file={},line={line},", property(file)));
    let title = property(&format!("{}: {}", case.name, problem.title));
    writeln!(out, "::error {}title={title}::{}", place.unwrap_or_default(), data(&problem.text))
}

/// A text as the rest of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{report, text};
    use super::*;

    #[test]
    fn an_annotation_is_one_line_whatever_it_says() {
        let annotations = text(|out| write(&report().cases(), out).unwrap());
        insta::assert_snapshot!(annotations.replace('\u{1b}', "ESC"), @r#"
        ::error file=suites/<=1 & "more".yaml,line=7,title=mine%3A same-world-twice%2C seed 64::2 worlds ran otherwise the second time: something in the orchestrator or the simulation is not deterministic%0Areplay: sagaproof replay --scenario 'suites/<=1 & "more".yaml:mine' --seed 64 --orchestrator naive
        ::error file=suites/<=1 & "more".yaml,line=7,title=mine%3A serial-equivalent (no-duplicates)%2C customer C001%2C seed 4::C001 is <there> twice,%0A  50%25 of "it" & ESC[1mmore%0Areplay: sagaproof replay --scenario 'suites/<=1 & "more".yaml:mine' --seed 4 --orchestrator naive
        ::error file=suites/<=1 & "more".yaml,line=7,title=mine%3A polite%2C seed 9::too often%0Areplay: sagaproof replay --scenario 'suites/<=1 & "more".yaml:mine' --seed 9 --orchestrator naive
        ::error file=suites/<=1 & "more".yaml,line=7,title=mine%3A retried was never reached::A forward operation was sent a second time.%0ANone of 600 worlds reached it.
        "#);
    }

    #[test]
    fn the_first_that_is_wrong_with_each_case_comes_first() {
        let problem = |title: &str| Problem { kind: String::new(), title: title.to_owned(), text: String::new() };
        let case = |name: &str| {
            let problems = vec![problem("one"), problem("two")];
            Case { name: name.to_owned(), place: None, problems, more: 0 }
        };
        insta::assert_snapshot!(text(|out| write(&[case("a"), case("b")], out).unwrap()), @r"
        ::error title=a%3A one::
        ::error title=b%3A one::
        ::error title=a%3A two::
        ::error title=b%3A two::
        ");
    }
}
