//! Rules: what chaos a scenario allows, where, when, how often, how many at most. Data only; the world applies them.

use crate::clock::{Instant, Nanos};
use crate::fleet::System;

use super::fate::Fate;

/// A probability in parts of 2³²; `u32::MAX` counts as always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Odds(pub u32);

impl Odds {
    /// Never.
    pub const NEVER: Self = Self(0);
    /// Always.
    pub const ALWAYS: Self = Self(u32::MAX);

    /// From parts per million; saturates at always.
    #[must_use]
    pub const fn ppm(parts: u32) -> Self {
        if parts >= 1_000_000 {
            return Self::ALWAYS;
        }
        Self(((parts as u64) << 32).div_ceil(1_000_000) as u32)
    }
}

/// Which fates may befall which exchanges, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The systems called (the hub: clients' exchanges); empty: every vendor.
    pub systems: Vec<System>,
    /// The name of the only route that it concerns; `None`: all.
    pub route: Option<String>,
    /// The fates that it draws from, evenly.
    pub fates: Vec<Fate>,
    /// How often it strikes an exchange.
    pub odds: Odds,
    /// From when.
    pub from: Instant,
    /// Until when (the healing at the latest).
    pub until: Instant,
    /// How often at most in one world.
    pub at_most: Option<u32>,
}

/// A vendor's state over a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The vendor.
    pub system: System,
    /// The state.
    pub kind: WindowKind,
    /// From when.
    pub from: Instant,
    /// Until when (the healing at the latest).
    pub until: Instant,
    /// Whether a world draws this window (by its seed), or always has it.
    pub odds: Odds,
}

/// The states that a vendor can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowKind {
    /// Every connection is refused.
    Outage,
    /// So many requests are answered 503 before any effect, the others slowly.
    Brownout(Odds),
    /// Outage and health by turns, each so long.
    Flapping(Nanos),
    /// The vendor's quota is spent for the whole window: honest 429s.
    QuotaExhausted,
    /// At its beginning, every token issued so far is revoked.
    TokensRevoked,
    /// Searches lag by so much while it lasts.
    IndexLag(Nanos),
    /// Answers drift from their schema: unknown fields, missing optional ones, numbers as strings.
    SchemaDrift,
}

impl WindowKind {
    /// Its name, as files and the control API have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Brownout(_) => "brownout",
            Self::Flapping(_) => "flapping",
            Self::QuotaExhausted => "quota-exhausted",
            Self::TokensRevoked => "tokens-revoked",
            Self::IndexLag(_) => "index-lag",
            Self::SchemaDrift => "schema-drift",
        }
    }
}

/// How processes crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CrashRule {
    /// How often an event ends in a crash, after a prefix of its effects.
    pub odds: Odds,
    /// How often at most in one world.
    pub at_most: u32,
    /// After how long the process starts again.
    pub restart_after: Nanos,
}

/// How processes pause: nothing is done by a process that does not run, and what comes to it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PauseRule {
    /// How often an event ends in a pause, after a prefix of its effects.
    pub odds: Odds,
    /// How often at most in one world.
    pub at_most: u32,
    /// How long a pause lasts: sixteen equally likely lengths.
    pub lasts: [Nanos; 16],
}

impl Default for PauseRule {
    fn default() -> Self {
        Self { odds: Odds::NEVER, at_most: 0, lasts: [Nanos::ZERO; 16] }
    }
}

/// How the store misbehaves: the odds of each commit fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiskRule {
    /// Of a commit that is applied but told as unknown.
    pub unknown_applied: Odds,
    /// Of a commit that is lost but told as unknown.
    pub unknown_lost: Odds,
    /// Of a full disk.
    pub full: Odds,
    /// Of a serialization conflict without cause.
    pub conflict: Odds,
}

/// All the chaos that a scenario allows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chaos {
    /// What may befall exchanges. Where several rules concern one exchange, their odds add up.
    pub rules: Vec<Rule>,
    /// Vendors' states.
    pub windows: Vec<Window>,
    /// Crashes.
    pub crash: CrashRule,
    /// Pauses.
    pub pause: PauseRule,
    /// Whether the processes' clocks start anywhere and run up to 0.05 % too fast or too slow (else they show the time).
    pub clocks: bool,
    /// The store.
    pub disk: DiskRule,
    /// Whether ties are chosen (else the first sent comes first).
    pub ties: bool,
    /// Whether each world draws a subset of the kinds of fates, windows, crash, pause and disk, each kind with even odds.
    pub swarm: bool,
    /// How many faults of exchanges a world has at most; `None`: as the rules say.
    pub at_most: Option<u32>,
    /// Whether a world has exactly one fault of an exchange, at a place drawn by its seed.
    pub exactly_one: bool,
}
