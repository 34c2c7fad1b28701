//! One life of a program: a process of the world whose events are told to it and whose effects it answers. Once
//! something has gone wrong it wants nothing any more, and its world comes to an end without it.

use std::rc::Rc;

use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::Fingerprint;
use sagaproof_sim::process::{Effect, Event, Process, Row};

use super::Stage;
use super::child::Child;
use super::failure::{Failure, Fault, When};
use super::ledger::Ledger;
use crate::version::protocol::{Reply, Start, VERSION, event_line, start_line};

/// A program in one life.
#[derive(Debug)]
pub struct Life {
    stage: Rc<Stage>,
    start: Start,
    /// The program; `None` once something has gone wrong, or it is over.
    child: Option<Child>,
    /// Whether the program may serve another world.
    reusable: bool,
    ledger: Ledger,
    unfinished: Option<(usize, usize)>,
}

impl Life {
    /// A life before its start.
    pub(super) fn new(stage: Rc<Stage>, start: Start) -> Self {
        let child = stage.child();
        Self { stage, start, child, reusable: false, ledger: Ledger::default(), unfinished: None }
    }

    /// Takes a reply in, and gives its effects.
    fn take(&mut self, reply: Reply, begins: bool) -> Result<Vec<Effect>, Fault> {
        if begins {
            if reply.protocol != Some(VERSION) {
                return Err(Fault::Rule(format!("it must answer a start with `\"protocol\":{VERSION}`")));
            }
            self.reusable = reply.reusable;
            self.start.rows = Vec::new();
        }
        self.ledger.wants(&reply.effects).map_err(Fault::Rule)?;
        self.unfinished = reply.unfinished;
        Ok(reply.effects)
    }
}

impl Process for Life {
    fn on_event(&mut self, now: Instant, event: Event, effects: &mut Vec<Effect>) {
        let Some(child) = &mut self.child else { return };
        self.ledger.told(now, &event);
        let told = event_line(now, &event);
        let begins = told.is_none();
        let line = told.unwrap_or_else(|| start_line(now, &self.start));
        let reply = converse(child, &line);
        match reply.and_then(|reply| self.take(reply, begins)) {
            Ok(wanted) => effects.extend(wanted),
            Err(fault) => {
                let when = When::In { life: self.start.life, now };
                self.stage.breaks(Failure::of(fault, &line, when), self.child.take());
            }
        }
    }

    fn feed(&self, _: Instant, _: &mut Fingerprint) -> bool {
        false
    }

    fn unfinished(&self) -> Option<(usize, usize)> {
        self.unfinished
    }

    fn mount<'a>(&mut self, rows: &mut dyn Iterator<Item = (&'a str, u64, &'a [u8])>) {
        let row =
            |(key, version, value): (&str, u64, &[u8])| Row { key: key.to_owned(), version, value: value.to_vec() };
        self.start.rows = rows.map(row).collect();
    }

    fn crash(mut self) {
        self.reusable = false;
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        if let Some(child) = self.child.take().filter(|_| self.reusable) {
            self.stage.give_back(child);
        }
    }
}

/// Tells a program a line, and reads its reply.
pub(super) fn converse(child: &mut Child, line: &str) -> Result<Reply, Fault> {
    let said = child.ask(line).map_err(Fault::Trouble)?;
    Reply::read(&said).map_err(|what| Fault::Garbage { said, what })
}
