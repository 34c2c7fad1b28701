//! The help desk: Zendesk's API for users, their identities (here: logins) and tickets, as a model without I/O.
//! Here stand its state and the order in which it looks at a request; what each call does stands beside it.
//! Organisations, groups and what agents do with tickets are absent.

mod answer;
mod bulk;
mod call;
mod deleted;
mod find;
mod login;
mod meets;
mod merge;
mod outside;
mod page;
mod profile;
#[cfg(test)]
mod tests;
mod ticket;
mod user;
mod write;

use self::bulk::Bulk;
use self::call::Call;
use self::ticket::{Replays, Ticket};
use self::user::{Row, User};
use super::all::Settings;
use super::auth::{Credentials, bearer, is_support_basic};
use super::job::Jobs;
use super::keys::Keys;
use super::limiter::{Tally, Window};
use super::search::Index;
use super::{Child, Control, Fingerprint, Model, Record, SideEffect};
use crate::chaos::point::{Route, Subject};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// The id of the first user; later ones count upwards.
const FIRST_ID: u64 = 360_000_000_001;
/// The id of the agent whom the API token belongs to. It is no record: the desk's users are its customers.
const AGENT_ID: u64 = FIRST_ID - 1;
/// Requests a minute of the largest plan.
const PER_MINUTE: u32 = 2500;
/// Updates of one user a minute.
const UPDATES_PER_MINUTE: u32 = 5;
/// Lists of all tickets a minute, and exports of searches.
const LISTS_PER_MINUTE: u32 = 100;
/// Permanent deletions in ten minutes.
const PURGES_PER_TEN_MINUTES: u32 = 700;

/// The desk's whole state.
#[derive(Debug, Clone)]
pub struct Support {
    rows: Vec<Row>,
    tickets: Vec<Ticket>,
    replays: Replays,
    /// How many logins there ever were; the next one's number.
    logins: u32,
    keys: Keys,
    index: Index<User>,
    limits: bool,
    requests: Tally,
    purges: Tally,
    ticket_lists: Tally,
    exports: Tally,
    jobs: Jobs<Bulk>,
    single_sign_on: bool,
    drift: bool,
}

impl Support {
    /// A desk without users.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            rows: Vec::new(),
            tickets: Vec::new(),
            replays: Replays::default(),
            logins: 0,
            keys: Keys::default(),
            index: Index::new(settings.index_lag),
            limits: settings.limits,
            requests: Tally::default(),
            purges: Tally::default(),
            ticket_lists: Tally::default(),
            exports: Tally::default(),
            jobs: Jobs::new(settings.job_time),
            single_sign_on: settings.single_sign_on,
            drift: false,
        }
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, settings: &Settings) {
        self.rows.clear();
        self.tickets.clear();
        self.replays.clear();
        self.logins = 0;
        self.keys.clear();
        self.index.reset(settings.index_lag);
        self.limits = settings.limits;
        self.requests = Tally::default();
        self.purges = Tally::default();
        self.ticket_lists = Tally::default();
        self.exports = Tally::default();
        self.jobs.reset(settings.job_time);
        self.single_sign_on = settings.single_sign_on;
        self.drift = false;
    }

    /// The account's limit.
    const fn account_limit(&self) -> Window {
        Window::minutely(PER_MINUTE, self.limits)
    }

    /// The limit of updates to one user.
    const fn update_limit(&self) -> Window {
        Window::minutely(UPDATES_PER_MINUTE, self.limits)
    }

    /// The limit of permanent deletions.
    const fn purge_limit(&self) -> Window {
        Window { length: Nanos::secs(600), limit: PURGES_PER_TEN_MINUTES, on: self.limits }
    }

    /// The limit of lists of tickets; exports of searches have the same, each of its own.
    const fn ticket_list_limit(&self) -> Window {
        Window::minutely(LISTS_PER_MINUTE, self.limits)
    }

    /// The row with this id, in whatever condition.
    fn row_number(&self, id: &str) -> Option<usize> {
        let row = usize::try_from(id.parse::<u64>().ok()?.checked_sub(FIRST_ID)?).ok()?;
        (row < self.rows.len()).then_some(row)
    }

    /// The row with this id, unless it was purged.
    fn present(&self, id: &str) -> Option<usize> {
        self.row_number(id).filter(|&row| !self.rows[row].user.purged)
    }

    /// The row with this id, if its user is in use.
    fn active(&self, id: &str) -> Option<usize> {
        self.row_number(id).filter(|&row| self.rows[row].user.active)
    }

    fn dispatch(&mut self, now: Instant, call: Call<'_>, request: &Request) -> Response {
        match call {
            Call::Create => self.create(now, request),
            Call::CreateOrUpdate => self.create_or_update(now, request),
            Call::Read(id) => self.read(id, request),
            Call::Update(id) => self.update(now, id, request),
            Call::Delete(id) => self.delete(now, id, request),
            Call::List => self.list(request),
            Call::ShowMany => self.show_many(now, request),
            Call::SearchUsers => self.search_users(now, request),
            Call::Search => self.search(now, request),
            Call::Export => self.export(now, request),
            Call::Logins(id) => self.logins_of(id, request),
            Call::AddLogin(id) => self.add_login(now, id, request),
            Call::MakePrimary(id, login) => self.make_primary(now, id, login, request),
            Call::RemoveLogin(id, login) => self.remove_login(now, id, login),
            Call::TicketsOf(id) => self.tickets_of(id, request),
            Call::CreateTicket => self.create_ticket(now, request),
            Call::ListDeleted => self.list_deleted(now, request),
            Call::ReadDeleted(id) => self.read_deleted(id, request),
            Call::Purge(id) => self.purge(now, id, request),
            Call::Merge(id) => self.merge(now, id, request),
            Call::ReadTicket(id) => self.read_ticket(id, request),
            Call::UpdateTicket(id) => self.update_ticket(now, id, request),
            Call::Many(does) => self.do_many(now, does, request),
            Call::Tickets => self.list_tickets(now, request),
            Call::ShowTickets => self.show_tickets(request),
            Call::CountTickets => answer::count(self.tickets.len()),
            Call::CountUsers => self.count(request),
            Call::Me => answer::me(request),
            Call::ReadLogin(id, login) => self.read_login(id, login),
            Call::UpdateLogin(id, login) => self.update_login(now, id, login, false, request),
            Call::VerifyLogin(id, login) => self.update_login(now, id, login, true, request),
            Call::AskToVerify(id, login) => self.ask_to_verify(id, login),
            Call::Jobs => self.job_statuses(request),
            Call::JobStatus(id) => self.job_status(id, request),
            Call::Other => answer::no_such_route(),
        }
    }
}

impl Model for Support {
    fn handle(&mut self, now: Instant, request: &Request) -> Response {
        if !self.lets_in(now, request) {
            self.jobs.expect(None);
            return answer::unauthorized();
        }
        while self.finish_job(now).is_some() {}
        let call = Call::of(request);
        let ticketing = call.is_ticketing();
        let limit = self.account_limit();
        let mut response = match limit.take(&mut self.requests, now) {
            Ok(()) => self.dispatch(now, call, request),
            Err(wait) => answer::throttled(wait),
        };
        let remaining = limit.remaining(&self.requests, now);
        answer::add_limits(
            &mut response.headers,
            limit,
            remaining,
            ticketing.then(|| limit.resets_in(&self.requests, now)),
        );
        self.jobs.expect(None);
        response
    }

    fn lets_in(&self, _now: Instant, request: &Request) -> bool {
        let basic = is_support_basic(request);
        basic || bearer(request) == Some(Credentials::SIMULATION.support_token)
    }

    fn route(&self, request: &Request) -> (Route, Subject) {
        let call = Call::of(request);
        (call.route(), self.subject(&call, request))
    }

    fn routes() -> &'static [&'static str] {
        &call::NAMES
    }

    fn records(&self) -> Vec<Record> {
        self.rows.iter().enumerate().map(|(number, row)| row.user.record(FIRST_ID + number as u64)).collect()
    }

    fn children(&self) -> Vec<Child> {
        self.tickets.iter().enumerate().map(|(number, ticket)| ticket.child(number)).collect()
    }

    fn side_effects(&self) -> &[SideEffect] {
        &[]
    }

    fn job_routes() -> &'static [&'static str] {
        &["update-tickets", "bulk-users"]
    }

    fn next_job(&self) -> Option<Instant> {
        self.jobs.next_end()
    }

    fn end_job(&mut self, now: Instant) -> Option<&'static str> {
        self.finish_job(now)
    }

    fn control(&mut self, now: Instant, control: &Control) -> Option<String> {
        self.outside(now, control)
    }

    fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(self.rows.len() as u64);
        for row in &self.rows {
            row.feed(now, self.update_limit(), print);
        }
        for ticket in &self.tickets {
            ticket.feed(print);
        }
        print.number(u64::from(self.logins));
        self.jobs.feed(now, print, Bulk::feed);
        self.index.feed(now, print, User::feed);
        self.account_limit().feed(&self.requests, now, print);
        self.purge_limit().feed(&self.purges, now, print);
        for tally in [&self.ticket_lists, &self.exports] {
            print.number(u64::from(self.ticket_list_limit().remaining(tally, now)));
        }
        self.replays.feed(now, print);
        print.number(u64::from(self.drift));
    }
}
