//! What a request says about one text field: nothing, null, or a new value. Updates need to tell the first two apart.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// What is to become of a text field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Change<'a> {
    /// It is not mentioned: it stays as it is.
    #[default]
    Keep,
    /// It is null: it is emptied.
    Clear,
    /// It gets this value.
    Set(Cow<'a, str>),
}

impl Change<'_> {
    /// The new value, if there is one.
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Carries it out on a field that is never null.
    pub(super) fn apply(&self, field: &mut String) {
        match self {
            Self::Keep => {}
            Self::Clear => field.clear(),
            Self::Set(value) => {
                field.clear();
                field.push_str(value);
            }
        }
    }

    /// Carries it out on a field that may be null; `tidy` gives the value its stored form.
    pub(super) fn apply_optional(&self, field: &mut Option<String>, tidy: impl Fn(&str) -> String) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = (!value.is_empty()).then(|| tidy(value)),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Change<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrNull)
    }
}

struct TextOrNull;

impl<'de> Visitor<'de> for TextOrNull {
    type Value = Change<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text or null")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Change::Set(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Change::Set(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Change::Clear)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Body<'a> {
        #[serde(borrow, default)]
        name: Change<'a>,
    }

    fn read(json: &str) -> Option<Change<'_>> {
        serde_json::from_str::<Body<'_>>(json).ok().map(|body| body.name)
    }

    #[test]
    fn absence_null_and_a_value_are_three_things() {
        assert_eq!(read("{}"), Some(Change::Keep));
        assert_eq!(read(r#"{"name":null}"#), Some(Change::Clear));
        assert_eq!(read(r#"{"name":"a"}"#), Some(Change::Set(Cow::Borrowed("a"))));
        assert_eq!(read(r#"{"name":"\n"}"#), Some(Change::Set(Cow::Borrowed("\n"))));
        assert_eq!(read(r#"{"name":{}}"#), None);
        assert_eq!(read(r#"{"name":3}"#), None);
    }

    #[test]
    fn a_change_is_carried_out_on_its_field() {
        let (mut name, mut phone) = ("a".to_owned(), Some("1".to_owned()));
        Change::Set("b".into()).apply(&mut name);
        Change::Keep.apply_optional(&mut phone, str::to_owned);
        assert_eq!((name.as_str(), phone.as_deref()), ("b", Some("1")));
        Change::Clear.apply(&mut name);
        Change::Set("".into()).apply_optional(&mut phone, str::to_owned);
        assert_eq!((name.as_str(), phone), ("", None));
    }
}
