//! How values become columns, the same in every store.
//!
//! Days count from 1970-01-01, times are microseconds, enumerations small integers that never change their meaning. So
//! a store reads its rows with three questions: an integer, a text, or bytes.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use ledger::{AccountRole, AccountState, EntryKind};
use money::Currency;
use onboarding::{Ending, FileKind, Kind, State};
use payments::{MessageId, PaymentId, RefusalStage, Stage};
use rulebook::Route;

use crate::bounds::MESSAGE_ID_MAX;
use crate::{
    AcceptancePolicy, AccessMode, AccountKind, EnrolmentKind, HousePurpose, NoticeState, ReturnState, StoreError,
};

const EPOCH: Date = Date::constant(1970, 1, 1);
const HOURS_A_DAY: i64 = 24;

pub(crate) fn day(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / HOURS_A_DAY
}

pub(crate) fn date(day: i64) -> Result<Date, StoreError> {
    let out_of_range = || StoreError::Corrupt(format!("{day} is no day"));
    let days = Span::new().try_days(day).map_err(|_| out_of_range())?;
    EPOCH.checked_add(days).map_err(|_| out_of_range())
}

pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub(crate) fn timestamp(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A message's id and a number below 2³² as one integer, in the same order.
pub(crate) fn packed(message: i64, number: u32) -> Result<i64, StoreError> {
    if (0..=MESSAGE_ID_MAX).contains(&message) {
        Ok(message << 32 | i64::from(number))
    } else {
        Err(StoreError::TooBig("message id"))
    }
}

pub(crate) fn packed_payment(payment: PaymentId) -> Result<i64, StoreError> {
    packed(payment.message.0, payment.ordinal)
}

pub(crate) fn unpacked(packed: i64) -> Result<(i64, u32), StoreError> {
    match packed {
        0.. => Ok((packed >> 32, (packed & 0xffff_ffff) as u32)),
        _ => Err(StoreError::Corrupt(format!("{packed} is no payment"))),
    }
}

pub(crate) fn unpacked_payment(packed: i64) -> Result<PaymentId, StoreError> {
    let (message, ordinal) = unpacked(packed)?;
    Ok(PaymentId { message: MessageId(message), ordinal })
}

/// Cuts unsigned counts beyond 63 bits: no file can hold so many.
pub(crate) fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A row of some database: each of its cells an integer, a text or bytes, or nothing.
pub(crate) trait Row {
    fn integer(&self, column: usize) -> Result<Option<i64>, StoreError>;
    fn text(&self, column: usize) -> Result<Option<&str>, StoreError>;
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError>;
}

/// Reads the cells of a row one after another.
pub(crate) struct Columns<'r> {
    row: &'r dyn Row,
    next: usize,
}

/// A cell is not what it should be.
pub(crate) fn wrong(column: usize, wanted: &str) -> StoreError {
    StoreError::Corrupt(format!("column {column} is no {wanted}"))
}

impl<'r> Columns<'r> {
    pub(crate) fn of(row: &'r dyn Row) -> Columns<'r> {
        Columns { row, next: 0 }
    }

    fn wrong(&self, wanted: &str) -> StoreError {
        wrong(self.next - 1, wanted)
    }

    fn step(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    pub(crate) fn integer_if_any(&mut self) -> Result<Option<i64>, StoreError> {
        let column = self.step();
        self.row.integer(column)
    }

    fn text_ref_if_any(&mut self) -> Result<Option<&'r str>, StoreError> {
        let column = self.step();
        self.row.text(column)
    }

    pub(crate) fn bytes_ref_if_any(&mut self) -> Result<Option<&'r [u8]>, StoreError> {
        let column = self.step();
        self.row.bytes(column)
    }

    pub(crate) fn integer(&mut self) -> Result<i64, StoreError> {
        self.integer_if_any()?.ok_or_else(|| self.wrong("integer"))
    }

    pub(crate) fn small(&mut self) -> Result<u32, StoreError> {
        u32::try_from(self.integer()?).map_err(|_| self.wrong("number of 32 bits"))
    }

    pub(crate) fn small_if_any(&mut self) -> Result<Option<u32>, StoreError> {
        self.integer_if_any()?
            .map(|value| u32::try_from(value).map_err(|_| self.wrong("number of 32 bits")))
            .transpose()
    }

    pub(crate) fn unsigned(&mut self) -> Result<u64, StoreError> {
        u64::try_from(self.integer()?).map_err(|_| self.wrong("count"))
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        self.flag_if_any()?.ok_or_else(|| self.wrong("flag"))
    }

    pub(crate) fn flag_if_any(&mut self) -> Result<Option<bool>, StoreError> {
        match self.integer_if_any()? {
            None => Ok(None),
            Some(0) => Ok(Some(false)),
            Some(1) => Ok(Some(true)),
            Some(_) => Err(self.wrong("flag")),
        }
    }

    pub(crate) fn date(&mut self) -> Result<Date, StoreError> {
        date(self.integer()?)
    }

    pub(crate) fn date_if_any(&mut self) -> Result<Option<Date>, StoreError> {
        self.integer_if_any()?.map(date).transpose()
    }

    pub(crate) fn timestamp(&mut self) -> Result<Timestamp, StoreError> {
        timestamp(self.integer()?)
    }

    pub(crate) fn timestamp_if_any(&mut self) -> Result<Option<Timestamp>, StoreError> {
        self.integer_if_any()?.map(timestamp).transpose()
    }

    pub(crate) fn text_ref(&mut self) -> Result<&'r str, StoreError> {
        self.text_ref_if_any()?.ok_or_else(|| self.wrong("text"))
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.text_ref().map(str::to_owned)
    }

    pub(crate) fn text_if_any(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.text_ref_if_any()?.map(str::to_owned))
    }

    pub(crate) fn bytes_ref(&mut self) -> Result<&'r [u8], StoreError> {
        self.bytes_ref_if_any()?.ok_or_else(|| self.wrong("blob"))
    }

    pub(crate) fn bytes_if_any(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.bytes_ref_if_any()?.map(<[u8]>::to_vec))
    }

    pub(crate) fn digest(&mut self) -> Result<[u8; 32], StoreError> {
        self.bytes_ref()?.try_into().map_err(|_| self.wrong("SHA-256"))
    }

    pub(crate) fn digest_if_any(&mut self) -> Result<Option<[u8; 32]>, StoreError> {
        let digest = self.bytes_ref_if_any()?.map(<[u8; 32]>::try_from).transpose();
        digest.map_err(|_| self.wrong("SHA-256"))
    }

    pub(crate) fn code<T: Coded>(&mut self) -> Result<T, StoreError> {
        let code = self.integer()?;
        T::from_code(code).ok_or_else(|| self.wrong("code of ours"))
    }

    pub(crate) fn currency(&mut self) -> Result<Currency, StoreError> {
        Currency::new(self.text_ref()?).map_err(|_| self.wrong("currency"))
    }
}

/// An enumeration as a small integer. Codes are never given a new meaning.
pub(crate) trait Coded: Sized {
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
codes!(State {
    Draft = 0,
    Submitted = 1,
    Checked = 2,
    Approved = 3,
    InForce = 4,
    Replaced = 5,
    Expired = 6,
    Rejected = 7,
    Withdrawn = 8,
    Overtaken = 9,
});
codes!(Kind {
    NewClient = 0,
    NewAccount = 1,
    NewOnlineUser = 2,
    ChangeOnlineUser = 3,
    Renewal = 4,
    NewCertificate = 5,
    OneDayLimits = 6,
    SignatureCard = 7,
    Person = 8,
    LiftSuspension = 9,
    LiftBlock = 10,
});
codes!(FileKind { Signed = 0, Supporting = 1 });
codes!(HousePurpose { Settlement = 0, Opening = 1 });
codes!(AccountRole { Customer = 0, House = 1 });
codes!(AccountState { Open = 0, Blocked = 1, Closed = 2 });
codes!(Stage { Scheduled = 0, AwaitingFunds = 1, Held = 2, Dispatched = 3, Completed = 4, Refused = 5 });
codes!(RefusalStage { Admission = 0, Execution = 1, Settlement = 2 });
codes!(Route { Internal = 0, Sepa = 1 });
codes!(ReturnState { Waiting = 0, BookedBack = 1, PaidByHand = 2 });
codes!(Ending { Certificate = 0, Registration = 1, Authority = 2, PersonCertificate = 3 });
codes!(NoticeState { Waiting = 0, Sent = 1, Refused = 2, Lapsed = 3 });
codes!(EnrolmentKind { Request = 0, KeyStore = 1, KeyStoreTripleDes = 2 });
codes!(EntryKind { Opening = 0, InternalTransfer = 1, SepaTransfer = 2, Return = 3 });
