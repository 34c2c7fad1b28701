//! Whoever calls the hub: the workload's side of a world. What clients do stands with the workload; that they act
//! through exchanges only, and that outsiders may touch vendors directly, is fixed here.

use crate::chaos::point::{Route, Subject, mix};
use crate::clock::{Instant, Nanos};
use crate::fleet::{Control, System};
use crate::observation::Phase;
use crate::wire::{Answer, Request};

/// What a client or an outsider does.
#[derive(Debug, Clone)]
pub enum ClientAction {
    /// Sends a request to the hub.
    Ask {
        /// When.
        at: Instant,
        /// The workload operation's fixed id; with the route and a running number it names the exchange's point.
        operation: u32,
        /// The kind of request (see [`Clients::routes`]).
        route: Route,
        /// The request.
        request: Request,
        /// After so long without an answer the client gives up on this exchange.
        time_out: Nanos,
    },
    /// A stranger, a customer or an agent acts at a vendor directly.
    Touch {
        /// When.
        at: Instant,
        /// The vendor.
        system: System,
        /// What.
        control: Control,
    },
}

/// The clients of a world.
pub trait Clients {
    /// What they do when a phase begins. In [`Phase::Inspect`] exchanges are always fine.
    fn on_phase(&mut self, now: Instant, phase: Phase, actions: &mut Vec<ClientAction>);

    /// What they do when an exchange ends.
    fn on_answer(
        &mut self,
        now: Instant,
        operation: u32,
        exchange: u64,
        answer: &Answer,
        actions: &mut Vec<ClientAction>,
    );

    /// Whom an operation is about, as a number that stays: what says which release of the orchestrator it comes to, where
    /// several run. None for what is about nobody.
    fn key(&self, _operation: u32) -> Option<u64> {
        None
    }

    /// The names of the routes that they use at the hub, by number.
    fn routes() -> &'static [&'static str];
}

/// Whom an exchange with the hub is about: the workload's operation.
pub(crate) const fn subject_of(operation: u32) -> Subject {
    Subject(mix(operation as u64 + 1))
}
