//! The process protocol: the events and effects of an orchestrator as lines of JSON, so that it can be a program of its
//! own, in any language. `docs/process-protocol.md` is its specification. Both sides are written here, from one set of
//! types: what the world says (`message`) and what the program answers (`reply`). Who starts the program is `foreign`'s
//! business, who speaks for a built-in version the command `process`'s.

mod base64;
mod message;
mod note;
mod parts;
mod reply;
#[cfg(test)]
mod tests;
mod wrong;

pub use message::{Message, Start, What, event_line, prepare_line, start_line};
pub use reply::{Reply, reply_line};

/// The version that is spoken. Within it, fields are only added: optional ones to replies, any to messages.
pub const VERSION: u32 = 1;
