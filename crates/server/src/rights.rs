//! Ends what is open when its caller may not call any more, or an account that an answer shows is no longer granted. Requests that are still worked on or received end with a
//! refusal (`identity`); answers that the client is reading end with their connection, here.

use std::sync::Arc;

use exchange::{Exchange, Fingerprint, Presented};
use tokio::time::sleep;

use crate::bounds::{REFUSAL_SENT_WITHIN, RIGHTS_ASKED_AGAIN_AFTER};
use crate::connections::{CloseOrder, Connections, OpenConnection};

/// Looks at the callers of busy connections whenever rights have changed. For ever.
pub(crate) async fn end_without_rights(exchange: Exchange, connections: Arc<Connections>) {
    let mut versions = exchange.rights_versions();
    while versions.changed().await.is_ok() {
        let (mut waiting, mut refused) = (connections.busy_with_certificate(), Vec::new());
        while !waiting.is_empty() {
            let mut unknown = Vec::new();
            for connection in waiting {
                match may_go_on(&exchange, &connection).await {
                    Some(true) => {}
                    Some(false) => refused.push(connection),
                    None => unknown.push(connection),
                }
            }
            waiting = unknown;
            if !waiting.is_empty() {
                // The store is away.
                sleep(RIGHTS_ASKED_AGAIN_AFTER).await;
            }
        }
        if refused.is_empty() {
            continue;
        }
        refused.iter().for_each(|connection| connection.tell(CloseOrder::Close));
        sleep(REFUSAL_SENT_WITHIN).await;
        refused.iter().filter(|connection| !connection.is_idle()).for_each(|connection| {
            connection.tell(CloseOrder::Cut);
        });
    }
}

/// `None`: that cannot be found out now.
async fn may_go_on(exchange: &Exchange, connection: &OpenConnection) -> Option<bool> {
    let Some(fingerprint) = connection.certificate else { return Some(true) };
    let presented = Presented { fingerprint: Fingerprint(fingerprint), address: connection.address };
    exchange.may_go_on(&presented, &connection.shown()).await.ok()
}
