//! Scenario files as written: every setting optional and kept as text with its place, so that an unknown field is
//! reported before a missing one and every complaint can point. What a value means is decided by its setting's file.

use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

/// A setting as written: absent, or a value with its place. Blank and `null` are not absent but wrong.
#[derive(Debug)]
pub(super) struct Field<T>(pub(super) Option<Spanned<T>>);

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

/// A list of texts, each with its place.
pub(super) type Texts = Vec<Spanned<String>>;

/// A mapping of the format, for its reference: what it is, and each setting with its meaning.
pub(super) struct Section {
    /// The mapping's name in the reference.
    pub(super) title: &'static str,
    /// What it is.
    pub(super) about: &'static str,
    /// The settings, in order.
    pub(super) settings: &'static [(&'static str, &'static str)],
}

/// Declares a mapping: the struct that it is read into, and its part of the reference, from one text.
macro_rules! mapping {
    ($title:literal $(#[doc = $about:literal])+ $name:ident { $($(#[doc = $doc:literal])+ $setting:ident: $kind:ty,)+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub(in crate::scenario) struct $name {
            $($(#[doc = $doc])+ pub(in crate::scenario) $setting: Field<$kind>,)+
        }

        impl $name {
            /// Its part of the reference.
            pub(in crate::scenario) const SECTION: Section = Section {
                title: $title,
                about: concat!($($about),+),
                settings: &[$((stringify!($setting), concat!($($doc),+)),)+],
            };
        }
    };
}

mapping! {
    "A file"
    /// A suite: one file with one or more scenarios.
    RawSuite {
        /// The version of the format: `1`, also where absent.
        format: String,
        /// The scenarios, a list.
        scenarios: Vec<Spanned<RawScenario>>,
    }
}

mapping! {
    "A scenario"
    /// With choices it makes a world; the choices come from a seed, a schedule or an exploration.
    RawScenario {
        /// Required. Its name, unique in a run: lower-case letters, digits, single hyphens; at most 40 characters.
        name: String,
        /// Required. One sentence on what it proves.
        proves: String,
        /// Required. `basic`: requests and answers lost, 5xx, 429, crashes; `strict`: also late and double deliveries,
        /// lagging indexes, expiring tokens; `beyond`: breaks an assumption of the fault model. Whether a scenario is `basic`
        /// or `strict` is a word to readers, in lists and reports: it changes nothing in a world, and faults are not held
        /// against it.
        level: String,
        /// The assumption that it breaks, `F1` to `F9`; required at level `beyond` and only there.
        beyond: String,
        /// What breaks it; required at level `beyond` and only there.
        harm: RawHarm,
        /// The vendors, and what stands in them before the world begins.
        fleet: RawFleet,
        /// How long requests and answers are under way.
        latency: RawLatency,
        /// A duration from `1ms`, `5s` if absent. D, the delivery horizon: a request takes effect within it or never.
        horizon: String,
        /// What the hub does otherwise than by default.
        policy: RawPolicy,
        /// How many processes run it.
        hub: RawDeployment,
        /// Required. What clients and outsiders do.
        workload: RawWorkload,
        /// What may go wrong; nothing if absent.
        chaos: RawChaos,
        /// A list of marks that a sweep must have reached at least once.
        sometimes: Texts,
    }
}

mapping! {
    "`harm`"
    /// What breaks the assumption of a scenario at level `beyond`. Whatever befalls then, only repair is judged.
    RawHarm {
        /// A number, `0` if absent: how often a vendor loses a customer's record during the work that it has acknowledged.
        losses: String,
        /// A number, `0` if absent: how often a stranger gives a customer's record another name during the work.
        renames: String,
        /// A number, `0` if absent: how often a stranger parts what a merge had linked at identity during the work.
        partings: String,
        /// A duration, less than the horizon: what the hub is told that the horizon is.
        told_horizon: String,
        /// A duration, less than the longest index lag: what the hub is told that the index lag is.
        told_index_lag: String,
    }
}

mapping! {
    "`fleet`"
    /// The vendors, and what stands in them before the world begins.
    RawFleet {
        /// A duration, `2s` if absent. S: after so long a search shows a write.
        index_lag: String,
        /// `true` (if absent) or `false`: whether the vendors' rate limits apply.
        limits: String,
        /// A duration, `24h` if absent: how long an access token lives.
        token_life: String,
        /// A number, `0` if absent: how many customers, the first of the population, stand everywhere already.
        customers: String,
        /// A number, `0` if absent: how many of those, the first, have an order, so that commerce refuses to delete them.
        orders: String,
        /// A number, `1` if absent: how many orders each of those has; only beside `orders`.
        orders_each: String,
        /// A number, `0` if absent: how many customers, the first, have tickets, so that support refuses to delete them.
        tickets: String,
        /// A number, `1` if absent: how many tickets each of those has; only beside `tickets`.
        tickets_each: String,
        /// A duration, `2s` if absent. J: after so long a vendor's job is done.
        job_time: String,
        /// A duration, `1h` if absent: how long a job stays pending that stalls. It ends within J of healing all the same.
        job_stall: String,
        /// A number, `0` if absent: the loyalty points of the first customer; the second has twice as many, and so on.
        points: String,
        /// A number, `0` if absent: how many strangers' records hold an e-mail that an operation will ask for, at one
        /// vendor each in turn.
        strangers: String,
        /// `true` or `false` (if absent): whether answers carry unknown fields, miss optional ones and write numbers as
        /// strings.
        drift: String,
    }
}

mapping! {
    "`latency`"
    /// How long a request or an answer is under way. Each system's latency is one duration (`20ms`), a range drawn from
    /// evenly (`10ms..80ms`), or a median (`around 40ms`): most are near or below it, one in sixteen takes four times it.
    RawLatency {
        /// What holds for the systems not named: `steady` (if absent; always 10 ms), `typical` (around 5 ms for the hub
        /// to 70 ms for support) or `long-tailed` (around 100 ms everywhere).
        preset: String,
        /// Between clients and the hub, without the hub's own work.
        hub: String,
        /// Between the hub and commerce.
        commerce: String,
        /// Between the hub and support.
        support: String,
        /// Between the hub and identity.
        identity: String,
        /// Between the hub and messaging.
        messaging: String,
    }
}

mapping! {
    "A policy file"
    /// A policy for the shipped hub, to be judged by itself: it comes before what a scenario says.
    RawPolicyFile {
        /// Required. What the hub does otherwise than by default.
        policy: RawPolicy,
    }
}

mapping! {
    "Hub files"
    /// `sagaproof hub --config` takes one: what the hub may rely on, and how patient it is.
    RawHubFile {
        /// A duration, `5s` if absent. D: a request takes effect at a vendor within it or never.
        horizon: String,
        /// A duration, `2s` if absent. S: after so long a search at a vendor shows a write.
        index_lag: String,
        /// A duration, `60s` if absent. J: a vendor's job ends within it.
        job_time: String,
        /// A duration, `100ms` if absent. G: a call that has not left within it after it was decided does not leave.
        leave_within: String,
        /// A duration, `2s` if absent: how long no call goes to a vendor that failed eight times in a row.
        breaker_open: String,
        /// A number from 1, `64` if absent: calls in flight at one vendor at most.
        concurrency: String,
        /// As in a scenario.
        policy: RawPolicy,
    }
}

mapping! {
    "`policy`"
    /// What the hub does otherwise than by default. Orchestrators that know nothing of a setting ignore it.
    RawPolicy {
        /// A duration, `1s` if absent, longer than two ways of any vendor: how long the hub waits for a vendor's answer.
        time_out: String,
        /// A number from 1: how often it tries an operation going forward.
        attempts: String,
        /// A number from 1: how often it tries a compensation before it parks the saga.
        compensation_attempts: String,
        /// A duration, `100ms` if absent, at most the longest backoff: the first one. The hub draws from a tenth of a backoff on,
        /// and where checkers judge it the five first ones must come to more than 20 ms even so, which `7ms` does.
        backoff_base: String,
        /// A duration, `4s` if absent: the longest backoff; where checkers judge the hub at least `41ms`.
        backoff_cap: String,
        /// A duration: how long a synchronous request may stay undecided before it is answered 202.
        sync_wait: String,
    }
}

mapping! {
    "`hub`"
    /// How many processes run the hub over one store. Clients come to any of those that are up.
    RawDeployment {
        /// A number from 1 to 8, `1` if absent.
        processes: String,
        /// A duration: how long a process may call after it renewed its lease. If absent, `2s` where there are several
        /// processes; one by itself needs no lease.
        lease: String,
        /// A duration: a rolling upgrade. One process after the other is replaced by the next release of the hub, which writes
        /// records of a newer version, each so long after the one before. If absent, there is none.
        upgrade: String,
    }
}

mapping! {
    "`workload`"
    /// What clients and outsiders do.
    RawWorkload {
        /// Required, a number from 1: how many customers the operations speak of.
        population: String,
        /// Required, a number from 1: how many operations the clients ask for.
        operations: String,
        /// Required. Which operations.
        mix: RawMix,
        /// A probability, `0%` if absent: how many of the writes go to `/api/async`.
        asynchronous: String,
        /// A duration, `100ms` if absent: the mean time between the beginnings of two operations; `0s`: all at once.
        spacing: String,
        /// A duration: how long the work lasts at the most before the world heals, if it does not end by itself. If absent:
        /// until the last operation could have been sent as often as its client may.
        lasts: String,
        /// A number from 1, `1` if absent: how many operations in a row speak of the same customer.
        contention: String,
        /// A probability, `0%` if absent: how many creates and updates ask for an e-mail meant for another customer.
        clashes: String,
        /// What a client does without an answer, or with one that bids it come again.
        resend: RawResend,
        /// A probability, `0%` if absent: how many operations the client sends twice at the same moment, under one key.
        duplicates: String,
        /// A number, `0` if absent: how many strangers come during the work, with e-mails that no operation asks for.
        strangers: String,
        /// A number, `0` if absent: how many orders and tickets customers and agents add during the work.
        children: String,
        /// A number, `0` if absent: how often something comes up during the work that forbids merging a customer: a
        /// subscription at the shop, a desk of its own at support.
        blockers: String,
        /// A number, `0` if absent: how often an operator looks at the list of sagas and presses a button at random.
        operators: String,
    }
}

mapping! {
    "`workload.mix`"
    /// Which operations, in whole per cent that add up to 100.
    RawMix {
        /// `POST /api/customers`.
        create: String,
        /// `PATCH /api/customers/{cust_no}`.
        update: String,
        /// `DELETE /api/customers/{cust_no}`.
        close: String,
        /// `POST /api/customers/{cust_no}/merge`.
        merge: String,
        /// `GET /api/customers/{cust_no}`.
        read: String,
    }
}

mapping! {
    "`workload.resend`"
    /// What a client does without an answer, or after 409 with `Retry-After`, 429 or 5xx.
    RawResend {
        /// A number from 1, `3` if absent: how often it sends an operation at most, the first time included.
        sendings: String,
        /// A duration, `35s` if absent: how long it waits for an answer.
        time_out: String,
        /// A duration, `1s` if absent: how long it waits before it sends again, unless the answer says otherwise.
        pause: String,
        /// `true` (if absent) or `false`: whether it sends an `Idempotency-Key`; without one each sending is an operation
        /// of its own.
        keyed: String,
    }
}

mod chaos;

pub(super) use chaos::{RawChaos, RawCrash, RawDisk, RawPause, RawRule, RawWindow};

/// The whole format, in the order of its reference.
pub(super) const SECTIONS: [Section; 18] = [
    RawSuite::SECTION,
    RawScenario::SECTION,
    RawHarm::SECTION,
    RawFleet::SECTION,
    RawLatency::SECTION,
    RawPolicy::SECTION,
    RawDeployment::SECTION,
    RawWorkload::SECTION,
    RawMix::SECTION,
    RawResend::SECTION,
    RawChaos::SECTION,
    RawRule::SECTION,
    RawWindow::SECTION,
    RawCrash::SECTION,
    RawPause::SECTION,
    RawDisk::SECTION,
    RawPolicyFile::SECTION,
    RawHubFile::SECTION,
];
