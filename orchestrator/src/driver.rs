//! The driver: a node on real sockets, a real disk and a real clock. It carries out what the node wants done and decides
//! nothing: the twin of the simulation's adapter. With the stores, the only room of this crate that knows I/O.

mod base;
mod clock;
mod commit;
mod inbound;
mod lines;
mod linger;
mod metrics;
mod operator;
mod outbound;
mod pool;
mod reply;
mod reports;
mod run;
mod trust;
mod wrapper;

use std::fmt;
use std::future::Future;
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

pub use self::base::{BadBase, Base};
pub use self::trust::{Trust, TrustError};
pub use self::wrapper::{Bare, Wrapper};

use self::clock::Clock;
use self::commit::Disk;
use self::inbound::Front;
use self::lines::Lines;
use self::metrics::Metrics;
use self::operator::Desk;
use self::outbound::Outbound;
use self::reports::Reader;
use self::run::{Mouth, Run};
use crate::customer::state::Engine;
use crate::node::Node;
use crate::store::{Broken, Store};

/// So many connections may wait to be accepted; the default is 128, and one more than that waits a second to try again.
const BACKLOG: u32 = 4096;

/// The bounds of connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most bytes of a request's head (beyond: 431).
    pub header: usize,
    /// The most bytes of a request's body (beyond: 413).
    pub body: usize,
    /// How long a connection may rest between requests, and a request's head may take to come (beyond: closed).
    pub slow_header: Duration,
    /// How long a request's body may take to come (beyond: 408).
    pub slow_body: Duration,
    /// How many clients' connections there may be at once; others wait to be accepted.
    pub connections: usize,
    /// The most bytes of a vendor's answer (beyond: it broke off).
    pub answer: usize,
    /// How long connecting to a vendor may take.
    pub connect: Duration,
    /// How long what is in flight may take to be answered once the hub is told to stop.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: 32 << 10,
            body: 64 << 10,
            slow_header: Duration::from_secs(30),
            slow_body: Duration::from_secs(10),
            connections: 10_000,
            answer: 4 << 20,
            connect: Duration::from_secs(5),
            grace: Duration::from_secs(5),
        }
    }
}

/// Where operators are let in, and by what.
pub struct Operator {
    /// Where it listens.
    pub address: SocketAddr,
    /// Whoever bears this token is an operator.
    pub token: String,
}

/// How a hub is started.
pub struct Options {
    /// What its node is made of.
    pub engine: Engine,
    /// Where the vendors are, indexed by [`Vendor`](crate::connector::Vendor).
    pub vendors: [Base; 4],
    /// Whom to believe who a vendor is that is called by TLS; without, no such call leaves.
    pub trust: Option<Trust>,
    /// Where clients are served.
    pub address: SocketAddr,
    /// Where operators are served; nowhere without.
    pub operator: Option<Operator>,
    /// Where log lines go.
    pub log: Box<dyn Write + Send>,
    /// The bounds of its connections.
    pub limits: Limits,
}

/// Why a hub could not be started.
#[derive(Debug)]
pub struct StartError {
    address: SocketAddr,
    error: io::Error,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be listened on: {}", self.address, self.error)
    }
}

impl std::error::Error for StartError {}

/// A running hub.
#[derive(Debug)]
pub struct Hub {
    address: SocketAddr,
    operator: Option<SocketAddr>,
    grace: Duration,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
    run: JoinSet<Result<(), Broken>>,
    disk: Disk,
    lines: Lines,
}

/// Some port of the loopback that is free.
pub const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

impl Hub {
    /// Starts a hub in the runtime of the caller. Once this returns its ports take connections; requests are answered
    /// when the node has taken up what the last life left.
    ///
    /// # Errors
    /// Where an address cannot be listened on.
    pub async fn start(options: Options, store: Box<dyn Store>) -> Result<Self, StartError> {
        Self::start_wrapped(options, store, Bare).await
    }

    /// The same, with this between the node and its driver.
    ///
    /// # Errors
    /// As above.
    pub async fn start_wrapped<W: Wrapper>(
        options: Options,
        store: Box<dyn Store>,
        wrapper: W,
    ) -> Result<Self, StartError> {
        let Options { engine, vendors, trust, address, operator, log, limits } = options;
        let (listener, address) = bind(address)?;
        let desk = match operator {
            Some(Operator { address, token }) => Some((bind(address)?, token)),
            None => None,
        };
        let (clock, metrics) = (Clock::start(), Arc::new(Metrics::default()));
        let lines = Lines::start(log, Arc::clone(&metrics));
        let (mouth, ear) = Mouth::new();
        let disk = Disk::start(store, mouth.clone(), Arc::clone(&metrics));
        let outbound = Outbound::new((vendors, trust), clock, limits, mouth.clone(), Arc::clone(&metrics));
        let reader = Reader { engine: engine.clone(), outbound: outbound.clone() };
        let node = Node::new(engine, true);
        let machine = Run::new((node, wrapper), clock, outbound, disk.writer(), lines.writer(), Arc::clone(&metrics));
        let mut run = JoinSet::new();
        run.spawn(machine.run(ear));
        let (stop, stopped) = watch::channel(false);
        let places = Arc::new(Semaphore::new(limits.connections.max(1)));
        let front = Front { mouth: mouth.clone(), limits, metrics: Arc::clone(&metrics), stopped: stopped.clone() };
        let mut listeners = JoinSet::new();
        listeners.spawn(inbound::listen(listener, Arc::new(front), limits, places, stopped.clone()));
        let operator = desk.map(|((listener, address), token)| {
            let desk = Desk::new(token, mouth, metrics, limits, reader);
            let places = Arc::new(Semaphore::new(operator::CONNECTIONS));
            listeners.spawn(inbound::listen(listener, Arc::new(desk), limits, places, stopped));
            address
        });
        Ok(Self { address, operator, grace: limits.grace, stop, listeners, run, disk, lines })
    }

    /// Where clients are served: `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where operators are served, likewise.
    #[must_use]
    pub fn operator_url(&self) -> Option<String> {
        self.operator.map(|address| format!("http://{address}"))
    }

    /// Serves until this future ends, then stops: nothing new is begun, what is in flight may be answered, and what has
    /// not ended is left to the journal.
    ///
    /// # Errors
    /// Where the store failed.
    pub async fn serve_until(mut self, end: impl Future<Output = ()>) -> Result<(), Broken> {
        let mut ended = tokio::select! {
            broken = self.run.join_next() => broken,
            () = end => None,
        };
        self.stop.send_replace(true);
        if ended.is_none() {
            let answered = async { while self.listeners.join_next().await.is_some() {} };
            ended = tokio::select! {
                broken = self.run.join_next() => broken,
                // Whoever has not been answered by then hears nothing, and may ask again.
                _ = timeout(self.grace, answered) => None,
            };
        }
        self.listeners.shutdown().await;
        self.run.shutdown().await;
        self.disk.end().await;
        self.lines.end().await;
        match ended {
            Some(Ok(Err(broken))) => Err(broken),
            Some(Err(error)) => Err(Broken(error.to_string())),
            Some(Ok(Ok(()))) | None => Ok(()),
        }
    }
}

fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let listening = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A hub that was killed begins again at its address at once.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listening().map_err(|error| StartError { address, error })
}
