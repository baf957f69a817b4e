//! A reporting request while it is read.

use xsd::Attributes;

use super::reader::{field, group};
use super::{FloorLimit, ReportingPeriod, ReportingRequest, ReportingSequence, RequestedTransactionType};
use crate::bounds::{BALANCE_TYPES_MAX, FLOOR_LIMITS_MAX};
use crate::common::{Amount, CodeOrProprietary, CreditDebit};
use crate::date_time::parse_time_with_offset;
use crate::read::{self, AccountDraft, AgentDraft, Arena, Kept, PartyDraft, SELF, choice, keep};

/// `FlrLmt/CdtDbtInd` has codes of its own.
fn floor_limit_direction(code: &str) -> Option<CreditDebit> {
    match code {
        "CRED" => Some(CreditDebit::Credit),
        "DEBT" => Some(CreditDebit::Debit),
        _ => None,
    }
}

/// `RptgReq` while it is read.
pub(super) struct RequestDraft<'a> {
    id: Option<&'a str>,
    requested_message_name: Option<&'a str>,
    account: AccountDraft<'a>,
    owner: PartyDraft<'a>,
    servicer: AgentDraft<'a>,
    period: Option<ReportingPeriod<'a>>,
    sequence: Option<ReportingSequence<'a>>,
    range_from: Option<&'a str>,
    transaction_type: Option<RequestedTransactionType<'a>>,
    floor_limit: (Option<Amount>, Option<CreditDebit>),
    floor_limits: Kept<'a, FloorLimit>,
    balance_type: (Option<&'a str>, Option<&'a str>),
    balance_types: Kept<'a, CodeOrProprietary<'a>>,
}

impl<'a> RequestDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> RequestDraft<'a> {
        RequestDraft {
            id: None,
            requested_message_name: None,
            account: AccountDraft::default(),
            owner: PartyDraft::new(arena),
            servicer: AgentDraft::default(),
            period: None,
            sequence: None,
            range_from: None,
            transaction_type: None,
            floor_limit: (None, None),
            floor_limits: Kept::new(arena, FLOOR_LIMITS_MAX),
            balance_type: (None, None),
            balance_types: Kept::new(arena, BALANCE_TYPES_MAX),
        }
    }

    pub(super) fn open(&mut self, tag: u16) {
        let part = read::field(tag);
        match read::group(tag) {
            group::ACCOUNT => self.account.open(part),
            group::OWNER => self.owner.open(part),
            group::SERVICER => self.servicer.open(part),
            group::PERIOD if part == SELF => {
                self.period.get_or_insert_default();
            }
            group::TRANSACTION_TYPE if part == SELF => {
                self.transaction_type.get_or_insert_default();
            }
            group::FLOOR_LIMIT if part == SELF => self.floor_limit = (None, None),
            group::BALANCE_TYPE if part == SELF => self.balance_type = (None, None),
            _ => {}
        }
    }

    pub(super) fn close(&mut self, tag: u16) {
        match (read::group(tag), read::field(tag)) {
            (group::FLOOR_LIMIT, SELF) => {
                if let (Some(amount), credit_debit) = self.floor_limit {
                    self.floor_limits.push(FloorLimit { amount, credit_debit });
                }
            }
            (group::BALANCE_TYPE, SELF) => {
                if let Some(balance_type) = choice(self.balance_type.0, self.balance_type.1) {
                    self.balance_types.push(balance_type);
                }
            }
            _ => {}
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let part = read::field(tag);
        match read::group(tag) {
            group::REQUEST => match part {
                field::ID => keep(&mut self.id, arena, text),
                field::REQUESTED_MESSAGE_NAME => keep(&mut self.requested_message_name, arena, text),
                _ => {}
            },
            group::ACCOUNT => self.account.leaf(part, arena, text),
            group::OWNER => self.owner.leaf(part, arena, text),
            group::SERVICER => self.servicer.leaf(part, arena, text),
            group::PERIOD => self.period_leaf(part, arena, text),
            group::SEQUENCE if self.sequence.is_none() => self.sequence_leaf(part, arena, text),
            group::TRANSACTION_TYPE => {
                let wanted = self.transaction_type.get_or_insert_default();
                match part {
                    field::STATUS => keep(&mut wanted.status, arena, text),
                    field::CREDIT_DEBIT => wanted.credit_debit = CreditDebit::from_code(text),
                    _ => {}
                }
            }
            group::FLOOR_LIMIT => match part {
                field::AMOUNT => self.floor_limit.0 = read::amount(text, attributes),
                field::CREDIT_DEBIT => self.floor_limit.1 = floor_limit_direction(text),
                _ => {}
            },
            group::BALANCE_TYPE if !self.balance_types.is_full() => match part {
                field::CODE => keep(&mut self.balance_type.0, arena, text),
                field::PROPRIETARY => keep(&mut self.balance_type.1, arena, text),
                _ => {}
            },
            _ => {}
        }
    }

    fn period_leaf(&mut self, part: u8, arena: &'a Arena, text: &str) {
        let period = self.period.get_or_insert_default();
        match part {
            field::FROM_DATE => period.from_date = read::date(text),
            field::TO_DATE => period.to_date = read::date(text),
            field::FROM_TIME => period.from_time = parse_time_with_offset(text),
            field::TO_TIME => period.to_time = parse_time_with_offset(text),
            field::QUERY_TYPE => keep(&mut period.query_type, arena, text),
            _ => {}
        }
    }

    fn sequence_leaf(&mut self, part: u8, arena: &'a Arena, text: &str) {
        self.sequence = match part {
            field::FROM => Some(ReportingSequence::From(arena.text(text))),
            field::TO => Some(ReportingSequence::To(arena.text(text))),
            field::EQUAL => Some(ReportingSequence::Equal(arena.text(text))),
            field::NOT_EQUAL => Some(ReportingSequence::NotEqual(arena.text(text))),
            field::RANGE_FROM => {
                keep(&mut self.range_from, arena, text);
                None
            }
            field::RANGE_TO => self.range_from.map(|from| ReportingSequence::FromTo(from, arena.text(text))),
            _ => None,
        };
    }

    pub(super) fn finish(self) -> ReportingRequest<'a> {
        let floor_limits = self.floor_limits.finish();
        ReportingRequest {
            id: self.id,
            requested_message_name: self.requested_message_name.unwrap_or_default(),
            account: self.account.finish_if_seen(),
            account_owner: self.owner.finish_if_seen(),
            account_servicer: self.servicer.finish_if_seen(),
            period: self.period,
            sequence: self.sequence,
            transaction_type: self.transaction_type.map(|wanted| RequestedTransactionType { floor_limits, ..wanted }),
            balance_types: self.balance_types.finish(),
            ..ReportingRequest::default()
        }
    }
}
