//! The words of a timeline: requests, answers, notes and commits in one short line each.

use std::collections::BTreeSet;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::System;
use sagaproof_sim::observation::Phase;
use sagaproof_sim::process::{CallNote, Direction, Note, Verdict};
use sagaproof_sim::wire::{Answer, CallError, Method, Request, Response};

use crate::operation::PRESSES_FROM;

/// So many characters of a body are shown.
const BODY: usize = 120;

/// A moment in seconds, to the microsecond.
pub(super) fn seconds(at: Instant) -> String {
    let micros = at.0 / 1_000;
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

pub(crate) const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Work => "== the clients work",
        Phase::Heal => "== the world heals: faults, crashes and outages have ended",
        Phase::Redrive => "== the operator redrives what is parked",
        Phase::Inspect => "== the last looks",
    }
}

pub(crate) fn request(request: &Request) -> String {
    format!("{} {}{}", request.method.as_str(), request.target, body(&request.body))
}

pub(super) fn response(response: &Response) -> String {
    let wait = response.headers.get("retry-after").map(|wait| format!(" (come again after {wait} s)"));
    format!("{}{}{}", response.status, wait.unwrap_or_default(), body(&response.body))
}

pub(crate) fn answer(answer: &Answer) -> String {
    match answer {
        Ok(heard) => response(heard),
        Err(CallError::Refused) => "connection refused".to_owned(),
        Err(CallError::Reset) => "connection reset".to_owned(),
        Err(CallError::TimedOut) => "no answer in time".to_owned(),
        Err(CallError::Truncated) => "the answer breaks off".to_owned(),
        Err(CallError::NotSent) => "held back: its time had passed".to_owned(),
    }
}

/// A fate that is worth a word.
pub(crate) fn fate(fate: Fate) -> String {
    if fate == Fate::Fine { String::new() } else { format!("   <<< {}", fate.name()) }
}

pub(super) fn call_note(note: Option<CallNote>) -> String {
    let Some(note) = note else { return String::new() };
    let way = match note.direction {
        Direction::Forward => "",
        Direction::Compensate => ", compensating",
        Direction::Settle => ", mending",
    };
    let attempt = if note.attempt > 1 { format!(", attempt {}", note.attempt) } else { String::new() };
    format!("   ({}, step {}{way}{attempt})", name(note.saga), note.step)
}

pub(super) fn commit(verdict: Verdict, rows: usize, applied: bool) -> String {
    match (verdict, applied) {
        (Verdict::Committed, _) => format!("commits {rows} rows"),
        (Verdict::Conflict, _) => format!("CONFLICT: none of {rows} rows written"),
        (Verdict::Full, _) => format!("FULL: none of {rows} rows written"),
        (Verdict::Unknown, true) => format!("UNKNOWN to the hub: {rows} rows are written"),
        (Verdict::Unknown, false) => format!("UNKNOWN to the hub: none of {rows} rows written"),
    }
}

/// Whether a commit's line tells of trouble.
pub(super) fn is_store_trouble(line: &str) -> bool {
    ["CONFLICT", "FULL", "UNKNOWN"].iter().any(|word| line.contains(word))
}

/// Whether a note's line tells a turn of its saga's fortune.
pub(super) fn is_turn(line: &str) -> bool {
    ["passes its pivot", "aborts", "PARKED", "redriven", "LEFT ALONE", "TAKEN OVER", "has ended"]
        .iter()
        .any(|word| line.contains(word))
}

pub(super) fn note(note: &Note) -> String {
    let what = match note {
        Note::Began { kind, correlation, .. } => format!("begins: {kind}, for {correlation}"),
        Note::Pivoted { .. } => "passes its pivot".to_owned(),
        Note::Aborted { .. } => "aborts, durably".to_owned(),
        Note::Parked { step, refused: true, .. } => format!("is PARKED at step {step}: refused"),
        Note::Parked { step, attempts, .. } => format!("is PARKED at step {step}: {attempts} attempts spent"),
        Note::Redriven { .. } => "is redriven".to_owned(),
        Note::LeftAlone { .. } => "is LEFT ALONE: this process cannot read it".to_owned(),
        Note::TakenOver { .. } => "is TAKEN OVER by another process".to_owned(),
        Note::Released { .. } => "releases its claims".to_owned(),
        Note::Ended { .. } => "has ended".to_owned(),
    };
    format!("{:<19}   {what}", name(saga(note)))
}

/// The mark of a note that a reader looks for.
pub(super) const fn turn(note: &Note) -> &'static str {
    match note {
        Note::Pivoted { .. } => "   === pivot",
        Note::Redriven { .. } => "   === redriven",
        Note::LeftAlone { .. } => "   === left alone",
        Note::TakenOver { .. } => "   === taken over",
        _ => "",
    }
}

/// That a process is stopped, and what follows.
pub(super) fn stopped(release: u8) -> String {
    let next = if release == 0 { "the baseline" } else { "the next release" };
    format!("is STOPPED: {next} follows")
}

/// Whose exchange it is.
pub(super) const fn who(operation: u32) -> &'static str {
    if PRESSES_FROM <= operation && operation < PRESSES_FROM << 1 { "operator" } else { "client" }
}

/// Whether only operators ask so.
pub(super) fn is_operators(request: &Request) -> bool {
    request.path().starts_with("/operator/")
}

/// Whether it presses something on one of these sagas, or on all.
pub(super) fn is_press(request: &Request, sagas: &BTreeSet<u64>) -> bool {
    let Some(pressed) = request.path().strip_prefix("/operator/").filter(|_| request.method == Method::Post) else {
        return false;
    };
    let on = pressed.strip_prefix("sagas/").and_then(|rest| rest.split('/').next());
    on.is_none_or(|on| sagas.iter().any(|saga| name(*saga) == on))
}

/// What an operator asks or presses.
pub(super) fn operates(request: &Request) -> String {
    let parts: Vec<&str> = request.path().split('/').skip(2).collect();
    match (request.method, &*parts) {
        (Method::Post, ["sagas", saga, button]) => format!("{button} of {saga}   === operator"),
        (Method::Post, [button]) => format!("{button} of all   === operator"),
        _ => "what has not ended".to_owned(),
    }
}

/// A saga's number as text: the life that began it and its number there, or the number where it is no such pair.
fn name(saga: u64) -> String {
    match (saga >> 32, saga & 0xffff_ffff) {
        (0, number) => format!("s{number}"),
        (life, number) => format!("s{life}-{number}"),
    }
}

/// The correlation id in the line of a saga's beginning.
pub(super) fn correlation(line: &str) -> Option<&str> {
    line.split_once(" begins: ")?
        .1
        .split_once(", for ")
        .map(|(_, rest)| rest.split_once(" (hub").map_or(rest, |(correlation, _)| correlation))
}

/// The saga that a note speaks of.
pub(super) const fn saga(note: &Note) -> u64 {
    match note {
        Note::Began { saga, .. }
        | Note::Pivoted { saga }
        | Note::Aborted { saga }
        | Note::Parked { saga, .. }
        | Note::Redriven { saga }
        | Note::LeftAlone { saga }
        | Note::TakenOver { saga }
        | Note::Released { saga }
        | Note::Ended { saga } => *saga,
    }
}

fn body(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(BODY).collect();
    let more = if text.chars().nth(BODY).is_some() { "…" } else { "" };
    format!("  {line}{more}")
}
/// What an outsider did for a customer at a vendor, or could not.
pub(super) fn child_added(system: System, cust_no: &str, id: Option<&str>) -> String {
    let child = if system == System::Commerce { "an order" } else { "a ticket" };
    match id {
        Some(id) => format!("{child} is added for {cust_no}: {id}"),
        None => format!("{child} for {cust_no} is refused: no live record bears the number"),
    }
}
