//! What befalls an exchange: which fates a world may draw, when a request is delivered under one and what its caller
//! hears. The virtual world and the fleet over real sockets share it, so that a fault is the same in both. How requests
//! travel, over virtual time or over a socket, is theirs.

pub(crate) mod allowance;
pub(crate) mod answers;
pub(crate) mod course;
pub(crate) mod plan;
pub(crate) mod rollout;
pub(crate) mod settings;
pub(crate) mod tally;
pub(crate) mod windows;
