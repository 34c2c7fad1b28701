//! Which fields of a user an answer shows: all, those that `fields` names, or all but those.

use super::super::target::Query;

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown(u32);

/// The constants, and the fields' names in the same order.
macro_rules! fields {
    ($($constant:ident $name:literal,)*) => {
        impl Shown {
            fields!(@bits 0, $($constant,)*);
            const NAMES: &[(&str, u32)] = &[$(($name, Self::$constant),)*];
        }
    };
    (@bits $at:expr, $constant:ident, $($rest:ident,)*) => {
        pub(super) const $constant: u32 = 1 << ($at);
        fields!(@bits $at + 1, $($rest,)*);
    };
    (@bits $at:expr,) => {};
}

fields! {
    USER_ID "user_id",
    EMAIL "email",
    EMAIL_VERIFIED "email_verified",
    PHONE_NUMBER "phone_number",
    PHONE_VERIFIED "phone_verified",
    USERNAME "username",
    GIVEN_NAME "given_name",
    FAMILY_NAME "family_name",
    NAME "name",
    NICKNAME "nickname",
    CREATED_AT "created_at",
    UPDATED_AT "updated_at",
    IDENTITIES "identities",
    APP_METADATA "app_metadata",
    USER_METADATA "user_metadata",
    BLOCKED "blocked",
    PICTURE "picture",
}

impl Shown {
    /// The whole user.
    pub(super) const ALL: Self = Self(u32::MAX);

    /// Reads `fields` and `include_fields`. A field that no user has is shown by nobody, as the vendor does; of
    /// a path only the field at its root counts.
    pub(super) fn of(query: Query<'_>) -> Self {
        let Some(names) = query.get("fields").filter(|names| !names.is_empty()) else { return Self::ALL };
        let bit = |name: &str| {
            let root = name.trim().split('.').next().unwrap_or_default();
            Self::NAMES.iter().find(|(known, _)| *known == root).map_or(0, |(_, bit)| *bit)
        };
        let named = names.split(',').fold(0, |named, name| named | bit(name));
        if query.get("include_fields").is_some_and(|include| include == "false") { Self(!named) } else { Self(named) }
    }

    /// Whether it has this field.
    pub(super) const fn has(self, field: u32) -> bool {
        self.0 & field != 0
    }
}
