//! What can be wrong with a schedule file: where, which field, what stands there, and what to write instead.

use std::fmt;

/// Why a file is no schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The field, as the format names it.
    pub field: &'static str,
    /// What stands there, cut short; empty where something is missing.
    pub value: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file is larger than a schedule can be.
    TooLarge,
    /// The file is not UTF-8 from here on.
    NotText,
    /// It does not begin as a schedule does.
    NoSchedule,
    /// It is of a version that this program does not read.
    OtherVersion,
    /// It is missing.
    Missing,
    /// A line of the header is missing, which reads like this.
    NoLine(&'static str),
    /// It is not written as `field=value`.
    Unnamed,
    /// It is none of the names that may stand here.
    UnknownName(Vec<&'static str>),
    /// It is no number, or one that is out of range: this is the largest.
    NotANumber(u64),
    /// It is no number of up to sixteen hexadecimal digits.
    NotHexadecimal,
    /// Something follows where the line should end.
    Surplus,
    /// The same point stands on that line already.
    Twice(usize),
}

impl ScheduleError {
    /// What to write instead.
    #[must_use]
    pub fn fix(&self) -> String {
        match &self.problem {
            Problem::TooLarge => format!("give a schedule of at most {} bytes", super::MAX_BYTES),
            Problem::NotText => "save the file as UTF-8".to_owned(),
            Problem::NoSchedule => format!("begin with `sagaproof schedule {}`", super::VERSION),
            Problem::OtherVersion => {
                format!("record the schedule again; this program reads version {}", super::VERSION)
            }
            Problem::Missing => format!("add `{}` here", self.field),
            Problem::NoLine(example) => format!("add it here, as `{example}`"),
            Problem::Unnamed => format!("write `{}=` and its value", self.field),
            Problem::UnknownName(names) => format!("write one of {}", names.join(", ")),
            Problem::NotANumber(largest) => format!("write a whole number up to {largest}"),
            Problem::NotHexadecimal => "write up to sixteen hexadecimal digits".to_owned(),
            Problem::Surplus => "remove it, or put `#` before it".to_owned(),
            Problem::Twice(_) => "keep one of the two lines".to_owned(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => f.write_str("is larger than a schedule can be"),
            Self::NotText => f.write_str("is not UTF-8 text"),
            Self::NoSchedule => f.write_str("is no schedule"),
            Self::OtherVersion => f.write_str("is another version of the format"),
            Self::Missing | Self::NoLine(_) => f.write_str("is missing"),
            Self::Unnamed => f.write_str("is not written with its name"),
            Self::UnknownName(_) => f.write_str("is not known"),
            Self::NotANumber(_) => f.write_str("is no number that fits"),
            Self::NotHexadecimal => f.write_str("is no hexadecimal number"),
            Self::Surplus => f.write_str("is more than the line should hold"),
            Self::Twice(line) => write!(f, "has the same point as line {line}"),
        }
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        match &self.problem {
            Problem::NoLine(_) => write!(f, "the line `{} …`", self.field)?,
            _ => f.write_str(self.field)?,
        }
        if !self.value.is_empty() {
            write!(f, " `{}`", self.value)?;
        }
        write!(f, " {}; {}", self.problem, self.fix())
    }
}

impl std::error::Error for ScheduleError {}
