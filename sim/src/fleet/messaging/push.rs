//! The body of a push, and what is wrong with it in the vendor's words ("Error responses", "Message objects").

use std::borrow::Cow;

use super::super::body::Body;

/// The types of messages that there are.
const TYPES: &[&str] =
    &["text", "textV2", "image", "video", "audio", "location", "sticker", "template", "imagemap", "flex"];
/// The longest text, in letters.
const LONGEST: usize = 5000;

/// The body of a push.
#[derive(Debug, Default)]
pub(super) struct Push<'a> {
    pub(super) to: Cow<'a, str>,
    /// How many messages it has.
    pub(super) messages: usize,
    /// What is wrong with them: the message and the property.
    pub(super) faults: Vec<(&'static str, String)>,
}

impl<'a> Push<'a> {
    /// Reads a body.
    pub(super) fn of(body: &'a [u8]) -> Option<Self> {
        let mut push = Self::default();
        Body::read(body, |body| {
            body.object(|name, body| match name {
                "to" => body.text().map(|to| push.to = to),
                "messages" => body.list(|body| {
                    if let Some((what, property)) = fault(body)? {
                        push.faults.push((what, format!("messages[{}].{property}", push.messages)));
                    }
                    push.messages += 1;
                    Some(())
                }),
                _ => body.skip(),
            })
        })?;
        if !(1..=5).contains(&push.messages) {
            push.faults = vec![("Size must be between 1 and 5", "messages".to_owned())];
        }
        Some(push)
    }
}

/// Reads a message, and tells what is wrong with it, and where.
fn fault(body: &mut Body<'_>) -> Option<Option<(&'static str, &'static str)>> {
    let (mut kind, mut text) = (Cow::Borrowed(""), Cow::Borrowed(""));
    body.object(|name, body| match name {
        "type" => body.text().map(|value| kind = value),
        "text" => body.text().map(|value| text = value),
        _ => body.skip(),
    })?;
    let is_text = matches!(&*kind, "text" | "textV2");
    Some(if !TYPES.contains(&&*kind) {
        let kinds = "Must be one of the following values: [text, textV2, image, video, audio, location, sticker, \
                     template, imagemap, flex]";
        Some((kinds, "type"))
    } else if is_text && text.is_empty() {
        Some(("May not be empty", "text"))
    } else if is_text && text.len() > LONGEST && text.chars().count() > LONGEST {
        Some(("Length must be between 0 and 5000", "text"))
    } else {
        None
    })
}
