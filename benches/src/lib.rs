//! The benches stand in `benches/`; this crate root only carries what they share.
