//! `sagaproof serve` from outside: what it prints, when it says that it is ready, what it refuses, and how it ends.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::binary::{path, sagaproof};

/// A fleet that is served until it is ended, or the test is over.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Serving {
    fn start(words: &[&str]) -> Self {
        let mut command = Command::new(path());
        Self(command.arg("serve").args(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// The first lines that it prints, which are so many.
    fn lines(&mut self, many: usize) -> Vec<String> {
        let out = BufReader::new(self.0.stdout.as_mut().unwrap());
        out.lines().take(many).map(Result::unwrap).collect()
    }

    /// Sends a signal, and waits for the end.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        assert!(Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap().success());
        let code = self.0.wait().unwrap().code();
        let mut err = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (code, err)
    }
}

fn values(lines: &[String]) -> BTreeMap<&str, &str> {
    lines.iter().map(|line| line.split_once('=').unwrap()).collect()
}

/// The status of a request to this address.
fn status(url: &str, head: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(format!("{head}\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// Waits until a file is there.
fn await_file(path: &Path) -> String {
    loop {
        match std::fs::read_to_string(path) {
            Ok(text) => return text,
            Err(_) => std::thread::yield_now(),
        }
    }
}

/// How many lines `--print-env` prints.
const LINES: usize = 13;

#[test]
fn the_environment_is_printed_and_then_the_ready_file_is_there_and_every_port_answers() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    std::fs::write(&ready, "of a fleet that was").unwrap();
    let mut serving = Serving::start(&["--print-env", "--ready-file", ready.to_str().unwrap()]);
    let lines = serving.lines(LINES);
    let told = values(&lines);
    for vendor in ["SUPPORT", "COMMERCE", "IDENTITY", "MESSAGING"] {
        let url = told[&*format!("SAGAPROOF_{vendor}_URL")];
        let port = url.strip_prefix("http://127.0.0.1:").unwrap();
        assert!(port.parse::<u16>().unwrap() > 0, "neither a slash nor a path: {url}");
        assert_eq!(status(url, "GET /nowhere HTTP/1.1"), "401");
    }
    assert_eq!(status(told["SAGAPROOF_CONTROL_URL"], "GET /healthz HTTP/1.1"), "200");
    let plain = |c: char| c.is_ascii_alphanumeric() || "_=:/.@-".contains(c);
    assert!(lines.iter().all(|line| line.starts_with("SAGAPROOF_") && line.chars().all(plain)), "{lines:?}");
    while await_file(&ready) == "of a fleet that was" {}
    assert_eq!(await_file(&ready), lines.iter().map(|line| format!("{line}\n")).collect::<String>());
    let token = format!(
        "GET /admin/api/2026-10/customers.json HTTP/1.1\r\nx-shopify-access-token: {}",
        told["SAGAPROOF_COMMERCE_TOKEN"]
    );
    assert_eq!(status(told["SAGAPROOF_COMMERCE_URL"], &token), "200");
    assert_eq!(serving.end("-TERM"), (Some(0), String::new()));
    assert!(!ready.exists(), "a fleet that has ended is not ready");
}

#[test]
fn an_interrupt_ends_it_too_and_people_read_a_list() {
    let mut serving = Serving::start(&[]);
    let lines = serving.lines(6);
    assert!(lines[0].starts_with("support    http://127.0.0.1:"), "{lines:?}");
    assert_eq!(serving.end("-INT"), (Some(0), String::new()));
}

#[test]
fn a_port_is_as_asked_and_one_that_is_taken_is_told() {
    let mut serving = Serving::start(&["--print-env"]);
    let lines = serving.lines(LINES);
    let taken = values(&lines)["SAGAPROOF_IDENTITY_URL"].rsplit(':').next().unwrap();
    let ended = sagaproof(&["serve", "--identity-port", taken]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(
        ended.err.starts_with(&format!("error: port {taken} cannot be listened on for identity: ")),
        "{}",
        ended.err
    );
    let port = taken.to_owned();
    serving.end("-TERM");
    let mut again = Serving::start(&["--print-env", "--identity-port", &port]);
    assert_eq!(values(&again.lines(LINES))["SAGAPROOF_IDENTITY_URL"], format!("http://127.0.0.1:{port}"));
}

#[test]
fn with_tls_the_vendors_speak_nothing_else_and_the_authority_is_told() {
    let mut serving = Serving::start(&["--print-env", "--tls"]);
    let lines = serving.lines(LINES + 1);
    let told = values(&lines);
    let support = told["SAGAPROOF_SUPPORT_URL"].strip_prefix("https://").unwrap();
    let mut plain = TcpStream::connect(support).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/"));
    let authority = Path::new(told["SAGAPROOF_TLS_CA"]);
    assert!(std::fs::read_to_string(authority).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(status(told["SAGAPROOF_CONTROL_URL"], "GET /healthz HTTP/1.1"), "200", "the control API stays plain");
    assert_eq!(serving.end("-TERM"), (Some(0), String::new()));
    assert!(!authority.exists());
}

#[test]
fn rules_strike_and_what_is_wrong_with_them_is_told_as_in_a_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.yaml");
    let words = ["--print-env", "--seed", "7", "--rules", rules.to_str().unwrap()];
    std::fs::write(
        &rules,
        "chaos:\n  exchanges:\n    - {systems: [support], fates: [before-503], rate: 100%}\n  crash: {rate: 1%}\n",
    )
    .unwrap();
    let mut serving = Serving::start(&words);
    let lines = serving.lines(LINES);
    let told = values(&lines);
    let basic = "GET /api/v2/users.json HTTP/1.1\r\nauthorization: Bearer simulated-api-token";
    assert_eq!(status(told["SAGAPROOF_SUPPORT_URL"], basic), "503");
    let (code, err) = serving.end("-TERM");
    assert_eq!((code, err.as_str()), (Some(0), "note: `crash` is left out: it is the hub's, and a fleet has none\n"));
    std::fs::write(&rules, "exchanges:\n  - {fates: [before-502], rate: lots}\n").unwrap();
    let ended = sagaproof(&[&["serve"][..], &words].concat());
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.starts_with("error: `exchanges[0].rate`: `lots` is "), "{}", ended.err);
    let ended = sagaproof(&["serve", "--rules", "no-such-file.yaml"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("does not exist") && ended.err.contains("`chaos` part"), "{}", ended.err);
}
