//! The fleet over real HTTP: the same models, the same points and the same fates as in the virtual world, each vendor on
//! a port of the loopback. The only room of this crate that knows a clock and sockets (behind the feature `server`);
//! whatever is right or wrong about a vendor is still decided by `fleet`, and what befalls an exchange by `exchange`.

mod address;
mod asking;
mod body;
mod control;
mod dress;
mod faults;
mod http;
mod line;
mod metrics;
mod operate;
mod reply;
mod request;
mod seen;
mod tls;
mod vendor;
mod world;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

pub use self::asking::{Asking, Hearing};
pub use self::control::{Answering, Extension, ROUTES as CONTROL_ROUTES};
pub use self::operate::RuleState;
pub use self::seen::{Seen, What};
pub use self::world::World;

use self::address::Worlds;
use self::control::Control;
use self::tls::Authority;
use self::vendor::Door;
use crate::chaos::rule::Chaos;
use crate::clock::Nanos;
use crate::fleet::{self, System};

/// How every world behind the fleet's ports begins.
#[derive(Debug, Clone)]
pub struct WorldSettings {
    /// The vendors.
    pub fleet: fleet::Settings,
    /// What may befall exchanges. What concerns the hub, its process or its store is nothing that a fleet can do.
    pub chaos: Chaos,
    /// What faults are drawn from.
    pub seed: u64,
    /// D: a request takes effect within this of leaving, or never.
    pub horizon: Nanos,
    /// How long callers wait for an answer, as far as the fleet knows: *late* is after it, *slow* just before it.
    pub time_out: Nanos,
}

impl Default for WorldSettings {
    fn default() -> Self {
        Self {
            fleet: fleet::Settings::default(),
            chaos: Chaos::default(),
            seed: 0,
            horizon: Nanos::secs(5),
            time_out: Nanos::secs(1),
        }
    }
}

/// The bounds of connections.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most bytes of a request's head (beyond: 431).
    pub header: usize,
    /// The most bytes of a request's body (beyond: 413).
    pub body: u64,
    /// How long a request's head may take from its first byte on (beyond: 408).
    pub slow_header: Duration,
    /// How long a request's body may take (beyond: 408).
    pub slow_body: Duration,
    /// How long a connection may rest between requests, and a write hang (beyond: closed).
    pub idle: Duration,
    /// How long a caller gets nothing where its fate is to hear nothing (beyond: closed).
    pub silence: Duration,
    /// How many connections there may be at once, on all ports together; others wait to be accepted. Each port keeps a
    /// place ready for whoever comes next, so there are never fewer places than ports.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: 32 << 10,
            body: 1 << 20,
            slow_header: Duration::from_secs(10),
            slow_body: Duration::from_secs(30),
            idle: Duration::from_secs(75),
            silence: Duration::from_secs(60),
            connections: 10_000,
        }
    }
}

/// On which ports the vendors listen, by the order of [`System::VENDORS`]; 0: on any that is free.
pub type Ports = [u16; 4];

/// How a fleet is started.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How its worlds begin.
    pub world: WorldSettings,
    /// Its vendors' ports.
    pub ports: Ports,
    /// The port of its control API; 0: any that is free.
    pub control_port: u16,
    /// Whether the vendors speak TLS; the control API never does.
    pub tls: bool,
    /// What is added to the control API.
    pub extension: Option<Arc<dyn Extension>>,
    /// The bounds of its connections.
    pub limits: Limits,
}

/// How many ports a fleet has.
const PORTS: usize = System::VENDORS.len() + 1;

/// Why there is no such world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldError {
    /// The name is none that a world can have.
    BadName,
    /// There are as many worlds as there may be.
    TooMany,
}

impl fmt::Display for WorldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadName => f.write_str("a world's name is 1 to 64 letters, digits, hyphens, dots and underscores"),
            Self::TooMany => write!(f, "there are {} worlds already; remove some", address::MOST),
        }
    }
}

impl std::error::Error for WorldError {}

/// Why a fleet could not be started.
#[derive(Debug)]
pub enum StartError {
    /// A port could not be listened on.
    Port {
        /// Whose: a vendor's name, or `control`.
        whose: &'static str,
        /// The port; 0: any.
        port: u16,
        /// Why.
        error: io::Error,
    },
    /// No certificates could be made.
    Tls(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tls(error) => write!(f, "no certificates can be made: {error}"),
            Self::Port { whose, port: 0, error } => write!(f, "no port of the loopback is free for {whose}: {error}"),
            Self::Port { whose, port, error } => write!(f, "port {port} cannot be listened on for {whose}: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

/// A running fleet. Dropped, it is gone at once; [`Fleet::stop`] lets what is in flight end.
#[derive(Debug)]
pub struct Fleet {
    scheme: &'static str,
    addresses: [SocketAddr; 4],
    authority: Option<String>,
    control: SocketAddr,
    worlds: Arc<Worlds>,
    stop: watch::Sender<bool>,
    listeners: JoinSet<()>,
}

impl Fleet {
    /// Starts a fleet in the runtime of the caller. Once this returns every port takes connections.
    ///
    /// # Errors
    /// Where a port cannot be listened on.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let Options { world, ports, control_port, tls, extension, limits } = options;
        let authority = tls.then(Authority::new).transpose().map_err(StartError::Tls)?;
        let (scheme, acceptor) = match &authority {
            Some(authority) => ("https", Some(authority.acceptor.clone())),
            None => ("http", None),
        };
        let worlds = Arc::new(Worlds::new(world));
        let places = Arc::new(Semaphore::new(limits.connections.max(PORTS)));
        let (stop, stopped) = watch::channel(false);
        let mut addresses = [SocketAddr::from(([127, 0, 0, 1], 0)); 4];
        let mut bound = Vec::new();
        for ((system, port), address) in System::VENDORS.into_iter().zip(ports).zip(&mut addresses) {
            let listener;
            (listener, *address) = bind(system.name(), port)?;
            bound.push((system, listener));
        }
        let (listener, control) = bind("control", control_port)?;
        let mut listeners = JoinSet::new();
        for (system, listener) in bound {
            let door = Arc::new(Door { system, worlds: Arc::clone(&worlds), limits, scheme });
            let listener = (listener, acceptor.clone());
            listeners.spawn(http::listen(listener, door, limits, Arc::clone(&places), stopped.clone()));
        }
        let door = Control { worlds: Arc::clone(&worlds), limits, places: Arc::clone(&places), extension };
        listeners.spawn(http::listen((listener, None), Arc::new(door), limits, places, stopped));
        let authority = authority.map(|authority| authority.pem);
        Ok(Self { scheme, addresses, authority, control, worlds, stop, listeners })
    }

    /// Where a vendor is: `http://127.0.0.1:PORT` (`https` with TLS), without a slash at the end. The hub is none: the empty text.
    #[must_use]
    pub fn url(&self, system: System) -> String {
        let place = System::VENDORS.iter().position(|vendor| *vendor == system);
        place.map_or_else(String::new, |place| format!("{}://{}", self.scheme, self.addresses[place]))
    }

    /// The certificate, in PEM, of the authority that the vendors' callers must trust; `None` where they speak plainly.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// Where the control API is, likewise.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// The world that is meant where none is named.
    #[must_use]
    pub fn default_world(&self) -> Arc<World> {
        self.worlds.first()
    }

    /// The world of this name, which begins now unless somebody named it before; the empty name means the default one.
    ///
    /// # Errors
    /// Where the name is none, or there are too many worlds.
    pub fn world(&self, name: &str) -> Result<Arc<World>, WorldError> {
        self.worlds.get(name)
    }

    /// Stops it: no connection is taken any more, and what is in flight may end within a second.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.listeners.join_next().await.is_some() {}
    }
}

/// Listens for this one, on this port: where.
fn bind(whose: &'static str, port: u16) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Port { whose, port, error };
    let listener = http::bind(port).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
