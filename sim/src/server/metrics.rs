//! What a world counted, in Prometheus' text format.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::chaos::fate::Fate;
use crate::fleet::System;

/// What a world counts while requests come.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// Answers that vendors gave, by status; those who were turned away included.
    pub(super) answers: BTreeMap<(System, u16), u64>,
    /// Faults that struck, by fate.
    pub(super) faults: BTreeMap<(System, Fate), u64>,
}

impl Metrics {
    /// The whole text; `records` and `connections` are as they stand now.
    pub(super) fn write(&self, records: &[(System, usize)], connections: usize) -> String {
        let mut out = String::new();
        family(&mut out, "sagaproof_vendor_answers_total", "counter", "Answers that vendors gave, whatever was heard.");
        for ((system, status), count) in &self.answers {
            let labels = format!("vendor=\"{}\",status=\"{status}\"", system.name());
            let _ = writeln!(out, "sagaproof_vendor_answers_total{{{labels}}} {count}");
        }
        family(&mut out, "sagaproof_faults_total", "counter", "Exchanges that a fault struck.");
        for ((system, fate), count) in &self.faults {
            let labels = format!("vendor=\"{}\",fate=\"{}\"", system.name(), fate.name());
            let _ = writeln!(out, "sagaproof_faults_total{{{labels}}} {count}");
        }
        family(&mut out, "sagaproof_records", "gauge", "Records that a vendor keeps, in whatever condition.");
        for (system, count) in records {
            let _ = writeln!(out, "sagaproof_records{{vendor=\"{}\"}} {count}", system.name());
        }
        family(&mut out, "sagaproof_connections", "gauge", "Connections to any port of the fleet.");
        let _ = writeln!(out, "sagaproof_connections {connections}");
        out
    }
}

fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}
