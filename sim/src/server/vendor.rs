//! One exchange at a vendor, from its head to its end: the caller is let in or turned away, the body is read, and the
//! exchange's fate shows on the socket as it would in a network.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::http::request::Parts;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::address::{Addressed, Worlds};
use super::body::{AnswerBody, Severed};
use super::dress::dress;
use super::http::Serves;
use super::line::State;
use super::reply::{problem, reply, with_body};
use super::world::{Sent, World};
use super::{Limits, WorldError, request};
use crate::chaos::fate::Fate;
use crate::chaos::point::mix;
use crate::clock::{Instant, Nanos};
use crate::exchange::answers::{disguised, instead};
use crate::exchange::course::Hears;
use crate::fleet::System;
use crate::wire::{Request, Response};

/// What a caller gets: an answer, or the end of its connection.
pub(super) type Told = Result<hyper::Response<AnswerBody>, Severed>;

/// A vendor's door: whose it is, and the worlds behind it.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) system: System,
    pub(super) worlds: Arc<Worlds>,
    pub(super) limits: Limits,
    /// `http` or `https`, as its callers speak to it.
    pub(super) scheme: &'static str,
}

/// Sets an exchange's manner apart from its fate.
const MANNER: u64 = 0x6d61_6e6e_6572_0001;
/// Deliveries that are due so soon after each other are one moment on a socket.
const AT_ONCE: Nanos = Nanos::micros(100);

impl Serves for Arc<Door> {
    async fn serve(self, state: Arc<State>, request: hyper::Request<Incoming>) -> Told {
        serve(self, state, request).await
    }
}

async fn serve(door: Arc<Door>, state: Arc<State>, incoming: hyper::Request<Incoming>) -> Told {
    let (parts, body) = incoming.into_parts();
    let Addressed { world, target, prefix } = match door.worlds.address(&parts) {
        Ok(addressed) => addressed,
        Err(error) => return Ok(closing(&body, refused(error))),
    };
    let Some(mut request) = request::of(&parts, target) else {
        return Ok(closing(&body, problem(405, "This method is none that the fleet knows")));
    };
    request.headers.push("x-forwarded-proto", door.scheme);
    if !prefix.is_empty() {
        request.headers.push("x-forwarded-prefix", &prefix);
    }
    if !world.lets_in(door.system, &request) {
        let mut answer = reply(world.turn_away(door.system, &request));
        dress(door.system, || world.time().0, &mut answer);
        return Ok(closing(&body, answer));
    }
    match read_body(&door.limits, &parts, body).await {
        Ok(bytes) => request.body = bytes,
        Err(told) => return *told,
    }
    let mut told = exchange(&door, &state, Arc::clone(&world), request).await;
    if let Ok(answer) = &mut told {
        dress(door.system, || world.time().0, answer);
    }
    told
}

/// What whoever names no world that there can be hears.
pub(super) fn refused(error: WorldError) -> hyper::Response<AnswerBody> {
    let status = match error {
        WorldError::BadName => 400,
        WorldError::TooMany => 503,
    };
    problem(status, &error.to_string())
}

/// Reads a body within the bounds; else what its caller hears.
pub(super) async fn read_body(limits: &Limits, parts: &Parts, body: Incoming) -> Result<Vec<u8>, Box<Told>> {
    let refused = |status, detail: &str| {
        let mut answer = problem(status, detail);
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        Err(Box::new(Ok(answer)))
    };
    let too_large = || refused(413, &format!("A body may have {} bytes at most", limits.body));
    if body.size_hint().lower() > limits.body {
        return too_large();
    }
    if body.is_end_stream() {
        return Ok(Vec::new());
    }
    let most = usize::try_from(limits.body).unwrap_or(usize::MAX);
    match timeout(limits.slow_body, Limited::new(body, most).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_large(),
        // The caller went away.
        Ok(Err(_)) => Err(Box::new(Err(Severed))),
        Err(_) => refused(408, &format!("The body of {} took too long", parts.method)),
    }
}

/// An answer to a request whose body is not read: it ends the connection, unless there is no body.
pub(super) fn closing(body: &Incoming, mut answer: hyper::Response<AnswerBody>) -> hyper::Response<AnswerBody> {
    if !body.is_end_stream() {
        answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

async fn exchange(door: &Door, state: &State, world: Arc<World>, request: Request) -> Told {
    let sent = world.send(door.system, &request);
    let request = Arc::new(request);
    let first = deliver(&world, &sent, &request, (sent.course.first, false));
    // Nobody waits for the second delivery's answer: of two, the caller hears the first's or none.
    deliver(&world, &sent, &request, (sent.course.second, true));
    let answer = match sent.course.hears {
        Hears::Nothing => return silence(&door.limits, &sent, first).await,
        Hears::Instead(at) => {
            wait(&sent, at).await;
            instead(sent.fate)
        }
        Hears::Answer { back, not_before } => {
            let response = first.response().await;
            wait(&sent, sent.course.first.map_or(not_before, |first| (first + back).max(not_before))).await;
            match response {
                Some(response) if sent.fate == Fate::Truncated => return cut(response),
                Some(response) => disguised(sent.fate, response),
                None => None,
            }
        }
    };
    if let Some(Ok(response)) = answer {
        return Ok(reply(response));
    }
    // A connection that ends instead of an answer has two manners; one that is refused knows no end in order.
    if sent.fate != Fate::AnswerReset || manner(&sent) {
        state.reset();
    }
    Err(Severed)
}

/// One of the two manners in which some fates show on a socket, by the point alone.
const fn manner(sent: &Sent) -> bool {
    mix(sent.key ^ MANNER) & 1 == 1
}

/// An answer that breaks off in its body; one that has no body breaks off before its head.
fn cut(response: Response) -> Told {
    if !has_body(&response) {
        return Err(Severed);
    }
    Ok(with_body(response, AnswerBody::cut))
}

/// No answer, until whoever waits has surely given up; or a head, and then no body.
async fn silence(limits: &Limits, sent: &Sent, first: Delivery) -> Told {
    if sent.fate == Fate::AnswerLost
        && manner(sent)
        && let Some(response) = first.response().await.filter(has_body)
    {
        return Ok(with_body(response, |body| AnswerBody::stalled(&body, limits.silence)));
    }
    sleep(limits.silence).await;
    Err(Severed)
}

/// Whether an answer with this status may have a body.
fn has_body(response: &Response) -> bool {
    !matches!(response.status, 204 | 304)
}

/// A delivery: made, or to be made.
enum Delivery {
    Never,
    Made(Option<Response>),
    Ahead(oneshot::Receiver<Option<Response>>),
}

impl Delivery {
    /// What the vendor answered, once it has; `None` where it swallowed the request.
    async fn response(self) -> Option<Response> {
        match self {
            Self::Never => None,
            Self::Made(response) => response,
            // A sender that is dropped has delivered nothing: its runtime ends.
            Self::Ahead(coming) => coming.await.unwrap_or_default(),
        }
    }
}

/// Delivers a request at this instant: at once, or by a task of its own, so that neither a caller that goes away nor
/// any other exchange changes anything about it.
fn deliver(world: &Arc<World>, sent: &Sent, request: &Arc<Request>, (at, again): (Option<Instant>, bool)) -> Delivery {
    let Some(at) = at else { return Delivery::Never };
    let delay = at.since(sent.at);
    if delay <= AT_ONCE {
        return Delivery::Made(world.deliver(sent, request, again));
    }
    let (answered, coming) = oneshot::channel();
    let (world, sent, request) = (Arc::clone(world), *sent, Arc::clone(request));
    tokio::spawn(async move {
        sleep(Duration::from_nanos(delay.0)).await;
        // Nobody may be waiting for it any more.
        let _ = answered.send(world.deliver(&sent, &request, again));
    });
    Delivery::Ahead(coming)
}

/// Waits until an instant of the exchange's course.
async fn wait(sent: &Sent, at: Instant) {
    let now = sent.since.elapsed();
    let ahead = Duration::from_nanos(at.since(sent.at).0).saturating_sub(now);
    if !ahead.is_zero() {
        sleep(ahead).await;
    }
}
