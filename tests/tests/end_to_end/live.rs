//! A fleet and a hub as processes of their own, and a client that speaks HTTP to both.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::binary::path;

/// What operators of these hubs bear.
pub(crate) const TOKEN: &str = "a-token-of-operators";

/// A process that ends with its test.
pub(crate) struct Running {
    pub(crate) child: Child,
    told: BTreeMap<String, String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    /// Starts it, and reads the lines `NAME=value` that it prints, which are so many.
    pub(crate) fn start(command: &mut Command, lines: usize) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let printed = BufReader::new(child.stdout.as_mut().unwrap()).lines().take(lines).map(Result::unwrap);
        let told = printed.map(|line| line.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap());
        let told = told.collect();
        Self { child, told }
    }

    /// One that prints other lines.
    pub(crate) fn of(child: Child) -> Self {
        Self { child, told: BTreeMap::new() }
    }

    /// The next so many lines that it prints.
    pub(crate) fn lines(&mut self, lines: usize) -> Vec<String> {
        BufReader::new(self.child.stdout.as_mut().unwrap()).lines().take(lines).map(Result::unwrap).collect()
    }

    /// What it printed under this name.
    pub(crate) fn told(&self, name: &str) -> &str {
        &self.told[&format!("SAGAPROOF_{name}")]
    }

    /// Sends a signal, and waits for the end: the exit code.
    pub(crate) fn end(mut self, signal: &str) -> Option<i32> {
        assert!(Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

/// Starts a fleet.
pub(crate) fn fleet(words: &[&str]) -> Running {
    let lines = 13 + usize::from(words.contains(&"--tls"));
    Running::start(Command::new(path()).args(["serve", "--print-env"]).args(words), lines)
}

/// A hub that calls this fleet, and keeps its store and its settings in this folder.
pub(crate) fn hub_command(fleet: &Running, folder: &Path) -> Command {
    let mut command = Command::new(path());
    command.envs(&fleet.told).env("SAGAPROOF_OPERATOR_TOKEN", TOKEN).args(["hub", "--store"]);
    command.arg(folder.join("hub.db")).arg("--config").arg(folder.join("hub.yaml"));
    command
}

/// Starts it; its log goes there.
pub(crate) fn hub(fleet: &Running, folder: &Path, log: Stdio) -> Running {
    Running::start(hub_command(fleet, folder).arg("--print-env").stderr(log), 2)
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The header of this lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// The answer to these bytes, whole, or why there is none.
pub(crate) fn exchange(url: &str, bytes: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap())?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    // A server may answer and close before it has read all.
    let written = stream.write_all(bytes);
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let Some((head, body)) = answer.split_once("\r\n\r\n") else {
        written?;
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let answer = Answer { status, head: head.replace("\r\n", "\n"), body: body.to_owned() };
    match answer.header("content-length") {
        Some(length) if length != body.len().to_string() => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(answer),
    }
}

/// The answer to a request.
pub(crate) fn ask(url: &str, line: &str, headers: &[&str], body: &str) -> io::Result<Answer> {
    let more: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let length = body.len();
    let head = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n{more}\r\n");
    exchange(url, [&*head, body].concat().as_bytes())
}

/// What the check of the control API says: `held`, or everything that is wrong.
pub(crate) fn check(fleet: &Running, hub: &Running) -> String {
    let target = format!("GET /check?facade={}&within_ms=30000", hub.told("HUB_URL"));
    let checked = ask(fleet.told("CONTROL_URL"), &target, &[], "").unwrap();
    let told = checked.json();
    if told["verdict"] == "held" { "held".to_owned() } else { checked.body }
}

/// How the hub stands, as operators see it: unfinished sagas, and those that need a person.
pub(crate) fn standing(hub: &Running, line: &str) -> (u64, u64) {
    let token = format!("authorization: Bearer {TOKEN}");
    let told = ask(hub.told("OPERATOR_URL"), line, &[&token], "").unwrap().json();
    (told["unfinished"].as_u64().unwrap(), told["attention"].as_u64().unwrap())
}

/// Waits until no saga is unfinished; what is parked is redriven.
pub(crate) fn settle(hub: &Running) {
    loop {
        match standing(hub, "GET /sagas") {
            (0, _) => return,
            (_, 0) => std::thread::yield_now(),
            _ => _ = standing(hub, "POST /redrive"),
        }
    }
}
