//! Retention removes old bodies, and nothing else.

use exchange::Settings;
use jiff::SignedDuration;
use jiff::civil::date;
use store::{BodyPlace, StoreError, StoredBody};

use super::support::messages::{File, payment};
use super::support::*;

const DAYS: u32 = 30;
/// The first day on which a body of [`TODAY`] is older than that.
const AFTERWARDS: jiff::civil::Date = date(2026, 12, 28);

async fn treasury() -> TestExchange {
    let settings = Settings { small_message_payments_max: 10, large_bodies_days: Some(DAYS), ..Settings::default() };
    TestExchange::with(exchange::AcceptancePolicy::Partial, settings).await
}

/// Bodies that lie outside their rows: files, or on a database server those that can be opened.
fn bodies_apart(treasury: &TestExchange) -> usize {
    if let Some(folder) = treasury.folder() {
        return body_files(folder).len();
    }
    let ministry = treasury.ministry;
    let bodies = treasury.store.read_blocking(|reading| {
        let mut bodies = Vec::new();
        for id in reading.submissions_of(ministry, None, u32::MAX)? {
            bodies.extend(reading.submission(id)?.map(|submission| submission.received.body));
        }
        Ok::<_, StoreError>(bodies)
    });
    let is_apart = |body: &StoredBody| matches!(body.place, BodyPlace::Apart(_));
    bodies.unwrap().iter().filter(|body| is_apart(body) && treasury.store.open_body(body).is_ok()).count()
}

async fn removals(treasury: &TestExchange) -> Vec<String> {
    let lines = treasury.store.read(|reading| reading.audit(1, u32::MAX)).await.unwrap();
    lines
        .into_iter()
        .map(|line| line.line)
        .filter(|line| line.action == "body.removed")
        .map(|line| line.detail)
        .collect()
}

/// Weeks later by the clock, and by the business day.
async fn weeks_later(treasury: &TestExchange) {
    treasury.clock.advance(SignedDuration::from_hours(24 * 36));
    treasury.exchange.operator().set_business_day(AFTERWARDS).await.unwrap();
}

#[tokio::test]
async fn the_body_of_an_answered_message_goes_after_its_time_and_its_answer_stays() {
    let treasury = treasury().await;
    let large = File::of_many("MSG-1", 400, ESTONIAN).xml();
    let answer = treasury.answer(&large).await;
    let small = File::new("MSG-2", vec![payment("A", 1_00, ESTONIAN)]).xml();
    treasury.answer(&small).await;
    treasury.carry_out().await;
    assert_eq!(bodies_apart(&treasury), 1, "kept");
    assert_eq!(treasury.exchange.operator().removable_bodies(DAYS).await.unwrap().bodies, 0);

    weeks_later(&treasury).await;
    let shown = treasury.exchange.operator().removable_bodies(DAYS).await.unwrap();
    assert_eq!((shown.kept_from, shown.bodies, shown.bytes), (date(2026, 11, 28), 1, large.len() as u64));
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(bodies_apart(&treasury), 0);
    let removed = removals(&treasury).await;
    assert_eq!(removed.len(), 1, "{removed:?}");
    assert!(removed[0].ends_with(&format!("bytes {}", large.len())), "{removed:?}");
    assert_eq!(treasury.exchange.operator().removable_bodies(DAYS).await.unwrap().bodies, 0);
    treasury.check_invariants().await;

    let treasury = treasury.restart();
    assert_eq!(treasury.store.sweep_orphans().unwrap(), 0);
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(answered(treasury.submit(Role::Manager, &large).await), (answer, true), "the same bytes again");
    assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSC");
    assert_eq!(removals(&treasury).await, removed, "once");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn neither_a_clock_nor_a_business_day_alone_removes_anything() {
    for clock in [true, false] {
        let treasury = treasury().await;
        treasury.answer(&File::of_many("MSG-1", 400, ESTONIAN).xml()).await;
        if clock {
            treasury.clock.advance(SignedDuration::from_hours(24 * 36));
        } else {
            treasury.exchange.operator().set_business_day(AFTERWARDS).await.unwrap();
        }
        treasury.exchange.work_now().await.unwrap();
        assert_eq!(bodies_apart(&treasury), 1, "clock alone: {clock}");
    }
}

#[tokio::test]
async fn what_is_being_copied_stays_until_the_copy_is_made() {
    let treasury = treasury().await;
    treasury.answer(&File::of_many("MSG-1", 400, ESTONIAN).xml()).await;
    weeks_later(&treasury).await;
    let copying = treasury.store.keep_bodies().unwrap();
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(bodies_apart(&treasury), 1);
    drop(copying);
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(bodies_apart(&treasury), 0);
}

#[tokio::test]
async fn nothing_goes_where_nothing_is_said() {
    let treasury = TestExchange::with_small_chunks().await;
    treasury.answer(&File::of_many("MSG-1", 400, ESTONIAN).xml()).await;
    weeks_later(&treasury).await;
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(bodies_apart(&treasury), 1);
}
