//! How values become columns, and errors of SQLite errors of the store.
//!
//! Days count from 1970-01-01, times are microseconds, enumerations small integers that never change their meaning.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use ledger::{AccountRole, AccountState, EntryKind};
use money::Currency;
use payments::{MessageId, PaymentId, RefusalStage, Stage};
use rulebook::Route;
use rusqlite::types::ValueRef;
use rusqlite::{ErrorCode, Row, ffi};

use crate::bounds::MESSAGE_ID_MAX;
use crate::{AcceptancePolicy, AccessMode, AccountKind, HousePurpose, StoreError};

const EPOCH: Date = Date::constant(1970, 1, 1);
const HOURS_A_DAY: i64 = 24;

/// What an error of SQLite means to callers.
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(failure, text) = &error else {
        return match error {
            rusqlite::Error::QueryReturnedNoRows => StoreError::Missing("row"),
            error => StoreError::Corrupt(error.to_string()),
        };
    };
    let text = text.clone().unwrap_or_else(|| failure.to_string());
    match failure.code {
        ErrorCode::ConstraintViolation => match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
                StoreError::Conflict(text)
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => StoreError::Missing("row referred to"),
            _ => StoreError::Refused(text),
        },
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch => StoreError::Corrupt(text),
        ErrorCode::TooBig => StoreError::TooBig("a stored value"),
        ErrorCode::ReadOnly => StoreError::Refused(text),
        _ => StoreError::Unavailable(text),
    }
}

pub(super) fn day(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / HOURS_A_DAY
}

pub(super) fn date(day: i64) -> Result<Date, StoreError> {
    let out_of_range = || StoreError::Corrupt(format!("{day} is no day"));
    let days = i32::try_from(day).map_err(|_| out_of_range())?;
    EPOCH.checked_add(days.days()).map_err(|_| out_of_range())
}

pub(super) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(super) fn timestamp(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A message's id and a number below 2³² as one integer, in the same order.
pub(super) fn packed(message: i64, number: u32) -> Result<i64, StoreError> {
    if (0..=MESSAGE_ID_MAX).contains(&message) {
        Ok(message << 32 | i64::from(number))
    } else {
        Err(StoreError::TooBig("message id"))
    }
}

pub(super) fn packed_payment(payment: PaymentId) -> Result<i64, StoreError> {
    packed(payment.message.0, payment.ordinal)
}

pub(super) fn unpacked(packed: i64) -> (i64, u32) {
    (packed >> 32, (packed & 0xffff_ffff) as u32)
}

pub(super) fn unpacked_payment(value: i64) -> PaymentId {
    let (message, ordinal) = unpacked(value);
    PaymentId { message: MessageId(message), ordinal }
}

/// Unsigned counts beyond 63 bits are cut: no file holds so many, whatever it states.
pub(super) fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Reads columns by position, in order.
pub(super) struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl<'r> Columns<'r> {
    pub(super) fn of(row: &'r Row<'r>) -> Columns<'r> {
        Columns { row, next: 0 }
    }

    fn value(&mut self) -> Result<ValueRef<'r>, StoreError> {
        let column = self.next;
        self.next += 1;
        self.row.get_ref(column).map_err(failed)
    }

    fn wrong(&self, wanted: &str) -> StoreError {
        StoreError::Corrupt(format!("column {} is no {wanted}", self.next - 1))
    }

    pub(super) fn integer(&mut self) -> Result<i64, StoreError> {
        match self.value()? {
            ValueRef::Integer(value) => Ok(value),
            _ => Err(self.wrong("integer")),
        }
    }

    pub(super) fn integer_if_any(&mut self) -> Result<Option<i64>, StoreError> {
        match self.value()? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            _ => Err(self.wrong("integer")),
        }
    }

    pub(super) fn small(&mut self) -> Result<u32, StoreError> {
        u32::try_from(self.integer()?).map_err(|_| self.wrong("number of 32 bits"))
    }

    pub(super) fn small_if_any(&mut self) -> Result<Option<u32>, StoreError> {
        self.integer_if_any()?
            .map(|value| u32::try_from(value).map_err(|_| self.wrong("number of 32 bits")))
            .transpose()
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, StoreError> {
        u64::try_from(self.integer()?).map_err(|_| self.wrong("count"))
    }

    pub(super) fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.integer()? != 0)
    }

    pub(super) fn flag_if_any(&mut self) -> Result<Option<bool>, StoreError> {
        Ok(self.integer_if_any()?.map(|value| value != 0))
    }

    pub(super) fn date(&mut self) -> Result<Date, StoreError> {
        date(self.integer()?)
    }

    pub(super) fn date_if_any(&mut self) -> Result<Option<Date>, StoreError> {
        self.integer_if_any()?.map(date).transpose()
    }

    pub(super) fn timestamp(&mut self) -> Result<Timestamp, StoreError> {
        timestamp(self.integer()?)
    }

    pub(super) fn timestamp_if_any(&mut self) -> Result<Option<Timestamp>, StoreError> {
        self.integer_if_any()?.map(timestamp).transpose()
    }

    pub(super) fn text_ref(&mut self) -> Result<&'r str, StoreError> {
        match self.value()? {
            ValueRef::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| self.wrong("text")),
            _ => Err(self.wrong("text")),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, StoreError> {
        self.text_ref().map(str::to_owned)
    }

    pub(super) fn text_if_any(&mut self) -> Result<Option<String>, StoreError> {
        match self.value()? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => {
                std::str::from_utf8(bytes).map(|text| Some(text.to_owned())).map_err(|_| self.wrong("text"))
            }
            _ => Err(self.wrong("text")),
        }
    }

    pub(super) fn bytes_ref(&mut self) -> Result<&'r [u8], StoreError> {
        match self.value()? {
            ValueRef::Blob(bytes) => Ok(bytes),
            _ => Err(self.wrong("blob")),
        }
    }

    pub(super) fn bytes_if_any(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.value()? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes.to_vec())),
            _ => Err(self.wrong("blob")),
        }
    }

    pub(super) fn digest(&mut self) -> Result<[u8; 32], StoreError> {
        self.bytes_ref()?.try_into().map_err(|_| self.wrong("SHA-256"))
    }

    pub(super) fn code<T: Coded>(&mut self) -> Result<T, StoreError> {
        let code = self.integer()?;
        T::from_code(code).ok_or_else(|| self.wrong("code of ours"))
    }

    pub(super) fn currency(&mut self) -> Result<Currency, StoreError> {
        Currency::new(self.text_ref()?).map_err(|_| self.wrong("currency"))
    }
}

/// An enumeration as a small integer. Codes are never given a new meaning.
pub(super) trait Coded: Sized {
    fn code(self) -> i64;
    fn from_code(code: i64) -> Option<Self>;
}

/// Both directions from one list; a value without a code does not compile.
macro_rules! codes {
    ($type:ty { $($value:ident = $code:literal),+ $(,)? }) => {
        impl Coded for $type {
            fn code(self) -> i64 {
                match self { $(<$type>::$value => $code),+ }
            }

            fn from_code(code: i64) -> Option<$type> {
                match code { $($code => Some(<$type>::$value),)+ _ => None }
            }
        }
    };
}

codes!(AcceptancePolicy { AllOrNothing = 0, Partial = 1 });
codes!(AccessMode { View = 0, Manage = 1 });
codes!(AccountKind {
    BudgetExpenditure = 0,
    Donation = 1,
    ProgrammeBalance = 2,
    UnplannedFunds = 3,
    DepositedFunds = 4,
    Settlement = 5,
    Revenue = 6,
    Bailiff = 7,
    Loan = 8,
});
codes!(HousePurpose { Settlement = 0, Opening = 1 });
codes!(AccountRole { Customer = 0, House = 1 });
codes!(AccountState { Open = 0, Blocked = 1, Closed = 2 });
codes!(Stage { Scheduled = 0, AwaitingFunds = 1, Held = 2, Dispatched = 3, Completed = 4, Refused = 5 });
codes!(RefusalStage { Admission = 0, Execution = 1, Settlement = 2 });
codes!(Route { Internal = 0, Sepa = 1 });
codes!(EntryKind { Opening = 0, InternalTransfer = 1, SepaTransfer = 2, Return = 3 });
