//! A vendor's connections: those that rest, and new ones. A connection whose making outlasts whoever wanted it rests for
//! the next one.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

use super::base::Base;
use super::trust::Trust;

/// So many connections rest at most, for so long.
const MOST: usize = 64;
const REST: Duration = Duration::from_secs(30);
/// The most bytes of the head of a vendor's answer.
const HEAD: usize = 64 << 10;

/// A connection that a request can be sent over.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) sender: SendRequest<Full<Bytes>>,
    /// Ends the connection.
    task: AbortHandle,
}

impl Drop for Link {
    fn drop(&mut self) {
        // Whoever drops a connection wants nothing more from it, and the vendor is to know.
        self.task.abort();
    }
}

/// The connections to one vendor.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) base: Base,
    trust: Option<Trust>,
    connect: Duration,
    resting: Mutex<Vec<(Instant, Link)>>,
}

impl Pool {
    pub(super) const fn new(base: Base, trust: Option<Trust>, connect: Duration) -> Self {
        Self { base, trust, connect, resting: Mutex::new(Vec::new()) }
    }

    /// A connection that rests and still stands.
    pub(super) fn rested(&self) -> Option<Link> {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((since, link)) = resting.pop() {
            if since.elapsed() < REST && link.sender.is_ready() {
                return Some(link);
            }
        }
        None
    }

    /// Lets a connection rest.
    pub(super) fn rest(&self, link: Link) {
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.len() < MOST {
            resting.push((Instant::now(), link));
        }
    }

    /// Makes a connection, by a task of its own: it goes on when nobody waits any more.
    pub(super) fn connect(self: &Arc<Self>) -> oneshot::Receiver<io::Result<Link>> {
        let (made, wanted) = oneshot::channel();
        let pool = Arc::clone(self);
        tokio::spawn(async move {
            let link = timeout(pool.connect, pool.open()).await;
            let link = link.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            if let Err(Ok(link)) = made.send(link) {
                pool.rest(link);
            }
        });
        wanted
    }

    async fn open(&self) -> io::Result<Link> {
        let stream = TcpStream::connect(&self.base.address).await?;
        stream.set_nodelay(true)?;
        match (&self.base.name, &self.trust) {
            (None, _) => link(stream).await,
            (Some(name), Some(trust)) => link(trust.greet(name, stream).await?).await,
            (Some(_), None) => Err(io::Error::other("nobody is trusted to name the vendor")),
        }
    }
}

async fn link(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> io::Result<Link> {
    let mut http = http1::Builder::new();
    http.max_header_size(HEAD).max_buf_size(HEAD);
    let (sender, connection) = http.handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    // How it ended is told to whoever has a request on it.
    let task = tokio::spawn(async move { drop(connection.await) });
    Ok(Link { sender, task: task.abort_handle() })
}
