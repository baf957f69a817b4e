//! Where the parts of a camt.060 go while they are read.

use super::paths::{field, group};
use super::{FloorLimit, GroupHeader, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType};
use crate::bounds::{BALANCE_TYPES_MAX, FLOOR_LIMITS_MAX};
use crate::common::{Amount, CodeOrProprietary, CreditDebit, Position};
use crate::read::{Arena, Builder, Kept, Leaf, Part, SELF};

/// `FlrLmt/CdtDbtInd` has codes of its own.
fn floor_limit_direction(code: &str) -> Option<CreditDebit> {
    match code {
        "CRED" => Some(CreditDebit::Credit),
        "DEBT" => Some(CreditDebit::Debit),
        _ => None,
    }
}

impl<'a> Builder<'a> for GroupHeader<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        match group {
            group::SENDER => Part::Party(self.sender.get_or_insert_default()),
            _ => Part::Own,
        }
    }

    fn leaf(&mut self, _group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::MESSAGE_ID => leaf.keep_mandatory(&mut self.message_id),
            field::CREATION_DATE_TIME => self.creation_date_time = leaf.date_time(),
            _ => {}
        }
    }
}

/// `RptgReq` while it is read.
pub(super) struct RequestBuilder<'a> {
    request: ReportingRequest<'a>,
    /// `FrToSeq/FrSeq`, which precedes its end.
    range_from: Option<&'a str>,
    floor_limit: (Option<Amount>, Option<CreditDebit>),
    floor_limits: Kept<'a, FloorLimit>,
    balance_type: Option<CodeOrProprietary<'a>>,
    balance_types: Kept<'a, CodeOrProprietary<'a>>,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(arena: &'a Arena, position: Position, ordinal: u32) -> RequestBuilder<'a> {
        RequestBuilder {
            request: ReportingRequest { position, ordinal, ..ReportingRequest::default() },
            range_from: None,
            floor_limit: (None, None),
            floor_limits: Kept::new(arena, "FlrLmt", FLOOR_LIMITS_MAX),
            balance_type: None,
            balance_types: Kept::new(arena, "ReqdBalTp", BALANCE_TYPES_MAX),
        }
    }

    pub(super) fn finish(mut self) -> ReportingRequest<'a> {
        if let Some(wanted) = &mut self.request.transaction_type {
            wanted.floor_limits = self.floor_limits.finish();
        }
        self.request.balance_types = self.balance_types.finish();
        self.request
    }

    fn period(&mut self) -> &mut ReportingPeriod<'a> {
        self.request.period.get_or_insert_default()
    }

    fn transaction_type(&mut self) -> &mut RequestedTransactionType<'a> {
        self.request.transaction_type.get_or_insert_default()
    }

    fn sequence_leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        self.request.sequence = match field {
            field::FROM => Some(ReportingSequence::From(leaf.kept())),
            field::TO => Some(ReportingSequence::To(leaf.kept())),
            field::EQUAL => Some(ReportingSequence::Equal(leaf.kept())),
            field::NOT_EQUAL => Some(ReportingSequence::NotEqual(leaf.kept())),
            field::RANGE_FROM => {
                leaf.keep(&mut self.range_from);
                None
            }
            field::RANGE_TO => self.range_from.map(|from| ReportingSequence::FromTo(from, leaf.kept())),
            _ => None,
        };
    }
}

impl<'a> Builder<'a> for RequestBuilder<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        let request = &mut self.request;
        match group {
            group::ACCOUNT => Part::Account(request.account.get_or_insert_default()),
            group::OWNER => Part::Party(request.account_owner.get_or_insert_default()),
            group::SERVICER => Part::Agent(request.account_servicer.get_or_insert_default()),
            _ => Part::Own,
        }
    }

    fn open(&mut self, group: u8, _field: u8) {
        match group {
            group::PERIOD => {
                self.period();
            }
            group::TRANSACTION_TYPE => {
                self.transaction_type();
            }
            group::FLOOR_LIMIT => self.floor_limit = (None, None),
            group::BALANCE_TYPE => self.balance_type = None,
            _ => {}
        }
    }

    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match (group, field) {
            (_, field::ID) => leaf.keep(&mut self.request.id),
            (_, field::REQUESTED_MESSAGE_NAME) => leaf.keep_mandatory(&mut self.request.requested_message_name),
            (_, field::FROM_DATE) => {
                let beyond_years = leaf.is_beyond_years().then(|| leaf.kept());
                let period = self.period();
                (period.from_date, period.beyond_years) = (leaf.date(), beyond_years);
            }
            (_, field::TO_DATE) => {
                let period = self.period();
                period.to_date = leaf.date();
                if period.from_date.is_none() && leaf.is_beyond_years() {
                    period.beyond_years = Some(leaf.kept());
                }
            }
            (_, field::FROM_TIME) => self.period().from_time = leaf.time(),
            (_, field::TO_TIME) => self.period().to_time = leaf.time(),
            (_, field::QUERY_TYPE) => leaf.keep(&mut self.period().query_type),
            (_, field::STATUS) => leaf.keep(&mut self.transaction_type().status),
            (group::TRANSACTION_TYPE, field::CREDIT_DEBIT) => {
                self.transaction_type().credit_debit = leaf.credit_debit();
            }
            (group::FLOOR_LIMIT, field::AMOUNT) => self.floor_limit.0 = leaf.amount(),
            (group::FLOOR_LIMIT, field::CREDIT_DEBIT) => self.floor_limit.1 = floor_limit_direction(leaf.text),
            (group::SEQUENCE, _) if self.request.sequence.is_none() => self.sequence_leaf(field, leaf),
            (group::BALANCE_TYPE, _) if self.balance_types.is_full() => {}
            (_, field::CODE) => leaf.keep_code(&mut self.balance_type),
            (_, field::PROPRIETARY) => leaf.keep_proprietary(&mut self.balance_type),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        match (group, field) {
            (group::FLOOR_LIMIT, SELF) => {
                if let (Some(amount), credit_debit) = self.floor_limit {
                    self.floor_limits.push(FloorLimit { amount, credit_debit });
                }
            }
            (group::BALANCE_TYPE, SELF) => {
                if let Some(balance_type) = self.balance_type {
                    self.balance_types.push(balance_type);
                }
            }
            _ => {}
        }
    }
}
