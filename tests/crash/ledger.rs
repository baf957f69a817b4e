//! The expected accounts, computed from the sent files and the received statuses, independently of the exchange's own
//! computation.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use iso20022::MessageType;
use iso20022::pain002::{Item, Reader, Status, TransactionsPerStatus};

use crate::orders::{Message, Payment};
use crate::server::minor;
use crate::traffic::Users;

/// How long settlement may take, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(50);

/// The final status of a message.
pub(crate) struct FinalStatus {
    group: Option<Status>,
    blocks: BTreeMap<String, BlockStatus>,
}

#[derive(Default)]
struct BlockStatus {
    status: Option<Status>,
    settled: u64,
    rejected: u64,
    /// `EndToEndId` of the payments that are refused.
    refused: BTreeSet<String>,
}

/// Accounts after all payments.
#[derive(Debug)]
pub(crate) struct Expected {
    /// Minor units by IBAN.
    pub(crate) balances: BTreeMap<String, i128>,
    pub(crate) booked: u64,
    pub(crate) refused: u64,
}

/// Waits until no payment's status can change any more, and reads the statuses, in the order of the messages.
pub(crate) async fn final_statuses(messages: &[Message], users: &Users) -> Vec<FinalStatus> {
    let until = Instant::now() + PATIENCE;
    let mut statuses = Vec::with_capacity(messages.len());
    for message in messages {
        let (client, id) = (users.client(message.user), message.message_id.as_str());
        loop {
            let document = client.status(id).await.unwrap();
            let message_type: MessageType = document.message_type().unwrap().parse().unwrap();
            let xml = document.bytes().await.unwrap();
            let (status, open) = read_status(&xml, message_type);
            if open == 0 {
                statuses.push(status);
                break;
            }
            assert!(Instant::now() < until, "{id} is not at its end: {}", String::from_utf8_lossy(&xml));
            users.try_again();
            tokio::time::sleep(PAUSE).await;
        }
    }
    statuses
}

/// Reads a pain.002, and counts the payments that are neither settled nor refused.
fn read_status(xml: &[u8], message_type: MessageType) -> (FinalStatus, u64) {
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    let mut status = FinalStatus { group: None, blocks: BTreeMap::new() };
    let (mut current, mut open) = (String::new(), 0);
    while let Some(item) = reader.next().unwrap() {
        match item {
            Item::GroupHeader(_) => {}
            Item::OriginalGroup(group) => {
                status.group = group.status;
                open += count(group.transactions_per_status, |status| status != Status::ACSC && status != Status::RJCT);
            }
            Item::PaymentInformation(block) => {
                current = block.payment_information_id.to_owned();
                let counted = |wanted| count(block.transactions_per_status, |status| status == wanted);
                let block = BlockStatus {
                    status: block.status,
                    settled: counted(Status::ACSC),
                    rejected: counted(Status::RJCT),
                    refused: BTreeSet::new(),
                };
                status.blocks.insert(current.clone(), block);
            }
            Item::Transaction(payment) => {
                assert_eq!(
                    payment.status,
                    Some(Status::RJCT),
                    "only refused payments are told one by one: {payment:?}"
                );
                let block = status.blocks.get_mut(&current).unwrap();
                assert!(block.refused.insert(payment.end_to_end_id.unwrap().to_owned()), "told twice: {payment:?}");
            }
        }
    }
    assert!(reader.findings().is_empty(), "{:?}", reader.findings());
    (status, open)
}

fn count(totals: &[TransactionsPerStatus], wanted: impl Fn(Status) -> bool) -> u64 {
    totals.iter().filter(|total| wanted(total.status)).map(|total| total.number_of_transactions).sum()
}

/// Books the payments that the statuses call settled.
pub(crate) fn balances_after(
    opening: BTreeMap<String, i128>,
    messages: &[Message],
    statuses: &[FinalStatus],
) -> Expected {
    let mut expected = Expected { balances: opening, booked: 0, refused: 0 };
    for (message, status) in messages.iter().zip(statuses) {
        let mut counted: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for payment in &message.taken().unwrap().payments {
            let (settled, refused) = counted.entry(&payment.block).or_default();
            if status.is_refused(payment) {
                *refused += 1;
                expected.refused += 1;
            } else {
                *settled += 1;
                expected.book(payment);
            }
        }
        for (id, block) in &status.blocks {
            let by_block = (block.settled, block.rejected);
            assert_eq!(counted[id.as_str()], by_block, "{id}: payments settled and refused, one by one and as counted");
        }
    }
    expected
}

impl FinalStatus {
    fn is_refused(&self, payment: &Payment) -> bool {
        if self.group == Some(Status::RJCT) {
            return true;
        }
        let block = &self.blocks[&payment.block];
        block.status == Some(Status::RJCT) || block.refused.contains(&payment.end_to_end_id)
    }
}

impl Expected {
    fn book(&mut self, payment: &Payment) {
        let minor = i128::from(payment.minor.unwrap_or_else(|| panic!("{} has no amount", payment.end_to_end_id)));
        self.booked += 1;
        *self.balances.get_mut(&payment.debtor).unwrap() -= minor;
        let credited = if payment.remittance.contains("SIMULATE RETURN") { &payment.debtor } else { &payment.creditor };
        // Accounts elsewhere are not ours to look at.
        if let Some(balance) = self.balances.get_mut(credited) {
            *balance += minor;
        }
    }
}

/// The accounts as their online users see them.
pub(crate) async fn assert_accounts_show(expected: &Expected, users: &Users) {
    for client in users.clients() {
        let accounts = client.accounts().await.unwrap().accounts;
        assert!(!accounts.is_empty());
        for account in accounts {
            let booked = minor(&account.booked_balance);
            assert_eq!(booked, expected.balances[&account.iban], "balance of {}", account.iban);
            assert_eq!(minor(&account.held), 0, "on hold on {}", account.iban);
        }
    }
}
