//! The shop: Shopify's Admin API for customers and their orders, by REST and by GraphQL, as a model without I/O.
//! Here stand its state and the order in which it looks at a request; what each call does stands beside it.
//! Addresses, payments and everything that is sold are absent.

mod answer;
mod buyer;
mod call;
mod customer;
mod fields;
mod filter;
mod find;
mod graphql;
mod meets;
mod merge;
mod order;
mod outside;
mod page;
#[cfg(test)]
mod tests;
mod write;

use self::call::Call;
use self::customer::{Customer, Row};
use self::graphql::Documents;
use self::merge::Merge;
use self::order::Order;
use super::all::Settings;
use super::auth::Credentials;
use super::job::Jobs;
use super::keys::Keys;
use super::limiter::Bucket;
use super::search::Index;
use super::{Child, Control, Fingerprint, Model, Record, SideEffect};
use crate::chaos::point::{Route, Subject};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// The id of the first customer; later ones count upwards.
const FIRST_ID: u64 = 7_000_000_001;
/// The bucket of the largest plan, and how many requests drain from it each second.
const BUCKET: (u32, u32) = (800, 40);
/// The same in the points that GraphQL is counted in.
const POINTS: (u32, u32) = (40_000, 2_000);

/// The shop's whole state.
#[derive(Debug, Clone)]
pub struct Commerce {
    rows: Vec<Row>,
    orders: Vec<Order>,
    keys: Keys,
    index: Index<Customer>,
    bucket: Bucket,
    points: Bucket,
    jobs: Jobs<Merge>,
    throttled_status: u16,
    documents: Documents,
    drift: bool,
}

impl Commerce {
    /// A shop without customers.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            rows: Vec::new(),
            orders: Vec::new(),
            keys: Keys::default(),
            index: Index::new(settings.index_lag),
            bucket: Bucket::new(BUCKET.0, BUCKET.1, settings.limits),
            points: Bucket::new(POINTS.0, POINTS.1, settings.limits),
            jobs: Jobs::new(settings.job_time),
            throttled_status: settings.throttled_status,
            documents: Documents::default(),
            drift: false,
        }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, settings: &Settings) {
        self.rows.clear();
        self.orders.clear();
        self.keys.clear();
        self.index.reset(settings.index_lag);
        self.bucket = Bucket::new(BUCKET.0, BUCKET.1, settings.limits);
        self.points = Bucket::new(POINTS.0, POINTS.1, settings.limits);
        self.jobs.reset(settings.job_time);
        self.throttled_status = settings.throttled_status;
        self.drift = false;
    }

    /// The row with this id, gone or not.
    fn row_number(&self, id: &str) -> Option<usize> {
        let row = usize::try_from(id.parse::<u64>().ok()?.checked_sub(FIRST_ID)?).ok()?;
        (row < self.rows.len()).then_some(row)
    }

    /// The row with this id, unless it is gone.
    fn present(&self, id: &str) -> Option<usize> {
        self.row_number(id).filter(|&row| !self.rows[row].gone)
    }

    fn answer(&mut self, now: Instant, request: &Request) -> Response {
        if !self.lets_in(now, request) {
            return answer::unauthorized();
        }
        let call = Call::of(request);
        if matches!(call, Call::Graphql) {
            return self.graphql(now, request);
        }
        let mut response = match self.bucket.take(now) {
            Ok(()) => fields::narrow(request, self.dispatch(now, call, request)),
            Err(wait) => answer::throttled(wait),
        };
        answer::add_call_limit(&mut response.headers, self.bucket.used(now), self.bucket.size());
        response
    }

    fn dispatch(&mut self, now: Instant, call: Call<'_>, request: &Request) -> Response {
        match call {
            Call::Create => self.create(now, request),
            Call::Read(id) => self.read(id),
            Call::Update(id) => self.update(now, id, request),
            Call::Delete(id) => self.delete(now, id),
            Call::List => self.list(request),
            Call::Search => self.search(now, request),
            Call::OrdersOf(id) => self.orders_of(id, request),
            Call::Orders => self.list_orders(request),
            Call::CreateOrder => self.create_order(now, request),
            Call::ReadOrder(id) => self.read_order(id),
            Call::UpdateOrder(id) => self.update_order(now, id, request),
            Call::CountCustomers => self.count(request),
            Call::CountOrders => self.count_orders(request),
            Call::Graphql | Call::Other => answer::not_found(),
        }
    }
}

impl Model for Commerce {
    fn handle(&mut self, now: Instant, request: &Request) -> Response {
        while self.finish_merge(now).is_some() {}
        let response = self.answer(now, request);
        self.jobs.expect(None);
        response
    }

    fn lets_in(&self, _now: Instant, request: &Request) -> bool {
        request.headers.get("x-shopify-access-token") == Some(Credentials::SIMULATION.commerce_token)
    }

    fn route(&self, request: &Request) -> (Route, Subject) {
        let call = Call::of(request);
        if matches!(call, Call::Graphql) {
            return self.route_of_graphql(request).unwrap_or((call.route(), Subject::NONE));
        }
        (call.route(), self.subject(&call, request))
    }

    fn routes() -> &'static [&'static str] {
        &call::NAMES
    }

    fn records(&self) -> Vec<Record> {
        let present = self.rows.iter().enumerate().filter(|(_, row)| !row.gone);
        present.map(|(number, row)| row.customer.record(FIRST_ID + number as u64)).collect()
    }

    fn children(&self) -> Vec<Child> {
        self.orders.iter().enumerate().map(|(number, order)| order.child(number)).collect()
    }

    fn side_effects(&self) -> &[SideEffect] {
        &[]
    }

    fn job_routes() -> &'static [&'static str] {
        &["merge"]
    }

    fn next_job(&self) -> Option<Instant> {
        self.jobs.next_end()
    }

    fn end_job(&mut self, now: Instant) -> Option<&'static str> {
        self.finish_merge(now)
    }

    fn control(&mut self, now: Instant, control: &Control) -> Option<String> {
        self.outside(now, control)
    }

    fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(self.rows.len() as u64);
        for row in &self.rows {
            row.feed(now, print);
        }
        print.number(self.orders.len() as u64);
        self.orders.iter().for_each(|order| order.feed(print));
        self.jobs.feed(now, print, Merge::feed);
        self.index.feed(now, print, Customer::feed);
        self.bucket.feed(now, print);
        self.points.feed(now, print);
        print.number(u64::from(self.drift));
    }
}
