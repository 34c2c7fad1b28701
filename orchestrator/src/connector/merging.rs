//! How it stands with a merge of two records, in neutral words. Each dialect reads it from what it shows of the two.

use serde::{Deserialize, Serialize};

use super::Found;

/// How it stands with a merge of two records.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MergeState {
    /// They are two, and nothing speaks against a merge.
    Apart,
    /// They are two, and the vendor would not merge them; why.
    Blocked(String),
    /// A merge of them is under way.
    Pending,
    /// They are one: the record that survived.
    Merged(Box<Found>),
}
