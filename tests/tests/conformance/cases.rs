//! The cases: every fate in every saga, each struck once, at a request that writes.

use std::fmt;

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::rule::{Chaos, Odds, Rule};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::{self, System};
use sagaproof_sim::wire::Method;

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saga {
    Create,
    Update,
    Close,
    Merge,
}

impl Saga {
    const ALL: [Self; 4] = [Self::Create, Self::Update, Self::Close, Self::Merge];

    /// The calls that one fate or another strikes: vendors and routes.
    const fn calls(self) -> &'static [(System, &'static str)] {
        match self {
            Self::Create => &[
                (System::Commerce, "create"),
                (System::Support, "create"),
                (System::Identity, "create"),
                (System::Messaging, "push"),
            ],
            Self::Update => &[(System::Commerce, "update"), (System::Support, "update"), (System::Identity, "update")],
            Self::Close => &[(System::Identity, "delete"), (System::Support, "delete"), (System::Commerce, "delete")],
            Self::Merge => &[(System::Identity, "link"), (System::Commerce, "merge"), (System::Support, "merge")],
        }
    }
}

/// What befalls the calls of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Befalls {
    /// This fate, the first call of this vendor's route.
    Fate(Fate, System, &'static str),
    /// Nobody listens where this vendor should be.
    Nobody(System),
    /// The first call to this vendor's comes too late to leave.
    TooLate(System),
}

/// A case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) saga: Saga,
    pub(crate) befalls: Befalls,
    pub(crate) seed: u64,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {:?}", self.saga, self.befalls)
    }
}

/// All of them: every fate in every saga.
pub(crate) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for saga in Saga::ALL {
        let calls = saga.calls();
        for fate in Fate::ALL {
            let (system, route) = calls[usize::from(fate.code()) % calls.len()];
            let befalls = match fate {
                // Over a socket it shows as a reset without a byte, so here nobody listens in earnest.
                Fate::Refused => Befalls::Nobody(System::Support),
                Fate::JobStalls | Fate::JobFailsHalf if saga == Saga::Merge => {
                    Befalls::Fate(fate, System::Commerce, "merge")
                }
                Fate::JobStalls | Fate::JobFailsHalf => continue,
                _ => Befalls::Fate(fate, system, route),
            };
            cases.push(Case { saga, befalls, seed: cases.len() as u64 });
        }
        cases.push(Case { saga, befalls: Befalls::TooLate(System::Identity), seed: cases.len() as u64 });
    }
    cases
}

impl Case {
    /// The rules of its world.
    pub(crate) fn chaos(&self) -> Chaos {
        let rule = |system, route: Option<&str>, fate, at_most| Rule {
            systems: vec![system],
            route: route.map(str::to_owned),
            fates: vec![fate],
            odds: Odds::ALWAYS,
            from: Instant::ZERO,
            until: Instant::NEVER,
            at_most,
        };
        let rules = match self.befalls {
            Befalls::Fate(Fate::Fine, ..) | Befalls::TooLate(_) => Vec::new(),
            Befalls::Fate(fate, system, route) => vec![rule(system, Some(route), fate, Some(1))],
            Befalls::Nobody(system) => vec![rule(system, None, Fate::Refused, None)],
        };
        Chaos { rules, ..Chaos::default() }
    }

    /// What its client sends: method, target, body.
    pub(crate) fn request(&self) -> (Method, String, &'static str) {
        // Nobody waits for what may park: an operator comes sooner in one arm than in the other.
        let path = match self.befalls {
            Befalls::Fate(Fate::JobStalls | Fate::Before400 | Fate::Before403, ..) => "/api/async/customers",
            _ => "/api/customers",
        };
        match self.saga {
            Saga::Create => (
                Method::Post,
                path.to_owned(),
                r#"{"cust_no":"C1","email":"c1@x.test","given_name":"Ann","family_name":"Lee","phone":"+819000000001"}"#,
            ),
            Saga::Update => (
                Method::Patch,
                format!("{path}/C1"),
                r#"{"email":"new1@x.test","given_name":"Anna","phone":"+819000000009"}"#,
            ),
            Saga::Close => (Method::Delete, format!("{path}/C1"), ""),
            Saga::Merge => (Method::Post, format!("{path}/C1/merge"), r#"{"from":"C2"}"#),
        }
    }

    /// How many customers stand before it begins.
    pub(crate) const fn customers(&self) -> u32 {
        match self.saga {
            Saga::Create => 0,
            Saga::Update | Saga::Close => 1,
            Saga::Merge => 2,
        }
    }
}

/// The vendors' half of the terms: what is late is so by these, well before and after what the hub does meanwhile.
pub(crate) const HORIZON: Nanos = Nanos::millis(1_200);
/// After so long a served fleet takes its callers to have given up.
pub(crate) const GIVEN_UP: Nanos = Nanos::millis(100);

/// The vendors of all cases.
pub(crate) fn fleet() -> fleet::Settings {
    fleet::Settings {
        index_lag: Nanos::millis(20),
        limits: false,
        job_time: Nanos::millis(50),
        ..fleet::Settings::default()
    }
}
