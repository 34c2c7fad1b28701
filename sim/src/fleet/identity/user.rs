//! A user of the identity provider: what one version of it says, the row that carries it, and how checkers see it.

use super::super::body::Body;
use super::super::change::Change;
use super::super::keys::Keys;
use super::super::shape::{tidy_email, tidy_phone};
use super::super::{Child, ChildKind, Condition, Fingerprint, MadeFor, OwnerTag, Record};
use super::metadata::{Metadata, MetadataChange};
use crate::chaos::point::Subject;
use crate::clock::{Instant, Stamp};

/// The fields that [`Keys`] are kept for.
pub(super) mod field {
    /// The e-mail.
    pub(in super::super) const EMAIL: u8 = 0;
    /// The whole id. Gone rows keep it, so that their subjects stay known.
    pub(in super::super) const ID: u8 = 1;
    /// `app_metadata.owner`
    pub(in super::super) const OWNER: u8 = 2;
    /// The name to log in with, where there is one.
    pub(in super::super) const USERNAME: u8 = 3;
    /// The phone number, where there is one.
    pub(in super::super) const PHONE: u8 = 4;
}

/// What one version of a user says.
#[derive(Debug, Clone, Default)]
pub(super) struct User {
    /// In lower case.
    pub(super) email: Option<String>,
    pub(super) email_verified: bool,
    pub(super) phone_number: Option<String>,
    pub(super) username: Option<String>,
    pub(super) given_name: Option<String>,
    pub(super) family_name: Option<String>,
    pub(super) name: Option<String>,
    pub(super) nickname: Option<String>,
    pub(super) picture: Option<String>,
    pub(super) phone_verified: bool,
    /// Shown once anybody has said it.
    pub(super) blocked: Option<bool>,
    pub(super) app_metadata: Metadata,
    pub(super) user_metadata: Metadata,
    /// The row of the user that it was linked to: then it is no user any more, but one of that user's identities.
    pub(super) linked_to: Option<u32>,
}

/// A user's place in the tenant. Made ids count rows, so a row stays when its user is gone.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The whole id: `provider|x`.
    pub(super) id: String,
    pub(super) connection: String,
    pub(super) user: User,
    pub(super) created: Stamp,
    pub(super) updated: Stamp,
    /// From when searches show this version.
    pub(super) shown_from: Instant,
    /// The e-mail that it was created with.
    pub(super) subject: Subject,
    pub(super) gone: bool,
    /// The rows that were linked to it, in order.
    pub(super) linked: Vec<u32>,
    /// For whom it was created.
    pub(super) made_for: MadeFor,
}

/// What a request says about a user.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) connection: Change<'a>,
    pub(super) user_id: Change<'a>,
    email: Change<'a>,
    phone_number: Change<'a>,
    username: Change<'a>,
    given_name: Change<'a>,
    family_name: Change<'a>,
    name: Change<'a>,
    nickname: Change<'a>,
    picture: Change<'a>,
    /// Only whether there is one: nobody logs in here.
    pub(super) password: Change<'a>,
    pub(super) client_id: Change<'a>,
    email_verified: Option<bool>,
    phone_verified: Option<bool>,
    blocked: Option<bool>,
    /// Whether it says anything that no request may say, or that only some may.
    pub(super) odd: bool,
    app_metadata: MetadataChange<'a>,
    user_metadata: MetadataChange<'a>,
}

impl<'a> Fields<'a> {
    /// Reads a body.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        Body::read(body, Self::read)
    }

    fn read(body: &mut Body<'a>) -> Option<Self> {
        let mut fields = Self::default();
        body.object(|name, body| {
            let field = match name {
                "connection" => &mut fields.connection,
                "user_id" => &mut fields.user_id,
                "email" => &mut fields.email,
                "phone_number" => &mut fields.phone_number,
                "username" => &mut fields.username,
                "given_name" => &mut fields.given_name,
                "family_name" => &mut fields.family_name,
                "name" => &mut fields.name,
                "nickname" => &mut fields.nickname,
                "picture" => &mut fields.picture,
                "password" => &mut fields.password,
                "client_id" => &mut fields.client_id,
                "phone_verified" => return body.value().map(|value| fields.phone_verified = value),
                "verify_email" | "verify_password" | "verify_phone_number" => {
                    return body.value::<Option<bool>>().map(drop);
                }
                "email_verified" => return body.value().map(|value| fields.email_verified = value),
                "blocked" => return body.value().map(|value| fields.blocked = value),
                "app_metadata" => return fields.app_metadata.read(body),
                "user_metadata" => return fields.user_metadata.read(body),
                _ => {
                    fields.odd = true;
                    return body.skip();
                }
            };
            *field = body.change()?;
            Some(())
        })?;
        Some(fields)
    }

    /// Writes them into a user.
    pub(super) fn apply(&self, user: &mut User) {
        self.email.apply_optional(&mut user.email, tidy_email);
        self.phone_number.apply_optional(&mut user.phone_number, tidy_phone);
        self.username.apply_optional(&mut user.username, str::to_owned);
        self.given_name.apply_optional(&mut user.given_name, str::to_owned);
        self.family_name.apply_optional(&mut user.family_name, str::to_owned);
        self.name.apply_optional(&mut user.name, str::to_owned);
        self.nickname.apply_optional(&mut user.nickname, str::to_owned);
        self.picture.apply_optional(&mut user.picture, str::to_owned);
        user.email_verified = self.email_verified.unwrap_or(user.email_verified);
        user.phone_verified = self.phone_verified.unwrap_or(user.phone_verified);
        user.blocked = self.blocked.or(user.blocked);
        user.app_metadata.merge(&self.app_metadata);
        user.user_metadata.merge(&self.user_metadata);
    }

    /// Which two of the things that the vendor changes one at a time a change mentions together, if it does.
    pub(super) fn clash(&self) -> Option<(&'static str, &'static str)> {
        let said = |change: &Change<'_>| *change != Change::Keep;
        let mut at_once =
            [("username", said(&self.username)), ("password", said(&self.password)), ("email", said(&self.email))]
                .into_iter()
                .filter_map(|(name, said)| said.then_some(name));
        at_once.next().zip(at_once.next())
    }
}

impl User {
    /// Enters its keys under a row.
    pub(super) fn enter(&self, keys: &mut Keys, row: u32) {
        self.each_key(|field, value| keys.add(field, value, row));
    }

    /// Strikes its keys out.
    pub(super) fn strike(&self, keys: &mut Keys, row: u32) {
        self.each_key(|field, value| keys.remove(field, value, row));
    }

    fn each_key(&self, mut act: impl FnMut(u8, &str)) {
        if let Some(email) = &self.email {
            act(field::EMAIL, email);
        }
        if let Some(owner) = self.app_metadata.text("owner") {
            act(field::OWNER, &owner);
        }
        if let Some(username) = &self.username {
            act(field::USERNAME, username);
        }
        if let Some(phone) = &self.phone_number {
            act(field::PHONE, phone);
        }
    }

    /// What it is called, also where nobody has said so.
    pub(super) fn shown_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or_default()
    }

    /// The same for its nickname.
    pub(super) fn shown_nickname(&self) -> &str {
        let from_email = || self.email.as_deref().and_then(|email| email.split('@').next());
        self.nickname.as_deref().or_else(from_email).unwrap_or_default()
    }

    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        let texts = [
            &self.email,
            &self.phone_number,
            &self.username,
            &self.given_name,
            &self.family_name,
            &self.name,
            &self.nickname,
            &self.picture,
        ];
        for text in texts {
            print.number(u64::from(text.is_some()));
            print.bytes(text.as_deref().unwrap_or_default().as_bytes());
        }
        let blocked = self.blocked.map_or(0, |blocked| 1 + u64::from(blocked));
        print.number(u64::from(self.email_verified) | u64::from(self.phone_verified) << 1 | blocked << 2);
        self.app_metadata.feed(print);
        self.user_metadata.feed(print);
        print.number(self.linked_to.map_or(0, |row| u64::from(row) + 1));
    }
}

impl Row {
    /// How checkers see it.
    pub(super) fn record(&self) -> Record {
        Record {
            id: self.id.clone(),
            tag: self.user.app_metadata.text("owner").as_deref().and_then(OwnerTag::parse),
            email: self.user.email.clone(),
            phone: self.user.phone_number.clone(),
            given_name: self.user.given_name.clone().unwrap_or_default(),
            family_name: self.user.family_name.clone().unwrap_or_default(),
            other_emails: Vec::new(),
            condition: Condition::Live,
        }
    }

    /// Whether it is a user that can be read: neither gone nor linked to another.
    pub(super) const fn is_user(&self) -> bool {
        !self.gone && self.user.linked_to.is_none()
    }

    /// How checkers see the identity that it is, held by the user with this id.
    pub(super) fn child(&self, holder: &str) -> Child {
        Child {
            kind: ChildKind::Identity,
            id: self.id.clone(),
            holder: Some(holder.to_owned()),
            made_for: self.made_for.clone(),
        }
    }

    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, now: Instant, print: &mut Fingerprint) {
        print.number(u64::from(self.gone));
        print.number(self.subject.0);
        print.bytes(self.id.as_bytes());
        print.instant(now, self.shown_from);
        if !self.gone {
            print.bytes(self.connection.as_bytes());
            self.user.feed(print);
            print.number(self.linked.len() as u64);
            self.linked.iter().for_each(|&row| print.number(u64::from(row)));
            self.made_for.feed(print);
        }
    }
}
