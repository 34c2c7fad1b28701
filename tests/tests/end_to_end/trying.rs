//! Scenarios over real HTTP: `sagaproof test` with the shipped hub, with the example of a service in Python, and with
//! programs that are no orchestrators.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::binary::{Ended, ended, path, root, sagaproof};
use crate::live::TOKEN;

/// Late within 300 ms, so that worlds are over soon.
const QUICK: &str = "    level: strict\n    horizon: 300ms\n    fleet: {index_lag: 50ms, limits: false}\n    \
                     policy: {time_out: 80ms}\n";

/// The hub under such scenarios.
const HUB: &str = "horizon: 600ms\nindex_lag: 100ms\njob_time: 500ms\nbreaker_open: 20ms\n\
                   policy: {time_out: 80ms, backoff_base: 5ms, backoff_cap: 40ms, sync_wait: 2s}\n";

/// A folder with this suite in it.
fn suite(scenarios: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("suite.yaml");
    let one = |(name, rest): &(&str, &str)| format!("  - name: {name}\n    proves: It is quick.\n{QUICK}{rest}");
    fs::write(&file, format!("scenarios:\n{}", scenarios.iter().map(one).collect::<String>())).unwrap();
    (folder, file)
}

/// One create whose identity is made, and whose caller hears a gateway's error instead.
const HALF: (&str, &str) = (
    "half-made",
    "    workload: {population: 1, operations: 1, mix: {create: 100%}, resend: {sendings: 1}}\n    \
     chaos: {exchanges: [{systems: [identity], route: create, fates: [after-504], rate: 100%, at_most: 1}]}\n",
);

fn service() -> String {
    root().join("scenarios/examples/own_service.py").display().to_string()
}

fn trial(words: &[&str], command: &[&str]) -> Command {
    let mut sagaproof = Command::new(path());
    sagaproof.arg("test").args(words).arg("--").args(command);
    sagaproof.env("SAGAPROOF_OPERATOR_TOKEN", TOKEN).env_remove("GITHUB_ACTIONS");
    sagaproof
}

fn test(words: &[&str], command: &[&str]) -> Ended {
    ended(&mut trial(words, command))
}

#[test]
fn the_shipped_hub_holds_though_it_is_killed_and_every_vendor_misbehaves() {
    let (folder, file) = suite(&[
        (
            "stormy",
            "    workload: {population: 4, operations: 10, spacing: 20ms, mix: {create: 50%, update: 30%, close: 20%}, \
             resend: {time_out: 2s, pause: 50ms}}\n    \
             chaos:\n      exchanges:\n        - {fates: [lost, late, doubled, after, answer], rate: 15%, at_most: 12}\n        \
             - {systems: [hub], fates: [answer-reset, doubled, before-503], rate: 20%}\n      \
             crash: {rate: 8%, at_most: 2, restart_after: 50ms}\n",
        ),
        (
            "merging",
            "    workload: {population: 3, operations: 3, spacing: 50ms, mix: {merge: 100%}, resend: {pause: 50ms}}\n    \
             chaos: {exchanges: [{fates: [lost, after, answer], rate: 15%}], disk: {full: 1%}}\n",
        ),
    ]);
    let file =
        fs::read_to_string(&file).map(|text| text.replace("limits: false}", "limits: false, customers: 2, orders: 1}"));
    let suite = folder.path().join("customers.yaml");
    fs::write(&suite, file.unwrap()).unwrap();
    let config = folder.path().join("hub.yaml");
    fs::write(&config, HUB).unwrap();
    let binary = path().display().to_string();
    let redrive = format!(". $SAGAPROOF_DIR/hub.env; export SAGAPROOF_OPERATOR_URL; '{binary}' redrive --all");
    let hub = [
        &*binary,
        "hub",
        "--store",
        "{dir}/hub.db",
        "--listen",
        "{listen}",
        "--ready-file",
        "{dir}/hub.env",
        "--config",
    ];
    let words = ["--suite", suite.to_str().unwrap(), "--seeds", "3", "--redrive", &redrive, "--format", "json"];
    let ended = test(&words, &[&hub[..], &[config.to_str().unwrap()]].concat());
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
    let told = ended.json();
    assert_eq!((told["verdict"].as_str(), told["worlds"].as_u64()), (Some("held"), Some(6)));
    assert_eq!(told["operations"], 39);
    for counted in ["faults", "crashes"] {
        assert!(told[counted].as_u64().unwrap() > 1, "{counted}: {told}");
    }
    assert_eq!(told["scenarios"][1]["without"][0], "what befalls the store");
}

#[test]
fn a_service_that_takes_silence_for_a_no_is_convicted_with_its_story() {
    let (_folder, file) = suite(&[HALF]);
    let service = service();
    let words = ["--suite", file.to_str().unwrap(), "--time-out", "4s"];
    let convicted = test(&words, &["python3", &service]);
    assert_eq!(convicted.code, 1, "{}{}", convicted.out, convicted.err);
    for told in [
        "half-made / seed 0: serial-equivalent (refused-leaves-nothing), customer C001",
        "✗ identity  holds auth0|C001: c001@mail.example",
        "client -> orchestrator     operation 0: POST /api/customers",
        "orchestrator -> identity   [4] POST /api/v2/users   <<< after-504",
        "\nVIOLATED\n",
    ] {
        assert!(convicted.out.contains(told), "{told}: {}", convicted.out);
    }
    let (place, said) = (file.display(), "--time-out 4000ms");
    let again = format!("replay: sagaproof test --suite {place} --filter '^half-made$' --seed 0 {said} -- python3 ");
    assert!(convicted.out.contains(&again), "{}", convicted.out);
    let junit = test(&[&words[..], &["--format", "junit"]].concat(), &["python3", &service]);
    assert_eq!(junit.code, 1, "{}{}", junit.out, junit.err);
    let failure = "<failure type=\"serial-equivalent (refused-leaves-nothing)\" message=\"serial-equivalent";
    assert!(junit.out.contains(failure) && junit.out.contains("&lt;&lt;&lt; after-504"), "{}", junit.out);
    let (fair, _) = HALF.1.split_once("    chaos:").unwrap();
    let (_folder, file) = suite(&[(HALF.0, fair)]);
    let held = test(&["--suite", file.to_str().unwrap()], &["python3", &service]);
    assert_eq!(held.code, 0, "{}{}", held.out, held.err);
}

#[test]
fn an_orchestrator_that_runs_by_itself_is_told_where_the_vendors_are_and_meets_other_customers_in_each_world() {
    let (folder, file) = suite(&[HALF]);
    let ready = folder.path().join("fleet.env");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let mut trial = Command::new(path());
    trial
        .args(["test", &url, "--seeds", "2", "--mark", "X", "--format", "json", "--suite"])
        .arg(&file)
        .arg("--ready-file")
        .arg(&ready);
    let trial = trial.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let environment = loop {
        match fs::read_to_string(&ready) {
            Ok(environment) => break environment,
            Err(_) => std::thread::yield_now(),
        }
    };
    let environment = environment.lines().map(|line| line.split_once('=').unwrap());
    let mut running = Command::new("python3")
        .arg(service())
        .envs(environment)
        .env("PORT", port.to_string())
        .env("SAGAPROOF_DIR", folder.path())
        .spawn()
        .unwrap();
    let output = trial.wait_with_output().unwrap();
    running.kill().unwrap();
    running.wait().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), told["worlds"].as_u64()), (Some(1), Some(2)));
    let customers: Vec<&str> =
        told["violations"].as_array().unwrap().iter().map(|one| one["customer"].as_str().unwrap()).collect();
    assert_eq!(customers, ["X1C001", "X2C001"]);
    let again = format!(" --seed 1 --mark X --ready-file {}", ready.display());
    assert!(told["violations"][1]["replay"].as_str().unwrap().ends_with(&again), "{told}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("SAGAPROOF_SUPPORT_URL=http://127.0.0.1:"));
    assert!(!ready.exists());
}

#[test]
fn two_trials_at_once_take_no_ports_from_each_other() {
    let (fair, _) = HALF.1.split_once("    chaos:").unwrap();
    let (_folder, file) = suite(&[(HALF.0, fair)]);
    let service = service();
    let words = ["--suite", file.to_str().unwrap(), "--seeds", "12", "--jobs", "6"];
    let begin = |_| {
        let mut trial = trial(&words, &["python3", &service]);
        trial.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    // Their numbers are neighbours: both look for ports from nearly the same one on.
    for trial in [0, 1].map(begin) {
        let ended = trial.wait_with_output().unwrap();
        let said = [ended.stdout, ended.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
        assert_eq!(ended.status.code(), Some(0), "{said}");
        assert!(said.contains("12 worlds, 12 operations (12 acknowledged)"), "{said}");
    }
}

#[test]
fn who_does_nothing_at_all_has_no_verdict() {
    let (folder, file) = suite(&[HALF]);
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let empty = empty.to_str().unwrap();
    let idle = ["python3", "-m", "http.server", "{port}", "--bind", "127.0.0.1", "--directory", empty];
    let words = ["--suite", file.to_str().unwrap(), "--format", "json"];
    let ended = test(&words, &idle);
    assert_eq!(ended.code, 3, "{}{}", ended.out, ended.err);
    let told = ended.json();
    assert_eq!((told["verdict"].as_str(), told["acknowledged"].as_u64()), (Some("undecided"), Some(0)));
    assert_eq!((told["operations"].as_u64(), told["calls"].as_u64()), (Some(1), Some(0)));
    let why = "nothing that clients asked was ever acknowledged: is python3 -m http.server {port}";
    assert!(ended.err.contains(why), "{}", ended.err);
}

/// Why there was no trial, and with what exit code.
fn refused(words: &[&str], command: &[&str]) -> (i32, String) {
    let ended = test(words, command);
    assert_eq!(ended.out, "");
    (ended.code, ended.err)
}

#[test]
fn a_program_that_is_no_orchestrator_could_not_be_tried() {
    let (_folder, file) = suite(&[HALF]);
    let words = ["--suite", file.to_str().unwrap(), "--start-within", "1s"];
    let (code, why) = refused(&words, &["no-such-program-anywhere"]);
    assert!(code == 3 && why.contains("`no-such-program-anywhere` cannot be started"), "{why}");
    let (code, why) = refused(&words, &["sh", "-c", "echo out of memory; exit 4"]);
    assert!(code == 3 && why.contains("ended by itself (exit status: 4)") && why.contains("out of memory"), "{why}");
    let (code, why) = refused(&words, &["sleep", "60"]);
    assert!(code == 3 && why.contains("nobody listens at 127.0.0.1:") && why.contains("within 1s"), "{why}");
    assert!(why.contains("in the world of seed 0 of half-made"), "{why}");
}

#[test]
fn what_cannot_be_tried_is_bad_input() {
    let bad = |words: &[&str]| {
        let ended = sagaproof(&[&["test"], words].concat());
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
        ended.err
    };
    assert!(bad(&[]).contains("say `sagaproof test <URL>` or `sagaproof test -- <COMMAND>`"));
    assert!(bad(&["http://hub", "--time-out", "0s"]).contains("nobody can be answered in no time at all"));
    assert!(bad(&["--mark", "X", "--", "true"]).contains("--mark"));
    assert!(bad(&["--support-port", "9", "--", "true"]).contains("the vendors' ports cannot be chosen"));
    assert!(bad(&["http://hub", "--mark", "a/b"]).contains("write 1 to 16 letters and digits"));
    assert!(bad(&["ftp://hub"]).contains("`ftp://hub` is no address of a facade"));
    assert!(
        bad(&["--filter", "^hubs-", "--", "true"]).contains("none of these scenarios can be played over real HTTP")
    );
    assert!(bad(&["--suite", Path::new("nowhere.yaml").to_str().unwrap(), "--", "true"]).contains("nowhere.yaml"));
}
