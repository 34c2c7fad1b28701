//! The `latency:` part of a scenario: how long a way takes, read into the simulation's own tables.

use sagaproof_sim::clock::Nanos;
use sagaproof_sim::fleet::System;
use sagaproof_sim::world::Latency;

use super::duration;
use super::raw::RawLatency;
use super::read::{Reader, Wrong};
use crate::diagnostic::Diagnostic;

/// The latencies of all systems, by number, as the world takes them.
pub(super) type Latencies = [Latency; 5];

/// Always 10 ms.
pub(super) const STEADY: Latencies = [Latency::constant(Nanos::millis(10)); 5];

/// Each system has its own median.
const TYPICAL: Latencies = [
    Latency::around(Nanos::millis(5)),
    Latency::around(Nanos::millis(50)),
    Latency::around(Nanos::millis(70)),
    Latency::around(Nanos::millis(30)),
    Latency::around(Nanos::millis(20)),
];

/// A median of 100 ms, so that now and then a way takes most of half a second.
const LONG_TAILED: Latencies = [Latency::around(Nanos::millis(100)); 5];

const PRESETS: [(&str, Latencies); 3] = [("steady", STEADY), ("typical", TYPICAL), ("long-tailed", LONG_TAILED)];

/// Reads the latencies of all systems: the preset's, but for those named.
pub(super) fn read(reader: &Reader<'_>, raw: &RawLatency) -> Result<Latencies, Diagnostic> {
    let mut latencies = reader.or(STEADY, &raw.preset, "preset", preset)?;
    let named = [
        (System::Hub, &raw.hub),
        (System::Commerce, &raw.commerce),
        (System::Support, &raw.support),
        (System::Identity, &raw.identity),
        (System::Messaging, &raw.messaging),
    ];
    for (system, written) in named {
        let latency = &mut latencies[system as usize];
        *latency = reader.or(*latency, written, system.name(), one)?;
    }
    Ok(latencies)
}

fn preset(text: &str) -> Result<Latencies, Wrong> {
    let found = PRESETS.into_iter().find(|(name, _)| *name == text);
    found.map(|(_, preset)| preset).ok_or_else(|| Wrong::name("preset", text, PRESETS.map(|(name, _)| name)))
}

/// Reads one duration, a range, or a median.
pub(super) fn one(text: &str) -> Result<Latency, Wrong> {
    if let Some(median) = text.strip_prefix("around ") {
        return duration::parse(median).map(Latency::around);
    }
    let Some((least, most)) = text.split_once("..") else { return duration::parse(text).map(Latency::constant) };
    let (least, most) = (duration::parse(least)?, duration::parse(most)?);
    if most < least {
        return Err(Wrong::new("goes down", "write the least first, as `10ms..80ms`"));
    }
    Ok(Latency(std::array::from_fn(|nth| least + Nanos((most - least).0 / 15 * nth as u64))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_is_constant_even_or_around_a_median() {
        assert_eq!(one("20ms"), Ok(Latency::constant(Nanos::millis(20))));
        assert_eq!(one("around 40ms"), Ok(Latency::around(Nanos::millis(40))));
        let even = one("10ms..160ms").unwrap();
        assert_eq!((even.0[0], even.0[1], even.0[15]), (Nanos::millis(10), Nanos::millis(20), Nanos::millis(160)));
    }

    #[test]
    fn what_is_no_latency_says_why() {
        for (text, problem) in [
            ("80ms..10ms", "goes down"),
            ("10..80ms", "has no unit"),
            ("1ms..2ms..3ms", "is not a duration"),
            ("around", "is not a duration"),
            ("", "is not a duration"),
        ] {
            assert_eq!(one(text).unwrap_err().problem, problem, "{text}");
        }
        assert_eq!(preset("tipical").err().and_then(|wrong| wrong.nearest).as_deref(), Some("typical"));
    }

    #[test]
    fn the_presets_ascend() {
        assert!(PRESETS.iter().flat_map(|(_, preset)| preset).all(|latency| latency.0.is_sorted()));
    }
}
