//! The `sagaproof` library.
