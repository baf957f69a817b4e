//! Values as bytes, so that different values of one type never have the same bytes, and none begins with another.
//!
//! | value | bytes |
//! |---|---|
//! | number, id | 8, highest first |
//! | text | length of its UTF-8 form in 4 bytes, highest first; the form itself |
//! | what may be absent | 0; or 1 and the value |
//! | list | how many in 4 bytes, highest first; the values |
//! | yes or no | 1 or 0 |
//! | choice | which, from 1, in a byte; the value |
//! | day | year in 2 bytes, month, day of the month |
//! | moment | day; hour, minute, second; nanoseconds in 4 bytes; the offset in minutes in 2 bytes, which may be absent |
//! | decimal | how many digits follow the point, without zeros at the end, in a byte; the number without its point in 16 |
//! | currency | its three letters |
//!
//! Negative numbers are two's complements. So the values of a struct, one after the other, have the same property as each.

use iso20022::DateTime;
use jiff::civil::Date;
use money::{Currency, Decimal};

/// Bytes of a payment that usually suffice, so the buffer does not grow in steps.
const USUAL_BYTES: usize = 1024;

/// The bytes so far. One buffer serves many values: nothing is allocated for each.
#[derive(Clone, Debug)]
pub struct Canonical {
    bytes: Vec<u8>,
}

impl Default for Canonical {
    fn default() -> Canonical {
        Canonical { bytes: Vec::with_capacity(USUAL_BYTES) }
    }
}

impl Canonical {
    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what stands behind so many bytes.
    pub(super) fn truncate(&mut self, bytes: usize) {
        self.bytes.truncate(bytes);
    }

    /// Bytes of a length that all know.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// A byte.
    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A number that is never negative.
    pub(super) fn number(&mut self, number: u64) {
        self.raw(&number.to_be_bytes());
    }

    /// An id.
    pub(super) fn id(&mut self, id: i64) {
        self.raw(&id.to_be_bytes());
    }

    /// How many bytes or values follow.
    ///
    /// # Panics
    /// When that is over 2³² − 1. Readers keep a thousandth of it of one payment (`iso20022::bounds`).
    pub(super) fn length(&mut self, length: usize) {
        let Ok(length) = u32::try_from(length) else { panic!("no text or list of a payment is as long as {length}") };
        self.raw(&length.to_be_bytes());
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.raw(text.as_bytes());
    }

    /// A day.
    pub(super) fn day(&mut self, day: Date) {
        self.raw(&day.year().to_be_bytes());
        self.raw(&[day.month().unsigned_abs(), day.day().unsigned_abs()]);
    }

    /// A moment as a message states it.
    pub(super) fn moment(&mut self, moment: DateTime) {
        let DateTime { local, offset_minutes } = moment;
        self.day(local.date());
        let time = [local.hour(), local.minute(), local.second()];
        self.raw(&time.map(i8::unsigned_abs));
        self.raw(&local.subsec_nanosecond().to_be_bytes());
        match offset_minutes {
            None => self.byte(0),
            Some(minutes) => {
                self.byte(1);
                self.raw(&minutes.to_be_bytes());
            }
        }
    }

    /// A decimal: equal numbers have equal bytes, `1.50` and `1.5`.
    pub(super) fn decimal(&mut self, decimal: Decimal) {
        let (units, scale) = shortest(decimal);
        // At most 18 digits follow the point of a decimal.
        self.byte(scale as u8);
        self.raw(&units.to_be_bytes());
    }

    /// A currency.
    pub(super) fn currency(&mut self, currency: Currency) {
        self.raw(currency.code().as_bytes());
    }
}

/// Units and scale without zeros at the end. Amounts fit 64 bits, where a division costs a tenth of one in 128.
fn shortest(decimal: Decimal) -> (i128, u32) {
    let mut scale = decimal.scale();
    let units = decimal.units_at_scale(scale).unwrap_or_default();
    let Ok(mut few) = i64::try_from(units) else {
        let shortest = decimal.normalised();
        return (shortest.units_at_scale(shortest.scale()).unwrap_or_default(), shortest.scale());
    };
    while scale > 0 && few % 10 == 0 {
        few /= 10;
        scale -= 1;
    }
    (i128::from(few), scale)
}
