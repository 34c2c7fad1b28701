//! Create sagas that are durable in SQLite's file, each commit synced: in one process, with vendors that answer at once;
//! and over real HTTP, clients, hub and vendors on a thread each. Prints sagas a second and what each part costs.

mod over_http;
mod within;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sagaproof_benches::usage::median;

/// So often each is measured; the medians are told.
const ROUNDS: usize = 5;

/// What a round took.
#[derive(Debug)]
struct Round {
    /// Sagas that ended, and in how many nanoseconds.
    sagas: u64,
    took: u64,
    /// Transactions, and the commits that shared them.
    groups: u64,
    commits: u64,
    /// Nanoseconds of a processor, by part.
    parts: Vec<(&'static str, u64)>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = folder()?;
    let sagas = env::var("SAGAPROOF_SAGAS").ok().and_then(|sagas| sagas.parse().ok());
    let file = |round: usize| folder.join(format!("hub-{round}.db"));
    let within = (0..ROUNDS).map(|round| within::round(&file(round), sagas.unwrap_or(30_000)));
    tell("in one process, vendors answering at once", within.collect::<Result<_, _>>()?);
    let http = (0..ROUNDS).map(|round| over_http::round(&file(ROUNDS + round), sagas.unwrap_or(10_000)));
    tell("over real HTTP, three threads and the store's", http.collect::<Result<_, _>>()?);
    Ok(fs::remove_dir_all(&folder)?)
}

/// A new folder on the disk that the build is on.
fn folder() -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("durable-sagas-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

#[expect(clippy::print_stdout, reason = "the figures are what the bench is for")]
fn tell(what: &str, rounds: Vec<Round>) {
    let middle = |of: &dyn Fn(&Round) -> u64| median(rounds.iter().map(of).collect());
    let speeds: Vec<u64> = rounds.iter().map(|round| round.sagas * 1_000_000_000 / round.took).collect();
    println!("\n{what}: {} sagas/s (median of {speeds:?})", median(speeds.clone()));
    let commits = middle(&|round| round.commits * 100 / round.sagas);
    println!(
        "  commits a saga {}.{:02}, commits a transaction {}, transactions a second {}",
        commits / 100,
        commits % 100,
        middle(&|round| round.commits / round.groups.max(1)),
        middle(&|round| round.groups * 1_000_000_000 / round.took),
    );
    for (place, (part, _)) in rounds[0].parts.iter().enumerate() {
        let nanos = middle(&|round| round.parts[place].1 / round.sagas);
        println!("  {part:<16} {:>4}.{} us of a processor a saga", nanos / 1000, nanos / 100 % 10);
    }
}

/// The creation of the nth customer, as a body.
fn creation(n: u64) -> String {
    format!(
        r#"{{"cust_no":"K{n:07}","email":"k{n}@example.org","given_name":"Kim","family_name":"Roe","phone":"+81{n:010}"}}"#
    )
}
