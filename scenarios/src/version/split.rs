//! Two versions of the hub over one store: the baseline and the candidate, with the customers divided between them. It is an
//! orchestrator like any other, so that its worlds are run, searched, shrunk and replayed like any other's.

use sagaproof_orchestrator::policy::Policy;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::process::Row;

use super::hub::{Hub, HubSpawn, Lives};
use super::planted::Plant;
use super::{Orchestrator, SeededCustomer, Version, patient, planted, saga};
use crate::scenario::{Deployment, PolicyOverrides, Shift, Terms};

/// A baseline, a candidate, and the shift of traffic from one to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// As it is written: `BASELINE+CANDIDATE@SHARES`.
    text: String,
    sides: [Orchestrator; 2],
    shift: Shift,
}

impl Split {
    /// The split of these; the one of them that cannot share a store, because it is no version of the hub, as the error.
    ///
    /// # Errors
    /// Where one of them is no version of the hub.
    pub fn new(baseline: &Orchestrator, candidate: &Orchestrator, shift: Shift) -> Result<Self, Orchestrator> {
        for one in [baseline, candidate] {
            if half(one).is_none() {
                return Err(one.clone());
            }
        }
        let text = format!("{}+{}@{shift}", baseline.name(), candidate.name());
        Ok(Self { text, sides: [baseline.clone(), candidate.clone()], shift })
    }

    /// What is written where a split is: the names of its halves, and the shift.
    #[must_use]
    pub fn halves(text: &str) -> Option<([&str; 2], Shift)> {
        let (halves, shares) = text.rsplit_once('@')?;
        let (baseline, candidate) = halves.split_once('+')?;
        Some(([baseline, candidate], Shift::read(shares)?))
    }

    /// Reads it as it is written, of versions that are built in.
    pub(super) fn read(text: &str) -> Option<Self> {
        let ([baseline, candidate], shift) = Self::halves(text)?;
        let known = |name: &str| Orchestrator::built_in(name).filter(|one| !matches!(one, Orchestrator::Split(_)));
        Self::new(&known(baseline)?, &known(candidate)?, shift).ok()
    }

    /// As it is written.
    pub(super) fn name(&self) -> &str {
        &self.text
    }

    /// The version; none where a half of it is not known any more.
    pub(super) fn version(&self) -> Option<Mixed> {
        let [baseline, candidate] = &self.sides;
        Some(Mixed { halves: [half(baseline)?, half(candidate)?], shift: self.shift })
    }
}

/// One of the two: the hub that it is, and what it does otherwise whatever a scenario asks.
#[derive(Debug, Clone)]
struct Half {
    hub: Hub<Box<dyn Plant>>,
    policy: PolicyOverrides,
}

/// The hub that an orchestrator is, where it is one.
fn half(orchestrator: &Orchestrator) -> Option<Half> {
    let plain = |policy| Half { hub: planted::unplanted(), policy };
    match orchestrator {
        Orchestrator::BuiltIn(saga::NAME) => Some(plain(patient::NOTHING)),
        Orchestrator::BuiltIn(name) => match patient::find(name) {
            Some(retry) => Some(plain(retry.policy)),
            None => planted::find(name).map(|bug| Half { hub: bug.planted(), policy: patient::NOTHING }),
        },
        Orchestrator::Policy(file) => Some(plain(file.policy)),
        Orchestrator::Program(_) | Orchestrator::Split(_) => None,
    }
}

/// Two versions of the hub over one store.
#[derive(Debug, Clone)]
pub struct Mixed {
    halves: [Half; 2],
    shift: Shift,
}

impl Half {
    fn lives(&self, terms: &Terms) -> Lives<Box<dyn Plant>> {
        self.hub.lives(&Terms { policy: self.policy.before(terms.policy), ..*terms })
    }
}

impl Version for Mixed {
    type Spawn = HubSpawn<Box<dyn Plant>>;

    fn spawn(&self, terms: &Terms, _seed: u64, logs: bool) -> Self::Spawn {
        let [baseline, candidate] = self.halves.each_ref().map(|half| half.lives(terms));
        HubSpawn::new(baseline, Some(candidate), logs)
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row> {
        self.halves[0].hub.seed_rows(customers)
    }

    /// What may be expected of both.
    fn policy(&self, asked: PolicyOverrides) -> PolicyOverrides {
        let [baseline, candidate] = self.halves.each_ref().map(|half| half.policy.before(asked));
        if baseline == candidate { baseline } else { looser(baseline, candidate) }
    }

    fn deployment(&self, asked: Deployment) -> Deployment {
        Deployment { split: Some(self.shift), upgrade: None, ..asked.shared() }
    }
}

/// Of each setting the one that lets more time pass and promises less. What one of the two leaves as it is shipped counts as
/// that.
fn looser(one: PolicyOverrides, other: PolicyOverrides) -> PolicyOverrides {
    let shipped = Policy::SHIPPED;
    let longer = |of: fn(&PolicyOverrides) -> Option<Nanos>, shipped: u64| {
        Some([&one, &other].map(|policy| of(policy).unwrap_or(Nanos(shipped))).into_iter().max().unwrap_or_default())
    };
    let fewer = |of: fn(&PolicyOverrides) -> Option<u32>, shipped: u32| {
        Some([&one, &other].map(|policy| of(policy).unwrap_or(shipped)).into_iter().min().unwrap_or_default())
    };
    let compensations = shipped.compensate_attempts.min(shipped.settle_attempts);
    PolicyOverrides {
        time_out: longer(|policy| policy.time_out, shipped.time_out.0),
        attempts: fewer(|policy| policy.attempts, shipped.forward_attempts),
        compensation_attempts: fewer(|policy| policy.compensation_attempts, compensations),
        backoff_base: longer(|policy| policy.backoff_base, shipped.backoff_base.0),
        backoff_cap: longer(|policy| policy.backoff_cap, shipped.backoff_cap.0),
        sync_wait: longer(|policy| policy.sync_wait, shipped.sync_wait.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_read_as_it_is_written() {
        let split = Split::read("saga+impatient@5,25,0").unwrap();
        assert_eq!(split.name(), "saga+impatient@5,25,0");
        assert!(split.version().is_some());
        for wrong in ["saga", "saga+saga", "saga@5", "saga+nobody@5", "saga+saga@500", "saga+saga+saga@5"] {
            assert_eq!(Split::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn who_is_no_hub_shares_no_store() {
        let named = |name| Orchestrator::built_in(name).unwrap();
        let shift = Shift::of(&[5]).unwrap();
        assert_eq!(Split::new(&named("saga"), &named("naive"), shift), Err(named("naive")));
    }
}
