//! Reads and judges a pain.001: schema and rulebook in one pass, piece by piece.
//!
//! Nothing here knows accounts or storage, so it runs on a thread of its own beside them, and a large message is
//! never in memory as a whole. Departures from the schema refuse the body; departures from the guideline go with the
//! pieces, since they refuse payments, blocks or the message.
//!
//! All kept data count towards the message's memory. Once the message has broken the schema, the check keeps nothing
//! any more: it reads the rest only for its findings.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::io::Read;

use iso20022::MessageType;
use iso20022::common::RegulatoryDetail;
use iso20022::pain001::{CreditTransfer, GroupHeader, Item as Part, PaymentInformation, Reader, RequestedAmount};
use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money};
use payments::{PartyRecord, PaymentRecord, Share, Side};
use rulebook::calendar::requested_day;
use rulebook::check::{CheckContext, Finding, Scope};
use rulebook::classification::{self, ekk_details, is_classified_for_bailiff};
use rulebook::{Checker, Code};
use store::ClientId;
use xsd::Findings;

use super::ultimate_party::{UltimateParty, chosen, party_record};
use crate::admission::duplicates::Subject;
use crate::bounds::{CHUNK_BYTES_MAX, REASONS_MAX};
use crate::check::pieces::{BlockEnd, BlockHead, Chunk, ExecutionPlan, MessageEnd, MessageHead, PaymentPiece};
use crate::failure::{not_schema_valid, too_many_occurrences, unreadable};
use crate::status::reason::RefusalReason;
use crate::submission::memory::{Charge, MessageMemory};
use crate::{Failure, Settings, local_time_of_receipt};

/// Inputs of a check besides the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) memory: &'a MessageMemory,
    pub(crate) client: ClientId,
    pub(crate) message_type: MessageType,
    pub(crate) business_day: Date,
    pub(crate) received_at: Timestamp,
    /// Blocks of the message.
    pub(crate) blocks_max: usize,
    /// Payments of the first chunk.
    pub(crate) first_chunk_payments: usize,
    /// Payments of each further chunk.
    pub(crate) chunk_payments: usize,
    /// A payment's ultimate debtor of which nothing is kept gives way to its block's, as in what earlier versions stored.
    pub(crate) as_stored_before: bool,
}

/// A message that is read and judged chunk by chunk, from the end of its group header on.
pub(crate) struct MessageCheck<'c> {
    open: Box<Open<'c>>,
}

struct Open<'c> {
    reader: Reader<'c>,
    check: Check<'c, 'c>,
}

/// What follows in a message.
pub(crate) enum Next<'c> {
    /// A chunk, and the rest of the message.
    Chunk(Chunk, MessageCheck<'c>),
    /// The last chunk, which may hold no payments, and the message's end.
    Last(Chunk, MessageEnd),
}

impl<'c> MessageCheck<'c> {
    /// Reads a message up to the end of its group header.
    ///
    /// # Errors
    /// When it cannot be read, or departs from its schema: then with all findings of the whole message, up to a bound.
    pub(crate) fn begin(
        input: impl Read + 'c,
        circumstances: &'c Circumstances<'c>,
    ) -> Result<(MessageHead, MessageCheck<'c>), Failure> {
        let Circumstances { settings, message_type, .. } = *circumstances;
        let bounds = xsd::Bounds::default()
            .with_document_bytes_max(settings.body_bytes_max)
            .with_findings_max(settings.findings_max);
        let mut reader = Reader::new(message_type, input, bounds);
        let mut check = Check::new(circumstances);
        let Some(first) = reader.next().map_err(|error| unreadable(&error))? else {
            return Err(invalid(reader.findings()));
        };
        match check.part(first)? {
            Some(Piece::Head(head)) if reader.findings().is_empty() => {
                Ok((head, MessageCheck { open: Box::new(Open { reader, check }) }))
            }
            _ => {
                drop(check);
                Err(all_findings(reader))
            }
        }
    }

    /// Reads on to the end of the next chunk.
    ///
    /// # Errors
    /// When the message cannot be read, has no room in a budget, or departs from its schema: then with all findings, up to a
    /// bound. The chunks before are void.
    pub(crate) fn next(mut self) -> Result<Next<'c>, Failure> {
        loop {
            let Open { reader, check } = &mut *self.open;
            let Some(part) = reader.next().map_err(|error| unreadable(&error))? else { return self.last() };
            let piece = check.part(part)?;
            if !reader.findings().is_empty() {
                let Open { reader, check } = *self.open;
                drop(check);
                return Err(all_findings(reader));
            }
            if let Some(Piece::Chunk(chunk)) = piece {
                return Ok(Next::Chunk(chunk, self));
            }
        }
    }

    fn last(self) -> Result<Next<'c>, Failure> {
        let Open { reader, mut check } = *self.open;
        if !reader.findings().is_empty() {
            return Err(not_schema_valid(reader.findings()));
        }
        if reader.omitted() > 0 {
            return Err(too_many_occurrences(reader.first_omitted()));
        }
        let last = check.take_chunk()?;
        Ok(Next::Last(last, check.finish()?))
    }
}

/// Reads a message that has departed from its schema to its end, for further findings.
fn all_findings(mut reader: Reader<'_>) -> Failure {
    loop {
        match reader.next() {
            Ok(Some(_)) => {}
            Ok(None) => return invalid(reader.findings()),
            Err(error) => return unreadable(&error),
        }
    }
}

/// The findings of a message that departs from its schema.
fn invalid(findings: &Findings) -> Failure {
    if findings.is_empty() {
        return Failure::unexpected("a message that follows its schema begins with a group header");
    }
    not_schema_valid(findings)
}

/// A piece that a part completes.
enum Piece {
    Head(MessageHead),
    Chunk(Chunk),
}

struct Check<'s, 'c> {
    circumstances: &'c Circumstances<'s>,
    checker: Checker<'s>,
    chunk: Chunk,
    /// Payments that the chunk may hold.
    chunk_payments: usize,
    /// Payments of the message, as its header says.
    stated_payments: u64,
    end: MessageEnd,
    /// Memory of the checker and of the message's end.
    charge: Charge,
    block: Option<OpenBlock>,
    /// The checker's last findings; empty between parts.
    found: Vec<Finding>,
}

/// The block that is being read.
struct OpenBlock {
    debtor_iban: String,
    requested_execution_day: i32,
    ultimate_debtor: UltimateParty,
    payments: u32,
    reasons: Vec<RefusalReason>,
}

impl<'s, 'c> Check<'s, 'c> {
    fn new(circumstances: &'c Circumstances<'s>) -> Check<'s, 'c> {
        let Circumstances { settings, message_type, business_day, .. } = *circumstances;
        let context = CheckContext {
            business_day,
            received_at: local_time_of_receipt(settings, circumstances.received_at, business_day),
            message_type,
            hash_key: RandomState::new().hash_one(0_u8),
        };
        Check {
            circumstances,
            checker: Checker::new(&settings.guideline, context),
            chunk: Chunk::new(circumstances.memory),
            chunk_payments: circumstances.first_chunk_payments,
            stated_payments: 0,
            end: MessageEnd::default(),
            charge: circumstances.memory.charge(),
            block: None,
            found: Vec::new(),
        }
    }

    /// Takes a part; returns a piece that is complete.
    fn part(&mut self, part: Part<'_>) -> Result<Option<Piece>, Failure> {
        match part {
            Part::GroupHeader(header) => Ok(Some(Piece::Head(self.header(&header)))),
            Part::PaymentInformation(head) => {
                self.block(head)?;
                Ok(None)
            }
            Part::CreditTransfer(payment) => {
                self.payment(&payment)?;
                let is_full =
                    self.chunk.items.len() >= self.chunk_payments || self.chunk.text_bytes() >= CHUNK_BYTES_MAX;
                if is_full { Ok(Some(Piece::Chunk(self.take_chunk()?))) } else { Ok(None) }
            }
            Part::EndOfPaymentInformation { .. } => {
                let totals = self.checker.end_of_payment_information(&mut self.found);
                self.file_findings(None);
                if let Some(block) = self.block.take() {
                    let OpenBlock { payments, reasons, .. } = block;
                    self.end.push(BlockEnd { count: payments, sum: totals.control_sum, reasons });
                }
                self.charge.set(self.checker.heap_bytes() + self.end.heap_bytes())?;
                Ok(None)
            }
        }
    }

    fn header(&mut self, header: &GroupHeader<'_>) -> MessageHead {
        self.checker.group_header(header, &mut self.found);
        self.file_findings(None);
        self.stated_payments = header.number_of_transactions;
        self.chunk.make_room(self.payments_of_chunk());
        MessageHead {
            message_type: self.circumstances.message_type,
            message_id: header.message_id.to_owned(),
            creation_date_time: header.creation_date_time.to_owned(),
            number_of_transactions: header.number_of_transactions,
            control_sum: header.control_sum,
        }
    }

    fn block(&mut self, head: PaymentInformation<'_>) -> Result<(), Failure> {
        let max = self.circumstances.blocks_max;
        if head.block as usize >= max {
            return Err(Failure::new(Code::TooManyBlocks).with_expected(max.to_string()));
        }
        // As long-lived as both the message and the settings, since an alias replaces the written value.
        let mut head: PaymentInformation<'_> = head;
        let settings = self.circumstances.settings;
        let written = compact(head.debtor_account.iban.unwrap_or_default());
        let alias = settings.debtor_aliases.get(written.as_ref());
        if let Some(alias) = alias {
            // A foreign test file names its own bank as the debtor's; the alias stands for both.
            head.debtor_account.iban = Some(alias);
            head.debtor_agent.bic = Some(settings.guideline.bic.as_str());
        }
        let debtor_iban = alias.map_or(written.as_ref(), String::as_str).to_owned();
        let requested = requested_day(&head);
        self.block = Some(OpenBlock {
            debtor_iban: debtor_iban.clone(),
            requested_execution_day: requested.map_or(0, epoch_day),
            ultimate_debtor: head.ultimate_debtor.map(UltimateParty::of).unwrap_or_default(),
            payments: 0,
            reasons: Vec::new(),
        });
        self.checker.payment_information(&head, &mut self.found);
        self.file_findings(None);
        self.chunk.push_block(BlockHead {
            number: head.block,
            line: head.position.line,
            payment_information_id: head.payment_information_id.to_owned(),
            number_of_transactions: head.number_of_transactions,
            control_sum: head.control_sum,
            debtor_name: head.debtor.name.unwrap_or_default().to_owned(),
            debtor_iban,
            requested_execution_date: requested,
            written_execution_date: head.requested_execution_date,
            first: self.end.payments,
        });
        self.chunk.charge()
    }

    /// The chunk so far, charged; another one begins.
    fn take_chunk(&mut self) -> Result<Chunk, Failure> {
        self.charge.set(self.checker.heap_bytes() + self.end.heap_bytes())?;
        self.chunk.charge()?;
        self.chunk_payments = self.circumstances.chunk_payments;
        let mut next = Chunk::new(self.circumstances.memory);
        next.make_room(self.payments_of_chunk());
        Ok(std::mem::replace(&mut self.chunk, next))
    }

    /// Payments of the chunk that begins, by what the header says of the whole message.
    fn payments_of_chunk(&self) -> usize {
        let follow = self.stated_payments.saturating_sub(self.end.payments.into());
        usize::try_from(follow).unwrap_or(usize::MAX).min(self.chunk_payments)
    }

    fn payment(&mut self, payment: &CreditTransfer<'_>) -> Result<(), Failure> {
        if self.end.payments as usize >= payments::bounds::MESSAGE_PAYMENTS_MAX {
            let max = payments::bounds::MESSAGE_PAYMENTS_MAX.to_string();
            return Err(Failure::new(Code::TooManyPayments).with_expected(max));
        }
        self.end.payments += 1;
        let checked = self.checker.credit_transfer(payment, &mut self.found);
        let mut reasons = Vec::new();
        self.file_findings(Some((payment.ordinal, &mut reasons)));
        let Some(block) = &mut self.block else { return Err(Failure::unexpected("a payment outside of a block")) };
        block.payments += 1;

        let amount = match payment.amount {
            Some(RequestedAmount::Instructed(amount) | RequestedAmount::Equivalent { amount, .. }) => Some(amount),
            None => None,
        };
        let booked = |amount: iso20022::common::Amount| Money::from_decimal(amount.value, amount.currency).ok();
        let money = checked.map(|checked| checked.amount).or_else(|| amount.and_then(booked));
        let minor = money.map_or(0, Money::minor).max(0);
        let written = compact(payment.creditor_account.and_then(|account| account.iban).unwrap_or_default());
        // The payment's own statement rules over the block's (guideline 2.23, 2.70).
        let says_something = |party: &PartyRecord<'_>| !party.is_empty();
        let ultimate_debtor = payment.ultimate_debtor.map(party_record);
        let ultimate_debtor =
            ultimate_debtor.filter(|party| !self.circumstances.as_stored_before || says_something(party));
        let reference = payment.remittance.creditor_references.first().copied().unwrap_or_default();
        let (reference_code, reference_proprietary) = chosen(reference.kind);
        let remittance = joined(payment.remittance.unstructured, " ");
        let document_numbers = joined(payment.remittance.document_numbers, "\n");
        let additional_remittance = joined(payment.remittance.additional, "\n");
        let record = PaymentRecord {
            instruction_id: payment.instruction_id.unwrap_or_default(),
            end_to_end_id: payment.end_to_end_id,
            uetr: payment.uetr.unwrap_or_default(),
            creditor_name: payment.creditor.and_then(|party| party.name).unwrap_or_default(),
            creditor_iban: written.as_ref(),
            creditor_bic: payment.creditor_agent.and_then(|agent| agent.bic).unwrap_or_default(),
            ultimate_debtor: ultimate_debtor.unwrap_or_else(|| block.ultimate_debtor.record()),
            ultimate_creditor: payment.ultimate_creditor.map(party_record).unwrap_or_default(),
            purpose: payment.purpose.unwrap_or_default(),
            remittance: remittance.as_ref(),
            creditor_reference: reference.reference,
            reference_code,
            reference_proprietary,
            reference_issuer: reference.issuer.unwrap_or_default(),
            document_numbers: document_numbers.as_ref(),
            additional_remittance: additional_remittance.as_ref(),
            return_reason: "",
            shares: shares(payment.regulatory_reporting),
            line: payment.position.line,
        };
        let chunk = &mut self.chunk;
        let start = chunk.records.len();
        record.encode_into(&mut chunk.records);
        let plan = checked.map(|checked| ExecutionPlan {
            route: checked.route,
            execution_date: checked.execution_date,
            creditor_iban: checked.creditor_iban,
            lacks_for_bailiff: Some(self.circumstances.settings.guideline.bailiff_code)
                .filter(|code| !is_classified_for_bailiff(payment.regulatory_reporting, code)),
        });
        if plan.is_some() {
            let subject = Subject {
                client: self.circumstances.client,
                ordinal: payment.ordinal,
                debtor_iban: &block.debtor_iban,
                minor,
                requested_execution_day: block.requested_execution_day,
                record: &record,
            };
            subject.keys(&mut chunk.keys);
        }
        chunk.push_item(PaymentPiece {
            ordinal: payment.ordinal,
            block: payment.block,
            line: payment.position.line,
            minor,
            amount,
            plan,
            record: start..chunk.records.len(),
            reasons,
        });
        Ok(())
    }

    fn finish(mut self) -> Result<MessageEnd, Failure> {
        self.checker.end_of_message(&mut self.found);
        self.file_findings(None);
        self.charge.set(self.end.heap_bytes())?;
        self.end.hold(self.charge);
        Ok(self.end)
    }

    /// Assigns the findings to the refused objects.
    fn file_findings(&mut self, mut payment: Option<(u32, &mut Vec<RefusalReason>)>) {
        let findings_max = self.circumstances.settings.findings_max;
        for finding in self.found.drain(..) {
            let max = if finding.scope == Scope::Group { findings_max } else { findings_max.min(REASONS_MAX) };
            let reasons = match (finding.scope, &mut payment, &mut self.block) {
                (Scope::CreditTransfer { ordinal, .. }, Some((current, reasons)), _) if ordinal == *current => reasons,
                (Scope::PaymentInformation { .. }, _, Some(block)) => &mut block.reasons,
                _ => &mut self.end.reasons,
            };
            if reasons.len() < max {
                reasons.push(RefusalReason::from(&finding));
            }
        }
    }
}

/// An IBAN as it is compared: without the blanks that people put into it.
fn compact(iban: &str) -> Cow<'_, str> {
    if iban.contains(' ') { Cow::Owned(iban.replace(' ', "")) } else { Cow::Borrowed(iban) }
}

fn joined<'a>(lines: &[&'a str], separator: &str) -> Cow<'a, str> {
    match lines {
        [] => Cow::Borrowed(""),
        [line] => Cow::Borrowed(line),
        lines => Cow::Owned(lines.join(separator)),
    }
}

fn epoch_day(date: Date) -> i32 {
    let since = date.duration_since(jiff::civil::date(1970, 1, 1));
    i32::try_from(since.as_hours() / 24).unwrap_or(0)
}

fn shares<'a>(details: &[RegulatoryDetail<'a>]) -> Vec<Share<'a>> {
    let mut shares = Vec::new();
    for (side, of) in [(Side::Payer, classification::Side::Payer), (Side::Payee, classification::Side::Payee)] {
        for detail in ekk_details(details, of) {
            let Some(code) = detail.code else { continue };
            let minor = detail.amount.and_then(|amount| share_minor(amount.value, amount.currency));
            shares.push(Share { side, code, minor });
        }
    }
    shares
}

fn share_minor(value: money::Decimal, currency: Currency) -> Option<i64> {
    Money::from_decimal(value, currency).ok().map(Money::minor)
}
