//! What is kept of a case while it runs, alike in both arms, and how it is made comparable: no times, no attempts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sagaproof::adapter;
use sagaproof::operation::Customer;
use sagaproof::version::hub::Hub;
use sagaproof::version::{SeededCustomer, Version};
use sagaproof_orchestrator::customer::definition::Definitions;
use sagaproof_orchestrator::customer::entry::Entry;
use sagaproof_orchestrator::customer::state::Engine;
use sagaproof_orchestrator::effect::{Effect, Note};
use sagaproof_orchestrator::policy::Policy;
use sagaproof_orchestrator::saga::journal::PREFIX;
use sagaproof_orchestrator::time::{Instant, Nanos};
use sagaproof_sim::chaos::fate::Fate;
use sagaproof_sim::chaos::point::Point;
use sagaproof_sim::fleet::{Record, SeedRecord, System};
use sagaproof_sim::process::Row;
use tokio::sync::mpsc::UnboundedSender;

use crate::cases::{Befalls, Case};

/// The hub of both arms: short waits, yet far apart from those of the vendors.
pub(crate) fn engine() -> Engine {
    let policy = Policy {
        time_out: Nanos::millis(500),
        backoff_base: Nanos::millis(5),
        backoff_cap: Nanos::millis(40),
        horizon: Nanos::millis(2_000),
        leave_within: Nanos::millis(400),
        index_lag: Nanos::millis(300),
        job_time: Nanos::millis(400),
        poll_base: Nanos::millis(20),
        poll_cap: Nanos::millis(100),
        breaker_open: Nanos::millis(20),
        ..Policy::SHIPPED
    };
    Engine { policy, connectors: Hub::shipped().connectors, definitions: Definitions::SHIPPED }
}

/// The customers who stand before a case begins, put into the vendors by `seed`, which tells their ids; their rows.
pub(crate) fn seeded(case: Case, mut seed: impl FnMut(System, SeedRecord) -> String) -> Vec<Row> {
    let customer = |n: u32| {
        let customer = Customer {
            cust_no: format!("C{n}"),
            email: format!("c{n}@x.test"),
            given_name: format!("Given{n}"),
            family_name: format!("Family{n}"),
            phone: Some(format!("+81900000000{n}")),
        };
        let record = |children| SeedRecord {
            tag: Some(format!("C{n}/seed")),
            email: Some(customer.email.clone()),
            phone: customer.phone.clone(),
            given_name: customer.given_name.clone(),
            family_name: customer.family_name.clone(),
            children,
        };
        // Who merges has orders and tickets; who is closed has none, so that the shop deletes it.
        let children = case.customers() / 2 * 2;
        SeededCustomer {
            commerce: seed(System::Commerce, record(children)),
            support: seed(System::Support, record(children)),
            identity: seed(System::Identity, record(0)),
            points: 10,
            customer,
        }
    };
    let customers: Vec<_> = (1..=case.customers()).map(customer).collect();
    Hub::shipped().seed_rows(&customers)
}

/// What has been kept so far.
#[derive(Debug, Default)]
struct Kept {
    rows: BTreeMap<String, Vec<Entry>>,
    notes: Vec<Note>,
}

/// Keeps journals and milestones as they leave the node.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    kept: Arc<Mutex<Kept>>,
    /// Who is told of milestones.
    told: Option<UnboundedSender<Note>>,
    /// The vendor to whom the first call has no time left to leave.
    too_late: Option<System>,
}

impl Recorder {
    pub(crate) fn new(case: Case, told: Option<UnboundedSender<Note>>) -> Self {
        let too_late = match case.befalls {
            Befalls::TooLate(system) => Some(system),
            _ => None,
        };
        Self { kept: Arc::default(), told, too_late }
    }

    pub(crate) fn see(&mut self, effects: &mut [Effect]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        for effect in effects {
            match effect {
                // A commit that is made again is the same, word for word.
                Effect::Commit { writes, .. } => {
                    let rows = writes.iter().filter(|write| write.key.starts_with(PREFIX));
                    for (key, value) in rows.filter_map(|write| Some((&write.key, write.value.as_ref()?))) {
                        kept.rows.insert(key.clone(), serde_json::from_slice(value).unwrap());
                    }
                }
                Effect::Note(note) => {
                    kept.notes.push(note.clone());
                    // Who waited may have seen enough.
                    let _ = self.told.as_ref().map(|told| told.send(note.clone()));
                }
                Effect::Call { to, not_after, note: Some(note), .. } if note.mutating => {
                    let system = System::VENDORS.into_iter().find(|system| system.name() == to.name());
                    if self.too_late.is_some() && system == self.too_late {
                        *not_after = Instant::default();
                        self.too_late = None;
                    }
                }
                _ => {}
            }
        }
    }

    /// All that a case told, in lines.
    pub(crate) fn lines(&self, end: End) -> Vec<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines: Vec<String> = kept.rows.values().flatten().cloned().map(entry).collect();
        // How often the same was tried in vain is no part of it.
        let mut place = 2;
        while place + 1 < lines.len() {
            if lines[place - 2..place] == lines[place..place + 2] {
                lines.drain(place..place + 2);
            } else {
                place += 1;
            }
        }
        lines.extend(kept.notes.iter().cloned().map(note));
        lines.push(format!("told {} {}", end.answer.0, end.answer.1));
        lines.extend(end.struck.iter().map(|(point, fate)| format!("{} at {point:?}", fate.name())));
        lines.extend(end.records.iter().flatten().map(|record| format!("{record:?}")));
        lines
    }
}

/// What shows from outside at the end.
#[derive(Debug)]
pub(crate) struct End {
    /// What the client was told: status and body.
    pub(crate) answer: (u16, String),
    /// The faults and where they struck.
    pub(crate) struck: Vec<(Point, Fate)>,
    /// The records of commerce, support and identity.
    pub(crate) records: [Vec<Record>; 3],
}

fn entry(mut entry: Entry) -> String {
    match &mut entry {
        Entry::Intent(intent) => intent.attempt = 0,
        Entry::Parked(_, attempts, _) => *attempts = 0,
        _ => {}
    }
    serde_json::to_string(&entry).unwrap()
}

fn note(mut note: Note) -> String {
    if let Note::Parked { attempts, .. } = &mut note {
        *attempts = 0;
    }
    format!("{note:?}")
}

impl adapter::Wrapper for Recorder {
    fn on_effects(&mut self, _now: Instant, effects: &mut Vec<Effect>) {
        self.see(effects);
    }
}
