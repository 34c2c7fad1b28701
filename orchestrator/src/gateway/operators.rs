//! What operators ask of the node: lists, one saga, and the buttons. Read here, answered by the node; the driver lets it
//! in at the operators' port only.

use serde::{Deserialize, Serialize};

use super::validate::Invalid;
use super::{answer, validate};
use crate::customer::entry::{Button, Press};
use crate::message::{Method, Request, Response};
use crate::saga::SagaId;

/// Under this stand all of an operator's paths; clients are never let in there.
pub const PREFIX: &str = "/operator";

/// The paths, as the document names them, with the method that each knows.
pub const PATHS: [(Method, &str); 9] = [
    (Method::Get, "/operator/sagas"),
    (Method::Get, "/operator/sagas/{saga}"),
    (Method::Get, "/operator/sagas/{saga}/journal"),
    (Method::Post, "/operator/sagas/{saga}/redrive"),
    (Method::Post, "/operator/sagas/{saga}/resolve"),
    (Method::Post, "/operator/sagas/{saga}/abandon"),
    (Method::Post, "/operator/redrive"),
    (Method::Post, "/operator/reconcile"),
    (Method::Get, "/operator/jobs"),
];

/// The paths that the driver answers, which alone can read vendors for an operator.
pub const REPORTS: [&str; 2] = ["/operator/sagas/{saga}/difference", "/operator/sagas/{saga}/runbook"];

/// Where a saga's journal is.
#[must_use]
pub fn journal(saga: SagaId) -> String {
    [PREFIX, "/sagas/", &saga.to_string(), "/journal"].concat()
}

/// Entries of a list, where nobody says how many.
const PAGE: usize = 50;

/// The most entries of a list.
const LONGEST_PAGE: usize = 500;

/// The longest name, and the longest reason, in bytes.
const LONGEST: [usize; 2] = [200, 2_000];

/// The longest body, in bytes.
const LONGEST_BODY: usize = 16 * 1024;

/// What an operator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The sagas that have not ended.
    Sagas(Page),
    /// Their jobs, as clients see them.
    Jobs(Page),
    /// One saga.
    Saga(SagaId),
    /// Its journal's entries.
    Journal(SagaId),
    /// A button, on one saga; and the step at which it is held to be parked.
    Press(SagaId, Press, Option<String>),
    /// Redrive, on all that is parked.
    All(Press),
    /// A comparison of all systems with the primary, under this correlation id, if one was given.
    Reconcile(Option<String>),
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Only what stands so.
    pub state: Option<String>,
    /// Only what comes after this saga.
    pub after: Option<SagaId>,
    /// So many at most.
    pub limit: usize,
}

/// What comes with a button.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Document {
    by: Option<String>,
    reason: Option<String>,
    step: Option<String>,
    leave: bool,
}

/// How a press ended.
#[derive(Debug, Serialize)]
pub struct Told<'a> {
    /// The saga.
    pub saga: String,
    /// Whether anything was pressed; if not, it was so already.
    pub pressed: bool,
    /// How it stands now.
    pub state: &'a str,
    /// In words.
    pub detail: &'a str,
}

/// Reads what an operator asks for.
///
/// # Errors
/// The answer to what cannot be asked.
pub fn asked(request: &Request) -> Result<Asked, Response> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let rest = path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    let saga = |text: &str| SagaId::parse(text).ok_or_else(|| no_such(404, "no such saga"));
    match (request.method, &*parts) {
        (Method::Get, ["sagas"]) => Ok(Asked::Sagas(page(query)?)),
        (Method::Get, ["jobs"]) => Ok(Asked::Jobs(page(query)?)),
        (Method::Get, ["sagas", id]) => Ok(Asked::Saga(saga(id)?)),
        (Method::Get, ["sagas", id, "journal"]) => Ok(Asked::Journal(saga(id)?)),
        (Method::Post, ["reconcile"]) => Ok(Asked::Reconcile(validate::correlation(request).map(str::to_owned))),
        (Method::Post, ["redrive"]) => Ok(Asked::All(press(request, Button::Redrive)?.0)),
        (Method::Post, ["sagas", id, button]) => {
            let button = match *button {
                "redrive" => Button::Redrive,
                "resolve" => Button::Resolve,
                "abandon" => Button::Abandon,
                _ => return Err(no_such(404, "no such path")),
            };
            let (press, step) = press(request, button)?;
            Ok(Asked::Press(saga(id)?, press, step))
        }
        (
            _,
            ["sagas" | "jobs" | "redrive" | "reconcile"]
            | ["sagas", _]
            | ["sagas", _, "journal" | "redrive" | "resolve" | "abandon"],
        ) => Err(no_such(405, "this path has no such method")),
        _ => Err(no_such(404, "no such path")),
    }
}

fn no_such(status: u16, detail: &str) -> Response {
    answer::problem(status, "refused", detail, "")
}

fn page(query: &str) -> Result<Page, Response> {
    let wrong = |field, why| answer::invalid(&Invalid::Field(field, why), "");
    let mut page = Page { state: None, after: None, limit: PAGE };
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        match name {
            "state" => page.state = Some(value.to_owned()),
            "after" => page.after = Some(SagaId::parse(value).ok_or_else(|| wrong("after", "it is no saga's id"))?),
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=LONGEST_PAGE).contains(limit));
                page.limit = limit.ok_or_else(|| wrong("limit", "it is no number from 1 to 500"))?;
            }
            _ => {}
        }
    }
    Ok(page)
}

/// Who presses, and why. A redrive needs no reason.
fn press(request: &Request, button: Button) -> Result<(Press, Option<String>), Response> {
    let invalid = |error: Invalid| answer::invalid(&error, "");
    if request.body.len() > LONGEST_BODY {
        return Err(invalid(Invalid::Body("the body is longer than 16 KiB".to_owned())));
    }
    let read = if request.body.is_empty() { Ok(Document::default()) } else { serde_json::from_slice(&request.body) };
    let document: Document = read.map_err(|error| invalid(Invalid::Body(error.to_string())))?;
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let (by, reason) = (given(document.by), given(document.reason));
    let mut missing = Vec::new();
    missing.extend(by.is_none().then_some("by"));
    missing.extend((reason.is_none() && button != Button::Redrive).then_some("reason"));
    let (Some(by), true) = (by, missing.is_empty()) else { return Err(invalid(Invalid::Missing(missing))) };
    let reason = reason.unwrap_or_else(|| "no reason given".to_owned());
    for ((name, text), longest) in [("by", &by), ("reason", &reason)].into_iter().zip(LONGEST) {
        if text.len() > longest {
            return Err(invalid(Invalid::Field(name, "it is too long")));
        }
    }
    let button = if document.leave && button == Button::Abandon { Button::Leave } else { button };
    Ok((Press { button, by, reason }, document.step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Headers;

    fn asked_for(method: Method, target: &str, body: &str) -> Result<Asked, u16> {
        let request = Request { method, target: target.to_owned(), headers: Headers::default(), body: body.into() };
        asked(&request).map_err(|response| response.status)
    }

    #[test]
    fn every_path_of_the_list_is_understood_and_no_other_method_of_it() {
        for (method, path) in PATHS {
            let target = path.replace("{saga}", "s1-2");
            let body = r#"{"by":"kim","reason":"looked"}"#;
            assert!(asked_for(method, &target, body).is_ok(), "{path}");
            assert_eq!(asked_for(Method::Delete, &target, body), Err(405), "{path}");
        }
        assert_eq!(asked_for(Method::Get, "/operator", ""), Err(404));
        assert_eq!(asked_for(Method::Post, "/operator/sagas/s1-2/forget", r#"{"by":"kim","reason":"x"}"#), Err(404));
        assert_eq!(asked_for(Method::Get, "/operator/sagas/first", ""), Err(404));
    }

    #[test]
    fn a_button_wants_to_know_who_and_why() {
        let abandon = |body: &str| asked_for(Method::Post, "/operator/sagas/s1-2/abandon", body);
        for body in ["", "{", "{}", r#"{"by":"kim"}"#, r#"{"by":" ","reason":"x"}"#, r#"{"reason":"x"}"#] {
            assert_eq!(abandon(body), Err(400), "{body}");
        }
        let long = format!(r#"{{"by":"kim","reason":"{}"}}"#, "x".repeat(2_001));
        assert_eq!(abandon(&long), Err(400));
        let Ok(Asked::Press(_, press, _)) = abandon(r#"{"by":"kim","reason":"x","leave":true}"#) else { panic!() };
        assert_eq!(press.button, Button::Leave);
        assert!(asked_for(Method::Post, "/operator/redrive", r#"{"by":"kim"}"#).is_ok());
    }

    #[test]
    fn lists_come_in_pages() {
        let list = |query: &str| asked_for(Method::Get, &format!("/operator/sagas?{query}"), "");
        let Ok(Asked::Sagas(page)) = list("state=parked&after=s1-7&limit=3") else { panic!() };
        assert_eq!(page, Page { state: Some("parked".into()), after: Some(SagaId::new(1, 7)), limit: 3 });
        for query in ["limit=0", "limit=501", "limit=x", "after=x"] {
            assert_eq!(list(query), Err(400), "{query}");
        }
    }
}
