//! The store: rows under conditional commits, as the node knows it. Here stands what any store promises; each one is a
//! file below. What the rows mean is the node's, and when it is asked is the driver's.

#[cfg(test)]
mod laws;
pub mod memory;
#[cfg(feature = "live")]
pub mod sqlite;

use std::fmt;

use crate::effect::Write;
use crate::event::{Row, Verdict};

/// Where the hub keeps what must survive it.
///
/// A new row has version 1, each write of it raises that by one, and a row that was removed begins again at 1.
pub trait Store: Send {
    /// All rows whose keys begin with this prefix, in order of their keys.
    ///
    /// # Errors
    /// Where the store fails.
    fn read(&mut self, prefix: &str) -> Result<Vec<Row>, Broken>;

    /// Makes these commits durable together, one after another: each is done whole or not at all, by a verdict of its
    /// own, and sees what those before it wrote. Once this returns, what is committed survives a loss of power.
    ///
    /// # Errors
    /// Where the store fails. Then each of them may be durable or not, and the next life finds which.
    fn commit(&mut self, commits: &[Vec<Write>]) -> Result<Vec<Verdict>, Broken>;
}

/// A store that failed. It can be trusted no more: the process must end, and the next one finds what is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken(pub String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store failed: {}", self.0)
    }
}

impl std::error::Error for Broken {}
