//! The exchange checks its own data while it serves, and health says what it found.

use exchange::{Alarm, Condition, Readiness};
use tokio_postgres::NoTls;

use super::support::messages::{File, payment};
use super::support::*;

/// Changes a balance without an entry, as an attacker with the database could.
async fn shift_a_balance(treasury: &TestExchange, by: i64) {
    let sql = |table: &str| format!("UPDATE {table} SET balance = balance + ({by}) WHERE id = 1");
    match (treasury.folder(), treasury.database()) {
        (Some(folder), _) => {
            let connection = rusqlite::Connection::open(folder.join("tdam.sqlite")).unwrap();
            connection.execute(&sql("account"), []).unwrap();
        }
        (None, Some(options)) => {
            let (owner, connection) =
                tokio_postgres::connect(options.owner_url.as_ref().unwrap(), NoTls).await.unwrap();
            tokio::spawn(connection);
            owner.execute(&sql(&format!("{}.account", options.schema)), &[]).await.unwrap();
        }
        (None, None) => unreachable!("data are in a folder or in a database"),
    }
}

fn broken(treasury: &TestExchange) -> Option<Condition> {
    let conditions = treasury.exchange.health().conditions();
    conditions.into_iter().find(|condition| condition.alarm == Alarm::IntegrityBroken)
}

#[tokio::test]
async fn damage_stands_in_health_until_a_later_check_finds_none() {
    let treasury = TestExchange::new().await;
    treasury.answer(&File::new("MSG-1", vec![payment("A", 12_50, &municipality_account())]).xml()).await;
    treasury.carry_out().await;
    treasury.exchange.prove_health().await;
    assert_eq!(treasury.exchange.health().checked_at(), None);
    assert_eq!(treasury.exchange.check_books().await.unwrap(), 0);
    let first = treasury.exchange.health().checked_at().unwrap();
    assert_eq!(broken(&treasury), None);

    shift_a_balance(&treasury, 1).await;
    let problems = treasury.exchange.check_books().await.unwrap();
    let condition = broken(&treasury).unwrap();
    assert!(problems > 0 && condition.reason.contains(&problems.to_string()), "{condition:?}");
    // The node keeps serving: the operator decides whether the damage matters.
    assert_eq!(treasury.exchange.health().readiness(), Readiness::ReadyWithAlarms);

    shift_a_balance(&treasury, -1).await;
    assert_eq!(treasury.exchange.check_books().await.unwrap(), 0);
    assert_eq!(broken(&treasury), None);
    assert!(treasury.exchange.health().checked_at().unwrap() >= first);
}
