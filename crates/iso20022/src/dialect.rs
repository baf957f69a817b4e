//! Different names of the two generations for the same elements.

use crate::MessageType;

/// The names that one message uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    /// Whether this is the newer generation of the message.
    pub(crate) newer: bool,
    /// Whether `FinInstnId` holds `BICFI`; else `BIC`.
    pub(crate) bicfi: bool,
    /// Whether `OrgId` holds `AnyBIC`; else `BICOrBEI`.
    pub(crate) any_bic: bool,
    /// Whether a BIC follows the rule of December 2014 (digits allowed in the first four characters).
    pub(crate) bic_dec_2014: bool,
}

impl Dialect {
    pub(crate) const fn of(message_type: MessageType) -> Dialect {
        let newer = message_type.is_newer_generation();
        // camt.060.001.03 stands between the generations: it has the newer names with the older pattern.
        let between = matches!(message_type, MessageType::Camt060V03);
        Dialect { newer, bicfi: newer || between, any_bic: newer || between, bic_dec_2014: newer }
    }
}
