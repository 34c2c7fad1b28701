//! What the tests share: scenes (small scenarios), choosers, and one way to play a world, an impatient operator. The tests stand in `tests/`.

pub mod choosers;
pub mod play;
pub mod pressing;
pub mod scenes;
