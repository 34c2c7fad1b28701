//! The tables of a swarm for people: the curve of discovery, how much is likely left, what suppresses what.

use std::io::{self, Write};

use crate::explore::swarm::{Effect, Row, Saturation, Swarmed};
use crate::report::words;

/// So many rows of the table of suppression are shown at least, and so many at most.
const ROWS: (usize, usize) = (3, 10);

/// So many kinds are named in one line.
const NAMED: usize = 3;

/// The curve of discovery: the generations 1, 2, 4, 8, … and the last.
pub(super) fn generations(swarmed: &Swarmed, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "generation        worlds       states        pairs          new")?;
    let mut before = 0;
    for (number, generation) in (1_usize..).zip(&swarmed.generations) {
        if !number.is_power_of_two() && number != swarmed.generations.len() {
            continue;
        }
        let columns = [generation.worlds, generation.states, generation.pairs, generation.pairs - before];
        let [worlds, states, pairs, new] = columns.map(words::number);
        writeln!(out, "{number:>10}  {worlds:>12} {states:>12} {pairs:>12} {new:>12}")?;
        before = generation.pairs;
    }
    Ok(())
}

/// How much is likely left.
pub(super) fn saturation(swarmed: &Swarmed, out: &mut dyn Write) -> io::Result<()> {
    let [met, known] = [swarmed.last().pairs, swarmed.known].map(words::number);
    let state = if swarmed.journal { "a state of the journal" } else { "the route called last (there is no journal)" };
    writeln!(out, "\nsaturation: {met} of {known} known pairs met, a pair being {state}")?;
    writeln!(out, "and a fault that may befall it there")?;
    let Saturation { alone, free, .. } = swarmed.saturation;
    let [alone, free] = [alone, free].map(words::number);
    let likely = per_cent(swarmed.saturation);
    writeln!(out, "  the next world meets a pair never met with a probability of about {likely}:")?;
    writeln!(out, "  of {free} worlds drawn freely {alone} met one that no other world met")?;
    for (place, (state, kind)) in swarmed.unmet.iter().enumerate() {
        let label = if place == 0 { "never met, for example:" } else { "" };
        writeln!(out, "  {label:<23} {} <- {state}", kind.name())?;
    }
    Ok(())
}

/// Per cent with one decimal, rounded to the nearest.
fn per_cent(saturation: Saturation) -> String {
    let tenths = (saturation.next_new_ppm() + 500) / 1_000;
    if tenths == 0 && saturation.alone > 0 {
        return "less than 0.1 %".to_owned();
    }
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// What suppresses what.
pub(super) fn suppression(swarmed: &Swarmed, out: &mut dyn Write) -> io::Result<()> {
    let rows = &swarmed.suppression;
    let free = words::count(swarmed.saturation.free, "world", "worlds");
    let with = |effect| rows.iter().filter(move |row| row.effect == effect);
    let few = with(Effect::TooFewWorlds).count();
    writeln!(out)?;
    if few == rows.len() {
        return writeln!(out, "what hides what: too few worlds to tell ({free} drawn freely)");
    }
    writeln!(out, "what hides what, in the {free} drawn freely (pairs of other kinds, met with a kind on and off):")?;
    writeln!(out, "kind                    worlds on/off    pairs on/off  only on/only off  hides")?;
    let hiding = with(Effect::Hides).count();
    for row in rows.iter().take(hiding.clamp(ROWS.0, ROWS.1)) {
        let [worlds, pairs, only] = [row.worlds, row.pairs, row.only].map(both);
        writeln!(out, "{:<22} {worlds:>14} {pairs:>15} {only:>17}  {}", row.kind.name(), told(row))?;
    }
    if hiding > ROWS.1 {
        writeln!(out, "{} hide others, too", words::count((hiding - ROWS.1) as u64, "more kind", "more kinds"))?;
    }
    let shows: Vec<String> =
        with(Effect::Shows).map(|row| format!("{} ({} pairs)", row.kind.name(), both(row.pairs))).collect();
    if !shows.is_empty() {
        let named = shows.iter().rev().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        writeln!(out, "on the contrary, others are met more with: {named}")?;
    }
    if few > 0 {
        writeln!(out, "too few worlds to tell of {}", words::count(few as u64, "kind", "kinds"))?;
    }
    Ok(())
}

/// What a row says, in a few words.
fn told(row: &Row) -> String {
    let mostly: Vec<&str> = row.hides.iter().take(NAMED).map(|(kind, _)| kind.name()).collect();
    match row.effect {
        Effect::Hides if mostly.is_empty() => "a little of all".to_owned(),
        Effect::Hides => mostly.join(", "),
        Effect::Shows => "nothing".to_owned(),
        Effect::Unclear => "unclear: may be chance".to_owned(),
        Effect::TooFewWorlds => "too few worlds".to_owned(),
    }
}

fn both([one, other]: [u64; 2]) -> String {
    format!("{}/{}", words::number(one), words::number(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_told_to_a_tenth_of_a_per_cent() {
        let told = |alone, free| per_cent(Saturation { met_once: 0, alone, free });
        assert_eq!([told(0, 0), told(0, 100), told(1, 3), told(5, 5_100)], ["100.0 %", "0.0 %", "33.3 %", "0.1 %"]);
        assert_eq!(told(1, 5_100), "less than 0.1 %");
    }
}
