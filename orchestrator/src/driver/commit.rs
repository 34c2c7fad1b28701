//! The store's thread: commits that queue while one is written are written together, each with a verdict of its own.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinHandle, spawn_blocking};

use super::metrics::Metrics;
use super::run::{Message, Mouth};
use crate::effect::Write;
use crate::event::Event;
use crate::store::{Broken, Store};

/// So many turns of the node share a transaction at most.
const TURNS: usize = 8;

/// What the store is asked for, under the node's number.
#[derive(Debug)]
pub(super) enum Job {
    Commit(u64, Vec<Write>),
    Read(u64, String),
}

/// Where the store is asked.
#[derive(Debug, Clone)]
pub(super) struct DiskWriter(UnboundedSender<Vec<Job>>);

impl DiskWriter {
    /// Asks for these, in order. A store that has failed has told so, and answers nothing any more.
    pub(super) fn ask(&self, jobs: &mut Vec<Job>) {
        if !jobs.is_empty() {
            let _ = self.0.send(std::mem::take(jobs));
        }
    }
}

/// The thread that holds the store.
#[derive(Debug)]
pub(super) struct Disk {
    writer: DiskWriter,
    thread: JoinHandle<()>,
}

impl Disk {
    pub(super) fn start(store: Box<dyn Store>, mouth: Mouth, metrics: Arc<Metrics>) -> Self {
        let (jobs, waiting) = unbounded_channel();
        let thread = spawn_blocking(move || {
            if let Err(broken) = serve(store, waiting, &mouth, &metrics) {
                mouth.say(Message::Broken(broken));
            }
        });
        Self { writer: DiskWriter(jobs), thread }
    }

    pub(super) fn writer(&self) -> DiskWriter {
        self.writer.clone()
    }

    /// Waits until what was asked for is done and the store is closed; all other writers must be gone.
    pub(super) async fn end(self) {
        drop(self.writer);
        // A thread that failed has closed its store as well.
        let _ = self.thread.await;
    }
}

fn serve(
    mut store: Box<dyn Store>,
    mut waiting: UnboundedReceiver<Vec<Job>>,
    mouth: &Mouth,
    metrics: &Metrics,
) -> Result<(), Broken> {
    let mut turns = Vec::with_capacity(TURNS);
    while waiting.blocking_recv_many(&mut turns, TURNS) > 0 {
        let (mut numbers, mut commits, mut reads) = (Vec::new(), Vec::new(), Vec::new());
        for job in turns.drain(..).flatten() {
            match job {
                Job::Commit(number, writes) => {
                    numbers.push(number);
                    commits.push(writes);
                }
                Job::Read(number, prefix) => reads.push((number, prefix)),
            }
        }
        if !commits.is_empty() {
            let verdicts = store.commit(&commits)?;
            metrics.committed(&verdicts);
            for (commit, verdict) in numbers.into_iter().zip(verdicts) {
                mouth.say(Message::Event(Event::Committed { commit, verdict }));
            }
        }
        // After the commits, so that a read sees at least what was asked for before it.
        for (read, prefix) in reads {
            metrics.read();
            let rows = store.read(&prefix)?;
            mouth.say(Message::Event(Event::Rows { read, rows }));
        }
    }
    Ok(())
}
