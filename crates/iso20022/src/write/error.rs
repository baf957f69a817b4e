//! Errors of writing a message.

/// Why a call of a writer failed. Except after [`WriteError::Io`], the output is as before the call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output could not be written.
    #[error("the output could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// The parts of a message have an order, and this one cannot stand here.
    #[error("{part} cannot stand after {after}")]
    OutOfOrder {
        /// The part to be written.
        part: &'static str,
        /// The part written last.
        after: &'static str,
    },
    /// A value that the schema would refuse and that the writer cannot correct without changing its meaning.
    #[error("`{value}` cannot be the value of {element}")]
    Value {
        /// The element's name.
        element: &'static str,
        /// The value, shortened.
        value: String,
    },
    /// A value that the schema wants is not there.
    #[error("{element} is missing")]
    Missing {
        /// The element's name.
        element: &'static str,
    },
}

/// Characters of a refused value that an error shows.
const VALUE_SHOWN_CHARS_MAX: usize = 64;

impl WriteError {
    pub(crate) fn value(element: &'static str, value: &str) -> WriteError {
        WriteError::Value { element, value: value.chars().take(VALUE_SHOWN_CHARS_MAX).collect() }
    }
}
