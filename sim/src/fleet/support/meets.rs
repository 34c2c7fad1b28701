//! What searches of users find: the properties that they know, what these take, and who meets a term. They lag.

use super::super::terms::{Language, Term, Terms};
use super::find::Hit;
use super::user::{EMAIL, User, field};
use super::{Support, answer};
use crate::clock::Instant;
use crate::wire::Response;

impl Support {
    /// The active users whom a query finds, or what is wrong with it.
    pub(super) fn matching(&self, now: Instant, query: &str) -> Result<Vec<Hit<'_>>, Response> {
        let terms = Terms::read(Language::Zendesk, query).map_err(answer::invalid_search)?;
        if let Some(term) = terms.find(|term| !fits(term)) {
            let property = term.field.unwrap_or_default();
            return Err(answer::invalid_search(
                &[property, " is no property of users, or takes other values"].concat(),
            ));
        }
        let meets = |row: usize, user: &User| user.active && terms.hold(|term| self.meets(row, user, term));
        Ok(match terms.decisive(&["email", "external_id", "phone"]) {
            Some((term, value)) => self.keyed(now, field_of(term), value, meets),
            None => self.among(now, 0..self.rows.len(), meets),
        })
    }

    fn meets(&self, number: usize, user: &User, term: &Term<'_>) -> bool {
        let row = &self.rows[number];
        match term.field {
            Some("type") => term.is("user"),
            Some("email") => user.emails().any(|login| term.is(&login.value)),
            Some("phone") => term.is_some(user.phone.as_deref()),
            Some("external_id") => term.is_some(user.external_id.as_deref()),
            Some("name") => term.is(&user.name) || user.name.split_whitespace().any(|word| term.is(word)),
            Some("tags") => user.tags.iter().any(|tag| term.is(tag)),
            Some("role") => term.is(user.role.name()),
            Some("created" | "created_at") => term.is_moment(row.created),
            Some("updated" | "updated_at") => term.is_moment(row.updated),
            Some("notes") => user.profile.as_deref().is_some_and(|profile| term.within(profile.notes())),
            Some("details") => user.profile.as_deref().is_some_and(|profile| term.within(profile.details())),
            Some("verified" | "is_verified") => term.is_flag(user.email().is_some_and(|login| login.verified)),
            Some("suspended" | "is_suspended") => term.is_flag(false),
            // Nobody here has an organisation or a group.
            Some(_) => false,
            None => {
                let emails = user.logins.iter().filter(|login| login.kind == EMAIL).map(|login| &*login.value);
                let fields = [Some(&*user.name), user.phone.as_deref(), user.external_id.as_deref()];
                emails.chain(fields.into_iter().flatten()).any(|text| term.within(text))
            }
        }
    }
}

/// Whether a term asks for what users have ("Search reference", property keywords of users).
fn fits(term: &Term<'_>) -> bool {
    match term.field {
        None
        | Some(
            "email" | "phone" | "external_id" | "name" | "tags" | "role" | "organization" | "group" | "notes"
            | "details",
        ) => true,
        // Tickets have no index here.
        Some("type") => ["user", "organization", "group"].into_iter().any(|kind| term.is(kind)),
        Some("created" | "created_at" | "updated" | "updated_at") => term.fits_moment(),
        Some("verified" | "is_verified" | "suspended" | "is_suspended") => term.fits_flag(),
        Some(_) => false,
    }
}

fn field_of(term: &Term<'_>) -> u8 {
    match term.field {
        Some("external_id") => field::EXTERNAL_ID,
        Some("phone") => field::PHONE,
        _ => field::LOGIN,
    }
}
