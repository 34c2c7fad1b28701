//! What a running hub bears: clients that dawdle, and a disk that is full. What comes in too large or not as HTTP stands
//! with the binary's tests.

#![expect(clippy::unwrap_used, reason = "a hub that cannot be asked fails the test")]

use std::io::{self, Read, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use sagaproof::live::Fleet;
use sagaproof::version::hub::Hub as Version;
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::driver::{ANY, Hub, Limits, Options};
use sagaproof_orchestrator::effect::Write;
use sagaproof_orchestrator::event::{Row, Verdict};
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::store::memory::Memory;
use sagaproof_orchestrator::store::sqlite::Sqlite;
use sagaproof_orchestrator::store::{Broken, Store};
use sagaproof_sim::fleet::System;
use tokio::runtime::{Builder, Runtime};

/// A hub and its fleet, on a thread beside the test.
struct Pair {
    runtime: Runtime,
    fleet: Fleet,
    url: String,
}

impl Pair {
    fn start(store: Box<dyn Store>, limits: Limits) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let fleet = runtime.block_on(Fleet::start()).unwrap();
        let engine = Engine {
            policy: Policy::SHIPPED,
            connectors: Version::shipped().connectors,
            definitions: Definitions::SHIPPED,
        };
        let vendors = System::VENDORS.map(|system| fleet.url(system).parse().unwrap());
        let options =
            Options { engine, vendors, trust: None, address: ANY, operator: None, log: Box::new(io::sink()), limits };
        let hub = runtime.block_on(Hub::start(options, store)).unwrap();
        let url = hub.url();
        runtime.spawn(hub.serve_until(std::future::pending()));
        Self { runtime, fleet, url }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.url.strip_prefix("http://").unwrap()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    /// All that comes in answer to these bytes until the connection ends.
    fn say(&self, bytes: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        let mut came = String::new();
        stream.read_to_string(&mut came).unwrap();
        came
    }

    /// The status and the body of the answer to a request.
    fn ask(&self, line: &str, body: &str) -> (u16, String) {
        let length = body.len();
        let came = self
            .say(&format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"));
        let (head, body) = came.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// Creates the nth customer as a job: the status of the answer, and its body.
    fn create(&self, n: u32) -> (u16, String) {
        let body = format!(r#"{{"cust_no":"C{n}","email":"c{n}@x.test","given_name":"Ann","family_name":"Lee"}}"#);
        self.ask("POST /api/async/customers", &body)
    }

    /// Waits until this customer is shown.
    fn await_customer(&self, n: u32) {
        while self.ask(&format!("GET /api/customers/C{n}"), "").0 != 200 {
            thread::yield_now();
        }
    }
}

#[test]
fn a_client_that_dawdles_is_let_go_and_harms_nobody() {
    let slow = Duration::from_millis(100);
    let pair =
        Pair::start(Box::new(Memory::default()), Limits { slow_header: slow, slow_body: slow, ..Limits::default() });
    let mut resting: Vec<_> = (0..50).map(|_| pair.connect()).collect();
    assert_eq!(pair.say("POST /api/customers HT"), "", "a head that never comes whole has no answer");
    let half = "POST /api/customers HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{";
    let came = pair.say(half);
    assert!(came.starts_with("HTTP/1.1 408 ") && came.contains("the body took too long"), "{came}");
    assert_eq!(pair.create(1).0, 202);
    pair.await_customer(1);
    for stream in &mut resting {
        assert_eq!(stream.read(&mut [0]).unwrap(), 0, "who rests too long is let go");
    }
}

/// A store in a file that takes no page more while its disk counts as full.
struct Filling {
    file: Sqlite,
    full: Arc<AtomicBool>,
}

impl Store for Filling {
    fn read(&mut self, prefix: &str) -> Result<Vec<Row>, Broken> {
        self.file.read(prefix)
    }

    fn commit(&mut self, commits: &[Vec<Write>]) -> Result<Vec<Verdict>, Broken> {
        // SQLite takes the least bound that it can: the pages that there are.
        self.file.bound_pages(if self.full.load(Ordering::Relaxed) { 1 } else { 1 << 30 }).unwrap();
        self.file.commit(commits)
    }
}

#[test]
fn a_full_disk_is_told_nothing_acknowledged_is_lost_and_room_mends_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = Sqlite::open(&folder.path().join("hub.db")).unwrap();
    let full = Arc::new(AtomicBool::new(false));
    let pair = Pair::start(Box::new(Filling { file, full: Arc::clone(&full) }), Limits::default());
    assert_eq!(pair.create(0).0, 202);
    pair.await_customer(0);
    full.store(true, Ordering::Relaxed);
    let (mut accepted, mut last) = (0, (202, String::new()));
    while last.0 == 202 {
        accepted += 1;
        last = pair.create(accepted);
    }
    assert_eq!(last.0, 503);
    assert!(last.1.contains("the store takes nothing now") && last.1.contains("not-applied"), "{}", last.1);
    assert_eq!(pair.ask("GET /api/customers/C0", "").0, 200, "what is there is shown");
    full.store(false, Ordering::Relaxed);
    (1..accepted).for_each(|n| pair.await_customer(n));
    assert_eq!(pair.ask(&format!("GET /api/customers/C{accepted}"), "").0, 404, "what was refused is nowhere");
    assert_eq!(pair.create(accepted).0, 202);
    pair.await_customer(accepted);
    let checked = pair.runtime.block_on(pair.fleet.check(&pair.url, Duration::from_secs(30))).unwrap();
    assert!(checked.violations.is_empty(), "{:?}", checked.violations);
}
