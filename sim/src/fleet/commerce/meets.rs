//! What searches of customers find: the fields that they know, and who meets a term. They lag.

use super::super::terms::{Term, Terms};
use super::customer::{Customer, field};
use super::find::Hit;
use super::{Commerce, FIRST_ID};
use crate::clock::Instant;

/// The fields that a query for customers may ask for, those of time aside.
const FIELDS: [&str; 9] =
    ["email", "tag", "phone", "first_name", "last_name", "id", "tag_not", "state", "orders_count"];

impl Commerce {
    /// What a search finds, in order of ids.
    pub(super) fn found(&self, now: Instant, terms: &Terms<'_>) -> Vec<Hit<'_>> {
        let meets = |row: usize, customer: &Customer| terms.hold(|term| self.meets(row, customer, term));
        let shown = |number: &usize| {
            let row = &self.rows[*number];
            !row.gone && row.shown_from <= now && meets(*number, &row.customer)
        };
        let rows: Vec<_> = match terms.decisive(&["email", "phone", "tag"]) {
            Some((term, value)) => self.keys.candidates(field_of(term), value).filter(shown).collect(),
            None => (0..self.rows.len()).filter(shown).collect(),
        };
        let present = rows.into_iter().map(|row| (row, &self.rows[row].customer));
        let stale = self.index.stale(now).filter(|(row, customer)| meets(*row, customer));
        let mut hits: Vec<_> = present.chain(stale).collect();
        hits.sort_unstable_by_key(|hit| hit.0);
        hits.dedup_by_key(|hit| hit.0);
        hits
    }

    /// A field that customers do not have, or a value that it cannot, is looked for in all that they say ("API search
    /// syntax": what is no filter is a term of the default search).
    fn meets(&self, number: usize, customer: &Customer, term: &Term<'_>) -> bool {
        let row = &self.rows[number];
        match term.field {
            Some("email") => term.is_some(customer.email.as_deref()),
            Some("phone") => term.is_some(customer.phone.as_deref()),
            Some("tag") => customer.tags().any(|tag| term.is(tag)),
            Some("tag_not") => !customer.tags().any(|tag| term.is(tag)),
            Some("first_name") => term.is(&customer.first_name),
            Some("last_name") => term.is(&customer.last_name),
            // No customer here has an account of its own.
            Some("state") => term.is("disabled"),
            Some("id") => term.is_id("Customer", FIRST_ID + number as u64),
            Some("orders_count") if term.fits_number() => term.is_number(row.orders.len() as u64),
            Some("created_at" | "customer_date") if term.fits_moment() => term.is_moment(row.created),
            Some("updated_at") if term.fits_moment() => term.is_moment(row.updated),
            _ => [customer.email.as_deref(), customer.phone.as_deref(), customer.note.as_deref()]
                .into_iter()
                .flatten()
                .chain([&*customer.first_name, &*customer.last_name, &*customer.tags])
                .any(|text| term.within(text)),
        }
    }
}

/// Whether a term asks for what customers have.
pub(super) fn is_known(term: &Term<'_>) -> bool {
    match term.field {
        Some("customer_date" | "created_at" | "updated_at") => term.fits_moment(),
        Some(field) => FIELDS.contains(&field),
        None => true,
    }
}

fn field_of(term: &Term<'_>) -> u8 {
    match term.field {
        Some("email") => field::EMAIL,
        Some("phone") => field::PHONE,
        _ => field::TAG,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::all::Settings;
    use super::super::super::auth::Credentials;
    use super::super::super::testing::Caller;
    use super::*;
    use crate::clock::Nanos;

    #[test]
    fn a_search_finds_by_what_a_customer_has_and_else_by_what_it_says() {
        let token = Credentials::SIMULATION.commerce_token;
        let mut shop = Caller::new(Commerce::new(&Settings::default()), "x-shopify-access-token", token);
        for customer in [
            r#"{"customer":{"email":"ann@x.org","first_name":"Ann","last_name":"Lee","tags":"vip"}}"#,
            r#"{"customer":{"email":"bob@x.org","first_name":"Bob","note":"likes Ann"}}"#,
        ] {
            assert_eq!(shop.post("/admin/api/2026-07/customers.json", customer).0, 201);
            shop.wait(Nanos::secs(60));
        }
        let (ann, bob) = (FIRST_ID, FIRST_ID + 1);
        for (query, expected) in [
            (format!("id:{bob}"), &[bob][..]),
            (format!("id:%3C{bob}"), &[ann]),
            ("state:disabled".to_owned(), &[ann, bob]),
            ("state:enabled".to_owned(), &[]),
            ("orders_count:0".to_owned(), &[ann, bob]),
            ("orders_count:%3E=1".to_owned(), &[]),
            ("updated_at:%3E'2026-01-01T01:00:30Z'".to_owned(), &[bob]),
            ("created_at:2025-12-31".to_owned(), &[]),
            ("first_name:'ann'+OR+(tag:none+AND+email:x)".to_owned(), &[ann]),
            ("tag_not:vip".to_owned(), &[bob]),
            ("shoe_size:ann".to_owned(), &[ann, bob]),
            ("orders_count:bob".to_owned(), &[bob]),
            ("%22likes+ann".to_owned(), &[]),
        ] {
            let (status, body) = shop.get(&format!("/admin/api/2026-07/customers/search.json?query={query}"));
            let found: Vec<_> = body["customers"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
            assert_eq!((status, found), (200, expected.iter().map(|&id| id.into()).collect()), "{query}");
        }
    }
}
