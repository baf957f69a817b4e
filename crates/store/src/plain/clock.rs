//! The record of the time, and whether it may be simulated.

use jiff::Timestamp;

use super::executor::{Executor, plain_statements, values};
use crate::codec::micros;
use crate::row_mapping::read_clock;
use crate::{ClockJump, ClockRecord, ReadClock, StoreError, WriteClock};

plain_statements! {
    /// PostgreSQL gives the time of the statement, not of the snapshot; SQLite has only the machine's clock.
    const CLOCK = (
        sqlite: ["SELECT trusted_at, expected_at, shown_at, is_sandbox, NULL FROM clock"],
        postgres: ["SELECT trusted_at, expected_at, shown_at, is_sandbox,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM clock"],
    );
    const TRUST = ("UPDATE clock SET trusted_at = $1 WHERE trusted_at IS NULL OR trusted_at < $1");
    const NOTE_JUMP = ("UPDATE clock SET expected_at = $1, shown_at = $2 WHERE expected_at IS NULL");
    const FORGET_JUMP = ("UPDATE clock SET expected_at = NULL, shown_at = NULL");
    const CONFIRM = ("UPDATE clock SET trusted_at = $1, expected_at = NULL, shown_at = NULL");
    const SET_SANDBOX = ("UPDATE clock SET is_sandbox = $1 WHERE is_sandbox IS NULL OR is_sandbox = $1");
}

impl<S: Executor> ReadClock for S {
    fn clock(&mut self) -> Result<ClockRecord, StoreError> {
        self.optional(&CLOCK, values![], read_clock)?.ok_or(StoreError::Missing("clock"))
    }
}

impl<S: Executor> WriteClock for S {
    fn trust_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        self.change(&TRUST, values![micros(at)]).map(drop)
    }

    fn note_clock_jump(&mut self, jump: Option<&ClockJump>) -> Result<(), StoreError> {
        match jump {
            Some(jump) => self.change(&NOTE_JUMP, values![micros(jump.expected_at), micros(jump.shown_at)]).map(drop),
            None => self.change(&FORGET_JUMP, values![]).map(drop),
        }
    }

    fn confirm_clock(&mut self, at: Timestamp) -> Result<(), StoreError> {
        self.change(&CONFIRM, values![micros(at)]).map(drop)
    }

    fn set_sandbox(&mut self, is_sandbox: bool) -> Result<(), StoreError> {
        match self.change(&SET_SANDBOX, values![is_sandbox])? {
            1 => Ok(()),
            _ => Err(StoreError::Refused("whether this is a sandbox was decided when it was made".to_owned())),
        }
    }
}
