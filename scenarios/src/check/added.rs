//! The fold over orders and tickets that outsiders added while the world ran. Those that stood before are the plan's.

use sagaproof_sim::fleet::{Fingerprint, System};

/// What was added, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Added {
    list: Vec<(Box<str>, System)>,
}

impl Added {
    pub(super) fn reset(&mut self) {
        self.list.clear();
    }

    /// A customer was given an order or a ticket.
    pub(super) fn added(&mut self, cust_no: &str, system: System) {
        self.list.push((cust_no.into(), system));
    }

    /// How many this customer was given at a vendor.
    pub(super) fn count(&self, cust_no: &str, system: System) -> u32 {
        self.list.iter().filter(|(whose, place)| **whose == *cust_no && *place == system).count() as u32
    }

    /// Feeds what was added; in which order does not matter.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        let mut sorted: Vec<_> = self.list.iter().collect();
        sorted.sort_unstable();
        for (cust_no, system) in sorted {
            print.bytes(cust_no.as_bytes());
            print.number(*system as u64);
        }
    }
}
