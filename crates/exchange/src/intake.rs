//! Taking in a body: bounded, hashed, and refused at the first bytes when it can never be read.

use crate::Failure;

/// A body that is arriving. Dropped, it is forgotten.
#[derive(Debug)]
pub struct Intake {
    _private: (),
}

/// A body that has arrived completely.
#[derive(Debug)]
pub struct Received {
    _private: (),
}

impl Intake {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When the body is longer than allowed, or its first bytes show that it can never be read.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let _ = bytes;
        Err(Failure::new(rulebook::catalogue::Code::Unavailable))
    }

    /// The body is complete.
    ///
    /// # Errors
    /// When it is empty or breaks off before its root element.
    pub fn finish(self) -> Result<Received, Failure> {
        Err(Failure::new(rulebook::catalogue::Code::Unavailable))
    }
}
