//! The client itself, its online users, and its accounts with every entry: as CSV, and as camt.052.

use std::collections::BTreeSet;
use std::io::Write as _;

use iso20022::MessageType;
use iso20022::common::CreditDebit;
use jiff::civil::Date;
use ledger::{CreditId, EntrySource};
use money::Money;
use payments::{PartyRecord, PaymentRecord};
use serde_json::json;
use store::{EntryCause, EntryRange, EntryView, OnlineUserId, Reading, Report, ReportId, StoreError, TreasuryAccount};

use super::job::{Export, ExportError, ROWS_AT_A_TIME};
use super::lines::{csv_line, json_line};
use super::payment::{identification, reference_type};
use crate::failure::damaged;
use crate::reports::account_report::entry_reference;
use crate::reports::extent::totals;
use crate::reports::pages::write_pages;

const ENTRY_COLUMNS: [&str; 24] = [
    "sequence",
    "booking_date",
    "value_date",
    "amount",
    "currency",
    "kind",
    "reference",
    "message_id",
    "payment_information_id",
    "end_to_end_id",
    "counterparty_name",
    "counterparty_iban",
    "remittance",
    "instruction_id",
    "ultimate_debtor_name",
    "ultimate_creditor_name",
    "return_reason",
    "creditor_reference",
    "reference_type",
    "reference_issuer",
    "document_numbers",
    "additional_remittance",
    "ultimate_debtor_id",
    "ultimate_creditor_id",
];

/// Ids of credits from outside, as audit lines name them.
pub(super) type IncomingIds = BTreeSet<CreditId>;

impl Export<'_> {
    pub(super) fn client_itself(&mut self, reading: &mut dyn Reading) -> Result<(), ExportError> {
        let client = &self.client;
        let mut file = self.files.begin("client.json")?;
        let value = json!({
            "number": client.id.0,
            "name": client.name,
            "registration_number": client.registration_number,
            "acceptance": format!("{:?}", client.acceptance),
            "lists_every_payment": client.preferences.lists_every_payment,
            "daily_balances": client.preferences.daily_balances,
            "end_to_end_ids_unique": client.preferences.end_to_end_ids.to_string(),
            "business_day": reading.business_day()?.to_string(),
        });
        json_line(&mut file, &value)?;
        file.flush()?;
        drop(file);
        let mut file = self.files.begin("online-users.jsonl")?;
        for user in &self.users {
            let certificates = reading.certificates(user.id)?;
            let certificates: Vec<_> = certificates
                .iter()
                .map(|certificate| {
                    json!({
                        "sha256": certificate.fingerprint.to_string(),
                        "serial": certificate.serial,
                        "not_before": certificate.not_before.to_string(),
                        "not_after": certificate.not_after.to_string(),
                        "revoked_at": certificate.revoked_at.map(|at| at.to_string()),
                    })
                })
                .collect();
            let value = json!({
                "number": user.id.0,
                "name": user.name,
                "mode": format!("{:?}", user.mode),
                "registration_valid_until": user.registration_valid_until.to_string(),
                "allowed_networks": user.allowed_networks.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "certificates": certificates,
            });
            json_line(&mut file, &value)?;
            self.summary.online_users += 1;
        }
        Ok(file.flush()?)
    }

    pub(super) fn accounts(
        &mut self,
        reading: &mut dyn Reading,
    ) -> Result<(Vec<TreasuryAccount>, IncomingIds), ExportError> {
        let accounts = reading.accounts_of(self.client.id)?;
        let mut file = self.files.begin("accounts.csv")?;
        let columns =
            ["iban", "currency", "kind", "state", "owner", "balance", "on_hold", "limit_per_payment", "limit_per_day"];
        csv_line(&mut file, &columns)?;
        for account in &accounts {
            let ledger = &account.ledger;
            let amount = |minor| Money::new(minor, ledger.currency).to_decimal().to_string();
            let limit = |limit: Option<i64>| limit.map(amount).unwrap_or_default();
            let fields = [
                account.iban.clone(),
                ledger.currency.code().to_owned(),
                format!("{:?}", account.kind),
                format!("{:?}", ledger.state),
                account.owner_name.clone(),
                amount(ledger.balance),
                amount(ledger.held),
                limit(ledger.limits.per_payment),
                limit(ledger.limits.per_day),
            ];
            csv_line(&mut file, &fields.each_ref().map(String::as_str))?;
            self.summary.accounts += 1;
        }
        file.flush()?;
        drop(file);
        let mut incoming = IncomingIds::new();
        for account in &accounts {
            self.entries(reading, account, &mut incoming)?;
            self.statement(reading, account)?;
        }
        Ok((accounts, incoming))
    }

    fn entries(
        &mut self,
        reading: &mut dyn Reading,
        account: &TreasuryAccount,
        incoming: &mut IncomingIds,
    ) -> Result<(), ExportError> {
        let mut file = self.files.begin(&format!("entries/{}.csv", account.iban))?;
        csv_line(&mut file, &ENTRY_COLUMNS)?;
        let mut after = None;
        loop {
            let range = EntryRange {
                account: account.ledger.id,
                from: Date::MIN,
                to: Date::MAX,
                last_sequence: self.summary.last_sequence,
                after,
                credits_only: None,
                limit: ROWS_AT_A_TIME,
            };
            let mut page = Vec::new();
            let read = reading.entries(&range, &mut |entry| {
                after = Some((entry.booking_date, entry.sequence));
                if let EntrySource::Incoming { id } = entry.source {
                    incoming.insert(id);
                }
                entry_line(&mut page, account, &entry)
            })?;
            file.write_all(&page)?;
            self.summary.entries += u64::from(read);
            if read < ROWS_AT_A_TIME {
                return Ok(file.flush()?);
            }
        }
    }

    /// The same entries as a camt.052 of all days, in pages as a report has them.
    fn statement(&mut self, reading: &mut dyn Reading, account: &TreasuryAccount) -> Result<(), ExportError> {
        let today = reading.business_day()?;
        let days = reading.account_days(account.ledger.id, Date::MIN, today)?;
        let report = Report {
            id: ReportId(0),
            user: OnlineUserId(0),
            message_type: MessageType::Camt052V08.name().to_owned(),
            message_id: format!("EXPORT{}-{:x}", account.ledger.id.0, self.now.as_microsecond()),
            request_message_id: String::new(),
            account: account.ledger.id,
            from: days.first().map_or(today, |day| day.date),
            to: today,
            number: 0,
            last_sequence: self.summary.last_sequence,
            last_day_closed: false,
            credits_only: None,
            opening: 0,
            totals: totals(&days, today, None)?,
            created_at: self.now,
            daily_balances: self.client.preferences.daily_balances,
        };
        let files = &mut *self.files;
        write_pages(reading, &report, account, self.settings, |number, xml| {
            let mut file = files.begin(&format!("statements/{}-{number:06}.xml", account.iban))?;
            file.write_all(xml)?;
            Ok(file.flush()?)
        })
    }

    pub(super) fn reports(
        &mut self,
        reading: &mut dyn Reading,
        accounts: &[TreasuryAccount],
    ) -> Result<(), ExportError> {
        let mut file = self.files.begin("reports.jsonl")?;
        for user in &self.users {
            let mut after = None;
            loop {
                let page = reading.reports_of(user.id, after, ROWS_AT_A_TIME)?;
                for report in &page {
                    let iban = accounts.iter().find(|account| account.ledger.id == report.account);
                    let value = json!({
                        "message_id": report.message_id,
                        "message_type": report.message_type,
                        "request_message_id": report.request_message_id,
                        "online_user": user.id.0,
                        "account": iban.map(|account| account.iban.as_str()),
                        "from": report.from.to_string(),
                        "to": report.to.to_string(),
                        "number": report.number,
                        "created_at": report.created_at.to_string(),
                    });
                    json_line(&mut file, &value)?;
                    after = Some(report.id);
                    self.summary.reports += 1;
                }
                if page.len() < ROWS_AT_A_TIME as usize {
                    break;
                }
            }
        }
        Ok(file.flush()?)
    }
}

/// The payment behind an entry, as far as the account's holder may know it. Empty where there is none.
#[derive(Default)]
struct EntryDetails<'a> {
    message_id: &'a str,
    payment_information_id: &'a str,
    instruction_id: &'a str,
    end_to_end_id: &'a str,
    name: &'a str,
    iban: &'a str,
    ultimate_debtor: PartyRecord<'a>,
    ultimate_creditor: PartyRecord<'a>,
    remittance: &'a str,
    creditor_reference: &'a str,
    reference_type: &'a str,
    reference_issuer: &'a str,
    document_numbers: &'a str,
    additional_remittance: &'a str,
    return_reason: &'a str,
}

impl<'a> EntryDetails<'a> {
    fn of(cause: &EntryCause<'a>, is_debit: bool) -> Result<EntryDetails<'a>, StoreError> {
        let decoded = |record| PaymentRecord::decode(record).map_err(|error| damaged(&error));
        match *cause {
            EntryCause::Payment { message_id, payment_information_id, debtor_name, debtor_iban, record } => {
                let record = decoded(record)?;
                let own = |text| if is_debit { text } else { "" };
                let other =
                    if is_debit { (record.creditor_name, record.creditor_iban) } else { (debtor_name, debtor_iban) };
                Ok(EntryDetails {
                    message_id: own(message_id),
                    payment_information_id: own(payment_information_id),
                    instruction_id: own(record.instruction_id),
                    end_to_end_id: record.end_to_end_id,
                    name: other.0,
                    iban: other.1,
                    ultimate_debtor: record.ultimate_debtor,
                    ultimate_creditor: record.ultimate_creditor,
                    remittance: record.remittance,
                    ..EntryDetails::structured(&record)
                })
            }
            EntryCause::Incoming { credit, original } => {
                let known = credit.record.as_deref().map_or(Ok(PaymentRecord::default()), decoded)?;
                let (message_id, payment_information_id) =
                    original.map_or(("", ""), |original| (original.message_id, original.payment_information_id));
                let paid = original.map(|original| decoded(original.record)).transpose()?;
                // What comes back goes the other way.
                let ultimate = match &paid {
                    Some(paid) => (paid.ultimate_creditor, paid.ultimate_debtor),
                    None => (known.ultimate_debtor, known.ultimate_creditor),
                };
                Ok(EntryDetails {
                    message_id,
                    payment_information_id,
                    instruction_id: paid.as_ref().map_or("", |paid| paid.instruction_id),
                    end_to_end_id: &credit.end_to_end_id,
                    name: &credit.debtor_name,
                    iban: &credit.debtor_iban,
                    ultimate_debtor: ultimate.0,
                    ultimate_creditor: ultimate.1,
                    remittance: &credit.remittance,
                    return_reason: known.return_reason,
                    ..EntryDetails::structured(paid.as_ref().unwrap_or(&known))
                })
            }
            EntryCause::None => Ok(EntryDetails::default()),
        }
    }

    /// The structured remittance of a payment, and nothing else.
    fn structured(record: &PaymentRecord<'a>) -> EntryDetails<'a> {
        EntryDetails {
            creditor_reference: record.creditor_reference,
            reference_type: reference_type(record),
            reference_issuer: record.reference_issuer,
            document_numbers: record.document_numbers,
            additional_remittance: record.additional_remittance,
            ..EntryDetails::default()
        }
    }
}

/// The entry as a statement shows it: for a received payment, without the payer's own numbering.
fn entry_line(page: &mut Vec<u8>, account: &TreasuryAccount, entry: &EntryView<'_>) -> Result<(), StoreError> {
    let is_debit = entry.minor < 0;
    let direction = if is_debit { CreditDebit::Debit } else { CreditDebit::Credit };
    let details = EntryDetails::of(&entry.cause, is_debit)?;
    let currency = account.ledger.currency;
    let fields = [
        &entry.sequence.to_string(),
        &entry.booking_date.to_string(),
        &entry.value_date.to_string(),
        &Money::new(entry.minor, currency).to_decimal().to_string(),
        currency.code(),
        &format!("{:?}", entry.kind),
        &entry_reference(&entry.source, direction, account.ledger.id),
        details.message_id,
        details.payment_information_id,
        details.end_to_end_id,
        details.name,
        details.iban,
        details.remittance,
        details.instruction_id,
        details.ultimate_debtor.name,
        details.ultimate_creditor.name,
        details.return_reason,
        details.creditor_reference,
        details.reference_type,
        details.reference_issuer,
        details.document_numbers,
        details.additional_remittance,
        &identification(&details.ultimate_debtor),
        &identification(&details.ultimate_creditor),
    ];
    csv_line(page, &fields).map_err(|error| StoreError::Refused(error.to_string()))
}
