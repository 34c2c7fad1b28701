//! JSON as the connectors write and read it: bodies written straight into bytes, texts borrowed from the answer,
//! error trees of any shape walked to their leaves. It knows no vendor.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A part of a body.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// JSON, written as it is.
    Raw(&'a str),
    /// A string.
    Text(&'a str),
    /// Several pieces, as one string.
    Joined(&'a [&'a str]),
    /// A string or `null`.
    Maybe(Option<&'a str>),
    /// A given and a family name, as one string.
    Name(&'a str, &'a str),
    /// An id: a number where it is one, else a string.
    Id(&'a str),
}

/// The body that these parts make.
pub(super) fn body(parts: &[Part<'_>]) -> Vec<u8> {
    let length = parts.iter().map(|part| match part {
        Part::Raw(text) => text.len(),
        Part::Text(text) | Part::Maybe(Some(text)) | Part::Id(text) => text.len() + 4,
        Part::Joined(pieces) => pieces.iter().map(|piece| piece.len()).sum::<usize>() + 4,
        Part::Maybe(None) => 4,
        Part::Name(given, family) => given.len() + family.len() + 4,
    });
    let mut body = Vec::with_capacity(length.sum());
    for part in parts {
        match *part {
            Part::Raw(text) => body.extend_from_slice(text.as_bytes()),
            Part::Text(text) | Part::Maybe(Some(text)) => string(&mut body, &[text]),
            Part::Joined(pieces) => string(&mut body, pieces),
            Part::Maybe(None) => body.extend_from_slice(b"null"),
            Part::Name(given, "") => string(&mut body, &[given]),
            Part::Name("", family) => string(&mut body, &[family]),
            Part::Name(given, family) => string(&mut body, &[given, " ", family]),
            Part::Id(id) if is_number(id) => body.extend_from_slice(id.as_bytes()),
            Part::Id(id) => string(&mut body, &[id]),
        }
    }
    body
}

/// Whether the id reads back the same as a JSON integer.
fn is_number(id: &str) -> bool {
    (1..=18).contains(&id.len()) && !id.starts_with('0') && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// Appends the pieces as one JSON string.
fn string(body: &mut Vec<u8>, pieces: &[&str]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    body.push(b'"');
    for piece in pieces {
        let mut rest = piece.as_bytes();
        while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)) {
            let (plain, special) = rest.split_at(at);
            body.extend_from_slice(plain);
            match special[0] {
                byte @ (b'"' | b'\\') => body.extend_from_slice(&[b'\\', byte]),
                byte => {
                    body.extend_from_slice(b"\\u00");
                    body.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
                }
            }
            rest = &special[1..];
        }
        body.extend_from_slice(rest);
    }
    body.push(b'"');
}

/// The object that the text holds; `None` where it is no object of that shape.
pub(super) fn object<'a, T: Deserialize<'a>>(text: &'a str) -> Option<T> {
    // A derived struct would also be read from a list.
    if text.trim_ascii_start().starts_with('{') { serde_json::from_str(text).ok() } else { None }
}

/// A text of an answer, borrowed where it has no escapes. A number is taken as its digits; `null`, a missing member
/// and whatever else is no text are taken as nothing, for strangers' records may hold anything.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    /// The text, where there is one and it is not empty.
    pub(super) fn get(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// The text, where there is one and it is not empty.
    pub(super) fn owned(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty()).map(Cow::into_owned)
    }

    /// The text in lower case, where there is one and it is not empty.
    pub(super) fn lower(self) -> Option<String> {
        let mut text = self.owned()?;
        if text.is_ascii() {
            text.make_ascii_lowercase();
            Some(text)
        } else {
            Some(text.to_lowercase())
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// One leaf of an error tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf<'a> {
    /// The nearest key above it; empty where there is none.
    pub(super) key: Cow<'a, str>,
    /// What it says.
    pub(super) text: Cow<'a, str>,
}

/// The leaves of an error value of any shape: a text, a list of texts, field → list of texts, field → list of objects.
/// `null`, `false`, and empty lists and objects say nothing.
#[derive(Debug, Default)]
pub(super) struct Leaves<'a>(pub(super) Vec<Leaf<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Leaves<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut leaves = Vec::new();
        Walk { key: Cow::Borrowed(""), leaves: &mut leaves }.deserialize(deserializer)?;
        Ok(Self(leaves))
    }
}

/// A walk below one key.
struct Walk<'w, 'de> {
    key: Cow<'de, str>,
    leaves: &'w mut Vec<Leaf<'de>>,
}

impl<'de> Walk<'_, 'de> {
    fn leaf(self, text: Cow<'de, str>) {
        self.leaves.push(Leaf { key: self.key, text });
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.leaf(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.leaf(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.leaf(Cow::Owned(number.to_string()));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.leaf(Cow::Owned(number.to_string()));
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.leaf(Cow::Borrowed("a number"));
        Ok(())
    }

    fn visit_bool<E>(self, said: bool) -> Result<(), E> {
        if said {
            self.leaf(Cow::Borrowed("true"));
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Walk { key: self.key.clone(), leaves: &mut *self.leaves })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Text<'de>>()? {
            map.next_value_seed(Walk { key: key.0.unwrap_or_default(), leaves: &mut *self.leaves })?;
        }
        Ok(())
    }
}
