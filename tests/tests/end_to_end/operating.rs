//! The commands that operate a running hub, from outside: a merge is parked past its pivot, looked at, mended and redriven;
//! what cannot be is said clearly.

use std::fs;
use std::process::Command;

use crate::binary::{Ended, ended, path};
use crate::live::{Running, TOKEN, ask, check, fleet, hub, settle};

const QUICK: &str = "horizon: 400ms\nindex_lag: 60ms\nbreaker_open: 20ms\nleave_within: 200ms\n\
                     policy: {backoff_base: 5ms, backoff_cap: 40ms, attempts: 2, compensation_attempts: 2}\n";

/// The help desk merges nobody.
const NO_MERGE: &str = "exchanges: [{systems: [support], route: merge, fates: [before-503], rate: 100%}]";

/// A command of somebody who may operate this hub.
fn operate(hub: &Running, words: &[&str]) -> Ended {
    let url = hub.told("OPERATOR_URL");
    ended(Command::new(path()).args(words).env("SAGAPROOF_OPERATOR_URL", url).env("SAGAPROOF_OPERATOR_TOKEN", TOKEN))
}

/// Waits until the list of sagas shows this.
fn until(hub: &Running, shown: &str) -> String {
    loop {
        let list = operate(hub, &["sagas", "list"]);
        assert_eq!(list.code, 0, "{}", list.err);
        if list.out.contains(shown) {
            return list.out;
        }
    }
}

fn start(fleet: &Running, folder: &std::path::Path) -> Running {
    fs::write(folder.join("hub.yaml"), QUICK).unwrap();
    let log = fs::File::options().create(true).append(true).open(folder.join("hub.log")).unwrap();
    hub(fleet, folder, log.into())
}

fn create(hub: &Running, number: u32) {
    let body = format!(
        r#"{{"cust_no":"C00{number}","email":"c{number}@x.test","given_name":"Ann{number}","family_name":"Lee"}}"#
    );
    assert_eq!(ask(hub.told("HUB_URL"), "POST /api/customers", &[], &body).unwrap().status, 201);
}

#[test]
fn a_parked_merge_is_listed_looked_at_mended_and_redriven() {
    let fleet = fleet(&["--horizon", "60ms", "--index-lag", "40ms", "--no-limits"]);
    let folder = tempfile::tempdir().unwrap();
    let hub = start(&fleet, folder.path());
    create(&hub, 1);
    create(&hub, 2);
    assert_eq!(ask(fleet.told("CONTROL_URL"), "POST /rules", &[], NO_MERGE).unwrap().status, 201);
    let headers = ["x-correlation-id: of-the-merge"];
    let merge = r#"{"from":"C002"}"#;
    let accepted = ask(hub.told("HUB_URL"), "POST /api/async/customers/C001/merge", &headers, merge).unwrap();
    let job = accepted.header("location").unwrap().to_owned();
    let saga = job.rsplit('/').next().unwrap();
    let list = until(&hub, "parked");
    for shown in [saga, "merge", "C001, C002", "support", "of-the-merge"] {
        assert!(list.contains(shown), "{shown}: {list}");
    }
    assert!(operate(&hub, &["jobs"]).out.contains("RUNNING  yes"), "{}", operate(&hub, &["jobs"]).out);
    let shown = operate(&hub, &["sagas", "show", saga]).out;
    assert!(shown.contains("passed: it only goes forward") && shown.contains("c/C001;, c/C002;"), "{shown}");
    assert!(shown.contains("support: merge record"), "the trail is there: {shown}");
    let difference = operate(&hub, &["diff", saga]).out;
    assert!(difference.contains("| support | records | one | two | differs |"), "{difference}");
    assert!(difference.contains("| commerce | records | one | one |  |"), "{difference}");
    let runbook = operate(&hub, &["runbook", saga]);
    assert!(
        runbook.out.contains("/merge.json (support)") && runbook.out.contains("## What not to do"),
        "{}",
        runbook.out
    );
    let machine = operate(&hub, &["runbook", saga, "--format", "json"]).json();
    assert!(machine["trail"].as_array().is_some_and(|trail| trail.len() > 10), "{machine}");

    // Nobody is believed, and half a merge is not let go unasked.
    let resolved = operate(&hub, &["resolve", saga, "--by", "kim", "--reason", "merged them by hand"]);
    assert_eq!((resolved.code, resolved.out.contains("pressed")), (0, true), "{}", resolved.err);
    until(&hub, "parked");
    let shown = operate(&hub, &["sagas", "show", saga]).out;
    assert!(shown.contains("a look showed what is left to do: at support, merge record"), "{shown}");
    assert!(shown.contains("kim said to have done this step by hand: merged them by hand"), "{shown}");

    assert_eq!(ask(fleet.told("CONTROL_URL"), "DELETE /rules", &[], "").unwrap().status, 204);
    let redriven = operate(&hub, &["redrive", saga, "--by", "kim"]);
    assert_eq!(redriven.code, 0, "{}", redriven.err);
    until(&hub, "Every saga has ended.");
    assert_eq!(ask(hub.told("HUB_URL"), &format!("GET {job}"), &[], "").unwrap().json()["status"], "SUCCEEDED");
    assert!(operate(&hub, &["sagas", "show", saga]).out.contains("ended"));
    settle(&hub);
    assert_eq!(check(&fleet, &hub), "held");
    let again = operate(&hub, &["redrive", saga]);
    assert_eq!((again.code, again.out.as_str()), (2, ""));
    assert!(again.err.starts_with("error: it has ended: nothing is left to press"), "{}", again.err);
    assert_eq!(operate(&hub, &["redrive", "--all"]).out, "Nothing is parked.\n");
    // The customer that stands, and whether who was merged into it is one with it still.
    let swept = operate(&hub, &["reconcile"]);
    assert_eq!((swept.code, swept.out.split(';').next()), (0, Some("still to be looked at: 2")), "{}", swept.err);
    until(&hub, "Every saga has ended.");
    assert_eq!(check(&fleet, &hub), "held");
    // What the sweep looks at may begin only after the list was first empty.
    let watched = || operate(&hub, &["sagas", "watch", "--times", "2", "--every", "1", "--format", "json"]).out;
    while watched() != "{\"sagas\":[]}\n".repeat(2) {}
}

#[test]
fn what_cannot_be_operated_is_told_clearly_and_clients_have_no_such_paths() {
    let fleet = fleet(&["--no-limits"]);
    let folder = tempfile::tempdir().unwrap();
    let hub = start(&fleet, folder.path());
    for line in ["GET /operator/sagas", "POST /operator/redrive", "GET /operator/sagas/s1-1/journal"] {
        assert_eq!(ask(hub.told("HUB_URL"), line, &[], "").unwrap().status, 404, "clients have no such path");
        assert_eq!(ask(hub.told("OPERATOR_URL"), line, &[], "").unwrap().status, 401, "it needs its token");
    }
    let unknown = operate(&hub, &["abandon", "s9-9", "--reason", "no use"]);
    assert_eq!((unknown.code, unknown.out.as_str()), (2, ""));
    assert!(unknown.err.starts_with("error: no such saga"), "{}", unknown.err);
    assert_eq!(operate(&hub, &["runbook", "s9-9"]).code, 2);
    assert_eq!(operate(&hub, &["abandon", "s9-9"]).code, 2, "a reason is asked for");
    let bare = |words: &[&str], token: Option<&str>| {
        let mut command = Command::new(path());
        command.args(words).env_remove("SAGAPROOF_OPERATOR_URL").env_remove("SAGAPROOF_OPERATOR_TOKEN");
        ended(command.envs(token.map(|token| ("SAGAPROOF_OPERATOR_TOKEN", token))))
    };
    let nowhere = bare(&["jobs"], Some(TOKEN));
    assert!(nowhere.code == 2 && nowhere.err.contains("say --hub URL"), "{}", nowhere.err);
    let url = hub.told("OPERATOR_URL");
    let unset = bare(&["jobs", "--hub", url], None);
    assert!(unset.code == 2 && unset.err.contains("SAGAPROOF_OPERATOR_TOKEN is not set"), "{}", unset.err);
    let stranger = bare(&["jobs", "--hub", url], Some("another"));
    assert!(stranger.code == 2 && stranger.err.contains("does not let this operator in"), "{}", stranger.err);
    let silent = bare(&["jobs", "--hub", "http://127.0.0.1:1"], Some(TOKEN));
    assert!(silent.code == 3 && silent.err.contains("gives no answer"), "{}", silent.err);
}
