//! The business day as this process last read it.
//!
//! The check of a message may rest on it, because the decision reads the day again: when it has moved, the message is
//! checked once more.

use std::sync::{Mutex, PoisonError};

use jiff::civil::Date;

use crate::{Exchange, Failure};

#[derive(Debug, Default)]
pub(crate) struct RecentDay(Mutex<Option<Date>>);

impl RecentDay {
    fn get(&self) -> Option<Date> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, day: Date) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(day);
    }
}

impl Exchange {
    /// The business day, at no cost, as it was a moment ago.
    pub(crate) async fn recent_day(&self) -> Result<Date, Failure> {
        match self.inner.recent_day.get() {
            Some(day) => Ok(day),
            None => self.read_recent_day().await,
        }
    }

    /// Reads it again.
    pub(crate) async fn read_recent_day(&self) -> Result<Date, Failure> {
        let day = self.operator().business_day().await?;
        self.inner.recent_day.set(day);
        Ok(day)
    }
}
