//! From a file's text to its mappings as written. Every complaint of the YAML reader becomes a diagnostic here,
//! in our words.

use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, MessageFormatter, Options, UserMessageFormatter, alias_limits, budget, options};

use super::read::place;
use crate::diagnostic::{Diagnostic, Place, Source, nearest, shown};

/// Reads a file's text. Bounded in time and memory whatever the text is: its length is bounded by who read it, and
/// depth, nodes and what aliases may repeat have budgets.
/// `begin` tells how to begin such a file.
pub(super) fn parse<T: DeserializeOwned>(source: &Source, begin: &str) -> Result<T, Diagnostic> {
    if source.text().trim().is_empty() {
        return Err(Diagnostic::new("the file is empty").at(source.place(0..0), "").fix(begin));
    }
    serde_saphyr::from_str_with_options(source.text(), bounds()).map_err(|error| complain(source, &error))
}

const PLAIN: &str = "write it plainly, without tags, anchors and aliases";

/// How to begin a file.
pub(super) const BEGIN: &str = "write `scenarios:` and under it a list; docs/scenario-format.md tells how";

fn bounds() -> Options {
    options! {
        budget: budget! {
            max_depth: 32,
            flow_nesting_limit: 64,
            max_nodes: 100_000,
            max_events: 400_000,
            max_aliases: 1_000,
            max_anchors: 1_000,
            max_merge_keys: 1_000,
            max_recorded_anchor_events: 100_000,
        },
        alias_limits: alias_limits! { max_total_replayed_events: 100_000, max_replay_stack_depth: 8 },
        with_snippet: false,
    }
}

fn complain(source: &Source, error: &Error) -> Diagnostic {
    let error = error.without_snippet();
    let at = error.location().unwrap_or(Location::UNKNOWN);
    let diagnostic = match error {
        Error::AliasError { error: inner, locations, .. } => {
            return complain(source, inner).earlier(place(source, locations.defined_location));
        }
        Error::SerdeUnknownField { field, expected, .. } => unknown_field(field, expected),
        Error::DuplicateMappingKey { key, .. } => {
            let key = shown(key.as_deref().unwrap_or("a field"));
            Diagnostic::new(format!("`{key}` is written twice")).field(key).fix("keep one of the two")
        }
        Error::MultipleDocuments { .. } => Diagnostic::new("there is more than one YAML document")
            .fix("a file is one document: put all scenarios under one `scenarios:`"),
        Error::UnknownAnchor { .. } => unknown_anchor(source, at),
        Error::TaggedScalarCannotDeserializeIntoString { .. } | Error::UnsupportedTag { .. } => {
            Diagnostic::new("a tag stands before this value, and tags may not be used").fix("leave the tag out")
        }
        Error::NullIntoString { .. } => wrong_kind(source, at, "a value"),
        Error::Unexpected { expected: "sequence start", .. } => wrong_kind(source, at, "a list"),
        Error::Unexpected { expected: "mapping start", .. } => wrong_kind(source, at, "a mapping"),
        Error::Unexpected { expected: "string scalar", .. } => wrong_kind(source, at, "a single value"),
        Error::SerdeInvalidType { .. } => Diagnostic::new("this is not the kind of value that belongs here").fix(PLAIN),
        Error::ExternalMessage { msg, .. } if msg == "recursion limit exceeded" => too_much("nested too deeply"),
        Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => too_much("nested too deeply"),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => too_much("too large, with what its aliases repeat"),
        _ => {
            let told = UserMessageFormatter.format_message(error);
            // The reader points at the value before, which it had hoped would go on.
            match told.contains("tab").then(|| tab_in_indentation(source, at)).flatten() {
                Some(tab) => {
                    let told = Diagnostic::new("a tab stands in the indentation, where YAML takes spaces only");
                    return told.at(tab, "").fix("write spaces instead");
                }
                None => unreadable(&told),
            }
        }
    };
    diagnostic.at(place(source, at), "")
}

fn too_much(problem: &str) -> Diagnostic {
    Diagnostic::new(format!("the file is {problem}")).fix(PLAIN)
}

fn unknown_field(field: &str, expected: &[&'static str]) -> Diagnostic {
    let likely = nearest::nearest(field, expected.iter().copied());
    let field = shown(field);
    Diagnostic::new(format!("unknown field `{field}`"))
        .nearest(likely)
        .fix(format!("the fields here are {}", expected.join(", ")))
        .field(field)
}

/// A complaint about an alias of nothing.
fn unknown_anchor(source: &Source, at: Location) -> Diagnostic {
    let place = place(source, at);
    let written = source.text()[place.before().len()..].trim_start_matches('*');
    let end = written.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(written.len());
    let name = shown(&written[..end]);
    Diagnostic::new(format!("there is no anchor `{name}`"))
        .fix(format!("write `&{name}` before the value that is meant, further up, or the value itself here"))
        .value(format!("*{name}"))
}

/// The first tab in the indentation of a line, from this line on.
fn tab_in_indentation(source: &Source, at: Location) -> Option<Place> {
    let mut start = 0;
    for (nth, line) in source.text().split_inclusive('\n').enumerate() {
        let indented = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indented.find('\t').filter(|_| nth + 1 >= at.line() as usize && !line.trim().is_empty()) {
            return Some(source.place(start + tab..start + tab + 1));
        }
        start += line.len();
    }
    None
}

/// A complaint about a node of another kind than the format has there.
fn wrong_kind(source: &Source, at: Location, kind: &str) -> Diagnostic {
    let place = place(source, at);
    let written = shown(place.text());
    let at = place.before().len();
    let first = first_key(&source.text()[at..]).filter(|_| written.is_empty());
    let found = match source.text()[at..].chars().next() {
        Some('[' | '-') => "it is a list".to_owned(),
        Some('{') => "it is a mapping".to_owned(),
        _ if first.is_some() => "it is a mapping".to_owned(),
        _ if written.is_empty() => "nothing is written".to_owned(),
        _ => format!("it is `{written}`"),
    };
    let put = first.map(|key| format!("put `- ` before `{key}`, and before the first line of each further entry"));
    let fix = match kind {
        "a list" if put.is_some() => put.as_deref().unwrap_or_default(),
        "a list" => "write the entries in brackets, `[one, two]`, or each on a line after `- `",
        "a mapping" => "write `name: value` lines below it, further indented",
        _ => "write it behind the colon, or leave the whole line out",
    };
    match key_at(source.text(), at) {
        Some(key) => Diagnostic::new(format!("`{key}` must be {kind}, but {found}")).field(key),
        None => Diagnostic::new(format!("there must be {kind} here, but {found}")),
    }
    .value(written)
    .fix(fix)
}

/// The key with which a mapping begins here whose entries stand a line each.
fn first_key(text: &str) -> Option<&str> {
    let (key, rest) = text.lines().next()?.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_key && rest.chars().next().is_none_or(char::is_whitespace)).then_some(key)
}

/// The key whose value begins here, or whose colon stands here with nothing behind it.
fn key_at(text: &str, at: usize) -> Option<&str> {
    let colon = if text[at..].starts_with(':') { at } else { text[..at].trim_end().strip_suffix(':')?.len() };
    let key = text.get(..colon)?;
    let start = key.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    key.get(start..).filter(|key| !key.is_empty())
}

/// A complaint in the YAML reader's own words.
fn unreadable(told: &str) -> Diagnostic {
    Diagnostic::new(format!("this cannot be read as YAML: {}", shown(told)))
        .fix("mind indentation (spaces, no tabs), quotes, and that a colon is followed by a space")
}

#[cfg(test)]
mod tests {
    use super::key_at;

    #[test]
    fn the_key_of_a_value_is_found_where_its_colon_stands_right_before() {
        for (before, after, key) in [
            ("scenarios:\n  - name: x\n    rate: ", "[1]", Some("rate")),
            ("  - fleet:\n      ", "- x", Some("fleet")),
            ("{at_most:", "{}", Some("at_most")),
            ("  - name", ":\n", Some("name")),
            ("- [a, ", "[b]", None),
            ("", ": x", None),
        ] {
            assert_eq!(key_at(&format!("{before}{after}"), before.len()), key, "{before}|{after}");
        }
    }
}
