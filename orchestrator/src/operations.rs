//! What an operator is given about a saga that cannot go on: its audit trail, the difference between what is intended and
//! what stands, read afresh, and the runbook. All three are made from the journal by the same fold and the same plan that
//! run the saga. Nothing here writes, at a vendor or in the store.

pub mod audit;
pub mod difference;
pub mod outlook;
pub mod runbook;

use crate::connector::{Ask, Operation, Profile, Reading, Vendor};
use crate::customer::entry::Entry;
use crate::customer::singly::{LISTS, NO_END};
use crate::customer::state::{Engine, IllegalEntry, Saga};
use crate::effect::Direction;
use crate::event::Row;
use crate::message::{Request, Response};
use crate::saga::SagaId;
use crate::saga::journal;
use crate::time::Instant;

/// How vendors are asked: with a request as the hub would send it. Only reads are ever asked here.
pub trait Vendors {
    /// The answer; `None` where there is none.
    fn ask(&mut self, vendor: Vendor, request: &Request) -> Option<Response>;
}

/// A saga as its journal tells.
#[derive(Debug, Clone)]
pub struct Case {
    /// The saga, as a life that begins now would know it.
    pub saga: Saga,
    /// Its journal.
    pub entries: Vec<Entry>,
}

impl Case {
    /// The cases of all journals in these rows, in order; those that this version cannot read are left out.
    #[must_use]
    pub fn all(rows: &[Row], engine: &Engine) -> Vec<Self> {
        let journals = journal::decode::<Entry>(rows).into_iter();
        journals.filter_map(|journal| Self::of(journal.saga, journal.entries.ok()?.0, engine).ok()).collect()
    }

    /// The case of one journal.
    ///
    /// # Errors
    /// Where an entry cannot follow what came before it.
    pub fn of(id: SagaId, entries: Vec<Entry>, engine: &Engine) -> Result<Self, IllegalEntry> {
        let saga = Saga::fold(id, entries.clone(), engine, Instant(0))?;
        Ok(Self { saga, entries })
    }

    /// Whether it waits for a person.
    #[must_use]
    pub const fn is_parked(&self) -> bool {
        self.saga.parked.is_some()
    }
}

/// Asks vendors for one saga.
struct Reader<'a> {
    engine: &'a Engine,
    vendors: &'a mut dyn Vendors,
    token: String,
}

impl<'a> Reader<'a> {
    fn new(engine: &'a Engine, vendors: &'a mut dyn Vendors) -> Self {
        Self { engine, vendors, token: String::new() }
    }

    /// What the vendor says to this reading operation.
    fn read(&mut self, saga: &Saga, vendor: Vendor, operation: &Operation, direction: Direction) -> Reading {
        if self.engine.connector(vendor).needs_token()
            && self.token.is_empty()
            && let Reading::Token(token, _) = self.answer(saga, vendor, &Operation::Token, direction)
        {
            self.token = token;
        }
        match self.answer(saga, vendor, operation, direction) {
            Reading::Children(first, Some(further)) => self.list_on(saga, vendor, operation, first, further),
            other => other,
        }
    }

    /// All that is on a list: who tells people what there is does not stop after a page.
    fn list_on(
        &mut self,
        saga: &Saga,
        vendor: Vendor,
        operation: &Operation,
        mut children: Vec<String>,
        mut further: String,
    ) -> Reading {
        let record = operation.record().unwrap_or_default();
        for _ in 1..LISTS {
            let page = Operation::ListOn(record.to_owned(), further);
            match self.answer(saga, vendor, &page, Direction::Settle) {
                Reading::Children(more, next) => {
                    children.extend(more);
                    let Some(next) = next else { return Reading::Children(children, None) };
                    further = next;
                }
                other => return other,
            }
        }
        Reading::Refused(NO_END.to_owned())
    }

    fn answer(&mut self, saga: &Saga, vendor: Vendor, operation: &Operation, direction: Direction) -> Reading {
        let request = render(self.engine, saga, vendor, operation, direction, &self.token);
        match self.vendors.ask(vendor, &request) {
            Some(response) => self.engine.connector(vendor).read(operation, &response),
            None => Reading::Unknown("no answer"),
        }
    }
}

/// The request for an operation of this saga, as the hub would send it.
fn render(
    engine: &Engine,
    saga: &Saga,
    vendor: Vendor,
    operation: &Operation,
    direction: Direction,
    token: &str,
) -> Request {
    let (want, owner) = saga.asked(operation, direction);
    let nobody = Profile::default();
    engine.connector(vendor).render(&Ask {
        operation,
        want: want.unwrap_or(&nobody),
        cust_no: &saga.began.wish.cust_no,
        owner,
        token,
        key: "",
        correlation: &saga.began.correlation,
        traceparent: "",
    })
}
