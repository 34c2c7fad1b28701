//! Log lines on their way out, by a thread of their own: a reader that takes none holds nobody up. Lines that find no
//! room are counted, not waited for.

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use tokio::task::{JoinHandle, spawn_blocking};

use super::clock::stamp;
use super::metrics::Metrics;

/// So many lines wait at most.
const ROOM: usize = 10_000;

/// Where lines are handed over.
#[derive(Debug, Clone)]
pub(super) struct LineWriter {
    lines: SyncSender<String>,
    metrics: Arc<Metrics>,
}

impl LineWriter {
    /// Hands over a line of JSON, an object.
    pub(super) fn write(&self, line: &str) {
        if self.lines.try_send(stamped(line)).is_err() {
            self.metrics.lost_line();
        }
    }
}

/// The line with the wall clock's stamp as its first field.
fn stamped(line: &str) -> String {
    let fields = line.strip_prefix('{').unwrap_or(line);
    format!("{{\"unix_ms\":{},{fields}\n", stamp())
}

/// The thread that writes lines.
#[derive(Debug)]
pub(super) struct Lines {
    writer: LineWriter,
    thread: JoinHandle<()>,
}

impl Lines {
    pub(super) fn start(out: Box<dyn Write + Send>, metrics: Arc<Metrics>) -> Self {
        let (lines, waiting) = sync_channel(ROOM);
        let thread = spawn_blocking(move || write_all(out, &waiting));
        Self { writer: LineWriter { lines, metrics }, thread }
    }

    pub(super) fn writer(&self) -> LineWriter {
        self.writer.clone()
    }

    /// Waits until every line is written; all other writers must be gone.
    pub(super) async fn end(self) {
        drop(self.writer);
        // A thread that cannot write any more has nothing left to end.
        let _ = self.thread.await;
    }
}

fn write_all(mut out: Box<dyn Write + Send>, waiting: &Receiver<String>) {
    while let Ok(line) = waiting.recv() {
        // Where nobody reads lines any more the hub goes on without.
        let _ = out.write_all(line.as_bytes());
    }
    let _ = out.flush();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_stamped_and_stays_one_object() {
        let line = stamped(r#"{"level":"INFO"}"#);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(line.ends_with("}\n") && value["unix_ms"].is_u64() && value["level"] == "INFO");
    }
}
