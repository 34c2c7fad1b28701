//! The operator API's answers as tables for people.

use std::fmt::Write;

use serde_json::Value;

/// The sagas of a list.
pub(super) fn sagas(told: &Value) -> String {
    let head = ["saga", "kind", "customers", "state", "step", "age", "calls", "last error", "correlation id"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for saga in list(told, "sagas") {
        rows.push(vec![
            text(&saga["saga"]),
            text(&saga["kind"]),
            joined(&saga["customers"]),
            text(&saga["state"]),
            text(&saga["step"]),
            age(&saga["age_s"]),
            text(&saga["calls"]),
            text(&saga["last_error"]),
            text(&saga["correlation_id"]),
        ]);
    }
    if rows.len() == 1 { "Every saga has ended.\n".to_owned() } else { table(&rows) }
}

/// The jobs of a list.
pub(super) fn jobs(told: &Value) -> String {
    let mut rows = vec![["job", "operation", "status", "attention", "correlation id"].map(str::to_owned).to_vec()];
    for job in list(told, "jobs") {
        let attention = if job["attention"] == true { "yes" } else { "" };
        rows.push(vec![
            text(&job["job_id"]),
            text(&job["operation"]),
            text(&job["status"]),
            attention.to_owned(),
            text(&job["correlation_id"]),
        ]);
    }
    if rows.len() == 1 { "Every job has ended.\n".to_owned() } else { table(&rows) }
}

/// One saga, with its trail.
pub(super) fn saga(told: &Value) -> String {
    let parked = &told["parked"];
    let why = if parked.is_null() {
        String::new()
    } else {
        let times = if parked["attempts"] == 1 { "attempt" } else { "attempts" };
        format!("for {}, after {} {times}: {}", age(&parked["age_s"]), parked["attempts"], text(&parked["reason"]))
    };
    let pivot = match &told["past_pivot"] {
        Value::Bool(true) => "passed: it only goes forward",
        Value::Bool(false) => "not passed",
        _ => "",
    };
    let lines = [
        ("saga", text(&told["saga"])),
        ("kind", text(&told["kind"])),
        ("customers", joined(&told["customers"])),
        ("state", text(&told["state"])),
        ("step", text(&told["step"])),
        ("parked", why),
        ("pivot", pivot.to_owned()),
        ("last error", text(&told["last_error"])),
        ("correlation id", text(&told["correlation_id"])),
        ("claims", joined(&told["claims"])),
        ("answered", text(&told["status"])),
    ];
    let mut out = String::new();
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "{name:<16}{value}");
    }
    for line in list(told, "trail") {
        let step = line["step"].as_str().map_or_else(String::new, |step| format!("{step}: "));
        let _ = writeln!(out, "{:>4}  {step}{}", line["number"].as_u64().unwrap_or_default(), text(&line["what"]));
    }
    out
}

/// What became of a press.
pub(super) fn pressed(told: &Value) -> String {
    let done = if told["pressed"] == true { "pressed" } else { "nothing to press" };
    format!("{}: {done}: {} (now {})\n", text(&told["saga"]), text(&told["detail"]), text(&told["state"]))
}

/// What is redriven.
pub(super) fn redriven(told: &Value) -> String {
    let sagas = joined(&told["redriven"]);
    if sagas.is_empty() { "Nothing is parked.\n".to_owned() } else { format!("redriven: {sagas}\n") }
}

/// What a sweep has still to look at.
pub(super) fn reconciling(told: &Value) -> String {
    format!("still to be looked at: {}; `sagaproof sagas list` shows those under way\n", text(&told["left"]))
}

fn list<'v>(told: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    told[name].as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn joined(values: &Value) -> String {
    values.as_array().map_or_else(String::new, |values| values.iter().map(text).collect::<Vec<_>>().join(", "))
}

fn age(seconds: &Value) -> String {
    match seconds.as_u64().unwrap_or_default() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3_600),
    }
}

fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    out
}
