//! What the metrics show of payments, settlement and days, before a client has reason to complain.

use std::time::Duration;

use exchange::{AcceptancePolicy, Settings, SettlementSettings};
use jiff::{SignedDuration, Timestamp};

use super::support::messages::{File, payment};
use super::support::*;

/// The value of a series; 0 where there is none.
fn value(treasury: &TestExchange, series: &str) -> f64 {
    let text = treasury.exchange.metrics();
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}

async fn gauge(treasury: &TestExchange, series: &str) -> f64 {
    treasury.exchange.read_the_gauges().await;
    value(treasury, series)
}

const DISPATCHED: &str = "tdam_lots{stage=\"dispatched\"}";
const DISPATCHED_FOR: &str = "tdam_lots_oldest_seconds{stage=\"dispatched\"}";

#[tokio::test]
async fn a_settlement_system_that_stands_still_is_seen() {
    let settlement = SettlementSettings { cycle: Duration::from_secs(3600) };
    let treasury = TestExchange::with(AcceptancePolicy::Partial, Settings { settlement, ..Settings::default() }).await;
    assert_eq!(gauge(&treasury, DISPATCHED).await, 0.0);
    treasury.answer(&File::new("MSG-1", vec![payment("A", 12_50, ESTONIAN)]).xml()).await;
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(gauge(&treasury, DISPATCHED).await, 1.0);
    for minutes in [10, 20] {
        treasury.clock.advance(SignedDuration::from_mins(10));
        treasury.exchange.work_now().await.unwrap();
        assert_eq!(gauge(&treasury, DISPATCHED_FOR).await, f64::from(minutes) * 60.0);
        // The payment is on its way, as far as its client can see.
        assert_eq!(group_status(&treasury.status("MSG-1").await), "ACSP");
    }
    treasury.clock.advance(SignedDuration::from_hours(1));
    treasury.exchange.work_now().await.unwrap();
    assert_eq!((gauge(&treasury, DISPATCHED).await, gauge(&treasury, DISPATCHED_FOR).await), (0.0, 0.0));
}

#[tokio::test]
async fn payments_are_counted_once_each_by_what_became_of_them() {
    let treasury = TestExchange::new().await;
    let payments = vec![
        payment("A", 1_00, ESTONIAN),
        payment("B", 2_00, "LV00TREL0000000000000"),
        payment("C", 3_00, ESTONIAN),
        payment("D", 4_00, "LV00TREL0000000000000"),
    ];
    treasury.answer(&File::new("MSG-1", payments).xml()).await;
    let too_much = vec![payment("E", 2 * OPENING, ESTONIAN), payment("F", 3 * OPENING, ESTONIAN)];
    treasury.answer(&File::new("MSG-2", too_much).xml()).await;

    let outcome = |outcome| value(&treasury, &format!("tdam_submissions_total{{outcome=\"{outcome}\"}}"));
    assert_eq!((outcome("accepted"), outcome("partially_accepted"), outcome("refused")), (0.0, 1.0, 1.0));
    assert_eq!(value(&treasury, "tdam_payments_accepted_total"), 2.0);
    let text = treasury.exchange.metrics();
    let refused = text.lines().filter_map(|line| line.strip_prefix("tdam_payments_refused_total{code=\""));
    let refused: f64 = refused.map(|line| line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()).sum();
    assert_eq!(refused, 4.0, "{text}");
}

#[tokio::test]
async fn the_day_and_what_ends_are_shown() {
    let treasury = TestExchange::new().await;
    let midnight: Timestamp = format!("{TODAY}T00:00:00Z").parse().unwrap();
    assert_eq!(gauge(&treasury, "tdam_business_day_timestamp_seconds").await, midnight.as_second() as f64);
    assert_eq!(value(&treasury, "tdam_business_day_behind_seconds"), 0.0);
    let certificate = value(&treasury, "tdam_time_left_seconds{of=\"client_certificate\"}");
    let registration = value(&treasury, "tdam_time_left_seconds{of=\"registration\"}");
    assert_eq!((certificate / 86_400.0).floor(), 38.0, "until the end of the year");
    assert!(registration > certificate);

    treasury.clock.advance(SignedDuration::from_hours(48));
    assert_eq!(gauge(&treasury, "tdam_business_day_behind_seconds").await, 2.0 * 86_400.0);
    let later = value(&treasury, "tdam_time_left_seconds{of=\"client_certificate\"}");
    assert_eq!(certificate - later, 2.0 * 86_400.0);
    // Long after the last of them nothing is left to end, and nothing says that it would.
    treasury.clock.advance(SignedDuration::from_hours(24 * 365 * 3));
    treasury.exchange.read_the_gauges().await;
    assert!(!treasury.exchange.metrics().contains("of=\"client_certificate\""));
}

#[tokio::test]
async fn lines_of_the_audit_without_a_checkpoint_grow_old_until_one_is_signed() {
    let key = audit::AuditKey::from_seed(&[1; 32]).unwrap();
    let checkpoints = Some(exchange::Checkpoints { key, every: std::time::Duration::from_secs(900) });
    let settings = exchange::Settings { checkpoints, ..exchange::Settings::default() };
    let treasury = TestExchange::with(exchange::AcceptancePolicy::Partial, settings).await;
    let age = "tdam_audit_unconfirmed_seconds";
    treasury.clock.advance(SignedDuration::from_secs(7));
    assert_eq!(gauge(&treasury, age).await, 7.0, "since the first line");
    treasury.exchange.work_now().await.unwrap();
    assert_eq!(gauge(&treasury, age).await, 0.0);
}

#[tokio::test]
async fn figures_grow_old_when_nobody_reads_them() {
    let treasury = TestExchange::new().await;
    let age = "tdam_figures_age_seconds";
    treasury.clock.advance(SignedDuration::from_secs(7));
    assert_eq!(value(&treasury, age), 7.0, "never read since the beginning");
    assert_eq!(gauge(&treasury, age).await, 0.0);
    treasury.clock.advance(SignedDuration::from_secs(90));
    assert_eq!(value(&treasury, age), 90.0);
}

#[tokio::test]
async fn health_is_shown_as_it_is() {
    let treasury = TestExchange::new().await;
    let of = "tdam_health_condition{condition=\"cannot_write\",severity=\"not_ready\"}";
    treasury.exchange.prove_health().await;
    assert_eq!((value(&treasury, "tdam_ready"), value(&treasury, "tdam_alive"), value(&treasury, of)), (1.0, 1.0, 0.0));
    treasury.exchange.health().raise(exchange::Alarm::CannotWrite, "a test");
    assert_eq!((value(&treasury, "tdam_ready"), value(&treasury, "tdam_alive"), value(&treasury, of)), (0.0, 1.0, 1.0));
    treasury.exchange.health().raise(exchange::Alarm::WriterStopped, "a test");
    assert_eq!(value(&treasury, "tdam_alive"), 0.0);
}
