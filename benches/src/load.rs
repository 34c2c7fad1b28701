//! Load over HTTP/1.1: connections that are kept alive, each asking again as soon as it has heard the answer. It reads no
//! more of an answer than it must, so that what is measured is the server.

use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, yield_now};

/// Whoever asks over one connection.
pub trait Asks {
    /// The next request, whole, given the body of the last answer; none ends the connection's turn.
    fn ask(&mut self, heard: &[u8]) -> Option<&[u8]>;
}

/// A connection and who asks over it.
#[derive(Debug)]
pub struct Connection<A> {
    stream: TcpStream,
    /// Who asks.
    pub asks: A,
    buffer: Vec<u8>,
}

impl<A: Asks> Connection<A> {
    /// A new connection.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn to(address: SocketAddr, asks: A) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, asks, buffer: Vec::with_capacity(16 << 10) })
    }

    /// Asks until then, or until there is nothing more to ask: how often it was answered with success.
    ///
    /// # Errors
    /// Where the connection ends, or an answer is no success.
    #[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
    pub async fn ask_until(&mut self, end: Instant) -> io::Result<u64> {
        let (mut answered, mut body) = (0, 0);
        while Instant::now() < end {
            let heard = self.buffer.len() - body;
            let Some(request) = self.asks.ask(&self.buffer[heard..]) else { break };
            self.stream.write_all(request).await?;
            body = self.hear().await?;
            answered += 1;
        }
        Ok(answered)
    }

    /// Reads one answer into the buffer: how long its body is, which ends it.
    async fn hear(&mut self) -> io::Result<usize> {
        self.buffer.clear();
        let mut whole = None;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if whole.is_none() {
                whole = whole_length(&self.buffer)?;
            }
            match whole {
                Some((length, body)) if self.buffer.len() >= length => return Ok(body),
                _ => {}
            }
        }
    }
}

/// How long an answer that begins so will be, and its body; none where its head has not come yet.
fn whole_length(bytes: &[u8]) -> io::Result<Option<(usize, usize)>> {
    let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(&bytes[..head]).map_err(io::Error::other)?;
    if !text.starts_with("HTTP/1.1 2") {
        return Err(io::Error::other(text.to_owned()));
    }
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let body = length.unwrap_or(0);
    Ok(Some((head + 4 + body, body)))
}

/// Lets all connections ask until then, side by side: how many answers they heard together. Meanwhile this thread never
/// sleeps, so that no server pays for waking it.
///
/// # Errors
/// As one connection.
pub async fn all_until<A: Asks + Send + 'static>(
    connections: &mut Vec<Connection<A>>,
    end: Instant,
) -> io::Result<u64> {
    let mut asking = JoinSet::new();
    for mut connection in connections.drain(..) {
        asking.spawn(async move { connection.ask_until(end).await.map(|answered| (connection, answered)) });
    }
    let awake = tokio::spawn(async {
        loop {
            yield_now().await;
        }
    });
    let mut sum = 0;
    while let Some(asked) = asking.join_next().await {
        let (connection, answered) = asked.map_err(io::Error::other)??;
        connections.push(connection);
        sum += answered;
    }
    awake.abort();
    Ok(sum)
}
