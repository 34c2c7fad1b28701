//! The bodies of answers: whole, cut off in the middle, stalled after the head, or coming piece by piece.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::time::{Sleep, sleep};

/// Why a connection ends in the middle of an exchange: its fate.
#[derive(Debug)]
pub(super) struct Severed;

impl fmt::Display for Severed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the exchange's fate")
    }
}

impl std::error::Error for Severed {}

/// An answer's body.
#[derive(Debug)]
pub(super) enum AnswerBody {
    /// All of it.
    Whole(Bytes),
    /// So many bytes are promised; these come, and then the connection ends.
    Cut { promised: u64, part: Bytes, flushed: bool },
    /// So many bytes are promised; none comes until the connection ends.
    Stalled { promised: u64, until: Pin<Box<Sleep>> },
    /// Whatever comes, piece by piece, until no more can.
    Coming(mpsc::Receiver<String>),
}

impl AnswerBody {
    /// The first half of a body of which all is promised.
    pub(super) fn cut(body: Vec<u8>) -> Self {
        let promised = body.len().max(1);
        let mut part = body;
        part.truncate(promised / 2);
        Self::Cut { promised: promised as u64, part: part.into(), flushed: false }
    }

    /// A body that does not come, for so long.
    pub(super) fn stalled(body: &[u8], silence: Duration) -> Self {
        Self::Stalled { promised: body.len().max(1) as u64, until: Box::pin(sleep(silence)) }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Severed;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Severed>>> {
        match &mut *self {
            Self::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Self::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Self::Cut { part, .. } if !part.is_empty() => Poll::Ready(Some(Ok(Frame::data(std::mem::take(part))))),
            // What is written leaves before an error ends the connection only where the body pauses first.
            Self::Cut { flushed: flushed @ false, .. } => {
                *flushed = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Self::Cut { .. } => Poll::Ready(Some(Err(Severed))),
            Self::Coming(pieces) => {
                let piece = ready!(pieces.poll_recv(cx));
                Poll::Ready(piece.map(|piece| Ok(Frame::data(piece.into()))))
            }
            Self::Stalled { until, .. } => {
                ready!(until.as_mut().poll(cx));
                Poll::Ready(Some(Err(Severed)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(bytes) if bytes.is_empty())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Self::Cut { promised, .. } | Self::Stalled { promised, .. } => SizeHint::with_exact(*promised),
            Self::Coming(_) => SizeHint::default(),
        }
    }
}
