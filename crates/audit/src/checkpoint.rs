//! A checkpoint: what the chain was at one moment, signed. Its writer and its reader stand here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::hexadecimal;
use crate::key::{AuditKey, AuditPublicKey};

/// Begins what is signed, so that a signature on it counts for nothing else.
const DOMAIN: &[u8] = b"tdam audit checkpoint 1\0";

/// What the chain was, as the audit key has signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The identity of the exchange, of whose chain it is.
    pub exchange: String,
    /// Position of the last line.
    pub sequence: i64,
    /// Hash of that line.
    pub hash: [u8; 32],
    /// When it was made, by the exchange's clock.
    pub at: Timestamp,
    /// The key that signed it.
    pub key: AuditPublicKey,
    /// Its signature.
    pub signature: [u8; 64],
}

/// A text is no checkpoint.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// The text is no JSON object with the members of a checkpoint.
    #[error("this is no checkpoint: {0}")]
    NotReadable(#[from] serde_json::Error),
    /// A member has another form than it should.
    #[error("member {0} of a checkpoint has another form")]
    Member(&'static str),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    exchange: String,
    line: i64,
    hash: String,
    at: String,
    key: String,
    signature: String,
}

impl Checkpoint {
    /// Signs that the chain of an exchange was this at that moment, in whole microseconds.
    #[must_use]
    pub fn sign(exchange: &str, sequence: i64, hash: [u8; 32], at: Timestamp, key: &AuditKey) -> Checkpoint {
        let signature = key.sign(&signed_bytes(exchange, sequence, &hash, at));
        Checkpoint { exchange: exchange.to_owned(), sequence, hash, at, key: key.public(), signature }
    }

    /// Whether its signature is one of its key. Whose key that is the reader must know from elsewhere.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        let bytes = signed_bytes(&self.exchange, self.sequence, &self.hash, self.at);
        self.key.verifies(&bytes, &self.signature)
    }

    /// A JSON object on one line, without its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written {
            exchange: self.exchange.clone(),
            line: self.sequence,
            hash: hexadecimal::written(&self.hash),
            at: self.at.to_string(),
            key: self.key.to_string(),
            signature: hexadecimal::written(&self.signature),
        };
        serde_json::json!(written).to_string()
    }

    /// Reads what [`Checkpoint::to_json`] writes. Whether it is signed it does not ask.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn from_json(text: &str) -> Result<Checkpoint, CheckpointError> {
        let Written { exchange, line, hash, at, key, signature } = serde_json::from_str(text)?;
        Ok(Checkpoint {
            exchange,
            sequence: line,
            hash: hexadecimal::read(&hash).ok_or(CheckpointError::Member("hash"))?,
            at: at.parse().map_err(|_| CheckpointError::Member("at"))?,
            key: AuditPublicKey::read(&key).map_err(|_| CheckpointError::Member("key"))?,
            signature: hexadecimal::read(&signature).ok_or(CheckpointError::Member("signature"))?,
        })
    }
}

fn signed_bytes(exchange: &str, sequence: i64, hash: &[u8; 32], at: Timestamp) -> Vec<u8> {
    let mut bytes = DOMAIN.to_vec();
    bytes.extend((exchange.len() as u64).to_be_bytes());
    bytes.extend(exchange.as_bytes());
    bytes.extend(sequence.to_be_bytes());
    bytes.extend(hash);
    bytes.extend(at.as_microsecond().to_be_bytes());
    bytes
}
