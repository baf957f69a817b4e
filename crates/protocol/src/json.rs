//! Writes every JSON answer.

use serde::Serialize;

/// A value as JSON in one line that ends as lines do, so that a terminal's prompt, `cat` and `diff` find its end.
///
/// # Errors
/// When the value holds what JSON lacks.
pub fn line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}
