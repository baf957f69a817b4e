//! The checker: its memory between the items of a message, and the order of the rules.

use iso20022::MessageType;
use iso20022::common::{CodeOrProprietary, Party, PaymentType, is_blank};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::address::{Owner, check_address_characters, check_sepa_address};
use super::classification::check_classification;
use super::finding::{Finding, Scope, Sink};
use super::identifiers::Identifiers;
use super::parties::{
    check_creditor_account, check_creditor_agent, check_debtor_account, check_debtor_agent, derive_route,
};
use super::payment::{CheckedPayment, UltimateDebtor, check_amount, check_sepa_amount, stated_amount};
use super::report::Report;
use super::text::{check_characters, check_identifier, check_remittance, check_sepa_name, check_sepa_remittance};
use super::totals::{BlockTotals, MessageTotals, Totals};
use crate::calendar::{requested_day, shifted};
use crate::execution_date::effective_date;
use crate::rules::element::*;
use crate::{Code, CodeSet, Guideline, Iban, Route};

/// Data that the rules need besides the message.
#[derive(Clone, Copy, Debug)]
pub struct CheckContext {
    /// The Treasury's open business day.
    pub business_day: Date,
    /// When the message was received, local time (Europe/Riga).
    pub received_at: DateTime,
    /// Which pain.001 it is.
    pub message_type: MessageType,
    /// A number that no client can foresee: it keys the hashes of the duplicate check, so that no client can make a
    /// message whose identifiers collide. The verdict does not depend on it.
    pub hash_key: u64,
}

/// A block whose head no rule refuses. Its totals are known only at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedBlock {
    /// The payer's account: an account of the Treasury. Whether the caller may debit it is not known here.
    pub debtor_iban: Iban,
    /// The date requested.
    pub requested_execution_date: Date,
}

/// The payment method that the guideline knows.
pub(crate) const TRANSFER: &str = "TRF";

/// `EndToEndId` of a payment whose originator gave none; it may be repeated.
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// The elements of a `PmtTpInf`, which a block and a payment may both have.
struct PaymentTypeElements {
    service_level: &'static str,
    proprietary_service_level: &'static str,
    local_instrument: &'static str,
    category_purpose: &'static str,
}

const BLOCK_PAYMENT_TYPE: PaymentTypeElements = PaymentTypeElements {
    service_level: BLOCK_SERVICE_LEVEL,
    proprietary_service_level: BLOCK_PROPRIETARY_SERVICE_LEVEL,
    local_instrument: BLOCK_LOCAL_INSTRUMENT,
    category_purpose: BLOCK_CATEGORY_PURPOSE,
};
const PAYMENT_TYPE: PaymentTypeElements = PaymentTypeElements {
    service_level: SERVICE_LEVEL,
    proprietary_service_level: PROPRIETARY_SERVICE_LEVEL,
    local_instrument: LOCAL_INSTRUMENT,
    category_purpose: CATEGORY_PURPOSE,
};

/// Checks one message. Feed it in file order: group header, then for each block its head, its payments, its end; then
/// the end of the message.
///
/// It remembers counts, sums and hashes of identifiers: at 1 000 000 payments about 14 MB for each kind of identifier
/// that is used. For a payment without findings it allocates nothing.
#[derive(Debug)]
pub struct Checker<'g> {
    guideline: &'g Guideline,
    context: CheckContext,
    group: Totals,
    blocks: u32,
    block: Block,
    payment_information_ids: Identifiers,
    end_to_end_ids: Identifiers,
    instruction_ids: Identifiers,
}

/// Stored values of the current block's head.
#[derive(Debug)]
struct Block {
    number: u32,
    totals: Totals,
    /// `None` when a rule refuses the head.
    checked: Option<CheckedBlock>,
    /// When an internal payment of the block is executed.
    internal_date: Date,
    /// When a SEPA payment of the block is executed.
    sepa_date: Date,
    debtor_iban: Option<Iban>,
    has_ultimate_debtor: bool,
    /// Faults of the head that count only if a payment of the block is a SEPA payment.
    refuses_sepa: Vec<Finding>,
    /// The same, only if that payment does not name its own ultimate debtor.
    ultimate_debtor: Vec<Finding>,
    /// The same, only if that payment does not state its own charge bearer.
    charges: Vec<Finding>,
}

impl<'g> Checker<'g> {
    /// A checker for one message.
    #[must_use]
    pub fn new(guideline: &'g Guideline, context: CheckContext) -> Checker<'g> {
        let nothing_stated = Totals::stated(Default::default(), None, None);
        let block = Block {
            number: 0,
            totals: nothing_stated,
            checked: None,
            internal_date: context.business_day,
            sepa_date: context.business_day,
            debtor_iban: None,
            has_ultimate_debtor: false,
            refuses_sepa: Vec::new(),
            ultimate_debtor: Vec::new(),
            charges: Vec::new(),
        };
        let identifiers = || Identifiers::new(context.hash_key);
        Checker {
            guideline,
            context,
            group: nothing_stated,
            blocks: 0,
            block,
            payment_information_ids: identifiers(),
            end_to_end_ids: identifiers(),
            instruction_ids: identifiers(),
        }
    }

    /// Bytes that it keeps of the message so far: hashes of identifiers.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        [&self.payment_information_ids, &self.end_to_end_ids, &self.instruction_ids]
            .map(Identifiers::heap_bytes)
            .iter()
            .sum()
    }

    /// Checks the group header.
    pub fn group_header(&mut self, header: &GroupHeader<'_>, sink: &mut impl Sink) {
        self.group = Totals::stated(header.position, Some(header.number_of_transactions), header.control_sum);
        for identifiers in [&mut self.payment_information_ids, &mut self.end_to_end_ids, &mut self.instruction_ids] {
            identifiers.announce(header.number_of_transactions);
        }
        let mut report = Report::about(Scope::Group, header.position, sink);
        check_identifier(header.message_id, MESSAGE_ID, &mut report);
    }

    /// Checks the head of a block. `None` when a rule refuses it; the caller can check its payments nevertheless.
    pub fn payment_information(
        &mut self,
        block: &PaymentInformation<'_>,
        sink: &mut impl Sink,
    ) -> Option<CheckedBlock> {
        self.blocks += 1;
        let scope = Scope::PaymentInformation { block: block.block };
        let mut report = Report::about(scope, block.position, sink);
        check_identifier(block.payment_information_id, PAYMENT_INFORMATION_ID, &mut report);
        if !self.payment_information_ids.insert(block.payment_information_id) {
            let code = Code::PaymentInformationIdRepeated;
            report.found(code, PAYMENT_INFORMATION_ID, block.payment_information_id, "");
        }
        if block.payment_method != TRANSFER {
            report.found(Code::PaymentMethodNotTransfer, PAYMENT_METHOD, block.payment_method, TRANSFER);
        }
        self.check_payment_type(&block.payment_type, &BLOCK_PAYMENT_TYPE, &mut report);
        let beyond = block.execution_date_beyond_years;
        let requested = self.check_execution_date(requested_day(block), beyond, &mut report);
        let debtor_iban = check_debtor_account(&block.debtor_account, self.guideline, &mut report);
        check_debtor_agent(&block.debtor_agent, self.context.message_type, self.guideline, &mut report);
        // Which route the payments take is not known yet; the bank writes its own client's name anyway.
        let letters = self.guideline.national_letters;
        check_party_characters(&block.debtor, DEBTOR_NAME, DEBTOR_ADDRESS, letters, &mut report);
        if let Some(party) = &block.ultimate_debtor {
            let elements = (BLOCK_ULTIMATE_DEBTOR_NAME, BLOCK_ULTIMATE_DEBTOR_ADDRESS);
            check_party_characters(party, elements.0, elements.1, letters, &mut report);
            check_identification_characters(party, BLOCK_ULTIMATE_DEBTOR_ID, letters, &mut report);
        }
        let checked = debtor_iban.zip(requested).filter(|_| report.is_clean());
        let checked = checked.map(|(debtor_iban, date)| CheckedBlock { debtor_iban, requested_execution_date: date });
        let CheckContext { business_day, received_at, .. } = self.context;
        let executed = |route| {
            let requested = requested.unwrap_or(business_day);
            effective_date(self.guideline, route, requested, business_day, received_at)
        };
        self.block = Block {
            number: block.block,
            totals: Totals::stated(block.position, block.number_of_transactions, block.control_sum),
            checked,
            internal_date: executed(Route::Internal),
            sepa_date: executed(Route::Sepa),
            debtor_iban,
            has_ultimate_debtor: block.ultimate_debtor.is_some(),
            refuses_sepa: self.what_refuses_sepa(block, executed(Route::Sepa)),
            ultimate_debtor: self.what_is_wrong_with_ultimate_debtor(block, executed(Route::Sepa)),
            charges: self.what_is_wrong_with_charges(block),
        };
        checked
    }

    /// Checks a payment of the block whose head was checked last. `None` when a rule refuses the payment or the head
    /// of its block (then there need be no finding about the payment itself).
    pub fn credit_transfer<'a>(
        &mut self,
        payment: &CreditTransfer<'a>,
        sink: &mut impl Sink,
    ) -> Option<CheckedPayment<'a>> {
        self.block.totals.add(stated_amount(payment.amount.as_ref()));

        let scope = Scope::CreditTransfer { block: payment.block, ordinal: payment.ordinal };
        let mut report = Report::about(scope, payment.position, sink);
        self.check_identifiers(payment, &mut report);
        self.check_payment_type(&payment.payment_type, &PAYMENT_TYPE, &mut report);
        self.check_code(payment.purpose, CodeSet::Purpose, Code::PurposeUnknown, PURPOSE, &mut report);
        let amount = check_amount(payment.amount.as_ref(), &mut report);
        let iban = check_creditor_account(payment.creditor_account.as_ref(), &mut report);
        let (agent, message_type) = (payment.creditor_agent.as_ref(), self.context.message_type);
        check_creditor_agent(agent, iban.as_ref(), message_type, self.guideline, &mut report);
        let route = iban.zip(amount).and_then(|(iban, amount)| {
            // Which countries take part in SEPA is a matter of the day on which the payment is made.
            derive_route(&iban, amount.currency(), self.guideline, self.block.sepa_date, &mut report)
        });
        let is_own = |iban: &Iban| self.block.debtor_iban.as_ref() == Some(iban);
        if let Some(iban) = iban.filter(|iban| self.guideline.refuses_payment_to_itself && is_own(iban)) {
            report.found(Code::CreditorIsDebtor, CREDITOR_IBAN, iban, "");
        }
        self.check_texts(payment, iban.as_ref(), &mut report);
        if route == Some(Route::Sepa) {
            self.check_sepa(payment, &mut report);
            amount.into_iter().for_each(|amount| check_sepa_amount(amount, self.guideline, &mut report));
        }
        check_classification(payment.regulatory_reporting, amount, route, self.guideline, &mut report);

        if self.block.checked.is_none() || !report.is_clean() {
            return None;
        }
        let (route, amount, creditor_iban) = (route?, amount?, iban?);
        let execution_date = match route {
            Route::Internal => self.block.internal_date,
            Route::Sepa => self.block.sepa_date,
        };
        let ultimate_debtor = match payment.ultimate_debtor {
            Some(party) => UltimateDebtor::OfPayment(party),
            None if self.block.has_ultimate_debtor => UltimateDebtor::OfBlock,
            None => UltimateDebtor::None,
        };
        Some(CheckedPayment { route, amount, creditor_iban, execution_date, ultimate_debtor })
    }

    /// Checks the totals of the block whose head was checked last.
    pub fn end_of_payment_information(&mut self, sink: &mut impl Sink) -> BlockTotals {
        let totals = self.block.totals;
        self.group.add_block(&totals);
        let scope = Scope::PaymentInformation { block: self.block.number };
        totals.check_block(self.guideline, &mut Report::about(scope, totals.position, sink));
        BlockTotals { payments: totals.payments, control_sum: totals.sum }
    }

    /// Checks the totals of the message.
    pub fn end_of_message(&mut self, sink: &mut impl Sink) -> MessageTotals {
        let totals = self.group;
        totals.check_group(self.guideline, &mut Report::about(Scope::Group, totals.position, sink));
        MessageTotals { blocks: self.blocks, payments: totals.payments, control_sum: totals.sum }
    }

    fn check_identifiers(&mut self, payment: &CreditTransfer<'_>, report: &mut Report<'_>) {
        let end_to_end_id = payment.end_to_end_id;
        check_identifier(end_to_end_id, END_TO_END_ID, report);
        if end_to_end_id != NOT_PROVIDED && !self.end_to_end_ids.insert(end_to_end_id) {
            report.found(Code::EndToEndIdRepeated, END_TO_END_ID, end_to_end_id, "");
        }
        if let Some(instruction_id) = payment.instruction_id {
            check_identifier(instruction_id, INSTRUCTION_ID, report);
            if !self.instruction_ids.insert(instruction_id) {
                report.found(Code::InstructionIdRepeated, INSTRUCTION_ID, instruction_id, "");
            }
        }
    }

    fn check_payment_type(
        &self,
        payment_type: &PaymentType<'_>,
        elements: &PaymentTypeElements,
        report: &mut Report<'_>,
    ) {
        let offered = self.guideline.service_levels;
        for level in payment_type.service_levels {
            let (element, level) = match level {
                CodeOrProprietary::Code(code) if offered.contains(code) => continue,
                CodeOrProprietary::Code(code) => (elements.service_level, code),
                CodeOrProprietary::Proprietary(text) => (elements.proprietary_service_level, text),
            };
            report.found(Code::ServiceLevelNotOffered, element, level, offered.join(", "));
        }
        // A client that asks for an instant payment in proprietary words would get an ordinary one without noticing.
        if let Some(CodeOrProprietary::Code(instrument) | CodeOrProprietary::Proprietary(instrument)) =
            payment_type.local_instrument
        {
            report.found(Code::LocalInstrumentNotOffered, elements.local_instrument, instrument, "");
        }
        let (purpose, set) = (payment_type.category_purpose, CodeSet::CategoryPurpose);
        self.check_code(purpose, set, Code::CategoryPurposeUnknown, elements.category_purpose, report);
    }

    /// A code that only states a payment's purpose must have a meaning.
    fn check_code(
        &self,
        stated: Option<&str>,
        set: CodeSet,
        unknown: Code,
        element: &'static str,
        report: &mut Report<'_>,
    ) {
        let refused = stated.filter(|code| self.guideline.refuses_unknown_purposes && !set.contains(code));
        if let Some(code) = refused {
            report.found(unknown, element, code, "");
        }
    }

    /// A day beyond the years that can be counted is shown as it was written.
    fn check_execution_date(
        &self,
        requested: Option<Date>,
        beyond_years: Option<&str>,
        report: &mut Report<'_>,
    ) -> Option<Date> {
        let Some(requested) = requested else {
            report.missing(Code::ExecutionDateMissing, EXECUTION_DATE);
            return None;
        };
        let business_day = self.context.business_day;
        let earliest = shifted(business_day, -i64::from(self.guideline.days_in_past_max).days());
        let latest = shifted(business_day, i64::from(self.guideline.days_ahead_max).days());
        let shown = || beyond_years.map_or_else(|| requested.to_string(), ToOwned::to_owned);
        if requested < earliest {
            report.found(Code::ExecutionDateTooFarInPast, EXECUTION_DATE, shown(), earliest);
        } else if requested > latest {
            report.found(Code::ExecutionDateTooFarAhead, EXECUTION_DATE, shown(), latest);
        }
        Some(requested)
    }

    /// Texts of a payment within the country may have the country's letters.
    fn check_texts(&self, payment: &CreditTransfer<'_>, iban: Option<&Iban>, report: &mut Report<'_>) {
        let domestic = iban.is_none_or(|iban| iban.country() == self.guideline.country);
        let letters = if domestic { self.guideline.national_letters } else { "" };
        if let Some(party) = &payment.creditor {
            check_party_characters(party, CREDITOR_NAME, CREDITOR_ADDRESS, letters, report);
        }
        if let Some(party) = &payment.ultimate_debtor {
            check_party_characters(party, ULTIMATE_DEBTOR_NAME, ULTIMATE_DEBTOR_ADDRESS, letters, report);
            check_identification_characters(party, ULTIMATE_DEBTOR_ID, letters, report);
        }
        if let Some(party) = &payment.ultimate_creditor {
            check_party_characters(party, ULTIMATE_CREDITOR_NAME, ULTIMATE_CREDITOR_ADDRESS, letters, report);
            check_identification_characters(party, ULTIMATE_CREDITOR_ID, letters, report);
        }
        check_remittance(&payment.remittance, self.guideline, letters, report);
    }

    fn check_sepa(&self, payment: &CreditTransfer<'_>, report: &mut Report<'_>) {
        for finding in &self.block.refuses_sepa {
            report.found_in_block(finding);
        }
        match payment.charge_bearer {
            Some(bearer) => self.check_charges(Some(bearer), CHARGES, report),
            None => self.block.charges.iter().for_each(|finding| report.found_in_block(finding)),
        }
        let creditor = payment.creditor.unwrap_or_default();
        if creditor.name.is_none_or(is_blank) {
            report.missing(Code::CreditorNameMissing, CREDITOR_NAME);
        }
        let executed = self.block.sepa_date;
        self.check_sepa_party(&creditor, Owner::CreditorSide, (CREDITOR_NAME, CREDITOR_ADDRESS), executed, report);
        if let Some(party) = &payment.ultimate_creditor {
            let elements = (ULTIMATE_CREDITOR_NAME, ULTIMATE_CREDITOR_ADDRESS);
            self.check_sepa_party(party, Owner::CreditorSide, elements, executed, report);
        }
        match &payment.ultimate_debtor {
            Some(party) => {
                let elements = (ULTIMATE_DEBTOR_NAME, ULTIMATE_DEBTOR_ADDRESS);
                self.check_sepa_party(party, Owner::DebtorSide, elements, executed, report);
            }
            // The block's is the payment's only where the payment names none.
            None => self.block.ultimate_debtor.iter().for_each(|finding| report.found_in_block(finding)),
        }
        check_sepa_remittance(&payment.remittance, report);
    }

    fn check_sepa_party(
        &self,
        party: &Party<'_>,
        owner: Owner,
        (name, address): (&'static str, &'static str),
        execution_date: Date,
        report: &mut Report<'_>,
    ) {
        check_sepa_name(party.name, name, self.guideline, report);
        check_sepa_address(&party.postal_address, owner, address, self.guideline, execution_date, report);
    }

    fn check_charges(&self, bearer: Option<&str>, element: &'static str, report: &mut Report<'_>) {
        let shared = self.guideline.charge_bearers;
        if let Some(bearer) = bearer.filter(|bearer| !shared.contains(bearer)) {
            report.found(Code::ChargesNotShared, element, bearer, shared.join(", "));
        }
    }

    fn what_refuses_sepa(&self, block: &PaymentInformation<'_>, executed: Date) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut report = Report::about(Scope::Group, block.position, &mut findings);
        self.check_sepa_party(&block.debtor, Owner::DebtorSide, (DEBTOR_NAME, DEBTOR_ADDRESS), executed, &mut report);
        findings
    }

    fn what_is_wrong_with_ultimate_debtor(&self, block: &PaymentInformation<'_>, executed: Date) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut report = Report::about(Scope::Group, block.position, &mut findings);
        if let Some(party) = &block.ultimate_debtor {
            let elements = (BLOCK_ULTIMATE_DEBTOR_NAME, BLOCK_ULTIMATE_DEBTOR_ADDRESS);
            self.check_sepa_party(party, Owner::DebtorSide, elements, executed, &mut report);
        }
        findings
    }

    fn what_is_wrong_with_charges(&self, block: &PaymentInformation<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut report = Report::about(Scope::Group, block.position, &mut findings);
        self.check_charges(block.charge_bearer, BLOCK_CHARGES, &mut report);
        findings
    }
}

fn check_party_characters(
    party: &Party<'_>,
    name: &'static str,
    address: &'static str,
    letters: &str,
    report: &mut Report<'_>,
) {
    if let Some(text) = party.name {
        check_characters(text, name, letters, report);
    }
    check_address_characters(&party.postal_address, address, letters, report);
}

/// An identification goes the way that the name goes.
fn check_identification_characters(party: &Party<'_>, element: &'static str, letters: &str, report: &mut Report<'_>) {
    let own_scheme = match party.identification_scheme {
        Some(CodeOrProprietary::Proprietary(text)) => Some(text),
        _ => None,
    };
    for text in [party.identification, own_scheme, party.identification_issuer].into_iter().flatten() {
        check_characters(text, element, letters, report);
    }
}
