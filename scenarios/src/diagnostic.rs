//! Diagnostics: what is wrong with something that a person wrote, where, and how to mend it. One at a time, in full.
//! What is right and wrong is decided elsewhere, beside the thing itself.

pub(crate) mod nearest;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A text that a person wrote, as diagnostics quote it. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    name: Arc<str>,
    text: Arc<str>,
}

impl Source {
    /// A text under the name that its author knows it by.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: shown(name).into(), text: text.into() }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of these bytes, cut back to what the text holds.
    #[must_use]
    pub fn place(&self, bytes: Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(bytes.start);
        let end = self.text.floor_char_boundary(bytes.end).max(start);
        Place { source: self.clone(), bytes: start..end }
    }

    /// The place of this line and column, both from 1; the nearest there is where the text has no such place.
    #[must_use]
    pub fn place_at(&self, line: usize, column: usize) -> Place {
        let mut start = 0;
        for passed in self.text.split_inclusive('\n').take(line.saturating_sub(1)) {
            start += passed.len();
        }
        let rest = self.text[start..].split('\n').next().unwrap_or_default();
        let ahead: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        self.place(start + ahead..start + ahead)
    }
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    source: Source,
    bytes: Range<usize>,
}

impl Place {
    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.source.name
    }

    /// Its line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// Its column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.before().rsplit('\n').next().unwrap_or_default().chars().count() + 1
    }

    /// All the text before it.
    #[must_use]
    pub fn before(&self) -> &str {
        self.source.text.get(..self.bytes.start).unwrap_or_default()
    }

    /// The text that it covers.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.text.get(self.bytes.clone()).unwrap_or_default()
    }

    fn snippet<'a>(&'a self, kind: AnnotationKind, label: &'a str) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        let mark = kind.span(self.bytes.clone());
        let mark = if label.is_empty() { mark } else { mark.label(label) };
        Snippet::source(&*self.source.text).path(&*self.source.name).annotation(mark)
    }
}

/// Something wrong with the input. Its `Display` is the whole report, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    message: String,
    field: Option<String>,
    value: Option<String>,
    nearest: Option<String>,
    fix: Option<String>,
    place: Option<Place>,
    label: String,
    earlier: Option<Place>,
}

impl Diagnostic {
    /// What is wrong, in one line.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Parts {
            message: message.into(),
            field: None,
            value: None,
            nearest: None,
            fix: None,
            place: None,
            label: String::new(),
            earlier: None,
        }))
    }

    /// Says where, and a few words beside the place (or none).
    #[must_use]
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.0.place = Some(place);
        self.0.label = label.into();
        self
    }

    /// Says which setting it is about, by its path in the file.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Says which value is wrong, as written.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.0.value = Some(value.into());
        self
    }

    /// Names the valid name that was probably meant.
    #[must_use]
    pub fn nearest(mut self, name: Option<&str>) -> Self {
        self.0.nearest = name.map(str::to_owned);
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.0.fix = Some(fix.into());
        self
    }

    /// Shows an earlier place that this one contradicts.
    #[must_use]
    pub fn earlier(mut self, place: Place) -> Self {
        self.0.earlier = Some(place);
        self
    }

    /// What is wrong, in one line, without its place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The path of the setting that it is about.
    #[must_use]
    pub fn field_path(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The value that is wrong, as written.
    #[must_use]
    pub fn written(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Where; `None` where no text could be read.
    #[must_use]
    pub const fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The whole report, for a terminal that shows colours or for one that doesn't.
    #[must_use]
    pub fn render(&self, coloured: bool) -> String {
        let parts = &*self.0;
        let mut group = Group::with_title(Level::ERROR.primary_title(&*parts.message));
        if let Some(place) = &parts.place {
            group = group.element(place.snippet(AnnotationKind::Primary, &parts.label));
        }
        if let Some(earlier) = &parts.earlier {
            group = group.element(earlier.snippet(AnnotationKind::Context, "first here"));
        }
        if let Some(name) = &parts.nearest {
            group = group.element(Level::HELP.message(format!("did you mean `{name}`?")));
        }
        if let Some(fix) = &parts.fix {
            group = group.element(Level::HELP.message(&**fix));
        }
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostic {}

/// A text of unknown length and contents as a message may quote it: on one line, printable, at most 80 characters.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    for (nth, c) in text.chars().enumerate() {
        if nth == 80 {
            out.push('…');
            break;
        }
        if c.is_control() {
            out.extend(c.escape_debug());
        } else if is_unseen(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether a reader could not tell it from a blank or from nothing, or would see others in another order for it.
fn is_unseen(c: char) -> bool {
    let blank = c.is_whitespace() && c != ' ';
    blank
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(shown("li\u{a0}mits\u{200b}"), "li\\u{a0}mits\\u{200b}");
        assert_eq!(shown("\u{feff}a\u{202e}b\t"), "\\u{feff}a\\u{202e}b\\t");
        assert_eq!(shown("a name, as written: ä 名 🙂"), "a name, as written: ä 名 🙂");
    }
}
