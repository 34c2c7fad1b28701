//! What belongs to customers, where customers merge: each order, ticket and login must hang on the record of whoever the
//! customer was merged into, exactly once. What the records themselves hold is `holdings`'.

use sagaproof_sim::fleet::{Child, ChildKind, Condition, MadeFor, Record, System};

use super::Evidence;
use crate::check::EndState;
use crate::check::answer::Sort;
use crate::check::exchanges::Exchange;
use crate::operation::{Kind, Plan};

/// The kinds, in the order of the systems that keep them.
const KINDS: [(ChildKind, &str); 3] =
    [(ChildKind::Order, "order"), (ChildKind::Ticket, "ticket"), (ChildKind::Identity, "login")];

/// What belongs to one customer, whoever has it now. A create that reached the hub more than once may have been taken back
/// and begun anew: what agents gave the customer in between keeps its first record from being deleted, and stays there.
#[derive(Debug, Default)]
pub(in crate::check) struct Children<'a> {
    /// How many there should be of each kind; nothing where the customer was closed or created anew, so that nobody can
    /// tell.
    expected: Option<[u32; 3]>,
    found: Vec<Found<'a>>,
}

#[derive(Debug)]
struct Found<'a> {
    /// The place of its kind in [`KINDS`].
    kind: usize,
    child: &'a Child,
    /// Whether it hangs on a live record.
    hangs: bool,
    /// Whose live record has it.
    holder: Option<&'a str>,
}

impl<'a> Children<'a> {
    /// What belongs to this customer.
    pub(super) fn of(cust_no: &str, evidence: &Evidence<'a>) -> Self {
        let ending = evidence.ending;
        let mut found = Vec::new();
        let mut expected = expected(cust_no, evidence);
        let begun_anew = may_have_begun_anew(cust_no, evidence);
        for (kind, (children, records)) in ending.children.iter().zip(&ending.records).enumerate() {
            let own =
                children.iter().filter(|child| matches!(&child.made_for, MadeFor::Customer(whose) if whose == cust_no));
            for child in own {
                let record = holder(child, records);
                if begun_anew && record.is_some_and(|record| record.condition == Condition::Closed) {
                    if let Some(counts) = &mut expected {
                        counts[kind] = counts[kind].saturating_sub(1);
                    }
                    continue;
                }
                let record = record.filter(|record| record.condition == Condition::Live);
                let holder = record.and_then(|record| Some(record.tag.as_ref()?.cust_no.as_str()));
                found.push(Found { kind, child, hangs: record.is_some(), holder });
            }
        }
        Self { expected, found }
    }

    /// Whether the customer is the same all along, so that what belongs to it is known.
    pub(super) const fn can_be_judged(&self) -> bool {
        self.expected.is_some()
    }

    /// Whether anything of it hangs on a live record that is not this customer's.
    pub(super) fn hang_elsewhere(&self, heir: &str) -> bool {
        self.found.iter().any(|found| found.hangs && found.holder != Some(heir))
    }

    /// How much is not where it should be, given whose all of it is.
    pub(super) fn misplaced(&self, heir: &str) -> u32 {
        let Some(expected) = self.expected else { return 0 };
        let right = |kind: usize| self.of_kind(kind).filter(|found| found.holder == Some(heir)).count() as u32;
        let wrong = self.found.iter().filter(|found| found.holder != Some(heir)).count() as u32;
        wrong + (0..KINDS.len()).map(|kind| expected[kind].abs_diff(right(kind))).sum::<u32>()
    }

    /// The same in words.
    pub(super) fn tell(&self, out: &mut String, heir: &str) {
        use std::fmt::Write;
        for (kind, (_, name)) in KINDS.into_iter().enumerate() {
            let system = EndState::SYSTEMS[kind].name();
            for found in self.of_kind(kind).filter(|found| found.holder != Some(heir)) {
                let Found { child, holder, .. } = found;
                let _ = match (holder, &child.holder) {
                    (Some(holder), _) => writeln!(out, "  ✗ {system:<9} {name} {} belongs to {holder}", child.id),
                    (None, Some(record)) if found.hangs => {
                        writeln!(out, "  ✗ {system:<9} {name} {} belongs to {record}, which is nobody's", child.id)
                    }
                    (None, Some(record)) => {
                        writeln!(
                            out,
                            "  ✗ {system:<9} {name} {} belongs to {record}, which is no live record",
                            child.id
                        )
                    }
                    (None, None) => writeln!(out, "  ✗ {system:<9} {name} {} belongs to nobody", child.id),
                };
            }
            let (should, is) = (self.expected.map_or(0, |expected| expected[kind]), self.of_kind(kind).count());
            if should as usize != is {
                let _ = writeln!(out, "  ✗ {system:<9} has {is} {name}s of {should}");
            }
        }
    }

    fn of_kind(&self, kind: usize) -> impl Iterator<Item = &Found<'a>> {
        self.found.iter().filter(move |found| found.kind == kind)
    }
}

/// Whether any customers may merge.
pub(super) fn any_merge(plan: &Plan) -> bool {
    plan.operations.iter().any(|operation| operation.kind.goner().is_some())
}

/// The record that has it.
fn holder<'a>(child: &Child, records: &'a [Record]) -> Option<&'a Record> {
    let id = child.holder.as_ref()?;
    records.iter().find(|record| record.id == *id)
}

/// Whether the customer's create reached the hub more than once.
fn may_have_begun_anew(cust_no: &str, evidence: &Evidence<'_>) -> bool {
    let creates = |exchange: &&Exchange| {
        let kind = evidence.plan.planned(exchange.place).map(|operation| &operation.kind);
        exchange.sort == Sort::Write && matches!(kind, Some(Kind::Create(customer)) if customer.cust_no == cust_no)
    };
    evidence.exchanges.iter().filter(creates).map(|exchange| u32::from(exchange.deliveries)).sum::<u32>() > 1
}

fn expected(cust_no: &str, evidence: &Evidence<'_>) -> Option<[u32; 3]> {
    let plan = evidence.plan;
    let place = plan.customers.iter().position(|customer| customer.cust_no == cust_no);
    let (mut begins, mut ends) = (u32::from(place.is_some()), 0);
    for operation in &plan.operations {
        match &operation.kind {
            Kind::Create(customer) => begins += u32::from(customer.cust_no == cust_no),
            Kind::Close { cust_no: closed } => ends += u32::from(closed == cust_no),
            Kind::Update { .. } | Kind::Merge { .. } | Kind::Read { .. } => {}
        }
    }
    if (begins, ends) != (1, 0) {
        return None;
    }
    let [orders, tickets] = place.and_then(|place| plan.children.get(place).copied()).unwrap_or_default();
    let added = |system| evidence.added.count(cust_no, system);
    Some([orders + added(System::Commerce), tickets + added(System::Support), 1])
}
