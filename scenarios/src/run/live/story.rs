//! What happened in a world over real HTTP, in lines: what clients asked and heard, what the vendors saw. Nothing is
//! judged by it.

use std::collections::{BTreeSet, VecDeque};

use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::clock::Instant;
use sagaproof_sim::fleet::System;
use sagaproof_sim::observation::{Observation, Observer};
use sagaproof_sim::server::{Seen, What, World};
use sagaproof_sim::wire::Response;
use serde_json::Value;
use tokio::time::Instant as RealInstant;

use crate::timeline::words;
use crate::workload::inspection;

/// So many lines are kept of a world's beginning, and as many of its end: how it began to go wrong, and what was found.
const KEPT: usize = 200;

/// What was told.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    first: Vec<String>,
    last: VecDeque<String>,
    /// How many came between these.
    left_out: usize,
}

/// The story of a world.
#[derive(Debug, Default)]
pub(super) struct Story {
    told: Lines,
    /// How many calls came to the vendors.
    pub(super) calls: u64,
    /// How many of these, and of the clients' exchanges, were struck.
    pub(super) faults: u64,
    /// The number of the last thing that the vendors saw.
    seen: u64,
    /// When something last came to a vendor.
    called: Option<RealInstant>,
    /// What a client was answered last, and of which operation.
    last: Option<(u32, Response)>,
    /// The operations of which a client heard that they took effect.
    acknowledged: BTreeSet<u32>,
}

impl Story {
    /// The story of a world that begins: what its vendors saw before is another's.
    pub(super) fn beginning(world: &World) -> Self {
        let seen = world.seen(0).last().map_or(0, |seen| seen.number);
        Self { seen, ..Self::default() }
    }

    pub(super) const fn last_seen(&self) -> u64 {
        self.seen
    }

    pub(super) const fn last_call(&self) -> Option<RealInstant> {
        self.called
    }

    /// What was heard last, where it was of this operation; it is told once.
    pub(super) fn take_last(&mut self, operation: u32) -> Option<Response> {
        self.last.take().filter(|(of, _)| *of == operation).map(|(_, response)| response)
    }

    /// The operations that were acknowledged.
    pub(super) fn acknowledged(&self) -> impl Iterator<Item = u32> {
        self.acknowledged.iter().copied()
    }

    /// Follows the vendors: how much came to them or was handled since.
    pub(super) fn follow(&mut self, world: &World) -> usize {
        let seen = world.seen(self.seen);
        for Seen { number, at, what } in &seen {
            self.seen = *number;
            match what {
                What::Sent { call, to, method, target, fate, .. } => {
                    self.calls += 1;
                    self.faults += u64::from(*fate != Fate::Fine);
                    let (to, method, fate) = (to.name(), method.as_str(), words::fate(*fate));
                    self.tell(*at, format!("orchestrator -> {to:<10} [{call}] {method} {target}{fate}"));
                }
                What::Handled { call, by, status, again } => {
                    let again = if *again { ", delivered once more" } else { "" };
                    self.tell(*at, format!("{:<26} [{call}] {status}{again}", by.name()));
                }
                What::TurnedAway { by, status } => {
                    self.tell(*at, format!("{:<26} {status}: the credentials let nobody in", by.name()));
                }
                What::Vendor { system, what } => self.tell(*at, format!("{:<26} {what}", system.name())),
            }
        }
        if !seen.is_empty() {
            self.called = Some(RealInstant::now());
        }
        seen.len()
    }

    /// Tells something.
    pub(super) fn tell(&mut self, at: Instant, what: impl Into<String>) {
        let (millis, what, told) = (at.0 / 1_000_000, what.into(), &mut self.told);
        let line = format!("{:>4}.{:03}  {what}", millis / 1_000, millis % 1_000);
        if told.first.len() < KEPT {
            return told.first.push(line);
        }
        if told.last.len() == KEPT {
            told.last.pop_front();
            told.left_out += 1;
        }
        told.last.push_back(line);
    }

    /// The lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let Lines { first, last, left_out } = &self.told;
        let between = match left_out {
            0 => None,
            1 => Some("          … 1 line …".to_owned()),
            more => Some(format!("          … {more} lines …")),
        };
        first.iter().chain(&between).chain(last).cloned().collect()
    }

    /// What was told until now.
    pub(super) fn told(&self) -> Lines {
        self.told.clone()
    }

    /// Forgets what was told since.
    pub(super) fn back_to(&mut self, told: Lines) {
        self.told = told;
    }
}

impl Observer for Story {
    fn see(&mut self, now: Instant, observation: &Observation<'_>) {
        match observation {
            Observation::Phase(phase) => self.tell(now, words::phase(*phase)),
            Observation::Asked { operation, request, fate, .. } => {
                self.faults += u64::from(*fate != Fate::Fine);
                let (request, fate) = (words::request(request), words::fate(*fate));
                self.tell(now, format!("client -> orchestrator     {}{request}{fate}", whose(*operation)));
            }
            Observation::Told { operation, answer, .. } => {
                self.last = None;
                if let Ok(response) = answer {
                    self.last = Some((*operation, response.clone()));
                    if acknowledges(response) {
                        self.acknowledged.insert(*operation);
                    }
                }
                self.tell(now, format!("client <- orchestrator     {}{}", whose(*operation), words::answer(answer)));
            }
            Observation::ChildAdded { system, cust_no, id: Some(_) } => {
                let what = if *system == System::Commerce { "an order" } else { "a ticket" };
                self.tell(now, format!("{:<26} {what} is added to {cust_no}", system.name()));
            }
            _ => {}
        }
    }
}

/// Whether an answer says that something took effect. A page that stands in a 200's place says nothing; nor does a job
/// that has not succeeded.
fn acknowledges(response: &Response) -> bool {
    match response.status {
        201 | 204 => true,
        200 => match serde_json::from_slice::<Value>(&response.body) {
            Ok(body) => !matches!(body["status"].as_str(), Some("PENDING" | "RUNNING" | "FAILED")),
            Err(_) => response.body.is_empty(),
        },
        _ => false,
    }
}

/// Which operation a client speaks of; nothing where it only looks.
fn whose(operation: u32) -> String {
    if inspection(operation) { String::new() } else { format!("operation {operation}: ") }
}

#[cfg(test)]
mod tests {
    use sagaproof_sim::observation::Phase;

    use super::*;

    #[test]
    fn only_what_took_effect_is_acknowledged() {
        let acknowledged = |status, body: &str| acknowledges(&Response::json(status, body));
        assert!(acknowledged(201, "{}") && acknowledged(204, "") && acknowledged(200, r#"{"cust_no":"C1"}"#));
        assert!(acknowledged(200, r#"{"job_id":"7","status":"SUCCEEDED"}"#));
        for (status, body) in [(200, r#"{"status":"RUNNING"}"#), (200, "<html>"), (202, "{}"), (404, "{}"), (501, "")] {
            assert!(!acknowledged(status, body), "{status} {body}");
        }
    }

    #[test]
    fn a_story_has_so_many_lines_and_says_what_it_leaves_out() {
        let mut story = Story::default();
        story.see(Instant(1_042_000_000), &Observation::Phase(Phase::Heal));
        (1..2 * KEPT).for_each(|line| story.tell(Instant(2_000_000_000), format!("{line}")));
        let whole = story.lines();
        assert_eq!(whole.len(), 2 * KEPT);
        assert!(whole[0].starts_with("   1.042  == the world heals"), "{}", whole[0]);
        let told = story.told();
        story.tell(Instant(3_000_000_000), "found");
        assert_eq!(story.lines()[KEPT], "          … 1 line …");
        story.tell(Instant(3_000_000_000), "found again");
        let lines = story.lines();
        assert_eq!(lines.len(), 2 * KEPT + 1);
        assert_eq!((&lines[..KEPT], &*lines[KEPT]), (&whole[..KEPT], "          … 2 lines …"));
        assert_eq!((&*lines[KEPT + 1], &*lines[2 * KEPT]), ("   2.000  202", "   3.000  found again"));
        story.back_to(told);
        assert_eq!(story.lines(), whole);
    }
}
