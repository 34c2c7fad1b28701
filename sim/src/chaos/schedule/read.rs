//! Reading a schedule file: the header, then a deviation a line. How words are cut stands in `words`.

use std::collections::BTreeMap;

use super::error::{Problem, ScheduleError};
use super::words::{Lines, Read, Word, Words};
use super::{COMMITS, EVENTS, FIRST_PROCESS, MAX_BYTES, NUMBERED, RouteNames, SYSTEMS, Schedule, Stale, VERSION};
use crate::chaos::choices::Deviation;
use crate::chaos::fate::Fate;
use crate::chaos::point::{Point, Route, Subject};
use crate::fleet::System;

/// Reads a whole file.
pub(super) fn schedule(bytes: &[u8], routes: RouteNames<'_>) -> Read<Schedule> {
    let mut lines = Lines::new(text(bytes)?);
    version(lines.expect("schedule")?)?;
    let scenario = header(&mut lines, "scenario", |words| words.rest("scenario"))?.text.to_owned();
    let hash = header(&mut lines, "hash", |words| words.word("hash")?.hexadecimal())?;
    let seed = header(&mut lines, "seed", |words| words.word("seed")?.number(u64::MAX))?;
    let orchestrator = header(&mut lines, "orchestrator", |words| words.rest("orchestrator"))?.text.to_owned();
    let (deviations, without, stale) = Default::default();
    let mut schedule = Schedule { scenario, hash, seed, orchestrator, deviations, without, stale };
    let mut met = BTreeMap::new();
    for mut words in lines {
        match deviation(&mut words, routes)? {
            Line::Stale(stale) => schedule.stale.push(stale),
            Line::Without(operation) => {
                if let Err(place) = schedule.without.binary_search(&operation) {
                    schedule.without.insert(place, operation);
                }
            }
            Line::Deviation(deviation) => {
                if let Some(first) = met.insert(deviation.point, words.line) {
                    return Err(words.whole("deviation").wrong(Problem::Twice(first)));
                }
                schedule.deviations.push(deviation);
            }
        }
        words.end()?;
    }
    Ok(schedule)
}

/// What a line after the header is.
enum Line {
    Deviation(Deviation),
    Without(u32),
    Stale(Stale),
}

/// What some editors put before a text in UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The text of a file of bearable size.
fn text(bytes: &[u8]) -> Read<&str> {
    let file = |line, problem| ScheduleError { line, column: 1, field: "file", value: String::new(), problem };
    if bytes.len() > MAX_BYTES {
        return Err(file(1, Problem::TooLarge));
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let begun = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let column = String::from_utf8_lossy(begun).chars().count() + 1;
        ScheduleError { column, ..file(line, Problem::NotText) }
    })
}

fn version(mut words: Words<'_>) -> Read<()> {
    let whole = words.whole("schedule");
    for expected in ["sagaproof", "schedule"] {
        if words.word("schedule").ok().is_none_or(|word| word.text != expected) {
            return Err(whole.wrong(Problem::NoSchedule));
        }
    }
    let version = words.word("version")?;
    if version.text != VERSION.to_string() {
        return Err(version.wrong(Problem::OtherVersion));
    }
    words.end()
}

/// The lines of the header, in order: the field, and how such a line reads.
const HEADER: [(&str, &str); 4] = [
    ("scenario", "scenario create-one"),
    ("hash", "hash 3f9a51c2e07b4d18"),
    ("seed", "seed 42"),
    ("orchestrator", "orchestrator saga"),
];

/// A line of the header: the field's name, then what `read` makes of the rest.
fn header<'a, T>(lines: &mut Lines<'a>, field: &'static str, read: impl FnOnce(&mut Words<'a>) -> Read<T>) -> Read<T> {
    let example = HEADER.into_iter().find(|(name, _)| *name == field).map_or(field, |(_, example)| example);
    let missing =
        |at: ScheduleError| ScheduleError { field, value: String::new(), problem: Problem::NoLine(example), ..at };
    let mut words = lines.expect(field).map_err(missing)?;
    let name = words.word(field)?;
    if name.text != field {
        return Err(missing(name.wrong(Problem::Missing)));
    }
    let value = read(&mut words)?;
    words.end()?;
    Ok(value)
}

const EXCHANGE: u8 = 0;
const CRASH: u8 = 1;
const COMMIT: u8 = 2;
const IN_FLIGHT: u8 = 3;
const TIE: u8 = 4;
const WITHOUT: u8 = 5;
const PAUSE: u8 = 6;

const KINDS: [(u8, &str); 7] = [
    (EXCHANGE, "exchange"),
    (CRASH, "crash"),
    (PAUSE, "pause"),
    (COMMIT, "commit"),
    (IN_FLIGHT, "in-flight"),
    (TIE, "tie"),
    (WITHOUT, "without"),
];

fn deviation(words: &mut Words<'_>, routes: RouteNames<'_>) -> Read<Line> {
    let kind = words.word("kind")?.named(&KINDS)?;
    let (point, pick) = match kind {
        EXCHANGE => return exchange(words, routes),
        WITHOUT => return Ok(Line::Without(words.value("operation")?.number(u64::from(u32::MAX))? as u32)),
        CRASH | PAUSE => {
            let process = process(words.value("process")?)?;
            let event = words.word("event")?.named(&EVENTS)?;
            let (subject, nth) = subject_and_nth(words)?;
            let kept = words.value("keep")?.number(u64::from(u16::MAX - 1))?;
            let point = match kind {
                CRASH => Point::Crash { process, event, subject, nth },
                _ => Point::Pause { process, event, subject, nth },
            };
            (point, kept as u16 + 1)
        }
        COMMIT => {
            let process = process(words.value("process")?)?;
            let nth = words.value("nth")?.number(u64::from(u32::MAX))? as u32;
            (Point::Commit { process, nth }, words.word("fate")?.named(&COMMITS)? as u16)
        }
        IN_FLIGHT => {
            let process = process(words.value("process")?)?;
            let nth = words.value("nth")?.number(u64::from(u32::MAX))? as u32;
            (Point::InFlight { process, nth }, words.word("outcome")?.named(&[(1, "survives")])?)
        }
        _ => {
            let component = component(words)?;
            let nth = words.value("nth")?.number(u64::from(u32::MAX))? as u32;
            (Point::Tie { component, nth }, words.value("first")?.number(u64::from(u16::MAX))? as u16)
        }
    };
    Ok(Line::Deviation(Deviation { point, pick }))
}

fn exchange(words: &mut Words<'_>, routes: RouteNames<'_>) -> Read<Line> {
    let system = words.word("system")?.named(&SYSTEMS)?;
    let name = words.word("route")?;
    let (subject, nth) = subject_and_nth(words)?;
    let fates: Vec<_> = Fate::ALL.into_iter().skip(1).map(|fate| (fate, fate.name())).collect();
    let pick = words.word("fate")?.named(&fates)?.code();
    let known = route(name.text, routes[system as usize]);
    Ok(match known {
        Some(route) => Line::Deviation(Deviation { point: Point::Exchange { system, route, subject, nth }, pick }),
        None => Line::Stale(Stale { line: words.line, system, route: name.text.to_owned() }),
    })
}

/// The route of this name, or of this number where it is written so.
fn route(name: &str, names: &[&str]) -> Option<Route> {
    let by_name = names.iter().position(|known| *known == name).and_then(|number| u8::try_from(number).ok());
    by_name.or_else(|| name.strip_prefix(NUMBERED)?.parse().ok()).map(Route)
}

fn subject_and_nth(words: &mut Words<'_>) -> Read<(Subject, u16)> {
    let subject = Subject(words.value("subject")?.hexadecimal()?);
    Ok((subject, words.value("nth")?.number(u64::from(u16::MAX))? as u16))
}

fn process(word: Word<'_>) -> Read<u8> {
    Ok(word.number(u64::from(u8::MAX - FIRST_PROCESS))? as u8)
}

/// The component of a tie: a system, or `process=` and its number.
fn component(words: &mut Words<'_>) -> Read<u8> {
    let mut ahead = *words;
    if ahead.word("component")?.text.starts_with("process=") {
        return Ok(FIRST_PROCESS + process(words.value("process")?)?);
    }
    let system: System = words.word("component")?.named(&SYSTEMS)?;
    Ok(system as u8)
}
