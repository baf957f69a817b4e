//! The business day. All bookings of a day come before the day moves, so a transaction that reads the day locks it.

use jiff::civil::Date;

use super::executor::{Executor, plain_statements, values};
use crate::codec::day;
use crate::{ReadBusinessDay, StoreError, WriteBusinessDay};

plain_statements! {
    pub(crate) const BUSINESS_DAY = ("SELECT business_day FROM state"; first " FOR SHARE", again " FOR NO KEY UPDATE");
    const SET_BUSINESS_DAY = ("UPDATE state SET business_day = $1 WHERE business_day IS NULL OR business_day <= $1");
}

impl<S: Executor> ReadBusinessDay for S {
    fn business_day(&mut self) -> Result<Date, StoreError> {
        let day = self.optional(&BUSINESS_DAY, values![], |row| row.date_if_any())?;
        day.flatten().ok_or(StoreError::Missing("business day"))
    }
}

impl<S: Executor> WriteBusinessDay for S {
    fn set_business_day(&mut self, to: Date) -> Result<(), StoreError> {
        self.announce();
        self.change_rights();
        if self.change(&SET_BUSINESS_DAY, values![day(to)])? == 1 {
            Ok(())
        } else {
            Err(StoreError::Refused(format!("the business day does not go back to {to}")))
        }
    }
}
