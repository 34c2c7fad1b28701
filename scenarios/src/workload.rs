//! The workload: what clients and outsiders do in a world, generated from a scenario and a seed as a plan, and done by
//! [`WorkloadClients`]. What a scenario may ask for stands with the scenario; what is judged, with the checkers.
//!
//! A workload is a pure function of the scenario's `workload` and `fleet` parts and the seed. Operations have fixed
//! ids, so that one taken out moves none of the others.

mod clients;
mod draw;
mod generate;
mod harm;
mod operators;
mod people;
mod request;

use std::sync::Arc;

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;

pub use clients::{WorkloadClients, inspection, is_reconciliation};
pub use generate::is_fair;
pub use operators::Shift;
pub use request::{job as poll_of, of as request_of};

use crate::operation::{Operation, Plan};
use crate::scenario::{Resend, Scenario};

/// What clients and outsiders do in one world.
#[derive(Debug, Clone)]
pub struct Workload {
    /// What is asked for, and what stands before.
    pub plan: Arc<Plan>,
    /// When each operation is first sent, by its place in the plan.
    pub sendings: Vec<Sending>,
    /// Orders and tickets that are added.
    pub children: Vec<Child>,
    /// What forbids merges from some moment on.
    pub blockers: Vec<ClientAction>,
    /// When operators look at the list of sagas, and press something.
    pub shifts: Vec<Shift>,
    /// What they press is drawn from this.
    draw: draw::Draw,
    /// What breaks an assumption.
    pub harms: Vec<ClientAction>,
    /// Whether an operator has all systems compared with the primary in the end.
    pub reconciles: bool,
    /// How persistent the clients are.
    pub resend: Resend,
}

/// When an operation is first sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending {
    /// When.
    pub at: Instant,
    /// Whether the client sends it twice at that moment.
    pub twice: bool,
}

/// An order or a ticket that a customer or an agent adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// When.
    pub at: Instant,
    /// Where.
    pub system: System,
    /// Whose.
    pub cust_no: String,
}

impl Workload {
    /// The workload of a scenario's world with this seed.
    #[must_use]
    pub fn of(scenario: &Scenario, seed: u64) -> Self {
        generate::workload(scenario, seed)
    }

    /// A workload that is all written down: nobody operates.
    #[must_use]
    pub fn written(plan: Arc<Plan>, sendings: Vec<Sending>, children: Vec<Child>, resend: Resend) -> Self {
        Self {
            plan,
            sendings,
            children,
            blockers: Vec::new(),
            shifts: Vec::new(),
            draw: draw::Draw::default(),
            harms: Vec::new(),
            reconciles: false,
            resend,
        }
    }

    /// The ids of all operations of a scenario's world with this seed, and of what its operators do.
    #[must_use]
    pub fn operations(scenario: &Scenario, seed: u64) -> Vec<u32> {
        let workload = Self::of(scenario, seed);
        let operations = workload.plan.operations.iter().map(|operation| operation.id);
        operations.chain(workload.shifts.iter().map(|shift| shift.id)).collect()
    }

    /// Leaves these operations out; the others stay as they are.
    pub fn leave_out(&mut self, operations: &[u32]) {
        if operations.is_empty() {
            return;
        }
        let kept = |operation: &Operation| !operations.contains(&operation.id);
        self.shifts.retain(|shift| !operations.contains(&shift.id));
        let mut places = self.plan.operations.iter().map(kept);
        self.sendings.retain(|_| places.next().unwrap_or(true));
        Arc::make_mut(&mut self.plan).operations.retain(kept);
    }

    /// How long the clients begin operations.
    fn span(scenario: &Scenario) -> Nanos {
        scenario.workload.spacing.times(u64::from(scenario.workload.operations)).max(Nanos::secs(5))
    }
}
