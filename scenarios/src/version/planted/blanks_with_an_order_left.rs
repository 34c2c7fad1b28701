//! Where a merge is refused past its pivot and orders are moved singly, the last one of each list is overlooked: the customer
//! that goes is blanked and marked while an order, or a ticket, still hangs on it. Shopify, `orderCustomerSet`: it moves one
//! order, and nothing moves what was forgotten. Anomaly: partial move of orders, tickets, points. Seam: connector. Convicted
//! by `serial-equivalent`.

use sagaproof_orchestrator::connector::{Operation, Reading};
use sagaproof_orchestrator::message::Response;

use super::connector::Misunderstanding;
use super::{Bug, Mistake};
use crate::check::CheckerName;

pub(super) const BUG: Bug = Bug {
    name: "blanks-with-an-order-left",
    summary: "Moves all orders of a refused merge but the last, and blanks the customer that goes.",
    origin: "Shopify, orderCustomerSet",
    convicted_by: CheckerName::SerialEquivalent,
    hunted_in: "merge-barred-past-the-pivot",
    mistake: Mistake::Connector(Misunderstanding::Answers(answers)),
};

fn answers(_: &Operation, _: &Response, shipped: Reading) -> Reading {
    match shipped {
        Reading::Children(mut children, further) => {
            children.pop();
            Reading::Children(children, further)
        }
        other => other,
    }
}
