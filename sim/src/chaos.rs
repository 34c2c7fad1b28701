//! Chaos as data: what may befall an exchange (`fate`), where a choice falls (`point`), who chooses (`choices`),
//! how often and where (`rule`), and the list of what was chosen (`schedule`). Nothing here knows a dialect.

pub mod choices;
pub mod fate;
pub mod point;
pub mod rule;
pub mod schedule;
