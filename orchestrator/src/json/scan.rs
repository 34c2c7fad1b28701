//! A scanner of answers: one pass over the text, values handed to whoever knows them by key, the others checked and
//! skipped. It accepts what RFC 8259 does, to a bounded depth; `None` everywhere means *no such JSON*.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::plain_until;

/// How deep objects and lists may nest.
const DEEPEST: u8 = 64;

/// What `read` makes of the one value that the text holds.
pub(crate) fn whole<'a, T>(text: &'a str, read: impl FnOnce(&mut Scanner<'a>) -> Option<T>) -> Option<T> {
    let mut scanner = Scanner { text, at: 0, depth: 0 };
    let value = read(&mut scanner)?;
    let rest = scanner.text.get(scanner.at..)?;
    rest.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).then_some(value)
}

/// A text of an answer, borrowed where it has no escapes. A number is taken as its digits; `null`, a missing member
/// and whatever else is no text are taken as nothing, for strangers' records may hold anything.
#[derive(Debug, Default)]
pub(crate) struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text, where there is one and it is not empty.
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// The text, where there is one and it is not empty.
    pub(crate) fn owned(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty()).map(Cow::into_owned)
    }

    /// The text in lower case, where there is one and it is not empty.
    pub(crate) fn lower(self) -> Option<String> {
        let mut text = self.owned()?;
        if text.is_ascii() {
            text.make_ascii_lowercase();
            Some(text)
        } else {
            Some(text.to_lowercase())
        }
    }
}

/// One leaf of an error tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf<'a> {
    /// The nearest key above it; empty where there is none.
    pub(crate) key: &'a [u8],
    /// What it says.
    pub(crate) text: Cow<'a, str>,
}

/// A place in a JSON text, before a value that is to be read.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Scanner<'a> {
    /// Reads an object; `each` must read the value of each key. Whether there is one: `null` counts as none. Keys are
    /// given as they are written, in bytes: one with escapes is none that anybody knows.
    pub(crate) fn object(&mut self, mut each: impl FnMut(&'a [u8], &mut Self) -> Option<()>) -> Option<bool> {
        if self.solid()? == b'n' {
            return self.literal("null").map(|()| false);
        }
        let mut more = self.open(b'{', b'}')?;
        while more {
            self.solid()?;
            let key = self.unread_string()?;
            self.take_solid(b':')?;
            each(key, self)?;
            more = self.more(b'}')?;
        }
        Some(true)
    }

    /// Reads a list; `each` must read each value. Whether there is one: `null` counts as none.
    pub(crate) fn list(&mut self, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<bool> {
        if self.solid()? == b'n' {
            return self.literal("null").map(|()| false);
        }
        let mut more = self.open(b'[', b']')?;
        while more {
            each(self)?;
            more = self.more(b']')?;
        }
        Some(true)
    }

    /// Reads a text.
    pub(crate) fn text(&mut self) -> Option<Text<'a>> {
        match self.solid()? {
            b'"' => self.string().map(|text| Text(Some(text))),
            b'-' | b'0'..=b'9' => self.number().map(|digits| Text(Some(Cow::Borrowed(digits)))),
            _ => self.skip().map(|()| Text(None)),
        }
    }

    /// Reads a string, or `null` as nothing; all else is none of either.
    pub(crate) fn string_or_null(&mut self) -> Option<Option<Cow<'a, str>>> {
        match self.solid()? {
            b'"' => self.string().map(Some),
            _ => self.literal("null").map(|()| None),
        }
    }

    /// Reads a number without sign, fraction and exponent.
    pub(crate) fn whole_number(&mut self) -> Option<u64> {
        self.solid()?;
        self.number()?.parse().ok()
    }

    /// Reads whether something is so; what is neither `true` nor `false` does not say.
    pub(crate) fn truth(&mut self) -> Option<Option<bool>> {
        let said = self.solid()?;
        self.skip()?;
        Some(match said {
            b't' => Some(true),
            b'f' => Some(false),
            _ => None,
        })
    }

    /// Reads the leaves of an error of any shape: a text, a list of texts, field → list of texts, field → list of
    /// objects. `null`, `false`, and empty lists and objects say nothing.
    pub(crate) fn leaves(&mut self, key: &'a [u8], into: &mut Vec<Leaf<'a>>) -> Option<()> {
        match self.solid()? {
            b'{' => self.object(|key, scanner| scanner.leaves(key, into)).map(|_| ()),
            b'[' => self.list(|scanner| scanner.leaves(key, into)).map(|_| ()),
            b'n' | b'f' => self.skip(),
            b't' => {
                into.push(Leaf { key, text: Cow::Borrowed("true") });
                self.skip()
            }
            _ => {
                let text = self.text()?.0?;
                into.push(Leaf { key, text });
                Some(())
            }
        }
    }

    /// Reads a value that nobody asked for.
    pub(crate) fn skip(&mut self) -> Option<()> {
        match self.solid()? {
            b'"' => self.unread_string().map(|_| ()),
            b'{' => self.object(|_, scanner| scanner.skip()).map(|_| ()),
            b'[' => self.list(Self::skip).map(|_| ()),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.number().map(|_| ()),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next byte that is no blank, not taken yet.
    fn solid(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }

    fn take_solid(&mut self, byte: u8) -> Option<()> {
        let there = self.solid()? == byte;
        self.at += 1;
        there.then_some(())
    }

    fn literal(&mut self, word: &str) -> Option<()> {
        let end = self.at + word.len();
        let there = self.text.as_bytes().get(self.at..end)? == word.as_bytes();
        self.at = end;
        there.then_some(())
    }

    /// Goes into an object or a list; whether there is anything inside.
    fn open(&mut self, open: u8, close: u8) -> Option<bool> {
        self.take(open)?;
        if self.solid()? == close {
            self.at += 1;
            return Some(false);
        }
        self.depth += 1;
        (self.depth < DEEPEST).then_some(true)
    }

    /// Goes on after a member; whether there is another.
    fn more(&mut self, close: u8) -> Option<bool> {
        let byte = self.solid()?;
        self.at += 1;
        if byte == b',' {
            return Some(true);
        }
        self.depth -= 1;
        (byte == close).then_some(false)
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        self.text.get(start..self.at)
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.take(b'"')?;
        let run = self.run()?;
        match self.next()? {
            b'"' => Some(Cow::Borrowed(run)),
            b'\\' => self.escaped(run).map(Cow::Owned),
            _ => None,
        }
    }

    /// A string as it is written, in bytes.
    fn unread_string(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        let [b'"', inside @ ..] = self.text.as_bytes().get(start..)? else { return None };
        let length = plain_until(inside);
        if *inside.get(length)? == b'"' {
            self.at += length + 2;
            return inside.get(..length);
        }
        self.unread_escapes()
    }

    /// A string with escapes, or none at all.
    #[cold]
    fn unread_escapes(&mut self) -> Option<&'a [u8]> {
        let start = self.at + 1;
        self.string()?;
        self.text.as_bytes().get(start..self.at - 1)
    }

    /// The text up to the next quote, backslash or control character.
    fn run(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.at += plain_until(self.text.as_bytes().get(start..)?);
        self.text.get(start..self.at)
    }

    /// The rest of a string, from behind its first backslash.
    #[cold]
    fn escaped(&mut self, run: &str) -> Option<String> {
        let mut text = run.to_owned();
        loop {
            text.push(self.escape()?);
            text.push_str(self.run()?);
            match self.next()? {
                b'"' => return Some(text),
                b'\\' => {}
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.hex()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return char::from_u32(high);
                }
                self.take(b'\\')?;
                self.take(b'u')?;
                let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                char::from_u32(0x1_0000 + ((high - 0xd800) << 10 | low))?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |code, _| Some(code << 4 | char::from(self.next()?).to_digit(16)?))
    }
}
