//! Who takes part in a world over real HTTP: the workload that the same seed makes in simulation, under names that no
//! other world of the same orchestrator has, and with customers who are created by a client instead of being there.

use std::sync::Arc;

use sagaproof_sim::client::ClientAction;
use sagaproof_sim::fleet::{Control, Fingerprint};

use crate::operation::{Customer, Kind, Operation, Plan};
use crate::scenario::Scenario;
use crate::workload::Workload;

/// What sets the names of a world apart: what each begins with, and the world's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// What somebody said that sets the trial apart.
    said: String,
    /// Customers' numbers begin with it, e-mails with the same in lower case.
    mark: String,
    /// Phone numbers hold it, in five digits.
    digits: u64,
}

/// So many worlds have phone numbers of their own.
const WORLDS: u64 = 100_000;

impl Names {
    /// The names of a trial's world with this number.
    #[must_use]
    pub fn of(said: &str, number: u32) -> Self {
        // Else the first world under `T1` would be the eleventh under `T`.
        let between = if said.ends_with(|c: char| c.is_ascii_digit()) { "x" } else { "" };
        // Phones have no room for a mark: it decides where the worlds are counted from.
        let mut from = Fingerprint::default();
        from.bytes(said.as_bytes());
        let digits = (from.finish() % WORLDS + u64::from(number)) % WORLDS;
        Self { said: said.to_owned(), mark: format!("{said}{between}{number}"), digits }
    }

    /// What to say where the orchestrator seems to know these names.
    pub(super) fn seen(&self) -> String {
        format!("this store has seen the mark {} before; use another --mark", self.said)
    }

    fn text(&self, text: &mut String) {
        text.insert_str(0, &self.mark);
    }

    fn email(&self, email: &mut String) {
        email.insert_str(0, &self.mark.to_lowercase());
    }

    /// `+819` or its like and nine digits, of which the first five are the world's.
    fn phone(&self, phone: &mut String) {
        if let (Some(network), Some(own)) = (phone.get(..4), phone.get(9..)) {
            *phone = format!("{network}{:05}{own}", self.digits);
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
        let names = Names::of("T", 7);
        for scenario in built_in().unwrap() {
            let (plain, named) = (workload(&scenario, 3, None), workload(&scenario, 3, Some(&names)));
            let told = |workload: &Workload| format!("{workload:?}");
            let phones = |text: String, network: &str| {
                text.replace(&format!("{network}{:05}", names.digits), &format!("{network}00000"))
            };
            let bare = phones(phones(told(&named).replace("T7", "").replace("t7", ""), "+819"), "+817");
            assert_eq!(bare, told(&plain), "{}", scenario.name);
            for operation in &named.plan.operations {
                assert!(operation.kind.cust_no().starts_with("T7"), "{operation:?}");
            }
        }
    }

    #[test]
    fn another_mark_or_another_world_means_other_names_and_other_phones() {
        let named = |said: &str, number| {
            let mut customer = Customer { phone: Some("+819000000042".to_owned()), ..Customer::default() };
            Names::of(said, number).customer(&mut customer);
            (customer.cust_no, customer.phone.unwrap())
        };
        let all = [named("T", 1), named("T", 2), named("T", 11), named("T1", 1), named("U", 1)];
        for (place, (name, phone)) in all.iter().enumerate() {
            assert!(phone.starts_with("+819") && phone.ends_with("0042") && phone.len() == 13, "{phone}");
            assert!(all[..place].iter().all(|other| other.0 != *name && other.1 != *phone), "{name} {phone}");
        }
        assert_eq!(named("T", 7), named("T", 7));
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
