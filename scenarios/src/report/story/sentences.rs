//! The sentences of a story: what was asked, each fault in the order in which it struck, what the hub and the clients
//! made of it, and what is wrong in the end.

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::System;

use crate::check::Violation;
use crate::timeline::{About, Entry, Lane, Move};

/// The sentences about these entries.
pub(super) fn of(entries: &[&Entry], violation: Option<&Violation>) -> Vec<String> {
    let mut asked = Vec::new();
    let mut sentences: Vec<String> = Vec::new();
    for entry in entries {
        let Some(beat) = &entry.beat else { continue };
        let said = match (beat.moves, entry.about) {
            (Move::Arrives(from, to) | Move::Astray(from, to), _) if beat.fate != Fate::Fine => {
                Some(format!("{} sends {} {}: {}.", who(from), name(to), beat.label, befalls(beat.fate)))
            }
            (Move::Arrives(Lane::Client, _), About::Exchange { operation, .. }) if !asked.contains(&operation) => {
                asked.push(operation);
                Some(format!("A client sends the hub {} (operation {operation}).", beat.label))
            }
            (Move::Arrives(_, Lane::Client), About::Exchange { operation, .. }) => {
                Some(format!("The client of operation {operation} is told {}.", beat.label))
            }
            (Move::At(Lane::Client), _) => Some(format!("The client {}.", beat.label)),
            (Move::Astray(_, Lane::Client), _) => Some(format!("The client hears: {}.", beat.label)),
            (Move::Arrives(Lane::System(System::Hub), to), _) if !beat.label.starts_with("GET") => {
                Some(format!("The hub sends {} {}.", name(to), beat.label))
            }
            (Move::Arrives(from, Lane::System(System::Hub)), _) if beat.label.starts_with(['4', '5']) => {
                Some(format!("{} answers {}.", who(from), beat.label))
            }
            (Move::At(lane @ Lane::System(_)), About::Call { .. }) if beat.label.starts_with("handles") => {
                Some(format!("{} {}, which nobody hears.", who(lane), beat.label))
            }
            (Move::Crash(lane) | Move::Restart(lane), _) => Some(format!("{} {}.", who(lane), beat.label)),
            (Move::At(lane), About::Store) => {
                Some(format!("{}'s commit: {}.", who(lane), beat.label.replacen("UNKNOWN to the hub", "unknown", 1)))
            }
            (Move::At(_), About::Saga(_)) if turns(&beat.label) => {
                Some(format!("The saga {}.", beat.label.split_whitespace().collect::<Vec<_>>().join(" ")))
            }
            (Move::At(lane), About::World) => Some(format!("At {}: {}.", name(lane), beat.label)),
            _ => None,
        };
        sentences.extend(said);
    }
    if let Some(violation) = violation {
        let first = violation.message.lines().next().unwrap_or_default();
        sentences.push(format!("In the end {first}."));
    }
    sentences
}

/// Whether a note tells a turn of a saga's fortune.
fn turns(note: &str) -> bool {
    ["aborts", "PARKED", "redriven"].iter().any(|word| note.contains(word))
}

fn who(lane: Lane) -> String {
    let name = name(lane);
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

const fn name(lane: Lane) -> &'static str {
    match lane {
        Lane::Client => "a client",
        Lane::System(System::Hub) => "the hub",
        Lane::System(system) => system.name(),
    }
}

/// What befalls an exchange of this fate, as a clause.
const fn befalls(fate: Fate) -> &'static str {
    match fate {
        Fate::Fine => "nothing befalls it",
        Fate::Refused => "the connection is refused",
        Fate::RequestLost => "the request is lost",
        Fate::LateShort => "the request arrives just after the time-out",
        Fate::LateLong => "the request arrives at the end of the delivery horizon, long after the time-out",
        Fate::Twice => "it is delivered twice",
        Fate::TwiceLate => {
            "it is delivered twice, the second time at the end of the delivery horizon, and the answer is lost"
        }
        Fate::Late504 => "a gateway answers 504 at once, yet the request lands at the end of the delivery horizon",
        Fate::Before400 => "it is answered 400 before it has any effect",
        Fate::Before401 => "it is answered 401 before it has any effect",
        Fate::Before403 => "it is answered 403 before it has any effect",
        Fate::Before408 => "it is answered 408 before it has any effect",
        Fate::Before429After => "it is answered 429 with Retry-After",
        Fate::Before429 => "it is answered 429 without Retry-After",
        Fate::Before500 => "it is answered 500 before it has any effect",
        Fate::Before502 => "it is answered 502 before it has any effect",
        Fate::Before503 => "it is answered 503 before it has any effect",
        Fate::Before504 => "it is answered 504 before it has any effect",
        Fate::After500 => "it takes effect and is answered 500",
        Fate::After502 => "it takes effect and is answered 502",
        Fate::After503 => "it takes effect and is answered 503",
        Fate::After504 => "it takes effect and is answered 504",
        Fate::AnswerReset => "it takes effect, and the connection is reset instead of an answer",
        Fate::AnswerLost => "it takes effect, and the answer is lost",
        Fate::Truncated => "it takes effect, and the answer breaks off",
        Fate::Malformed => "it takes effect, and the answer is malformed",
        Fate::Html => "it takes effect, and the answer is a page of HTML",
        Fate::Empty => "it takes effect, and the answer is empty",
        Fate::Slow => "the answer is slow, yet in time",
        Fate::JobStalls => "the job that it starts stays pending for long",
        Fate::JobFailsHalf => "the job that it starts fails when half of it is done",
    }
}
