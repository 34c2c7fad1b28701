//! The runbook of one parked saga, in Markdown: why it stands still, what is done, what remains as exact calls, what to
//! check, what not to do. Made from definition and state; a test carries out the calls in its text and nothing else.

use std::fmt::Write;

use super::difference::System;
use super::outlook::{Outlook, Remaining, Then};
use super::{Case, audit};
use crate::connector::Operation;
use crate::customer::definition::{Act, Kind};
use crate::customer::state::Saga;
use crate::message::Request;
use crate::saga::outcome::Outcome;

/// Writes the runbook.
#[must_use]
pub fn write(case: &Case, systems: &[System], outlook: &Outlook) -> String {
    let mut out = String::new();
    title(&mut out, case);
    done(&mut out, &case.saga);
    differences(&mut out, systems);
    remaining(&mut out, &case.saga, outlook);
    never(&mut out, &case.saga);
    happened(&mut out, case);
    out
}

/// The difference report alone, in Markdown.
#[must_use]
pub fn difference(case: &Case, systems: &[System]) -> String {
    let mut out = String::new();
    title(&mut out, case);
    differences(&mut out, systems);
    out
}

/// The audit trail.
fn happened(out: &mut String, case: &Case) {
    out.push_str("\n## What happened\n\n");
    for line in audit::trail(case) {
        let step = line.step.map_or_else(String::new, |step| format!("`{step}`: "));
        let _ = writeln!(out, "{}. {step}{}", line.number, line.what);
    }
}

fn title(out: &mut String, case: &Case) {
    let saga = &case.saga;
    let wish = &saga.began.wish;
    let from = wish.from.as_ref().map_or_else(String::new, |from| format!(", from {from}"));
    let _ = writeln!(out, "# Saga {}: {} of {}{from}\n", saga.id, wish.kind.name(), wish.cust_no);
    let _ = writeln!(out, "Correlation id `{}`.", saga.began.correlation);
    let Some((step, attempts, refused)) = saga.parked else { return };
    let name = saga.definition[usize::from(step)].name;
    let times = if attempts == 1 { "attempt" } else { "attempts" };
    let why = if refused { "the vendor refuses" } else { "without success" };
    let way = match (saga.aborted.is_some(), saga.pivoted) {
        (true, _) => "It was given up and is taking back what it did.",
        (false, true) => "It is past its pivot: it only goes forward.",
        (false, false) => "It has not reached its pivot.",
    };
    let holds = if saga.released { "It has let its customers go." } else { "It holds its customers meanwhile." };
    let _ = writeln!(out, "Parked at step `{name}` after {attempts} {times}, {why}. {way} {holds}");
}

fn done(out: &mut String, saga: &Saga) {
    out.push_str("\n## What is done\n\n");
    let mut none = true;
    for (definition, step) in saga.definition.iter().zip(&saga.steps) {
        let what = match definition.act {
            Act::Merge(_) if step.join.one == Some(true) => "the two records are one",
            Act::Merge(_) if step.join.singly => {
                "the vendor refuses the merge: what belongs to the one that goes is moved singly"
            }
            Act::Put(_) | Act::Remove(_) | Act::Merge(_) => match step.outcome {
                Some(Outcome::Done) => "was done at least once",
                Some(Outcome::Unknown) => "was sent, and may have happened",
                Some(Outcome::Refused | Outcome::NotDone) | None => continue,
            },
            Act::Primary(_) if step.finished => "is committed",
            Act::Ask(_) | Act::Check(_) if step.finished => "was asked, and not refused",
            _ => continue,
        };
        none = false;
        let _ = writeln!(out, "- `{}`: {what}", definition.name);
    }
    if none {
        out.push_str("- nothing that could have changed anything\n");
    }
}

fn differences(out: &mut String, systems: &[System]) {
    if systems.is_empty() {
        out.push_str("\n## What stands\n\nIt has let its customers go: what stands is no longer its own.\n");
        return;
    }
    out.push_str(
        "\n## What stands, read just now\n\n| system | field | intended | actual | |\n|---|---|---|---|---|\n",
    );
    for system in systems {
        if let Some(why) = &system.unreadable {
            let _ = writeln!(out, "| {} | | | could not be read: {} | ? |", system.system, cell(why));
        }
        for field in &system.fields {
            let mark = if field.agrees() { "" } else { "differs" };
            let (intended, actual) = (cell(&field.intended), cell(&field.actual));
            let _ = writeln!(out, "| {} | {} | {intended} | {actual} | {mark} |", system.system, field.field);
        }
    }
}

fn remaining(out: &mut String, saga: &Saga, outlook: &Outlook) {
    out.push_str("\n## What remains\n\n");
    let mut calls = 0;
    for remaining in &outlook.remaining {
        match remaining {
            Remaining::Call { intent, request, otherwise } => {
                calls += 1;
                let step = &saga.definition[usize::from(intent.step)];
                let vendor = step.act.vendor().map_or("", |vendor| vendor.name());
                let what = audit::words(&intent.operation);
                let _ = writeln!(out, "{calls}. At {vendor}, {what}, with the hub's own credentials:\n");
                call(out, "http", vendor, request);
                if matches!(intent.operation, Operation::Push | Operation::Restore(..)) {
                    out.push_str("No look shows afterwards whether this was done: do it once, then redrive.\n\n");
                }
                if let Some(otherwise) = otherwise {
                    out.push_str(
                        "If that is refused because something has come to the record meanwhile, instead, and then",
                    );
                    out.push_str(" print this runbook again:\n\n");
                    call(out, "http instead", vendor, otherwise);
                }
            }
            Remaining::Commit(step) => {
                let name = saga.definition[usize::from(*step)].name;
                let _ = writeln!(out, "- The hub itself commits `{name}` once the saga is redriven.\n");
            }
        }
    }
    let redrive = format!("redrive saga {}", saga.id);
    let _ = match &outlook.then {
        Then::Ends if calls == 0 => writeln!(out, "Nothing is left to do at any vendor: {redrive}, and it ends."),
        Then::Ends => writeln!(out, "Or let the hub do all that: {redrive}. What you did by hand is recognised."),
        Then::LookAgain => {
            writeln!(out, "What comes next depends on the answer: then print this runbook again, or {redrive}.")
        }
        Then::Pending => {
            writeln!(out, "The vendor's own job is under way. Wait, then print this runbook again or {redrive}.")
        }
        Then::Unreadable(step) => {
            let name = saga.definition[usize::from(*step)].name;
            writeln!(out, "`{name}`: the vendor cannot be read now. Once it answers again, {redrive}.")
        }
        Then::Refused(step, code) => {
            let name = saga.definition[usize::from(*step)].name;
            writeln!(out, "`{name}`: the vendor would refuse again ({code}). Mend the cause there, then {redrive}.")
        }
    };
}

/// A call as a block that can be read back: the vendor, the line, and the body. What comes after `http` sets apart those
/// that are not to be carried out in any case.
fn call(out: &mut String, block: &str, vendor: &str, request: &Request) {
    let method = request.method.name();
    let _ = writeln!(out, "```{block}\n{method} {} ({vendor})", request.target);
    if !request.body.is_empty() {
        let _ = writeln!(out, "{}", String::from_utf8_lossy(&request.body));
    }
    out.push_str("```\n\n");
}

fn never(out: &mut String, saga: &Saga) {
    out.push_str("\n## What not to do\n\n");
    let merge = saga.began.wish.kind == Kind::Merge;
    if merge && saga.aborted.is_none() {
        out.push_str("- Do not delete or close the customer that goes: its orders, tickets and login would be lost.\n");
        if saga.steps.iter().any(|step| step.join.singly) {
            out.push_str(
                "- Where they are moved singly, do not blank the record that goes before its list is empty, and list once more \
                 afterwards.\n",
            );
        }
        out.push_str(
            "- Do not part the two again: the shop and the help desk cannot, so they would stay half merged.\n",
        );
    }
    if saga.aborted.is_some() {
        out.push_str("- Do not finish what the client asked for: it was told that nothing took effect.\n");
    } else if saga.pivoted {
        out.push_str("- Do not take back what is done: past the pivot the saga only goes forward.\n");
    }
    out.push_str("- Do not change the owner tags of other records: a redrive recognises its own by them.\n");
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
