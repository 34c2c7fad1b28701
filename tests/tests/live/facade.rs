//! A facade that shows what the test wants shown: a thread that answers one request a connection, until it is dropped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use tokio::runtime::Handle;

/// What it answers under each path; any other path is 404.
type Shown = Arc<Mutex<BTreeMap<String, (u16, String)>>>;

/// A facade.
pub(crate) struct Facade {
    address: String,
    shown: Shown,
}

impl Facade {
    /// Serves it, on a thread of this runtime.
    pub(crate) fn start(runtime: &Handle) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shown = Shown::default();
        let served = Arc::downgrade(&shown);
        runtime.spawn_blocking(move || {
            for stream in listener.incoming() {
                let Some(shown) = served.upgrade() else { return };
                answer(stream.unwrap(), &shown);
            }
        });
        Self { address, shown }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on this customer is shown so.
    pub(crate) fn show(&self, cust_no: &str, status: u16, body: &str) {
        self.shown.lock().unwrap().insert(format!("/api/customers/{cust_no}"), (status, body.to_owned()));
    }
}

impl Drop for Facade {
    fn drop(&mut self) {
        self.shown = Shown::default();
        // So that its thread sees that nobody wants it any more.
        let _ = TcpStream::connect(&self.address);
    }
}

fn answer(stream: TcpStream, shown: &Shown) {
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap().to_owned();
    while lines.next().is_some_and(|line| !line.is_empty()) {}
    let (status, body) = shown.lock().unwrap().get(&path).cloned().unwrap_or((404, "{}".to_owned()));
    let head =
        format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    (&stream).write_all([head, body].concat().as_bytes()).unwrap();
}
