//! Connections: accepted up to a bound, served one request after another, and ended in order when the fleet stops.

use std::future::{Future, poll_fn};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::Limits;
use super::line::{Line, State};
use super::tls::Stream;
use super::vendor::Told;

/// After a connection could not be accepted (the process has too many files open), the next try waits so long.
const BREATH: Duration = Duration::from_millis(20);
/// So many connections may wait to be accepted; the default is 128, and one more than that waits a second to try again.
const BACKLOG: u32 = 4096;
/// What is in flight when the fleet stops may take so long to end.
const GRACE: Duration = Duration::from_secs(1);

/// Whoever answers the requests of a connection.
pub(super) trait Serves: Clone + Send + Sync + Unpin + 'static {
    /// Answers one request.
    fn serve(self, state: Arc<State>, request: hyper::Request<Incoming>) -> impl Future<Output = Told> + Send;
}

/// Accepts connections until it is told to stop; then ends them.
pub(super) async fn listen<S: Serves>(
    (listener, tls): (TcpListener, Option<TlsAcceptor>),
    serves: S,
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
                    let (tls, serves, stop) = (tls.clone(), serves.clone(), stopped.clone());
                    connections.spawn(async move {
                        let _place = place;
                        if let Some(stream) = open(stream, tls, limits).await {
                            serve(stream, serves, limits, stop).await;
                        }
                    });
                }
            }
            Some(_) = connections.join_next() => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    drop(listener);
    // Whoever has not ended by then is cut off when the set is dropped.
    let _ = timeout(GRACE, async { while connections.join_next().await.is_some() {} }).await;
}

/// A connection and its place among those that there may be.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    // The place comes first: while there is none, callers wait in the system's own queue.
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(_) => {
            sleep(BREATH).await;
            None
        }
    }
}

/// A connection on which HTTP can be spoken; `None` where TLS was expected and does not come.
async fn open(stream: TcpStream, tls: Option<TlsAcceptor>, limits: Limits) -> Option<Stream> {
    // An answer leaves when it is written. Where that cannot be asked for it leaves a little later.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return Some(Stream::Plain(stream)) };
    let stream = timeout(limits.slow_header, tls.accept(stream)).await.ok()?.ok()?;
    Some(Stream::Tls(Box::new(stream)))
}

async fn serve<S: Serves>(stream: Stream, serves: S, limits: Limits, mut stop: watch::Receiver<bool>) {
    let state = Arc::new(State::default());
    let line = TokioIo::new(Line::new(stream, Arc::clone(&state), limits));
    let service = service_fn(move |request| {
        let (state, serves) = (Arc::clone(&state), serves.clone());
        state.begin();
        Box::pin(async move {
            let told = serves.serve(Arc::clone(&state), request).await;
            state.rest();
            told
        })
    });
    let mut http = http1::Builder::new();
    // As names are written in documents: some libraries look for them with capitals.
    http.title_case_headers(true);
    http.header_read_timeout(None).max_header_size(limits.header).max_buf_size(limits.header.max(8192));
    let mut connection = http.serve_connection(line, service);
    let mut stopping = false;
    loop {
        tokio::select! {
            // How a connection ended is no news to the fleet: its callers come and go, and fates end some.
            _ = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break,
            _ = stop.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
    connection.into_parts().io.into_inner().end().await;
}

/// Listens on the loopback, on this port or, where it is 0, on a free one.
pub(super) fn bind(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind((std::net::Ipv4Addr::LOCALHOST, port).into())?;
    socket.listen(BACKLOG)
}
