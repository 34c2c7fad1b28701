//! The exit codes of `sagaproof`, one constant each. Scripts may rest on them; which command ends with which stands
//! with the commands.

use std::process::ExitCode;

/// How a command ended, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything held.
    Held = HELD,
    /// A checker failed, or a *sometimes* was not reached.
    Violated = VIOLATED,
    /// The input is wrong: arguments, scenario files, schedules.
    BadInput = BAD_INPUT,
    /// It could not run: output that cannot be written, threads that cannot be started.
    CouldNotRun = COULD_NOT_RUN,
    /// Too little was seen to decide.
    Undecided = UNDECIDED,
}

/// Everything held.
pub const HELD: u8 = 0;
/// A checker failed, or a *sometimes* was not reached.
pub const VIOLATED: u8 = 1;
/// The input is wrong: arguments, scenario files, schedules.
pub const BAD_INPUT: u8 = 2;
/// It could not run.
pub const COULD_NOT_RUN: u8 = 3;
/// Too little was seen to decide.
pub const UNDECIDED: u8 = 4;

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
