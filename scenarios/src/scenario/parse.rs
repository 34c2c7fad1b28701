//! From a file's text to its mappings as written. Every complaint of the YAML reader becomes a diagnostic here,
//! in our words.

use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, MessageFormatter, Options, UserMessageFormatter, alias_limits, budget, options};

use super::read::place;
use crate::diagnostic::{Diagnostic, Source, nearest, shown};

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
        _ => unreadable(error),
    };
    diagnostic.at(place(source, at), "")
}

fn too_much(problem: &str) -> Diagnostic {
    Diagnostic::new(format!("the file is {problem}")).fix(PLAIN)
}

fn unknown_field(field: &str, expected: &[&'static str]) -> Diagnostic {
    let field = shown(field);
    Diagnostic::new(format!("unknown field `{field}`"))
        .nearest(nearest::nearest(&field, expected.iter().copied()))
        .fix(format!("the fields here are {}", expected.join(", ")))
        .field(field)
}

/// A complaint about a node of another kind than the format has there.
fn wrong_kind(source: &Source, at: Location, kind: &str) -> Diagnostic {
    let place = place(source, at);
    let written = shown(place.text());
    let at = place.before().len();
    let found = match source.text()[at..].chars().next() {
        Some('[' | '-') => "it is a list".to_owned(),
        Some('{') => "it is a mapping".to_owned(),
        _ if written.is_empty() => "nothing is written".to_owned(),
        _ => format!("it is `{written}`"),
    };
    let fix = match kind {
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

/// The key whose value begins here, or whose colon stands here with nothing behind it.
fn key_at(text: &str, at: usize) -> Option<&str> {
    let colon = if text[at..].starts_with(':') { at } else { text[..at].trim_end().strip_suffix(':')?.len() };
    let key = text.get(..colon)?;
    let start = key.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
    key.get(start..).filter(|key| !key.is_empty())
}

/// A complaint in the YAML reader's own words.
fn unreadable(error: &Error) -> Diagnostic {
    Diagnostic::new(format!("this cannot be read as YAML: {}", shown(&UserMessageFormatter.format_message(error))))
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
