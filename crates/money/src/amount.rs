//! Bookable money: minor units of one currency.

use std::fmt;

use crate::{Currency, Decimal};

/// An amount in minor units (cents for EUR) of one currency. May be negative: a debit, an overdraft.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why two amounts could not be combined, or a decimal is no bookable amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyError {
    /// The result does not fit 64 bits of minor units.
    Overflow,
    /// Amounts of two currencies were combined.
    CurrencyMismatch {
        /// The currency on the left side.
        left: Currency,
        /// The currency on the right side.
        right: Currency,
    },
    /// The decimal has more fraction digits than the currency has.
    TooManyFractionDigits {
        /// How many the currency allows.
        allowed: u32,
    },
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MoneyError::Overflow => f.write_str("the amount is too large"),
            MoneyError::CurrencyMismatch { left, right } => write!(f, "{left} and {right} cannot be added"),
            MoneyError::TooManyFractionDigits { allowed } => {
                write!(f, "the currency has {allowed} digits after the decimal point")
            }
        }
    }
}

impl std::error::Error for MoneyError {}

impl Money {
    /// An amount of `minor` units of `currency`.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// The bookable amount that a decimal of a message states: `12.5` EUR is 1250 cents.
    ///
    /// Trailing zeros beyond the currency's digits are harmless (`1.500` EUR); other digits there are not.
    ///
    /// # Errors
    /// When the decimal has digits that the currency lacks, or does not fit.
    pub fn from_decimal(value: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        let allowed = currency.minor_digits();
        // Looking for zeros to drop costs divisions; most amounts have no digit too many.
        let value = if value.scale() > allowed { value.normalised() } else { value };
        if value.scale() > allowed {
            return Err(MoneyError::TooManyFractionDigits { allowed });
        }
        let minor = value.units_at_scale(allowed).ok_or(MoneyError::Overflow)?;
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Ok(Money { minor, currency })
    }

    /// Minor units, signed.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// When the currencies differ or the sum does not fit.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }

    /// The difference of two amounts of one currency.
    ///
    /// # Errors
    /// When the currencies differ or the difference does not fit.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }

    /// The amount with the other sign.
    ///
    /// # Errors
    /// When it does not fit (only the smallest number of minor units).
    pub fn checked_neg(self) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }

    /// The amount as a decimal with the currency's digits: `12.50`.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(i128::from(self.minor), self.currency.minor_digits())
    }

    fn same_currency(self, other: Money) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch { left: self.currency, right: other.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
