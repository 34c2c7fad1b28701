//! How validated settings are read out of a mapping as written: present or missing, wrong with its place and its path.
//! What makes a value right stands with each setting.

use std::collections::BTreeMap;

use serde_saphyr::{Location, Spanned};

use super::raw::{Field, Texts};
use crate::diagnostic::{Diagnostic, Place, Source, nearest, shown};

/// Why a setting's text is wrong, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// What is wrong with it, to follow the value: `is not a duration`.
    pub(super) problem: String,
    /// The valid name that was probably meant.
    pub(super) nearest: Option<String>,
    /// What to write instead.
    pub(super) fix: String,
}

impl Wrong {
    /// Something wrong that is no misspelt name.
    pub(super) fn new(problem: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { problem: problem.into(), nearest: None, fix: fix.into() }
    }

    /// A name that is none of these.
    pub(super) fn name<'a>(kind: &str, written: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> Self {
        let valid: Vec<&str> = names.clone().into_iter().collect();
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        Self {
            problem: format!("is no {kind}"),
            nearest: nearest::nearest(written, names).map(str::to_owned),
            fix: format!("{article} {kind} is one of {}", valid.join(", ")),
        }
    }
}

/// A mapping being read: which text it stands in, where, and under which path.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    source: &'a Source,
    path: String,
    at: Location,
}

impl<'a> Reader<'a> {
    /// The reader of a whole file.
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, path: String::new(), at: Location::UNKNOWN }
    }

    /// The reader of an inner mapping, under its name.
    pub(super) fn inner<T>(&self, written: &Spanned<T>, name: &str) -> Self {
        Self { source: self.source, path: self.path_of(name), at: written.referenced }
    }

    /// The path of a setting of this mapping.
    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Where a setting is written; where this mapping begins if it isn't.
    pub(super) fn place_of<T>(&self, field: &Field<T>) -> Place {
        place(self.source, field.0.as_ref().map_or(self.at, |written| written.referenced))
    }

    /// A setting that may be absent.
    pub(super) fn optional<T>(
        &self,
        field: &Field<String>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Diagnostic> {
        field.0.as_ref().map(|text| self.one(text, name, parse)).transpose()
    }

    /// A setting that has a default.
    pub(super) fn or<T>(
        &self,
        default: T,
        field: &Field<String>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Diagnostic> {
        Ok(self.optional(field, name, parse)?.unwrap_or(default))
    }

    /// A setting that must be there.
    pub(super) fn required<T>(
        &self,
        field: &Field<String>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Diagnostic> {
        self.one(self.present(field, name)?, name, parse)
    }

    /// What is written for a setting that must be there.
    pub(super) fn present<'f, T>(&self, field: &'f Field<T>, name: &str) -> Result<&'f Spanned<T>, Diagnostic> {
        field.0.as_ref().ok_or_else(|| self.missing(name))
    }

    /// A list of texts; `None` where it is absent. An empty list is wrong.
    pub(super) fn list<T>(
        &self,
        field: &Field<Texts>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<Option<Vec<T>>, Diagnostic> {
        let Some(texts) = &field.0 else { return Ok(None) };
        self.entries(texts, name, "name at least one, or leave it out", parse).map(Some)
    }

    /// A list of texts that must be there.
    pub(super) fn required_list<T>(
        &self,
        field: &Field<Texts>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Diagnostic> {
        self.entries(self.present(field, name)?, name, "name at least one", parse)
    }

    fn entries<T>(
        &self,
        texts: &Spanned<Texts>,
        name: &str,
        empty: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Diagnostic> {
        if texts.value.is_empty() {
            return Err(self.wrong(texts.referenced, name, "[]", Wrong::new("is empty", empty)));
        }
        let entries = texts.value.iter().enumerate();
        entries.map(|(nth, text)| self.one(text, &format!("{name}[{nth}]"), &parse)).collect()
    }

    /// Refuses a text that a list holds twice.
    pub(super) fn distinct(&self, field: &Field<Texts>, name: &str) -> Result<(), Diagnostic> {
        let texts = field.0.iter().flat_map(|texts| &texts.value).enumerate();
        let mut met: BTreeMap<&str, Location> = BTreeMap::new();
        for (nth, text) in texts {
            if let Some(first) = met.insert(&text.value, text.referenced) {
                let twice = Wrong::new("is named twice", "keep one of the two");
                let told = self.wrong(text.referenced, &format!("{name}[{nth}]"), &text.value, twice);
                return Err(told.earlier(place(self.source, first)));
            }
        }
        Ok(())
    }

    /// An inner mapping that may be absent.
    pub(super) fn section<R, T>(
        &self,
        field: &Field<R>,
        name: &str,
        read: impl Fn(&Reader<'_>, &R) -> Result<T, Diagnostic>,
    ) -> Result<Option<T>, Diagnostic> {
        field.0.as_ref().map(|written| read(&self.inner(written, name), &written.value)).transpose()
    }

    /// A list of inner mappings; empty where it is absent.
    pub(super) fn each<R, T>(
        &self,
        field: &Field<Vec<Spanned<R>>>,
        name: &str,
        read: impl Fn(&Reader<'_>, &R) -> Result<T, Diagnostic>,
    ) -> Result<Vec<T>, Diagnostic> {
        let entries = field.0.iter().flat_map(|list| &list.value).enumerate();
        entries.map(|(nth, one)| read(&self.inner(one, &format!("{name}[{nth}]")), &one.value)).collect()
    }

    /// A complaint about this mapping as a whole.
    pub(super) fn complain(&self, problem: &str, fix: &str) -> Diagnostic {
        Diagnostic::new(format!("`{}` {problem}", self.path))
            .field(&*self.path)
            .at(place(self.source, self.at), "")
            .fix(fix)
    }

    /// A complaint about a value that is right by itself but not here.
    pub(super) fn refuse<T>(&self, field: &Field<T>, name: &str, problem: &str, fix: &str) -> Diagnostic {
        let path = self.path_of(name);
        Diagnostic::new(format!("`{path}` {problem}")).field(path).at(self.place_of(field), "").fix(fix)
    }

    /// The same, naming the value.
    pub(super) fn refuse_value(&self, field: &Field<String>, name: &str, problem: &str, fix: &str) -> Diagnostic {
        let (path, value) = (self.path_of(name), shown(field.0.as_ref().map_or("", |written| &written.value)));
        let told = Diagnostic::new(format!("`{path}`: `{value}` {problem}")).field(path).value(value);
        told.at(self.place_of(field), "").fix(fix)
    }

    /// A complaint about a setting that isn't there.
    pub(super) fn missing(&self, name: &str) -> Diagnostic {
        let path = self.path_of(name);
        Diagnostic::new(format!("`{path}` is missing"))
            .field(path)
            .at(place(self.source, self.at), "in this mapping")
            .fix(format!("add `{name}:` here"))
    }

    fn one<T>(
        &self,
        text: &Spanned<String>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Result<T, Diagnostic> {
        parse(&text.value).map_err(|wrong| self.wrong(text.referenced, name, &text.value, wrong))
    }

    fn wrong(&self, at: Location, name: &str, value: &str, wrong: Wrong) -> Diagnostic {
        let path = self.path_of(name);
        let value = shown(value);
        Diagnostic::new(format!("`{path}`: `{value}` {}", wrong.problem))
            .at(place(self.source, at), wrong.problem)
            .field(path)
            .value(value)
            .nearest(wrong.nearest.as_deref())
            .fix(wrong.fix)
    }
}

/// The place of a location that the YAML reader gave; where it knows no bytes, of its line and column.
pub(super) fn place(source: &Source, at: Location) -> Place {
    let span = at.span();
    match span.byte_offset() {
        Some(start) => {
            let start = start as usize;
            source.place(start..start.saturating_add(span.byte_len().unwrap_or_default() as usize))
        }
        None => source.place_at(at.line() as usize, at.column() as usize),
    }
}
