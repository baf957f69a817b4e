//! Exact decimals without a currency: amounts as messages state them, and control sums.
//!
//! A control sum adds amounts of any currency with up to 17 fraction digits in the schema
//! (`DecimalNumber`: 18 digits in all), so it can be no `Money`.

use std::cmp::Ordering;
use std::fmt;

/// How many fraction digits a decimal can carry: the most that an ISO 20022 schema allows, with room.
const SCALE_MAX: u32 = 18;

/// An exact decimal: `units` × 10^-`scale`.
///
/// Equality and order are those of the number: `1.50 == 1.5`.
#[derive(Clone, Copy)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

/// Why a text is no decimal that we can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// Not digits with at most one point and an optional sign.
    Malformed,
    /// More digits than fit.
    TooLong,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecimalError::Malformed => "not a decimal number",
            DecimalError::TooLong => "a decimal number with too many digits",
        })
    }
}

impl std::error::Error for DecimalError {}

impl Decimal {
    /// Nothing.
    pub const ZERO: Decimal = Decimal { units: 0, scale: 0 };

    /// `units` × 10^-`scale`.
    ///
    /// # Panics
    /// When `scale` is over 18: no currency and no message has that many digits.
    #[must_use]
    pub const fn new(units: i128, scale: u32) -> Decimal {
        assert!(scale <= SCALE_MAX, "a decimal has at most 18 fraction digits");
        Decimal { units, scale }
    }

    /// Reads the lexical form of `xs:decimal`: `12`, `-0.5`, `+7.`, `.25`.
    ///
    /// # Errors
    /// When the text has another form, or more digits than 18 after the point or 37 in all.
    pub fn parse(text: &str) -> Result<Decimal, DecimalError> {
        let bytes = text.as_bytes();
        let (negative, digits) = match bytes.first() {
            Some(b'-') => (true, &bytes[1..]),
            Some(b'+') => (false, &bytes[1..]),
            _ => (false, bytes),
        };
        let (mut units, mut scale, mut seen, mut after_point) = (0_i128, 0_u32, 0_u32, false);
        for &byte in digits {
            match byte {
                b'0'..=b'9' => {
                    seen += 1;
                    scale += u32::from(after_point);
                    units = units
                        .checked_mul(10)
                        .and_then(|tenfold| tenfold.checked_add(i128::from(byte - b'0')))
                        .ok_or(DecimalError::TooLong)?;
                }
                b'.' if !after_point => after_point = true,
                _ => return Err(DecimalError::Malformed),
            }
            if scale > SCALE_MAX {
                return Err(DecimalError::TooLong);
            }
        }
        if seen == 0 {
            return Err(DecimalError::Malformed);
        }
        Ok(Decimal { units: if negative { -units } else { units }, scale })
    }

    /// The exact sum; `None` when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let units = self.units_at_scale(scale)?.checked_add(other.units_at_scale(scale)?)?;
        Some(Decimal { units, scale })
    }

    /// How many digits stand after the point.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// Whether the number is 0.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Whether the number is below 0.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.units < 0
    }

    /// The same number without trailing zeros after the point.
    #[must_use]
    pub fn normalised(self) -> Decimal {
        let Decimal { mut units, mut scale } = self;
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Decimal { units, scale }
    }

    /// The number in units of 10^-`scale`; `None` when it does not fit or would lose digits.
    #[must_use]
    pub fn units_at_scale(self, scale: u32) -> Option<i128> {
        if scale == self.scale {
            return Some(self.units);
        }
        if scale > self.scale {
            return 10_i128.checked_pow(scale - self.scale)?.checked_mul(self.units);
        }
        let divisor = 10_i128.checked_pow(self.scale - scale)?;
        (self.units % divisor == 0).then_some(self.units / divisor)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Decimal) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        let (left, right) = (self.normalised(), other.normalised());
        let scale = left.scale.max(right.scale);
        match (left.units_at_scale(scale), right.units_at_scale(scale)) {
            (Some(a), Some(b)) => a.cmp(&b),
            // The one that cannot be widened has the larger magnitude: its sign decides.
            (None, _) => left.units.cmp(&0),
            (_, None) => 0.cmp(&right.units),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let magnitude = self.units.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{magnitude}");
        }
        let one = 10_u128.pow(self.scale);
        let width = self.scale as usize;
        write!(f, "{sign}{}.{:0width$}", magnitude / one, magnitude % one)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
