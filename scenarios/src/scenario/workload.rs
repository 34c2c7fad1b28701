//! The `workload:` part of a scenario: what clients and outsiders do. How it becomes requests stands with the workload.

use sagaproof_sim::chaos::rule::Odds;
use sagaproof_sim::clock::Nanos;

use super::raw::{RawMix, RawResend, RawWorkload};
use super::read::{Reader, Wrong};
use super::{FleetSettings, count, duration, probability, switch};
use crate::diagnostic::Diagnostic;

/// What clients and outsiders do in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkloadSettings {
    /// How many customers the operations speak of; the first `fleet.customers` of them exist already.
    pub population: u32,
    /// How many operations the clients ask for.
    pub operations: u32,
    /// Which operations, in per cent.
    pub mix: Mix,
    /// How many of the writes go to `/api/async`.
    pub asynchronous: Odds,
    /// The mean time between the beginnings of two operations; zero: all at once.
    pub spacing: Nanos,
    /// How long the work lasts at the most before the world heals; `None`: until the last operation could have been sent
    /// as often as its client may.
    pub lasts: Option<Nanos>,
    /// How many operations in a row speak of the same customer.
    pub contention: u32,
    /// How many creates and updates ask for an e-mail that is meant for another customer of the population.
    pub clashes: Odds,
    /// What a client does without an answer, or with one that bids it come again.
    pub resend: Resend,
    /// How many operations the client sends twice at the same moment, under the same key.
    pub duplicates: Odds,
    /// How many strangers come to a vendor during the work, each with an e-mail that no operation asks for.
    pub strangers: u32,
    /// How many orders and tickets customers and agents add during the work.
    pub children: u32,
    /// How often something comes up during the work that forbids merging a customer, at the shop or at the help desk.
    pub blockers: u32,
    /// How often an operator looks at the list of sagas meanwhile and presses a button at random.
    pub operators: u32,
}

/// The operations of a workload in whole per cent, together 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// `POST /api/customers`.
    pub create: u32,
    /// `PATCH /api/customers/{cust_no}`.
    pub update: u32,
    /// `DELETE /api/customers/{cust_no}`.
    pub close: u32,
    /// `POST /api/customers/{cust_no}/merge`.
    pub merge: u32,
    /// `GET /api/customers/{cust_no}`.
    pub read: u32,
}

/// What a client does without an answer, or after 409 with `Retry-After`, 429 or 5xx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resend {
    /// How often it sends an operation at most, the first time included.
    pub sendings: u32,
    /// How long it waits for an answer.
    pub time_out: Nanos,
    /// How long it waits before it sends again, unless the answer says otherwise.
    pub pause: Nanos,
    /// Whether it sends an `Idempotency-Key`; without one each sending is an operation of its own.
    pub keyed: bool,
}

impl WorkloadSettings {
    pub(super) fn read(reader: &Reader<'_>, raw: &RawWorkload, fleet: &FleetSettings) -> Result<Self, Diagnostic> {
        let mix = reader.present(&raw.mix, "mix")?;
        let mix = Mix::read(&reader.inner(mix, "mix"), &mix.value)?;
        let resend = reader.section(&raw.resend, "resend", Resend::read)?.unwrap_or_default();
        let never = Odds::NEVER;
        let settings = Self {
            population: reader.required(&raw.population, "population", count::positive)?,
            operations: reader.required(&raw.operations, "operations", count::positive)?,
            mix,
            asynchronous: reader.or(never, &raw.asynchronous, "asynchronous", probability::parse)?,
            spacing: reader.or(Nanos::millis(100), &raw.spacing, "spacing", duration::parse)?,
            lasts: reader.optional(&raw.lasts, "lasts", duration::positive)?,
            contention: reader.or(1, &raw.contention, "contention", count::positive)?,
            clashes: reader.or(never, &raw.clashes, "clashes", probability::parse)?,
            resend,
            duplicates: reader.or(never, &raw.duplicates, "duplicates", probability::parse)?,
            strangers: reader.or(0, &raw.strangers, "strangers", count::parse)?,
            children: reader.or(0, &raw.children, "children", count::parse)?,
            blockers: reader.or(0, &raw.blockers, "blockers", count::parse)?,
            operators: reader.or(0, &raw.operators, "operators", count::parse)?,
        };
        if settings.population < fleet.customers {
            let fix = "the fleet's customers are the first of the population: raise it, or lower `fleet.customers`";
            return Err(reader.refuse(&raw.population, "population", "is less than `fleet.customers`", fix));
        }
        Ok(settings)
    }
}

impl Mix {
    fn read(reader: &Reader<'_>, raw: &RawMix) -> Result<Self, Diagnostic> {
        let mix = Self {
            create: reader.or(0, &raw.create, "create", whole_per_cent)?,
            update: reader.or(0, &raw.update, "update", whole_per_cent)?,
            close: reader.or(0, &raw.close, "close", whole_per_cent)?,
            merge: reader.or(0, &raw.merge, "merge", whole_per_cent)?,
            read: reader.or(0, &raw.read, "read", whole_per_cent)?,
        };
        match mix.create + mix.update + mix.close + mix.merge + mix.read {
            100 => Ok(mix),
            sum => Err(reader
                .complain(&format!("adds up to {sum}%"), "let create, update, close, merge and read add up to 100%")),
        }
    }
}

impl Default for Resend {
    fn default() -> Self {
        Self { sendings: 3, time_out: Nanos::secs(35), pause: Nanos::secs(1), keyed: true }
    }
}

impl Resend {
    fn read(reader: &Reader<'_>, raw: &RawResend) -> Result<Self, Diagnostic> {
        let default = Self::default();
        Ok(Self {
            sendings: reader.or(default.sendings, &raw.sendings, "sendings", count::positive)?,
            time_out: reader.or(default.time_out, &raw.time_out, "time_out", duration::positive)?,
            pause: reader.or(default.pause, &raw.pause, "pause", duration::parse)?,
            keyed: reader.or(default.keyed, &raw.keyed, "keyed", switch::parse)?,
        })
    }
}

/// Reads a share of the mix.
fn whole_per_cent(text: &str) -> Result<u32, Wrong> {
    let share = text.strip_suffix('%').and_then(|number| count::parse(number).ok());
    share.filter(|share| *share <= 100).ok_or_else(|| Wrong::new("is not a whole per cent", "write `0%` to `100%`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_the_mix_are_whole_per_cents() {
        assert_eq!(whole_per_cent("40%"), Ok(40));
        for text in ["40", "0.4", "12.5%", "101%", "-1%", ""] {
            assert!(whole_per_cent(text).is_err(), "{text}");
        }
    }
}
