//! The fleet: stateful SaaS models that perform no I/O. What every model offers is fixed here; each dialect is a
//! member of the family beside this file. Chaos and networks are absent: a model only ever handles a request.

pub mod all;
pub mod auth;
mod body;
mod change;
pub mod commerce;
pub mod identity;
mod job;
mod json;
mod keys;
mod limiter;
pub mod messaging;
mod moment;
mod origin;
mod search;
mod shape;
mod subject;
pub mod support;
pub(crate) mod target;
mod terms;
#[cfg(test)]
mod testing;

pub use all::{Fleet, Settings};

use std::hash::Hasher;

use serde::{Deserialize, Serialize};

use crate::chaos::point::{Route, Subject};
use crate::clock::{Instant, Nanos};
use crate::wire::{Request, Response};

/// The systems that an exchange can be addressed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum System {
    /// The orchestrator itself, called by clients through the facade.
    Hub = 0,
    /// The shop; Shopify's Admin API.
    Commerce = 1,
    /// The help desk; Zendesk's API.
    Support = 2,
    /// The identity provider; Auth0's Management API v2.
    Identity = 3,
    /// Push messages; LINE's Messaging API.
    Messaging = 4,
}

impl System {
    /// The vendors, in order.
    pub const VENDORS: [Self; 4] = [Self::Commerce, Self::Support, Self::Identity, Self::Messaging];

    /// Its name, as in scenario files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Commerce => "commerce",
            Self::Support => "support",
            Self::Identity => "identity",
            Self::Messaging => "messaging",
        }
    }
}

/// In which condition a record is. What counts as live is decided here, once, for all checkers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// In use.
    Live,
    /// Deleted, but restorable and still holding its unique keys.
    SoftDeleted,
    /// Undeletable, so blanked and marked as closed; holds no personal data and no unique key.
    Closed,
    /// Gone for good; listed only where the vendor itself lists what was purged.
    Gone,
}

/// A vendor's record in neutral terms, as checkers compare it. E-mails are in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Record {
    /// The vendor's own id.
    pub id: String,
    /// The owner tag: customer number and saga, as written with the creation (`cust_no` alone decides who owns it).
    pub tag: Option<OwnerTag>,
    /// The e-mail, in lower case; for support the primary one.
    pub email: Option<String>,
    /// The phone number, E.164.
    pub phone: Option<String>,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// E-mails beyond the primary one that the record also holds, sorted.
    pub other_emails: Vec<String>,
    /// Its condition.
    pub condition: Condition,
}

/// The owner tag in a record: which customer, and which saga made it. On the wire `cust_no/saga`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OwnerTag {
    /// The customer's number.
    pub cust_no: String,
    /// The saga's id; empty where an orchestrator without sagas wrote the tag.
    pub saga: String,
}

impl OwnerTag {
    /// Reads `cust_no/saga` or a bare `cust_no`; `None` where the text is empty.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (cust_no, saga) = text.split_once('/').unwrap_or((text, ""));
        (!cust_no.is_empty()).then(|| Self { cust_no: cust_no.to_owned(), saga: saga.to_owned() })
    }
}

/// What is counted when records merge: none of it may be lost, doubled or left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChildKind {
    /// An order of the shop.
    Order,
    /// A ticket of the help desk.
    Ticket,
    /// A way to log in at the identity provider; a user whom nobody was linked to has one, its own.
    Identity,
}

/// For whom a child was first made, whoever holds it now.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MadeFor {
    /// The customer with this number: the record that first held it bore the number's tag.
    Customer(String),
    /// The record with this id, which bore no tag.
    Record(String),
    /// Nobody.
    Nobody,
}

impl MadeFor {
    /// For the record with this tag and id.
    #[must_use]
    pub(crate) fn of(tag: Option<&str>, id: impl FnOnce() -> String) -> Self {
        match tag.and_then(OwnerTag::parse) {
            Some(tag) => Self::Customer(tag.cust_no),
            None => Self::Record(id()),
        }
    }

    /// Feeds it. Ids of records count rows, so they stand for the order of first appearance.
    pub(crate) fn feed(&self, print: &mut Fingerprint) {
        let (number, text) = match self {
            Self::Customer(cust_no) => (0, &**cust_no),
            Self::Record(id) => (1, &**id),
            Self::Nobody => (2, ""),
        };
        print.number(number);
        print.bytes(text.as_bytes());
    }
}

/// Something that belongs to a vendor's record, in neutral terms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Child {
    /// What it is.
    pub kind: ChildKind,
    /// The vendor's own id.
    pub id: String,
    /// The id of the record that holds it; an order may have nobody.
    pub holder: Option<String>,
    /// For whom it was first made.
    pub made_for: MadeFor,
}

/// How a vendor's job goes, where it does not go as usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobCourse {
    /// It stays pending until then.
    Stalls(Instant),
    /// It gives up when half of it is done, rounded down.
    FailsHalf,
}

/// Something that no later call takes back: a mail sent, an audit entry. Listed, never hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideEffect {
    /// When it happened.
    pub at: Instant,
    /// Where.
    pub system: System,
    /// What, as a fixed word (`message-accepted`).
    pub what: &'static str,
    /// About whom (the customer number or recipient).
    pub subject: String,
}

/// A customer record that stood at the vendors before the world began, or that a stranger or agent adds.
#[derive(Debug, Clone, Default)]
pub struct SeedRecord {
    /// The owner tag's text; `None` for a stranger's record.
    pub tag: Option<String>,
    /// The e-mail.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// Orders (commerce) or open tickets (support) that it has.
    pub children: u32,
}

/// The given name that a stranger writes into a record.
pub(crate) const OTHER_NAME: &str = "Somebody";

/// What the world does to a vendor from outside, besides requests.
#[derive(Debug, Clone)]
pub enum Control {
    /// Adds a record. Answers with its id.
    Seed(SeedRecord),
    /// Adds an order or a ticket to the record with this owner `cust_no`, if it is live. Answers with its id.
    AddChild(String),
    /// The vendor loses the live record with this owner `cust_no`: it acknowledged it, and knows nothing of it any more.
    Lose(String),
    /// A stranger gives the live record with this owner `cust_no` another name.
    Rename(String),
    /// A stranger parts what was linked to the live record with this owner `cust_no`, where the vendor can part records.
    Part(String),
    /// Something comes up that forbids merging the live record with this owner `cust_no`: at the shop it takes out a
    /// subscription, at the help desk it becomes an agent.
    Bar(String),
    /// If the next request starts a job, the job goes like this.
    NextJob(JobCourse),
    /// Every job that runs now ends by then.
    JobsEndBy(Instant),
    /// All access tokens issued so far stop working.
    RevokeTokens,
    /// The quota counts as spent until then.
    ExhaustQuota(Instant),
    /// From now on a write shows in searches only after so long, in nanoseconds.
    IndexLag(u64),
    /// Answers carry unknown fields, miss optional ones and write numbers as strings, or stop doing so.
    Drift(bool),
}

/// A SaaS that keeps state and answers requests at one instant. It reads no clock and draws nothing.
pub trait Model: Clone {
    /// Handles one request, whole, at this instant.
    fn handle(&mut self, now: Instant, request: &Request) -> Response;

    /// Whether the credentials of this request let it in. If not, [`Self::handle`] refuses it whatever its body says.
    fn lets_in(&self, now: Instant, request: &Request) -> bool;

    /// Which route this request takes and whom it is about, without handling it. Must be cheap.
    fn route(&self, request: &Request) -> (Route, Subject);

    /// The routes' names, by number.
    fn routes() -> &'static [&'static str];

    /// All records in neutral terms, in order of creation.
    fn records(&self) -> Vec<Record>;

    /// What belongs to its records, in order of creation.
    fn children(&self) -> Vec<Child> {
        Vec::new()
    }

    /// What happened that nothing takes back, in order.
    fn side_effects(&self) -> &[SideEffect];

    /// The names of the routes whose requests may start jobs: work that goes on after the answer.
    fn job_routes() -> &'static [&'static str] {
        &[]
    }

    /// When the next of its jobs ends.
    fn next_job(&self) -> Option<Instant> {
        None
    }

    /// Lets one job end whose time has come, and tells in fixed words how; call until it tells nothing.
    fn end_job(&mut self, _now: Instant) -> Option<&'static str> {
        None
    }

    /// Does something to the vendor from outside.
    fn control(&mut self, now: Instant, control: &Control) -> Option<String>;

    /// Feeds all that can still matter into a fingerprint: times as distances from now, ids by first appearance.
    fn feed(&self, now: Instant, print: &mut Fingerprint);
}

/// A running hash of a world's state (64 bits, FNV-style folding with the pinned mixer).
#[derive(Debug, Clone, Copy, Default)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Folds a number in.
    pub fn number(&mut self, value: u64) {
        self.0 = crate::chaos::point::mix(self.0 ^ value);
    }

    /// Folds bytes in, their length included.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.number(u64::from_le_bytes(*word)));
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.number(u64::from_le_bytes(word));
        }
    }

    /// Folds a request in.
    pub fn request(&mut self, request: &Request) {
        self.number(request.method as u64);
        self.bytes(request.target.as_bytes());
        // The span in a `traceparent` (W3C Trace Context) counts calls; it decides nothing.
        for line in request.headers.0.split_inclusive("\r\n").filter(|line| !line.starts_with("traceparent:")) {
            self.bytes(line.as_bytes());
        }
        self.bytes(&request.body);
    }

    /// From so far away on, moments count alike: no world that is searched lasts so long.
    pub const FAR: Nanos = Nanos::secs(7_200);

    /// Folds a moment in, as its distance from now. What is past counts alike, and so does what is far away.
    pub fn instant(&mut self, now: Instant, at: Instant) {
        self.number(at.since(now).min(Self::FAR).0);
    }

    /// The hash so far.
    #[must_use]
    pub const fn finish(self) -> u64 {
        self.0
    }
}

/// So that whatever can be hashed can be folded in.
impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.bytes(bytes);
    }

    fn write_u8(&mut self, value: u8) {
        self.number(value.into());
    }

    fn write_u16(&mut self, value: u16) {
        self.number(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.number(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.number(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.number(value as u64);
    }
}
