//! Parts of an exploration, and how they are joined to the same object that one run prints. A part carries, depth by
//! depth, what it counted and which states it met: only their union says how many there are.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Object, Violation};
use crate::diagnostic::Diagnostic;
use crate::explore::{Depth, Found, Share};
use crate::report::Verdict;
use crate::report::merge::{File, Joined, ONE_RUN, about};

/// What a part carries besides its own object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which part, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
    /// The version of the program that wrote it.
    pub program: String,
    /// The hash of the scenario's content.
    pub hash: String,
    /// The hash of what the orchestrator is, a policy included.
    pub orchestrator: String,
    /// Whether states were compared.
    pub compared: bool,
    /// Depth by depth.
    pub depths: Vec<PartDepth>,
}

/// What a part counted of one depth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartDepth {
    /// How many deviations at most.
    deviations: u32,
    /// What was found, the uneventful world included.
    found: Found,
    /// The uneventful world, which every part runs.
    trunk: Found,
    /// How many states it passed.
    trunk_states: u32,
    /// Branches explored to the end, and how many there are in all parts.
    branches: [usize; 2],
    /// How often branches came to a state.
    ways: u64,
    /// The other states with their ways, packed.
    states: String,
}

impl PartDepth {
    /// What a part carries of this depth.
    #[must_use]
    pub fn of(depth: &Depth) -> Option<Self> {
        let Share { trunk, trunk_states, ways, states } = depth.share.as_ref()?;
        Some(Self {
            deviations: depth.deviations,
            found: depth.found,
            trunk: *trunk,
            trunk_states: *trunk_states,
            branches: [depth.branches.0, depth.branches.1],
            ways: *ways,
            states: pack(states),
        })
    }
}

/// Joins all parts of a search, given in their order, each of them once.
pub(in crate::report) fn join(files: &[File]) -> Result<Joined, Diagnostic> {
    let read = |file: &File| {
        serde_json::from_str(&file.text).map_err(|error| about(file, &format!("is no part of an exploration: {error}")))
    };
    let objects: Vec<Object> = files.iter().map(read).collect::<Result<_, _>>()?;
    let parts: Vec<_> = objects.iter().filter_map(|object| Some((object, object.part.as_ref()?))).collect();
    if let Some(other) = parts.iter().position(|part| search(part) != search(&parts[0])) {
        return Err(about(&files[other], "is a part of another search than those before it").fix(ONE_RUN));
    }
    let violated = parts.iter().filter(|(object, _)| !object.violations.is_empty());
    let deepest = parts.iter().map(|(_, part)| part.depths.len().saturating_sub(1)).min().unwrap_or(0);
    let depth = violated.map(|(object, _)| object.deviations as usize).chain([deepest]).min().unwrap_or(0);
    let whole = at(&parts, depth).map_err(|why| Diagnostic::new(why).fix(ONE_RUN))?;
    let mut report = Vec::new();
    super::json(&whole, &mut report).map_err(|error| Diagnostic::new(error.to_string()))?;
    let verdict = if whole.violations.is_empty() { Verdict::Held } else { Verdict::Violated };
    Ok(Joined { report: String::from_utf8_lossy(&report).into_owned(), verdict, news: Vec::new() })
}

/// What was searched, and how: the same in all parts.
fn search<'p>((object, part): &(&'p Object, &'p Part)) -> impl PartialEq + use<'p> {
    let Object { scenario, orchestrator, seed, depth, .. } = object;
    (scenario, orchestrator, seed, depth, &part.hash, &part.orchestrator, part.compared)
}

/// Joins what the parts have of one depth.
fn at(parts: &[(&Object, &Part)], depth: usize) -> Result<Object, String> {
    let mut states: BTreeMap<u64, u32> = BTreeMap::new();
    let mut whole = parts.first().map(|(object, _)| (*object).clone()).ok_or("there are no parts")?;
    let (mut found, mut trunk_states, mut ways, mut branches) = (Found::default(), 0, 0, [0, 0]);
    for (place, (_, part)) in parts.iter().enumerate() {
        let own = part.depths.get(depth).ok_or_else(|| format!("part {} has no depth {depth}", part.number))?;
        found += own.found;
        if place > 0 {
            found.schedules -= own.trunk.schedules.min(found.schedules);
            found.violating -= own.trunk.violating.min(found.violating);
        }
        let uneventful = |depth: &PartDepth| (depth.trunk, depth.trunk_states, depth.branches[1]);
        if parts[0].1.depths.get(depth).is_some_and(|first| uneventful(first) != uneventful(own)) {
            return Err(format!(
                "the uneventful world of part {} is another: was it searched by another build?",
                part.number
            ));
        }
        trunk_states = own.trunk_states;
        ways += own.ways;
        branches = [branches[0] + own.branches[0], own.branches[1]];
        states.extend(unpack(&own.states).ok_or_else(|| format!("the states of part {} cannot be read", part.number))?);
    }
    ways += states.values().map(|ways| u64::from(*ways)).sum::<u64>();
    let cut = parts.iter().find(|(object, part)| object.cut.is_some() && part.depths.len() == depth + 1);
    whole.violations = violations(parts, depth);
    whole.verdict = if whole.violations.is_empty() { "held" } else { "violated" }.to_owned();
    whole.deviations = u32::try_from(depth).unwrap_or(u32::MAX);
    whole.cut = cut.and_then(|(object, _)| object.cut.clone());
    whole.exhausted = whole.cut.is_none() && whole.deviations == whole.depth;
    (whole.schedules, whole.violating) = (found.schedules, found.violating);
    whole.undecided = found.undecided;
    whole.states = states.len() as u64 + u64::from(trunk_states);
    whole.pruned = ways.saturating_sub(states.len() as u64);
    whole.branches = branches;
    whole.part = None;
    Ok(whole)
}

/// Of each checker, the counterexample on the first branch.
fn violations(parts: &[(&Object, &Part)], depth: usize) -> Vec<Violation> {
    let of_depth = parts.iter().filter(|(object, _)| object.deviations as usize == depth);
    let mut all: Vec<&Violation> = of_depth.flat_map(|(object, _)| &object.violations).collect();
    all.sort_by_key(|violation| violation.branch);
    let mut first: Vec<Violation> = Vec::new();
    for name in crate::check::CheckerName::ALL.iter().map(|checker| checker.name()) {
        first.extend(all.iter().find(|violation| violation.checker == name).map(|violation| (*violation).clone()));
    }
    first
}

/// States and ways as hexadecimal digits: the distance from the last state and the ways, each in groups of seven bits.
fn pack(states: &[(u64, u32)]) -> String {
    let mut text = String::with_capacity(states.len() * 16);
    let mut last = 0;
    let mut write = |mut value: u64| {
        while value >= 0x80 {
            // Writing into a string does not fail.
            let _ = write!(text, "{:02x}", value & 0x7f | 0x80);
            value >>= 7;
        }
        let _ = write!(text, "{value:02x}");
    };
    for (state, ways) in states {
        write(state - last);
        write(u64::from(*ways));
        last = *state;
    }
    text
}

fn unpack(text: &str) -> Option<Vec<(u64, u32)>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(u64::from);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut bytes = pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    let mut states = Vec::new();
    let mut last = 0_u64;
    while let Some(first) = bytes.next() {
        last = last.checked_add(number(first?, &mut bytes)?)?;
        let first = bytes.next()??;
        states.push((last, u32::try_from(number(first, &mut bytes)?).ok()?));
    }
    rest.is_empty().then_some(states)
}

fn number(first: u64, bytes: &mut impl Iterator<Item = Option<u64>>) -> Option<u64> {
    let (mut byte, mut value, mut shift) = (first, first & 0x7f, 0);
    while byte & 0x80 != 0 {
        byte = bytes.next()??;
        shift += 7;
        value |= (byte & 0x7f).checked_shl(shift)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(states in prop::collection::btree_map(any::<u64>(), any::<u32>(), 0..50)) {
            let states: Vec<_> = states.into_iter().collect();
            prop_assert_eq!(unpack(&pack(&states)), Some(states));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}|[0-9a-f]{0,60}") {
            let _ = unpack(&text);
        }
    }
}
