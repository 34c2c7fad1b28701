//! The audit trail: a saga's journal in sentences, every intent, outcome and operator's action in order. It names steps,
//! vendors and codes, no customer's fields.

use serde::Serialize;

use super::Case;
use crate::connector::Operation;
use crate::customer::entry::{Button, Entry, Heard, Reason};
use crate::customer::state::Saga;
use crate::effect::Direction;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its place in the journal, from 1.
    pub number: usize,
    /// The step, where one is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<&'static str>,
    /// What happened.
    pub what: String,
}

/// A saga's trail.
#[must_use]
pub fn trail(case: &Case) -> Vec<Line> {
    let (mut open, mut at) = (None, 0);
    let lines = case.entries.iter().enumerate().map(|(place, entry)| {
        let step = match entry {
            Entry::Intent(intent) => {
                open = Some(intent.step);
                Some(intent.step)
            }
            Entry::Heard(_) => open,
            Entry::Adopted(step, _)
            | Entry::Refused(step, _)
            | Entry::Kept(step, _)
            | Entry::Merged(step, _)
            | Entry::Apart(step)
            | Entry::Barred(step, _)
            | Entry::Singly(step)
            | Entry::Primary(step)
            | Entry::Recognised(step)
            | Entry::Parked(step, ..) => {
                at = *step;
                Some(at)
            }
            Entry::Wanting(wanting) => Some(wanting.parked.0),
            // The step at which it is parked.
            Entry::Pressed(press) if press.button == Button::Resolve => Some(at),
            _ => None,
        };
        let step = step.and_then(|step| case.saga.definition.get(usize::from(step))).map(|step| step.name);
        Line { number: place + 1, step, what: sentence(entry, &case.saga) }
    });
    lines.collect()
}

fn sentence(entry: &Entry, saga: &Saga) -> String {
    match entry {
        Entry::Began(began) => {
            let from = began.wish.from.as_ref().map_or_else(String::new, |from| [", from ", from].concat());
            let way = if began.asynchronous { ", asynchronously" } else { "" };
            format!("{} of {}{from} began{way}, for {}", began.wish.kind.name(), began.wish.cust_no, began.correlation)
        }
        Entry::Granted(grant) => match &grant.from {
            Some(from) => format!(
                "all keys of both customers were claimed; they had {} and {} loyalty points",
                grant.points, from.points
            ),
            None => "all keys were claimed".to_owned(),
        },
        Entry::Intent(intent) => {
            let way = match intent.direction {
                Direction::Forward => "",
                Direction::Compensate => "to take it back: ",
                Direction::Settle => "to mend what the last look found: ",
            };
            format!("{way}{}, attempt {}", words(&intent.operation), intent.attempt)
        }
        Entry::Heard(heard) => told(heard),
        Entry::Adopted(_, Some(found)) => format!("record {} was found to be ours", found.id),
        Entry::Adopted(_, None) => "no record of ours was found".to_owned(),
        Entry::Refused(_, code) => format!("it counts as refused: {code}"),
        Entry::Kept(..) => "what a link would lose was kept".to_owned(),
        Entry::Merged(_, found) => format!("the two records were found to be one: {}", found.id),
        Entry::Apart(_) => "the two records were found to be two".to_owned(),
        Entry::Barred(_, code) => format!("the vendor does not merge them: {code}"),
        Entry::Singly(_) => {
            "nothing of a merge can come any more: what belongs to the one that goes is moved singly".to_owned()
        }
        Entry::Primary(_) => "the primary's commit is durable".to_owned(),
        Entry::Aborted(reason) => match reason {
            Reason::Refused(code) => format!("given up, refused: {code}"),
            Reason::Exhausted(step) => format!("given up, no success at {step}"),
            Reason::Ungranted(status, why) => format!("not granted: {status} {why}"),
            Reason::Abandoned => "given up by an operator".to_owned(),
        },
        Entry::Undone => "what may have happened is taken back as far as it shows".to_owned(),
        Entry::Released => "the claims were released".to_owned(),
        Entry::Parked(_, attempts, refused) => {
            let why = if *refused { "a refusal" } else { "a spent budget" };
            let times = if *attempts == 1 { "attempt" } else { "attempts" };
            let pivot = if saga.pivoted { ", past the pivot" } else { "" };
            format!("parked after {attempts} {times} by {why}{pivot}")
        }
        Entry::Redriven => "an operator redrove it".to_owned(),
        Entry::Pressed(press) => {
            let did = match press.button {
                Button::Redrive => "redrove it",
                Button::Resolve => "said to have done this step by hand",
                Button::Abandon => "abandoned it",
                Button::Leave => "abandoned it, whatever it leaves",
            };
            format!("{} {did}: {}", press.by, press.reason)
        }
        Entry::Recognised(_) => "a look showed that nothing is left to do".to_owned(),
        Entry::Wanting(wanting) => {
            format!("parked again, for a look showed what is left to do: {}", left(&wanting.left, saga))
        }
        Entry::Left(wanting) => format!("let go, with this left undone: {}", left(&wanting.left, saga)),
        Entry::TakenOver(life) => format!("the process of life {life} took it over"),
    }
}

/// What is left to do, step by step.
#[must_use]
pub fn left(left: &[(u8, Operation)], saga: &Saga) -> String {
    let line = |(step, operation): &(u8, Operation)| {
        let name = saga.definition.get(usize::from(*step)).map_or("", |step| step.name);
        format!("at {name}, {}", words(operation))
    };
    left.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// What an operation does, in words.
#[must_use]
pub fn words(operation: &Operation) -> String {
    match operation {
        Operation::Token => "fetch a token".to_owned(),
        Operation::Create => "create the record".to_owned(),
        Operation::Read(id) | Operation::ReadDeleted(id) => format!("read record {id}"),
        Operation::ReadEmails(id) => format!("read the e-mails of record {id}"),
        Operation::FindByOwner | Operation::FindByEmail => "find records".to_owned(),
        Operation::Update(id) => format!("write the fields of record {id}"),
        Operation::PromoteEmail(id, email) => format!("make e-mail {email} of record {id} the primary one"),
        Operation::DropEmail(id, email) => format!("remove e-mail {email} from record {id}"),
        Operation::Delete(id) => format!("delete record {id}"),
        Operation::Purge(id) => format!("purge record {id}"),
        Operation::Blank(id) => format!("blank record {id} and mark it closed"),
        Operation::Push => "send the welcome message".to_owned(),
        Operation::ReadMerge(stays, goes) => format!("read how it stands with records {goes} and {stays}"),
        Operation::Merge(stays, goes) => format!("merge record {goes} into {stays}"),
        Operation::Unmerge(stays, goes) => format!("part record {goes} from {stays}"),
        Operation::ReadKept(id) => format!("read what is to be kept of record {id}"),
        Operation::Restore(id, _) => format!("give record {id} back what was kept of it"),
        Operation::Own(id) => format!("write owner and fields of record {id}"),
        Operation::ListChildren(id) | Operation::ListOn(id, _) => format!("list what belongs to record {id}"),
        Operation::MoveChild(child, to) => format!("give {child} to record {to}"),
    }
}

fn told(heard: &Heard) -> String {
    match heard {
        Heard::AsWanted(id) => format!("done: record {id} stands as wanted"),
        Heard::Record(found) => format!("done: record {}", found.id),
        Heard::Emails(_) => "done: its e-mails were told".to_owned(),
        Heard::Merge(_) => "done: the vendor took the merge on".to_owned(),
        Heard::Accepted => "done".to_owned(),
        Heard::Absent => "there is no such record".to_owned(),
        Heard::Conflict => "refused: somebody holds a key".to_owned(),
        Heard::Undeletable => "refused: it cannot be deleted".to_owned(),
        Heard::Refused(code) => format!("refused: {code}"),
        Heard::NotDone => "nothing happened".to_owned(),
        Heard::Unknown => "it may have happened, or may still happen".to_owned(),
    }
}
