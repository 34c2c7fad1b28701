//! Who asks: creates a user and reads it, over and over, or only reads.

use std::sync::atomic::{AtomicU64, Ordering};

use sagaproof_benches::load::Asks;
use sagaproof_sim::fleet::auth::Credentials;

/// How many connections there were, so that no two ever create the same user.
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// One connection's pairs of a create and a read.
pub(crate) struct Pairs {
    /// Sets its users apart from those of other connections.
    number: u64,
    turn: u64,
    each: u64,
    creates: bool,
    reads_next: bool,
    id: Vec<u8>,
    request: Vec<u8>,
}

impl Pairs {
    pub(crate) fn new(each: u64, creates: bool) -> Self {
        let number = CONNECTIONS.fetch_add(1, Ordering::Relaxed);
        let (id, request) = (Vec::new(), Vec::new());
        Self { number, turn: 0, each, creates, reads_next: false, id, request }
    }

    fn write(&mut self, line: &str, body: &str) {
        let token = Credentials::SIMULATION.support_token;
        let length = body.len();
        let head = format!("{line} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n");
        let kind = format!("content-type: application/json\r\ncontent-length: {length}\r\n\r\n");
        self.request = [&*head, &*kind, body].concat().into_bytes();
    }
}

impl Asks for Pairs {
    fn ask(&mut self, heard: &[u8]) -> Option<&[u8]> {
        if self.reads_next {
            if self.creates || self.id.is_empty() {
                self.id = id(heard);
            }
            let id = String::from_utf8_lossy(&self.id).into_owned();
            self.write(&format!("GET /api/v2/users/{id}.json"), "");
            self.turn += 1;
            self.reads_next = !self.creates;
            return (self.creates || self.turn <= self.each).then_some(&self.request);
        }
        if self.turn >= self.each {
            return None;
        }
        let email = format!("connection-{}-{}@example.org", self.number, self.turn);
        let body = format!(
            r#"{{"user":{{"name":"Kim Roe","email":"{email}","external_id":"{email}","phone":"+819000000001","user_fields":{{"owner":"K1/s1-1"}}}}}}"#
        );
        self.write("POST /api/v2/users.json", &body);
        self.reads_next = true;
        Some(&self.request)
    }
}

/// The number behind the first `"id":` of an answer.
fn id(body: &[u8]) -> Vec<u8> {
    let at = body.windows(5).position(|window| window == b"\"id\":").map_or(body.len(), |at| at + 5);
    body[at..].iter().copied().skip_while(|byte| *byte == b' ').take_while(u8::is_ascii_digit).collect()
}
