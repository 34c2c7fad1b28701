//! The served fleet, faults armed but none befalling: a user created at the help desk and read again, over connections
//! that are kept alive; beside a bare hyper server that parses the same JSON and keeps nothing, and beside wiremock. All in
//! turns, in one run. Then how soon a fleet answers first, what a live record takes, and that nothing else grows.

mod asks;
mod bare;
mod mocked;
mod served;

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use asks::Pairs;
use sagaproof_benches::load::{Connection, all_until};
use sagaproof_benches::usage::{median, resident};
use tokio::runtime::{Builder, Runtime};

const ROUNDS: usize = 30;
const SLICE: Duration = Duration::from_millis(200);
const CONNECTIONS: usize = 32;
/// So many requests after which nothing may have grown.
const MANY: u64 = 1_000_000;
/// So many records are weighed.
const RECORDS: u64 = 200_000;

/// A server, and the connections to it.
struct Contender {
    name: &'static str,
    connections: Vec<Connection<Pairs>>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let load = Builder::new_current_thread().enable_all().build()?;
    let fleet = served::Served::start()?;
    let bare = bare::start()?;
    let mocked = mocked::Mocked::start()?;
    let addresses = [("sagaproof serve", fleet.address), ("bare hyper", bare), ("wiremock", mocked.address)];
    let mut contenders = Vec::new();
    for (name, address) in addresses {
        contenders.push(Contender { name, connections: connected(&load, address, CONNECTIONS, u64::MAX, true)? });
    }
    race(&load, &mut contenders)?;
    drop(contenders);
    first_answers()?;
    memory(&load)?;
    Ok(())
}

/// Connections that create (or only read) so many times each.
fn connected(
    load: &Runtime,
    to: SocketAddr,
    connections: usize,
    each: u64,
    creates: bool,
) -> io::Result<Vec<Connection<Pairs>>> {
    (0..connections).map(|_| load.block_on(Connection::to(to, Pairs::new(each, creates)))).collect()
}

#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn race(load: &Runtime, contenders: &mut [Contender]) -> io::Result<()> {
    let mut rounds: Vec<Vec<u64>> = Vec::new();
    // The first round warms up.
    for round in 0..=ROUNDS {
        let mut speeds = Vec::new();
        for contender in contenders.iter_mut() {
            let began = Instant::now();
            let answered = load.block_on(all_until(&mut contender.connections, began + SLICE))?;
            let took = began.elapsed().as_nanos().max(1);
            speeds.push(u64::try_from(u128::from(answered) * 1_000_000_000 / took).unwrap_or(0).max(1));
        }
        if round > 0 {
            rounds.push(speeds);
        }
    }
    println!("{:<16} {:>10}  sagaproof serve is", "server", "requests/s");
    for (place, contender) in contenders.iter().enumerate() {
        let speed = median(rounds.iter().map(|round| round[place]).collect());
        let ratio = median(rounds.iter().map(|round| round[0] * 100 / round[place]).collect());
        println!("{:<16} {speed:>10}  {}.{:02} times as fast", contender.name, ratio / 100, ratio % 100);
    }
    Ok(())
}

/// How long it takes from nothing to the first answer.
#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn first_answers() -> io::Result<()> {
    let mut took = Vec::new();
    for _ in 0..21 {
        let began = Instant::now();
        let fleet = served::Served::start()?;
        served::ask_once(fleet.address)?;
        took.push(u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    println!("from the start of a fleet to its first answer: {} us (median of 21)", median(took));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn memory(load: &Runtime) -> io::Result<()> {
    let fleet = served::Served::start()?;
    let all = |connections: &mut Vec<_>| load.block_on(all_until(connections, served::never()));
    // What is made ready once is made ready.
    all(&mut connected(load, fleet.address, CONNECTIONS, 200, true)?)?;
    let before = resident();
    let each = RECORDS / CONNECTIONS as u64;
    all(&mut connected(load, fleet.address, CONNECTIONS, each, true)?)?;
    let filled = resident();
    println!("a live record: {} bytes", filled.saturating_sub(before) / (each * CONNECTIONS as u64));
    let reads = all(&mut connected(load, fleet.address, CONNECTIONS, MANY / CONNECTIONS as u64, false)?)?;
    println!("resident before {reads} more requests: {} KiB, after: {} KiB", filled / 1024, resident() / 1024);
    Ok(())
}
