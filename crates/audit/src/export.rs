//! A line of an export: a JSON object. Its writer and its reader stand here.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::chain::{AuditLine, ChainedAuditLine};
use crate::hexadecimal;

/// Longest line of an export that is read, in bytes. The longest that the exchange writes is far below.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// A text is no line of an export.
#[derive(Debug, Error)]
pub enum LineError {
    /// The text is no JSON object with the members of a line.
    #[error("this is no line of the audit chain: {0}")]
    NotReadable(#[from] serde_json::Error),
    /// A member has another form than it should.
    #[error("member {0} has another form")]
    Member(&'static str),
    /// It has no end, is longer than any line, or is no UTF-8.
    #[error("this is no whole line of UTF-8")]
    Cut,
    /// It has the values of a line, written otherwise.
    #[error("the exchange writes such a line otherwise")]
    Form,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    line: i64,
    at: String,
    actor: String,
    action: String,
    detail: String,
    hash: String,
}

/// A JSON object on one line, without its end.
#[must_use]
pub fn line_to_json(line: &ChainedAuditLine) -> String {
    let AuditLine { at, actor, action, detail } = line.line.clone();
    let hash = hexadecimal::written(&line.hash);
    serde_json::json!(Written { line: line.sequence, at: at.to_string(), actor, action, detail, hash }).to_string()
}

/// Reads what [`line_to_json`] writes. Whether its hash is right it does not ask.
///
/// # Errors
/// When the text is something else.
pub fn line_from_json(text: &str) -> Result<ChainedAuditLine, LineError> {
    let Written { line, at, actor, action, detail, hash } = serde_json::from_str(text)?;
    let at = at.parse().map_err(|_| LineError::Member("at"))?;
    let hash = hexadecimal::read(&hash).ok_or(LineError::Member("hash"))?;
    Ok(ChainedAuditLine { sequence: line, line: AuditLine { at, actor, action, detail }, hash })
}
