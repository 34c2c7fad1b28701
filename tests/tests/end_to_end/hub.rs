//! `sagaproof hub` from outside, against a fleet that is served: the facade over HTTP, what is durable, what operators
//! see, what it refuses, what it never logs, and how it ends.

use std::fs::{self, File};
use std::path::Path;

use crate::binary::{ended, sagaproof};
use crate::live::{Answer, Running, TOKEN, ask, check, exchange, fleet, hub, hub_command, settle, standing};

/// Short waits, but patient with a machine that is busy.
const QUICK: &str = "horizon: 400ms\nindex_lag: 60ms\nbreaker_open: 20ms\nleave_within: 200ms\n\
                     policy: {backoff_base: 5ms, backoff_cap: 40ms}\n";

const ANN: &str = r#"{"cust_no":"C001","email":"ann@example.org","given_name":"Annabel","family_name":"Leeward"}"#;
const BOB: &str = r#"{"cust_no":"C002","email":"bob@example.org","given_name":"Bobby","family_name":"Leeward"}"#;

/// A fleet, a hub, and the folder that the hub's files are in.
struct Pair {
    fleet: Running,
    hub: Running,
    folder: tempfile::TempDir,
}

impl Pair {
    fn start() -> Self {
        let fleet = fleet(&["--horizon", "60ms", "--index-lag", "40ms", "--no-limits"]);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hub.yaml"), QUICK).unwrap();
        let hub = hub(&fleet, folder.path(), log(folder.path()).into());
        Self { fleet, hub, folder }
    }

    fn ask(&self, line: &str, headers: &[&str], body: &str) -> Answer {
        ask(self.hub.told("HUB_URL"), line, headers, body).unwrap()
    }

    fn control(&self, line: &str) {
        let status = ask(self.fleet.told("CONTROL_URL"), line, &[], "").unwrap().status;
        assert!(status < 300, "{line}: {status}");
    }

    /// The job at this place, once it has ended.
    fn job(&self, place: &str) -> serde_json::Value {
        loop {
            let job = self.ask(&format!("GET {place}"), &[], "").json();
            if job["status"] != "PENDING" && job["status"] != "RUNNING" {
                return job;
            }
            std::thread::yield_now();
        }
    }

    /// Waits until no saga is unfinished; what is parked is redriven.
    fn settle(&self) {
        settle(&self.hub);
    }

    /// What the hub has logged.
    fn logged(&self) -> String {
        fs::read_to_string(self.folder.path().join("hub.log")).unwrap()
    }

    /// The sum of the samples of `/metrics` whose names begin so.
    fn counted(&self, beginning: &str) -> u64 {
        let page = self.ask("GET /metrics", &[], "").body;
        let values = page.lines().filter(|line| line.starts_with(beginning));
        values.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    }
}

/// Where a hub logs to; what is there stays.
fn log(folder: &Path) -> File {
    File::options().create(true).append(true).open(folder.join("hub.log")).unwrap()
}

#[test]
fn vendors_that_speak_tls_are_called_where_they_show_who_they_are_and_else_not_at_all() {
    let fleets = [(); 2].map(|()| fleet(&["--tls", "--horizon", "60ms", "--index-lag", "40ms", "--no-limits"]));
    let create = |authority: &Running| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("hub.yaml"), QUICK).unwrap();
        let mut command = hub_command(&fleets[0], folder.path());
        command.env("SAGAPROOF_TLS_CA", authority.told("TLS_CA")).stderr(log(folder.path()));
        let hub = Running::start(command.arg("--print-env"), 2);
        let created = ask(hub.told("HUB_URL"), "POST /api/customers", &[], ANN).unwrap();
        settle(&hub);
        let logged = fs::read_to_string(folder.path().join("hub.log")).unwrap();
        (created.status, check(&fleets[0], &hub), created, logged)
    };
    let (status, checked, created, logged) = create(&fleets[1]);
    assert_eq!((status, &*checked), (503, "held"), "{created:?}");
    assert_eq!(created.json()["outcome"], "not-applied");
    let observed = ask(fleets[0].told("CONTROL_URL"), "GET /observations", &[], "").unwrap().body;
    assert!(!observed.contains("\"sent\""), "{observed}");
    assert!(logged.contains("no connection") && logged.contains("certificate"), "{logged}");
    let (status, checked, created, _) = create(&fleets[0]);
    assert_eq!((status, &*checked), (201, "held"), "{created:?}");
}

#[test]
fn a_customer_is_created_updated_merged_and_closed_over_http_and_all_systems_agree() {
    let pair = Pair::start();
    while pair.ask("GET /healthz", &[], "").status == 503 {
        std::thread::yield_now();
    }
    assert_eq!(pair.ask("GET /healthz", &[], "").json()["status"], "serving");
    let missing = pair.ask("POST /api/customers", &[], &ANN.replace("\"cust_no\":\"C001\",", ""));
    assert_eq!(
        (missing.status, &*missing.body),
        (400, r#"{"message":"Missing required request parameters: [cust_no]"}"#)
    );
    assert_eq!(pair.counted("hub_calls_total"), 0, "no vendor is called for a request that is refused");
    let created = pair.ask("POST /api/customers", &["idempotency-key: k1"], ANN);
    assert_eq!(created.status, 201, "{created:?}");
    let again = pair.ask("POST /api/customers", &["idempotency-key: k1"], ANN);
    assert_eq!((again.status, &again.body), (201, &created.body));
    assert_eq!(pair.ask("POST /api/customers", &["idempotency-key: k1"], BOB).status, 422);
    let accepted = pair.ask("POST /api/async/customers", &["x-correlation-id: of-bob"], BOB);
    assert_eq!((accepted.status, accepted.header("x-correlation-id")), (202, Some("of-bob")));
    let job = pair.job(accepted.header("location").unwrap());
    assert_eq!((&job["status"], &job["correlation_id"]), (&"SUCCEEDED".into(), &"of-bob".into()), "{job}");
    let updated = pair.ask("PATCH /api/customers/C001", &[], r#"{"given_name":"Anne"}"#);
    assert_eq!((updated.status, &updated.json()["given_name"]), (200, &"Anne".into()));
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
    let merged = pair.ask("POST /api/customers/C001/merge", &[], r#"{"from":"C002"}"#);
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(pair.ask("GET /api/customers/C002", &[], "").status, 404);
    pair.settle();
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
    assert_eq!(pair.ask("DELETE /api/customers/C001", &[], "").status, 204);
    pair.settle();
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
    assert_eq!(pair.hub.end("-TERM"), Some(0));
}

#[test]
fn what_is_acknowledged_outlives_the_hub_and_its_store_is_held_by_one_process() {
    let mut pair = Pair::start();
    assert_eq!(pair.ask("POST /api/customers", &["idempotency-key: k1"], ANN).status, 201);
    let second = ended(&mut hub_command(&pair.fleet, pair.folder.path()));
    assert_eq!((second.code, second.out.as_str()), (3, ""));
    assert!(second.err.ends_with("is held by another process: one hub at a time may have a store\n"), "{}", second.err);
    let store = pair.folder.path().join("hub.db");
    let store = store.to_str().unwrap();
    assert_eq!(sagaproof(&["store", "check", store]).code, 3);
    pair.hub.child.kill().unwrap();
    pair.hub.child.wait().unwrap();
    let checked = sagaproof(&["store", "check", store]);
    assert_eq!(checked.code, 0, "{}{}", checked.out, checked.err);
    assert!(checked.out.starts_with(&format!("{store}: sound, ")), "{}", checked.out);
    pair.hub = hub(&pair.fleet, pair.folder.path(), log(pair.folder.path()).into());
    assert_eq!(pair.ask("GET /api/customers/C001", &[], "").json()["email"], "ann@example.org");
    assert_eq!(pair.ask("POST /api/customers", &["idempotency-key: k1"], ANN).status, 201, "the key is kept");
    assert_eq!(pair.ask("POST /api/customers", &[], ANN).status, 409);
    pair.settle();
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
    assert_eq!(sagaproof(&["store", "check", "no-such-file.db"]).code, 2);
}

#[test]
fn a_vendor_that_is_down_is_compensated_and_no_log_line_holds_secrets_or_personal_data() {
    let pair = Pair::start();
    pair.control("PUT /outages/support");
    let refused = pair.ask("POST /api/customers", &[], ANN);
    assert_eq!((refused.status, &refused.json()["outcome"]), (503, &"not-applied".into()), "{refused:?}");
    pair.control("DELETE /outages/support");
    pair.settle();
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
    assert_eq!(pair.ask("GET /api/customers/C001", &[], "").status, 404);
    assert_eq!(pair.counted("hub_sagas_total{milestone=\"aborted\"}"), 1);
    assert_eq!(pair.ask("POST /api/customers", &[], ANN).status, 201);
    pair.settle();
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
    let logged = pair.logged();
    assert!(logged.contains("\"message\":\"aborted, compensating\""), "{logged}");
    for line in logged.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["unix_ms"].is_u64() && line["message"].is_string(), "{line}");
    }
    let secrets = ["COMMERCE_TOKEN", "SUPPORT_TOKEN", "IDENTITY_CLIENT_SECRET", "MESSAGING_TOKEN"];
    let secrets = secrets.map(|name| pair.fleet.told(name).to_owned());
    let personal = ["ann@example.org", "Annabel", "Leeward", "C001", TOKEN].map(str::to_owned);
    for hidden in secrets.iter().chain(&personal) {
        assert!(!logged.contains(hidden), "{hidden}");
    }
}

#[test]
fn operators_need_their_token_and_redrive_what_is_parked() {
    let pair = Pair::start();
    let url = pair.hub.told("OPERATOR_URL");
    for token in ["", "authorization: Bearer another-token-of-ops", "authorization: Basic x"] {
        let headers: &[&str] = if token.is_empty() { &[] } else { &[token] };
        assert_eq!(ask(url, "GET /sagas", headers, "").unwrap().status, 401);
        assert_eq!(ask(url, "POST /redrive", headers, "").unwrap().status, 401);
    }
    assert_eq!(pair.ask("POST /redrive", &[], "").status, 404, "clients have no such path");
    assert_eq!(pair.ask("POST /api/customers", &[], ANN).status, 201);
    // What the help desk may hold cannot be taken back while it is down.
    pair.control("PUT /outages/support");
    assert_eq!(pair.ask("POST /api/customers", &[], BOB).status, 503);
    while standing(&pair.hub, "GET /sagas") != (1, 1) {
        std::thread::yield_now();
    }
    while !pair.logged().contains("\"message\":\"parked, needs attention\"") {
        std::thread::yield_now();
    }
    assert_eq!(pair.ask("PATCH /api/customers/C002", &[], r#"{"given_name":"Bo"}"#).status, 409, "its claims are held");
    pair.control("DELETE /outages/support");
    assert_eq!(standing(&pair.hub, "POST /redrive"), (1, 1));
    pair.settle();
    assert_eq!(pair.counted("hub_sagas_total{milestone=\"redriven\"}"), 1);
    assert_eq!(check(&pair.fleet, &pair.hub), "held");
}

#[test]
fn whatever_a_client_sends_is_answered_within_bounds_and_harms_nobody() {
    let pair = Pair::start();
    let url = pair.hub.told("HUB_URL");
    assert_eq!(pair.ask("POST /api/customers", &[], &"x".repeat(70_000)).status, 413);
    let chunked = b"POST /api/customers HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = [format!("{:x}\r\n", 100_000).as_bytes(), &[b'x'; 100_000], b"\r\n0\r\n\r\n"].concat();
    assert_eq!(exchange(url, &[chunked, &*chunk].concat()).unwrap().status, 413);
    assert_eq!(pair.ask("GET /api/customers/C001", &[&format!("x-long: {}", "a".repeat(64_000))], "").status, 431);
    for garbage in
        [&b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"[..], b"GET\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
    {
        assert!(exchange(url, garbage).is_ok_and(|answer| answer.status == 400), "{garbage:?}");
    }
    assert_eq!(pair.ask("OPTIONS /api/customers", &[], "").status, 405);
    assert_eq!(pair.ask("POST /api/customers", &[], "[1, 2").status, 400);
    while pair.ask("GET /healthz", &[], "").status == 503 {}
    let pipelined =
        "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut stream = std::net::TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    std::io::Write::write_all(&mut stream, pipelined.as_bytes()).unwrap();
    let mut both = String::new();
    std::io::Read::read_to_string(&mut stream, &mut both).unwrap();
    assert_eq!(both.matches("HTTP/1.1 200 OK").count(), 2, "{both}");
    assert_eq!(pair.ask("POST /api/customers", &[], ANN).status, 201);
    assert_eq!(pair.hub.end("-INT"), Some(0));
}

#[test]
fn what_a_hub_lacks_is_told_before_it_starts() {
    let fleet = fleet(&[]);
    let folder = tempfile::tempdir().unwrap();
    let start = |config: &str, change: &dyn Fn(&mut std::process::Command)| {
        fs::write(folder.path().join("hub.yaml"), config).unwrap();
        let mut command = hub_command(&fleet, folder.path());
        change(&mut command);
        let ended = ended(&mut command);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{}", ended.err);
        ended.err
    };
    let err = start(QUICK, &|command| _ = command.env_remove("SAGAPROOF_SUPPORT_URL"));
    assert!(err.starts_with("error: SAGAPROOF_SUPPORT_URL is not set") && err.contains("--support URL"), "{err}");
    let err = start(QUICK, &|command| _ = command.env("SAGAPROOF_MESSAGING_TOKEN", " "));
    assert!(err.starts_with("error: SAGAPROOF_MESSAGING_TOKEN is not set"), "{err}");
    let err = start(QUICK, &|command| _ = command.env("SAGAPROOF_COMMERCE_TOKEN", "secret\nx"));
    assert!(err.contains("SAGAPROOF_COMMERCE_TOKEN holds a control character") && !err.contains("secret"), "{err}");
    let err = start(QUICK, &|command| _ = command.args(["--identity", "ftp://x.example"]));
    assert!(err.contains("`ftp://x.example` is no address that the hub can call"), "{err}");
    let err = start(QUICK, &|command| _ = command.args(["--identity", "https://x.example", "--tls-ca", "hub.yaml"]));
    assert!(err.contains("`hub.yaml` is no file of certificates") && err.contains("--tls-ca"), "{err}");
    let err = start("polic: {}\n", &|_| ());
    assert!(err.contains("hub.yaml:1:1") && err.contains("did you mean `policy`?"), "{err}");
}
