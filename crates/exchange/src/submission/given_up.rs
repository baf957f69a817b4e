//! Ends a reading whose result no task waits for any more: the client of a trial has left, or a stage has failed.
//!
//! The reading thread is not part of a future, so dropping the request does not end it. It would read two gigabytes to
//! their end, outside of any share.

use std::fmt;
use std::io::{self, Read};

/// A body that the thread reads as long as a task takes the results.
pub(crate) struct UntilGivenUp<R, F> {
    body: R,
    is_given_up: F,
}

#[derive(Debug)]
struct GivenUp;

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody waits for what is read")
    }
}

impl std::error::Error for GivenUp {}

/// The error that ends such a reading.
pub(crate) fn error() -> io::Error {
    io::Error::other(GivenUp)
}

/// Whether reading ended for this reason, which is no fault.
pub(crate) fn is_that(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<GivenUp>())
}

impl<R: Read, F: Fn() -> bool> UntilGivenUp<R, F> {
    pub(crate) fn new(body: R, is_given_up: F) -> UntilGivenUp<R, F> {
        UntilGivenUp { body, is_given_up }
    }
}

impl<R: Read, F: Fn() -> bool> Read for UntilGivenUp<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if (self.is_given_up)() {
            return Err(error());
        }
        self.body.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_nobody_waits_for_is_not_read_on() {
        let is_given_up = Cell::new(false);
        let mut body = UntilGivenUp::new(io::repeat(b'x'), || is_given_up.get());
        let mut bytes = [0; 4];
        assert_eq!(body.read(&mut bytes).unwrap(), 4);
        is_given_up.set(true);
        assert!(is_that(&body.read(&mut bytes).unwrap_err()));
        assert!(!is_that(&io::Error::other("a disk that fails")));
    }
}
