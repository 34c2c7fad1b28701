//! Reconciliation: one saga for each customer that stands, one for each that was merged into it, and one for each owner tag
//! that a create once had and no customer has now. A few are under way at a time; nothing else waits for them but who wants
//! the same customer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::running::Running;
use super::{Node, ReadFor, SagaId};
use crate::customer::decode;
use crate::customer::definition::Kind;
use crate::customer::entry::{Began, Wish};
use crate::customer::row::{self, JobRow, Standing};
use crate::effect::Effect;
use crate::event::Row;
use crate::gateway::answer;

/// So many sagas of a sweep are under way at a time.
const AT_ONCE: usize = 8;

/// A sweep through all customers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Sweep {
    /// The correlation id that its sagas have, if the operator gave one.
    correlation: Option<String>,
    /// The customers' rows, while the jobs' are read.
    customers: Option<Vec<Row>>,
    /// What is still to be looked at.
    wishes: VecDeque<Wish>,
    /// Which sagas are under way.
    under_way: BTreeSet<SagaId>,
}

impl Sweep {
    fn is_over(&self) -> bool {
        self.customers.is_none() && self.wishes.is_empty() && self.under_way.is_empty()
    }
}

impl Node {
    /// An operator wants all systems compared with the primary. While a sweep is under way no other begins.
    pub(super) fn reconcile(&mut self, exchange: u64, correlation: Option<String>, effects: &mut Vec<Effect>) {
        if self.sweep.is_over() {
            self.sweep.correlation = correlation;
            return self.read(ReadFor::Customers(exchange), row::CUSTOMERS.to_owned(), effects);
        }
        effects.push(Effect::Answer { exchange, response: answer::sweeping(self.left_to_reconcile()) });
    }

    /// The customers' rows are read; the jobs' come next.
    pub(super) fn on_customers(&mut self, exchange: u64, rows: Vec<Row>, effects: &mut Vec<Effect>) {
        if self.sweep.is_over() && self.recovery.over {
            self.sweep.customers = Some(rows);
            return self.read(ReadFor::Creations(exchange), row::JOBS.to_owned(), effects);
        }
        effects.push(Effect::Answer { exchange, response: answer::sweeping(self.left_to_reconcile()) });
    }

    /// The jobs' rows are read: the sweep begins.
    pub(super) fn on_creations(&mut self, exchange: u64, jobs: &[Row], effects: &mut Vec<Effect>) {
        // Without them the sweep is another life's, which ended while the rows were read.
        if let Some(customers) = self.sweep.customers.take().filter(|_| self.recovery.over) {
            self.sweep.wishes = wishes(&customers, jobs);
        }
        effects.push(Effect::Answer { exchange, response: answer::sweeping(self.left_to_reconcile()) });
        self.sweep_on(effects);
    }

    /// A saga has ended: the next one of the sweep begins.
    pub(super) fn swept(&mut self, id: SagaId, effects: &mut Vec<Effect>) {
        if self.sweep.under_way.remove(&id) {
            self.sweep_on(effects);
        }
    }

    fn left_to_reconcile(&self) -> usize {
        self.sweep.wishes.len() + self.sweep.under_way.len()
    }

    fn sweep_on(&mut self, effects: &mut Vec<Effect>) {
        while self.sweep.under_way.len() < AT_ONCE
            && let Some(wish) = self.sweep.wishes.pop_front()
        {
            let id = self.new_saga_id();
            self.sweep.under_way.insert(id);
            let given = self.sweep.correlation.clone();
            let correlation = given.unwrap_or_else(|| ["hub-", &id.to_string()].concat());
            let version = self.engine.definitions.version;
            let began = Began { version, wish, correlation, client_key: None, hash: 0, asynchronous: true };
            self.sagas.insert(id, Running::begun(id, began, &self.engine.definitions, self.now));
            self.commit(id, effects);
        }
    }
}

/// What is to be looked at: the customers that stand and whom no saga holds; the tags of those who were merged into one of
/// them; and the tags of creates that are over and whose customer is another's or nobody's, by whatever way it went.
fn wishes(customers: &[Row], jobs: &[Row]) -> VecDeque<Wish> {
    let (mut wishes, mut owners) = (VecDeque::new(), BTreeMap::new());
    for (key, customer) in customers.iter().filter_map(|row| Some((&row.key, decode::customer(&row.value)?))) {
        let free = customer.standing == Standing::Active && customer.saga.is_none();
        if free {
            wishes.push_back(Wish::reconcile(row::customer_number(key), None));
        }
        owners.insert(customer.owner, free.then(|| row::customer_number(key)));
    }
    let ended: Vec<(SagaId, JobRow<'_>)> = jobs.iter().filter_map(job).collect();
    let heirs = ended.iter().filter_map(|(_, job)| Some((job.goner.as_deref()?, job.heir.as_deref()?))).collect();
    for &tag in BTreeMap::keys(&heirs) {
        if let Some(Some(cust_no)) = owners.get(last_heir(tag, &heirs)) {
            wishes.push_back(Wish::rejoin(cust_no, tag.to_owned()));
        }
    }
    for (id, job) in ended.iter().filter(|(_, job)| job.kind == Kind::Create) {
        let mut tag = job.cust_no.to_string();
        tag.push('/');
        id.write(&mut tag);
        if !owners.contains_key(last_heir(&tag, &heirs)) {
            wishes.push_back(Wish::reconcile(&job.cust_no, Some(tag)));
        }
    }
    wishes
}

/// The tag of whoever has what the customer with this tag had: its own where it was not merged away. Nobody is merged away
/// twice, so the way ends.
fn last_heir<'a>(tag: &'a str, heirs: &BTreeMap<&'a str, &'a str>) -> &'a str {
    let mut last = tag;
    for _ in 0..=heirs.len() {
        match heirs.get(last) {
            Some(heir) => last = heir,
            None => break,
        }
    }
    last
}

fn job(row: &Row) -> Option<(SagaId, JobRow<'_>)> {
    let id = SagaId::parse(row::job_number(&row.key))?;
    Some((id, serde_json::from_slice(&row.value).ok()?))
}
