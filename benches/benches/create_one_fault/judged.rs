//! Ours: the worlds of the scenario `create-one-fault` as `sagaproof run` runs and judges them, journal, checkers and
//! coverage included, one world in 64 twice. Also where the cases come from that everybody runs.

use sagaproof::check::EndState;
use sagaproof::operation::Kind;
use sagaproof::run::{Judge, Tally, judge};
use sagaproof::scenario::Scenario;
use sagaproof::workload::Workload;
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::{Point, Route};
use sagaproof_sim::fleet::{Condition, Fleet, Record, System};

use crate::contender::{Case, Contender, Customer, Exchange, Fault, FleetRecords, Held};

/// The shipped orchestrator in judged worlds.
pub(crate) struct Judged<'s> {
    scenario: &'s Scenario,
    judge: Box<dyn Judge + 's>,
    tally: Tally,
}

impl<'s> Judged<'s> {
    pub(crate) fn new(scenario: &'s Scenario) -> Option<Self> {
        Some(Self { scenario, judge: judge("saga", scenario)?, tally: Tally::default() })
    }

    /// The world of this seed in neutral terms.
    pub(crate) fn case(&mut self, seed: u64) -> Option<Case> {
        let workload = Workload::of(self.scenario, seed);
        let Kind::Create(customer) = &workload.plan.operations.first()?.kind else { return None };
        let chosen = self.judge.record(seed, None).chosen;
        let customer = Customer {
            cust_no: customer.cust_no.clone(),
            email: customer.email.clone(),
            given_name: customer.given_name.clone(),
            family_name: customer.family_name.clone(),
            phone: customer.phone.clone()?,
        };
        let fault = chosen.first().and_then(|deviation| {
            let Point::Exchange { system, route, .. } = deviation.point else { return None };
            Some(Fault { exchange: exchange(system, route)?, fate: Fate::from_code(deviation.pick)? })
        });
        Some(Case { seed, customer, fault })
    }
}

impl Contender for Judged<'_> {
    fn name(&self) -> &'static str {
        "sagaproof, judged"
    }

    fn records(&mut self, case: &Case) -> FleetRecords {
        let held = self.judge.record(case.seed, None).held;
        EndState::SYSTEMS.into_iter().zip(held).flat_map(|(system, records)| live(system, records)).collect()
    }

    fn run(&mut self, case: &Case) {
        self.judge.sweep(case.seed..case.seed + 1, &mut self.tally);
        assert_eq!(self.tally.violations, 0, "{case:?}: {:?}", self.tally.convictions);
    }
}

fn live(system: System, records: Vec<Record>) -> impl Iterator<Item = Held> {
    records.into_iter().filter(|record| record.condition == Condition::Live).map(move |record| Held {
        system,
        cust_no: record.tag.map(|tag| tag.cust_no).unwrap_or_default(),
        email: record.email.unwrap_or_default(),
        name: format!("{} {}", record.given_name, record.family_name).trim().to_owned(),
        phone: record.phone,
    })
}

/// Which exchange of a create this route is; none where it is no part of an undisturbed create.
fn exchange(system: System, route: Route) -> Option<Exchange> {
    let name = Fleet::route_names(system).get(usize::from(route.0))?;
    match (system, *name) {
        (System::Commerce, "create") => Some(Exchange::Commerce),
        (System::Support, "create") => Some(Exchange::Support),
        (System::Identity, "token") => Some(Exchange::Token),
        (System::Identity, "create") => Some(Exchange::Identity),
        (System::Messaging, "push") => Some(Exchange::Push),
        _ => None,
    }
}
