//! The fleet as it is served, on a thread of its own, with a rule for every fate that practically never strikes.

#![expect(clippy::disallowed_methods, reason = "each server has a thread of its own, and a bench reads the clock")]

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant as RealInstant};

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, Odds, Rule};
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::auth::Credentials;
use sagaproof_sim::fleet::{Settings, System};
use sagaproof_sim::server::{Fleet, Options, WorldSettings};
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// A fleet that runs as long as this is held.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Served {
    pub(crate) fn start() -> io::Result<Self> {
        let (told, address) = channel();
        let (stop, stopped) = oneshot::channel::<()>();
        thread::Builder::new().name("fleet".to_owned()).spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let fleet = Fleet::start(options()).await.map_err(io::Error::other)?;
                let url = fleet.url(System::Support);
                // Who asked may be gone.
                let _ = told.send(url.trim_start_matches("http://").to_owned());
                let _ = stopped.await;
                io::Result::Ok(())
            })
        })?;
        let address = address.recv().map_err(io::Error::other)?.parse().map_err(io::Error::other)?;
        Ok(Self { address, _stop: stop })
    }
}

/// Armed but idle: every request draws, and one in four billion is struck.
fn options() -> Options {
    let armed = Rule {
        systems: Vec::new(),
        route: None,
        fates: Fate::ALL[1..].to_vec(),
        odds: Odds(1),
        from: Instant::ZERO,
        until: Instant::NEVER,
        at_most: None,
    };
    let chaos = Chaos { rules: vec![armed], ..Chaos::default() };
    let fleet = Settings { limits: false, ..Settings::default() };
    Options { world: WorldSettings { fleet, chaos, ..WorldSettings::default() }, ..Options::default() }
}

/// Asks one question, over a connection of its own.
pub(crate) fn ask_once(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let token = Credentials::SIMULATION.support_token;
    let head = format!("GET /api/v2/users.json HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    assert_eq!(&answer, b"HTTP/1.1 200");
    Ok(())
}

/// Later than any bench goes on.
pub(crate) fn never() -> RealInstant {
    RealInstant::now() + Duration::from_secs(86_400)
}
