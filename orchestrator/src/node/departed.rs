//! Customers who are gone. A row that was removed begins again at version 1, so a claim that rests on the version of a
//! customer's row may meet the row of whoever was given the number since. Where processes share the store, a commit that
//! removes a customer's row therefore leaves a mark under its owner tag, which nobody bears again, and a commit that claims
//! a customer expects that there is none.

use super::running::Running;
use crate::customer::row::{self, CustomerView, Standing};
use crate::effect::{Expect, Write};

impl Running {
    /// What the primary database says of the customer that a merge lets go; `None`: nothing. Its number is not free before
    /// the claim is released.
    pub(super) fn goner_row(&self) -> Option<CustomerView<'_>> {
        let goner = self.saga.grant.as_ref()?.from.as_ref()?;
        let held = !self.carries.release;
        if self.is_merged() && !held {
            return None;
        }
        Some(CustomerView {
            standing: if self.is_merged() { Standing::Closed } else { Standing::Active },
            profile: &goner.profile,
            owner: &goner.owner,
            ids: goner.ids.each_ref().map(Option::as_deref),
            points: goner.points,
            saga: held.then_some(self.saga.id),
        })
    }

    /// The marks that this commit leaves, or expects not to be there.
    pub(super) fn departures(&self, writes: &mut Vec<Write>) {
        let Some(grant) = self.saga.grant.as_ref().filter(|_| self.carries.customer || self.carries.release) else {
            return;
        };
        let stays = grant.before.is_some().then_some((&grant.owner, self.customer_row().is_none()));
        let goes = grant.from.as_ref().map(|goner| (&goner.owner, self.goner_row().is_none()));
        for (owner, is_gone) in [stays, goes].into_iter().flatten().filter(|(_, gone)| *gone || self.carries.claim) {
            let expect = if self.carries.claim { Expect::Absent } else { Expect::Any };
            let by = is_gone.then(|| self.saga.id.to_string().into_bytes());
            writes.push(Write { key: row::gone_key(owner), expect, value: by });
        }
    }
}
