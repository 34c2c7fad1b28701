//! The folder of `--failures`: a schedule for each failing world that is told, so that it can be replayed elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Failure, replay};
use crate::check::CheckerName;
use crate::explore::Shrunk;
use crate::report::{schedule_command, words};
use crate::run::sweep::{Order, Swept};
use crate::run::{Conviction, Plot, judges};
use crate::scenario::Scenario;
use crate::version::Orchestrator;

/// A folder, and what was written into it.
#[derive(Debug)]
pub(super) struct Failures {
    folder: PathBuf,
    written: BTreeSet<PathBuf>,
}

impl Failures {
    /// This folder. Made at once, for a run may take long, and a path that cannot be had should be known before.
    pub(super) fn into(folder: &Path) -> Result<Self, Failure> {
        let unmade = |error| Failure::Run(format!("{}: the folder cannot be made: {error}", folder.display()));
        fs::create_dir_all(folder).map_err(unmade)?;
        Ok(Self { folder: folder.to_owned(), written: BTreeSet::new() })
    }

    /// Writes the schedules of a sweep's convictions. Worlds that ran otherwise the second time are none that a
    /// schedule could show.
    pub(super) fn sweep(&mut self, order: &Order<'_>, swept: &Swept) -> Result<(), Failure> {
        let Some(appoint) = judges(order.orchestrator) else { return Ok(()) };
        for (scenario, tally) in order.scenarios.iter().zip(&swept.tallies) {
            for Conviction { seed, violation } in &tally.convictions {
                let Some(path) = self.path(scenario, violation.checker, *seed) else { continue };
                let mut judge = appoint(scenario);
                let record = judge.record(*seed, None);
                if let Some(why) = judge.broken() {
                    return Err(Failure::Run(why));
                }
                replay::save(&path, scenario, *seed, order.orchestrator, Plot::of(&record.chosen))?;
            }
        }
        Ok(())
    }

    /// Writes the schedules of smallest counterexamples; each with the checker that convicts it and its world's seed.
    pub(super) fn shrunk<'a>(
        &mut self,
        scenario: &Scenario,
        orchestrator: &Orchestrator,
        shrunk: impl IntoIterator<Item = (CheckerName, u64, &'a Shrunk)>,
    ) -> Result<(), Failure> {
        for (checker, seed, Shrunk { deviations, without, .. }) in shrunk {
            let Some(path) = self.path(scenario, checker, seed) else { continue };
            replay::save(&path, scenario, seed, orchestrator, Plot { deviations, without })?;
        }
        Ok(())
    }

    /// Where the schedule goes of a world that this checker convicts; none where it has been written already, for
    /// another customer of the same world.
    fn path(&mut self, scenario: &Scenario, checker: CheckerName, seed: u64) -> Option<PathBuf> {
        let path = self.folder.join(format!("{}-{}-{seed}.schedule", scenario.name, checker.name()));
        self.written.insert(path.clone()).then_some(path)
    }

    /// Says what was written.
    pub(super) fn say(&self, orchestrator: &Orchestrator, err: &mut dyn Write) -> io::Result<()> {
        let Some(first) = self.written.first() else { return Ok(()) };
        let schedules = words::count(self.written.len() as u64, "schedule", "schedules");
        let (folder, again) = (self.folder.display(), schedule_command(first, orchestrator));
        writeln!(err, "{schedules} of failing worlds in {folder}; again: {again}")
    }
}
