//! Refusals that nothing made necessary: no order of the operations makes them impossible, and nobody else holds what was
//! asked for.

use crate::check::outcome::Act;
use crate::check::serial_equivalent::case::Group;
use crate::check::serial_equivalent::search::{Placed, Strictness, search};
use crate::check::serial_equivalent::specification::{is_strangers, same_email};
use crate::operation::{Kind, Plan};

/// The operations of a group that were refused although no order makes them impossible. Each is judged alone.
pub(super) fn refusals(plan: &Plan, group: &Group<'_>) -> Vec<u32> {
    let is_refusal = |placed: &&Placed<'_>| matches!(placed.turn.act, Act::Impossible(_));
    let mut unneeded = Vec::new();
    for refusal in group.turns.iter().filter(is_refusal) {
        if let Act::Impossible(kind) = refusal.turn.act
            && (is_strangers(kind, &plan.strangers) || is_outlived(kind, group))
        {
            continue;
        }
        let alone = |placed: &&Placed<'_>| !is_refusal(placed) || placed.turn.operation == refusal.turn.operation;
        let turns: Vec<Placed<'_>> = group.turns.iter().filter(alone).cloned().collect();
        let initial = || group.customers.iter().map(|party| party.initial).collect();
        // Any order will do: whether its end is what there is, the law judges.
        let searched = search(&turns, initial, Strictness::Lawful, |_| 0);
        if searched.exhausted && searched.best.is_none() && lawful_without(group) {
            unneeded.push(refusal.turn.operation);
        }
    }
    unneeded
}

/// Whether there is an order at all where refusals are left out; else the law convicts, and refusals say nothing.
fn lawful_without(group: &Group<'_>) -> bool {
    let turns: Vec<Placed<'_>> =
        group.turns.iter().filter(|placed| !matches!(placed.turn.act, Act::Impossible(_))).cloned().collect();
    let initial = || group.customers.iter().map(|party| party.initial).collect();
    search(&turns, initial, Strictness::Lawful, |_| 0).best.is_some()
}

/// Whether the e-mail that is asked for may be that of a login which outlives its customer: that one was merged away, and its
/// number was given again. Of a number the specification knows one customer, so it has forgotten who had it before.
fn is_outlived(kind: &Kind, group: &Group<'_>) -> bool {
    let wanted = match kind {
        Kind::Create(customer) => Some(&*customer.email),
        Kind::Update { changes, .. } => changes.email.as_deref(),
        Kind::Close { .. } | Kind::Merge { .. } | Kind::Read { .. } => None,
    };
    let is_wanted = |email: &str| wanted.is_some_and(|wanted| same_email(wanted, email));
    let merges = group.turns.iter().filter(|placed| matches!(placed.turn.act, Act::Merge));
    merges.filter_map(|merge| Some((merge, merge.goner?))).any(|(merge, goner)| {
        let own = || group.turns.iter().filter(move |placed| placed.customer == goner);
        let is_given_again =
            own().any(|later| matches!(later.turn.act, Act::Create(_)) && later.turn.until >= merge.turn.from);
        let had = own().any(|placed| match &placed.turn.act {
            Act::Create(customer) => is_wanted(&customer.email),
            Act::Update(changes) => changes.email.as_deref().is_some_and(is_wanted),
            Act::Close | Act::Merge | Act::Read(_) | Act::Impossible(_) => false,
        });
        is_given_again && (had || group.customers[goner].initial.is_some_and(|fields| is_wanted(fields.email)))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::CheckerName;
    use crate::check::testing::{World, customer, plan, update, with_email};
    use crate::operation::Plan;

    use super::*;

    #[test]
    fn the_e_mail_of_who_was_merged_away_stays_taken_though_the_number_is_given_again() {
        let anew = Kind::Create(with_email("C2", "other@x"));
        let taken = || update("C1", &customer("C2").email);
        let merge = Kind::Merge { cust_no: "C1".to_owned(), from: "C2".to_owned() };
        let fair = |kinds: Vec<Kind>| Plan {
            fair_weather: true,
            customers: vec![customer("C1"), customer("C2")],
            ..plan(kinds)
        };
        let mut world = World::new(fair(vec![merge, anew, taken()]));
        world.done(0, 200);
        world.done(1, 201);
        world.done(2, 409);
        assert!(!world.verdict().iter().any(|one| one.checker == CheckerName::WorksInFairWeather));
        let mut world = World::new(fair(vec![update("C2", "other@x"), taken()]));
        world.done(0, 200);
        world.done(1, 409);
        assert!(world.verdict().iter().any(|one| one.checker == CheckerName::WorksInFairWeather));
    }
}
