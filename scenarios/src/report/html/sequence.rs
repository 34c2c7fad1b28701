//! The sequence of a counterexample: a row a beat, time downwards; client, hub and vendors are columns. Each message opens
//! to the request and the answer. Faults, crashes, pivots, compensation and mending have marks of their own.

use maud::{Markup, PreEscaped, html};
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::Direction;
use sagaproof_sim::wire::{Answer, CallError, Request, Response};

use crate::timeline::{About, Beat, Entry, Lane, Move, Said};

/// More rows are not drawn, but for the first and the last.
const ROWS: usize = 80;

/// So much of a body is shown.
const BODY: usize = 1_200;

/// The pixels of one lane in a row's drawing.
const LANE: usize = 100;

const HUB: Lane = Lane::System(System::Hub);

/// Draws these entries; `all` is the whole timeline, in which the answer to each request stands.
pub(super) fn sequence(entries: &[&Entry], all: &[&Entry]) -> Markup {
    let beats: Vec<(&Entry, &Beat)> =
        entries.iter().filter_map(|entry| entry.beat.as_ref().map(|beat| (*entry, beat))).collect();
    let takes_part = |lane: &Lane| beats.iter().any(|(_, beat)| beat.moves.lanes().contains(&Some(*lane)));
    let lanes: Vec<Lane> = Lane::ALL.into_iter().filter(takes_part).collect();
    let hub = lanes.iter().position(|lane| *lane == HUB).unwrap_or_default();
    let left_out = beats.len().saturating_sub(ROWS);
    let shown = |place: usize| left_out == 0 || place < ROWS / 2 || place >= beats.len() - ROWS / 2;
    let mut down = false;
    let rows: Vec<Markup> = beats
        .iter()
        .enumerate()
        .map(|(place, (entry, beat))| {
            down &= !matches!(beat.moves, Move::Restart(_));
            let drawn = html! {
                @if shown(place) { (row(entry, beat, &lanes, down, all)) }
                @else if place == ROWS / 2 { li { div.plain { time {} span {} span.say.note { "… " (left_out) " rows left out" } } } }
            };
            down |= matches!(beat.moves, Move::Crash(_));
            drawn
        })
        .collect();
    html! {
        ol.seq style={ "--lanes:" (lanes.len()) ";--hub:" (hub) } {
            li.names aria-hidden="true" { span {} @for lane in &lanes { b { (lane.name()) } } }
            @for row in rows { (row) }
        }
    }
}

/// What the marks mean.
pub(super) fn legend() -> Markup {
    let arrow = |kind: &str| {
        html! {
            svg viewBox="0 0 42 16" aria-hidden="true" {
                line class=(kind) x1="2" x2="34" y1="8" y2="8" stroke-width="2" {}
                path class={ "head-" (kind) } d="M32 3 L41 8 L32 13 Z" {}
            }
        }
    };
    html! {
        ul.legend aria-label="Legend" {
            li { (arrow("send")) "request" }
            li { (arrow("hear")) "answer" }
            li { (arrow("back")) "compensation" }
            li { (arrow("mend")) "mending before release" }
            li { svg viewBox="0 0 42 16" aria-hidden="true" { line.lost x1="2" x2="32" y1="8" y2="8" stroke-width="2" {} path.head-lost d="M31 3 L41 13 M41 3 L31 13" stroke-width="2" {} } "does not arrive as sent" }
            li { svg viewBox="0 0 42 16" aria-hidden="true" { path.at-pivot d="M21 1 L28 8 L21 15 L14 8 Z" {} } "pivot: from here on only forward" }
            li { svg viewBox="0 0 42 16" aria-hidden="true" { path.at-crash d="M14 2 L28 14 M28 2 L14 14" stroke-width="3" {} } "crash" }
            li { svg viewBox="0 0 42 16" aria-hidden="true" { circle.at-start cx="21" cy="8" r="6" stroke-width="3" {} } "new life" }
        }
    }
}

/// The kind of an arrow, by its class.
const fn kind(beat: &Beat) -> &'static str {
    match (beat.moves, beat.direction) {
        (Move::Astray(..), _) => "lost",
        (_, Some(Direction::Compensate)) => "back",
        (_, Some(Direction::Settle)) => "mend",
        _ if beat.asks => "send",
        _ => "hear",
    }
}

fn row(entry: &Entry, beat: &Beat, lanes: &[Lane], down: bool, all: &[&Entry]) -> Markup {
    let class = match beat.moves {
        Move::Crash(_) => "crash",
        Move::Restart(_) => "turn",
        _ if beat.fate != Fate::Fine => "fault",
        Move::At(HUB) if matches!(entry.about, About::Saga(_)) => "turn",
        _ => "beat",
    };
    let class = if down { format!("{class} down") } else { class.to_owned() };
    let Nanos(micros) = Nanos(entry.at.0 / 1_000);
    let line = html! {
        time { (micros / 1_000_000) "." (format!("{:06}", micros % 1_000_000)) }
        (drawing(beat, lanes))
        span.say {
            span.hidden { (who(beat.moves)) " " }
            (beat.label.split_whitespace().collect::<Vec<_>>().join(" "))
            @if beat.fate != Fate::Fine { " " span."badge fate" { (beat.fate.name()) } }
            @match beat.direction {
                Some(Direction::Compensate) => { " " span."badge back" { "compensates" } }
                Some(Direction::Settle) => { " " span."badge mend" { "last look" } }
                _ => {}
            }
        }
    };
    html! {
        li class=(class) {
            @match said(entry, all) {
                Some(said) => details { summary { (line) } div.said { (said) } },
                None => div.plain { (line) },
            }
        }
    }
}

/// From whom to whom, for those who do not see the arrow.
fn who(moves: Move) -> String {
    match moves {
        Move::Arrives(from, to) => format!("{} to {}:", from.name(), to.name()),
        Move::Astray(from, to) => format!("{} to {}, astray:", from.name(), to.name()),
        Move::At(lane) | Move::Crash(lane) | Move::Restart(lane) => format!("{}:", lane.name()),
    }
}

fn drawing(beat: &Beat, lanes: &[Lane]) -> Markup {
    let at = |lane: Lane| lanes.iter().position(|other| *other == lane).unwrap_or_default() * LANE + LANE / 2;
    let width = lanes.len() * LANE;
    let kind = kind(beat);
    let mark = match beat.moves {
        Move::Arrives(from, to) | Move::Astray(from, to) => {
            let (from, to) = (at(from), at(to));
            let right = from < to;
            let (tip, neck) = if right { (to - 3, to - 13) } else { (to + 3, to + 13) };
            html! {
                line class=(kind) x1=(from) x2=(neck) y1="14" y2="14" stroke-width="2.2" {}
                @if kind == "lost" {
                    @let (a, b) = if right { (neck - 2, neck + 8) } else { (neck - 8, neck + 2) };
                    path.head-lost d={ "M" (a) " 9 L" (b) " 19 M" (b) " 9 L" (a) " 19" } stroke-width="2.4" {}
                } @else {
                    path class={ "head-" (kind) } d={ "M" (neck) " 8 L" (tip) " 14 L" (neck) " 20 Z" } {}
                }
            }
        }
        Move::Crash(lane) => {
            let x = at(lane);
            html! { path.at-crash d={ "M" (x - 8) " 6 L" (x + 8) " 22 M" (x + 8) " 6 L" (x - 8) " 22" } stroke-width="3.5" {} }
        }
        Move::Restart(lane) => html! { circle.at-start cx=(at(lane)) cy="14" r="7" stroke-width="3" {} },
        Move::At(lane) if beat.label.contains("passes its pivot") => {
            let x = at(lane);
            html! { path.at-pivot d={ "M" (x) " 4 L" (x + 10) " 14 L" (x) " 24 L" (x - 10) " 14 Z" } {} }
        }
        Move::At(lane) if beat.label.contains("aborts") => html! { circle.at-abort cx=(at(lane)) cy="14" r="6" {} },
        Move::At(lane) => html! { circle.at cx=(at(lane)) cy="14" r="5" {} },
    };
    html! { svg viewBox={ "0 0 " (width) " 28" } preserveAspectRatio="none" aria-hidden="true" { (mark) } }
}

/// What an arrow carries: the request, or the answer; none where there is nothing more to see. What a vendor answered
/// stands at the request where its caller heard something else, or nothing.
fn said(entry: &Entry, all: &[&Entry]) -> Option<Markup> {
    match entry.said.as_ref()? {
        Said::Request(asked) => {
            let mut answered = false;
            let mut made = None;
            for other in all.iter().filter(|other| other.about.is_same_exchange(&entry.about)) {
                match &other.said {
                    Some(Said::Answer(_)) => answered = true,
                    Some(Said::Handled(answer)) if !heard_as_sent(other, answer, all) => made = Some(answer),
                    _ => {}
                }
            }
            Some(html! {
                h4 { "Request" }
                pre { (plain(&request(asked))) }
                @if let Some(made) = made { h4 { "Answered by the vendor" } pre { (plain(&answer(made))) } }
                @if made.is_none() && !answered { h4 { "Never answered" } }
            })
        }
        Said::Answer(heard) => Some(html! { h4 { "Answer" } pre { (plain(&answer(heard))) } }),
        Said::Handled(made) if heard_as_sent(entry, made, all) => None,
        Said::Handled(made) => Some(html! { h4 { "Answered, as the vendor sent it" } pre { (plain(&answer(made))) } }),
    }
}

/// A text between tags. Quotes are left as they are there: JSON is full of them.
fn plain(text: &str) -> PreEscaped<String> {
    PreEscaped(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// Whether the caller heard just this answer: then it is shown where it was heard, and not once more.
fn heard_as_sent(entry: &Entry, made: &Answer, all: &[&Entry]) -> bool {
    let same = |other: &&&Entry| other.about.is_same_exchange(&entry.about);
    all.iter().filter(same).any(|other| matches!(&other.said, Some(Said::Answer(heard)) if heard == made))
}

fn request(request: &Request) -> String {
    let Request { method, target, headers, body } = request;
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("{} {target}\n{headers}{}", method.as_str(), text(body))
}

fn answer(answer: &Answer) -> String {
    match answer {
        Ok(Response { status, headers, body }) => {
            let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            format!("{status}\n{headers}{}", text(body))
        }
        Err(CallError::Refused) => "connection refused".to_owned(),
        Err(CallError::Reset) => "connection reset".to_owned(),
        Err(CallError::TimedOut) => "no answer in time".to_owned(),
        Err(CallError::Truncated) => "the answer breaks off".to_owned(),
        Err(CallError::NotSent) => "held back: its time had passed".to_owned(),
    }
}

/// A body as people read it.
fn text(body: &[u8]) -> String {
    if body.is_empty() {
        return String::new();
    }
    let plain = || String::from_utf8_lossy(body).into_owned();
    let pretty = serde_json::from_slice::<serde_json::Value>(body).ok();
    let text = pretty.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(plain);
    let cut: String = text.chars().take(BODY).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("\n{cut}{more}")
}
