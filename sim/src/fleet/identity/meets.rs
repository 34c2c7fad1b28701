//! The fields that searches of users know, what each of them takes, and who meets a term.

use super::super::terms::{Term, Terms};
use super::Identity;
use super::metadata::Metadata;
use super::user::User;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Flag,
    Number,
    Moment,
    /// Anything, deep in an object of the application's.
    AppMetadata,
    /// The same, but without ranges and wildcards.
    UserMetadata,
}

/// The "Searchable fields" of "User Search Query Syntax", and those of a profile.
fn kind_of(field: &str) -> Option<Kind> {
    Some(match field {
        "user_id"
        | "email"
        | "email.domain"
        | "phone_number"
        | "username"
        | "given_name"
        | "family_name"
        | "name"
        | "nickname"
        | "picture"
        | "last_ip"
        | "organization_id"
        | "identities.connection"
        | "identities.provider"
        | "identities.user_id" => Kind::Text,
        "email_verified" | "phone_verified" | "blocked" | "identities.isSocial" => Kind::Flag,
        "logins_count" => Kind::Number,
        "created_at" | "updated_at" | "last_login" => Kind::Moment,
        "app_metadata" => Kind::AppMetadata,
        "user_metadata" => Kind::UserMetadata,
        _ if field.starts_with("app_metadata.") => Kind::AppMetadata,
        _ if field.starts_with("user_metadata.") => Kind::UserMetadata,
        _ => return None,
    })
}

/// What is wrong with a query that was read: a field that nobody can have, or a value that its field cannot.
pub(super) fn complaint(terms: &Terms<'_>) -> Option<String> {
    terms.find(|term| wrong(term).is_some()).and_then(wrong)
}

fn wrong(term: &Term<'_>) -> Option<String> {
    let field = term.field?;
    let Some(kind) = kind_of(field) else { return Some(format!("the field '{field}' is not searchable")) };
    let (fits, what) = match kind {
        Kind::Text | Kind::AppMetadata => return None,
        Kind::Flag => (term.fits_flag(), "true or false"),
        Kind::Number => (term.fits_number(), "a whole number"),
        Kind::Moment => (term.fits_moment(), "a date"),
        Kind::UserMetadata => (!term.is_loose(), "a value without wildcards and ranges"),
    };
    (!fits).then(|| format!("the field '{field}' takes {what}"))
}

impl Identity {
    /// Whether a user, in the version that a reader sees, meets a term.
    pub(super) fn meets(&self, number: usize, user: &User, term: &Term<'_>) -> bool {
        let row = &self.rows[number];
        let email = user.email.as_deref();
        let Some(field) = term.field else {
            return [email, user.given_name.as_deref(), user.family_name.as_deref(), Some(user.shown_name())]
                .into_iter()
                .flatten()
                .any(|text| term.is(text));
        };
        match field {
            "user_id" => term.is(&row.id),
            "email" => term.is_some(email),
            "email.domain" => term.is_some(email.and_then(|email| email.split_once('@')).map(|(_, domain)| domain)),
            "phone_number" => term.is_some(user.phone_number.as_deref()),
            "username" => term.is_some(user.username.as_deref()),
            "given_name" => term.is_some(user.given_name.as_deref()),
            "family_name" => term.is_some(user.family_name.as_deref()),
            "name" => term.is(user.shown_name()),
            "nickname" => term.is(user.shown_nickname()),
            "picture" => term.is_some(user.picture.as_deref()),
            "email_verified" => term.is_flag(user.email_verified),
            "phone_verified" => user.phone_number.is_some() && term.is_flag(user.phone_verified),
            "blocked" => {
                user.blocked.map_or_else(|| !term.asks_presence() && term.is_flag(false), |is| term.is_flag(is))
            }
            // Nobody logs in here, and who never did has no such field, yet counts as 0.
            "logins_count" => !term.asks_presence() && term.is_number(0),
            "created_at" => term.is_moment(row.created),
            "updated_at" => term.is_moment(row.updated),
            "app_metadata" => term.asks_presence() && !user.app_metadata.is_empty(),
            "user_metadata" => term.asks_presence() && !user.user_metadata.is_empty(),
            _ => match field.split_once('.') {
                Some(("app_metadata", path)) => in_metadata(&user.app_metadata, path, term),
                Some(("user_metadata", path)) => in_metadata(&user.user_metadata, path, term),
                Some(("identities", part)) => self.identities(number).any(|row| {
                    let (provider, bare_id) = row.id.split_once('|').unwrap_or(("auth0", &row.id));
                    match part {
                        "connection" => term.is(&row.connection),
                        "provider" => term.is(provider),
                        "user_id" => term.is(bare_id),
                        _ => term.is_flag(false),
                    }
                }),
                // What no user of this tenant has: an address, a login, an organisation.
                _ => false,
            },
        }
    }
}

fn in_metadata(metadata: &Metadata, path: &str, term: &Term<'_>) -> bool {
    match metadata.text(path) {
        Some(text) => term.is(&text),
        None => metadata.leaves(path, &mut |leaf| term.is(leaf)),
    }
}
