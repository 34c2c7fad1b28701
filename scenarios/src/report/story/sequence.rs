//! A sequence, drawn: a column a participant, a line a beat; faults and crashes marked.

use std::io::{self, Write};

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Nanos;

use crate::timeline::{Beat, Entry, Lane, Move};

/// The distance between two columns.
const WIDTH: usize = 12;

/// The room for the time, left of the first column.
const TIME: usize = 14;

/// More lines are not drawn, but for the first and the last.
const LINES: usize = 60;

/// Draws these entries.
pub(super) fn draw(entries: &[&Entry], out: &mut dyn Write) -> io::Result<()> {
    let beats: Vec<(&Entry, &Beat)> =
        entries.iter().filter_map(|entry| entry.beat.as_ref().map(|beat| (*entry, beat))).collect();
    let takes_part = |lane: &Lane| beats.iter().any(|(_, beat)| beat.moves.lanes().contains(&Some(*lane)));
    let lanes: Vec<Lane> = Lane::ALL.into_iter().filter(takes_part).collect();
    let mut heading = " ".repeat(TIME);
    for lane in &lanes {
        heading.push_str(&format!("{:^WIDTH$}", lane.name()));
    }
    writeln!(out, "{}", heading.trim_end())?;
    let mut down: Option<Lane> = None;
    for (place, (entry, beat)) in beats.iter().enumerate() {
        if let Move::Restart(_) = beat.moves {
            down = None;
        }
        if beats.len() <= LINES || place < LINES / 2 || place >= beats.len() - LINES / 2 {
            writeln!(out, "{}", line(entry, beat, &lanes, down))?;
        } else if place == LINES / 2 {
            writeln!(out, "{:TIME$}… {} lines …", "", beats.len() - LINES)?;
        }
        if let Move::Crash(lane) = beat.moves {
            down = Some(lane);
        }
    }
    Ok(())
}

fn line(entry: &Entry, beat: &Beat, lanes: &[Lane], down: Option<Lane>) -> String {
    let Nanos(micros) = Nanos(entry.at.0 / 1_000);
    let mut text = format!("{:>5}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.push_str(&" ".repeat(TIME - text.len()));
    text.extend(columns(beat.moves, lanes, down));
    text.push_str("  ");
    text.push_str(beat.label.split_whitespace().collect::<Vec<_>>().join(" ").as_str());
    if beat.fate != Fate::Fine {
        text.push_str(&format!("   <<< {}", beat.fate.name()));
    }
    text
}

/// The columns of one line.
fn columns(moves: Move, lanes: &[Lane], down: Option<Lane>) -> Vec<char> {
    let at = |lane: Lane| lanes.iter().position(|other| *other == lane).map_or(0, |place| place * WIDTH + WIDTH / 2);
    let mut row = vec![' '; lanes.len() * WIDTH];
    for lane in lanes {
        row[at(*lane)] = if down == Some(*lane) { '┊' } else { '│' };
    }
    match moves {
        Move::Arrives(from, to) | Move::Astray(from, to) => {
            let (from, to) = (at(from), at(to));
            let between = if from < to { from + 1..to } else { to + 1..from };
            row[between].fill('─');
            let head = if from < to { to - 1 } else { to + 1 };
            row[head] = match (moves, from < to) {
                (Move::Astray(..), _) => '✗',
                (_, true) => '▶',
                (_, false) => '◀',
            };
        }
        Move::At(lane) => row[at(lane)] = '●',
        Move::Crash(lane) => row[at(lane)] = '✗',
        Move::Restart(lane) => row[at(lane)] = '○',
    }
    row
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::fleet::System;

    use super::*;

    #[test]
    fn arrows_run_from_lane_to_lane_and_a_dead_hub_is_dotted() {
        let (hub, support) = (Lane::System(System::Hub), Lane::System(System::Support));
        let lanes = [Lane::Client, hub, support];
        let drawn = |moves, down| columns(moves, &lanes, down).into_iter().collect::<String>();
        assert_eq!(drawn(Move::Arrives(hub, support), None), "      │           │──────────▶│     ");
        assert_eq!(drawn(Move::Astray(hub, Lane::Client), None), "      │✗──────────│           │     ");
        assert_eq!(drawn(Move::Crash(hub), None), "      │           ✗           │     ");
        assert_eq!(drawn(Move::At(support), Some(hub)), "      │           ┊           ●     ");
    }
}
