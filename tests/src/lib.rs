//! What the tests share: scenes (small scenarios), choosers, one way to play a world, an impatient operator, the binary,
//! and the reading of OpenAPI documents. The tests stand in `tests/`.

pub mod binary;
pub mod choosers;
pub mod openapi;
pub mod play;
pub mod pressing;
pub mod scenes;
