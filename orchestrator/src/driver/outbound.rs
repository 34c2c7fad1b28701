//! Calls to vendors, each a task: over a connection that rests or a new one, not after the node's word, and with exactly
//! one answer event. What may have happened is told honestly: only what surely never left is refused or not sent.

use std::io::ErrorKind;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::HOST;
use tokio::time::{sleep, timeout};

use super::Limits;
use super::base::Base;
use super::clock::{Clock, length};
use super::metrics::Metrics;
use super::pool::{Link, Pool};
use super::run::{Message, Mouth};
use super::trust::Trust;
use crate::connector::Vendor;
use crate::event::Event;
use crate::message::{Answer, CallError, Headers, Method, Request, Response};
use crate::time::{Instant, Nanos};

/// Who carries out calls.
#[derive(Debug, Clone)]
pub(super) struct Outbound {
    pools: [Arc<Pool>; 4],
    clock: Clock,
    limits: Limits,
    mouth: Mouth,
    metrics: Arc<Metrics>,
}

impl Outbound {
    pub(super) fn new(
        (vendors, trust): ([Base; 4], Option<Trust>),
        clock: Clock,
        limits: Limits,
        mouth: Mouth,
        metrics: Arc<Metrics>,
    ) -> Self {
        let pools = vendors.map(|base| Arc::new(Pool::new(base, trust.clone(), limits.connect)));
        Self { pools, clock, limits, mouth, metrics }
    }

    /// Reads for an operator: nobody but who asks hears the answer.
    pub(super) async fn ask(&self, to: Vendor, request: Request, time_out: Nanos) -> Answer {
        let not_after = self.clock.now() + time_out;
        self.exchange(to, 0, not_after).call(request, time_out).await
    }

    /// Makes a call.
    pub(super) fn call(&self, call: u64, to: Vendor, request: Request, time_out: Nanos, not_after: Instant) {
        let exchange = self.exchange(to, call, not_after);
        let (mouth, metrics) = (self.mouth.clone(), Arc::clone(&self.metrics));
        tokio::spawn(async move {
            let answer = exchange.call(request, time_out).await;
            metrics.called(to, &answer);
            mouth.say(Message::Event(Event::Answer { call, answer }));
        });
    }

    fn exchange(&self, to: Vendor, call: u64, not_after: Instant) -> Exchange {
        let pool = Arc::clone(&self.pools[to as usize]);
        let mouth = self.mouth.clone();
        Exchange { to, call, pool, clock: self.clock, most: self.limits.answer, not_after, mouth }
    }
}

/// One call on its way.
struct Exchange {
    to: Vendor,
    /// The node's number for it; 0 where an operator's report reads.
    call: u64,
    pool: Arc<Pool>,
    clock: Clock,
    most: usize,
    not_after: Instant,
    mouth: Mouth,
}

impl Exchange {
    async fn call(self, request: Request, time_out: Nanos) -> Answer {
        // What cannot be written as HTTP never leaves.
        let mut request = outgoing(&self.pool.base, request).ok_or(CallError::NotSent)?;
        loop {
            let mut link = self.link().await?;
            if self.clock.now() > self.not_after {
                self.pool.rest(link);
                return Err(CallError::NotSent);
            }
            // The clock runs from here: before, nothing had left.
            let answered = timeout(length(time_out), exchange(&mut link, request, self.most)).await;
            match answered {
                Ok(Heard::Answer(response)) => {
                    // The connection rests once it is ready for another request; nobody waits for that.
                    let pool = self.pool;
                    tokio::spawn(async move {
                        if link.sender.ready().await.is_ok() {
                            pool.rest(link);
                        }
                    });
                    return Ok(response);
                }
                Ok(Heard::Error(error)) => return Err(error),
                // The connection had ended before a byte was written: this is no attempt yet.
                Ok(Heard::Unsent(unsent)) => request = *unsent,
                Err(_) => return Err(CallError::TimedOut),
            }
        }
    }

    /// A connection, as long as the call may still leave.
    async fn link(&self) -> Result<Link, CallError> {
        if let Some(link) = self.pool.rested() {
            return Ok(link);
        }
        tokio::select! {
            made = self.pool.connect() => match made {
                Ok(Ok(link)) => Ok(link),
                Ok(Err(error)) => {
                    let refused = error.kind() == ErrorKind::ConnectionRefused;
                    self.mouth.say(Message::Unconnected { to: self.to, call: self.call, error });
                    // No name, no way, no time, nobody who shows who it is: nothing was sent.
                    Err(if refused { CallError::Refused } else { CallError::NotSent })
                }
                Err(_) => Err(CallError::NotSent),
            },
            () = sleep(self.clock.until(self.not_after)) => Err(CallError::NotSent),
        }
    }
}

/// What came of sending a request over a connection.
enum Heard {
    Answer(Response),
    Error(CallError),
    /// Nothing left.
    Unsent(Box<hyper::Request<Full<Bytes>>>),
}

async fn exchange(link: &mut Link, request: hyper::Request<Full<Bytes>>, most: usize) -> Heard {
    match link.sender.try_send_request(request).await {
        Ok(incoming) => match incoming_response(incoming, most).await {
            Some(response) => Heard::Answer(response),
            None => Heard::Error(CallError::Truncated),
        },
        Err(mut error) => match error.take_message() {
            Some(unsent) => Heard::Unsent(Box::new(unsent)),
            // Ended without an answer, or with something that is none.
            None => Heard::Error(CallError::Reset),
        },
    }
}

async fn incoming_response(incoming: hyper::Response<Incoming>, most: usize) -> Option<Response> {
    let (parts, body) = incoming.into_parts();
    let body = Limited::new(body, most).collect().await.ok()?.to_bytes().into();
    let mut headers = Headers::default();
    for (name, value) in &parts.headers {
        headers.push(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    Some(Response { status: parts.status.as_u16(), headers, body })
}

/// The request as it goes to this vendor.
fn outgoing(base: &Base, request: Request) -> Option<hyper::Request<Full<Bytes>>> {
    let Request { method, target, headers, body } = request;
    let method = match method {
        Method::Get => hyper::Method::GET,
        Method::Post => hyper::Method::POST,
        Method::Put => hyper::Method::PUT,
        Method::Patch => hyper::Method::PATCH,
        Method::Delete => hyper::Method::DELETE,
    };
    let mut builder = hyper::Request::builder().method(method).uri([&*base.prefix, &*target].concat());
    builder = builder.header(HOST, &base.host);
    for line in headers.0.split_terminator("\r\n") {
        let (name, value) = line.split_once(": ")?;
        builder = builder.header(name, value);
    }
    builder.body(Full::new(body.into())).ok()
}

#[cfg(test)]
mod tests;
