//! What a saga knows of one step: the record that stands, what its attempts amount to, and how an answer changes that.

use super::entry::Intent;
use super::state::Engine;
use crate::connector::{Condition, EmailIdentity, Found, Profile, Reading, Vendor, learned};
use crate::saga::outcome::Outcome;

/// What a saga knows of one step.
#[derive(Debug, Clone, Hash, Default)]
pub struct Step {
    /// The record as it was last known for certain.
    pub have: Option<Found>,
    /// Further records of ours that a look found; they must go.
    pub extras: Vec<Found>,
    /// Whether a call that may write was ever about to leave.
    pub sent: bool,
    /// Whether a creation was.
    pub created: bool,
    /// The join of all attempts that may write; `None` before the first.
    pub outcome: Option<Outcome>,
    /// Whether a forward attempt may have changed what stands without our knowing.
    pub doubt: bool,
    /// Whether a creation met a conflict that may be with itself.
    pub conflict: bool,
    /// Whether the vendor refuses to delete the record.
    pub undeletable: bool,
    /// The code of a definite no.
    pub refused: Option<String>,
    /// Whether nothing is left to do: the primary's commit, a question, the message.
    pub finished: bool,
    /// What is known of a merge.
    pub join: Join,
    /// How many writes of a record succeeded, the way that the saga goes.
    pub writes: u32,
}

/// What a saga knows of the merge of a step's two records.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Join {
    /// Whether they are one; `None` until a look tells.
    pub one: Option<bool>,
    /// Mergings and partings that were about to leave since the last redrive.
    pub tries: u32,
    /// The no that a merging met after another that may have happened: whether it counts, a look tells.
    pub declined: Option<String>,
    /// Whether they may have been parted again.
    pub parted: bool,
    /// Whether what was kept has been given back since.
    pub restored: bool,
    /// What is kept of the one that goes.
    pub kept: Option<String>,
    /// The id of the one that goes, where only a look told which that is.
    pub second: Option<String>,
    /// The vendor's no to their merge, past the pivot.
    pub barred: Option<String>,
    /// Whether they are never merged any more: what belongs to the one that goes is moved singly.
    pub singly: bool,
}

impl Step {
    /// Whether any attempt ever ended unknown.
    #[must_use]
    pub fn unknown(&self) -> bool {
        self.outcome == Some(Outcome::Unknown)
    }
}

impl Step {
    /// Its saga gave up going forward: what was refused counts no more.
    pub(super) fn given_up(&mut self) {
        self.refused = None;
        self.conflict = false;
        self.writes = 0;
        self.join.declined = None;
        self.join.tries = 0;
    }

    /// An operator wants it tried again, as often as the first time. Records may have been merged by hand meanwhile.
    pub(super) fn redriven(&mut self) {
        self.refused = None;
        self.writes = 0;
        self.join.declined = None;
        self.join.barred = None;
        self.join.tries = 0;
        self.join.one = None;
    }

    /// A record of ours stands: this one.
    pub(super) fn stands(&mut self, found: Found) {
        self.have = Some(found);
        self.doubt = false;
        self.conflict = false;
    }

    /// What an answer about one of the step's records means for that record.
    pub(super) fn learn(
        &mut self,
        vendor: Option<Vendor>,
        want: Option<&Profile>,
        intent: &Intent,
        reading: &Reading,
        engine: &Engine,
    ) {
        let (Some(vendor), Some(id)) = (vendor, intent.operation.record()) else { return };
        let nobody = Profile::default();
        let learned =
            |have: &Found| learned(engine.connector(vendor), want.unwrap_or(&nobody), have, &intent.operation, reading);
        if let Some(place) = self.extras.iter().position(|extra| extra.id == id) {
            match learned(&self.extras[place]) {
                Some(found) => self.extras[place] = found,
                None => drop(self.extras.remove(place)),
            }
        } else if let Some(have) = self.have.as_ref().filter(|have| have.id == id) {
            self.have = learned(have);
            self.doubt = false;
        }
    }

    /// The record's e-mail identities are these.
    pub fn keep_emails(&mut self, id: &str, emails: &[EmailIdentity]) {
        if let Some(record) = self.have.iter_mut().chain(&mut self.extras).find(|record| record.id == id) {
            record.email = emails.iter().find(|email| email.primary).map(|email| email.email.clone());
            record.emails = Some(emails.to_vec());
        }
    }
}

/// A record as the hub left it when it last released the customer.
pub(super) fn as_kept(id: &str, owner: &str, profile: &Profile) -> Found {
    Found {
        id: id.to_owned(),
        owner: Some(owner.to_owned()),
        email: Some(profile.email.clone()),
        phone: profile.phone.clone(),
        given_name: profile.given_name.clone(),
        family_name: profile.family_name.clone(),
        emails: Some(vec![EmailIdentity { id: String::new(), email: profile.email.clone(), primary: true }]),
        condition: Condition::Live,
    }
}
