//! What messages of one group do to each other.

use exchange::{Failure, Submitted};
use rulebook::Code;

use super::waiting::{HeldUp, Sent, groups, sent, together};
use crate::support::messages::{File, payment};
use crate::support::*;

/// A treasury on each store, with 1 000.00 on the municipality's account.
async fn treasuries() -> Vec<TestExchange> {
    let mut treasuries = vec![TestExchange::with_small_chunks_at(Place::folder()).await];
    if let Some(place) = Place::database() {
        treasuries.push(TestExchange::with_small_chunks_at(place).await);
    }
    for treasury in &treasuries {
        treasury.credit(&municipality_account(), 1_000_00).await;
    }
    treasuries
}

fn code(result: &Result<Submitted, Failure>) -> Code {
    match result {
        Err(failure) => failure.code,
        Ok(submitted) => panic!("taken: {submitted:?}"),
    }
}

fn status(result: &Result<Submitted, Failure>) -> String {
    match result {
        Ok(Submitted::Answer { pain002, .. }) => group_status(&String::from_utf8(pain002.clone()).unwrap()).to_owned(),
        other => panic!("no answer: {other:?}"),
    }
}

fn of_ministry(message_id: &str, cents: i64) -> Sent {
    sent(Role::Manager, &File::new(message_id, vec![payment(message_id, cents, ESTONIAN)]))
}

fn of_municipality(message_id: &str, cents: i64, creditor: &str) -> Sent {
    let file = File::new(message_id, vec![payment(message_id, cents, creditor)]).from(&municipality_account());
    sent(Role::Neighbour, &file)
}

#[tokio::test]
async fn two_clients_that_pay_each_other_are_decided_together() {
    for treasury in treasuries().await {
        let pays = File::new("M-1", vec![payment("M-1", 300_00, &municipality_account())]);
        let all = [of_municipality("N-1", 1_000_00, &ministry_account()), sent(Role::Manager, &pays)];
        let results = together(&treasury, 0, &all).await;
        assert_eq!(results.iter().map(status).collect::<Vec<_>>(), ["ACCP", "ACCP"]);
        // Neither has what the other one sends before it is booked.
        assert_eq!(treasury.balance(&municipality_account()).await, (1_000_00, 1_000_00));
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 300_01));
        treasury.carry_out().await;
        assert_eq!(treasury.balance(&municipality_account()).await, (300_00, 0));
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING + 700_00 - 1, 0));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn the_last_money_goes_to_who_asks_first() {
    for treasury in treasuries().await {
        let all = [
            of_municipality("N-1", 600_00, ESTONIAN),
            of_municipality("N-2", 600_00, ESTONIAN),
            of_municipality("N-3", 400_00, ESTONIAN),
        ];
        let results = together(&treasury, 0, &all).await;
        assert_eq!(results.iter().map(status).collect::<Vec<_>>(), ["ACCP", "RJCT", "ACCP"]);
        assert_eq!(treasury.balance(&municipality_account()).await, (1_000_00, 1_000_00));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn the_same_message_id_with_other_bytes_is_refused_and_harms_no_other() {
    for treasury in treasuries().await {
        let all = [of_ministry("M-1", 1_00), of_ministry("M-1", 2_00), of_ministry("M-2", 4_00)];
        let results = together(&treasury, 0, &all).await;
        assert_eq!(status(&results[0]), "ACCP");
        assert_eq!(code(&results[1]), Code::MessageIdUsed);
        assert_eq!(status(&results[2]), "ACCP");
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 5_01));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn the_same_bytes_of_two_users_are_taken_once() {
    for treasury in treasuries().await {
        let first = of_ministry("M-1", 1_00);
        let other = Sent { role: Role::OtherManager, ..first.clone() };
        let results = together(&treasury, 0, &[first, other]).await;
        assert_eq!(status(&results[0]), "ACCP");
        assert_eq!(code(&results[1]), Code::MessageOfAnotherUser);
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 1_01));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn payments_that_one_of_the_group_has_are_duplicates_for_the_next() {
    for treasury in treasuries().await {
        let first = File::new("M-1", vec![payment("E-1", 1_00, ESTONIAN), payment("E-2", 2_00, ESTONIAN)]);
        let second = File::new("M-2", vec![payment("E-2", 5_00, GERMAN), payment("E-3", 7_00, ESTONIAN)]);
        let mut third = File::new("M-3", vec![payment("E-4", 9_00, ESTONIAN)]);
        third.blocks[0].id = "M-1-B1".to_owned();
        // What was refused is not sent before.
        let refused = File::new("M-4", vec![payment("E-5", 2 * OPENING, ESTONIAN)]);
        let again = File::new("M-5", vec![payment("E-5", 11_00, ESTONIAN)]);
        let all = [first, second, third, refused, again].map(|file| sent(Role::Manager, &file));
        let results = together(&treasury, 0, &all).await;
        assert_eq!(results.iter().map(status).collect::<Vec<_>>(), ["ACCP", "PART", "RJCT", "RJCT", "ACCP"]);
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 21_01));
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn a_certificate_that_is_revoked_meanwhile_pays_nothing_and_harms_no_other() {
    for treasury in treasuries().await {
        let mut held = HeldUp::at(&treasury, 0).await;
        let first = held.submit(&treasury, &of_ministry("M-1", 1_00)).await;
        let revoked = Sent { role: Role::OtherManager, ..of_ministry("M-2", 2_00) };
        let revoked = held.submit(&treasury, &revoked).await;
        let last = held.submit(&treasury, &of_ministry("M-3", 4_00)).await;
        if treasury.folder().is_none() {
            treasury.revoke(Role::OtherManager).await;
            answered(held.go_on().await.1);
            assert_eq!(code(&revoked.await.unwrap()), Code::CertificateRevoked);
            assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 5_01));
        } else {
            // SQLite's writer is held up, and the operator waits as the messages do: in turn, so before the second one.
            let ((), (_, door)) = tokio::join!(treasury.revoke(Role::OtherManager), held.go_on());
            answered(door);
            let result = revoked.await.unwrap();
            assert!(result.is_ok() || code(&result) == Code::CertificateRevoked);
        }
        assert_eq!(status(&first.await.unwrap()), "ACCP");
        assert_eq!(status(&last.await.unwrap()), "ACCP");
        treasury.check_invariants().await;
    }
}

/// A trial is no member, and a message that turned out to be large is none either.
#[tokio::test]
async fn a_message_alone_is_a_group_of_one() {
    for treasury in treasuries().await {
        let before = groups(&treasury);
        let small = of_ministry("M-1", 1_00);
        treasury.answer(&small.xml).await;
        treasury.answer(&File::of_many("M-2", 40, ESTONIAN).xml()).await;
        assert!(answered(treasury.submit(Role::Manager, &small.xml).await).1, "the stored answer");
        let after = groups(&treasury);
        assert_eq!((after.0 - before.0, after.1 - before.1), (2.0, 2.0));
        treasury.check_invariants().await;
    }
}

/// The same bytes at two nodes at once, each in a group with others.
#[tokio::test]
async fn the_same_bytes_in_groups_of_two_nodes_are_taken_once() {
    let Some(one) = TestExchange::on_postgresql().await else { return };
    let other = one.another_node();
    let same = of_ministry("M-1", 1_00);
    let (mut here, mut there) = (Vec::new(), Vec::new());
    let mut held = HeldUp::at(&one, 0).await;
    for one_sent in [&of_ministry("M-2", 2_00), &same] {
        here.push(held.submit(&one, one_sent).await);
    }
    // The other node's groups wait for the ministry's row.
    for one_sent in [&of_ministry("M-3", 4_00), &same] {
        let (exchange, role, xml) = (other.another_node(), one_sent.role, one_sent.xml.clone());
        there.push(tokio::spawn(async move { exchange.submit(role, &xml).await }));
    }
    answered(held.go_on().await.1);
    let mut answers = Vec::new();
    for result in here.into_iter().chain(there) {
        answers.push(answered(result.await.unwrap()));
    }
    assert_eq!(answers[1].0, answers[3].0, "the same answer");
    assert_eq!(
        [answers[1].1, answers[3].1].iter().filter(|repeated| !**repeated).count(),
        1,
        "one of them did the work"
    );
    assert_eq!(one.balance(&ministry_account()).await, (OPENING, 7_01));
    one.check_invariants().await;
}

/// The database refuses a row of one of them, when all are decided and written.
#[tokio::test]
async fn a_message_that_the_database_cannot_take_harms_no_other() {
    for treasury in treasuries().await {
        let sql = |folder: &str, schema: &str| {
            if treasury.folder().is_some() { folder.to_owned() } else { schema.to_owned() }
        };
        as_owner(&treasury, &sql(POISON_IN_FOLDER, POISON_IN_SCHEMA)).await;
        let all = [of_ministry("M-1", 1_00), of_ministry("M-2", 2_00), of_ministry("M-3", 4_00)];
        let results = together(&treasury, 0, &all).await;
        assert_eq!(status(&results[0]), "ACCP");
        assert_eq!(code(&results[1]), Code::InternalError);
        assert_eq!(status(&results[2]), "ACCP");
        assert_eq!(treasury.balance(&ministry_account()).await, (OPENING, 5_01));
        as_owner(&treasury, &sql("DROP TRIGGER poison", "DROP FUNCTION poison CASCADE")).await;
        treasury.check_invariants().await;
    }
}

/// From here on the database takes no message with this id.
const POISON_IN_FOLDER: &str = "CREATE TRIGGER poison BEFORE INSERT ON message WHEN NEW.message_id = 'M-2'
    BEGIN SELECT RAISE(ABORT, 'poisoned'); END";
const POISON_IN_SCHEMA: &str = "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'poisoned' USING ERRCODE = 'check_violation'; END $$;
    CREATE TRIGGER poison BEFORE INSERT ON message FOR EACH ROW WHEN (NEW.message_id = 'M-2') EXECUTE FUNCTION poison()";

/// Changes the database past the exchange.
async fn as_owner(treasury: &TestExchange, sql: &str) {
    if let Some(folder) = treasury.folder() {
        let connection = rusqlite::Connection::open(crate::at_rest::harms::database(folder)).unwrap();
        return connection.execute_batch(sql).unwrap();
    }
    let options = treasury.database().unwrap();
    let url = options.owner_url.as_ref().unwrap();
    let (owner, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    owner.batch_execute(&format!("SET search_path = {}; {sql}", options.schema)).await.unwrap();
}
