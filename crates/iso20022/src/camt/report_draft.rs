//! The header and the head of a report while they are read.

use money::Decimal;
use xsd::Attributes;

use super::paths::{BALANCE, field, group};
use super::{Balance, EntryTotal, GroupHeader, Pagination, Period, Report, ReportAccount, TransactionsSummary};
use crate::DateTime;
use crate::bounds::BALANCES_MAX;
use crate::common::{Amount, CreditDebit};
use crate::read::{self, AccountDraft, AgentDraft, Arena, Kept, PartyDraft, SELF, choice, keep};

/// `GrpHdr` while it is read.
pub(super) struct HeaderDraft<'a> {
    message_id: Option<&'a str>,
    creation_date_time: Option<DateTime>,
    page_number: Option<u32>,
    last_page: Option<bool>,
    original_query: Option<&'a str>,
    additional_information: Option<&'a str>,
    recipient: PartyDraft<'a>,
}

impl<'a> HeaderDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> HeaderDraft<'a> {
        HeaderDraft {
            message_id: None,
            creation_date_time: None,
            page_number: None,
            last_page: None,
            original_query: None,
            additional_information: None,
            recipient: PartyDraft::new(arena),
        }
    }

    pub(super) fn open(&mut self, tag: u16) {
        if read::group(tag) == group::RECIPIENT {
            self.recipient.open(read::field(tag));
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str) {
        match (read::group(tag), read::field(tag)) {
            (group::RECIPIENT, part) => self.recipient.leaf(part, arena, text),
            (_, field::MESSAGE_ID) => keep(&mut self.message_id, arena, text),
            (_, field::CREATION_DATE_TIME) => self.creation_date_time = DateTime::parse(text).ok(),
            (_, field::PAGE_NUMBER) => self.page_number = text.parse().ok(),
            (_, field::LAST_PAGE) => self.last_page = read::boolean(text),
            (_, field::ORIGINAL_QUERY) => keep(&mut self.original_query, arena, text),
            (_, field::ADDITIONAL_INFORMATION) => keep(&mut self.additional_information, arena, text),
            _ => {}
        }
    }

    pub(super) fn finish(self) -> GroupHeader<'a> {
        let pagination = self.page_number.zip(self.last_page);
        GroupHeader {
            message_id: self.message_id.unwrap_or_default(),
            creation_date_time: self.creation_date_time,
            recipient: self.recipient.finish_if_seen(),
            pagination: pagination.map(|(page_number, last_page)| Pagination { page_number, last_page }),
            original_query_message_id: self.original_query,
            additional_information: self.additional_information,
        }
    }
}

/// `Bal` while it is read.
#[derive(Default)]
struct BalanceDraft<'a> {
    code: Option<&'a str>,
    proprietary: Option<&'a str>,
    sub_type: Option<&'a str>,
    amount: Option<Amount>,
    credit_debit: Option<CreditDebit>,
    date: Option<jiff::civil::Date>,
}

impl<'a> BalanceDraft<'a> {
    /// The balance, if all that makes one could be read.
    fn finish(&self) -> Option<Balance<'a>> {
        Some(Balance {
            balance_type: choice(self.code, self.proprietary)?,
            sub_type: self.sub_type,
            amount: self.amount?,
            credit_debit: self.credit_debit?,
            date: self.date?,
        })
    }
}

/// A number of entries and their sum while they are read.
#[derive(Default)]
struct TotalDraft {
    number: Option<u64>,
    sum: Option<Decimal>,
}

impl TotalDraft {
    fn leaf(&mut self, part: u8, text: &str) {
        match part {
            field::NUMBER => self.number = text.parse().ok(),
            field::SUM => self.sum = Decimal::parse(text).ok(),
            _ => {}
        }
    }

    fn finish(self) -> Option<EntryTotal> {
        self.number.zip(self.sum).map(|(number, sum)| EntryTotal { number, sum })
    }
}

/// The head of a report while it is read.
pub(super) struct ReportDraft<'a> {
    id: Option<&'a str>,
    copy_duplicate: Option<&'a str>,
    account_name: Option<&'a str>,
    from: Option<DateTime>,
    to: Option<DateTime>,
    /// What needs no arena stands in its place already.
    values: Report<'a>,
    account: AccountDraft<'a>,
    owner: PartyDraft<'a>,
    servicer: AgentDraft<'a>,
    balance: BalanceDraft<'a>,
    balances: Kept<'a, Balance<'a>>,
    has_summary: bool,
    entries: TotalDraft,
    net: Option<Decimal>,
    net_direction: Option<CreditDebit>,
    credits: TotalDraft,
    debits: TotalDraft,
}

impl<'a> ReportDraft<'a> {
    pub(super) fn new(arena: &'a Arena) -> ReportDraft<'a> {
        ReportDraft {
            id: None,
            copy_duplicate: None,
            account_name: None,
            from: None,
            to: None,
            values: Report::default(),
            account: AccountDraft::default(),
            owner: PartyDraft::new(arena),
            servicer: AgentDraft::default(),
            balance: BalanceDraft::default(),
            balances: Kept::new(arena, BALANCES_MAX),
            has_summary: false,
            entries: TotalDraft::default(),
            net: None,
            net_direction: None,
            credits: TotalDraft::default(),
            debits: TotalDraft::default(),
        }
    }

    pub(super) fn open(&mut self, tag: u16) {
        let part = read::field(tag);
        match read::group(tag) {
            group::ACCOUNT => self.account.open(part),
            group::OWNER => self.owner.open(part),
            group::SERVICER => self.servicer.open(part),
            group::TOTAL if part == SELF => self.has_summary = true,
            _ if tag == BALANCE => self.balance = BalanceDraft::default(),
            _ => {}
        }
    }

    pub(super) fn end_balance(&mut self) {
        if let Some(balance) = self.balance.finish() {
            self.balances.push(balance);
        }
    }

    pub(super) fn leaf(&mut self, tag: u16, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let part = read::field(tag);
        match read::group(tag) {
            group::REPORT => self.report_leaf(part, arena, text),
            group::ACCOUNT => self.account.leaf(part, arena, text),
            group::OWNER => self.owner.leaf(part, arena, text),
            group::SERVICER => self.servicer.leaf(part, arena, text),
            group::BALANCE if !self.balances.is_full() => self.balance_leaf(part, arena, text, attributes),
            group::TOTAL => match part {
                field::NET => self.net = Decimal::parse(text).ok(),
                field::CREDIT_DEBIT => self.net_direction = CreditDebit::from_code(text),
                part => self.entries.leaf(part, text),
            },
            group::CREDITS => self.credits.leaf(part, text),
            group::DEBITS => self.debits.leaf(part, text),
            _ => {}
        }
    }

    fn report_leaf(&mut self, part: u8, arena: &'a Arena, text: &str) {
        match part {
            field::ID => keep(&mut self.id, arena, text),
            field::ELECTRONIC_SEQUENCE => self.values.electronic_sequence_number = text.parse().ok(),
            field::LEGAL_SEQUENCE => self.values.legal_sequence_number = text.parse().ok(),
            field::CREATION_DATE_TIME => self.values.creation_date_time = DateTime::parse(text).ok(),
            field::FROM => self.from = DateTime::parse(text).ok(),
            field::TO => self.to = DateTime::parse(text).ok(),
            field::COPY_DUPLICATE => keep(&mut self.copy_duplicate, arena, text),
            field::ACCOUNT_NAME => keep(&mut self.account_name, arena, text),
            _ => {}
        }
    }

    fn balance_leaf(&mut self, part: u8, arena: &'a Arena, text: &str, attributes: &Attributes<'_>) {
        let balance = &mut self.balance;
        match part {
            field::CODE => keep(&mut balance.code, arena, text),
            field::PROPRIETARY => keep(&mut balance.proprietary, arena, text),
            field::SUB_TYPE => keep(&mut balance.sub_type, arena, text),
            field::AMOUNT => balance.amount = read::amount(text, attributes),
            field::CREDIT_DEBIT => balance.credit_debit = CreditDebit::from_code(text),
            field::DATE => balance.date = read::date(text),
            _ => {}
        }
    }

    pub(super) fn finish(self) -> Report<'a> {
        let summary = TransactionsSummary {
            entries: self.entries.finish(),
            net: self.net.zip(self.net_direction),
            credits: self.credits.finish(),
            debits: self.debits.finish(),
        };
        Report {
            id: self.id.unwrap_or_default(),
            period: self.from.zip(self.to).map(|(from, to)| Period { from, to }),
            copy_duplicate: self.copy_duplicate,
            account: ReportAccount {
                account: self.account.finish(),
                name: self.account_name,
                owner: self.owner.finish_if_seen(),
                servicer: self.servicer.finish_if_seen(),
            },
            balances: self.balances.finish(),
            transactions_summary: self.has_summary.then_some(summary),
            ..self.values
        }
    }
}
