//! The hub as it ships, over sockets: clients on one thread, the vendors on another, the hub on a third, its store's
//! thread beside it.

#![expect(clippy::disallowed_methods, reason = "a bench reads the clock, and each party has a thread of its own")]

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use sagaproof::version::hub::credentials;
use sagaproof_benches::load::{Asks, Connection, all_until};
use sagaproof_benches::usage::{busy, here};
use sagaproof_orchestrator::connector::connectors;
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::driver::{ANY, Base, Hub, Limits, Options};
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::store::sqlite::Sqlite;
use sagaproof_sim::fleet::{Settings, System};
use sagaproof_sim::server::{self, Fleet, WorldSettings};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::{Round, creation};

/// So many clients ask at once.
const CLIENTS: usize = 256;
/// Longer than a round ever takes.
const LONG: Duration = Duration::from_secs(600);

/// Creates one customer after another.
struct Creates {
    next: Arc<AtomicU64>,
    until: u64,
    request: Vec<u8>,
}

impl Asks for Creates {
    fn ask(&mut self, _heard: &[u8]) -> Option<&[u8]> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let body = creation(n);
        let head = "POST /api/customers HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
        self.request =
            format!("{head}idempotency-key: k{n}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes();
        (n < self.until).then_some(&self.request)
    }
}

fn runtime(blocking: &str) -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().thread_name(blocking).build()
}

/// Serves a fleet until it is told to stop: tells where its vendors are.
fn vendors(told: impl FnOnce([Base; 4]), stopped: oneshot::Receiver<()>) -> io::Result<()> {
    runtime("vendors-aside")?.block_on(async {
        let fleet = Settings { limits: false, ..Settings::default() };
        let world = WorldSettings { fleet, ..WorldSettings::default() };
        let fleet =
            Fleet::start(server::Options { world, ..server::Options::default() }).await.map_err(io::Error::other)?;
        let bases: Result<Vec<Base>, _> = System::VENDORS.iter().map(|system| fleet.url(*system).parse()).collect();
        told(bases.map_err(io::Error::other)?.try_into().map_err(|_| io::Error::other("four vendors"))?);
        // Whoever drops the other end wants it stopped as well.
        let _ = stopped.await;
        Ok(())
    })
}

/// Runs a hub on this store until it is told to stop: tells where it is.
fn hub(file: &Path, vendors: [Base; 4], told: impl FnOnce(String), stopped: oneshot::Receiver<()>) -> io::Result<()> {
    let store = Sqlite::open(file).map_err(io::Error::other)?;
    let engine = Engine {
        policy: Policy { concurrency: CLIENTS, ..Policy::SHIPPED },
        connectors: connectors(&credentials()),
        definitions: Definitions::SHIPPED,
    };
    let limits = Limits::default();
    let options =
        Options { engine, vendors, trust: None, address: ANY, operator: None, log: Box::new(io::sink()), limits };
    runtime("store")?.block_on(async {
        let hub = Hub::start(options, Box::new(store)).await.map_err(io::Error::other)?;
        told(hub.url());
        hub.serve_until(async { drop(stopped.await) }).await.map_err(io::Error::other)
    })
}

/// Runs so many creates: what it took.
pub(crate) fn round(file: &Path, sagas: u64) -> Result<Round, Box<dyn std::error::Error>> {
    thread::scope(|scope| {
        let named = |name: &str| thread::Builder::new().name(name.to_owned());
        let ((stop_vendors, no_vendors), (stop_hub, no_hub)) = (oneshot::channel(), oneshot::channel());
        let (told, bases) = channel();
        let sends = move |bases| drop(told.send(bases));
        let fleet = named("vendors").spawn_scoped(scope, || vendors(sends, no_vendors))?;
        let bases = bases.recv()?;
        let (told, url) = channel();
        let sends = move |url| drop(told.send(url));
        let served = named("hub").spawn_scoped(scope, || hub(file, bases, sends, no_hub))?;
        let address: SocketAddr = url.recv()?.strip_prefix("http://").unwrap_or_default().parse()?;
        let load = runtime("clients-aside")?;
        let next = Arc::new(AtomicU64::new(0));
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let creates = Creates { next: Arc::clone(&next), until: sagas, request: Vec::new() };
            clients.push(load.block_on(Connection::to(address, creates))?);
        }
        let (before, began) = (busy(), Instant::now());
        let answered = load.block_on(all_until(&mut clients, began + LONG))?;
        let took = began.elapsed();
        let now = busy();
        assert_eq!(answered, sagas);
        let counts = load.block_on(counted(address))?;
        let used = |name: &str| now.get(name).unwrap_or(&0) - before.get(name).unwrap_or(&0);
        let parts = ["hub", "store", "vendors"].map(|name| (name, used(name)));
        let parts = parts.into_iter().chain([("clients", used(&here()))]).collect();
        drop((clients, stop_hub));
        served.join().map_err(|_| "the hub panicked")??;
        drop(stop_vendors);
        fleet.join().map_err(|_| "the vendors panicked")??;
        Ok(Round { sagas, took: u64::try_from(took.as_nanos())?, groups: counts[0], commits: counts[1], parts })
    })
}

/// Asks for the page of metrics, once.
struct Metrics(Option<&'static [u8]>, Vec<u8>);

impl Asks for Metrics {
    fn ask(&mut self, heard: &[u8]) -> Option<&[u8]> {
        self.1 = heard.to_vec();
        self.0.take()
    }
}

/// How many transactions and commits the hub counted.
async fn counted(address: SocketAddr) -> io::Result<[u64; 2]> {
    let asks = Metrics(Some(b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n"), Vec::new());
    let mut connection = Connection::to(address, asks).await?;
    connection.ask_until(Instant::now() + LONG).await?;
    let page = String::from_utf8_lossy(&connection.asks.1).into_owned();
    let value = |name: &str| page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0);
    Ok([value("hub_commit_groups_total"), value("hub_commits_total{verdict=\"committed\"}")])
}
