//! The words of a schedule file: lines without blanks and remarks, words with their columns, and errors that point.

use super::error::{Problem, ScheduleError};

/// What reading gives.
pub(super) type Read<T> = Result<T, ScheduleError>;

/// The lines of a text that hold anything.
pub(super) struct Lines<'a> {
    rest: std::iter::Zip<std::ops::RangeFrom<usize>, std::str::Lines<'a>>,
    last: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: (1..).zip(text.lines()), last: 1 }
    }

    /// The next line that must be there, for this field.
    pub(super) fn expect(&mut self, field: &'static str) -> Read<Words<'a>> {
        let end = ScheduleError { line: self.last, column: 1, field, value: String::new(), problem: Problem::Missing };
        self.next().ok_or(end)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Words<'a>;

    fn next(&mut self) -> Option<Words<'a>> {
        for (line, text) in self.rest.by_ref() {
            self.last = line;
            if !matches!(text.trim_start().bytes().next(), None | Some(b'#')) {
                return Some(Words { line, text, at: 0 });
            }
        }
        None
    }
}

/// A line, read word by word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) line: usize,
    text: &'a str,
    at: usize,
}

/// A word, and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) text: &'a str,
    line: usize,
    column: usize,
    field: &'static str,
}

impl<'a> Words<'a> {
    /// The next word, which must be there.
    pub(super) fn word(&mut self, field: &'static str) -> Read<Word<'a>> {
        let rest = &self.text[self.at..];
        let start = self.at + rest.len() - rest.trim_start().len();
        let end = self.text[start..].find(char::is_whitespace).map_or(self.text.len(), |length| start + length);
        self.at = end;
        let column = self.text[..start].chars().count() + 1;
        let word = Word { text: &self.text[start..end], line: self.line, column, field };
        if word.text.is_empty() || word.text.starts_with('#') {
            self.at = start;
            return Err(Word { text: "", ..word }.wrong(Problem::Missing));
        }
        Ok(word)
    }

    /// The value of the next word, which must read `field=value`.
    pub(super) fn value(&mut self, field: &'static str) -> Read<Word<'a>> {
        let word = self.word(field)?;
        match word.text.strip_prefix(field).and_then(|rest| rest.strip_prefix('=')) {
            Some(text) => Ok(Word { text, column: word.column + field.len() + 1, ..word }),
            None => Err(word.wrong(Problem::Unnamed)),
        }
    }

    /// All that is left of the line, remarks included, which must be something.
    pub(super) fn rest(&mut self, field: &'static str) -> Read<Word<'a>> {
        let word = self.word(field)?;
        let start = self.at - word.text.len();
        self.at = self.text.len();
        Ok(Word { text: self.text[start..].trim_end(), ..word })
    }

    /// Nothing but a remark is left of the line.
    pub(super) fn end(&mut self) -> Read<()> {
        match self.word("line") {
            Ok(word) => Err(word.wrong(Problem::Surplus)),
            Err(_) => Ok(()),
        }
    }

    /// The whole line, as a word.
    pub(super) fn whole(&self, field: &'static str) -> Word<'a> {
        Word { text: self.text.trim(), line: self.line, column: 1, field }
    }
}

impl Word<'_> {
    /// What is wrong with this word.
    pub(super) fn wrong(self, problem: Problem) -> ScheduleError {
        let mut value: String = self.text.chars().take(LONGEST_SHOWN).collect();
        if value.len() < self.text.len() {
            value.push('…');
        }
        ScheduleError { line: self.line, column: self.column, field: self.field, value, problem }
    }

    /// The number that this word is, up to `largest`.
    pub(super) fn number(self, largest: u64) -> Read<u64> {
        let digits = self.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = self.text.parse().ok().filter(|number| digits && *number <= largest);
        number.ok_or_else(|| self.wrong(Problem::NotANumber(largest)))
    }

    /// The hexadecimal number that this word is.
    pub(super) fn hexadecimal(self) -> Read<u64> {
        let digits = self.text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(self.text, 16).ok().filter(|_| digits);
        number.ok_or_else(|| self.wrong(Problem::NotHexadecimal))
    }

    /// What this word names.
    pub(super) fn named<T: Copy>(self, named: &[(T, &'static str)]) -> Read<T> {
        let found = named.iter().find(|(_, name)| *name == self.text).map(|(thing, _)| *thing);
        found.ok_or_else(|| self.wrong(Problem::UnknownName(named.iter().map(|(_, name)| *name).collect())))
    }
}

/// So many characters of a wrong value are shown.
const LONGEST_SHOWN: usize = 60;
