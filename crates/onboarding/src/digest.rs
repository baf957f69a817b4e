//! The digest that an approval is bound to.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::canonical::{Canonical, put_bytes};
use crate::{Attachment, Base, Content};

/// SHA-256 over a label, the content, the files and the base.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ApplicationDigest(pub [u8; 32]);

/// Never used for anything else.
const LABEL: &str = "tdam/application-digest/1";

impl ApplicationDigest {
    /// The digest of an application that changes this.
    #[must_use]
    pub fn of(content: &Content, attachments: &[Attachment], base: &Base) -> ApplicationDigest {
        let mut bytes = Vec::new();
        LABEL.to_owned().put(&mut bytes);
        put_bytes(&content.encode(), &mut bytes);
        (attachments.len() as i64).put(&mut bytes);
        attachments.iter().for_each(|attachment| attachment.put(&mut bytes));
        put_bytes(&base.encode(), &mut bytes);
        ApplicationDigest(Sha256::digest(&bytes).into())
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<ApplicationDigest> {
        let mut digest = [0; 32];
        if text.len() != 2 * digest.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for (index, byte) in digest.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(ApplicationDigest(digest))
    }
}

impl fmt::Debug for ApplicationDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApplicationDigest({self})")
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for ApplicationDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
