//! Output whose reader may stop reading: then the rest is thrown away, and the command still ends as it should.

use std::io::{self, ErrorKind, Write};

/// Writes until the reader has gone, and nothing from then on.
#[derive(Debug)]
pub struct Pipe<W> {
    inner: W,
    gone: bool,
}

impl<W> Pipe<W> {
    /// Output to this.
    pub const fn new(inner: W) -> Self {
        Self { inner, gone: false }
    }

    fn unless_gone<T>(&mut self, done: io::Result<T>, instead: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            done => done,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let done = self.inner.write(bytes);
        self.unless_gone(done, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let done = self.inner.flush();
        self.unless_gone(done, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error() {
        let mut pipe = Pipe::new(Closed);
        assert!(writeln!(pipe, "one").is_ok());
        assert!(writeln!(pipe, "two").is_ok());
        assert!(pipe.flush().is_ok());
    }
}
