//! The choreographed orchestrator: no coordinator; each service reacts to events of the others. All vendors are called side
//! by side, at least once each, and whoever has done its part takes it back when it hears that another one failed.

use super::relay::Style;

/// Its name.
pub const NAME: &str = "choreographed";

/// What it is, in one sentence.
pub const SUMMARY: &str = "No coordinator: services call the vendors side by side, at least once, and undo their part when another one fails.";

/// How it works.
pub(super) const STYLE: Style = Style { locks: false, undoes: true, attempts: 4 };
