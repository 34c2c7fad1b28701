//! The one task that owns the node: events come in by a channel, one after another, and effects are carried out. It
//! matches them without wildcard, as the simulation's adapter does.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Sleep, sleep};

use super::clock::Clock;
use super::commit::{DiskWriter, Job};
use super::lines::LineWriter;
use super::metrics::Metrics;
use super::outbound::Outbound;
use super::wrapper::Wrapper;
use crate::connector::Vendor;
use crate::effect::Effect;
use crate::event::Event;
use crate::message::{Request, Response};
use crate::node::Node;
use crate::store::Broken;
use crate::telemetry::Line;

/// So many messages make a turn at most. What a turn wants of the store is asked for together, so that a commit does not
/// wait for the sync of one that came a moment earlier.
const TURN: usize = 256;

/// How the node stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    /// Whether it serves requests.
    pub(super) recovered: bool,
    /// Sagas that have not ended.
    pub(super) unfinished: usize,
    /// Those among them that a person must look at.
    pub(super) attention: usize,
}

/// What the node's task is told.
#[derive(Debug)]
pub(super) enum Message {
    /// An event that is no client's request.
    Event(Event),
    /// A client's request, and where its answer goes.
    Request(Request, oneshot::Sender<Response>),
    /// A call had no connection to leave by.
    Unconnected {
        /// Whose call it was.
        call: u64,
        /// Whom it was for.
        to: Vendor,
        /// Why.
        error: io::Error,
    },
    /// Somebody wants to know how the node stands.
    Look(oneshot::Sender<Standing>),
    /// The store failed.
    Broken(Broken),
}

/// Where the node's task is spoken to.
#[derive(Debug, Clone)]
pub(super) struct Mouth(UnboundedSender<Message>);

/// Where it listens. How much can wait is bounded by the connections, and by the calls that the node allows itself.
pub(super) type Ear = UnboundedReceiver<Message>;

impl Mouth {
    pub(super) fn new() -> (Self, Ear) {
        let (mouth, ear) = unbounded_channel();
        (Self(mouth), ear)
    }

    /// Says something; a node that is gone hears nothing, and nobody needs to know.
    pub(super) fn say(&self, message: Message) {
        let _ = self.0.send(message);
    }

    /// Hands over a client's request: the answer, or none where the node is gone before.
    pub(super) async fn ask(&self, request: Request) -> Option<Response> {
        let (answer, answered) = oneshot::channel();
        self.say(Message::Request(request, answer));
        answered.await.ok()
    }

    /// How the node stands; none where it is gone.
    pub(super) async fn look(&self) -> Option<Standing> {
        let (told, standing) = oneshot::channel();
        self.say(Message::Look(told));
        standing.await.ok()
    }
}

/// The node and all that carries out its effects.
pub(super) struct Run<W> {
    node: Node,
    wrapper: W,
    clock: Clock,
    outbound: Outbound,
    disk: DiskWriter,
    lines: LineWriter,
    metrics: Arc<Metrics>,
    /// Clients that wait, by exchange.
    waiting: BTreeMap<u64, oneshot::Sender<Response>>,
    /// The last exchange's number.
    exchange: u64,
    /// When the node is to be woken.
    wake: Option<Pin<Box<Sleep>>>,
    effects: Vec<Effect>,
    /// What this turn wants of the store.
    jobs: Vec<Job>,
}

impl<W: Wrapper> Run<W> {
    pub(super) fn new(
        (node, wrapper): (Node, W),
        clock: Clock,
        outbound: Outbound,
        disk: DiskWriter,
        lines: LineWriter,
        metrics: Arc<Metrics>,
    ) -> Self {
        let (waiting, effects, jobs) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { node, wrapper, clock, outbound, disk, lines, metrics, waiting, exchange: 0, wake: None, effects, jobs }
    }

    /// Runs until the store fails, or nobody can speak to the node any more.
    pub(super) async fn run(mut self, mut ear: Ear) -> Result<(), Broken> {
        self.handle(Event::Start);
        let mut messages = Vec::with_capacity(TURN);
        loop {
            self.disk.ask(&mut self.jobs);
            tokio::select! {
                heard = ear.recv_many(&mut messages, TURN) => {
                    if heard == 0 {
                        return Ok(());
                    }
                }
                () = due(&mut self.wake) => {
                    self.wake = None;
                    self.handle(Event::Wake);
                }
            }
            for message in messages.drain(..) {
                self.take(message)?;
            }
        }
    }

    fn take(&mut self, message: Message) -> Result<(), Broken> {
        match message {
            Message::Event(event) => self.handle(event),
            Message::Request(request, answer) => {
                self.exchange += 1;
                self.waiting.insert(self.exchange, answer);
                self.handle(Event::Request { exchange: self.exchange, request });
            }
            Message::Unconnected { call, to, error } => self.lines.write(
                &Line {
                    level: "WARN",
                    timestamp: self.clock.now().0,
                    function_name: "connect",
                    function_request_id: call,
                    correlation_id: "",
                    saga_id: String::new(),
                    step: to.name(),
                    message: "no connection",
                    error_code: &error.to_string(),
                }
                .json(),
            ),
            Message::Look(told) => {
                let (unfinished, attention) = self.node.unfinished();
                // Whoever asked may be gone.
                let _ = told.send(Standing { recovered: self.node.is_recovered(), unfinished, attention });
            }
            Message::Broken(broken) => return Err(broken),
        }
        Ok(())
    }

    fn handle(&mut self, event: Event) {
        let mut effects = std::mem::take(&mut self.effects);
        self.node.on_event(self.clock.now(), self.wrapper.on_event(event), &mut effects);
        self.wrapper.on_effects(&mut effects);
        for effect in effects.drain(..) {
            self.carry_out(effect);
        }
        self.effects = effects;
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            // What the journal says of the call is for those who judge worlds.
            Effect::Call { call, to, request, time_out, not_after, note: _ } => {
                self.outbound.call(call, to, request, time_out, not_after);
            }
            Effect::Answer { exchange, response } => {
                if let Some(answer) = self.waiting.remove(&exchange) {
                    // The client may have gone away.
                    let _ = answer.send(response);
                }
            }
            Effect::Commit { commit, writes } => self.jobs.push(Job::Commit(commit, writes)),
            Effect::Read { read, prefix } => self.jobs.push(Job::Read(read, prefix)),
            Effect::Wake(at) => self.wake = at.map(|at| Box::pin(sleep(self.clock.until(at)))),
            Effect::Note(note) => self.metrics.note(&note),
            Effect::Log(line) => self.lines.write(&line),
        }
    }
}

/// Ends when the wake-up is due; never, where there is none.
async fn due(wake: &mut Option<Pin<Box<Sleep>>>) {
    match wake {
        Some(sleep) => sleep.as_mut().await,
        None => std::future::pending().await,
    }
}
