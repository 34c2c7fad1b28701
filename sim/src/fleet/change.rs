//! What a request says about one text field: nothing, null, or a new value. Updates need to tell the first two apart.

use std::borrow::Cow;

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

#[cfg(test)]
mod tests {
    use super::*;

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
