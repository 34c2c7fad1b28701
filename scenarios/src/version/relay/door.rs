//! What clients ask of a relay: which request begins a flow, which one joins another, and which is answered at once.

use sagaproof_sim::process::Effect;
use sagaproof_sim::wire::{Request, Response};

use super::RelayNode;
use super::flow::{Flow, Kind};
use crate::version::naive::customer::Customer;
use crate::version::naive::facade::{self, Job, Wanted};

impl RelayNode {
    /// Takes a client's request in.
    pub(super) fn take(&mut self, exchange: u64, request: &Request, effects: &mut Vec<Effect>) {
        let key = request.headers.get("idempotency-key").unwrap_or_default();
        let wanted = Wanted::of(request);
        let writes = !matches!(wanted, Wanted::Read { .. } | Wanted::Job { .. } | Wanted::NoNumber | Wanted::Nothing);
        if writes && !key.is_empty() {
            if let Some(ended) = self.ended.get(key) {
                effects.push(Effect::Answer { exchange, response: ended.answer() });
                return;
            }
            if let Some(flow) = self.flows.values_mut().find(|flow| flow.key == key) {
                flow.callers.push(exchange);
                return;
            }
        }
        match self.wish(wanted, request) {
            Ok((kind, customer, background)) => {
                self.last += 1;
                let number = self.life << 32 | self.last;
                let before = self.customers.get(&customer.cust_no).cloned();
                let mut flow = Flow::new(number, kind, customer, before, request);
                if background {
                    let job = Job::begun(format!("{}-{}", self.life, self.last), kind.name(), request);
                    effects.push(Effect::Answer { exchange, response: job.accepted() });
                    flow.job = Some(job.job_id.clone());
                    self.jobs.insert(job.job_id.clone(), job);
                } else {
                    flow.callers.push(exchange);
                }
                effects.push(Effect::Note(flow.began()));
                let row = flow.row();
                self.flows.insert(number, flow);
                self.commit(number, vec![row], effects);
            }
            Err(response) => effects.push(Effect::Answer { exchange, response }),
        }
    }

    /// What a client wants, where it can be begun.
    fn wish(&self, wanted: Wanted<'_>, request: &Request) -> Result<(Kind, Customer, bool), Response> {
        let customer =
            |cust_no| self.customers.get(cust_no).cloned().ok_or_else(|| facade::problem(404, "no such customer"));
        let (kind, customer, background) = match wanted {
            Wanted::Create { background } => (Kind::Create, facade::created(request, &self.customers)?, background),
            Wanted::Update { cust_no, background } => {
                let before = customer(cust_no)?;
                let after = facade::updated(request, &before)?;
                (if after.email == before.email { Kind::Update } else { Kind::UpdateEmail }, after, background)
            }
            Wanted::Close { cust_no, background } => (Kind::Close, customer(cust_no)?, background),
            Wanted::Read { cust_no } => {
                return Err(customer(cust_no).map_or_else(|no| no, |one| facade::show(200, &one)));
            }
            Wanted::Job { id } => {
                return Err(self.jobs.get(id).map_or_else(|| facade::problem(404, "no such job"), Job::show));
            }
            Wanted::NoNumber => return Err(facade::no_number()),
            Wanted::Nothing => return Err(facade::problem(404, "no such resource")),
        };
        if self.relay.style.locks && self.flows.values().any(|flow| flow.concerns(&customer)) {
            let mut busy = facade::problem(409, "the customer is locked");
            busy.headers.push("retry-after", "1");
            return Err(busy);
        }
        Ok((kind, customer, background))
    }
}
