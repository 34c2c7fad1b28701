//! What a version that was rolled back leaves behind: which customers it touched, and what became of each as the world went
//! on, was healed, redriven and reconciled. Who steps the world stands in `simulated`, what worlds add up to in `canary`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sagaproof_orchestrator::customer::row::{CustomerRow, Standing, customer_key};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::observation::{Observation, Observer, Phase};
use sagaproof_sim::process::Note;
use sagaproof_sim::world::Disk;

use crate::check::{CheckerName, EndState, Violation, apart};
use crate::operation::{Customer, Plan};
use crate::workload::is_reconciliation;

/// What became of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// Every system showed it as the primary did, from the rollback on.
    Consistent,
    /// It did when what was under way at the rollback had ended.
    Healed,
    /// It did after the operator's redrive.
    Redriven,
    /// It did after the reconciliation.
    Reconciled,
    /// A saga of it is parked in the end.
    Parked,
    /// Every system shows it as the primary does, but not as its client was told.
    NotAsTold,
    /// Systems do not show it as the primary does in the end.
    Broken,
}

impl Became {
    /// All of them, the best first.
    pub const ALL: [Self; 7] =
        [Self::Consistent, Self::Healed, Self::Redriven, Self::Reconciled, Self::Parked, Self::NotAsTold, Self::Broken];

    /// Its name, as in reports for machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Consistent => "consistent",
            Self::Healed => "healed",
            Self::Redriven => "redriven",
            Self::Reconciled => "reconciled",
            Self::Parked => "parked",
            Self::NotAsTold => "not-as-told",
            Self::Broken => "broken",
        }
    }

    /// What it means, for people.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Consistent => "consistent from the rollback on",
            Self::Healed => "mended as what was under way ended",
            Self::Redriven => "mended by redrive",
            Self::Reconciled => "mended by reconciliation",
            Self::Parked => "parked, for an operator",
            Self::NotAsTold => "consistent, but not as its client was told",
            Self::Broken => "still broken",
        }
    }
}

/// A customer, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// The customer.
    pub cust_no: String,
    /// Whether the candidate was ever asked to change it, or wrote on its behalf.
    pub touched: bool,
    /// What became of it.
    pub became: Became,
    /// Which of [`EndState::SYSTEMS`] reconciliation made as the primary says.
    pub mended: [bool; 3],
}

/// Who did not agree on whom at some moment, by customer.
pub(super) type Apart = BTreeMap<String, [bool; 3]>;

/// What all systems and the primary say of the customers of a plan just now.
pub(super) fn look(plan: &Plan, disk: &Disk, end: &EndState) -> Apart {
    let primary = |cust_no: &str| {
        let key = customer_key(cust_no);
        let (.., value) = disk.rows().find(|(found, ..)| *found == key)?;
        let row: CustomerRow = serde_json::from_slice(value).ok()?;
        matches!(row.standing, Standing::Active | Standing::Closing).then(|| Customer {
            cust_no: cust_no.to_owned(),
            email: row.profile.email,
            given_name: row.profile.given_name,
            family_name: row.profile.family_name,
            phone: row.profile.phone,
        })
    };
    let look = |cust_no: String| {
        let apart = apart(end, &cust_no, primary(&cust_no).as_ref());
        (cust_no, apart)
    };
    customers(plan).into_iter().map(look).collect()
}

/// All whom a plan names.
fn customers(plan: &Plan) -> BTreeSet<String> {
    let named = plan.operations.iter().flat_map(|one| [Some(one.kind.cust_no()), one.kind.goner()]).flatten();
    let standing = plan.customers.iter().map(|customer| customer.cust_no.as_str());
    named.chain(standing).map(str::to_owned).collect()
}

/// Watches who writes on whose behalf.
#[derive(Debug)]
pub(super) struct Touched {
    plan: Arc<Plan>,
    /// What each process runs.
    releases: Vec<u8>,
    process: u8,
    /// The customers of each saga.
    sagas: BTreeMap<u64, Vec<String>>,
    touched: BTreeSet<String>,
    parked: BTreeSet<u64>,
    /// The phase that the world is in.
    pub(super) phase: Phase,
    /// Whether the reconciliation was asked for.
    pub(super) reconciles: bool,
}

impl Touched {
    pub(super) fn new(plan: Arc<Plan>, releases: Vec<u8>) -> Self {
        Self {
            plan,
            releases,
            process: 0,
            sagas: BTreeMap::new(),
            touched: BTreeSet::new(),
            parked: BTreeSet::new(),
            phase: Phase::Work,
            reconciles: false,
        }
    }

    fn began(&mut self, saga: u64, correlation: &str) {
        let own = |sent: &Option<String>| sent.as_deref() == Some(correlation);
        let operation = self.plan.operations.iter().find(|operation| own(&operation.correlation));
        let kind = operation.map(|operation| &operation.kind);
        let whom = kind.into_iter().flat_map(|kind| [Some(kind.cust_no()), kind.goner()]).flatten();
        self.sagas.insert(saga, whom.map(str::to_owned).collect());
    }

    /// Whether it is the candidate's turn.
    fn candidate(&self) -> bool {
        self.releases.get(usize::from(self.process)) == Some(&1)
    }

    /// The candidate took a request in: whatever it says or does of that is its doing.
    fn asked(&mut self, operation: u32) {
        let Some(place) = self.plan.place(operation).filter(|_| self.candidate()) else { return };
        let kind = &self.plan.operations[place].kind;
        if kind.writes() {
            self.touched.extend([Some(kind.cust_no()), kind.goner()].into_iter().flatten().map(str::to_owned));
        }
    }

    fn touch(&mut self, saga: u64) {
        if self.candidate()
            && let Some(whom) = self.sagas.get(&saga)
        {
            self.touched.extend(whom.iter().cloned());
        }
    }

    /// What became of everybody: by what they showed at the rollback, when all under way had ended, after the redrive, and in
    /// the end; and by what convicts.
    pub(super) fn left(&self, looks: [&Apart; 4], violations: &[Violation]) -> Vec<Left> {
        let parked: BTreeSet<&String> = self.parked.iter().filter_map(|saga| self.sagas.get(saga)).flatten().collect();
        let law = violations.iter().filter(|violation| violation.checker == CheckerName::SerialEquivalent);
        let convicted: BTreeSet<&str> = law.map(|violation| violation.customer.as_str()).collect();
        let [back, healed, redriven, end] = looks;
        let one = |(cust_no, at_end): (&String, &[bool; 3])| {
            let at = |look: &Apart| look.get(cust_no).copied().unwrap_or_default();
            let any = |look: &Apart| at(look).contains(&true);
            let became = match () {
                () if parked.contains(cust_no) => Became::Parked,
                () if at_end.contains(&true) => Became::Broken,
                () if convicted.contains(cust_no.as_str()) => Became::NotAsTold,
                () if any(redriven) => Became::Reconciled,
                () if any(healed) => Became::Redriven,
                () if any(back) => Became::Healed,
                () => Became::Consistent,
            };
            let mut mended = at(redriven);
            mended.iter_mut().zip(at_end).for_each(|(mended, still)| *mended &= !still);
            Left { cust_no: cust_no.clone(), touched: self.touched.contains(cust_no), became, mended }
        };
        end.iter().map(one).collect()
    }
}

impl Observer for Touched {
    fn see(&mut self, _: Instant, observation: &Observation<'_>) {
        match observation {
            Observation::Phase(phase) => self.phase = *phase,
            Observation::Turn { process, .. } => self.process = *process,
            Observation::Stopped { release } => {
                if let Some(runs) = self.releases.get_mut(usize::from(self.process)) {
                    *runs = *release;
                }
            }
            Observation::Asked { operation, .. } => self.reconciles |= is_reconciliation(*operation),
            Observation::TakenIn { operation, .. } => self.asked(*operation),
            Observation::Sent { note: Some(note), .. } if note.mutating => self.touch(note.saga),
            Observation::Noted(Note::Began { saga, correlation, .. }) => {
                self.began(*saga, correlation);
                self.touch(*saga);
            }
            Observation::Noted(Note::Parked { saga, .. }) => {
                self.parked.insert(*saga);
            }
            Observation::Noted(Note::Redriven { saga } | Note::Ended { saga }) => {
                self.parked.remove(saga);
            }
            _ => {}
        }
    }
}
