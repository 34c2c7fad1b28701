//! What a check convicts, and in which words.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use sagaproof::live::Served;
use sagaproof_sim::fleet::{Control, SeedRecord, System};
use sagaproof_sim::server::{Fleet, Options};
use serde_json::Value;
use tokio::runtime::{self, Runtime};

use crate::facade::Facade;

/// A fleet and a facade beside it.
struct Beside {
    fleet: Fleet,
    facade: Facade,
    _runtime: Runtime,
}

const ANN: &str = r#"{"cust_no":"C001","email":"ann@x.org","given_name":"Ann","family_name":"Lee","phone":null}"#;

impl Beside {
    fn start() -> Self {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let options = Options { extension: Some(Arc::new(Served)), ..Options::default() };
        let fleet = runtime.block_on(Fleet::start(options)).unwrap();
        let facade = Facade::start(runtime.handle());
        Self { fleet, facade, _runtime: runtime }
    }

    /// Puts Ann into these vendors only, each time as a record of its own.
    fn seed(&self, systems: &[System], email: &str) {
        let ann = SeedRecord {
            tag: Some("C001/s1".to_owned()),
            email: Some(email.to_owned()),
            given_name: "Ann".to_owned(),
            family_name: "Lee".to_owned(),
            ..SeedRecord::default()
        };
        let world = self.fleet.world("").unwrap();
        systems.iter().for_each(|system| assert!(world.control(*system, &Control::Seed(ann.clone())).is_some()));
    }

    /// The status and the body of a check with these further parameters.
    fn check(&self, more: &str) -> (u16, Value) {
        let control = self.fleet.control_url();
        let mut stream = TcpStream::connect(control.strip_prefix("http://").unwrap()).unwrap();
        let target = format!("/check?facade={}{more}", self.facade.url());
        stream.write_all(format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }

    /// The one violation that a check finds: checker, diagnosis and message.
    fn convicted(&self, more: &str) -> (String, String, String) {
        let (status, checked) = self.check(more);
        assert_eq!((status, checked["verdict"].as_str()), (200, Some("violated")), "{checked}");
        let [violation] = &checked["violations"].as_array().unwrap()[..] else { panic!("one violation: {checked}") };
        let text = |field: &str| violation[field].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("customer"), "C001");
        (text("checker"), text("diagnosis"), text("message"))
    }
}

#[test]
fn systems_that_agree_hold() {
    let beside = Beside::start();
    let held = |customers: u32| serde_json::json!({"format": "sagaproof-check/1", "verdict": "held", "customers": customers, "violations": []});
    assert_eq!(beside.check(""), (200, held(0)));
    beside.seed(&[System::Commerce, System::Support, System::Identity], "ann@x.org");
    beside.facade.show("C001", 200, ANN);
    assert_eq!(beside.check(""), (200, held(1)));
    assert_eq!(beside.check("&cust_no=C009"), (200, held(2)), "nowhere is also agreed");
}

#[test]
fn half_done_work_is_convicted_whichever_half_is_there() {
    let beside = Beside::start();
    beside.seed(&[System::Commerce], "ann@x.org");
    let (checker, diagnosis, message) = beside.convicted("");
    assert_eq!((&*checker, &*diagnosis), ("serial-equivalent", "all-or-nothing"));
    for line in [
        "should be nowhere",
        "✗ commerce  holds 7000000001: ann@x.org, Ann Lee (tag C001/s1)",
        "primary   holds nothing",
    ] {
        assert!(message.contains(line), "{line}\n{message}");
    }
    beside.facade.show("C001", 200, ANN);
    let (_, diagnosis, message) = beside.convicted("");
    assert_eq!(diagnosis, "all-or-nothing");
    assert!(message.contains("should be everywhere: ann@x.org, Ann Lee, no phone"), "{message}");
    assert!(message.contains("✗ support   holds nothing"), "{message}");
}

#[test]
fn fields_that_differ_are_convicted() {
    let beside = Beside::start();
    beside.seed(&[System::Commerce, System::Support, System::Identity], "ann@x.org");
    beside.facade.show("C001", 200, &ANN.replace("ann@x.org", "ann@y.org"));
    let (_, diagnosis, message) = beside.convicted("");
    assert_eq!(diagnosis, "all-or-nothing");
    assert!(message.contains("should be everywhere: ann@y.org"), "{message}");
}

#[test]
fn a_record_more_than_one_is_a_duplicate() {
    let beside = Beside::start();
    beside.seed(&[System::Commerce, System::Support, System::Identity], "ann@x.org");
    beside.seed(&[System::Commerce], "ann2@x.org");
    beside.facade.show("C001", 200, ANN);
    assert_eq!(beside.convicted("").1, "no-duplicates");
}

#[test]
fn what_was_taken_back_elsewhere_and_still_stands_is_a_ghost() {
    let beside = Beside::start();
    beside.seed(&[System::Commerce, System::Support], "ann@x.org");
    let desk = beside.fleet.url(System::Support);
    let mut stream = TcpStream::connect(desk.strip_prefix("http://").unwrap()).unwrap();
    let head = "DELETE /api/v2/users/360000000001 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer simulated-api-token";
    stream.write_all(format!("{head}\r\nconnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let (_, diagnosis, message) = beside.convicted("");
    assert_eq!(diagnosis, "no-late-ghosts");
    assert!(message.contains("✗ support   holds soft-deleted 360000000001"), "{message}");
}

#[test]
fn a_primary_that_does_not_answer_is_told() {
    let beside = Beside::start();
    beside.seed(&[System::Commerce, System::Support, System::Identity], "ann@x.org");
    beside.facade.show("C001", 500, "{}");
    assert_eq!(beside.convicted("&within_ms=1").0, "converged");
}

#[test]
fn what_cannot_be_checked_is_told() {
    let mut beside = Beside::start();
    let (status, problem) = beside.check("&within=1");
    assert_eq!((status, problem["detail"].as_str().unwrap().contains("`within`")), (400, true));
    beside.seed(&[System::Commerce], "ann@x.org");
    let gone = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    beside.facade = Facade::start(beside._runtime.handle());
    let (status, problem) = beside.check(&format!("&facade=http://{gone}"));
    assert_eq!((status, problem["detail"].as_str().unwrap().contains("cannot be reached")), (502, true));
}
