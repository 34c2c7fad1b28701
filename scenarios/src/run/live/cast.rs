//! Who takes part in a world over real HTTP: the workload that the same seed makes in simulation, under names that no
//! other world of the same orchestrator has, and with customers who are created by a client instead of being there.

use std::sync::Arc;

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::fleet::Control;

use crate::operation::{Customer, Kind, Operation, Plan};
use crate::scenario::Scenario;
use crate::workload::Workload;

/// What sets the names of a world apart: what each begins with, and the world's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Customers' numbers begin with it, e-mails with the same in lower case.
    pub mark: String,
    /// Phone numbers hold it.
    pub number: u32,
}

impl Names {
    fn text(&self, text: &mut String) {
        text.insert_str(0, &self.mark);
    }

    fn email(&self, email: &mut String) {
        email.insert_str(0, &self.mark.to_lowercase());
    }

    /// `+8190` or its like and eight digits, of which the first four are the world's.
    fn phone(&self, phone: &mut String) {
        if let (Some(network), Some(own)) = (phone.get(..5), phone.get(9..)) {
            *phone = format!("{network}{:04}{own}", self.number % 10_000);
        }
    }

    fn customer(&self, customer: &mut Customer) {
        self.text(&mut customer.cust_no);
        self.email(&mut customer.email);
        customer.phone.iter_mut().for_each(|phone| self.phone(phone));
    }

    fn operation(&self, operation: &mut Operation) {
        operation.key.iter_mut().chain(&mut operation.correlation).for_each(|text| self.text(text));
        match &mut operation.kind {
            Kind::Create(customer) => self.customer(customer),
            Kind::Update { cust_no, changes } => {
                self.text(cust_no);
                changes.email.iter_mut().for_each(|email| self.email(email));
                changes.phone.iter_mut().flatten().for_each(|phone| self.phone(phone));
            }
            Kind::Merge { cust_no, from } => {
                self.text(cust_no);
                self.text(from);
            }
            Kind::Close { cust_no } | Kind::Read { cust_no } => self.text(cust_no),
        }
    }
}

/// The workload of a world with this seed; under other names where these are given.
pub(super) fn workload(scenario: &Scenario, seed: u64, names: Option<&Names>) -> Workload {
    let mut workload = Workload::of(scenario, seed);
    let Some(names) = names else { return workload };
    let plan = Arc::make_mut(&mut workload.plan);
    plan.customers.iter_mut().for_each(|customer| names.customer(customer));
    plan.operations.iter_mut().for_each(|operation| names.operation(operation));
    for record in plan.strangers.iter_mut().map(|stranger| &mut stranger.record) {
        record.email.iter_mut().for_each(|email| names.email(email));
        record.phone.iter_mut().for_each(|phone| names.phone(phone));
    }
    workload.children.iter_mut().for_each(|child| names.text(&mut child.cust_no));
    for blocker in &mut workload.blockers {
        if let ClientAction::Touch { control: Control::Bar(cust_no), .. } = blocker {
            names.text(cust_no);
        }
    }
    workload
}

/// The plan by which such a world is judged: who is there at the beginning has been created by an operation of its own.
/// These are the last ones.
pub(super) fn judged(plan: &Plan) -> Plan {
    let next = plan.operations.last().map_or(0, |operation| operation.id + 1);
    let creation = |(id, customer): (u32, &Customer)| Operation {
        id,
        kind: Kind::Create(customer.clone()),
        key: Some(["standing-", &customer.cust_no].concat()),
        asynchronous: false,
        correlation: None,
    };
    let creations = (next..).zip(&plan.customers).map(creation);
    let operations = plan.operations.iter().cloned().chain(creations).collect();
    Plan { operations, customers: Vec::new(), children: Vec::new(), points: 0, ..plan.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::built_in;

    #[test]
    fn everybody_bears_the_mark_of_the_world_and_nothing_else_changes() {
        let names = Names { mark: "T7".to_owned(), number: 7 };
        for scenario in built_in().unwrap() {
            let (plain, named) = (workload(&scenario, 3, None), workload(&scenario, 3, Some(&names)));
            let told = |workload: &Workload| format!("{workload:?}");
            let bare = told(&named).replace("T7", "").replace("t7", "").replace("00070", "00000");
            assert_eq!(bare, told(&plain), "{}", scenario.name);
            for operation in &named.plan.operations {
                assert!(operation.kind.cust_no().starts_with("T7"), "{operation:?}");
            }
        }
    }

    #[test]
    fn who_is_there_at_the_beginning_is_created_by_an_operation_of_its_own() {
        let scenario = built_in().unwrap().into_iter().find(|scenario| scenario.name == "merge-one").unwrap();
        let plan = workload(&scenario, 0, None).plan;
        let judged = judged(&plan);
        assert_eq!(judged.operations.len(), plan.operations.len() + plan.customers.len());
        assert!(judged.customers.is_empty() && judged.operations.is_sorted_by_key(|operation| operation.id));
        let created = &judged.operations[plan.operations.len()..];
        assert!(created.iter().zip(&plan.customers).all(|(one, other)| one.kind == Kind::Create(other.clone())));
    }
}
