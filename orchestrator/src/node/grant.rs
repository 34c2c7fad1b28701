//! Grants: what a saga finds under its claim, and what it claims. Queued jobs wait here for the key that was busy.

use super::running::Running;
use super::{Node, ReadFor, SagaId};
use crate::customer::definition::Kind;
use crate::customer::entry::{Entry, Grant, Reason, Wish};
use crate::customer::row::{self, CustomerRow, Standing};
use crate::customer::state::Engine;
use crate::effect::{Effect, Expect};
use crate::time::Instant;

/// Why a wish is not granted now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Denied {
    /// Another saga holds the customer.
    Busy,
    /// It cannot be: the status and why.
    Refused(u16, &'static str),
}

/// What the wish amounts to, given the customer's row, and the keys that it claims, the customer's first.
pub(super) fn grant(id: SagaId, wish: &Wish, known: Option<&CustomerRow>) -> Result<(Grant, Vec<String>), Denied> {
    if known.is_some_and(|row| row.saga.is_some_and(|holder| holder != id)) {
        return Err(Denied::Busy);
    }
    let granted = match (wish.kind, known) {
        (Kind::Create, Some(_)) => return Err(Denied::Refused(409, "the customer exists")),
        (Kind::Create, None) => {
            let mut owner = wish.cust_no.clone();
            owner.push('/');
            id.write(&mut owner);
            Grant { before: None, after: wish.granted(None), owner, ids: Default::default() }
        }
        (_, Some(row)) if row.standing == Standing::Active => Grant {
            before: Some(row.profile.clone()),
            after: wish.granted(Some(&row.profile)),
            owner: row.owner.clone(),
            ids: row.ids.clone(),
        },
        _ => return Err(Denied::Refused(404, "no such customer")),
    };
    let mut claimed = vec![row::customer_key(&wish.cust_no)];
    claimed.extend(row::claim_keys(granted.before.as_ref(), granted.after.as_ref()));
    Ok((granted, claimed))
}

impl Running {
    /// The claim is granted; the next commit makes it durable.
    pub(super) fn granted(&mut self, granted: Grant, claimed: Vec<String>, on: Expect, engine: &Engine) {
        // The journal does not keep what follows from the wish.
        let entry = Grant {
            before: granted.before.clone(),
            after: None,
            owner: granted.owner.clone(),
            ids: granted.ids.clone(),
        };
        if self.saga.apply(Entry::Granted(Box::new(granted)), engine).is_ok() {
            self.unsaved.push(Entry::Granted(Box::new(entry)));
            self.claimed = claimed;
            self.granted_on = on;
            self.carries.claim = true;
            self.carries.customer = true;
        }
    }
}

impl Node {
    /// Tries to grant a queued job its claim.
    pub(super) fn try_grant(&mut self, now: Instant, id: SagaId, effects: &mut Vec<Effect>) {
        let Some(running) = self.sagas.get(&id) else { return };
        if running.saga.aborted.is_some() || running.saga.grant.is_some() {
            return self.drive(now, id, effects);
        }
        let key = row::customer_key(&running.saga.began.wish.cust_no);
        if self.claims.claim(id, [key.as_str()].into_iter()).is_err() {
            return self.queue.entry(key).or_default().push(id);
        }
        self.read(ReadFor::Grant(id), key, effects);
    }

    pub(super) fn on_grant_row(
        &mut self,
        now: Instant,
        id: SagaId,
        known: Option<CustomerRow>,
        on: Expect,
        effects: &mut Vec<Effect>,
    ) {
        let Some(running) = self.sagas.get_mut(&id) else { return };
        let own = row::customer_key(&running.saga.began.wish.cust_no);
        match grant(id, &running.saga.began.wish, known.as_ref()) {
            Ok((granted, claimed)) => {
                let busy = self.claims.claim(id, claimed.iter().map(String::as_str)).err().map(str::to_owned);
                match busy {
                    None => {
                        running.granted(granted, claimed, on, &self.engine);
                        self.drive(now, id, effects);
                    }
                    Some(busy) => {
                        self.queue.entry(busy).or_default().push(id);
                        self.let_go(now, id, &own, effects);
                    }
                }
            }
            Err(Denied::Busy) => {
                self.queue.entry(own.clone()).or_default().push(id);
                self.claims.release(id, [own.as_str()].into_iter());
            }
            Err(Denied::Refused(status, why)) => {
                self.write(id, Entry::Aborted(Reason::Ungranted(status, why.to_owned())));
                self.let_go(now, id, &own, effects);
                self.drive(now, id, effects);
            }
        }
    }

    /// Lets go of a key in memory that was not made durable; who waited for it may try.
    pub(super) fn let_go(&mut self, now: Instant, id: SagaId, key: &str, effects: &mut Vec<Effect>) {
        self.claims.release(id, [key].into_iter());
        for next in self.queue.remove(key).unwrap_or_default() {
            self.try_grant(now, next, effects);
        }
    }
}
