//! A user of the help desk: what one version of it says, the row that carries it, and how checkers see it.

use super::super::keys::Keys;
use super::super::limiter::{Tally, Window};
use super::super::{Condition, Fingerprint, OwnerTag, Record};
use super::profile::Profile;
use crate::chaos::point::Subject;
use crate::clock::{Instant, Stamp};

/// The fields that [`Keys`] are kept for.
pub(super) mod field {
    /// Each login's value, whatever its kind.
    pub(in super::super) const LOGIN: u8 = 0;
    /// The external id.
    pub(in super::super) const EXTERNAL_ID: u8 = 1;
    /// The phone number; not unique.
    pub(in super::super) const PHONE: u8 = 2;
}

/// What one version of a user says.
#[derive(Debug, Clone, Default)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) phone: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) logins: Vec<Login>,
    pub(super) role: Role,
    /// What few say.
    pub(super) profile: Option<Box<Profile>>,
    /// Not deleted, not even softly.
    pub(super) active: bool,
    /// Deleted for good; only lists of deleted users still show it.
    pub(super) purged: bool,
}

/// What a user is at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// A customer.
    #[default]
    EndUser,
    /// Somebody who answers.
    Agent,
    /// Somebody who may do everything.
    Admin,
}

impl Role {
    /// The role of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        [Self::EndUser, Self::Agent, Self::Admin].into_iter().find(|role| role.name() == name)
    }

    /// Its name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::EndUser => "end-user",
            Self::Agent => "agent",
            Self::Admin => "admin",
        }
    }
}

/// A way to reach or recognise a user; the vendor calls it an identity.
#[derive(Debug, Clone)]
pub(super) struct Login {
    /// Counted over all logins there ever were, from 0.
    pub(super) number: u32,
    /// `email`, `phone_number`, `twitter`, …
    pub(super) kind: String,
    /// E-mails in lower case.
    pub(super) value: String,
    pub(super) verified: bool,
    /// One e-mail of each user that has any is the primary one.
    pub(super) primary: bool,
}

/// A user's place at the desk. Ids count rows, so a row stays when its user is purged.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) user: User,
    /// Its tickets, by number.
    pub(super) tickets: Vec<u32>,
    pub(super) created: Stamp,
    pub(super) updated: Stamp,
    /// From when searches show this version.
    pub(super) shown_from: Instant,
    /// The e-mail that it was created with.
    pub(super) subject: Subject,
    /// How often it was updated this minute.
    pub(super) updates: Tally,
}

/// The kind of login that e-mails are.
pub(super) const EMAIL: &str = "email";
/// The other kinds that there are (page "User Identities").
pub(super) const OTHER_KINDS: [&str; 9] =
    ["twitter", "facebook", "google", "phone_number", "agent_forwarding", "any_channel", "foreign", "sdk", "messaging"];

impl User {
    /// What stays of a user who was deleted for good.
    pub(super) fn purged() -> Self {
        Self { name: "Permanently Deleted User".to_owned(), purged: true, ..Self::default() }
    }

    /// Its e-mails.
    pub(super) fn emails(&self) -> impl Iterator<Item = &Login> {
        self.logins.iter().filter(|login| login.kind == EMAIL)
    }

    /// Its primary e-mail.
    pub(super) fn email(&self) -> Option<&Login> {
        self.emails().find(|login| login.primary)
    }

    /// Whether it has this login.
    pub(super) fn holds(&self, kind: &str, value: &str) -> bool {
        self.logins.iter().any(|login| login.kind == kind && login.value.eq_ignore_ascii_case(value))
    }

    /// Makes the first e-mail primary where none is.
    pub(super) fn settle_primary(&mut self) {
        if self.email().is_none()
            && let Some(first) = self.logins.iter_mut().find(|login| login.kind == EMAIL)
        {
            first.primary = true;
        }
    }

    /// Enters its keys under a row.
    pub(super) fn enter(&self, keys: &mut Keys, row: u32) {
        self.each_key(|field, value| keys.add(field, value, row));
    }

    /// Strikes its keys out.
    pub(super) fn strike(&self, keys: &mut Keys, row: u32) {
        self.each_key(|field, value| keys.remove(field, value, row));
    }

    fn each_key(&self, mut act: impl FnMut(u8, &str)) {
        for login in &self.logins {
            act(field::LOGIN, &login.value);
        }
        if let Some(id) = &self.external_id {
            act(field::EXTERNAL_ID, id);
        }
        if let Some(phone) = &self.phone {
            act(field::PHONE, phone);
        }
    }

    /// Closed is who is marked so and can be reached no more.
    pub(super) fn condition(&self) -> Condition {
        let reachable = self.emails().next().is_some() || self.phone.is_some();
        match self {
            Self { purged: true, .. } => Condition::Gone,
            Self { active: false, .. } => Condition::SoftDeleted,
            Self { tags, .. } if !reachable && tags.iter().any(|tag| tag == "closed") => Condition::Closed,
            _ => Condition::Live,
        }
    }

    /// How checkers see it: the desk keeps one name, which stands whole as the given one.
    pub(super) fn record(&self, id: u64) -> Record {
        let mut others: Vec<_> =
            self.emails().filter(|login| !login.primary).map(|login| login.value.clone()).collect();
        others.sort_unstable();
        Record {
            id: id.to_string(),
            tag: self.external_id.as_deref().and_then(OwnerTag::parse),
            email: self.email().map(|login| login.value.clone()),
            phone: self.phone.clone(),
            given_name: self.name.clone(),
            family_name: String::new(),
            other_emails: others,
            condition: self.condition(),
        }
    }

    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(u64::from(self.active) | u64::from(self.purged) << 1 | (self.role as u64) << 2);
        print.bytes(self.name.as_bytes());
        for text in [&self.phone, &self.external_id] {
            print.number(u64::from(text.is_some()));
            print.bytes(text.as_deref().unwrap_or_default().as_bytes());
        }
        print.number(self.tags.len() as u64);
        self.tags.iter().for_each(|tag| print.bytes(tag.as_bytes()));
        print.number(self.logins.len() as u64);
        for login in &self.logins {
            print.number(u64::from(login.number));
            print.bytes(login.kind.as_bytes());
            print.bytes(login.value.as_bytes());
            print.number(u64::from(login.verified) | u64::from(login.primary) << 1);
        }
        if let Some(profile) = &self.profile {
            profile.feed(print);
        }
    }
}

impl Row {
    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, now: Instant, updates: Window, print: &mut Fingerprint) {
        print.number(self.subject.0);
        print.instant(now, self.shown_from);
        self.user.feed(print);
        print.number(self.tickets.len() as u64);
        self.tickets.iter().for_each(|&ticket| print.number(u64::from(ticket)));
        updates.feed(&self.updates, now, print);
    }
}
