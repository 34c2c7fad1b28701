//! What befalls the peers' exchanges: the one fault of a world, carried out where a request reaches its vendor.
//! The vendors themselves know nothing of it; how a transport resets or truncates is the transport's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::System;

use crate::contender::{Exchange, Fault, FleetRecords, HORIZON, TIME_OUT};
use crate::vendors::{Vendors, answer};

/// The vendors of one world with the fault that still has to strike.
#[derive(Debug, Clone)]
pub(crate) struct Hardship(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    vendors: Vendors,
    fault: Option<Fault>,
}

/// What the vendor's end makes of a request.
#[derive(Debug)]
pub(crate) enum Served {
    /// It answers.
    Answer(Response<Bytes>),
    /// It answers, but the body breaks off.
    Truncated(Response<Bytes>),
    /// It resets the connection.
    Reset,
    /// It never answers.
    Silence,
}

impl Hardship {
    pub(crate) fn new(fault: Option<Fault>) -> Self {
        Self(Arc::new(Mutex::new(Inner { vendors: Vendors::default(), fault })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn records(&self) -> FleetRecords {
        self.inner().vendors.records()
    }

    /// Whether the connection for this request is refused; if so, the fault has struck.
    pub(crate) fn refuses(&self, to: System, path: &str) -> bool {
        let mut inner = self.inner();
        let strikes =
            inner.fault.is_some_and(|fault| fault.fate == Fate::Refused && fault.exchange == exchange(to, path));
        if strikes {
            inner.fault = None;
        }
        strikes
    }

    /// The fate of a request that reaches its vendor; a fault strikes once.
    fn fate(&self, to: System, path: &str) -> Fate {
        let mut inner = self.inner();
        match inner.fault {
            Some(fault) if fault.exchange == exchange(to, path) => {
                inner.fault = None;
                fault.fate
            }
            _ => Fate::Fine,
        }
    }

    fn handle(&self, to: System, request: &Request<Bytes>) -> Response<Bytes> {
        self.inner().vendors.handle(to, request)
    }

    fn handle_later(&self, to: System, request: Request<Bytes>, after: Duration) {
        let hardship = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            hardship.handle(to, &request);
        });
    }

    /// Serves a request that reached its vendor.
    pub(crate) async fn serve(&self, to: System, request: Request<Bytes>) -> Served {
        let fate = self.fate(to, request.uri().path());
        if let Some(response) = before(fate) {
            return Served::Answer(response);
        }
        match fate {
            Fate::RequestLost => return Served::Silence,
            Fate::LateShort => {
                self.handle_later(to, request, TIME_OUT + Duration::from_millis(10));
                return Served::Silence;
            }
            Fate::LateLong | Fate::Late504 => {
                self.handle_later(to, request, HORIZON);
                return if fate == Fate::Late504 { Served::Answer(status(504)) } else { Served::Silence };
            }
            Fate::Slow => tokio::time::sleep(TIME_OUT / 2).await,
            _ => {}
        }
        let response = self.handle(to, &request);
        match fate {
            Fate::Twice => {
                self.handle(to, &request);
                Served::Answer(response)
            }
            Fate::TwiceLate => {
                self.handle_later(to, request, HORIZON);
                Served::Silence
            }
            Fate::After500 => Served::Answer(status(500)),
            Fate::After502 => Served::Answer(status(502)),
            Fate::After503 => Served::Answer(status(503)),
            Fate::After504 => Served::Answer(status(504)),
            Fate::AnswerReset => Served::Reset,
            Fate::AnswerLost => Served::Silence,
            Fate::Truncated => Served::Truncated(response),
            Fate::Malformed => Served::Answer(answer(200, Bytes::from_static(b"{\"customer\":{\"id\":"))),
            Fate::Html => Served::Answer(answer(200, Bytes::from_static(b"<!doctype html><title>Please wait</title>"))),
            Fate::Empty => Served::Answer(answer(200, Bytes::new())),
            _ => Served::Answer(response),
        }
    }
}

/// The answer of a fate that answers before any effect.
fn before(fate: Fate) -> Option<Response<Bytes>> {
    let code = match fate {
        Fate::Before400 => 400,
        Fate::Before401 => 401,
        Fate::Before403 => 403,
        Fate::Before408 => 408,
        Fate::Before429 | Fate::Before429After => 429,
        Fate::Before500 => 500,
        Fate::Before502 => 502,
        Fate::Before503 => 503,
        Fate::Before504 => 504,
        _ => return None,
    };
    let mut response = status(code);
    if fate == Fate::Before429After {
        response.headers_mut().insert("retry-after", http::HeaderValue::from_static("1"));
    }
    Some(response)
}

fn status(code: u16) -> Response<Bytes> {
    answer(code, Bytes::from_static(br#"{"message":"unexpected"}"#))
}

fn exchange(to: System, path: &str) -> Exchange {
    match to {
        System::Commerce => Exchange::Commerce,
        System::Support => Exchange::Support,
        System::Identity if path == "/oauth/token" => Exchange::Token,
        System::Identity => Exchange::Identity,
        System::Messaging | System::Hub => Exchange::Push,
    }
}
