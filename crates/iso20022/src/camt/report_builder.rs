//! Where the parts of the header and of a report's head go while they are read.

use money::Decimal;

use super::paths::{field, group};
use super::{Balance, EntryTotal, GroupHeader, Pagination, Period, Report, TransactionsSummary};
use crate::DateTime;
use crate::bounds::BALANCES_MAX;
use crate::common::{Amount, CodeOrProprietary, CreditDebit};
use crate::read::{Arena, Builder, Kept, Leaf, Part, SELF};

impl GroupHeader<'_> {
    fn pagination(&mut self) -> &mut Pagination {
        self.pagination.get_or_insert(Pagination { page_number: 0, last_page: false })
    }
}

impl<'a> Builder<'a> for GroupHeader<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        match group {
            group::RECIPIENT => Part::Party(self.recipient.get_or_insert_default()),
            _ => Part::Own,
        }
    }

    fn leaf(&mut self, _group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::MESSAGE_ID => leaf.keep_mandatory(&mut self.message_id),
            field::CREATION_DATE_TIME => self.creation_date_time = leaf.date_time(),
            field::PAGE_NUMBER => self.pagination().page_number = leaf.number().unwrap_or_default(),
            field::LAST_PAGE => self.pagination().last_page = leaf.boolean().unwrap_or_default(),
            field::ORIGINAL_QUERY => leaf.keep(&mut self.original_query_message_id),
            field::ADDITIONAL_INFORMATION => leaf.keep(&mut self.additional_information),
            _ => {}
        }
    }
}

/// `Bal` while it is read.
#[derive(Default)]
struct BalanceBuilder<'a> {
    balance_type: Option<CodeOrProprietary<'a>>,
    sub_type: Option<&'a str>,
    amount: Option<Amount>,
    credit_debit: Option<CreditDebit>,
    date: Option<jiff::civil::Date>,
}

impl<'a> BalanceBuilder<'a> {
    fn leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        match field {
            field::CODE => leaf.keep_code(&mut self.balance_type),
            field::PROPRIETARY => leaf.keep_proprietary(&mut self.balance_type),
            field::SUB_TYPE => leaf.keep(&mut self.sub_type),
            field::AMOUNT => self.amount = leaf.amount(),
            field::CREDIT_DEBIT => self.credit_debit = leaf.credit_debit(),
            field::DATE => self.date = leaf.date(),
            _ => {}
        }
    }

    /// The balance, if all that makes one could be read.
    fn finish(self) -> Option<Balance<'a>> {
        Some(Balance {
            balance_type: self.balance_type?,
            sub_type: self.sub_type,
            amount: self.amount?,
            credit_debit: self.credit_debit?,
            date: self.date?,
        })
    }
}

/// A number of entries and their sum while they are read.
#[derive(Default)]
struct TotalBuilder {
    number: Option<u64>,
    sum: Option<Decimal>,
}

impl TotalBuilder {
    fn leaf(&mut self, field: u8, leaf: &Leaf<'_, '_>) {
        match field {
            field::NUMBER => self.number = leaf.number(),
            field::SUM => self.sum = leaf.decimal(),
            _ => {}
        }
    }

    fn finish(self) -> Option<EntryTotal> {
        self.number.zip(self.sum).map(|(number, sum)| EntryTotal { number, sum })
    }
}

/// The head of a report while it is read.
pub(super) struct ReportBuilder<'a> {
    report: Report<'a>,
    from: Option<DateTime>,
    to: Option<DateTime>,
    balance: BalanceBuilder<'a>,
    balances: Kept<'a, Balance<'a>>,
    has_summary: bool,
    entries: TotalBuilder,
    net: (Option<Decimal>, Option<CreditDebit>),
    credits: TotalBuilder,
    debits: TotalBuilder,
}

impl<'a> ReportBuilder<'a> {
    pub(super) fn new(arena: &'a Arena) -> ReportBuilder<'a> {
        ReportBuilder {
            report: Report::default(),
            from: None,
            to: None,
            balance: BalanceBuilder::default(),
            balances: Kept::new(arena, "Bal", BALANCES_MAX),
            has_summary: false,
            entries: TotalBuilder::default(),
            net: (None, None),
            credits: TotalBuilder::default(),
            debits: TotalBuilder::default(),
        }
    }

    pub(super) fn finish(self) -> Report<'a> {
        let summary = TransactionsSummary {
            entries: self.entries.finish(),
            net: self.net.0.zip(self.net.1),
            credits: self.credits.finish(),
            debits: self.debits.finish(),
        };
        Report {
            period: self.from.zip(self.to).map(|(from, to)| Period { from, to }),
            balances: self.balances.finish(),
            transactions_summary: self.has_summary.then_some(summary),
            ..self.report
        }
    }

    fn report_leaf(&mut self, field: u8, leaf: &Leaf<'_, 'a>) {
        let report = &mut self.report;
        match field {
            field::ID => leaf.keep_mandatory(&mut report.id),
            field::ELECTRONIC_SEQUENCE => report.electronic_sequence_number = leaf.number(),
            field::LEGAL_SEQUENCE => report.legal_sequence_number = leaf.number(),
            field::CREATION_DATE_TIME => report.creation_date_time = leaf.date_time(),
            field::FROM => self.from = leaf.date_time(),
            field::TO => self.to = leaf.date_time(),
            field::COPY_DUPLICATE => leaf.keep(&mut report.copy_duplicate),
            field::ACCOUNT_NAME => leaf.keep(&mut report.account.name),
            _ => {}
        }
    }
}

impl<'a> Builder<'a> for ReportBuilder<'a> {
    fn part(&mut self, group: u8) -> Part<'_, 'a> {
        let account = &mut self.report.account;
        match group {
            group::ACCOUNT => Part::Account(&mut account.account),
            group::OWNER => Part::Party(account.owner.get_or_insert_default()),
            group::SERVICER => Part::Agent(account.servicer.get_or_insert_default()),
            _ => Part::Own,
        }
    }

    fn open(&mut self, group: u8, _field: u8) {
        match group {
            group::TOTAL => self.has_summary = true,
            group::BALANCE => self.balance = BalanceBuilder::default(),
            _ => {}
        }
    }

    fn leaf(&mut self, group: u8, field: u8, leaf: &Leaf<'_, 'a>) {
        match (group, field) {
            (group::BALANCE, _) if !self.balances.is_full() => self.balance.leaf(field, leaf),
            (group::TOTAL, field::NET) => self.net.0 = leaf.decimal(),
            (group::TOTAL, field::CREDIT_DEBIT) => self.net.1 = leaf.credit_debit(),
            (group::TOTAL, _) => self.entries.leaf(field, leaf),
            (group::CREDITS, _) => self.credits.leaf(field, leaf),
            (group::DEBITS, _) => self.debits.leaf(field, leaf),
            (group::REPORT, _) => self.report_leaf(field, leaf),
            _ => {}
        }
    }

    fn close(&mut self, group: u8, field: u8) {
        if (group, field) == (group::BALANCE, SELF)
            && let Some(balance) = std::mem::take(&mut self.balance).finish()
        {
            self.balances.push(balance);
        }
    }
}
