//! Measures the store on this machine: `cargo run --release -p store --example measure [payments] [URL of a PostgreSQL
//! database]`. Without a URL it is SQLite; with one, the schema `tdam_measure`, which must not be there yet.
//!
//! One line for each of the operations whose speed decides how long a large message takes.

use std::error::Error;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::date;
use ledger::{Account, AccountId, AccountRole, AccountState, Entry, EntryKind, EntrySource, Journal, Limits};
use money::Currency;
use payments::MessageId;
use store::{
    AcceptancePolicy, AccessMode, AccountKind, AuditLine, Block, BodyHash, BodyPlace, Client, ClientId, DuplicateKey,
    EntryRange, Fingerprint, Message, NewSubmission, OnlineUser, OnlineUserId, PaymentRow, PostgresOptions,
    SqliteOptions, Store, StoreError, StoredBody, TreasuryAccount, Writing,
};

const RECORD_BYTES: usize = 600;
const KEYS_A_PAYMENT: u32 = 3;
const MESSAGES: u32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let payments: u32 = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let store = match std::env::args().nth(2) {
        None => Store::open(folder.path(), SqliteOptions::default())?,
        Some(url) => {
            Store::open_postgres(PostgresOptions { schema: "tdam_measure".to_owned(), ..PostgresOptions::new(url) })?
        }
    };
    let (client, user, accounts) = found(&store)?;
    let mut last = MessageId(0);
    for number in 0..MESSAGES {
        let message = receive(&store, client, user, number)?;
        stage(&store, client, message, payments)?;
        consume(&store, client, user, message)?;
        probe(&store, message, payments)?;
        book(&store, message, payments, accounts)?;
        last = message;
    }
    list(&store, accounts[0], payments)?;
    discard(&store, client, user, payments)?;
    println!("last message {}", last.0);
    small_jobs(&store)?;
    small_submissions(&store)?;
    Ok(())
}

fn report(what: &str, count: u32, took: Duration) {
    let rate = f64::from(count) / took.as_secs_f64();
    println!("{what:<34} {count:>8} in {:>7.1} ms {rate:>10.0}/s", took.as_secs_f64() * 1000.0);
}

fn account(client: ClientId, number: u32) -> TreasuryAccount {
    let ledger = Account {
        id: AccountId(0),
        currency: Currency::EUR,
        role: AccountRole::House,
        state: AccountState::Open,
        balance: 0,
        held: 0,
        limits: Limits::default(),
    };
    let iban = format!("LV10TREL{number:013}");
    let owner_name = "Rīgas pašvaldība".to_owned();
    TreasuryAccount { ledger, iban, client: Some(client), owner_name, kind: AccountKind::Settlement }
}

fn found(store: &Store) -> Result<(ClientId, OnlineUserId, [AccountId; 2]), StoreError> {
    store.write_blocking(|tx| {
        tx.set_business_day(date(2026, 11, 23))?;
        let (client, user) = user(tx, 90_000)?;
        Ok((client, user, [tx.insert_account(&account(client, 1))?, tx.insert_account(&account(client, 2))?]))
    })
}

fn user(tx: &mut dyn Writing, number: u32) -> Result<(ClientId, OnlineUserId), StoreError> {
    let client = tx.insert_client(&Client {
        id: ClientId(0),
        name: "Rīgas pašvaldība".to_owned(),
        registration_number: format!("900{number:08}"),
        acceptance: AcceptancePolicy::Partial,
        preferences: store::Preferences::default(),
    })?;
    let user = tx.insert_online_user(&OnlineUser {
        id: OnlineUserId(0),
        client,
        name: "Grāmatvedība".to_owned(),
        mode: AccessMode::Manage,
        registration_valid_until: date(2029, 1, 1),
        allowed_networks: vec!["0.0.0.0/0".parse().map_err(|_| StoreError::Missing("network"))?],
        granted_accounts: Vec::new(),
        suspended_at: None,
        signature_required: false,
    })?;
    Ok((client, user))
}

fn submission(client: ClientId, user: OnlineUserId, number: u32) -> NewSubmission {
    NewSubmission {
        user,
        client,
        certificate: Fingerprint([1; 32]),
        request_id: format!("request-{number}"),
        received_at: Timestamp::UNIX_EPOCH,
        body: StoredBody { hash: BodyHash([1; 32]), size: 0, place: BodyPlace::Inline(Vec::new()) },
    }
}

fn receive(store: &Store, client: ClientId, user: OnlineUserId, number: u32) -> Result<MessageId, StoreError> {
    store.write_blocking(move |tx| tx.insert_submission(&submission(client, user, number)))
}

/// The submission becomes a message: after its stage, which a closed one refuses.
fn consume(store: &Store, client: ClientId, user: OnlineUserId, id: MessageId) -> Result<(), StoreError> {
    store.write_blocking(move |tx| {
        tx.insert_message(&Message {
            id,
            client,
            user,
            message_id: format!("MSG-{}", id.0),
            message_type: "pain.001.001.09".to_owned(),
            creation_date_time: String::new(),
            hash: BodyHash([1; 32]),
            number_of_transactions: 0,
            control_sum: None,
            payments: 0,
            consumed_at: Timestamp::UNIX_EPOCH,
            answer: Vec::new(),
        })
    })
}

/// Stands for a keyed hash: spreads keys over all 64 bits (splitmix64).
fn spread(value: u64) -> i64 {
    let mut z = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) as i64
}

fn keys(message: MessageId, payments: u32) -> Vec<DuplicateKey> {
    let of_payment = |ordinal| (0..KEYS_A_PAYMENT).map(move |kind| (ordinal, kind));
    let key = |(ordinal, kind)| DuplicateKey {
        hash: spread((message.0 as u64) << 40 | u64::from(ordinal) << 2 | u64::from(kind)),
        ordinal,
    };
    (0..payments).flat_map(of_payment).map(key).collect()
}

fn stage(store: &Store, client: ClientId, message: MessageId, payments: u32) -> Result<(), StoreError> {
    let record = vec![b'r'; RECORD_BYTES];
    let mut keys = keys(message, payments);
    let started = Instant::now();
    store.write_blocking(move |tx| {
        tx.stage_blocks(message, client, &[block(message, payments)])?;
        let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 100, creditor: None, record: &record };
        let rows: Vec<PaymentRow<'_>> = (0..payments).map(row).collect();
        let begun = Instant::now();
        tx.stage_payments(message, &rows)?;
        report("  rows of payments", payments, begun.elapsed());
        let begun = Instant::now();
        tx.stage_duplicate_keys(message, &mut keys)?;
        report("  rows of keys", payments * KEYS_A_PAYMENT, begun.elapsed());
        Ok::<_, StoreError>(())
    })?;
    report("stage payments with keys, durable", payments, started.elapsed());
    let started = Instant::now();
    store.write_blocking(move |tx| tx.activate(message, client))?;
    report("flip", payments, started.elapsed());
    Ok(())
}

fn block(message: MessageId, payments: u32) -> Block {
    Block {
        message,
        number: 0,
        payment_information_id: format!("PMT-{}", message.0),
        number_of_transactions: u64::from(payments),
        control_sum: None,
        debtor_account: None,
        debtor_name: "Rīgas pašvaldība".to_owned(),
        debtor_iban: "LV10TREL0000000000001".to_owned(),
        requested_execution_date: None,
        first: 0,
        count: payments,
    }
}

fn probe(store: &Store, message: MessageId, payments: u32) -> Result<(), StoreError> {
    let new = keys(MessageId(1 << 20), payments);
    let started = Instant::now();
    let hits = store.read_blocking(|snapshot| snapshot.duplicates(MessageId(1 << 20), &new))?;
    report("probe keys, all new", payments * KEYS_A_PAYMENT, started.elapsed());
    assert!(hits.is_empty());
    let known = keys(message, payments);
    let started = Instant::now();
    let hits = store.read_blocking(|snapshot| snapshot.duplicates(MessageId(1 << 20), &known))?;
    report("probe keys, all known", payments * KEYS_A_PAYMENT, started.elapsed());
    assert_eq!(hits.len(), known.len());
    Ok(())
}

fn book(store: &Store, message: MessageId, payments: u32, accounts: [AccountId; 2]) -> Result<(), StoreError> {
    let entry = move |ordinal: u32, account, minor| Entry {
        account,
        minor,
        kind: EntryKind::InternalTransfer,
        source: EntrySource::Payment { message: message.0, ordinal },
        counter_account: None,
    };
    let both = |ordinal| [entry(ordinal, accounts[0], -100), entry(ordinal, accounts[1], 100)];
    let day = date(2026, 11, 23);
    let entries = (0..payments).flat_map(both).collect();
    let journal = Journal { booking_date: day, value_date: day, currency: Currency::EUR, entries };
    let started = Instant::now();
    store.write_blocking(move |tx| tx.append_entries(&journal))?;
    report("append entries, durable", payments * 2, started.elapsed());
    Ok(())
}

fn list(store: &Store, account: AccountId, payments: u32) -> Result<(), StoreError> {
    let day = date(2026, 11, 23);
    for round in 0..2 {
        let range = EntryRange {
            account,
            from: day,
            to: day,
            last_sequence: i64::MAX,
            after: None,
            credits_only: None,
            limit: payments,
        };
        let (mut bytes, mut first) = (0, None);
        let started = Instant::now();
        store.read_blocking(|snapshot| {
            snapshot.entries(&range, &mut |entry| {
                first.get_or_insert_with(|| started.elapsed());
                if let store::EntryCause::Payment { record, .. } = entry.cause {
                    bytes += record.len();
                }
                Ok(())
            })
        })?;
        let what = if round == 0 { "list entries with causes, cold" } else { "list entries with causes, warm" };
        report(what, payments, started.elapsed());
        assert_eq!(bytes, payments as usize * RECORD_BYTES);
    }
    Ok(())
}

fn discard(store: &Store, client: ClientId, user: OnlineUserId, payments: u32) -> Result<(), StoreError> {
    let message = receive(store, client, user, u32::MAX)?;
    let record = vec![b'r'; RECORD_BYTES];
    let mut keys = keys(message, payments);
    store.write_blocking(move |tx| {
        let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 100, creditor: None, record: &record };
        tx.stage_payments(message, &(0..payments).map(row).collect::<Vec<_>>())?;
        tx.stage_duplicate_keys(message, &mut keys)
    })?;
    let started = Instant::now();
    store.write_blocking(move |tx| tx.discard_stage(message))?;
    report("discard a stage", payments, started.elapsed());
    Ok(())
}

fn line() -> AuditLine {
    let text = "measured".to_owned();
    AuditLine { at: Timestamp::UNIX_EPOCH, actor: text.clone(), action: text.clone(), detail: text }
}

fn small_jobs(store: &Store) -> Result<(), Box<dyn Error>> {
    const WRITERS: u32 = 64;
    const ROUNDS: u32 = 200;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let before = store.counters();
    let started = Instant::now();
    runtime.block_on(async {
        let write = |_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    store.write(|tx| tx.append_audit(&line())).await?;
                }
                Ok::<_, StoreError>(())
            })
        };
        for task in (0..WRITERS).map(write).collect::<Vec<_>>() {
            task.await??;
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    report("small jobs, 64 at once", WRITERS * ROUNDS, started.elapsed());
    println!("  in {} commits", store.counters().commits - before.commits);
    let started = Instant::now();
    runtime.block_on(async {
        for _ in 0..ROUNDS {
            store.write(|tx| tx.append_audit(&line())).await?;
        }
        Ok::<_, StoreError>(())
    })?;
    report("small jobs, one at a time", ROUNDS, started.elapsed());
    let started = Instant::now();
    runtime.block_on(async {
        for _ in 0..WRITERS * ROUNDS {
            store.read(|snapshot| snapshot.business_day()).await?;
        }
        Ok::<_, StoreError>(())
    })?;
    report("small reads, one at a time", WRITERS * ROUNDS, started.elapsed());
    Ok(())
}

/// Jobs for which others may wait: the store notifies the other nodes of a PostgreSQL database of each. Several
/// clients, since jobs of one client follow each other anyway.
fn small_submissions(store: &Store) -> Result<(), Box<dyn Error>> {
    const CLIENTS: u32 = 16;
    const WRITERS: u32 = 64;
    const ROUNDS: u32 = 100;
    let users = (0..CLIENTS).map(|number| store.write_blocking(move |tx| user(tx, number)));
    let users = users.collect::<Result<Vec<_>, StoreError>>()?;
    // A listener, as on a node.
    let _news = store.news();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let before = store.counters();
    let started = Instant::now();
    runtime.block_on(async {
        let write = |number: u32| {
            let (store, (client, user)) = (store.clone(), users[(number % CLIENTS) as usize]);
            tokio::spawn(async move {
                for _ in 0..ROUNDS {
                    let job = move |tx: &mut dyn Writing| {
                        let id = tx.insert_submission(&submission(client, user, number))?;
                        tx.refuse_submission(id, b"measured")?;
                        tx.append_audit(&line())
                    };
                    store.write(job).await?;
                }
                Ok::<_, StoreError>(())
            })
        };
        for task in (0..WRITERS).map(write).collect::<Vec<_>>() {
            task.await??;
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    report("small submissions, 64 at once", WRITERS * ROUNDS, started.elapsed());
    println!("  in {} commits", store.counters().commits - before.commits);
    Ok(())
}
