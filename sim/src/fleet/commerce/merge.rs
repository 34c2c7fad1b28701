//! Merging customers of the shop: who survives, what forbids it, and what the job does when it ends. Nothing undoes it.
//! How callers ask for it stands in `graphql`.
//!
//! All customers here are without account and marketing consent, so the rules on those never decide who survives.

use super::super::Fingerprint;
use super::super::job::State;
use super::Commerce;
use super::customer::Customer;
use crate::clock::Instant;

/// So long may the note of a merged customer be.
const LONGEST_NOTE: usize = 5_000;
/// So many tags may a merged customer have.
const MOST_TAGS: usize = 250;

/// What the caller wants otherwise than by the shop's rules: whose value to keep, by row, or the value itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Overrides {
    pub(super) email: Option<usize>,
    pub(super) phone: Option<usize>,
    pub(super) first_name: Option<usize>,
    pub(super) last_name: Option<usize>,
    pub(super) note: Option<String>,
    pub(super) tags: Option<Vec<String>>,
}

/// A merge under way, or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) survivor: usize,
    pub(super) loser: usize,
    pub(super) overrides: Overrides,
}

/// What forbids a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocker {
    /// One of them is being merged already: its row.
    InProgress(usize),
    /// One of them has a subscription: its row.
    Subscription(usize),
    /// The notes together are too long.
    Note,
    /// The tags together are too many.
    Tags,
}

impl Merge {
    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        let Self { survivor, loser, overrides: Overrides { email, phone, first_name, last_name, note, tags } } = self;
        print.number(*survivor as u64);
        print.number(*loser as u64);
        for row in [email, phone, first_name, last_name] {
            print.number(row.map_or(0, |row| row as u64 + 1));
        }
        print.number(u64::from(note.is_some()));
        print.bytes(note.as_deref().unwrap_or_default().as_bytes());
        print.number(tags.as_ref().map_or(0, |tags| tags.len() as u64 + 1));
        tags.iter().flatten().for_each(|tag| print.bytes(tag.as_bytes()));
    }
}

impl Commerce {
    /// Who survives of two, by the shop's rules in their order: whose e-mail the caller wants to keep; the only one with
    /// an e-mail; else the second.
    pub(super) fn merge_of(&self, one: usize, two: usize, overrides: Overrides) -> Merge {
        let has_email = |row: usize| self.rows[row].customer.email.is_some();
        let survivor = match overrides.email {
            Some(row) => row,
            None if has_email(one) && !has_email(two) => one,
            None => two,
        };
        let loser = if survivor == one { two } else { one };
        Merge { survivor, loser, overrides }
    }

    /// What forbids this merge now.
    pub(super) fn blockers(&self, merge: &Merge) -> Vec<Blocker> {
        let mut blockers: Vec<_> = [merge.survivor, merge.loser]
            .into_iter()
            .filter(|&row| self.jobs.running().any(|job| job.what.survivor == row || job.what.loser == row))
            .map(Blocker::InProgress)
            .collect();
        let subscribers = [merge.survivor, merge.loser].into_iter().filter(|&row| self.rows[row].subscribed);
        blockers.extend(subscribers.map(Blocker::Subscription));
        let merged = self.merged(merge);
        if merged.note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
            blockers.push(Blocker::Note);
        }
        if merged.tags.split(", ").count() > MOST_TAGS {
            blockers.push(Blocker::Tags);
        }
        blockers
    }

    /// What the survivor will say: its own where it says anything, else the other's; notes and tags of both.
    pub(super) fn merged(&self, merge: &Merge) -> Customer {
        let Overrides { email, phone, first_name, last_name, note, tags } = &merge.overrides;
        let customer = |row: usize| &self.rows[row].customer;
        let pick = |wanted: Option<usize>, says: &dyn Fn(&Customer) -> Option<String>| match wanted {
            Some(row) => says(customer(row)),
            None => says(customer(merge.survivor)).or_else(|| says(customer(merge.loser))),
        };
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let both = [merge.survivor, merge.loser].map(customer);
        let notes: Vec<_> = both.iter().filter_map(|customer| customer.note.as_deref()).collect();
        let mut together: Vec<_> = match tags {
            Some(tags) => tags.iter().map(String::as_str).collect(),
            None => both.iter().flat_map(|customer| customer.tags()).collect(),
        };
        let mut seen = Vec::new();
        together.retain(|tag| {
            let new = !seen.contains(tag);
            seen.push(*tag);
            new
        });
        Customer {
            email: pick(*email, &|customer| customer.email.clone()),
            phone: pick(*phone, &|customer| customer.phone.clone()),
            first_name: pick(*first_name, &|customer| some(&customer.first_name)).unwrap_or_default(),
            last_name: pick(*last_name, &|customer| some(&customer.last_name)).unwrap_or_default(),
            tags: together.join(", "),
            note: note.clone().or_else(|| some(&notes.join("\n"))),
        }
    }

    /// Starts the job: its number.
    pub(super) fn start_merge(&mut self, now: Instant, merge: Merge) -> usize {
        self.jobs.start(now, merge)
    }

    /// Carries out one merge whose time has come, whole; or, where it is to fail or one of the two is gone by now, not:
    /// then both stay, and half of the orders may have moved.
    pub(super) fn finish_merge(&mut self, now: Instant) -> Option<&'static str> {
        let number = self.jobs.due(now)?;
        let job = self.jobs.get_mut(number)?;
        let gone = [job.what.survivor, job.what.loser].iter().any(|&row| self.rows[row].gone);
        let fails = job.fails_half || gone;
        job.state = if fails { State::Failed } else { State::Completed };
        let merge = job.what.clone();
        let mut orders = if gone { Vec::new() } else { self.rows[merge.loser].orders.clone() };
        if fails {
            orders.truncate(orders.len() / 2);
        }
        for order in orders {
            self.move_order(now, order, Some(merge.survivor));
        }
        if fails {
            return Some("a merge fails");
        }
        let merged = self.merged(&merge);
        self.remove(now, merge.loser);
        self.replace(now, merge.survivor, merged);
        Some("a merge is completed")
    }
}
