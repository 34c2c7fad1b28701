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
            strangers: reader.or(default.strangers, &raw.strangers, "strangers", count::parse)?,
            drift: reader.or(default.drift, &raw.drift, "drift", switch::parse)?,
        };
        if settings.orders > settings.customers {
            let fix = "only customers that stand in the fleet already can have orders: raise `customers`";
            return Err(reader.refuse(&raw.orders, "orders", "is more than `customers`", fix));
        }
        Ok(settings)
    }
}
