//! Connectors: how the hub speaks to each vendor. A connector turns a neutral operation into that vendor's request and
//! reads its answer back into neutral words. It keeps no state, takes no decision about the saga, and sends nothing.

mod answer;
mod commerce;
mod credentials;
mod fields;
mod http;
mod identity;
#[cfg(test)]
mod laws;
mod learned;
mod merging;
mod messaging;
mod password;
mod retry_after;
mod support;
#[cfg(test)]
pub(crate) mod testing;

use serde::{Deserialize, Serialize};

pub use self::credentials::{Credentials, connectors};
pub use self::http::uuid;
pub use self::learned::{learned, with_emails};
pub use self::merging::MergeState;
pub use self::retry_after::retry_after;
use crate::message::{Request, Response};
use crate::time::Nanos;

/// The vendors that a customer lives in, besides the primary database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Vendor {
    /// The shop.
    Commerce = 0,
    /// The help desk.
    Support = 1,
    /// The identity provider.
    Identity = 2,
    /// Push messages.
    Messaging = 3,
}

impl Vendor {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Commerce, Self::Support, Self::Identity, Self::Messaging];

    /// Its name, as in logs and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commerce => "commerce",
            Self::Support => "support",
            Self::Identity => "identity",
            Self::Messaging => "messaging",
        }
    }
}

/// A customer's fields as the hub owns them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Profile {
    /// The e-mail, in lower case.
    pub email: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The phone number, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// One neutral operation at a vendor. Ids are the vendor's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Fetches an access token.
    Token,
    /// Creates the record with the wanted profile and the owner tag, plainly: it conflicts where a key is held.
    Create,
    /// Reads one record by id; fresh.
    Read(String),
    /// Reads one record by id among the deleted; fresh. Only where [`Connector::keeps_deleted`].
    ReadDeleted(String),
    /// Reads the e-mail identities of a record; fresh. Only where [`Connector::mend`] asks for it.
    ReadEmails(String),
    /// Finds records by the owner tag. Lags unless [`Connector::finds_fresh`].
    FindByOwner,
    /// Finds records by the wanted e-mail. Lags unless [`Connector::finds_fresh`].
    FindByEmail,
    /// Writes the wanted profile's fields to the record.
    Update(String),
    /// Makes an e-mail identity (second id) the primary one of a record (first id).
    PromoteEmail(String, String),
    /// Removes an e-mail identity (second id) from a record (first id).
    DropEmail(String, String),
    /// Deletes a record; softly where the vendor does so.
    Delete(String),
    /// Deletes for good what was deleted softly.
    Purge(String),
    /// Blanks a record that cannot be deleted, and marks it closed.
    Blank(String),
    /// Sends the welcome message, under the retry key.
    Push,
    /// Reads how it stands with a merge of two records, the one to go last; fresh.
    ReadMerge(String, String),
    /// Makes two records one, the one to go last. Which of the two survives, the vendor may decide.
    Merge(String, String),
    /// Parts the second record from the first again. Only where the vendor can.
    Unmerge(String, String),
    /// Reads what of a record a merge would lose for good, to be kept; fresh. Only where [`Self::Unmerge`] is.
    ReadKept(String),
    /// Gives a record that was parted again the wanted profile and what was kept of it (second).
    Restore(String, String),
    /// Writes the wanted profile's fields and the owner tag to the record that survived a merge.
    Own(String),
    /// Lists what belongs to a record (orders, tickets), from the beginning; fresh. Only where [`Connector::moves_children`].
    ListChildren(String),
    /// Gives an order or a ticket (first) to another record (second). Only where [`Connector::moves_children`].
    MoveChild(String, String),
}

impl Operation {
    /// The vendor's id of the record that it is about, where it is about one.
    #[must_use]
    pub fn record(&self) -> Option<&str> {
        match self {
            Self::Read(id)
            | Self::ReadDeleted(id)
            | Self::ReadEmails(id)
            | Self::Update(id)
            | Self::PromoteEmail(id, _)
            | Self::DropEmail(id, _)
            | Self::Delete(id)
            | Self::Purge(id)
            | Self::Blank(id)
            | Self::ReadMerge(id, _)
            | Self::Merge(id, _)
            | Self::Unmerge(id, _)
            | Self::ReadKept(id)
            | Self::Restore(id, _)
            | Self::Own(id)
            | Self::ListChildren(id)
            | Self::MoveChild(id, _) => Some(id),
            Self::Token | Self::Create | Self::FindByOwner | Self::FindByEmail | Self::Push => None,
        }
    }

    /// Whether it may change something at the vendor.
    #[must_use]
    pub const fn mutating(&self) -> bool {
        !matches!(
            self,
            Self::Token
                | Self::Read(_)
                | Self::ReadDeleted(_)
                | Self::ReadEmails(_)
                | Self::FindByOwner
                | Self::FindByEmail
                | Self::ReadMerge(..)
                | Self::ReadKept(_)
                | Self::ListChildren(_)
        )
    }
}

/// The condition of a record, as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// In use.
    Live,
    /// Deleted softly: still holds its keys.
    SoftDeleted,
    /// Blanked and marked as closed.
    Closed,
}

/// An e-mail identity of a record.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EmailIdentity {
    /// The identity's id.
    pub id: String,
    /// The e-mail, in lower case.
    pub email: String,
    /// Whether it is the primary one.
    pub primary: bool,
}

/// A vendor's record in neutral terms, as the hub read it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Found {
    /// The vendor's id.
    pub id: String,
    /// The owner tag's text, `cust_no/saga`; `None` where the record bears none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The (primary) e-mail, in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The given name, or the whole name where the vendor keeps one name only.
    pub given_name: String,
    /// The family name; empty where the vendor keeps one name only.
    pub family_name: String,
    /// The e-mail identities, where they were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emails: Option<Vec<EmailIdentity>>,
    /// Its condition.
    pub condition: Condition,
}

/// What an answer says, in neutral terms. Everything that is not surely understood is `Unknown`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Success, with the record as it now stands.
    Record(Found),
    /// Success: the records found, perhaps none.
    Records(Vec<Found>),
    /// Success: the e-mail identities of the record.
    Emails(Vec<EmailIdentity>),
    /// Success: a token and how long it lives.
    Token(String, Nanos),
    /// Success: how it stands with a merge.
    Merge(MergeState),
    /// Success: what is to be kept of a record, in the vendor's own words.
    Kept(String),
    /// Success: the ids of what belongs to a record, or of the first of it.
    Children(Vec<String>),
    /// Success without a record: deleted, message accepted (now or before).
    Accepted,
    /// A definite *there is no such record*.
    Absent,
    /// A definite *somebody holds a unique key*.
    Conflict,
    /// A definite *this record cannot be deleted* (it has orders, open tickets).
    Undeletable,
    /// A definite business no, with the vendor's code for people.
    Refused(String),
    /// Nothing happened; it may be tried again, after so long if the vendor said so.
    NotDone(Option<Nanos>),
    /// Nothing happened: the credentials were not accepted.
    Unauthorized,
    /// It may have happened or not: 5xx, 408, anything unreadable. The word is for logs.
    Unknown(&'static str),
}

/// All that a request is made of, besides the connector's own credentials.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The profile wanted (for `FindByEmail`, `Create`, `Update`).
    pub want: &'a Profile,
    /// The customer's number.
    pub cust_no: &'a str,
    /// The owner tag's text, `cust_no/saga`.
    pub owner: &'a str,
    /// The access token, where the vendor hands them out; empty before the first.
    pub token: &'a str,
    /// The idempotency key, in the form of a UUID; empty for reads.
    pub key: &'a str,
    /// The correlation id.
    pub correlation: &'a str,
    /// The `traceparent` header's value.
    pub traceparent: &'a str,
}

/// How one vendor is spoken to. Implementations are stateless and written from the vendor's documents alone.
pub trait Connector: Send + Sync + std::fmt::Debug {
    /// The request for an operation. Same operation, profile and owner: same method, target and body bytes.
    fn render(&self, ask: &Ask<'_>) -> Request;

    /// What the answer to that operation says.
    fn read(&self, operation: &Operation, response: &Response) -> Reading;

    /// The next operation that brings a live record nearer to the wanted profile; `None` where it is there.
    /// It answers with [`Reading::Record`] or [`Reading::Emails`], from which the next step is seen.
    fn mend(&self, want: &Profile, have: &Found) -> Option<Operation>;

    /// The next operation that removes a record; `None` where it is gone or closed as well as it can be.
    fn remove(&self, have: &Found) -> Option<Operation>;

    /// The next operation that blanks a record whose deletion was refused; `None` where it is blank and marked.
    fn blank(&self, have: &Found) -> Option<Operation>;

    /// The id that the hub itself chooses for the record of this owner, where the vendor lets it.
    fn chosen_id(&self, _owner: &str) -> Option<String> {
        None
    }

    /// Whether finding shows every earlier write at once.
    fn finds_fresh(&self) -> bool {
        false
    }

    /// Whether a deleted record stands on, still holding its keys, until it is purged.
    fn keeps_deleted(&self) -> bool {
        false
    }

    /// Whether what belongs to a record can be given to another one, piece by piece.
    fn moves_children(&self) -> bool {
        false
    }

    /// So many of what belongs to a record [`Operation::ListChildren`] shows at most.
    fn children_listed(&self) -> usize {
        0
    }

    /// Whether the vendor wants a token that must be fetched.
    fn needs_token(&self) -> bool {
        false
    }
}
