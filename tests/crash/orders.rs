//! The sent messages, and the test's knowledge of each: its payments, and its answer.

use iso20022::MessageType;
use iso20022::pain001::{Item, Reader, RequestedAmount};
use jiff::civil::Date;
use money::Money;
use tdam::generate::{Flaw, PayeeAccount, PaymentBatch};

use crate::chance::Chance;

/// Online users of the sandbox that may pay.
pub(crate) const DAUGAVA: &str = "daugava-accounting";
pub(crate) const VIDZEME: &str = "vidzeme-accounting";

/// An account with little money: messages of fifty payments use it up.
const DONATIONS: &str = "LV41TREL1000000001002";
/// An account with limits, of a client that wants all payments of a message or none.
const SCHOOLS: &str = "LV42TREL2000000002001";

/// Messages of each kind that are decided together.
const SMALL_OF_EACH: usize = 10;

/// The bodies under one `MsgId`.
pub(crate) struct Message {
    pub(crate) message_id: String,
    /// Whose it is.
    pub(crate) user: &'static str,
    /// One body, or two that want the same `MsgId`: then one of them must be refused.
    pub(crate) bodies: Vec<Body>,
    /// Each body is sent so many times at once.
    pub(crate) copies: usize,
}

/// A pain.001.
pub(crate) struct Body {
    pub(crate) xml: Vec<u8>,
    pub(crate) payments: Vec<Payment>,
    /// The first answer that came.
    pub(crate) verdict: Option<Verdict>,
    /// Where the exchange said that the answer will be.
    pub(crate) receipt: Option<String>,
}

/// The exchange's reply to a body.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A pain.002.
    Answer(Vec<u8>),
    /// A problem with this code.
    Refused(String),
}

impl Verdict {
    pub(crate) fn answer(&self) -> Option<&[u8]> {
        match self {
            Verdict::Answer(xml) => Some(xml),
            Verdict::Refused(_) => None,
        }
    }
}

/// A payment as its file states it.
pub(crate) struct Payment {
    pub(crate) block: String,
    pub(crate) end_to_end_id: String,
    pub(crate) debtor: String,
    pub(crate) creditor: String,
    /// Minor units; `None` when the amount is none.
    pub(crate) minor: Option<i64>,
    pub(crate) remittance: String,
}

impl Message {
    /// Messages over the bound of small ones take the long way: row, stage, activation.
    pub(crate) fn is_large(&self) -> bool {
        self.bodies.iter().any(|body| body.payments.len() > 100)
    }

    /// The body that was taken, once there is one.
    pub(crate) fn taken(&self) -> Option<&Body> {
        self.bodies.iter().find(|body| matches!(body.verdict, Some(Verdict::Answer(_))))
    }
}

impl std::fmt::Debug for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Verdict::Answer(xml) => write!(f, "answer {}", String::from_utf8_lossy(xml)),
            Verdict::Refused(code) => write!(f, "refused with {code}"),
        }
    }
}

/// The messages of a round.
pub(crate) fn of_round(round: u32, day: Date, chance: &mut Chance) -> Vec<Message> {
    let mut maker = Maker { round, number: 0, day, chance };
    let mut messages = Vec::new();
    for copies in [1, 1, 2] {
        messages.push(maker.message(DAUGAVA, &[Order::of(1)], copies));
        messages.push(maker.message(VIDZEME, &[Order::of(1).from(SCHOOLS)], copies));
    }
    messages.push(maker.message(DAUGAVA, &[Order::of(1), Order::of(1)], 1));
    messages.push(maker.message(DAUGAVA, &[Order::of(50).flaws(5).simulated()], 2));
    messages.push(maker.message(DAUGAVA, &[Order::of(50).from(DONATIONS)], 1));
    messages.push(maker.message(VIDZEME, &[Order::of(50).from(SCHOOLS).flaws(1)], 1));
    messages.push(maker.message(VIDZEME, &[Order::of(50).from(SCHOOLS)], 1));
    messages.push(maker.message(DAUGAVA, &[Order::of(500).flaws(5).simulated()], 2));
    messages.push(maker.message(DAUGAVA, &[Order::of(500), Order::of(500).flaws(2)], 1));
    messages.push(maker.message(DAUGAVA, &[Order::of(3_000).flaws(3)], 1));
    messages
}

/// Small messages that arrive at the same time, so that the exchange decides them together and executes their lots together:
/// of two clients that pay each other, of an account whose money is nearly gone, of one with limits; the same bytes twice, and
/// other bytes under the same `MsgId`.
pub(crate) fn of_groups(round: u32, day: Date, chance: &mut Chance) -> Vec<Message> {
    let mut maker = Maker { round, number: 0, day, chance };
    let mut messages = Vec::new();
    for _ in 0..SMALL_OF_EACH {
        messages.push(maker.message(DAUGAVA, &[Order::of(1)], 1));
        messages.push(maker.message(VIDZEME, &[Order::of(1).from(SCHOOLS)], 1));
        messages.push(maker.message(DAUGAVA, &[Order::of(3).from(DONATIONS)], 1));
    }
    messages.push(maker.message(DAUGAVA, &[Order::of(5).flaws(2)], 1));
    messages.push(maker.message(DAUGAVA, &[Order::of(6).simulated()], 1));
    messages.push(maker.message(VIDZEME, &[Order::of(2).from(SCHOOLS)], 3));
    messages.push(maker.message(DAUGAVA, &[Order::of(2)], 2));
    messages.push(maker.message(DAUGAVA, &[Order::of(1), Order::of(1)], 1));
    messages.push(maker.message(VIDZEME, &[Order::of(1).from(SCHOOLS), Order::of(2).from(SCHOOLS)], 2));
    messages
}

/// A file to be made.
#[derive(Clone, Copy)]
struct Order {
    transactions: u32,
    debtor: Option<&'static str>,
    flaws: usize,
    simulated: bool,
}

impl Order {
    fn of(transactions: u32) -> Order {
        Order { transactions, debtor: None, flaws: 0, simulated: false }
    }

    fn from(self, debtor: &'static str) -> Order {
        Order { debtor: Some(debtor), ..self }
    }

    fn flaws(self, flaws: usize) -> Order {
        Order { flaws, ..self }
    }

    /// With a payment that the settlement system rejects, and one whose money comes back.
    fn simulated(self) -> Order {
        Order { simulated: true, ..self }
    }
}

struct Maker<'c> {
    round: u32,
    number: u32,
    day: Date,
    chance: &'c mut Chance,
}

impl Maker<'_> {
    fn message(&mut self, user: &'static str, orders: &[Order], copies: usize) -> Message {
        self.number += 1;
        let message_id = format!("CRASH-{}-{}", self.round, self.number);
        let bodies = orders.iter().map(|order| self.body(order, &message_id)).collect();
        Message { message_id, user, bodies, copies }
    }

    fn body(&mut self, order: &Order, message_id: &str) -> Body {
        let seed = self.chance.next();
        let mut batch = PaymentBatch::new(order.transactions, seed, self.day);
        batch.message_id = message_id.to_owned();
        batch.message_type = if self.chance.half() { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
        batch.flaws = Flaw::first(order.flaws);
        if let Some(debtor) = order.debtor {
            batch.debtor_accounts = vec![debtor.parse().unwrap()];
            // The municipality's budget account joins the payees, so that money moves both ways.
            batch.payee_accounts.push("LV68TREL1000000001001=21381".parse::<PayeeAccount>().unwrap());
        }
        let mut xml = Vec::new();
        batch.write(&mut xml).unwrap();
        if order.simulated {
            // The first block of a batch goes to banks.
            xml = with_remittance(&xml, 1, "SIMULATE RETURN");
            xml = with_remittance(&xml, 2, "SIMULATE REJECT AC04");
        }
        let payments = payments_of(&xml, batch.message_type);
        assert_eq!(payments.len(), order.transactions as usize);
        Body { xml, payments, verdict: None, receipt: None }
    }
}

/// The message with another text in the `place`-th remittance information.
fn with_remittance(xml: &[u8], place: usize, text: &str) -> Vec<u8> {
    let xml = std::str::from_utf8(xml).unwrap();
    let (start, tag) = xml.match_indices("<Ustrd>").nth(place).unwrap();
    let start = start + tag.len();
    let end = start + xml[start..].find('<').unwrap();
    format!("{}{text}{}", &xml[..start], &xml[end..]).into_bytes()
}

fn payments_of(xml: &[u8], message_type: MessageType) -> Vec<Payment> {
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    let (mut block, mut debtor) = (String::new(), String::new());
    let mut payments = Vec::new();
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::PaymentInformation(head) => {
                block = head.payment_information_id.to_owned();
                debtor = head.debtor_account.iban.unwrap().to_owned();
            }
            Item::CreditTransfer(payment) => {
                let Some(RequestedAmount::Instructed(amount)) = payment.amount else { panic!("no amount") };
                payments.push(Payment {
                    block: block.clone(),
                    end_to_end_id: payment.end_to_end_id.to_owned(),
                    debtor: debtor.clone(),
                    creditor: payment.creditor_account.unwrap().iban.unwrap().to_owned(),
                    minor: Money::from_decimal(amount.value, amount.currency).ok().map(Money::minor),
                    remittance: payment.remittance.unstructured.concat(),
                });
            }
            _ => {}
        }
    }
    payments
}
