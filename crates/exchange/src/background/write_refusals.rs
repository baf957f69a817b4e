//! Writes the audit lines about refused requests, a few at a time.

use super::chore::{Chore, Doing, Round};
use crate::Exchange;

pub(super) struct WriteRefusals;

impl Chore for WriteRefusals {
    fn name(&self) -> &'static str {
        "write refusals"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            exchange.write_refusals(false).await;
            Ok(false)
        })
    }
}
