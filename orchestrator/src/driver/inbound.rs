//! Clients: connections accepted up to a bound, requests read within bounds and handed to the node, answers written.

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::StatusCode;
use hyper::body::{Body, Incoming};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::Limits;
use super::linger;
use super::metrics::Metrics;
use super::reply::{Reply, closing, refused, reply, text};
use super::run::Mouth;
use crate::gateway::operators;
use crate::message::{Headers, Method, Request};

/// After a connection could not be accepted (the process has too many files open), the next try waits so long.
const BREATH: Duration = Duration::from_millis(20);

/// No answer: the connection ends.
#[derive(Debug)]
pub(super) struct Silence;

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the hub ended before it could answer")
    }
}

impl std::error::Error for Silence {}

/// Whoever answers the requests of a connection.
pub(super) trait Serves: Send + Sync + 'static {
    /// Answers one request.
    fn serve(&self, request: hyper::Request<Incoming>) -> impl Future<Output = Result<Reply, Silence>> + Send;
}

/// Accepts connections until it is told to stop; then ends them as their exchanges are answered.
pub(super) async fn listen<S: Serves>(
    listener: TcpListener,
    serves: Arc<S>,
    limits: Limits,
    places: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    let stopped = stop.clone();
    loop {
        tokio::select! {
            accepted = accept(&listener, &places) => {
                if let Some((stream, place)) = accepted {
                    connections.spawn(serve(stream, place, Arc::clone(&serves), limits, stopped.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// A connection and its place among those that there may be.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    // The place comes first: while there is none, clients wait in the system's own queue.
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(_) => {
            sleep(BREATH).await;
            None
        }
    }
}

async fn serve<S: Serves>(
    stream: TcpStream,
    _place: OwnedSemaphorePermit,
    serves: Arc<S>,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    // An answer leaves when it is written. Where that cannot be asked for it leaves a little later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let serves = Arc::clone(&serves);
        Box::pin(async move { serves.serve(request).await })
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.slow_header);
    http.max_header_size(limits.header).max_buf_size(limits.header.max(8192));
    let mut connection = http.serve_connection(TokioIo::new(stream), service);
    let mut stopping = false;
    loop {
        tokio::select! {
            // Clients come and go; how a connection ended is no news.
            _ = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break,
            _ = stop.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
    linger::end(connection.into_parts().io.into_inner()).await;
}

/// The door for clients.
pub(super) struct Front {
    pub(super) mouth: Mouth,
    pub(super) limits: Limits,
    pub(super) metrics: Arc<Metrics>,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Serves for Front {
    async fn serve(&self, incoming: hyper::Request<Incoming>) -> Result<Reply, Silence> {
        let answer = self.answer(incoming).await?;
        self.metrics.answered(answer.status().as_u16());
        Ok(answer)
    }
}

impl Front {
    async fn answer(&self, incoming: hyper::Request<Incoming>) -> Result<Reply, Silence> {
        let (parts, body) = incoming.into_parts();
        if let Some(page) = page(&parts, &self.mouth, &self.metrics).await {
            return Ok(page);
        }
        if parts.uri.path().starts_with(operators::PREFIX) {
            return Ok(closing(refused(404, "no such path")));
        }
        let Some(mut request) = request(&parts) else {
            return Ok(closing(refused(405, "this method is none that the hub knows")));
        };
        match read_body(&self.limits, body).await {
            Ok(bytes) => request.body = bytes,
            Err(answer) => return Ok(*answer),
        }
        if *self.stopped.borrow() {
            return Ok(closing(refused(503, "the hub is stopping and begins nothing new")));
        }
        Ok(reply(self.mouth.ask(request).await.ok_or(Silence)?))
    }
}

/// The pages that every port has: whether the hub serves, and what it counted.
pub(super) async fn page(parts: &Parts, mouth: &Mouth, metrics: &Metrics) -> Option<Reply> {
    let path = parts.uri.path();
    if parts.method != hyper::Method::GET || !matches!(path, "/healthz" | "/metrics") {
        return None;
    }
    let standing = mouth.look().await.unwrap_or_default();
    if path == "/metrics" {
        return Some(text(StatusCode::OK, "text/plain; version=0.0.4", metrics.page(standing)));
    }
    let (status, told) = if standing.recovered {
        (StatusCode::OK, r#"{"status":"serving"}"#)
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"recovering"}"#)
    };
    Some(text(status, "application/json", told.to_owned()))
}

/// Reads a body within the bounds; else what its sender hears.
pub(super) async fn read_body(limits: &Limits, body: Incoming) -> Result<Vec<u8>, Box<Reply>> {
    let refused = |status, detail: &str| Err(Box::new(closing(refused(status, detail))));
    let too_large = || refused(413, &format!("a body may have {} bytes at most", limits.body));
    if body.size_hint().lower() > limits.body as u64 {
        return too_large();
    }
    match timeout(limits.slow_body, Limited::new(body, limits.body).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_large(),
        Ok(Err(_)) => refused(400, "the body broke off"),
        Err(_) => refused(408, "the body took too long"),
    }
}

/// The request with these parts; `None` where the node knows no such method. HEAD counts as GET: whoever writes the
/// answer leaves its body out.
pub(super) fn request(parts: &Parts) -> Option<Request> {
    let method = match parts.method {
        hyper::Method::GET | hyper::Method::HEAD => Method::Get,
        hyper::Method::POST => Method::Post,
        hyper::Method::PUT => Method::Put,
        hyper::Method::PATCH => Method::Patch,
        hyper::Method::DELETE => Method::Delete,
        _ => return None,
    };
    let mut headers = Headers::default();
    for (name, value) in &parts.headers {
        headers.push(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    Some(Request { method, target, headers, body: Vec::new() })
}
