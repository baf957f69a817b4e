//! The parts of a pain.002 while they are read.

use money::Decimal;
use xsd::Attributes;

use super::reader::{field, group};
use super::{GroupHeader, OriginalTransaction, Status, StatusReason, TransactionStatus, TransactionsPerStatus};
use crate::DateTime;
use crate::bounds::{STATUS_REASONS_MAX, STATUS_TOTALS_MAX};
use crate::read::{self, AccountDraft, AgentDraft, Arena, Kept, PartyDraft, ReasonDraft, RemittanceDraft, SELF, keep};

/// `GrpHdr` while it is read.
pub(super) struct HeaderDraft<'a> {
    message_id: Option<&'a str>,
    creation_date_time: Option<DateTime>,
    initiating_party: PartyDraft<'a>,
    forwarding_agent: AgentDraft<'a>,
    debtor_agent: AgentDraft<'a>,
}

impl<'a> HeaderDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> HeaderDraft<'a> {
        HeaderDraft {
            message_id: None,
            creation_date_time: None,
            initiating_party: PartyDraft::new(arena),
            forwarding_agent: AgentDraft::default(),
            debtor_agent: AgentDraft::default(),
        }
    }

    pub(super) fn open(&mut self, tag: u16) {
        let part = read::field(tag);
        match read::group(tag) {
            group::INITIATING_PARTY => self.initiating_party.open(part),
            group::FORWARDING_AGENT => self.forwarding_agent.open(part),
            group::HEADER_DEBTOR_AGENT => self.debtor_agent.open(part),
            _ => {}
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str) {
        match (read::group(tag), read::field(tag)) {
            (group::HEADER, field::MESSAGE_ID) => keep(&mut self.message_id, arena, text),
            (group::HEADER, field::CREATION_DATE_TIME) => self.creation_date_time = DateTime::parse(text).ok(),
            (group::INITIATING_PARTY, part) => self.initiating_party.leaf(part, arena, text),
            (group::FORWARDING_AGENT, part) => self.forwarding_agent.leaf(part, arena, text),
            (group::HEADER_DEBTOR_AGENT, part) => self.debtor_agent.leaf(part, arena, text),
            _ => {}
        }
    }

    pub(super) fn finish(self) -> GroupHeader<'a> {
        GroupHeader {
            message_id: self.message_id.unwrap_or_default(),
            creation_date_time: self.creation_date_time,
            initiating_party: self.initiating_party.finish_if_seen(),
            forwarding_agent: self.forwarding_agent.finish_if_seen(),
            debtor_agent: self.debtor_agent.finish_if_seen(),
        }
    }
}

/// Status, reasons and totals, which all three levels have (a payment without totals).
pub(super) struct StatusDraft<'a> {
    status: Option<Status>,
    reason: Option<ReasonDraft<'a>>,
    reasons: Kept<'a, StatusReason<'a>>,
    total: (Option<u64>, Option<Status>, Option<Decimal>),
    totals: Kept<'a, TransactionsPerStatus>,
}

impl<'a> StatusDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> StatusDraft<'a> {
        StatusDraft {
            status: None,
            reason: None,
            reasons: Kept::new(arena, STATUS_REASONS_MAX),
            total: (None, None, None),
            totals: Kept::new(arena, STATUS_TOTALS_MAX),
        }
    }

    pub(super) fn open(&mut self, tag: u16, arena: &'a Arena) {
        match (read::group(tag), read::field(tag)) {
            (group::REASON, SELF) => self.reason = Some(ReasonDraft::new(arena)),
            (group::TOTAL, SELF) => self.total = (None, None, None),
            _ => {}
        }
    }

    pub(super) fn close(&mut self, tag: u16) {
        match (read::group(tag), read::field(tag)) {
            (group::REASON, SELF) => {
                if let Some(draft) = self.reason.take() {
                    let originator_name = draft.originator;
                    let (reason, additional_information) = draft.finish();
                    self.reasons.push(StatusReason { originator_name, reason, additional_information });
                }
            }
            (group::TOTAL, SELF) => {
                if let (Some(number_of_transactions), Some(status), control_sum) = self.total {
                    self.totals.push(TransactionsPerStatus { number_of_transactions, status, control_sum });
                }
            }
            _ => {}
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str) {
        match (read::group(tag), read::field(tag)) {
            (group::REASON, part) if !self.reasons.is_full() => {
                if let Some(reason) = &mut self.reason {
                    reason.leaf(part, arena, text);
                }
            }
            (group::TOTAL, field::NUMBER_OF_TRANSACTIONS) => self.total.0 = text.parse().ok(),
            (group::TOTAL, field::STATUS) => self.total.1 = Status::new(text),
            (group::TOTAL, field::CONTROL_SUM) => self.total.2 = Decimal::parse(text).ok(),
            (group::ORIGINAL_GROUP | group::BLOCK | group::TRANSACTION, field::STATUS) => {
                self.status = Status::new(text);
            }
            _ => {}
        }
    }

    pub(super) fn finish(self) -> (Option<Status>, &'a [StatusReason<'a>], &'a [TransactionsPerStatus]) {
        (self.status, self.reasons.finish(), self.totals.finish())
    }
}

/// `TxInfAndSts` while it is read.
pub(super) struct TransactionDraft<'a> {
    status_id: Option<&'a str>,
    instruction_id: Option<&'a str>,
    end_to_end_id: Option<&'a str>,
    uetr: Option<&'a str>,
    acceptance_date_time: Option<DateTime>,
    account_servicer_reference: Option<&'a str>,
    status: StatusDraft<'a>,
    has_original: bool,
    original: OriginalTransaction<'a>,
    remittance: RemittanceDraft<'a>,
    debtor_account: AccountDraft<'a>,
    creditor_agent: AgentDraft<'a>,
    creditor_account: AccountDraft<'a>,
}

impl<'a> TransactionDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> TransactionDraft<'a> {
        TransactionDraft {
            status_id: None,
            instruction_id: None,
            end_to_end_id: None,
            uetr: None,
            acceptance_date_time: None,
            account_servicer_reference: None,
            status: StatusDraft::new(arena),
            has_original: false,
            original: OriginalTransaction::default(),
            remittance: RemittanceDraft::new(arena),
            debtor_account: AccountDraft::default(),
            creditor_agent: AgentDraft::default(),
            creditor_account: AccountDraft::default(),
        }
    }

    pub(super) fn open(&mut self, tag: u16, arena: &'a Arena) {
        let part = read::field(tag);
        match read::group(tag) {
            group::ORIGINAL => self.has_original |= part == SELF,
            group::DEBTOR_ACCOUNT => self.debtor_account.open(part),
            group::CREDITOR_AGENT => self.creditor_agent.open(part),
            group::CREDITOR_ACCOUNT => self.creditor_account.open(part),
            _ => self.status.open(tag, arena),
        }
    }

    pub(super) fn close(&mut self, tag: u16) {
        self.status.close(tag);
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        match (read::group(tag), read::field(tag)) {
            (group::TRANSACTION, field::STATUS_ID) => keep(&mut self.status_id, arena, text),
            (group::TRANSACTION, field::INSTRUCTION_ID) => keep(&mut self.instruction_id, arena, text),
            (group::TRANSACTION, field::END_TO_END_ID) => keep(&mut self.end_to_end_id, arena, text),
            (group::TRANSACTION, field::UETR) => keep(&mut self.uetr, arena, text),
            (group::TRANSACTION, field::ACCEPTANCE_DATE_TIME) => self.acceptance_date_time = DateTime::parse(text).ok(),
            (group::TRANSACTION, field::SERVICER_REFERENCE) => keep(&mut self.account_servicer_reference, arena, text),
            (group::ORIGINAL, field::INSTRUCTED_AMOUNT) => {
                self.original.instructed_amount = read::amount(text, attributes);
            }
            (group::ORIGINAL, field::REQUESTED_EXECUTION_DATE) => {
                self.original.requested_execution_date = read::date(text);
            }
            (group::ORIGINAL, field::DEBTOR_NAME) => keep(&mut self.original.debtor_name, arena, text),
            (group::ORIGINAL, field::CREDITOR_NAME) => keep(&mut self.original.creditor_name, arena, text),
            (group::REMITTANCE, part) => self.remittance.leaf(part, arena, text),
            (group::DEBTOR_ACCOUNT, part) => self.debtor_account.leaf(part, arena, text),
            (group::CREDITOR_AGENT, part) => self.creditor_agent.leaf(part, arena, text),
            (group::CREDITOR_ACCOUNT, part) => self.creditor_account.leaf(part, arena, text),
            _ => self.status.leaf(tag, arena, text),
        }
    }

    pub(super) fn finish(self) -> TransactionStatus<'a> {
        let original = OriginalTransaction {
            remittance: self.remittance.finish(),
            debtor_account: self.debtor_account.finish_if_seen(),
            creditor_agent: self.creditor_agent.finish_if_seen(),
            creditor_account: self.creditor_account.finish_if_seen(),
            ..self.original
        };
        let (status, reasons, _) = self.status.finish();
        TransactionStatus {
            status_id: self.status_id,
            instruction_id: self.instruction_id,
            end_to_end_id: self.end_to_end_id,
            uetr: self.uetr,
            status,
            reasons,
            acceptance_date_time: self.acceptance_date_time,
            account_servicer_reference: self.account_servicer_reference,
            original: self.has_original.then_some(original),
        }
    }
}
