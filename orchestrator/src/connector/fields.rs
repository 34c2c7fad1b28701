//! The fields that the hub owns: when a vendor's copy is the same as the wanted one; and single texts of what a vendor tells.

use super::{Found, Profile};
use crate::json::{Scanner, Text};

/// Whether the names are the same: given and family name together, blanks collapsed, for some vendors keep one only.
pub(super) fn same_name(want: &Profile, have: &Found) -> bool {
    if want.given_name == have.given_name && want.family_name == have.family_name {
        return true;
    }
    let after_given = have.given_name.strip_prefix(&*want.given_name);
    if have.family_name.is_empty() && after_given.and_then(|rest| rest.strip_prefix(' ')) == Some(&*want.family_name) {
        return true;
    }
    let wanted = want.given_name.split_whitespace().chain(want.family_name.split_whitespace());
    wanted.eq(have.given_name.split_whitespace().chain(have.family_name.split_whitespace()))
}

/// Whether the e-mail, as read in lower case, is the wanted one.
pub(super) fn same_email(want: &Profile, have: &str) -> bool {
    want.email == have || want.email.to_lowercase() == have
}

/// Whether the primary e-mail of the record is the wanted one.
pub(super) fn same_primary(want: &Profile, have: &Found) -> bool {
    have.email.as_deref().is_some_and(|email| same_email(want, email))
}

/// The ids of a list of objects, in order; `None` inside where there is no list.
pub(super) fn ids(json: &mut Scanner<'_>) -> Option<Option<Vec<String>>> {
    let mut ids = Vec::new();
    let there = json.list(|json| {
        ids.push(text_under(json, b"id")?.unwrap_or_default().owned()?);
        Some(())
    })?;
    Some(there.then_some(ids))
}

/// What an object says under one key; `None` inside where there is no object.
pub(super) fn text_under<'a>(json: &mut Scanner<'a>, wanted: &[u8]) -> Option<Option<Text<'a>>> {
    let mut text = Text::default();
    let there = json.object(|key, json| {
        if key == wanted {
            text = json.text()?;
            return Some(());
        }
        json.skip()
    })?;
    Some(there.then_some(text))
}
