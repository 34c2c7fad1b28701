//! The `chaos:` part of a scenario: what may go wrong, read into the simulation's own rules.

use sagaproof_sim::chaos::rule::{Chaos, CrashRule, DiskRule, Odds, PauseRule, Rule, Window, WindowKind};
use sagaproof_sim::clock::{Instant, Nanos};
use sagaproof_sim::fleet::System;
use sagaproof_sim::world::Latency;

use super::raw::{Field, RawChaos, RawCrash, RawDisk, RawPause, RawRule, RawWindow};
use super::read::{Reader, Wrong};
use super::{count, duration, fates, latency, probability, switch, systems};
use crate::diagnostic::Diagnostic;

/// Reads all the chaos of a scenario.
pub(super) fn read(reader: &Reader<'_>, raw: &RawChaos) -> Result<Chaos, Diagnostic> {
    let chaos = Chaos {
        rules: reader.each(&raw.exchanges, "exchanges", rule)?,
        windows: reader.each(&raw.windows, "windows", window)?,
        crash: reader.section(&raw.crash, "crash", crash)?.unwrap_or_default(),
        pause: reader.section(&raw.pause, "pause", pause)?.unwrap_or_default(),
        clocks: reader.or(false, &raw.clocks, "clocks", switch::parse)?,
        disk: reader.section(&raw.disk, "disk", disk)?.unwrap_or_default(),
        ties: reader.or(false, &raw.ties, "ties", switch::parse)?,
        swarm: reader.or(false, &raw.swarm, "swarm", switch::parse)?,
        at_most: reader.optional(&raw.at_most, "at_most", count::positive)?,
        exactly_one: reader.or(false, &raw.exactly_one, "exactly_one", switch::parse)?,
    };
    if chaos.exactly_one && chaos.at_most.is_some() {
        let fix = "leave one of the two out";
        return Err(reader.refuse(&raw.at_most, "at_most", "contradicts `exactly_one`", fix));
    }
    if chaos.exactly_one && chaos.rules.is_empty() {
        let fix = "say under `exchanges` which fates the one fault is drawn from";
        return Err(reader.refuse(&raw.exactly_one, "exactly_one", "has no fates to draw from", fix));
    }
    Ok(chaos)
}

fn rule(reader: &Reader<'_>, raw: &RawRule) -> Result<Rule, Diagnostic> {
    let named = reader.list(&raw.systems, "systems", systems::any)?.unwrap_or_default();
    let called = if named.is_empty() { &System::VENDORS[..] } else { &named[..] };
    let route = reader.optional(&raw.route, "route", |text| systems::route(text, called))?;
    let mut fates = reader.required_list(&raw.fates, "fates", fates::parse)?.concat();
    fates.sort_unstable();
    fates.dedup();
    let (from, until) = stretch(reader, &raw.from, &raw.until)?;
    let odds = reader.required(&raw.rate, "rate", probability::positive)?;
    let at_most = reader.optional(&raw.at_most, "at_most", count::positive)?;
    Ok(Rule { systems: named, route, fates, odds, from, until, at_most })
}

fn window(reader: &Reader<'_>, raw: &RawWindow) -> Result<Window, Diagnostic> {
    let system = reader.required(&raw.system, "system", systems::vendor)?;
    let state = reader.required(&raw.state, "state", state)?;
    for (setting, name, owner) in
        [(&raw.share, "share", "brownout"), (&raw.turn, "turn", "flapping"), (&raw.lag, "lag", "index-lag")]
    {
        if setting.0.is_some() && state != owner {
            let problem = format!("belongs to state `{owner}` only");
            return Err(reader.refuse(setting, name, &problem, &format!("leave it out, or write `state: {owner}`")));
        }
    }
    let kind = match state {
        "outage" => WindowKind::Outage,
        "brownout" => WindowKind::Brownout(reader.required(&raw.share, "share", probability::positive)?),
        "flapping" => WindowKind::Flapping(reader.required(&raw.turn, "turn", duration::positive)?),
        "quota-exhausted" => WindowKind::QuotaExhausted,
        "tokens-revoked" => WindowKind::TokensRevoked,
        "index-lag" => WindowKind::IndexLag(reader.required(&raw.lag, "lag", duration::positive)?),
        _ => WindowKind::SchemaDrift,
    };
    let (from, until) = stretch(reader, &raw.from, &raw.until)?;
    let odds = reader.or(Odds::ALWAYS, &raw.odds, "odds", probability::positive)?;
    Ok(Window { system, kind, from, until, odds })
}

/// The names of the states that a window can put a vendor in.
const STATES: [&str; 7] =
    ["outage", "brownout", "flapping", "quota-exhausted", "tokens-revoked", "index-lag", "schema-drift"];

fn state(text: &str) -> Result<&'static str, Wrong> {
    STATES.into_iter().find(|state| *state == text).ok_or_else(|| Wrong::name("state", text, STATES))
}

fn stretch(reader: &Reader<'_>, from: &Field<String>, until: &Field<String>) -> Result<(Instant, Instant), Diagnostic> {
    let moment = |span: Nanos| Instant::ZERO + span;
    let begins = reader.or(Nanos::ZERO, from, "from", duration::parse).map(moment)?;
    let ends = reader.optional(until, "until", duration::parse)?.map_or(Instant::NEVER, moment);
    if ends <= begins {
        return Err(reader.refuse(
            until,
            "until",
            "is not after `from`",
            "let it end after it begins, or leave it out",
        ));
    }
    Ok((begins, ends))
}

fn crash(reader: &Reader<'_>, raw: &RawCrash) -> Result<CrashRule, Diagnostic> {
    Ok(CrashRule {
        odds: reader.required(&raw.rate, "rate", probability::positive)?,
        at_most: reader.or(1, &raw.at_most, "at_most", count::positive)?,
        restart_after: reader.or(Nanos::secs(1), &raw.restart_after, "restart_after", duration::parse)?,
    })
}

fn pause(reader: &Reader<'_>, raw: &RawPause) -> Result<PauseRule, Diagnostic> {
    let Latency(lasts) = reader.required(&raw.lasts, "lasts", latency::one)?;
    Ok(PauseRule {
        odds: reader.required(&raw.rate, "rate", probability::positive)?,
        at_most: reader.or(1, &raw.at_most, "at_most", count::positive)?,
        lasts,
    })
}

fn disk(reader: &Reader<'_>, raw: &RawDisk) -> Result<DiskRule, Diagnostic> {
    let rule = DiskRule {
        unknown_applied: reader.or(Odds::NEVER, &raw.unknown_applied, "unknown_applied", probability::parse)?,
        unknown_lost: reader.or(Odds::NEVER, &raw.unknown_lost, "unknown_lost", probability::parse)?,
        full: reader.or(Odds::NEVER, &raw.full, "full", probability::parse)?,
        conflict: reader.or(Odds::NEVER, &raw.conflict, "conflict", probability::parse)?,
    };
    let all = [rule.unknown_applied, rule.unknown_lost, rule.full, rule.conflict];
    let rounded_up = all.len() as u64;
    if all.into_iter().map(|odds| u64::from(odds.0)).sum::<u64>() > (1 << 32) + rounded_up {
        return Err(reader.complain("adds up to more than always", "let its probabilities add up to at most 100%"));
    }
    Ok(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_state_finds_the_nearest() {
        assert_eq!(state("flaping").unwrap_err().nearest.as_deref(), Some("flapping"));
        assert!(STATES.into_iter().all(|name| state(name) == Ok(name)));
    }
}
