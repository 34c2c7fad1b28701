//! A connection's stream: bounded in how long it may rest, how long a head may take and how long a write may hang; and
//! ended as its last exchange wants it: politely, or by a reset. What is said over it is `http`'s.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, timeout};

use super::Limits;
use super::tls::Stream;

/// What a client hears that takes too long over the head of its request.
const TOO_SLOW: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: 37\r\n\r\n\
      The request's head took far too long\n";
/// After an answer to a request whose body was not read, so much of it is taken off the wire, for so long at most, so
/// that its sender hears the answer and not a reset.
const LINGER_BYTES: usize = 16 << 20;
const LINGER: Duration = Duration::from_secs(2);

/// Between two requests.
const RESTING: u32 = 0;
/// The bytes of a head are coming.
const HEAD: u32 = 1;
/// A request is being handled.
const HANDLING: u32 = 2;
/// Sets one request's phases apart from the next one's.
const TURN: u32 = 4;

/// What a connection and the exchanges on it know of each other.
#[derive(Debug, Default)]
pub(super) struct State {
    phase: AtomicU32,
    resets: AtomicBool,
    too_slow: AtomicBool,
    /// Whoever read while a request was handled. Nobody else would set the bound of the rest that follows.
    reader: Mutex<Option<Waker>>,
}

impl State {
    /// A request's head has come whole.
    pub(super) fn begin(&self) {
        self.phase.fetch_or(HANDLING, Ordering::Relaxed);
    }

    /// Its answer is ready: what comes next is another request.
    pub(super) fn rest(&self) {
        let turn = self.phase.load(Ordering::Relaxed) & !(TURN - 1);
        self.phase.store(turn.wrapping_add(TURN) | RESTING, Ordering::Relaxed);
        if let Some(reader) = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take() {
            reader.wake();
        }
    }

    /// The connection is to end with a reset.
    pub(super) fn reset(&self) {
        self.resets.store(true, Ordering::Relaxed);
    }
}

/// A stream with its bounds.
#[derive(Debug)]
pub(super) struct Line {
    stream: Stream,
    state: Arc<State>,
    limits: Limits,
    read_by: Pin<Box<Sleep>>,
    /// The phase that `read_by` was set for.
    read_for: Option<u32>,
    write_by: Option<Pin<Box<Sleep>>>,
}

impl Line {
    pub(super) fn new(stream: Stream, state: Arc<State>, limits: Limits) -> Self {
        Self { stream, state, limits, read_by: Box::pin(sleep(limits.idle)), read_for: None, write_by: None }
    }

    /// Ends the connection.
    pub(super) async fn end(mut self) {
        if self.state.resets.load(Ordering::Relaxed) {
            // Where the option cannot be set the peer hears a plain end, which tells it as little.
            let _ = self.stream.tcp().set_zero_linger();
            return;
        }
        let ending = async {
            if self.state.too_slow.load(Ordering::Relaxed) {
                self.stream.write_all(TOO_SLOW).await?;
            }
            self.stream.shutdown().await?;
            let mut rest = [0; 8192];
            let mut taken = 0;
            while taken < LINGER_BYTES {
                match self.stream.read(&mut rest).await? {
                    0 => break,
                    read => taken += read,
                }
            }
            io::Result::Ok(())
        };
        // Whatever goes wrong now, the connection is over.
        let _ = timeout(LINGER, ending).await;
    }

    /// Whether the phase has lasted too long; wakes the task when it has.
    fn is_overdue(&mut self, cx: &mut Context<'_>, phase: u32) -> bool {
        if self.read_for != Some(phase) {
            self.read_for = Some(phase);
            let bound = if phase & HEAD == 0 { self.limits.idle } else { self.limits.slow_header };
            self.read_by.as_mut().reset(Instant::now() + bound);
        }
        self.read_by.as_mut().poll(cx).is_ready()
    }

    /// A write, bounded in how long it may hang.
    fn bounded<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_by = None;
            return written;
        }
        let idle = self.limits.idle;
        let by = self.write_by.get_or_insert_with(|| Box::pin(sleep(idle)));
        ready!(by.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let phase = self.state.phase.load(Ordering::Relaxed);
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Ready(read) => {
                if phase & (HEAD | HANDLING) == 0 && buf.filled().len() > before {
                    self.state.phase.fetch_or(HEAD, Ordering::Relaxed);
                }
                Poll::Ready(read)
            }
            Poll::Pending if phase & HANDLING != 0 => {
                *self.state.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
                Poll::Pending
            }
            Poll::Pending if !self.is_overdue(cx, phase) => Poll::Pending,
            Poll::Pending if phase & HEAD == 0 => Poll::Ready(Ok(())),
            Poll::Pending => {
                self.state.too_slow.store(true, Ordering::Relaxed);
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.bounded(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
