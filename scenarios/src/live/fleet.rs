//! A fleet for tests in Rust: started in the test's own runtime, with a world of its own, rules, observations and the
//! check. What a vendor does is `sagaproof-sim`'s.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sagaproof_sim::fleet::System;
use sagaproof_sim::server::{self, Options, Seen, StartError, World, WorldError, WorldSettings};

use super::check::{Checked, check};
use super::extension::Served;
use crate::diagnostic::{Diagnostic, Source};
use crate::scenario;

/// A fleet that runs as long as this, or another world of it, is held.
///
/// ```
/// use sagaproof::live::Fleet;
/// use sagaproof_sim::fleet::System;
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// /// What a help desk at this address answers to a plain request.
/// async fn ask(url: &str, line: &str) -> String {
///     let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap_or((&url[7..], ""));
///     let path = if path.is_empty() { String::new() } else { format!("/{path}") };
///     let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
///     let (method, target) = line.split_once(' ').unwrap();
///     let token = "authorization: Bearer simulated-api-token\r\nconnection: close";
///     let request = format!("{method} {path}{target} HTTP/1.1\r\nhost: {address}\r\n{token}\r\n\r\n");
///     stream.write_all(request.as_bytes()).await.unwrap();
///     let mut answer = String::new();
///     stream.read_to_string(&mut answer).await.unwrap();
///     answer
/// }
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let fleet = Fleet::start().await.unwrap();
/// assert!(ask(&fleet.url(System::Support), "GET /api/v2/users.json").await.starts_with("HTTP/1.1 200 "));
///
/// // Another test's world behind the same ports, in which the desk answers nobody.
/// let other = fleet.isolated("other").unwrap();
/// other.rules("exchanges: [{systems: [support], fates: [before-503], rate: 100%}]").unwrap();
/// assert!(ask(&other.url(System::Support), "GET /api/v2/users.json").await.starts_with("HTTP/1.1 503 "));
/// assert!(ask(&fleet.url(System::Support), "GET /api/v2/users.json").await.starts_with("HTTP/1.1 200 "));
///
/// assert_eq!((fleet.seen().len(), other.seen().len()), (4, 1));
/// # });
/// ```
#[derive(Clone)]
pub struct Fleet {
    server: Arc<server::Fleet>,
    world: Arc<World>,
    /// What stands before the paths of this world; empty for the first one.
    prefix: String,
}

impl Fleet {
    /// Starts a fleet in which nothing goes wrong, on free ports of the loopback, in the caller's runtime.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with(WorldSettings::default()).await
    }

    /// Starts a fleet whose worlds begin like this.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn start_with(world: WorldSettings) -> Result<Self, StartError> {
        let options = Options { world, extension: Some(Arc::new(Served)), ..Options::default() };
        let server = server::Fleet::start(options).await?;
        Ok(Self { world: server.default_world(), server: Arc::new(server), prefix: String::new() })
    }

    /// A world of its own behind the same ports: its records, rules and clock are nobody else's.
    ///
    /// # Errors
    /// Where the name is none, or there are too many worlds.
    pub fn isolated(&self, name: &str) -> Result<Self, WorldError> {
        let world = self.server.world(name)?;
        Ok(Self { server: Arc::clone(&self.server), world, prefix: format!("/w/{name}") })
    }

    /// Where a vendor of this world is, without a slash at the end.
    #[must_use]
    pub fn url(&self, vendor: System) -> String {
        self.server.url(vendor) + &self.prefix
    }

    /// Where the control API of this world is, likewise.
    #[must_use]
    pub fn control_url(&self) -> String {
        self.server.control_url() + &self.prefix
    }

    /// The world: outages, its clock, what its vendors keep.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Adds what may go wrong, written as the `chaos` part of a scenario. The numbers of the rules.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn rules(&self, written: &str) -> Result<Vec<u64>, Diagnostic> {
        Ok(self.world.add(&scenario::read_rules(&Source::new("rules", written))?))
    }

    /// What happened so far, as far as it is kept.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.world.seen(0)
    }

    /// Judges whether all systems agree with what the facade at this address says; what does not is looked at again until
    /// it does, or so long has passed.
    ///
    /// # Errors
    /// Where the address is none, or nobody is there.
    pub async fn check(&self, facade: &str, within: Duration) -> Result<Checked, String> {
        check(&self.world, facade, &[], within).await
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("server", &self.server).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}
