//! The `chaos:` part of a scenario as written.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Field, Section, Texts};

mapping! {
    "`chaos`"
    /// What may go wrong.
    RawChaos {
        /// A list of rules: what may befall exchanges. Where several concern one exchange, their rates add up.
        exchanges: Vec<Spanned<RawRule>>,
        /// A list of windows: vendors' states over stretches of time.
        windows: Vec<Spanned<RawWindow>>,
        /// How the process crashes.
        crash: RawCrash,
        /// How a process pauses.
        pause: RawPause,
        /// `true` or `false` (if absent): whether the processes' clocks start anywhere and run up to 0.05% too fast or too
        /// slow.
        clocks: String,
        /// How the store misbehaves.
        disk: RawDisk,
        /// `true` or `false` (if absent): whether events due at the same instant come in any order.
        ties: String,
        /// `true` or `false` (if absent): whether each world draws a subset of the kinds of chaos, each with even odds.
        swarm: String,
        /// A number: how many faults of exchanges a world has at most.
        at_most: String,
        /// `true` or `false` (if absent): whether each world has exactly one fault of a vendor's exchange. The seed says which;
        /// `explore` tries every one, and a schedule names its own. Rules for the `hub` alone never strike then.
        exactly_one: String,
    }
}

mapping! {
    "`chaos.exchanges`"
    /// A rule: which fates may befall which exchanges, and how often.
    RawRule {
        /// A list of systems called, every vendor if absent; `hub` means the clients' exchanges.
        systems: Texts,
        /// The name of the only [route](#routes) of these systems that it concerns.
        route: String,
        /// Required. A list of fates and groups of fates, drawn from evenly.
        fates: Texts,
        /// Required, a probability: how often it strikes an exchange.
        rate: String,
        /// A duration from the world's beginning, `0s` if absent.
        from: String,
        /// A duration from the world's beginning; until the healing if absent.
        until: String,
        /// A number from 1: how often it strikes at most in a world.
        at_most: String,
    }
}

mapping! {
    "`chaos.windows`"
    /// A window: a vendor's state over a stretch of time.
    RawWindow {
        /// Required. The vendor.
        system: String,
        /// Required. `outage`, `brownout`, `flapping`, `quota-exhausted`, `tokens-revoked`, `index-lag` or `schema-drift`.
        state: String,
        /// A duration from the world's beginning, `0s` if absent.
        from: String,
        /// A duration from the world's beginning; until the healing if absent.
        until: String,
        /// A probability, `100%` if absent: how many worlds have this window.
        odds: String,
        /// For `brownout`, required there: the probability that a request is answered 503 before any effect.
        share: String,
        /// For `flapping`, required there: a duration, how long outage and health last in turn.
        turn: String,
        /// For `index-lag`, required there: a duration, after how long a search shows a write; below `level: beyond` at most
        /// `fleet.index_lag`.
        lag: String,
    }
}

mapping! {
    "`chaos.crash`"
    /// How the process crashes: after a prefix of the effects of an event.
    RawCrash {
        /// Required, a probability: how often an event ends in a crash.
        rate: String,
        /// A number from 1, `1` if absent: how often at most in a world.
        at_most: String,
        /// A duration, `1s` if absent: after how long the process starts again.
        restart_after: String,
    }
}

mapping! {
    "`chaos.pause`"
    /// How a process pauses: after a prefix of the effects of an event it does nothing for a while. What is left leaves
    /// late, and what comes to it waits.
    RawPause {
        /// Required, a probability: how often an event ends in a pause.
        rate: String,
        /// A number from 1, `1` if absent: how often at most in a world.
        at_most: String,
        /// Required, as a latency: one duration, a range, or a median. How long a pause lasts.
        lasts: String,
    }
}

mapping! {
    "`chaos.disk`"
    /// How the store misbehaves; each a probability for a commit, `0%` if absent, together at most `100%`.
    RawDisk {
        /// Applied, but told as unknown.
        unknown_applied: String,
        /// Lost, and told as unknown.
        unknown_lost: String,
        /// Not applied, for the disk is full.
        full: String,
        /// Not applied, for a serialization conflict without cause.
        conflict: String,
    }
}
