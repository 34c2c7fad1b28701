//! Versions that are programs of their own, in any language: the world's events are told to the program line by line, and
//! what it answers are its effects. Each life has a program to itself; one that says that it may be used again serves
//! the next world too, but never outlives a crash.
//!
//! What is said stands in `protocol`. The program itself, the only thing here that is not simulated, is `child`'s.

mod child;
mod command;
mod failure;
pub(crate) mod group;
mod ledger;
mod life;

use std::cell::RefCell;
use std::rc::Rc;

use sagaproof_sim::process::{Effect, Row, Spawn, Write};

use self::child::Child;
use self::failure::{Failure, Fault, When};
use self::life::{Life, converse};
use super::protocol::{Start, prepare_line};
use super::{SeededCustomer, Version};
use crate::scenario::Terms;

pub use self::command::{Command, TIME_OUT};

/// A version that is a program.
#[derive(Debug)]
pub struct Foreign {
    stage: Rc<Stage>,
}

/// What the lives of one version share.
#[derive(Debug)]
struct Stage {
    command: Command,
    /// A program that waits for a world to serve.
    idle: RefCell<Option<Child>>,
    /// The first thing that went wrong with a program. A process of a world cannot fail, so it is kept here for
    /// whoever runs the worlds.
    broken: RefCell<Option<String>>,
}

impl Foreign {
    /// The version that this command is.
    #[must_use]
    pub fn new(command: Command) -> Self {
        Self { stage: Rc::new(Stage { command, idle: RefCell::new(None), broken: RefCell::new(None) }) }
    }

    fn prepared(&self, customers: &[SeededCustomer]) -> Option<Vec<Row>> {
        let mut child = self.stage.child()?;
        let line = prepare_line(customers);
        let rows = converse(&mut child, &line).and_then(|reply| rows(reply.effects));
        match rows {
            Ok(rows) => {
                self.stage.give_back(child);
                Some(rows)
            }
            Err(fault) => {
                self.stage.breaks(Failure::of(fault, &line, When::Ahead), Some(child));
                None
            }
        }
    }
}

impl Version for Foreign {
    type Spawn = Lives;

    fn spawn(&self, terms: &Terms, seed: u64, logs: bool) -> Lives {
        if terms.hub.processes > 1 {
            self.stage.broken.borrow_mut().get_or_insert_with(|| {
                let processes = terms.hub.processes;
                format!("the scenario runs {processes} processes over one store, and a program is handed the whole store at its start")
            });
        }
        Lives { stage: Rc::clone(&self.stage), terms: *terms, seed, logs }
    }

    fn seed_rows(&self, customers: &[SeededCustomer]) -> Vec<Row> {
        if customers.is_empty() { Vec::new() } else { self.prepared(customers).unwrap_or_default() }
    }

    fn broken(&self) -> Option<String> {
        self.stage.broken.borrow().clone()
    }
}

/// What makes the lives of one world.
#[derive(Debug, Clone)]
pub struct Lives {
    stage: Rc<Stage>,
    terms: Terms,
    seed: u64,
    logs: bool,
}

impl Spawn for Lives {
    type Process = Life;

    fn spawn(&self, life: u64) -> Life {
        let Self { terms, seed, logs, .. } = *self;
        Life::new(Rc::clone(&self.stage), Start { life, seed, logs, terms, rows: Vec::new() })
    }
}

impl Stage {
    /// A program that has not begun a life; `None` where something has gone wrong, now or before.
    fn child(&self) -> Option<Child> {
        if self.broken.borrow().is_some() {
            return None;
        }
        if let Some(child) = self.idle.take() {
            return Some(child);
        }
        match Child::start(&self.command) {
            Ok(child) => Some(child),
            Err(error) => {
                self.breaks(Failure::of(Fault::NotStarted(error), "", When::Ahead), None);
                None
            }
        }
    }

    /// Takes a program that may serve another world.
    fn give_back(&self, child: Child) {
        self.idle.borrow_mut().get_or_insert(child);
    }

    /// Keeps what went wrong, if it is the first, with what the program has to say to it.
    fn breaks(&self, failure: Failure<'_>, child: Option<Child>) {
        let last = child.map(|child| child.end(failure.fault.is_end())).unwrap_or_default();
        self.broken.borrow_mut().get_or_insert_with(|| failure.told(&self.command, &last));
    }
}

/// The rows that a program wants to find written.
fn rows(effects: Vec<Effect>) -> Result<Vec<Row>, Fault> {
    let mut rows = Vec::new();
    for effect in effects {
        match effect {
            Effect::Commit { writes, .. } => {
                for Write { key, value, .. } in writes {
                    let value = value.ok_or_else(|| Fault::Rule(format!("there is no row {key:?} to remove yet")))?;
                    rows.push(Row { key, version: 1, value });
                }
            }
            Effect::Log(_) => {}
            _ => return Err(Fault::Rule("before the world begins it can only commit".to_owned())),
        }
    }
    Ok(rows)
}
