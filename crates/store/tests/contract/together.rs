//! Decisions that are made together: each sees those before it, fails alone, and leaves the rows that it would leave alone.

use jiff::civil::Date;
use payments::{MessageId, PaymentId};
use store::{ClientId, Deciding, DuplicateKey, Fingerprint, PaymentRow, ReadAhead, Store, StoreError};

use crate::support::*;

const PAYER: &str = "LV10TREL0000000000001";
const PAYEE: &str = "LV10TREL0000000000002";

/// What a decision says in advance: all, or as little as it may.
#[derive(Clone, Copy, Debug)]
enum Foreseen {
    All,
    Nothing,
}

fn key(number: u8) -> DuplicateKey {
    DuplicateKey { hash: 1_000 + i64::from(number), ordinal: 0 }
}

fn ahead(treasury: &Treasury, number: u8, foreseen: Foreseen) -> ReadAhead {
    let nothing = ReadAhead {
        certificate: treasury.certificate,
        client: treasury.client,
        message_id: format!("MSG-{number}"),
        debtor_ibans: Vec::new(),
        creditor_ibans: Vec::new(),
        dates: Vec::new(),
        keys: Vec::new(),
        payment_information_ids: Vec::new(),
        payments: 1,
    };
    match foreseen {
        Foreseen::Nothing => nothing,
        Foreseen::All => ReadAhead {
            debtor_ibans: vec![PAYER.to_owned()],
            creditor_ibans: vec![PAYEE.to_owned()],
            dates: vec![MONDAY],
            keys: vec![key(number), key(1)],
            payment_information_ids: vec![format!("PMT-{number}"), "PMT-1".to_owned()],
            ..nothing
        },
    }
}

/// What a decision found before it wrote.
#[derive(Debug, PartialEq)]
struct Seen {
    id: MessageId,
    day: Date,
    user: Option<ClientId>,
    /// Whether the first message is there, by its name.
    first: bool,
    /// The last payments with the first one's key and with this one's, and their records.
    earlier: Vec<(PaymentId, Vec<u8>)>,
    used: Vec<(String, MessageId)>,
    /// Held on the payer's account, and used of its limit.
    held: i64,
    used_of_limit: i64,
}

/// Accepts a message of one payment of 1.00 that is due.
fn decide(tx: &mut dyn Deciding, treasury: &Treasury, number: u8) -> Result<Seen, StoreError> {
    let day = tx.business_day()?;
    let user = tx.identity(&treasury.certificate)?.map(|identity| identity.client.id);
    assert_eq!(tx.identity(&Fingerprint([77; 32]))?, None);
    let id = tx.insert_submission(&treasury.submission(number))?;
    let message_id = format!("MSG-{number}");
    assert_eq!(tx.message_by_message_id(treasury.client, &message_id)?, None);
    let first = tx.message_by_message_id(treasury.client, "MSG-1")?.is_some();
    assert_eq!(tx.accounts_by_iban(&[PAYER, PAYEE, "LV00NONE"])?.len(), 2);
    assert_eq!(tx.accounts(&[treasury.payer])?.len(), 1);
    let hits = tx.duplicates(id, &[key(1), key(number)])?;
    let mut earlier = Vec::new();
    for hit in hits {
        tx.payments_of(&[hit.earlier], &mut |payment, row| {
            earlier.push((payment, row.record.to_vec()));
            Ok(())
        })?;
    }
    earlier.dedup();
    let used = tx.used_payment_information_ids(treasury.client, &["PMT-1", &format!("PMT-{number}")])?;
    let mut book = tx.book(&[treasury.payer], &[MONDAY])?;
    let seen = Seen {
        id,
        day,
        user,
        first,
        earlier,
        used,
        held: book.account(treasury.payer).map_or(0, |account| account.held),
        used_of_limit: book.used_on(treasury.payer, MONDAY),
    };
    let refused = |error: ledger::BookError| StoreError::Refused(error.to_string());
    book.reserve_limit(treasury.payer, MONDAY, 1_00).map_err(refused)?;
    book.hold(treasury.payer, 1_00).map_err(refused)?;
    let mut block = treasury.block(id, 0, 0, 1);
    block.payment_information_id = format!("PMT-{number}");
    tx.stage_blocks(id, treasury.client, &[block])?;
    let record = [number; 5];
    let row = PaymentRow { ordinal: 0, block: 0, lot: Some(0), minor: 1_00, creditor: None, record: &record };
    tx.stage_payments(id, &[row])?;
    tx.stage_duplicate_keys(id, &mut [key(number)])?;
    tx.insert_message(&treasury.message(id, &message_id, number))?;
    tx.activate(id, treasury.client)?;
    tx.insert_lots(&[treasury.lot(id, 0, 0, 0)])?;
    tx.save_book(&book)?;
    Ok(seen)
}

type Job = Box<dyn FnMut(&mut dyn Deciding) -> Result<Seen, StoreError> + Send>;

/// Four decisions at once, of which the second fails and the third panics when they have written everything.
fn four(store: &Store, treasury: Treasury, foreseen: Foreseen) -> Vec<Result<Seen, StoreError>> {
    let jobs: [Job; 4] = [
        Box::new(move |tx| decide(tx, &treasury, 1)),
        Box::new(move |tx| decide(tx, &treasury, 2).and(Err(StoreError::Refused("not this one".to_owned())))),
        Box::new(move |tx| {
            let seen = decide(tx, &treasury, 3);
            panic!("{seen:?}");
        }),
        Box::new(move |tx| decide(tx, &treasury, 4)),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let [first, second, third, fourth] = jobs;
    let run = |number, job| store.decide_for(treasury.client, ahead(&treasury, number, foreseen), job);
    runtime.block_on(async {
        let (first, second, third, fourth) = tokio::join!(run(1, first), run(2, second), run(3, third), run(4, fourth));
        vec![first, second, third, fourth]
    })
}

pub fn each_sees_those_before_it_and_fails_alone(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 10_00, MONDAY);
    let results = four(&store, treasury, Foreseen::All);
    check(&store, &treasury, results);
}

pub fn what_was_not_foreseen_is_read_all_the_same(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 10_00, MONDAY);
    let results = four(&store, treasury, Foreseen::Nothing);
    check(&store, &treasury, results);
}

fn check(store: &Store, treasury: &Treasury, results: Vec<Result<Seen, StoreError>>) {
    let [Ok(first), Err(StoreError::Refused(_)), Err(StoreError::JobPanicked(_)), Ok(last)] = &results[..] else {
        panic!("{results:?}");
    };
    let (client, nothing) = (treasury.client, Vec::new());
    let of_first = |seen: &Seen| (seen.first, seen.held, seen.used_of_limit, seen.day, seen.user);
    assert_eq!(of_first(first), (false, 0, 0, MONDAY, Some(client)));
    assert_eq!((&first.earlier, &first.used), (&nothing, &Vec::new()));
    assert_eq!(of_first(last), (true, 1_00, 1_00, MONDAY, Some(client)), "it sees the first, and none that failed");
    let payment = PaymentId { message: first.id, ordinal: 0 };
    assert_eq!(last.earlier, [(payment, vec![1; 5])]);
    assert_eq!(last.used, [("PMT-1".to_owned(), first.id)]);
    assert!(last.id > first.id);
    let (payer, ids) = (treasury.payer, [first.id, last.id]);
    read(store, move |snapshot| {
        let account = snapshot.accounts(&[payer])?.remove(0).ledger;
        assert_eq!((account.balance, account.held), (10_00, 2_00));
        assert_eq!(snapshot.activations(client)?, 2);
        assert_eq!(snapshot.submissions_of(client, None, 10)?, ids);
        for (id, number) in ids.into_iter().zip([1_u8, 4]) {
            let message = snapshot.message(id)?.unwrap();
            assert_eq!(message.message_id, format!("MSG-{number}"));
            let submission = snapshot.submission(id)?.unwrap();
            assert_eq!((submission.state, submission.attempts), (store::SubmissionState::Consumed, 1));
            assert_eq!(snapshot.blocks(id)?.len(), 1);
            assert_eq!(snapshot.lots_of(id)?.len(), 1);
            let mut records = Vec::new();
            snapshot.payments(id, None, 0, 9, &mut |row| {
                records.push((row.ordinal, row.lot, row.minor, row.record.to_vec()));
                Ok(())
            })?;
            assert_eq!(records, [(0, Some(0), 1_00, vec![number; 5])]);
            let hits = snapshot.duplicates(MessageId(0), &[key(number)])?;
            assert_eq!(hits.iter().map(|hit| hit.earlier.message).collect::<Vec<_>>(), [id]);
        }
        assert_eq!(snapshot.duplicates(MessageId(0), &[key(2), key(3)])?, []);
        assert_eq!(snapshot.message_by_message_id(client, "MSG-2")?, None);
        Ok(())
    });
}
