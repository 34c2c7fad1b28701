//! What stands between a node and its driver: nothing, but for whoever watches a driver or alters one on purpose. The
//! twin of the simulation's.

use crate::effect::Effect;
use crate::event::Event;

/// Watches events and effects on their way, or changes them.
pub trait Wrapper: Send + 'static {
    /// An event on its way to the node.
    fn on_event(&mut self, event: Event) -> Event {
        event
    }

    /// Effects on their way from the node.
    fn on_effects(&mut self, _effects: &mut Vec<Effect>) {}
}

/// No wrapper: all passes as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bare;

impl Wrapper for Bare {}
