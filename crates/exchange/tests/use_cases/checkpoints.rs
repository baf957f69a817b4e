//! Checkpoints of the audit chain: when they are signed, by whom, and what they convict.

use std::time::Duration;

use audit::{AuditKey, Checkpoint, FaultKind, Findings, line_to_json};
use exchange::{AuditFilter, AuditReading, Checkpoints, Failure, Settings};
use jiff::SignedDuration;
use store::{AuditLine, ChainedAuditLine, audit_hash};

use super::support::*;

/// Between two checkpoints.
const EVERY: SignedDuration = SignedDuration::from_mins(15);

fn key(seed: u8) -> AuditKey {
    AuditKey::from_seed(&[seed; 32]).unwrap()
}

fn signing(seed: u8) -> Settings {
    let every = Duration::from_secs(15 * 60);
    Settings { checkpoints: Some(Checkpoints { key: key(seed), every }), ..Settings::default() }
}

async fn treasury() -> TestExchange {
    TestExchange::with(exchange::AcceptancePolicy::Partial, signing(1)).await
}

async fn checkpoints(treasury: &TestExchange) -> Vec<Checkpoint> {
    let stored = treasury.exchange.operator().checkpoints(1, 100).await.unwrap();
    assert!(stored.iter().map(|one| one.number).eq(1..=stored.len() as i64), "{stored:?}");
    stored.into_iter().map(|one| one.checkpoint).collect()
}

async fn chain(treasury: &TestExchange) -> Vec<ChainedAuditLine> {
    treasury.exchange.operator().audit_page(1).await.unwrap()
}

async fn exported(treasury: &TestExchange) -> String {
    chain(treasury).await.iter().map(|line| line_to_json(line) + "\n").collect()
}

fn verified(export: &str, checkpoints: &[Checkpoint]) -> Findings {
    audit::verify(export.as_bytes(), checkpoints, &key(1).public()).unwrap()
}

/// Something that leaves a line.
async fn act(treasury: &TestExchange) {
    let (operator, filter) = (treasury.exchange.operator(), AuditFilter::default());
    operator.note_audit_reading(AuditReading::Listed, &filter).await.unwrap();
}

#[tokio::test]
async fn the_chain_gets_a_checkpoint_at_intervals_while_it_grows() {
    let treasury = treasury().await;
    treasury.exchange.work_now().await.unwrap();
    let first = checkpoints(&treasury).await;
    let [one] = &first[..] else { panic!("{first:?}") };
    let last = chain(&treasury).await.pop().unwrap();
    assert_eq!((one.sequence, one.hash), (last.sequence, last.hash));
    assert_eq!((&one.exchange[..], one.key), (treasury.store.identity(), key(1).public()));
    assert!(one.is_signed());

    treasury.clock.advance(EVERY);
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(checkpoints(&treasury).await, first, "there is no new line");

    act(&treasury).await;
    treasury.exchange.work_now().await.unwrap();
    let second = checkpoints(&treasury).await;
    assert_eq!((second.len(), second[1].sequence), (2, one.sequence + 1));

    act(&treasury).await;
    treasury.clock.advance(EVERY - SignedDuration::from_secs(1));
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(checkpoints(&treasury).await, second, "it is not time");
    treasury.clock.advance(SignedDuration::from_secs(1));
    treasury.exchange.work_now().await.unwrap();
    let third = checkpoints(&treasury).await;
    assert_eq!(third.len(), 3);
    let findings = verified(&exported(&treasury).await, &third);
    assert!(findings.is_sound() && findings.checkpoints == 3, "{findings:?}");
}

#[tokio::test]
async fn the_close_of_a_business_day_gets_a_checkpoint_at_once() {
    let treasury = treasury().await;
    treasury.exchange.work_now().await.unwrap();
    treasury.exchange.operator().advance_business_day().await.unwrap();
    treasury.exchange.work_now().await.unwrap();
    let checkpoints = checkpoints(&treasury).await;
    assert_eq!(checkpoints.len(), 2);
    let lines = chain(&treasury).await;
    assert_eq!(lines[checkpoints[1].sequence as usize - 1].line.action, "business-day.set");
}

#[tokio::test]
async fn another_key_signs_at_once_and_no_key_signs_nothing() {
    let treasury = treasury().await;
    let without = treasury.node_with(std::sync::Arc::clone(&treasury.clock), Settings::default());
    without.exchange.work_now().await.unwrap();
    assert_eq!(checkpoints(&treasury).await, []);
    treasury.exchange.work_now().await.unwrap();
    act(&treasury).await;
    let other = treasury.node_with(std::sync::Arc::clone(&treasury.clock), signing(2));
    other.exchange.work_now().await.unwrap();
    let keys: Vec<_> = checkpoints(&treasury).await.into_iter().map(|one| one.key).collect();
    assert_eq!(keys, [key(1).public(), key(2).public()]);
}

#[tokio::test]
async fn several_nodes_sign_no_line_twice() {
    let treasury = treasury().await;
    let nodes: Vec<TestExchange> = (0..3).map(|_| treasury.another_node()).collect();
    for round in 1..=5 {
        act(&treasury).await;
        treasury.clock.advance(EVERY);
        let [a, b, c] = [0, 1, 2].map(|node: usize| nodes[node].exchange.work_now());
        let (a, b, c) = tokio::join!(a, b, c);
        [a, b, c].into_iter().for_each(|done| done.unwrap());
        assert_eq!(checkpoints(&treasury).await.len(), round, "one a round");
    }
    let findings = verified(&exported(&treasury).await, &checkpoints(&treasury).await);
    assert!(findings.is_sound() && findings.checkpoints == 5, "{findings:?}");
}

/// Changes the newest line past the program, and nothing else.
fn change_the_last(treasury: &TestExchange) -> Option<()> {
    let connection = without_triggers(treasury)?;
    let sql = "UPDATE audit SET detail = detail || '.' WHERE sequence = (SELECT max(sequence) FROM audit)";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    Some(())
}

/// The database of a store in a folder, as somebody opens it who may write the file.
fn without_triggers(treasury: &TestExchange) -> Option<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(treasury.folder()?.join("tdam.sqlite")).unwrap();
    let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'";
    let mut statement = connection.prepare(triggers).unwrap();
    let names: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(|name| name.unwrap()).collect();
    for name in names {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    drop(statement);
    Some(connection)
}

/// The rows of the chain from a line on, written past the program: they are what somebody wants who holds the database.
fn forged(treasury: &TestExchange, from: i64, change: impl Fn(&mut AuditLine)) -> Option<()> {
    let connection = without_triggers(treasury)?;
    let lines: Vec<ChainedAuditLine> =
        treasury.store.read_blocking(|reading| Ok::<_, Failure>(reading.audit(1, u32::MAX)?)).unwrap();
    let mut hash = store::AUDIT_CHAIN_START;
    for ChainedAuditLine { sequence, mut line, .. } in lines {
        if sequence == from {
            change(&mut line);
        }
        hash = audit_hash(&hash, sequence, &line);
        let values = rusqlite::params![sequence, line.detail, &hash[..]];
        connection.execute("UPDATE audit SET detail = ?2, hash = ?3 WHERE sequence = ?1", values).unwrap();
    }
    Some(())
}

#[tokio::test]
async fn a_chain_that_was_rewritten_gets_no_signature_and_kept_checkpoints_convict_it() {
    let treasury = treasury().await;
    treasury.exchange.work_now().await.unwrap();
    let kept = checkpoints(&treasury).await;
    if forged(&treasury, 2, |line| line.detail.push_str(" and more")).is_none() {
        return;
    }
    let export = exported(&treasury).await;
    assert!(verified(&export, &[]).is_sound(), "the hashes alone are right");
    let findings = verified(&export, &kept);
    let kinds: Vec<_> = findings.faults.iter().map(|fault| &fault.kind).collect();
    assert_eq!(kinds, [&FaultKind::Rewritten]);

    let treasury = treasury.restart();
    treasury.exchange.work_now().await.expect_err("the last checkpoint contradicts it");
    act(&treasury).await;
    treasury.clock.advance(EVERY);
    treasury.exchange.work_now().await.unwrap_err();
    assert_eq!(checkpoints(&treasury).await, kept, "no signature for it");
}

#[tokio::test]
async fn a_line_that_was_changed_since_the_last_checkpoint_gets_no_signature() {
    let treasury = treasury().await;
    treasury.exchange.work_now().await.unwrap();
    let kept = checkpoints(&treasury).await;
    act(&treasury).await;
    treasury.clock.advance(EVERY);
    if change_the_last(&treasury).is_none() {
        return;
    }
    treasury.exchange.work_now().await.unwrap_err();
    assert_eq!(checkpoints(&treasury).await, kept);
}

#[tokio::test]
async fn who_reads_the_chain_stands_in_it() {
    let treasury = treasury().await;
    let operator = treasury.exchange.operator().acting_as("uid 7");
    let filter = AuditFilter { action: Some("client".to_owned()), ..AuditFilter::default() };
    operator.note_audit_reading(AuditReading::Listed, &filter).await.unwrap();
    let lines = chain(&treasury).await;
    let found: Vec<&str> =
        lines.iter().filter(|line| filter.matches(&line.line)).map(|line| &line.line.action[..]).collect();
    assert_eq!(found, ["client.added", "client.added"]);
    let last = &lines.last().unwrap().line;
    assert_eq!((&last.actor[..], &last.action[..]), ("operator uid 7", "audit.listed"));
    assert_eq!(last.detail, "action \"client\"");
}
