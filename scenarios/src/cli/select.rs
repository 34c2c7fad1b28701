//! Which scenarios and which orchestrator a command means: by path, by name, by pattern.

use std::io::Write;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use super::Failure;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::nearest::nearest;
use crate::report::words;
use crate::scenario::{self, Scenario};
use crate::version::{self, Orchestrator};

/// The scenarios of these paths (none: those built in) whose names the pattern finds.
pub(super) fn scenarios(paths: &[PathBuf], filter: Option<&Regex>) -> Result<Vec<Scenario>, Failure> {
    let mut scenarios = if paths.is_empty() { scenario::built_in()? } else { scenario::load(paths)? };
    if let Some(filter) = filter {
        scenarios.retain(|scenario| filter.is_match(&scenario.name));
        if scenarios.is_empty() {
            let message = format!("no scenario's name is found by the filter `{filter}`");
            return Err(Diagnostic::new(message).fix("see their names with `sagaproof list`").into());
        }
    }
    Ok(scenarios)
}

/// Whether the orchestrator can be put into the scenario's worlds.
fn suits(scenario: &Scenario, orchestrator: &Orchestrator) -> bool {
    scenario.hub.processes == 1 || !matches!(orchestrator, Orchestrator::Program(_))
}

fn unsuited() -> Diagnostic {
    Diagnostic::new("a program cannot share its store with others of its kind")
}

/// The same for one scenario, which cannot be left out.
pub(super) fn suited_one(scenario: &Scenario, orchestrator: &Orchestrator) -> Result<(), Failure> {
    if suits(scenario, orchestrator) {
        return Ok(());
    }
    let (name, processes) = (&scenario.name, scenario.hub.processes);
    Err(unsuited().fix(format!("choose a scenario that runs one process: {name} runs {processes}")).into())
}

/// Leaves out what a program of somebody's own cannot be put into, and says so.
pub(super) fn suited(
    mut scenarios: Vec<Scenario>,
    orchestrators: &[&Orchestrator],
    err: &mut dyn Write,
) -> Result<Vec<Scenario>, Failure> {
    let all = scenarios.len();
    scenarios.retain(|scenario| orchestrators.iter().all(|one| suits(scenario, one)));
    if scenarios.is_empty() {
        return Err(unsuited().fix("choose scenarios that run one process").into());
    }
    if scenarios.len() < all {
        let left = words::count((all - scenarios.len()) as u64, "scenario is", "scenarios are");
        writeln!(err, "{left} left out: several processes over one store run there.")?;
    }
    Ok(scenarios)
}

/// The scenario that a file names: as it is written; where there is no such file from here, as seen from that file's
/// folder, for whoever saved the two side by side may stand elsewhere by now.
pub(super) fn scenario_of(written: &str, file: &Path) -> Result<Scenario, Failure> {
    let is_there = |written: &str| {
        let path = written.rsplit_once(':').map_or(written, |(path, _)| path);
        Path::new(written).exists() || Path::new(path).exists()
    };
    let beside = file.parent().map(|folder| folder.join(written)).filter(|_| written.contains(['/', '.', '\\']));
    match beside.as_deref().and_then(Path::to_str) {
        Some(beside) if !is_there(written) && is_there(beside) => scenario(beside),
        _ => scenario(written),
    }
}

/// One scenario: a built-in name, a path to a file that holds one scenario, or such a path, `:` and a name.
pub(super) fn scenario(written: &str) -> Result<Scenario, Failure> {
    let mut built_in = scenario::built_in()?;
    if let Some(place) = built_in.iter().position(|scenario| scenario.name == written) {
        return Ok(built_in.swap_remove(place));
    }
    let (path, name) = match written.rsplit_once(':') {
        Some((path, name)) if !Path::new(written).exists() => (path, Some(name)),
        _ => (written, None),
    };
    if !Path::new(path).exists() && !path.contains(['/', '.', '\\']) {
        let likely = nearest(written, built_in.iter().map(|scenario| scenario.name.as_str()));
        let unknown = Diagnostic::new(format!("there is no scenario `{written}`")).value(written).nearest(likely);
        return Err(unknown.fix("see their names with `sagaproof list`, or give the path of a scenario file").into());
    }
    let mut found = scenario::load(&[path])?;
    match name {
        None if found.len() == 1 => {}
        None => {
            let first = found.first().map_or("", |scenario| &scenario.name);
            let message = format!("`{path}` holds {} scenarios", found.len());
            return Err(Diagnostic::new(message).fix(format!("name one, as `{path}:{first}`")).into());
        }
        Some(name) => {
            let names: Vec<&str> = found.iter().map(|scenario| scenario.name.as_str()).collect();
            let likely = nearest(name, names.iter().copied()).map(str::to_owned);
            found.retain(|scenario| scenario.name == name);
            if found.is_empty() {
                let unknown = Diagnostic::new(format!("`{path}` holds no scenario `{name}`")).value(name);
                return Err(unknown.nearest(likely.as_deref()).into());
            }
        }
    }
    Ok(found.swap_remove(0))
}

/// The built-in orchestrator of this name.
pub(super) fn orchestrator(written: &str) -> Result<Orchestrator, Failure> {
    Orchestrator::built_in(written).ok_or_else(|| {
        let unknown = Diagnostic::new(format!("there is no orchestrator `{written}`")).value(written);
        unknown.nearest(nearest(written, version::names())).fix("see their names with `sagaproof list`").into()
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_scenario_is_found_beside_the_file_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let suite = "scenarios:\n  - {name: beside, proves: It is found., level: basic, \
                     workload: {population: 1, operations: 1, mix: {create: 100%}}}\n";
        fs::write(folder.path().join("beside.yaml"), suite).unwrap();
        let file = folder.path().join("found.schedule");
        for written in ["beside.yaml:beside", "beside.yaml", "./beside.yaml:beside"] {
            assert_eq!(scenario_of(written, &file).ok().unwrap().name, "beside", "{written}");
        }
        assert_eq!(scenario_of("create-one", &file).ok().unwrap().name, "create-one");
        assert!(scenario_of("other.yaml:beside", &file).is_err());
        let absolute = folder.path().join("beside.yaml").to_string_lossy().into_owned();
        assert_eq!(scenario_of(&absolute, Path::new("elsewhere/found.schedule")).ok().unwrap().name, "beside");
    }
}
