//! Programs that fail: each ends the command with exit code 3 and a message that helps, and leaves no process behind.

use std::fs;
use std::process::Command;

use crate::binary::sagaproof;

/// Answers every event with what `reply` makes of it, in Python: `kind`, `event` and `started` are known there.
fn answering(reply: &str) -> String {
    let reply = reply.replace('\n', "\n    ");
    format!(
        "import json, os, sys, time\n\
         def say(**reply): print(json.dumps(reply), flush=True)\n\
         for line in sys.stdin:\n    \
         ((kind, event),) = json.loads(line)['event'].items()\n    \
         {reply}\n"
    )
}

/// Why a sweep under this program could not run, however patient one is; nothing is left of the program then.
fn failure(script: &str) -> String {
    failure_within("60s", script)
}

fn failure_within(patience: &str, script: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let [program, number] = ["failing.py", "number"].map(|name| folder.path().join(name));
    let header = format!("import os\nprint(os.getpid(), file=open({:?}, 'w'))\n", number.to_str().unwrap());
    fs::write(&program, header + script).unwrap();
    let program = format!("python3 '{}'", program.display());
    let words = ["run", "--seeds", "20", "--filter", "^create-one$", "--threads", "1", "--format", "json"];
    let ended = sagaproof(&[&words[..], &["--process", &program, "--process-time-out", patience]].concat());
    assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{}", ended.err);
    assert!(ended.err.contains("failing.py"), "the command is named: {}", ended.err);
    assert!(ended.err.contains("sagaproof replay --scenario create-one --seed "), "{}", ended.err);
    if let Ok(number) = fs::read_to_string(number) {
        let alive = Command::new("kill").args(["-0", number.trim()]).output().unwrap().status;
        assert!(!alive.success(), "the program is still there, if only as a zombie");
    }
    ended.err
}

#[test]
fn a_program_that_cannot_be_started_is_told_as_the_shell_tells_it() {
    let ended = sagaproof(&["run", "--seeds", "1", "--process", "no-such-program --flag"]);
    assert_eq!((ended.code, ended.out.as_str()), (3, ""));
    assert!(ended.err.contains("`no-such-program --flag`") && ended.err.contains("not found"), "{}", ended.err);
}

#[test]
fn a_program_that_dies_is_told_with_its_last_words() {
    let why = failure(&answering(
        "if kind == 'request': raise ValueError('no idea what to do')\nsay(protocol=1, effects=[])",
    ));
    for part in
        ["it ended (exit status: 1)", "it was told: {\"now\":", "\"request\":", "ValueError: no idea what to do"]
    {
        assert!(why.contains(part), "{part} in {why}");
    }
}

#[test]
fn a_program_that_hangs_is_given_up() {
    let why = failure_within("1s", &answering("time.sleep(600)"));
    assert!(why.contains("it did not answer within 1000 ms"), "{why}");
}

#[test]
fn a_program_that_does_not_even_listen_is_given_up() {
    let why = failure_within("1s", "import time\ntime.sleep(600)");
    assert!(why.contains("it did not answer within 1000 ms"), "{why}");
}

#[test]
fn garbage_is_shown_and_cut_to_a_bearable_length() {
    let why = failure(&answering("print('hello ' * 1000, flush=True)"));
    assert!(why.contains("its answer cannot be read") && why.contains("it said: hello hello"), "{why}");
    assert!(why.len() < 3_000, "{why}");
}

#[test]
fn a_line_without_an_end_is_given_up() {
    let why = failure("import sys\nwhile True: sys.stdout.write('x' * 65536)");
    assert!(why.contains("its answer is too long"), "{why}");
}

#[test]
fn a_program_that_speaks_unasked_is_found_out() {
    let why = failure(&answering("sys.stdout.write('{\"protocol\":1,\"effects\":[]}\\n' * 2)\nsys.stdout.flush()"));
    assert!(why.contains("more than the one line"), "{why}");
}

#[test]
fn answers_that_are_out_of_order_are_told() {
    for (reply, told) in [
        ("say(effects=[])", "it must answer a start with `\"protocol\":1`"),
        ("say(protocol=2, effects=[])", "it must answer a start with `\"protocol\":1`"),
        (
            "say(protocol=1, effects=[{'answer': {'exchange': 7, 'response': {'status': 200}}}])",
            "it answers exchange 7, which it was not given or has answered already",
        ),
        ("say(protocol=1, effects=[{'read': {'read': 1, 'prefix': ''}}] * 2)", "the number 1 to a second read"),
        (
            "say(protocol=1, effects=[{'wake': {'at': -1}}])",
            "its answer cannot be read: `effects[0].wake.at` is -1, but times are whole nanoseconds",
        ),
    ] {
        let why = failure(&answering(reply));
        assert!(why.contains(told), "{reply}: {why}");
    }
}

#[test]
fn what_a_shell_has_started_is_killed_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let number = folder.path().join("number");
    let script = format!(
        "import os, time; print(os.getpid(), file=open(\"{}\", \"w\")); print(\"garbage\", flush=True); time.sleep(600)",
        number.display()
    );
    let program = format!("python3 -c '{script}'; true");
    let words = ["replay", "--scenario", "create-one", "--seed", "1", "--process-time-out", "60s", "--process"];
    let ended = sagaproof(&[&words[..], &[&program]].concat());
    assert_eq!((ended.code, ended.out.as_str()), (3, ""), "{}", ended.err);
    let number = fs::read_to_string(number).unwrap();
    assert!(!Command::new("kill").args(["-0", number.trim()]).output().unwrap().status.success());
}

#[test]
fn a_command_that_is_none_is_bad_input() {
    for words in [
        &["run", "--process", " "][..],
        &["run", "--process", "cat", "--orchestrator", "naive"],
        &["run", "--process-time-out", "1s"],
        &["run", "--process", "cat", "--process-time-out", "soon"],
        &["process", "--orchestrator", "nobody"],
    ] {
        let ended = sagaproof(words);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{words:?}: {}", ended.err);
    }
}
