//! A hub that is killed again and again at random moments, with faults at every vendor and clients that ask on: what
//! was acknowledged is there, and all systems agree.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::live::{Running, ask, check, fleet, hub, settle};

/// So often the hub is killed; `SAGAPROOF_KILLS` says otherwise.
const KILLS: usize = 50;
/// So often between two checks.
const ROUND: usize = 25;
const CLIENTS: u64 = 4;

/// The vendors are quicker than the hub supposes, so that a busy machine breaks no assumption.
const FLEET: [&str; 9] =
    ["--horizon", "60ms", "--time-out", "80ms", "--index-lag", "40ms", "--job-time", "20ms", "--no-limits"];
const HUB: &str = "horizon: 500ms\nindex_lag: 200ms\njob_time: 500ms\nleave_within: 100ms\nbreaker_open: 20ms\n\
                   policy: {time_out: 80ms, backoff_base: 5ms, backoff_cap: 40ms, compensation_attempts: 12}\n";
const RULES: &str = "{exchanges: [{fates: [lost, late, doubled, after, answer, before-500, before-503], rate: 12%}]}";

/// A number that follows from this one.
fn mix(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// What a client knows of its customers: the e-mail that was acknowledged last, or none.
type Known = BTreeMap<String, Option<String>>;

/// Asks until the answer is final: under one key, whoever serves.
fn resolved(url: &Mutex<String>, clients: &Clients, line: &str, key: &str, body: &str) -> u16 {
    while !clients.give_up.load(Ordering::Relaxed) {
        let url = url.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Ok(answer) = ask(&url, line, &[&format!("idempotency-key: {key}")], body) else {
            thread::yield_now();
            continue;
        };
        match answer.status {
            200 | 201 | 204 => return answer.status,
            409 if answer.header("retry-after").is_some() => {}
            400..429 => return answer.status,
            // The hub's own word, kept under the key; one that is stopping or full keeps none, and is asked again.
            503 if answer.body.contains("not-applied") && answer.header("x-correlation-id").is_some() => return 503,
            _ => {}
        }
        thread::yield_now();
    }
    0
}

/// Somebody else who stands, picked by this draw.
fn other(known: &Known, cust_no: &str, draw: u64) -> Option<String> {
    let mut others: Vec<&String> =
        known.iter().filter(|(other, email)| *other != cust_no && email.is_some()).map(|(other, _)| other).collect();
    (!others.is_empty()).then(|| others.swap_remove((draw % others.len() as u64) as usize).clone())
}

/// A client: creates, updates, merges and closes customers of its own, one after another, until it is told to stop. How
/// many merges were acknowledged.
fn work(client: u64, round: u64, url: &Mutex<String>, clients: &Clients, known: &mut Known) -> usize {
    let (mut turn, mut merged) = (0, 0);
    while !clients.stop.load(Ordering::Relaxed) {
        turn += 1;
        let draw = mix(mix(client) ^ mix(round) ^ turn);
        let cust_no = format!("K{client}{:02}", draw % 12);
        let key = format!("k-{client}-{round}-{turn}");
        let email = format!("{}-{round}-{turn}@example.org", cust_no.to_lowercase());
        let stands = known.get(&cust_no).is_some_and(Option::is_some);
        let goner = other(known, &cust_no, draw >> 40).filter(|_| stands && draw >> 32 & 7 < 3);
        let (line, body) = match (stands, &goner, draw >> 32 & 7) {
            (false, ..) => (
                "POST /api/customers".to_owned(),
                format!(r#"{{"cust_no":"{cust_no}","email":"{email}","given_name":"Kim","family_name":"Roe"}}"#),
            ),
            (true, Some(goner), _) => {
                (format!("POST /api/customers/{cust_no}/merge"), format!(r#"{{"from":"{goner}"}}"#))
            }
            (true, None, 3) => (format!("DELETE /api/customers/{cust_no}"), String::new()),
            (true, None, _) => (format!("PATCH /api/customers/{cust_no}"), format!(r#"{{"email":"{email}"}}"#)),
        };
        match (resolved(url, clients, &line, &key, &body), goner) {
            (200, Some(goner)) => {
                merged += 1;
                known.insert(goner, None);
            }
            (200 | 201, None) => drop(known.insert(cust_no, Some(email))),
            (204, None) => drop(known.insert(cust_no, None)),
            _ => {}
        }
    }
    merged
}

/// A hub, and a line for each line that it logs.
#[expect(clippy::disallowed_methods, reason = "a pipe is read beside the test, until the hub ends")]
fn started(fleet: &Running, folder: &Path) -> (Running, Receiver<()>) {
    let mut hub = hub(fleet, folder, Stdio::piped());
    let log = BufReader::new(hub.child.stderr.take().unwrap());
    let (told, lines) = channel();
    thread::spawn(move || log.lines().map_while(Result::ok).try_for_each(|_| told.send(())));
    (hub, lines)
}

/// Lets clients stop when the one who kills is done, or give up when it failed.
struct Clients {
    stop: AtomicBool,
    give_up: AtomicBool,
}

struct Ends<'a>(&'a Clients);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
        self.0.give_up.store(thread::panicking(), Ordering::Relaxed);
    }
}

#[test]
fn a_hub_that_is_killed_at_any_moment_loses_nothing_that_it_acknowledged() {
    let kills = std::env::var("SAGAPROOF_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let fleet = fleet(&FLEET);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hub.yaml"), HUB).unwrap();
    let control = fleet.told("CONTROL_URL");
    assert_eq!(ask(control, "POST /rules", &[], RULES).unwrap().status / 100, 2);
    let (mut hub, mut lines) = started(&fleet, folder.path());
    let mut known = vec![Known::new(); CLIENTS as usize];
    let mut merged = 0;
    for round in 0..kills.div_ceil(ROUND) {
        assert_eq!(ask(control, "POST /rules/resume", &[], "").unwrap().status / 100, 2);
        let url = Mutex::new(hub.told("HUB_URL").to_owned());
        let clients = Clients { stop: AtomicBool::new(false), give_up: AtomicBool::new(false) };
        merged += thread::scope(|scope| {
            let working = (0..).zip(&mut known).map(|(client, known)| {
                let (url, clients) = (&url, &clients);
                scope.spawn(move || work(client, round as u64, url, clients, known))
            });
            let working: Vec<_> = working.collect();
            let ends = Ends(&clients);
            for kill in 0..ROUND.min(kills - round * ROUND) {
                // While it goes on after this line, at whatever it is then.
                let after = mix((round * ROUND + kill) as u64) % 150;
                (0..after).for_each(|_| lines.recv().unwrap());
                hub.child.kill().unwrap();
                hub.child.wait().unwrap();
                (hub, lines) = started(&fleet, folder.path());
                hub.told("HUB_URL").clone_into(&mut url.lock().unwrap_or_else(PoisonError::into_inner));
            }
            drop(ends);
            working.into_iter().map(|client| client.join().unwrap()).sum::<usize>()
        });
        assert_eq!(ask(control, "POST /rules/pause", &[], "").unwrap().status / 100, 2);
        settle(&hub);
        assert_eq!(check(&fleet, &hub), "held");
        for (cust_no, email) in known.iter().flatten() {
            let shown = ask(hub.told("HUB_URL"), &format!("GET /api/customers/{cust_no}"), &[], "").unwrap();
            match email {
                Some(email) => assert_eq!(shown.json()["email"], **email, "{cust_no}"),
                None => assert_eq!(shown.status, 404, "{cust_no}"),
            }
        }
    }
    let created = known.iter().map(Known::len).sum::<usize>();
    assert!(created > 10 && merged > 2, "only {created} customers were ever created, and {merged} merges done");
}
