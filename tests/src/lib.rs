//! The tests stand in `tests/`; this crate root only carries what they share.
