//! Amounts of money: `i64` minor units with a currency, and exact decimals.
//!
//! This crate is below all others because the message layer, the rulebook and the ledger must mean the same by an
//! amount, and none of them may depend on another for it. It has no floats and no silent wrap-around: every operation
//! that can leave the range reports it.
//!
//! ```
//! use money::{Currency, Money};
//!
//! let fee = Money::new(1_250, Currency::EUR); // 12.50 EUR
//! assert_eq!(fee.to_string(), "12.50 EUR");
//! assert_eq!(fee.checked_add(Money::new(50, Currency::EUR)).unwrap().minor(), 1_300);
//! ```

mod amount;
mod currency;
mod decimal;

pub use amount::{Money, MoneyError};
pub use currency::{Currency, CurrencyError};
pub use decimal::{Decimal, DecimalError};
