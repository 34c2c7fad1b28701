//! A case over real sockets: a fleet that is served, and the live driver with a store in memory.

use std::io;

use sagaproof_orchestrator::driver::{ANY, Base, Hub, Limits, Operator, Options};
use sagaproof_orchestrator::effect::{Expect, Note, Write};
use sagaproof_orchestrator::event::Verdict;
use sagaproof_orchestrator::store::Store;
use sagaproof_orchestrator::store::memory::Memory;
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::fleet::{Control, System};
use sagaproof_sim::process::Row;
use sagaproof_sim::server::{self, Fleet, What, WorldSettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};

use crate::altered::{Alteration, Between};
use crate::cases::{Befalls, Case, GIVEN_UP, HORIZON, fleet};
use crate::journal::{End, Recorder, engine, seeded};

/// So often an operator redrives at most; what then has not ended never does.
const ROUNDS: u32 = 3;
const TOKEN: &str = "of-operators";

/// All that it tells.
pub(crate) async fn told(case: Case, alteration: Alteration) -> Vec<String> {
    let world =
        WorldSettings { fleet: fleet(), chaos: case.chaos(), seed: case.seed, horizon: HORIZON, time_out: GIVEN_UP };
    let fleet = Fleet::start(server::Options { world, ..server::Options::default() }).await.unwrap();
    let world = fleet.default_world();
    let rows = seeded(case, |system, record| world.control(system, &Control::Seed(record)).unwrap_or_default());
    // Bound and never listened on: whoever connects is refused, and nobody else can take the port meanwhile.
    let nobody = TcpSocket::new_v4().unwrap();
    nobody.bind(ANY).unwrap();
    let bases = System::VENDORS.map(|system| match case.befalls {
        Befalls::Nobody(gone) if gone == system => base(&format!("http://{}", nobody.local_addr().unwrap())),
        _ => base(&fleet.url(system)),
    });
    let (notes, mut milestones) = mpsc::unbounded_channel();
    let recorder = Recorder::new(case, Some(notes));
    let options = Options {
        engine: engine(),
        vendors: bases,
        trust: None,
        address: ANY,
        operator: Some(Operator { address: ANY, token: TOKEN.to_owned() }),
        log: Box::new(io::sink()),
        limits: Limits::default(),
    };
    let between = Between { recorder: recorder.clone(), alteration };
    let hub = Hub::start_wrapped(options, Box::new(store(rows)), between).await.unwrap();
    let (url, operator) = (hub.url(), hub.operator_url().unwrap());
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(hub.serve_until(async { drop(stopped.await) }));
    let (method, target, body) = case.request();
    let line = format!("{} {target}", method.as_str());
    let asked = tokio::spawn(async move { ask(&url, &line, "x-correlation-id: c1", body).await });
    let (mut rounds, mut ended) = (0, false);
    while !ended && rounds <= ROUNDS {
        match milestones.recv().await.unwrap() {
            Note::Ended(_) => ended = true,
            Note::Parked { .. } => {
                rounds += 1;
                world.heal();
                let token = format!("authorization: Bearer {TOKEN}");
                assert_eq!(ask(&operator, "POST /redrive", &token, "").await.0, 202);
            }
            _ => {}
        }
    }
    let answer = if ended { asked.await.unwrap() } else { Default::default() };
    stop.send(()).unwrap();
    serving.await.unwrap().unwrap();
    let struck = world.seen(0).into_iter().filter_map(|seen| match seen.what {
        What::Sent { point, fate, .. } if fate != Fate::Fine => Some((point, fate)),
        _ => None,
    });
    let records = [System::Commerce, System::Support, System::Identity].map(|system| world.records(system));
    recorder.lines(End { answer, struck: struck.collect(), records })
}

fn base(url: &str) -> Base {
    url.parse().unwrap()
}

/// A store that holds these rows.
fn store(rows: Vec<Row>) -> Memory {
    let write = |row: Row| Write { key: row.key, expect: Expect::Absent, value: Some(row.value) };
    let mut store = Memory::default();
    let verdicts = store.commit(&[rows.into_iter().map(write).collect()]).unwrap();
    assert_eq!(verdicts, [Verdict::Committed]);
    store
}

/// What a request is answered: status and body.
async fn ask(url: &str, line: &str, header: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap();
    let head = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n{header}", body.len());
    stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}
