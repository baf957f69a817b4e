//! Family of row H3: requests that arrive a byte at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::attackers::{Attack, Kind, Order};
use super::connections::hold;
use super::failed::Failed;
use super::outcome::Outcome;
use super::readers;
use super::server::ATTACKER_ADDRESS;
use super::testbed::Testbed;
use super::wire::{self, Speaks};

/// Between two bytes.
const PAUSE: Duration = Duration::from_secs(1);

/// H3: bodies at a byte a second.
pub(super) fn slow_bodies(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::SlowBodies, user: "attacker-manage", count: 300, about: "" };
    readers::under(testbed, "bodies at 1 byte/s", &order, None)
}

/// Its sibling: the heads of requests.
pub(super) fn slow_heads(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::SlowHeads, user: "attacker-view", count: 1_100, about: "" };
    readers::under(testbed, "heads of requests at 1 byte/s", &order, None)
}

/// Sends bodies a byte at a time.
pub(super) async fn bodies(attack: &Arc<Attack>) -> Result<(), Failed> {
    let fields = [("content-type", "application/xml"), ("content-length", "100000")];
    let head = wire::head("POST", protocol::routes::PAYMENTS, &fields);
    slowly(attack, head, vec![b' '; 100_000]).await
}

/// Sends heads a byte at a time.
pub(super) async fn heads(attack: &Arc<Attack>) -> Result<(), Failed> {
    let head = wire::head("GET", protocol::routes::HEARTBEAT, &[("x-padding", &"x".repeat(4_000))]);
    let (begin, rest) = head.split_at(16);
    slowly(attack, begin.to_vec(), rest.to_vec()).await
}

async fn slowly(attack: &Arc<Attack>, begin: Vec<u8>, rest: Vec<u8>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    let (begin, rest) = (Arc::new(begin), Arc::new(rest));
    hold(attack, move |attack, _| {
        let (identity, begin, rest) = (identity.clone(), Arc::clone(&begin), Arc::clone(&rest));
        async move {
            let Ok(mut stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            attack.begins();
            if stream.write_all(&begin).await.is_err() {
                return attack.is_refused();
            }
            for byte in rest.iter() {
                let mut answer = [0; 1024];
                // An answer before the end is a refusal.
                tokio::select! {
                    _ = stream.read(&mut answer) => return attack.is_refused(),
                    () = tokio::time::sleep(PAUSE) => {}
                }
                if stream.write_all(&[*byte]).await.is_err() || stream.flush().await.is_err() {
                    return attack.is_refused();
                }
            }
        }
    })
    .await
}
