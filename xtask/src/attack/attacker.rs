//! One attacker, in a process of its own: does what it was started for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::attackers::{Attack, Kind, Orders, TIME_MAX};
use super::failed::Failed;
use super::{audit, connections, large_messages, readers, slow_bodies, unread, work};

/// Does what this process was started for, and prints how much of it there was.
pub(super) fn obey(orders: &Orders, kind: Kind) -> Result<(), Failed> {
    let time = Duration::from_secs(orders.seconds).min(TIME_MAX);
    let attack = std::sync::Arc::new(Attack::ordered(orders, time));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let work = async {
            match kind {
                Kind::HalfOpen => connections::half_open(&attack, 1).await,
                Kind::HalfOpenEverywhere => connections::half_open(&attack, 200).await,
                Kind::Handshakes => connections::handshakes(&attack).await,
                Kind::IdleHttp2 => connections::idle_http2(&attack).await,
                Kind::IdlePlain => connections::idle_plain(&attack).await,
                Kind::SlowBodies => slow_bodies::bodies(&attack).await,
                Kind::SlowHeads => slow_bodies::heads(&attack).await,
                Kind::ReportOrders => readers::order_reports(&attack, readers::WINDOW_MAX).await,
                Kind::UnreadReports => readers::order_reports(&attack, unread::REPORT_WINDOW).await,
                Kind::ClosedWindow => unread::keep_window_closed(&attack).await,
                Kind::UnreadHttp1 => unread::read_nothing(&attack).await,
                Kind::StatusRequests => readers::ask_for_status(&attack).await,
                Kind::RevokedUser => audit::revoked_user(&attack).await,
                Kind::Payments => readers::pay(&attack).await,
                Kind::Leavers => work::leave(&attack).await,
                Kind::LargeMessages => large_messages::send_many(&attack).await,
                Kind::OneFile => large_messages::send_file(&attack).await,
            }
        };
        let until = (attack.until + Duration::from_secs(2)).into();
        tokio::select! {
            done = tokio::time::timeout_at(until, work) => done.unwrap_or(Ok(())),
            () = called_off() => Ok(()),
        }
    })?;
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    println!("{} {} {}", count(&attack.begun), count(&attack.served), count(&attack.refused));
    runtime.shutdown_background();
    Ok(())
}

/// Returns when the one who started this process closes its input.
async fn called_off() {
    let read = || std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
    let _ = tokio::task::spawn_blocking(read).await;
}
