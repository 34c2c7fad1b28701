//! Grants: what a saga finds under its claim, and what it claims. Queued jobs wait here for the key that was busy.

use super::running::Running;
use super::{Node, ReadFor, SagaId};
use crate::customer::definition::Kind;
use crate::customer::entry::Goner;
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

/// A row that was read, and what a commit that rests on it expects of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Read {
    pub row: Option<CustomerRow>,
    pub expect: Expect,
}

/// What the wish amounts to, given the rows of the customer and of the one that a merge lets go, and the keys that it
/// claims, the customers' first.
pub(super) fn grant(
    id: SagaId,
    wish: &Wish,
    known: Option<&CustomerRow>,
    goner: Option<&Read>,
) -> Result<(Grant, Vec<String>), Denied> {
    let goner = goner.and_then(|read| read.row.as_ref());
    let held = |row: &CustomerRow| row.saga.is_some_and(|holder| holder != id);
    if known.is_some_and(held) || goner.is_some_and(held) {
        return Err(Denied::Busy);
    }
    let granted = match (wish.kind, known) {
        (Kind::Create, Some(_)) => return Err(Denied::Refused(409, "the customer exists")),
        (Kind::Create, None) => {
            let mut owner = wish.cust_no.clone();
            owner.push('/');
            id.write(&mut owner);
            let after = wish.granted(None);
            Grant { before: None, after, owner, ids: Default::default(), points: 0, from: None }
        }
        (Kind::Reconcile, None) if let Some(tag) = &wish.tag => {
            Grant { before: None, after: None, owner: tag.clone(), ids: Default::default(), points: 0, from: None }
        }
        (Kind::Merge, _) if goner.is_none_or(|row| row.standing != Standing::Active) => {
            return Err(Denied::Refused(404, "no such customer to merge"));
        }
        (_, Some(row)) if row.standing == Standing::Active => Grant {
            before: Some(row.profile.clone()),
            after: wish.granted(Some(&row.profile)),
            owner: row.owner.clone(),
            ids: row.ids.clone(),
            points: row.points,
            from: goner.map(|row| {
                let CustomerRow { profile, owner, ids, points, .. } = row.clone();
                Box::new(Goner { profile, owner, ids, points })
            }),
        },
        _ => return Err(Denied::Refused(404, "no such customer")),
    };
    let claimed = granted.claims(wish);
    Ok((granted, claimed))
}

/// What the commit that claims expects of the customers' rows, the one that stays first.
pub(super) fn expected(on: Expect, goner: Option<&Read>) -> Vec<Expect> {
    [Some(on), goner.map(|read| read.expect)].into_iter().flatten().collect()
}

impl Running {
    /// The claim is granted; the next commit makes it durable.
    pub(super) fn granted(&mut self, granted: Grant, claimed: Vec<String>, on: Vec<Expect>, engine: &Engine) {
        // The journal does not keep what follows from the wish.
        let entry = Grant { after: None, ..granted.clone() };
        if self.saga.apply(Entry::Granted(Box::new(granted)), engine).is_ok() {
            self.enter(Entry::Granted(Box::new(entry)));
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
        let rows = running.saga.began.wish.rows();
        if let Err(busy) = self.claims.claim(id, rows.iter().map(String::as_str)) {
            return self.queue.entry(busy.to_owned()).or_default().push(id);
        }
        self.read_customers(rows, id, ReadFor::Grant(id), effects);
    }

    /// Reads the rows of the customers that a wish is about: of a merge first that of the one that goes.
    pub(super) fn read_customers(
        &mut self,
        mut rows: Vec<String>,
        id: SagaId,
        stays: ReadFor,
        effects: &mut Vec<Effect>,
    ) {
        let last = rows.pop().unwrap_or_default();
        self.read(if rows.is_empty() { stays } else { ReadFor::Goner(id) }, last, effects);
    }

    /// The row of the customer that a merge lets go, for an admission or a queued saga; the other row comes next.
    pub(super) fn on_goner_row(&mut self, id: SagaId, read: Read, effects: &mut Vec<Effect>) {
        if let Some(running) = self.sagas.get_mut(&id) {
            running.goner = Some(read);
            let key = row::customer_key(&running.saga.began.wish.cust_no);
            return self.read(ReadFor::Grant(id), key, effects);
        }
        if let Some(key) = self.admitted_goner(id, read) {
            self.read(ReadFor::Wanted(id), key, effects);
        }
    }

    pub(super) fn on_grant_row(
        &mut self,
        now: Instant,
        id: SagaId,
        known: Option<CustomerRow>,
        on: Expect,
        effects: &mut Vec<Effect>,
    ) {
        // Given up meanwhile, it has let go of its customers already.
        let Some(running) = self.sagas.get_mut(&id).filter(|running| running.saga.aborted.is_none()) else { return };
        let own = running.saga.began.wish.rows();
        let goner = running.goner.take();
        let on = expected(on, goner.as_ref());
        match grant(id, &running.saga.began.wish, known.as_ref(), goner.as_ref()) {
            Ok((granted, claimed)) => {
                let busy = self.claims.claim(id, claimed.iter().map(String::as_str)).err().map(str::to_owned);
                match busy {
                    None => {
                        // Another process may claim one of the keys before this commit lands.
                        running.ungranted = self.lease.is_some().then(|| Box::new(running.saga.clone()));
                        running.granted(granted, claimed, on, &self.engine);
                        self.drive(now, id, effects);
                    }
                    Some(busy) => {
                        self.queue.entry(busy).or_default().push(id);
                        self.let_go(now, id, &own, effects);
                    }
                }
            }
            Err(Denied::Busy) if self.lease.is_none() => {
                // A saga that this node left alone holds it.
                self.queue.entry(own[0].clone()).or_default().push(id);
                self.claims.release(id, own.iter().map(String::as_str));
            }
            Err(Denied::Busy) => {
                // A saga of another process holds it, and will not say when it lets go.
                self.let_go(now, id, &own, effects);
                self.ask_again(now, id);
            }
            Err(Denied::Refused(status, why)) => {
                self.write(id, Entry::Aborted(Reason::Ungranted(status, why.to_owned())));
                self.let_go(now, id, &own, effects);
                self.drive(now, id, effects);
            }
        }
    }

    /// Lets go of keys in memory that were not made durable; who waited for one of them may try.
    pub(super) fn let_go(&mut self, now: Instant, id: SagaId, keys: &[String], effects: &mut Vec<Effect>) {
        self.claims.release(id, keys.iter().map(String::as_str));
        let waited: Vec<_> = keys.iter().filter_map(|key| self.queue.remove(key)).flatten().collect();
        for next in waited {
            self.try_grant(now, next, effects);
        }
    }
}
