//! The `fleet:` part of a scenario: how the vendors behave, and what stands in them before the world begins.

use sagaproof_sim::clock::Nanos;

use super::raw::RawFleet;
use super::read::Reader;
use super::{count, duration, switch};
use crate::diagnostic::Diagnostic;

/// The vendors of a scenario's worlds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetSettings {
    /// S: after so long at the latest a search shows a write.
    pub index_lag: Nanos,
    /// Whether the vendors' rate limits apply.
    pub limits: bool,
    /// How long an access token lives.
    pub token_life: Nanos,
    /// How many customers, the first of the population, stand in the primary and at every vendor before the world begins.
    pub customers: u32,
    /// How many of those, the first, have an order, so that commerce refuses to delete them.
    pub orders: u32,
    /// How many orders each of those has.
    pub orders_each: u32,
    /// How many customers, the first, have tickets, so that support refuses to delete them.
    pub tickets: u32,
    /// How many tickets each of those has.
    pub tickets_each: u32,
    /// J: after so long a vendor's job is done.
    pub job_time: Nanos,
    /// How long a job stays pending that stalls, unless the world heals before.
    pub job_stall: Nanos,
    /// The loyalty points of the first customer; the second has twice as many, and so on.
    pub points: u32,
    /// How many strangers' records hold an e-mail that an operation of the workload will ask for, one vendor each in turn.
    pub strangers: u32,
    /// Whether answers drift from their schema throughout.
    pub drift: bool,
}

impl Default for FleetSettings {
    fn default() -> Self {
        Self {
            index_lag: Nanos::secs(2),
            limits: true,
            token_life: Nanos::secs(24 * 3600),
            customers: 0,
            orders: 0,
            orders_each: 1,
            tickets: 0,
            tickets_each: 1,
            job_time: Nanos::secs(2),
            job_stall: Nanos::secs(3600),
            points: 0,
            strangers: 0,
            drift: false,
        }
    }
}

impl FleetSettings {
    pub(super) fn read(reader: &Reader<'_>, raw: &RawFleet) -> Result<Self, Diagnostic> {
        let default = Self::default();
        let settings = Self {
            index_lag: reader.or(default.index_lag, &raw.index_lag, "index_lag", duration::parse)?,
            limits: reader.or(default.limits, &raw.limits, "limits", switch::parse)?,
            token_life: reader.or(default.token_life, &raw.token_life, "token_life", duration::positive)?,
            customers: reader.or(default.customers, &raw.customers, "customers", count::parse)?,
            orders: reader.or(default.orders, &raw.orders, "orders", count::parse)?,
            orders_each: reader.or(default.orders_each, &raw.orders_each, "orders_each", count::parse)?,
            tickets: reader.or(default.tickets, &raw.tickets, "tickets", count::parse)?,
            tickets_each: reader.or(default.tickets_each, &raw.tickets_each, "tickets_each", count::parse)?,
            job_time: reader.or(default.job_time, &raw.job_time, "job_time", duration::positive)?,
            job_stall: reader.or(default.job_stall, &raw.job_stall, "job_stall", duration::parse)?,
            points: reader.or(default.points, &raw.points, "points", count::parse)?,
            strangers: reader.or(default.strangers, &raw.strangers, "strangers", count::parse)?,
            drift: reader.or(default.drift, &raw.drift, "drift", switch::parse)?,
        };
        for (each, first, name, whose) in [
            (&raw.orders_each, &raw.orders, "orders_each", "orders"),
            (&raw.tickets_each, &raw.tickets, "tickets_each", "tickets"),
        ] {
            if each.0.is_some() && first.0.is_none() {
                let fix = format!("write beside it how many customers have {whose}, as `{whose}: 1`, or leave it out");
                return Err(reader.refuse(each, name, &format!("means nothing without `{whose}`"), &fix));
            }
        }
        if settings.orders > settings.customers {
            let fix = "only customers that stand in the fleet already can have orders: raise `customers`";
            return Err(reader.refuse(&raw.orders, "orders", "is more than `customers`", fix));
        }
        if settings.tickets > settings.customers {
            let fix = "only customers that stand in the fleet already can have tickets: raise `customers`";
            return Err(reader.refuse(&raw.tickets, "tickets", "is more than `customers`", fix));
        }
        Ok(settings)
    }
}
