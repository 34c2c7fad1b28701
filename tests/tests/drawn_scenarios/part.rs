//! A mapping of a scenario file while it is drawn and written: each setting is drawn under its own name.

use std::fmt::{self, Display};

use crate::draw::Draw;

/// A mapping: its draws, and what it says so far.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) draw: Draw,
    settings: Vec<(&'static str, String)>,
}

impl Part {
    /// An empty one.
    pub(crate) const fn new(draw: Draw) -> Self {
        Self { draw, settings: Vec::new() }
    }

    /// Says this.
    pub(crate) fn set(&mut self, name: &'static str, value: impl Display) {
        self.settings.push((name, value.to_string()));
    }

    /// Says one of these.
    pub(crate) fn always<T: Copy + Display>(&mut self, name: &'static str, values: &[T]) -> T {
        let value = self.draw.one(name, values);
        self.set(name, value);
        value
    }

    /// Says one of these in so many per cent of all scenarios, else nothing.
    pub(crate) fn often<T: Copy + Display>(&mut self, per_cent: u64, name: &'static str, values: &[T]) -> Option<T> {
        self.draw.hits(name, per_cent).then(|| self.always(name, values))
    }

    /// Says what this mapping says, on one line; nothing where that says nothing.
    pub(crate) fn within(&mut self, name: &'static str, part: &Self) {
        if !part.settings.is_empty() {
            self.set(name, part.on_one_line());
        }
    }

    /// Says these mappings, a line each; nothing where there are none.
    pub(crate) fn list(&mut self, name: &'static str, parts: &[Self]) {
        if !parts.is_empty() {
            self.set(name, parts.iter().map(|part| format!("\n        - {}", part.on_one_line())).collect::<String>());
        }
    }

    /// Says this mapping, a line for each of its settings; nothing where that says nothing.
    pub(crate) fn below(&mut self, name: &'static str, part: &Self) {
        if !part.settings.is_empty() {
            let line = |(name, value): &(&str, String)| format!("\n      {name}: {value}");
            self.set(name, part.settings.iter().map(line).collect::<String>());
        }
    }

    /// Whether it says nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    fn on_one_line(&self) -> String {
        let said: Vec<String> = self.settings.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("{{{}}}", said.join(", "))
    }
}

/// A file with this one scenario.
impl Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "scenarios:")?;
        for (nth, (name, value)) in self.settings.iter().enumerate() {
            let begins = if nth == 0 { "  - " } else { "    " };
            let space = if value.starts_with('\n') { "" } else { " " };
            writeln!(f, "{begins}{name}:{space}{value}")?;
        }
        Ok(())
    }
}

/// A length of time in milliseconds, as files write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ms(pub(crate) u64);

impl Display for Ms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            hours if hours > 0 && hours.is_multiple_of(3_600_000) => write!(f, "{}h", hours / 3_600_000),
            seconds if seconds.is_multiple_of(1000) => write!(f, "{}s", seconds / 1000),
            ms => write!(f, "{ms}ms"),
        }
    }
}

/// Whole per cent, as files write them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PerCent(pub(crate) u64);

impl Display for PerCent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

/// A list of words on one line.
#[derive(Debug, Clone)]
pub(crate) struct Words(pub(crate) Vec<&'static str>);

impl Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.0.join(", "))
    }
}
