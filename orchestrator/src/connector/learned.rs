//! What a record looks like after an answer: the fold from which the next mending, removing or blanking step is seen.

use super::fields::same_email;
use super::{Condition, Connector, EmailIdentity, Found, Operation, Profile, Reading};

/// What is known of a record after `operation` on it was answered with `reading`; `None` once it is surely gone.
///
/// A reading that settles nothing about the record (refused, not done, unknown) leaves it as it was known.
#[must_use]
pub fn learned(
    connector: &dyn Connector,
    want: &Profile,
    have: &Found,
    operation: &Operation,
    reading: &Reading,
) -> Option<Found> {
    match (operation, reading) {
        (_, Reading::Record(found)) => {
            Some(Found { emails: emails_after(want, have, operation, found), ..found.clone() })
        }
        (_, Reading::Emails(emails)) => Some(with_emails(have, emails.clone())),
        (Operation::DropEmail(_, dropped), Reading::Accepted) => {
            let emails = have.emails.iter().flatten().filter(|email| email.id != *dropped).cloned().collect();
            Some(with_emails(have, emails))
        }
        // It does not say which of the two is missing: the record or the identity.
        (Operation::DropEmail(..) | Operation::PromoteEmail(..), Reading::Absent) => {
            Some(Found { emails: None, ..have.clone() })
        }
        (Operation::Purge(_), Reading::Accepted)
        | (Operation::Purge(_) | Operation::ReadDeleted(_), Reading::Absent) => None,
        // Where deleted records stand on, only a purge tells that this one is gone.
        (Operation::Delete(_), Reading::Accepted) | (_, Reading::Absent) => {
            connector.keeps_deleted().then(|| Found { condition: Condition::SoftDeleted, ..have.clone() })
        }
        _ => Some(have.clone()),
    }
}

/// The identities known after a record was answered: those that came with it, else those known before as far as the
/// operation cannot have changed them.
fn emails_after(want: &Profile, have: &Found, operation: &Operation, found: &Found) -> Option<Vec<EmailIdentity>> {
    if found.emails.is_some() {
        return found.emails.clone();
    }
    let known = have.emails.as_ref()?;
    let untouched = match operation {
        Operation::Update(_) => known.iter().any(|email| same_email(want, &email.email)),
        Operation::Blank(_) => true,
        _ => false,
    };
    untouched.then(|| known.clone())
}

/// The record with these identities, whose primary one is its e-mail.
pub fn with_emails(have: &Found, emails: Vec<EmailIdentity>) -> Found {
    let email = emails.iter().find(|email| email.primary).map(|email| email.email.clone());
    Found { email, emails: Some(emails), ..have.clone() }
}
