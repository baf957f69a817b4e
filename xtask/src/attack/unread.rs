//! Family of row H4: requested answers that the client never reads.

use std::sync::Arc;

use super::attackers::{Attack, Kind, Order};
use super::connections::hold;
use super::failed::Failed;
use super::http2::{Connection, Event};
use super::outcome::Outcome;
use super::readers;
use super::server::ATTACKER_ADDRESS;
use super::testbed::Testbed;
use super::wire::{self, Speaks};

/// Streams of one connection.
const STREAMS: u32 = 32;
/// Bytes of an answer that the attacker's own system keeps.
const ROOM_BYTES: u32 = 4 << 10;
/// What of a report is let through.
pub(super) const REPORT_WINDOW: u32 = 1 << 20;

/// H4: HTTP/2 with a window of nothing.
pub(super) fn closed_window(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::ClosedWindow, user: "attacker-view", count: 2, about: readers::LARGE };
    readers::under(
        testbed,
        "HTTP/2 connections with window 0, 32 status requests each",
        &order,
        readers::Large::refused(testbed),
    )
}

/// Its sibling: reports, of which the window lets the beginning through.
pub(super) fn unread_reports(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::UnreadReports, user: "attacker-view", count: 8, about: "" };
    readers::under(
        testbed,
        "HTTP/2 connections × 32 report orders of a View user, of each the first MiB read",
        &order,
        readers::Large::booked(testbed),
    )
}

/// Its sibling: many HTTP/1.1 connections.
pub(super) fn unread_http1(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::UnreadHttp1, user: "attacker-view", count: 64, about: readers::LARGE };
    readers::under(
        testbed,
        "HTTP/1.1 connections that read no answer of a status request",
        &order,
        readers::Large::refused(testbed),
    )
}

pub(super) async fn keep_window_closed(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http2, ATTACKER_ADDRESS)?;
    hold(attack, move |attack, _| {
        let identity = identity.clone();
        async move {
            let Ok(stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            let Ok(mut connection) = Connection::begin(stream, 0).await else { return };
            let path = readers::status_path(&attack.about);
            for _ in 0..STREAMS {
                attack.begins();
                if connection.request("GET", &path, &[], &[]).await.is_err() {
                    return attack.is_refused();
                }
            }
            loop {
                match connection.event().await {
                    Ok(Event::Ended { .. }) => attack.is_refused(),
                    Ok(Event::Data(_) | Event::Other) => {}
                    Ok(Event::Goodbye) | Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}

pub(super) async fn read_nothing(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    hold(attack, move |attack, _| {
        let identity = identity.clone();
        async move {
            use tokio::io::AsyncWriteExt as _;
            let Ok(socket) = wire::connect(ATTACKER_ADDRESS, attack.secure, Some(ROOM_BYTES)).await else {
                return attack.is_refused();
            };
            let Ok(mut stream) = identity.secure(socket).await else { return attack.is_refused() };
            attack.begins();
            let head = wire::head("GET", &readers::status_path(&attack.about), &[]);
            if stream.write_all(&head).await.is_err() || stream.flush().await.is_err() {
                return attack.is_refused();
            }
            std::future::pending::<()>().await;
        }
    })
    .await
}
