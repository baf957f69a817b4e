//! Every bound of this crate.

use std::time::Duration;

/// Connecting to a mail server takes no longer.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Getting as far as a letter takes no longer, and neither does handing it over.
pub const HANDOVER_TIMEOUT: Duration = Duration::from_secs(60);

/// The goodbye after a letter takes no longer.
pub const GOODBYE_TIMEOUT: Duration = Duration::from_secs(5);

/// So much is kept of what a mail server says, in characters.
pub const REPLY_CHARS_MAX: usize = 300;

/// Characters of a name in a letter.
pub const NAME_CHARS_MAX: usize = 200;
