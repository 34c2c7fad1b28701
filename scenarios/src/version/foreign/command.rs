//! The command that starts a program, and how patient one is with it.

use std::time::Duration;

/// How long a program may take for an answer where nobody says otherwise, in real time.
pub const TIME_OUT: Duration = Duration::from_secs(10);

/// A command that starts a program which speaks the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    text: String,
    name: String,
    time_out: Duration,
}

impl Command {
    /// The command, as a shell reads it; `None` where it is empty.
    #[must_use]
    pub fn new(text: &str, time_out: Duration) -> Option<Self> {
        let text = text.trim();
        let line = text.replace(char::is_control, " ");
        (!text.is_empty()).then(|| Self { text: text.to_owned(), name: [PREFIX, &line].concat(), time_out })
    }

    /// The command.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How an orchestrator that is this program is called in reports and schedules: one line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long the program may take for an answer, in real time.
    #[must_use]
    pub const fn time_out(&self) -> Duration {
        self.time_out
    }

    /// The command that an orchestrator of this name is; `None` where the name is another kind's.
    #[must_use]
    pub fn of_name(name: &str) -> Option<&str> {
        name.strip_prefix(PREFIX)
    }
}

const PREFIX: &str = "process: ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commands_name_is_one_line_that_leads_back_to_it() {
        let command = Command::new("  python3 own.py\n--flag ", TIME_OUT).unwrap();
        assert_eq!((command.text(), command.name()), ("python3 own.py\n--flag", "process: python3 own.py --flag"));
        assert_eq!(Command::of_name(command.name()), Some("python3 own.py --flag"));
        assert_eq!(Command::of_name("saga"), None);
        assert_eq!(Command::new(" \n", TIME_OUT), None);
    }
}
