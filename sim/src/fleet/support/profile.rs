//! What few users of the help desk say of themselves: notes, details, language, time zone and fields of the account's
//! own making. It stands apart, so that whoever says none of it pays for none of it.

use std::collections::BTreeMap;

use super::super::Fingerprint;
use super::super::body::Body;
use super::super::change::Change;
use super::super::json::{Json, key, write_object};

/// How a user who says nothing of this is shown.
const NOTHING_SAID: &str = r#""time_zone":"UTC","locale":"en-US","notes":"","details":"","user_fields":{}"#;

/// What a user says.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    time_zone: Option<String>,
    locale: Option<String>,
    notes: String,
    details: String,
    /// Fields of the account's own making: values as the JSON that was sent.
    own: BTreeMap<String, String>,
}

/// What a request says.
#[derive(Debug, Default)]
pub(super) struct ProfileFields<'a> {
    time_zone: Change<'a>,
    locale: Change<'a>,
    notes: Change<'a>,
    details: Change<'a>,
    own: Vec<(String, &'a str)>,
}

impl<'a> ProfileFields<'a> {
    /// Reads the field of this name; nothing where it is none of these.
    pub(super) fn read(said: &mut Option<Box<Self>>, name: &str, body: &mut Body<'a>) -> Option<()> {
        if !matches!(name, "time_zone" | "locale" | "notes" | "details" | "user_fields") {
            return body.skip();
        }
        let fields = said.get_or_insert_default();
        let field = match name {
            "time_zone" => &mut fields.time_zone,
            "locale" => &mut fields.locale,
            "notes" => &mut fields.notes,
            "details" => &mut fields.details,
            _ if body.null() => return Some(()),
            _ => {
                return body.object(|name, body| {
                    let value = body.raw()?;
                    fields.own.push((name.to_owned(), value));
                    Some(())
                });
            }
        };
        *field = body.scalar()?;
        Some(())
    }

    /// Writes it into a user. Own fields that are not mentioned stay.
    pub(super) fn apply(&self, profile: &mut Profile) {
        self.time_zone.apply_optional(&mut profile.time_zone, str::to_owned);
        self.locale.apply_optional(&mut profile.locale, str::to_owned);
        self.notes.apply(&mut profile.notes);
        self.details.apply(&mut profile.details);
        for (name, value) in &self.own {
            profile.own.insert(name.clone(), (*value).to_owned());
        }
    }
}

impl Profile {
    /// The notes that agents took.
    pub(super) fn notes(&self) -> &str {
        &self.notes
    }

    /// The details.
    pub(super) fn details(&self) -> &str {
        &self.details
    }

    /// Shows it; or how it is with a user who has none.
    pub(super) fn write(profile: Option<&Self>, json: &mut Json) {
        let Some(profile) = profile else { return json.optional(NOTHING_SAID) };
        json.optional_by(|json| {
            json.text(key!("time_zone"), profile.time_zone.as_deref().unwrap_or("UTC"));
            json.text(key!("locale"), profile.locale.as_deref().unwrap_or("en-US"));
            json.text(key!("notes"), &profile.notes);
            json.text(key!("details"), &profile.details);
            json.value(key!("user_fields"), |out| write_object(out, &profile.own));
        });
    }

    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        for text in [self.time_zone.as_deref(), self.locale.as_deref(), Some(&*self.notes), Some(&*self.details)] {
            print.bytes(text.unwrap_or_default().as_bytes());
        }
        print.number(self.own.len() as u64);
        for (name, value) in &self.own {
            print.bytes(name.as_bytes());
            print.bytes(value.as_bytes());
        }
    }
}
