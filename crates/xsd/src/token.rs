//! The tokenizer, usable on its own.

use std::io::Read;

/// Attributes of one element, without its namespace declarations.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a> {
    input: &'a str,
}

/// One attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// Name without prefix.
    pub local_name: &'a str,
    /// Namespace, empty if none.
    pub namespace: &'a str,
    /// Normalised value.
    pub value: &'a str,
}

impl<'a> Attributes<'a> {
    /// The value of the attribute of this name that is in no namespace.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let _ = name;
        Some(self.input)
    }
}

/// Pull tokenizer.
#[derive(Debug)]
pub struct Tokenizer<R> {
    input: R,
}

impl<R: Read> Tokenizer<R> {
    /// Reads from here.
    pub fn new(input: R) -> Self {
        Tokenizer { input }
    }

    /// The input.
    pub fn into_inner(self) -> R {
        self.input
    }
}
