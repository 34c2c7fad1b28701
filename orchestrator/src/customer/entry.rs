//! Entries: what a customer saga writes into its journal. The format is versioned by `Began::version`.

use serde::{Deserialize, Serialize};

use super::definition::Kind;
use super::row::{self, is_zero};
use crate::connector::{EmailIdentity, Found, MergeState, Operation, Profile, Reading};
use crate::effect::Direction;
use crate::message::CallError;
use crate::saga::outcome::Outcome;

/// The version of entries that the shipped hub writes and reads. Any other one is left alone.
pub const VERSION: u32 = 1;

/// What the client asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wish {
    /// Create, update, close, merge, reconcile, or rejoin.
    pub kind: Kind,
    /// The customer.
    pub cust_no: String,
    /// For create the fields; for update only those that change are `Some`.
    #[serde(default)]
    pub patch: Patch,
    /// For a merge the customer that goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To reconcile what no customer has any more: the owner tag whose records are to go. To rejoin: the owner tag of the
    /// customer that was merged away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// Fields to change. `phone: Some(None)` removes the number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Patch {
    /// The e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none", with = "double_option")]
    pub phone: Option<Option<String>>,
}

impl Wish {
    /// The keys of the customers' rows that it is about, the one that stays first. Where it is about a tag that no customer
    /// has, a key that has no row stands for it.
    #[must_use]
    pub fn rows(&self) -> Vec<String> {
        if let (Kind::Reconcile, Some(tag)) = (self.kind, &self.tag) {
            return vec![row::tag_key(tag)];
        }
        [Some(&self.cust_no), self.from.as_ref()]
            .into_iter()
            .flatten()
            .map(|cust_no| row::customer_key(cust_no))
            .collect()
    }

    /// The customer as it shall be, given how it is; none for a close, and where nobody is to be there.
    #[must_use]
    pub fn granted(&self, before: Option<&Profile>) -> Option<Profile> {
        match before {
            _ if self.kind == Kind::Close => None,
            None if self.kind == Kind::Reconcile => None,
            Some(before) => Some(self.patch.applied(before)),
            None => Some(self.patch.applied(&Profile::default())),
        }
    }
}

impl Grant {
    /// The keys that a saga with this wish claims: the customers' rows first, then old and new e-mails and phones.
    #[must_use]
    pub fn claims(&self, wish: &Wish) -> Vec<String> {
        let mut keys = wish.rows();
        let goner = self.from.as_ref().map(|goner| &goner.profile);
        keys.extend(row::claim_keys(self.before.iter().chain(&self.after).chain(goner)));
        keys
    }
}

impl Patch {
    /// The profile with these fields changed.
    #[must_use]
    pub fn applied(&self, profile: &Profile) -> Profile {
        let or = |new: &Option<String>, old: &String| new.as_ref().unwrap_or(old).clone();
        Profile {
            email: or(&self.email, &profile.email),
            given_name: or(&self.given_name, &profile.given_name),
            family_name: or(&self.family_name, &profile.family_name),
            phone: self.phone.clone().unwrap_or_else(|| profile.phone.clone()),
        }
    }
}

/// Keeps `null` (remove) apart from absence (leave as it is).
mod double_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde's `with` fixes the signature")]
    pub(super) fn serialize<S: Serializer>(value: &Option<Option<String>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().and_then(Option::as_ref).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
        Option::<String>::deserialize(from).map(Some)
    }
}

/// How a saga began.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Began {
    /// The version of its entries.
    pub version: u32,
    /// What the client asked for.
    pub wish: Wish,
    /// The correlation id.
    pub correlation: String,
    /// The client's key, if it sent one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
    /// A hash of the request that came with that key.
    #[serde(default)]
    pub hash: u64,
    /// Whether the client waits for a job instead of an answer.
    pub asynchronous: bool,
}

/// What a saga found and fixed under its claim.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// The customer as it was; none for a create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Profile>,
    /// The customer as it shall be; none for a close. It follows from the wish, so the journal does not repeat it.
    #[serde(skip)]
    pub after: Option<Profile>,
    /// The owner tag of its records.
    pub owner: String,
    /// Its ids at commerce, support and identity.
    pub ids: [Option<String>; 3],
    /// Its loyalty points.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub points: u64,
    /// For a merge the customer that goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Box<Goner>>,
}

/// The customer that a merge lets go, as it was under the claim: the saga's snapshot of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Goner {
    /// Its fields.
    pub profile: Profile,
    /// The owner tag of its records.
    pub owner: String,
    /// Its ids at commerce, support and identity.
    pub ids: [Option<String>; 3],
    /// Its loyalty points.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub points: u64,
}

/// What an answer said, as far as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Heard {
    /// Success: the record with this id stands just as the saga wants it.
    AsWanted(String),
    /// Success, with the record, which is not yet as the saga wants it.
    Record(Box<Found>),
    /// Success, with the record's e-mail identities.
    Emails(Vec<EmailIdentity>),
    /// Success: how it stands with the merge.
    Merge(MergeState),
    /// Success without a record.
    Accepted,
    /// There is no such record.
    Absent,
    /// Somebody holds a unique key.
    Conflict,
    /// The record cannot be deleted.
    Undeletable,
    /// A definite no, with its code.
    Refused(String),
    /// Nothing happened.
    NotDone,
    /// It may have happened.
    Unknown,
}

impl Heard {
    /// What a mutating call's reading means. What does not fit a mutating call is not understood, so unknown.
    #[must_use]
    pub fn from_reading(reading: Reading) -> Self {
        match reading {
            Reading::Record(found) => Self::Record(Box::new(found)),
            Reading::Emails(emails) => Self::Emails(emails),
            Reading::Merge(state) => Self::Merge(state),
            Reading::Accepted => Self::Accepted,
            Reading::Absent => Self::Absent,
            Reading::Conflict => Self::Conflict,
            Reading::Undeletable => Self::Undeletable,
            Reading::Refused(code) => Self::Refused(code),
            Reading::NotDone(_) | Reading::Unauthorized => Self::NotDone,
            Reading::Unknown(_)
            | Reading::Records(_)
            | Reading::Token(..)
            | Reading::Kept(_)
            | Reading::Children(..) => Self::Unknown,
        }
    }

    /// What it means to have no answer.
    #[must_use]
    pub const fn from_error(error: CallError) -> Self {
        match error {
            CallError::Refused | CallError::NotSent => Self::NotDone,
            CallError::Reset | CallError::TimedOut | CallError::Truncated => Self::Unknown,
        }
    }

    /// The outcome that it amounts to.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::AsWanted(_) | Self::Record(_) | Self::Emails(_) | Self::Merge(_) | Self::Accepted | Self::Absent => {
                Outcome::Done
            }
            Self::Conflict | Self::Undeletable | Self::Refused(_) => Outcome::Refused,
            Self::NotDone => Outcome::NotDone,
            Self::Unknown => Outcome::Unknown,
        }
    }
}

/// An intent to call: durable before the request leaves.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Intent {
    /// The step.
    pub step: u8,
    /// Which way.
    pub direction: Direction,
    /// The operation.
    pub operation: Operation,
    /// The attempt at it, from 1.
    pub attempt: u32,
    /// The number of the look that found it wanting; 0 outside settling.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub look: u32,
}

/// Why a saga gave up going forward: what its client is told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A vendor refused, or a key is another's: 422.
    Refused(String),
    /// A budget was spent: 503, not applied.
    Exhausted(String),
    /// A queued wish could not be granted: this status (404, 409).
    Ungranted(u16, String),
    /// An operator gave it up: 503, not applied.
    Abandoned,
}

/// What an operator may press on one saga.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Button {
    /// Go on trying.
    Redrive,
    /// Go on, for the step at which it is parked was done by hand: a look must show that.
    Resolve,
    /// Stop trying: take it back before the pivot; parked, let go where a look shows that nothing is left to do.
    Abandon,
    /// As `Abandon`, whatever the look shows: what is left to do is written down.
    Leave,
}

/// An operator's press of a button.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Press {
    /// Which.
    pub button: Button,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// What a look that a press asked for showed to be wanting.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wanting {
    /// Where and why the saga was parked before the press: step, attempts, refused.
    pub parked: (u8, u32, bool),
    /// What would still have to be done, by step.
    pub left: Vec<(u8, Operation)>,
}

/// One entry of a customer saga's journal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// It began: first of all entries.
    Began(Box<Began>),
    /// Its claim was granted.
    Granted(Box<Grant>),
    /// It is about to call.
    Intent(Intent),
    /// The call of the last intent ended.
    Heard(Heard),
    /// A record was found to be ours and stands as this step's; `None`: none of ours stands.
    Adopted(u8, Option<Box<Found>>),
    /// The step was found to be refused although its attempts ended otherwise.
    Refused(u8, String),
    /// What a merge would lose of the step's record is this, in the vendor's words.
    Kept(u8, String),
    /// The step's two records were found to be one: this one.
    Merged(u8, Box<Found>),
    /// The step's two records were found to be two.
    Apart(u8),
    /// They were found to be two past the pivot, and the vendor would not merge them; why.
    Barred(u8, String),
    /// The step's two records are not merged by the vendor any more: what belongs to the one that goes is given to the other
    /// piece by piece, and then it is blanked and marked. Nothing of a merge can still arrive.
    Singly(u8),
    /// The primary commit of this step is durable with this very row.
    Primary(u8),
    /// It gave up going forward.
    Aborted(Reason),
    /// What may have happened is taken back as far as it shows; what remains is the last look's.
    Undone,
    /// It released its claims, though it has not ended.
    Released,
    /// It is parked: step, attempts spent, whether a refusal parked it.
    Parked(u8, u32, bool),
    /// The operator made it runnable again.
    Redriven,
    /// An operator pressed a button.
    Pressed(Box<Press>),
    /// A look showed that nothing is left to do at the step, or nowhere, whatever was done by hand.
    Recognised(u8),
    /// A look showed that something is left to do: it is parked as it was.
    Wanting(Box<Wanting>),
    /// It is let go although something is left to do.
    Left(Box<Wanting>),
    /// The process of this life took it over: it is that one's from here on.
    TakenOver(u64),
}
