//! Values of small messages that are in order, to be changed in one place by each test, and a run of the checker.
use iso20022::MessageType;
use iso20022::common::{Account, Agent, Amount, Party, Position, RegulatoryDetail, Remittance};
use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation, RequestedAmount};
use jiff::civil::date;
use money::{Currency, Decimal};
use rulebook::check::{BlockTotals, MessageTotals};
use rulebook::rules::Level;
use rulebook::{CheckContext, CheckedBlock, CheckedPayment, Checker, Code, Finding, Guideline, Scope};

pub const PAYER: &str = "LV33TREL1060000300000";
pub const TREASURY_PAYEE: &str = "LV07TREL5180453053000";
pub const GERMAN_PAYEE: &str = "DE89370400440532013000";

/// A Monday, after the address rule began, 10:00 in Riga.
pub fn context() -> CheckContext {
    CheckContext {
        business_day: date(2026, 11, 23),
        received_at: date(2026, 11, 23).at(10, 0, 0, 0),
        message_type: MessageType::Pain001V09,
        hash_key: 7,
    }
}

pub fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

pub fn amount(value: &str, currency: &str) -> Amount {
    Amount { value: decimal(value), currency: Currency::new(currency).unwrap() }
}

pub fn euro(value: &str) -> Option<RequestedAmount<'static>> {
    Some(RequestedAmount::Instructed(amount(value, "EUR")))
}

pub fn ekk(indicator: &'static str, code: &'static str, share: Option<&str>) -> RegulatoryDetail<'static> {
    RegulatoryDetail {
        indicator: Some(indicator),
        kind: Some("EKK"),
        code: Some(code),
        country: None,
        amount: share.map(|share| amount(share, "EUR")),
    }
}

const BOTH_SIDES: &[RegulatoryDetail<'static>] = &[
    RegulatoryDetail { indicator: Some("DEBT"), kind: Some("EKK"), code: Some("2221"), country: None, amount: None },
    RegulatoryDetail { indicator: Some("CRED"), kind: Some("EKK"), code: Some("21391"), country: None, amount: None },
];

/// The head of a block whose totals are filled in by [`Message`].
pub fn block() -> PaymentInformation<'static> {
    PaymentInformation {
        position: Position { line: 10, column: 5 },
        payment_information_id: "ALGAS-2026-11",
        payment_method: "TRF",
        requested_execution_date: Some(date(2026, 11, 23)),
        debtor: Party { name: Some("Finanšu ministrija"), ..Party::default() },
        debtor_account: Account { iban: Some(PAYER), ..Account::default() },
        debtor_agent: Agent { bic: Some("TRELLV22"), ..Agent::default() },
        ..PaymentInformation::default()
    }
}

/// A payment to a German account.
pub fn sepa() -> CreditTransfer<'static> {
    CreditTransfer {
        position: Position { line: 30, column: 9 },
        block: 0,
        ordinal: 0,
        instruction_id: None,
        end_to_end_id: "NOTPROVIDED",
        uetr: None,
        payment_type: Default::default(),
        amount: euro("100.00"),
        charge_bearer: None,
        ultimate_debtor: None,
        creditor_agent: None,
        creditor: Some(Party { name: Some("Muster GmbH"), ..Party::default() }),
        creditor_account: Some(Account { iban: Some(GERMAN_PAYEE), ..Account::default() }),
        ultimate_creditor: None,
        purpose: None,
        regulatory_reporting: &[],
        remittance: Remittance { unstructured: &["Invoice 17"], creditor_references: &[], ..Remittance::default() },
    }
}

/// A payment to another account of the Treasury.
pub fn internal() -> CreditTransfer<'static> {
    CreditTransfer {
        creditor: Some(Party { name: Some("Rīgas pašvaldība"), ..Party::default() }),
        creditor_account: Some(Account { iban: Some(TREASURY_PAYEE), ..Account::default() }),
        regulatory_reporting: BOTH_SIDES,
        remittance: Remittance { unstructured: &["Dotācija"], creditor_references: &[], ..Remittance::default() },
        ..sepa()
    }
}

/// The same payment to another account.
pub fn to_account<'a>(payment: CreditTransfer<'a>, iban: &'a str) -> CreditTransfer<'a> {
    CreditTransfer { creditor_account: Some(Account { iban: Some(iban), ..Account::default() }), ..payment }
}

/// A message to be checked.
pub struct Message<'a> {
    pub guideline: Guideline,
    pub context: CheckContext,
    pub group: GroupHeader<'a>,
    pub blocks: Vec<(PaymentInformation<'a>, Vec<CreditTransfer<'a>>)>,
}

/// The table of rules says the truth about each finding.
fn assert_fits_its_rule(finding: &Finding) {
    let rule = finding.rule();
    let is_of = |element: &&str| {
        finding.element.strip_prefix(*element).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    assert!(rule.elements.iter().any(is_of), "{finding:#?}");
    let level = match finding.scope {
        Scope::Group => Level::Group,
        Scope::PaymentInformation { .. } => Level::PaymentInformation,
        Scope::CreditTransfer { .. } => Level::CreditTransfer,
    };
    assert!(rule.levels.contains(&level), "{finding:#?}");
}

/// The checker's result.
pub struct Outcome<'a> {
    pub findings: Vec<Finding>,
    pub heads: Vec<Option<CheckedBlock>>,
    pub payments: Vec<Option<CheckedPayment<'a>>>,
    pub block_totals: Vec<BlockTotals>,
    pub totals: MessageTotals,
}

fn total(payments: &[CreditTransfer<'_>]) -> Decimal {
    payments.iter().fold(Decimal::ZERO, |sum, payment| match payment.amount {
        Some(RequestedAmount::Instructed(amount) | RequestedAmount::Equivalent { amount, .. }) => {
            sum.checked_add(amount.value).unwrap()
        }
        None => sum,
    })
}

impl<'a> Message<'a> {
    /// A message of these blocks with right totals, numbers and ordinals.
    pub fn of(blocks: Vec<(PaymentInformation<'a>, Vec<CreditTransfer<'a>>)>) -> Message<'a> {
        let mut blocks = blocks;
        let mut ordinal = 0;
        for (number, (block, payments)) in blocks.iter_mut().enumerate() {
            block.block = number as u32;
            block.number_of_transactions = Some(payments.len() as u64);
            block.control_sum = Some(total(payments));
            for payment in payments {
                (payment.block, payment.ordinal) = (number as u32, ordinal);
                ordinal += 1;
            }
        }
        let sums = blocks.iter().map(|(_, payments)| total(payments));
        let group = GroupHeader {
            position: Position { line: 4, column: 5 },
            message_id: "FM-2026-000123",
            creation_date_time: "2026-11-23T09:58:00",
            number_of_transactions: u64::from(ordinal),
            control_sum: Some(sums.fold(Decimal::ZERO, |sum, next| sum.checked_add(next).unwrap())),
            initiating_party: Party::default(),
        };
        Message { guideline: Guideline::latvia(), context: context(), group, blocks }
    }

    pub fn check(&self) -> Outcome<'a> {
        let mut findings = Vec::new();
        let mut checker = Checker::new(&self.guideline, self.context);
        checker.group_header(&self.group, &mut findings);
        let (mut heads, mut checked, mut block_totals) = (Vec::new(), Vec::new(), Vec::new());
        for (block, payments) in &self.blocks {
            heads.push(checker.payment_information(block, &mut findings));
            for payment in payments {
                checked.push(checker.credit_transfer(payment, &mut findings));
            }
            block_totals.push(checker.end_of_payment_information(&mut findings));
        }
        let totals = checker.end_of_message(&mut findings);
        findings.iter().for_each(assert_fits_its_rule);
        Outcome { findings, heads, payments: checked, block_totals, totals }
    }
}

impl Outcome<'_> {
    pub fn codes(&self) -> Vec<Code> {
        self.findings.iter().map(|finding| finding.code).collect()
    }

    /// The one finding there is.
    pub fn only_finding(&self) -> &Finding {
        assert_eq!(self.findings.len(), 1, "{:#?}", self.findings);
        &self.findings[0]
    }
}

/// Checks one payment in a block that is in order.
pub fn check_payment(payment: CreditTransfer<'_>) -> Outcome<'_> {
    Message::of(vec![(block(), vec![payment])]).check()
}

/// Checks a block's head with one payment to a German account.
pub fn check_block(block: PaymentInformation<'_>) -> Outcome<'_> {
    Message::of(vec![(block, vec![sepa()])]).check()
}

/// Asserts that the payment passes; returns the checker's values.
pub fn accepted(payment: CreditTransfer<'_>) -> CheckedPayment<'_> {
    let outcome = check_payment(payment);
    assert_eq!(outcome.findings, [], "the payment is in order");
    outcome.payments[0].unwrap()
}

/// The payment is refused for one reason only; that reason.
pub fn refused(payment: CreditTransfer<'_>) -> Finding {
    let outcome = check_payment(payment);
    assert_eq!(outcome.payments, [None]);
    let finding = outcome.only_finding().clone();
    assert_eq!(finding.scope, Scope::CreditTransfer { block: 0, ordinal: 0 });
    assert_eq!(finding.position, payment.position);
    finding
}

/// The head of the block is refused for one reason only, and with it its payment; that reason.
pub fn refused_block(block: PaymentInformation<'_>) -> Finding {
    let outcome = check_block(block);
    assert_eq!((outcome.heads[0], outcome.payments[0]), (None, None));
    let finding = outcome.only_finding().clone();
    assert_eq!(finding.scope, Scope::PaymentInformation { block: 0 });
    assert_eq!(finding.position, block.position);
    finding
}
