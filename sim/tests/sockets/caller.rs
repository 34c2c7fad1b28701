//! A caller over a raw TCP stream: what it writes is written here, what it hears is what came.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use sagaproof_sim::fleet::auth::Credentials;

/// A connection.
pub(crate) struct Caller {
    stream: TcpStream,
    /// Bytes that came behind the last answer.
    ahead: Vec<u8>,
}

/// An answer that came whole.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// In order.
    Fin,
    /// By a reset.
    Reset,
}

/// What only a fleet that hangs makes a test wait for.
const HUNG: Duration = Duration::from_secs(30);

/// A push to this recipient, with these headers beside the credentials.
pub(crate) fn push(to: &str, headers: &str) -> String {
    let body = format!(r#"{{"to":"{to}","messages":[{{"type":"text","text":"Hello"}}]}}"#);
    let token = Credentials::SIMULATION.messaging_token;
    format!(
        "POST /v2/bot/message/push HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A read of this profile.
pub(crate) fn profile(of: &str) -> String {
    let token = Credentials::SIMULATION.messaging_token;
    format!("GET /v2/bot/profile/{of} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n")
}

impl Caller {
    pub(crate) fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(HUNG)).unwrap();
        Self { stream, ahead: Vec::new() }
    }

    /// Writes these bytes. That a peer has gone shows when its answer is read.
    pub(crate) fn say(&mut self, text: impl AsRef<[u8]>) -> &mut Self {
        let _ = self.stream.write_all(text.as_ref());
        self
    }

    /// The next whole answer.
    pub(crate) fn hear(&mut self) -> Heard {
        let head = loop {
            if let Some(end) = find(&self.ahead, b"\r\n\r\n") {
                break String::from_utf8(self.ahead.drain(..end + 4).collect()).unwrap().to_lowercase();
            }
            assert!(self.more().unwrap() > 0, "the connection ended within a head");
        };
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().unwrap());
        while self.ahead.len() < length {
            assert!(self.more().unwrap() > 0, "the connection ended within a body");
        }
        let body = String::from_utf8(self.ahead.drain(..length).collect()).unwrap();
        Heard { status, head, body }
    }

    /// All that comes until the connection ends, and how it ends.
    pub(crate) fn hear_out(&mut self) -> (String, End) {
        loop {
            match self.more() {
                Ok(0) => return (String::from_utf8_lossy(&self.ahead).into_owned(), End::Fin),
                Ok(_) => {}
                Err(ErrorKind::ConnectionReset) => {
                    return (String::from_utf8_lossy(&self.ahead).into_owned(), End::Reset);
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    /// What comes until these words, however it is divided into chunks.
    pub(crate) fn hear_until(&mut self, words: &str) -> String {
        loop {
            if let Some(end) = find(&self.ahead, words.as_bytes()) {
                return String::from_utf8(self.ahead.drain(..end + words.len()).collect()).unwrap();
            }
            assert!(self.more().unwrap() > 0, "the connection ended");
        }
    }

    /// Waits until anything comes, or the connection ends.
    pub(crate) fn hear_some(&mut self) {
        let _ = self.more();
    }

    /// Whether nothing has come by now.
    pub(crate) fn is_waiting(&mut self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let waiting = self.ahead.is_empty() && matches!(self.more(), Err(ErrorKind::WouldBlock));
        self.stream.set_nonblocking(false).unwrap();
        waiting
    }

    fn more(&mut self) -> Result<usize, ErrorKind> {
        let mut bytes = [0; 4096];
        let read = self.stream.read(&mut bytes).map_err(|error| error.kind())?;
        self.ahead.extend(&bytes[..read]);
        Ok(read)
    }
}

fn find(bytes: &[u8], sought: &[u8]) -> Option<usize> {
    bytes.windows(sought.len()).position(|window| window == sought)
}
