//! The states of the journal that a swarm tells apart, by its neutral notes: which step, which way, what its attempts
//! amount to. Without a journal a state is the route called last. How a journal comes into a state stands in `journal`.

use std::fmt;

use sagaproof_sim::chaos::point::Route;
use sagaproof_sim::fleet::System;
use sagaproof_sim::process::Direction;

use crate::run::route_names;

/// A state of the journal in which something may befall the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A client sends the hub a request on this route, for the first time or again.
    Asked(Route, bool),
    /// The hub sends this call.
    Sent(Call),
    /// The hub has sent nothing yet.
    Before,
    /// The hub has sent this call last, and has not heard of it.
    Open(Call),
    /// The hub has sent this call last, and has heard of it, or has crashed since.
    Closed(Call),
}

/// A call, as far as the journal tells calls apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The vendor.
    pub system: System,
    /// The route.
    pub route: Route,
    /// Its place in its saga; `None` where there is no journal.
    pub step: Option<Step>,
}

/// A call's place in its saga.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// `create`, `update`, `close`; `saga` where its beginning was never told.
    pub saga: &'static str,
    /// The step, from 0.
    pub number: u8,
    /// Which way it goes.
    pub direction: Direction,
    /// What its attempts this way amount to.
    pub attempts: Attempts,
    /// Whether the process has crashed since the saga began.
    pub resumed: bool,
}

/// What the attempts at a step, one way, amount to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attempts {
    /// None has failed.
    #[default]
    Plain,
    /// One has failed and surely did nothing; none is unknown.
    Failed,
    /// One is unknown.
    Unknown,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked(route, again) => {
                write!(f, "a client asks{}: {}", if *again { " again" } else { "" }, name(System::Hub, *route))
            }
            Self::Sent(call) => write!(f, "{call}"),
            Self::Before => write!(f, "before the first call"),
            Self::Open(call) => write!(f, "waiting for {call}"),
            Self::Closed(call) => write!(f, "after {call}"),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.system.name(), name(self.system, self.route))?;
        let Some(Step { saga, number, direction, attempts, resumed }) = self.step else { return Ok(()) };
        write!(f, " ({saga}, step {number}")?;
        f.write_str(match direction {
            Direction::Forward => "",
            Direction::Compensate => ", compensating",
            Direction::Settle => ", mending",
        })?;
        f.write_str(match attempts {
            Attempts::Plain => "",
            Attempts::Failed => ", an attempt failed",
            Attempts::Unknown => ", an attempt unknown",
        })?;
        f.write_str(if resumed { ", after a crash)" } else { ")" })
    }
}

fn name(system: System, route: Route) -> &'static str {
    route_names()[system as usize].get(usize::from(route.0)).copied().unwrap_or("another route")
}
