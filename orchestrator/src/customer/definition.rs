//! Definitions: a saga is a list of steps, each saying what it wants at which vendor. Data only; how steps are carried
//! out, compensated and settled is the engine's, alike for all.

use serde::{Deserialize, Serialize};

use crate::connector::Vendor;

/// What a saga does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Makes a customer exist everywhere.
    Create,
    /// Changes a customer's fields everywhere.
    Update,
    /// Makes a customer exist nowhere.
    Close,
    /// Makes two customers one: what another has becomes this one's.
    Merge,
    /// Makes all systems be as the primary says, whatever happened.
    Reconcile,
    /// Makes one again what a merge had made one and what stands as two.
    Rejoin,
}

impl Kind {
    /// Whether nobody asked for it and all that it does is a last look.
    #[must_use]
    pub const fn only_looks(self) -> bool {
        matches!(self, Self::Reconcile | Self::Rejoin)
    }

    /// Its name, as in jobs and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Close => "close",
            Self::Merge => "merge",
            Self::Reconcile => "reconcile",
            Self::Rejoin => "rejoin",
        }
    }
}

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Makes the vendor's record be as the customer shall be. Compensated by making it be as it was.
    Put(Vendor),
    /// Removes the vendor's record, or blanks and marks it where it cannot be removed.
    Remove(Vendor),
    /// Asks whether the vendor lets us at the record at all.
    Ask(Vendor),
    /// Asks whether the vendor would refuse the merge, and keeps what a link would lose.
    Check(Vendor),
    /// Makes the two customers' records one. Where the vendor can part them again, that is its compensation.
    Merge(Vendor),
    /// Commits to the primary database.
    Primary(Primary),
    /// Sends the welcome message. Refused, it is listed and the step ends all the same.
    Welcome,
}

impl Act {
    /// The vendor it speaks to, if any.
    #[must_use]
    pub const fn vendor(self) -> Option<Vendor> {
        match self {
            Self::Put(vendor)
            | Self::Remove(vendor)
            | Self::Ask(vendor)
            | Self::Check(vendor)
            | Self::Merge(vendor) => Some(vendor),
            Self::Welcome => Some(Vendor::Messaging),
            Self::Primary(Primary::Active | Primary::Closing | Primary::Closed | Primary::Merged) => None,
        }
    }
}

/// What the primary database says of the customer after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primary {
    /// The customer is there, with the new fields: the pivot of create and update, and the moment to answer.
    Active,
    /// The customer is being closed: the pivot of close.
    Closing,
    /// The customer is gone: the moment to answer a close.
    Closed,
    /// The two are one: the moment to answer a merge.
    Merged,
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepDefinition {
    /// Its name, as in logs and runbooks.
    pub name: &'static str,
    /// What it does.
    pub act: Act,
    /// Whether an abort takes it back.
    pub compensated: bool,
    /// Whether it is the pivot by its very sending: a call that nothing takes back.
    pub pivots: bool,
}

impl StepDefinition {
    /// A step that an abort takes back.
    #[must_use]
    pub const fn compensatable(name: &'static str, act: Act) -> Self {
        Self { name, act, compensated: true, pivots: false }
    }

    /// A step that nothing takes back: a question, the pivot, or what comes after it.
    #[must_use]
    pub const fn plain(name: &'static str, act: Act) -> Self {
        Self { name, act, compensated: false, pivots: false }
    }

    /// The first call that nothing takes back: the pivot from its sending, unless each attempt was definitely refused.
    #[must_use]
    pub const fn pivot(name: &'static str, act: Act) -> Self {
        Self { name, act, compensated: false, pivots: true }
    }
}

/// The steps of each kind of saga, in one version of the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definitions {
    /// The version of the records that sagas write which begin by them.
    pub version: u32,
    /// Of create.
    pub create: &'static [StepDefinition],
    /// Of update.
    pub update: &'static [StepDefinition],
    /// Of close.
    pub close: &'static [StepDefinition],
    /// Of merge.
    pub merge: &'static [StepDefinition],
    /// Of reconcile.
    pub reconcile: &'static [StepDefinition],
    /// Of rejoin.
    pub rejoin: &'static [StepDefinition],
    /// Whether compensation goes backwards, as it should.
    pub undo_backwards: bool,
    /// By what sagas are finished that another version of the hub began, for the versions that this one knows.
    pub others: &'static [Self],
}

impl Definitions {
    /// What the hub ships with.
    pub const SHIPPED: Self = Self {
        version: super::entry::VERSION,
        create: super::create::STEPS,
        update: super::update::STEPS,
        close: super::close::STEPS,
        merge: super::merge::STEPS,
        reconcile: super::reconcile::STEPS,
        rejoin: super::reconcile::REJOINING,
        undo_backwards: true,
        others: &[],
    };

    /// The definitions by which a saga is finished that began in this version; none for a version that is not known.
    #[must_use]
    pub fn of(&self, version: u32) -> Option<&Self> {
        if version == self.version { Some(self) } else { self.others.iter().find(|other| other.version == version) }
    }

    /// The steps of this kind.
    #[must_use]
    pub const fn steps(&self, kind: Kind) -> &'static [StepDefinition] {
        match kind {
            Kind::Create => self.create,
            Kind::Update => self.update,
            Kind::Close => self.close,
            Kind::Merge => self.merge,
            Kind::Reconcile => self.reconcile,
            Kind::Rejoin => self.rejoin,
        }
    }
}
