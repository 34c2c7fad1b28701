//! What of a scenario can be had over real HTTP, where neither the orchestrator's store nor its clock is ours.

use sagaproof_sim::chaos::rule::{Chaos, CrashRule, DiskRule, PauseRule};
use sagaproof_sim::clock::Nanos;

use crate::scenario::Scenario;
use crate::workload::is_fair;

/// A scenario as it is played over real HTTP.
#[derive(Debug, Clone)]
pub struct Suited {
    /// What is left of it.
    pub scenario: Scenario,
    /// What is not.
    pub without: Vec<&'static str>,
}

impl Suited {
    /// The scenario, for an orchestrator that we may kill and start again, or may not.
    ///
    /// # Errors
    /// Why there is nothing of it to play.
    pub fn of(scenario: &Scenario, may_kill: bool) -> Result<Self, &'static str> {
        if scenario.hub.processes > 1 {
            return Err("it runs several processes of one orchestrator");
        }
        if scenario.beyond.is_some() {
            return Err("it breaks an assumption, after which only an operator's sweep mends what is left");
        }
        if scenario.workload.operators > 0 {
            return Err("its operators press the buttons of the built-in hub");
        }
        let Chaos { crash, pause, clocks, disk, ties, .. } = scenario.chaos;
        let parts = [
            (!may_kill && crash.at_most > 0, "crashes, for the program is not ours to kill"),
            (pause != PauseRule::default(), "pauses of the process"),
            (clocks, "clocks that run apart"),
            (disk != DiskRule::default(), "what befalls the store"),
            (ties, "ties"),
            (scenario.fleet.points > 0, "loyalty points, which no client can give"),
            (true, "how politely vendors are called (`polite`)"),
        ];
        let mut left = scenario.clone();
        left.fleet.points = 0;
        left.chaos = Chaos {
            crash: if may_kill { crash } else { CrashRule::default() },
            pause: PauseRule::default(),
            clocks: false,
            disk: DiskRule::default(),
            ties: false,
            ..left.chaos
        };
        if is_fair(&left.chaos) && !is_fair(&scenario.chaos) {
            return Err("all that goes wrong in it befalls the orchestrator's own process or store");
        }
        let without = parts.into_iter().filter_map(|(given, what)| given.then_some(what)).collect();
        Ok(Self { scenario: left, without })
    }

    /// How long nothing must come to the vendors until it is sure that nothing more is to come: what is late has landed, and
    /// whoever waited for that has looked.
    pub(super) fn rest(&self) -> Nanos {
        self.scenario.horizon + self.scenario.fleet.index_lag + MARGIN
    }
}

/// For what an orchestrator's own machine takes.
const MARGIN: Nanos = Nanos::millis(500);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::built_in;

    fn suited(name: &str, may_kill: bool) -> Result<Vec<&'static str>, &'static str> {
        let built_in = built_in().unwrap();
        let scenario = built_in.iter().find(|scenario| scenario.name == name).unwrap();
        Suited::of(scenario, may_kill).map(|suited| suited.without)
    }

    #[test]
    fn what_is_the_process_s_or_the_store_s_is_left_out_and_told() {
        let polite = "how politely vendors are called (`polite`)";
        assert_eq!(suited("create-one", true).unwrap(), ["what befalls the store", "ties", polite]);
        assert_eq!(suited("create-one", false).unwrap().len(), 4);
        assert_eq!(suited("fair-weather", false).unwrap(), [polite]);
        assert_eq!(suited("crash-anywhere", true).unwrap(), [polite]);
    }

    #[test]
    fn a_scenario_of_which_nothing_is_left_is_refused_with_the_reason() {
        for (name, why) in [
            ("full-store", "all that goes wrong"),
            ("hubs-share", "several processes"),
            ("beyond-lost", "breaks an assumption"),
            ("operators-press-anything", "buttons"),
        ] {
            assert!(suited(name, false).unwrap_err().contains(why), "{name}");
        }
    }
}
