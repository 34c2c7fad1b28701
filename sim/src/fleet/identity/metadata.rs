//! A user's metadata: a JSON object of which only the top level is understood. Values are kept as they were sent.

use std::borrow::Cow;

use serde_json::Value;

use super::super::Fingerprint;
use super::super::body::Body;
use super::super::json::{write_object, write_text};

/// Keys with their values in JSON, in order of first writing.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(Vec<(String, String)>);

/// What a request says about metadata: values by key, of which null removes.
#[derive(Debug, Default)]
pub(super) struct MetadataChange<'a>(Vec<(String, &'a str)>);

impl Metadata {
    /// Metadata that says only this.
    pub(super) fn of_text(key: &str, text: &str) -> Self {
        let mut value = Vec::with_capacity(text.len() + 2);
        write_text(&mut value, text);
        Self(vec![(key.to_owned(), String::from_utf8(value).unwrap_or_default())])
    }

    /// Merges the top level: what is mentioned is replaced whole, null removes.
    pub(super) fn merge(&mut self, change: &MetadataChange<'_>) {
        for (key, value) in &change.0 {
            let place = self.0.iter().position(|(known, _)| known == key);
            match (place, *value) {
                (Some(place), "null") => drop(self.0.remove(place)),
                (None, "null") => {}
                (Some(place), value) => value.clone_into(&mut self.0[place].1),
                (None, value) => self.0.push((key.clone(), value.to_owned())),
            }
        }
    }

    /// Whether it says nothing.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text under a key, if it is a text.
    pub(super) fn text(&self, key: &str) -> Option<Cow<'_, str>> {
        let (_, value) = self.0.iter().find(|(known, _)| known == key)?;
        let inner = value.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') { serde_json::from_str(value).ok().map(Cow::Owned) } else { Some(Cow::Borrowed(inner)) }
    }

    /// Whether any value at the end of a path of keys is wanted. Lists are looked into; nothing and emptiness are not.
    pub(super) fn leaves(&self, path: &str, wanted: &mut impl FnMut(&str) -> bool) -> bool {
        let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
        let Some((_, value)) = self.0.iter().find(|(known, _)| known == key) else { return false };
        serde_json::from_str(value).is_ok_and(|value| any_leaf(&value, rest, wanted))
    }

    /// Appends it as a JSON object.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        write_object(out, self.0.iter().map(|(key, value)| (key, value)));
    }

    /// Feeds all that it says.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(self.0.len() as u64);
        for (key, value) in &self.0 {
            print.bytes(key.as_bytes());
            print.bytes(value.as_bytes());
        }
    }
}

fn any_leaf(value: &Value, path: Option<&str>, wanted: &mut impl FnMut(&str) -> bool) -> bool {
    match (value, path) {
        (Value::Array(items), path) => items.iter().any(|item| any_leaf(item, path, wanted)),
        (Value::Object(members), Some(path)) => {
            let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
            members.get(key).is_some_and(|value| any_leaf(value, rest, wanted))
        }
        (Value::Object(members), None) => !members.is_empty() && wanted("{}"),
        (Value::String(text), None) => wanted(text),
        (Value::Number(number), None) => wanted(&number.to_string()),
        (Value::Bool(flag), None) => wanted(if *flag { "true" } else { "false" }),
        _ => false,
    }
}

impl<'a> MetadataChange<'a> {
    /// Reads an object, or null, which says nothing.
    pub(super) fn read(&mut self, body: &mut Body<'a>) -> Option<()> {
        if body.null() {
            return Some(());
        }
        body.object(|name, body| {
            self.0.push((name.to_owned(), body.raw()?));
            Some(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(text: &str) -> Option<MetadataChange<'_>> {
        let mut change = MetadataChange::default();
        Body::read(text.as_bytes(), |body| change.read(body))?;
        Some(change)
    }

    fn merged(steps: &[&str]) -> Metadata {
        let mut metadata = Metadata::default();
        for step in steps {
            metadata.merge(&change(step).unwrap());
        }
        metadata
    }

    fn written(metadata: &Metadata) -> String {
        let mut out = Vec::new();
        metadata.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_merge_replaces_what_it_mentions_and_null_removes() {
        let metadata = merged(&[r#"{"a":{"x":1,"y":2},"b":"t"}"#, r#"{"a":{"x":3},"b":null,"c":null,"d":[1]}"#]);
        assert_eq!(written(&metadata), r#"{"a":{"x":3},"d":[1]}"#);
        assert_eq!(written(&Metadata::default()), "{}");
    }

    #[test]
    fn only_a_text_reads_as_text() {
        let metadata = merged(&[r#"{"owner":"C001/s1","odd":"a\"\u0041","number":3}"#]);
        assert_eq!(metadata.text("owner").as_deref(), Some("C001/s1"));
        assert_eq!(metadata.text("odd").as_deref(), Some("a\"A"));
        assert_eq!(metadata.text("number"), None);
        assert_eq!(Metadata::of_text("owner", "\"").text("owner").as_deref(), Some("\""));
    }

    #[test]
    fn metadata_is_an_object() {
        assert!(change("[1]").is_none() && change("3").is_none());
        assert!(change("null").is_some());
    }
}
