//! What the control API answers.

use std::sync::Arc;

use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json as value};
use tokio::sync::mpsc;

use super::read::Input;
use crate::chaos::rule::{Odds, Window, WindowKind};
use crate::clock::Instant;
use crate::fleet::{SeedRecord, System};
use crate::server::body::AnswerBody;
use crate::server::operate::RuleState;
use crate::server::reply::problem;
use crate::server::world::World;
use crate::wire::Request;

type Answer = hyper::Response<AnswerBody>;

/// So many answers of a stream that nobody reads are held.
const AHEAD: usize = 16;

pub(super) fn json(status: u16, value: &Value) -> Answer {
    let mut answer = text("application/json", value.to_string());
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    answer
}

pub(super) fn text(kind: &'static str, text: String) -> Answer {
    let mut answer = hyper::Response::new(AnswerBody::Whole(text.into()));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

pub(super) fn no_content() -> Answer {
    let mut answer = hyper::Response::new(AnswerBody::Whole(Default::default()));
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

pub(super) fn worlds(names: Vec<String>) -> Value {
    value!({ "worlds": names })
}

pub(super) fn rules(world: &World) -> Value {
    let (rules, paused) = world.rules();
    let rules: Vec<Value> = rules.iter().map(rule).collect();
    let windows: Vec<Value> = world.windows().iter().map(window).collect();
    value!({ "paused": paused, "rules": rules, "windows": windows })
}

fn rule(state: &RuleState) -> Value {
    let RuleState { id, rule, paused, struck } = state;
    let systems: Vec<&str> = rule.systems.iter().map(|system| system.name()).collect();
    let fates: Vec<&str> = rule.fates.iter().map(|fate| fate.name()).collect();
    value!({
        "id": id, "systems": systems, "route": rule.route, "fates": fates, "rate_ppm": ppm(rule.odds),
        "from_ms": moment(rule.from), "until_ms": moment(rule.until), "at_most": rule.at_most,
        "paused": paused, "struck": struck,
    })
}

fn window(window: &Window) -> Value {
    let (share, length) = match window.kind {
        WindowKind::Brownout(share) => (Some(ppm(share)), None),
        WindowKind::Flapping(length) | WindowKind::IndexLag(length) => (None, Some(length.0 / 1_000_000)),
        WindowKind::Outage | WindowKind::QuotaExhausted | WindowKind::TokensRevoked | WindowKind::SchemaDrift => {
            (None, None)
        }
    };
    value!({
        "vendor": window.system.name(), "state": window.kind.name(), "share_ppm": share, "length_ms": length,
        "from_ms": moment(window.from), "until_ms": moment(window.until),
    })
}

fn ppm(odds: Odds) -> u64 {
    if odds == Odds::ALWAYS { 1_000_000 } else { (u64::from(odds.0) * 1_000_000) >> 32 }
}

/// Milliseconds of the world's time; `null`: never.
fn moment(at: Instant) -> Option<u64> {
    (at != Instant::NEVER).then_some(at.0 / 1_000_000)
}

pub(super) fn added(ids: &[u64], windows: usize) -> Value {
    value!({ "ids": ids, "windows": windows })
}

pub(super) fn outages(world: &World) -> Value {
    let windows = world.windows();
    let outages: Vec<Value> = windows.iter().filter(|other| other.kind == WindowKind::Outage).map(window).collect();
    value!({ "outages": outages })
}

pub(super) fn clock(world: &World) -> Value {
    let (now, offset) = world.time();
    value!({ "now_ms": now.0 / 1_000_000, "offset_ms": offset.0 / 1_000_000 })
}

pub(super) fn records(world: &World, systems: &[System]) -> Value {
    let all = systems.iter().map(|system| (system.name().to_owned(), value!(world.records(*system))));
    Value::Object(all.collect())
}

pub(super) fn side_effects(world: &World) -> Value {
    value!({ "side_effects": world.side_effects() })
}

pub(super) fn seeded(world: &World, customer: &SeedRecord) -> Value {
    let ids = world.seed(customer).into_iter().map(|(system, id)| (system.name().to_owned(), value!(id)));
    value!({ "ids": Value::Object(ids.collect()) })
}

/// The observations after a number, a line each; `follow=true`: and all that come, until the caller goes.
pub(super) fn observations(world: &Arc<World>, request: &Request) -> Answer {
    let input = Input::of(request);
    let after = input.parameter("after").unwrap_or("0");
    let Ok(after) = after.parse::<u64>() else { return problem(400, &format!("`after={after}` is no number")) };
    let kind = "application/x-ndjson";
    match input.parameter("follow") {
        None | Some("false") => text(kind, lines(world, after).0),
        Some("true") => {
            let (said, coming) = mpsc::channel(AHEAD);
            tokio::spawn(follow(Arc::clone(world), after, said));
            let mut answer = text(kind, String::new());
            *answer.body_mut() = AnswerBody::Coming(coming);
            answer
        }
        Some(other) => problem(400, &format!("`follow={other}` is neither true nor false")),
    }
}

/// Says all that is seen, until nobody hears it.
async fn follow(world: Arc<World>, mut after: u64, said: mpsc::Sender<String>) {
    loop {
        let (text, last) = lines(&world, after);
        after = last;
        if !text.is_empty() && said.send(text).await.is_err() {
            return;
        }
        tokio::select! {
            () = world.seen_more(after) => {}
            () = said.closed() => return,
        }
    }
}

fn lines(world: &World, after: u64) -> (String, u64) {
    let seen = world.seen(after);
    let last = seen.last().map_or(after, |seen| seen.number);
    let line = |seen| serde_json::to_string(seen).map(|line| line + "\n").unwrap_or_default();
    (seen.iter().map(line).collect(), last)
}
