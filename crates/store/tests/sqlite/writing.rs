//! Data that the tests of each store write: audit lines, which are small and which their chain checks; and a submission
//! to receive.

use jiff::Timestamp;
use jiff::civil::date;
use ledger::AccountId;
use payments::MessageId;
use store::{
    AcceptancePolicy, AccessMode, AuditLine, BodyHash, BodyPlace, Client, ClientId, EntryRange, Fingerprint, Message,
    NewSubmission, OnlineUser, OnlineUserId, Store, StoreError, StoredBody,
};

pub fn line(detail: String) -> AuditLine {
    AuditLine {
        at: Timestamp::from_second(1_795_000_000).unwrap(),
        actor: "test".to_owned(),
        action: "written".to_owned(),
        detail,
    }
}

pub fn append(store: &Store, detail: String) -> Result<(), StoreError> {
    let line = line(detail);
    store.write_blocking(move |tx| tx.append_audit(&line))
}

pub fn details(store: &Store) -> Vec<String> {
    let lines = store.read_blocking(|snapshot| snapshot.audit(1, u32::MAX)).unwrap();
    lines.into_iter().map(|chained| chained.line.detail).collect()
}

pub fn assert_sound(store: &Store, audit_lines: usize) {
    let report = store.check().unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!(report.audit_lines, audit_lines as i64);
}

/// A submission of a new client.
pub fn submission(store: &Store) -> NewSubmission {
    store
        .write_blocking(|tx| {
            let client = tx.insert_client(&Client {
                id: ClientId(0),
                name: "Ogres novads".to_owned(),
                registration_number: "90000024455".to_owned(),
                acceptance: AcceptancePolicy::Partial,
                preferences: store::Preferences::default(),
            })?;
            let user = tx.insert_online_user(&OnlineUser {
                id: OnlineUserId(0),
                client,
                name: "Grāmatvedība".to_owned(),
                mode: AccessMode::Manage,
                registration_valid_until: date(2029, 1, 1),
                allowed_networks: vec!["192.0.2.0/24".parse().unwrap()],
                granted_accounts: Vec::new(),
                suspended_at: None,
                signature_required: false,
            })?;
            let body = StoredBody { hash: BodyHash([1; 32]), size: 1, place: BodyPlace::Inline(vec![1]) };
            let (certificate, request_id) = (Fingerprint([1; 32]), "request-1".to_owned());
            let received_at = Timestamp::UNIX_EPOCH;
            Ok::<_, StoreError>(NewSubmission { user, client, certificate, request_id, received_at, body })
        })
        .unwrap()
}

/// A message that was answered.
pub fn message(store: &Store) -> Message {
    let received = submission(store);
    store
        .write_blocking(move |tx| {
            let message = Message {
                id: tx.insert_submission(&received)?,
                client: received.client,
                user: received.user,
                message_id: "MSG-1".to_owned(),
                message_type: "pain.001.001.09".to_owned(),
                creation_date_time: "2026-11-23T09:00:00".to_owned(),
                hash: received.body.hash,
                number_of_transactions: 1,
                control_sum: Some("1.00".to_owned()),
                payments: 1,
                consumed_at: Timestamp::from_second(1_795_000_000).unwrap(),
                answer: b"<Document>ACCP</Document>".to_vec(),
            };
            tx.insert_message(&message)?;
            let told =
                AuditLine { action: "payments.accepted".to_owned(), ..line(format!("message {}", message.id.0)) };
            tx.append_audit(&told)?;
            Ok::<_, StoreError>(message)
        })
        .unwrap()
}

/// One change for each thing that a message says, in the SQL that every store understands.
pub const CHANGES: [&str; 7] = [
    "answer = sha256",
    "message_id = 'MSG-2'",
    "message_type = 'pain.001.001.03'",
    "creation_date_time = '2026-11-23T09:00:01'",
    "number_of_transactions = 2",
    "control_sum = NULL",
    "consumed_at = consumed_at + 1",
];

pub fn assert_not_read(store: &Store, id: MessageId, change: &str) {
    let read = store.read_blocking(|snapshot| snapshot.message(id));
    assert!(matches!(&read, Err(StoreError::Corrupt(text)) if text.contains("message")), "{change}: {read:?}");
    let problems = store.check().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("not what was written")), "{change}: {problems:?}");
}

/// A submission that was refused.
pub fn refused(store: &Store) -> MessageId {
    let received = submission(store);
    store
        .write_blocking(move |tx| {
            let id = tx.insert_submission(&received)?;
            tx.refuse_submission(id, b"{\"code\":\"TDAM-2003\"}")?;
            Ok::<_, StoreError>(id)
        })
        .unwrap()
}

/// As [`CHANGES`], of a submission that was refused.
pub const CHANGES_OF_REFUSED: [&str; 4] =
    ["problem = sha256", "request_id = 'another'", "received_at = received_at + 1", "size = size + 1"];

pub fn assert_submission_is_not_read(store: &Store, id: MessageId, change: &str) {
    let read = store.read_blocking(|snapshot| snapshot.submission(id));
    assert!(
        matches!(&read, Err(StoreError::Corrupt(text)) if text.contains("not what was written")),
        "{change}: {read:?}"
    );
    let problems = store.check().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("not what was written")), "{change}: {problems:?}");
}

/// Impossible rows: the statement that makes each, and the one that repairs it.
pub const IMPOSSIBLE: [(&str, &str); 6] = [
    ("UPDATE client SET lists_every_payment = 2", "UPDATE client SET lists_every_payment = 0"),
    ("UPDATE client SET acceptance = 9", "UPDATE client SET acceptance = 1"),
    (
        "UPDATE online_user SET allowed_networks = 'elsewhere'",
        "UPDATE online_user SET allowed_networks = '192.0.2.0/24'",
    ),
    ("UPDATE clock SET expected_at = 1", "UPDATE clock SET expected_at = NULL"),
    // A lot without its number.
    (
        "INSERT INTO entry (account, booking_date, sequence, value_date, minor, kind, source, source_id)
            VALUES (1, 1, 1, 1, 1, 1, 1, 1)",
        "DELETE FROM entry",
    ),
    // A payment of a message before the first.
    (
        "INSERT INTO entry (account, booking_date, sequence, value_date, minor, kind, source, source_id)
            VALUES (1, 1, 1, 1, 1, 1, 0, -1)",
        "DELETE FROM entry",
    ),
];

/// Reads all that the impossible rows are part of.
pub fn read_what_may_be_impossible(store: &Store) -> Result<(), StoreError> {
    let range = EntryRange {
        account: AccountId(1),
        from: date(1970, 1, 1),
        to: date(1970, 1, 3),
        last_sequence: 1,
        after: None,
        credits_only: None,
        limit: 10,
    };
    store.read_blocking(|snapshot| {
        for client in snapshot.clients()? {
            snapshot.online_users(client.id)?;
        }
        snapshot.clock()?;
        snapshot.entries(&range, &mut |_| Ok(())).map(drop)
    })
}
