//! Vendors' own client libraries for Node against `sagaproof serve`, over TLS: a script each in `tests/clients/`, whose
//! packages `npm ci` there has installed.

#![expect(clippy::unwrap_used, reason = "a script that cannot run fails the test")]

use std::process::{Child, Command, Stdio};

use sagaproof_tests::binary::{path, root};

/// A fleet that is served until the test is over.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// Runs a script against a fleet of its own.
fn run(script: &str) {
    let clients = root().join("tests/clients");
    assert!(clients.join("node_modules").exists(), "run `npm ci` in tests/clients first");
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    let serve = ["serve", "--tls", "--ready-file"];
    let child = Command::new(path()).args(serve).arg(&ready).stdout(Stdio::null()).spawn().unwrap();
    let mut serving = Serving(child);
    while !ready.exists() {
        assert!(serving.0.try_wait().unwrap().is_none(), "the fleet has ended");
        std::thread::yield_now();
    }
    let told = std::fs::read_to_string(&ready).unwrap();
    let mut node = Command::new("node");
    node.arg(script).current_dir(clients);
    for (name, value) in told.lines().map(|line| line.split_once('=').unwrap()) {
        node.env(name, value);
        if name == "SAGAPROOF_TLS_CA" {
            node.env("NODE_EXTRA_CA_CERTS", value);
        }
    }
    let output = node.output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn node_zendesk_works_with_the_help_desk() {
    run("support.mjs");
}

#[test]
fn auth0_works_with_the_identity_provider() {
    run("identity.mjs");
}

#[test]
fn shopifys_admin_client_works_with_the_shop_by_rest_and_graphql() {
    run("commerce.mjs");
}
