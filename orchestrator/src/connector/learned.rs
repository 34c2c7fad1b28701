//! What a record looks like after an answer: the fold from which the next mending or removing step is seen.

use super::{Connector, Found, Operation, Profile, Reading};

/// What is known of a record after `operation` on it was answered with `reading`; `None` once it is surely gone.
///
/// A reading that settles nothing (unknown, refused, not done) leaves the record as it was known.
#[must_use]
pub fn learned(
    _connector: &dyn Connector,
    _want: &Profile,
    have: &Found,
    _operation: &Operation,
    _reading: &Reading,
) -> Option<Found> {
    Some(have.clone())
}
