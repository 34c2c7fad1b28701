//! Identity's links: a user becomes an identity of another, and a user of its own again. The link throws the user's
//! metadata away, so they are read and kept before, and given back after. Rare, so read by serde.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::answer::UNREADABLE;
use super::super::{Ask, Found, MergeState, Operation, Reading};
use super::{PROVIDER, fields};
use crate::json;

/// One of a user's identities.
#[derive(Deserialize)]
struct Identity {
    provider: String,
    user_id: Value,
}

/// A user, as far as links matter.
#[derive(Deserialize)]
struct Linked {
    identities: Vec<Identity>,
}

/// A user's metadata, which a link throws away.
#[derive(Deserialize, Serialize)]
struct Metadata {
    #[serde(default)]
    app_metadata: Map<String, Value>,
    #[serde(default)]
    user_metadata: Map<String, Value>,
}

/// The body that links this user.
pub(super) fn link(user: &str) -> Vec<u8> {
    json::body(|json| json.raw(r#"{"provider":"auth0","user_id":"#).text(bare(user)).raw("}"))
}

/// The body that gives a user its fields, and what was kept of it; where nothing was, the owner's tag.
pub(super) fn restored(ask: &Ask<'_>, kept: &str) -> Vec<u8> {
    // What was kept is an object of ours: its members follow the fields.
    match kept.strip_prefix('{') {
        Some(members) => json::body(|json| fields(json, ask.want).raw(",").raw(members)),
        None => json::body(|json| fields(json, ask.want).raw(r#","app_metadata":{"owner":"#).text(ask.owner).raw("}}")),
    }
}

/// What the answer to a link or an unlink says: all identities that the user has now.
pub(super) fn linked(operation: &Operation, body: &str, other: &str) -> Reading {
    let Ok(identities) = serde_json::from_str::<Vec<Identity>>(body) else { return UNREADABLE };
    let there = identities.iter().any(|identity| identity.is(other));
    if there == matches!(operation, Operation::Merge(..)) { Reading::Accepted } else { UNREADABLE }
}

/// How it stands with a link, from the user that stays.
pub(super) fn state(body: &str, found: Found, goes: &str) -> Reading {
    let Ok(user) = serde_json::from_str::<Linked>(body) else { return UNREADABLE };
    let linked = user.identities.iter().any(|identity| identity.is(goes));
    Reading::Merge(if linked { MergeState::Merged(Box::new(found)) } else { MergeState::Apart })
}

/// The metadata of a user, to be kept.
pub(super) fn kept(body: &str) -> Reading {
    let metadata = serde_json::from_str::<Metadata>(body).and_then(|metadata| serde_json::to_string(&metadata));
    metadata.map_or(UNREADABLE, Reading::Kept)
}

impl Identity {
    /// Whether it is the user with this id.
    fn is(&self, user: &str) -> bool {
        let same = match &self.user_id {
            Value::String(id) => id == bare(user),
            Value::Number(id) => id.to_string() == bare(user),
            _ => false,
        };
        same && PROVIDER.strip_suffix('|') == Some(&*self.provider)
    }
}

/// The part of a user's id after the pipe.
fn bare(user: &str) -> &str {
    user.strip_prefix(PROVIDER).unwrap_or(user)
}
