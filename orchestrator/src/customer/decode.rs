//! A customer's row, read back. The usual row is read straight from its bytes, for one is read whenever a customer is
//! asked for; serde decides about every other. What rows say is `row`'s, how they are written `encode`'s.

use std::borrow::Cow;

use super::row::{CustomerRow, Standing};
use crate::connector::Profile;
use crate::json::{Scanner, whole};
use crate::saga::SagaId;

/// The row with this value; `None` where it cannot be read.
#[must_use]
pub fn customer(value: &[u8]) -> Option<CustomerRow> {
    usual(value).or_else(|| serde_json::from_slice(value).ok())
}

fn usual(value: &[u8]) -> Option<CustomerRow> {
    let (mut standing, mut profile, mut owner, mut ids, mut saga) = (None, None, None, None, None);
    let mut points = None;
    let object = whole(std::str::from_utf8(value).ok()?, |json| {
        json.object(|key, json| match key {
            b"standing" => once(&mut standing, self::standing(json)?),
            b"profile" => once(&mut profile, self::profile(json)?),
            b"owner" => once(&mut owner, json.string_or_null()?.map(Cow::into_owned)?),
            b"ids" => once(&mut ids, self::ids(json)?),
            b"points" => once(&mut points, json.whole_number()?),
            b"saga" => once(&mut saga, SagaId(json.whole_number()?)),
            _ => None,
        })
    })?;
    let points = points.unwrap_or_default();
    object.then_some(CustomerRow { standing: standing?, profile: profile?, owner: owner?, ids: ids?, points, saga })
}

/// Fills a field; `None` where it came before.
fn once<T>(field: &mut Option<T>, value: T) -> Option<()> {
    field.replace(value).is_none().then_some(())
}

fn standing(json: &mut Scanner<'_>) -> Option<Standing> {
    match &*json.string_or_null()?? {
        "pending" => Some(Standing::Pending),
        "active" => Some(Standing::Active),
        "closing" => Some(Standing::Closing),
        "closed" => Some(Standing::Closed),
        _ => None,
    }
}

fn profile(json: &mut Scanner<'_>) -> Option<Profile> {
    let (mut email, mut given_name, mut family_name, mut phone) = (None, None, None, None);
    let object = json.object(|key, json| {
        let field = match key {
            b"email" => &mut email,
            b"given_name" => &mut given_name,
            b"family_name" => &mut family_name,
            b"phone" => &mut phone,
            _ => return None,
        };
        once(field, json.string_or_null()?.map(Cow::into_owned)?)
    })?;
    object.then_some(Profile { email: email?, given_name: given_name?, family_name: family_name?, phone })
}

fn ids(json: &mut Scanner<'_>) -> Option<[Option<String>; 3]> {
    let mut ids = [const { None }; 3];
    let mut places = ids.iter_mut();
    json.list(|json| {
        *places.next()? = json.string_or_null()?.map(Cow::into_owned);
        Some(())
    })?;
    places.next().is_none().then_some(ids)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::customer::encode;

    proptest! {
        #[test]
        fn rows_are_read_as_serde_reads_them(
            email in "[ -~é]{0,9}",
            phone in prop::option::of("[+0-9]{0,9}"),
            ids in [prop::option::of("[ -~]{1,9}"), prop::option::of("[0-9]{1,9}"), prop::option::of("[a-z|]{1,9}")],
            saga in prop::option::of(any::<u64>().prop_map(SagaId)),
            at in any::<prop::sample::Index>(),
            byte in r#"[\[\]{},:"\\0-9eEun. -]"#,
        ) {
            let profile = Profile { email: email.clone(), given_name: email.clone(), family_name: email.clone(), phone };
            let row = CustomerRow { standing: Standing::Closing, profile, owner: email, ids, points: at.index(3) as u64, saga };
            let mut value = encode::customer(&row.view());
            prop_assert_eq!(usual(&value), Some(row));
            let at = at.index(value.len());
            value[at] = byte.as_bytes()[0];
            prop_assert_eq!(customer(&value), serde_json::from_slice(&value).ok());
        }
    }

    #[test]
    fn a_row_of_another_shape_is_left_to_serde() {
        let row = r#"{"standing":"active","profile":{"email":"a","given_name":"b","family_name":"c","phone":null},"owner":"C1/s1-1","ids":[null,"7",null]"#;
        for (end, read) in [
            ("}", true),
            (r#","more":[1]}"#, true),
            (r#","owner":"C2"}"#, false),
            (r#","saga":"1"}"#, false),
            ("", false),
        ] {
            let value = [row, end].concat();
            assert_eq!(customer(value.as_bytes()).is_some(), read, "{end}");
        }
    }
}
