//! Push messages: LINE's Messaging API, as an I/O-free model.

use super::all::Settings;
use super::{Control, Fingerprint, Model, Record, SideEffect};
use crate::chaos::point::{Route, Subject};
use crate::clock::Instant;
use crate::wire::{Request, Response};

/// The vendor's whole state.
#[derive(Debug, Clone, Default)]
pub struct Messaging {
    side_effects: Vec<SideEffect>,
}

impl Messaging {
    /// A vendor without records.
    #[must_use]
    pub fn new(_settings: &Settings) -> Self {
        Self::default()
    }

    /// Makes it as new, and keeps what it has allocated.
    pub fn reset(&mut self, _settings: &Settings) {
        self.side_effects.clear();
    }
}

impl Model for Messaging {
    fn handle(&mut self, _now: Instant, _request: &Request) -> Response {
        Response::json(404, "{}")
    }

    fn route(&self, _request: &Request) -> (Route, Subject) {
        (Route(0), Subject::NONE)
    }

    fn routes() -> &'static [&'static str] {
        &["other"]
    }

    fn records(&self) -> Vec<Record> {
        Vec::new()
    }

    fn side_effects(&self) -> &[SideEffect] {
        &self.side_effects
    }

    fn control(&mut self, _now: Instant, _control: &Control) -> Option<String> {
        None
    }

    fn feed(&self, _now: Instant, _print: &mut Fingerprint) {}
}
