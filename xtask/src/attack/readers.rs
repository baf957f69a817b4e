//! Families of rows H3, H5, P3 and P9: one client that asks for much, or sends much, within its rights.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use iso20022::MessageType;
use tdam::generate::{PaymentBatch, ReportRequest};

use super::attackers::{self, Attack, Kind, Order};
use super::connections::hold;
use super::failed::Failed;
use super::http2::{Connection, Event};
use super::outcome::Outcome;
use super::server::{ATTACKER_ADDRESS, Installation, Start};
use super::testbed::Testbed;
use super::wire::{self, Reply, Speaks};

/// The message whose status is large.
pub(super) const LARGE: &str = "LARGE-1";
/// The attackers' account that allows nothing of what they pay from it.
const LIMITED_ACCOUNT: &str = "LV41TREL1000000001002";
/// The largest window of HTTP/2: all of every answer is read.
pub(super) const WINDOW_MAX: u32 = (1 << 31) - 1;
/// Report orders that one connection has under way.
const STREAMS: u32 = 32;
/// After a refusal.
const PAUSE: Duration = Duration::from_millis(20);
/// How long the large message may take to be answered.
const LARGE_TIME_MAX: Duration = Duration::from_secs(300);

/// H5, P3: large status requests.
pub(super) fn status_requests(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::StatusRequests, user: "attacker-view", count: 40, about: LARGE };
    under(testbed, "status requests of a large message at once", &order, Large::refused(testbed))
}

/// H3: report orders of a View user.
pub(super) fn report_orders(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::ReportOrders, user: "attacker-view", count: 8, about: "" };
    under(testbed, "HTTP/2 connections × 32 report orders of a View user", &order, Large::booked(testbed))
}

/// P9: many connections of one client who pays.
pub(super) fn payments_at_once(testbed: &Testbed) -> Result<Outcome, Failed> {
    let order = Order { kind: Kind::Payments, user: "attacker-manage", count: 64, about: "" };
    under(testbed, "connections of one client, a payment each at a time", &order, None)
}

/// A message that the attackers' institution sends first.
pub(super) struct Large {
    payments: u32,
    account: &'static str,
}

impl Large {
    /// Payments above the account's limit: the status names each of them.
    pub(super) fn refused(testbed: &Testbed) -> Option<Large> {
        Some(Large { payments: testbed.refused_payments(), account: LIMITED_ACCOUNT })
    }

    /// Payments that are booked: a report lists them.
    pub(super) fn booked(testbed: &Testbed) -> Option<Large> {
        let payments = if testbed.is_long { 40_000 } else { 5_000 };
        Some(Large { payments, account: tdam::generate::DEBTOR_ACCOUNT })
    }
}

/// An attack of an online user, after that user's institution has sent a message of so many payments.
pub(super) fn under(
    testbed: &Testbed,
    attack: &str,
    order: &Order<'_>,
    large: Option<Large>,
) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    if let Some(large) = &large {
        send_large_from(&installation, LARGE, large.payments, large.account)?;
    }
    let payments = match &large {
        Some(large) if large.account == LIMITED_ACCOUNT => {
            let status = status_bytes(&installation)?;
            format!(" ({} payments, each refused; a status of {} KB)", large.payments, status / 1024)
        }
        Some(large) => format!(" ({} payments booked)", large.payments),
        None => String::new(),
    };
    let (rate, watched) = attackers::watched(testbed, &installation, order)?;
    let mut outcome = testbed.outcome(format!("{} {attack}{payments}", order.count), rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    outcome.repeated("answers are the same when asked again", &installation, &watched);
    Ok(outcome)
}

/// Sends a valid message of so many payments of the attackers' institution, and waits for its answer.
pub(super) fn send_large(installation: &Installation, message_id: &str, payments: u32) -> Result<(), Failed> {
    send_large_from(installation, message_id, payments, tdam::generate::DEBTOR_ACCOUNT)
}

fn send_large_from(installation: &Installation, message_id: &str, payments: u32, account: &str) -> Result<(), Failed> {
    let xml = message_from(message_id, payments, account)?;
    let reply = send(installation, "attacker-manage", &xml, &[("prefer", "wait=300")])?;
    if reply.status == 200 { Ok(()) } else { Err(format!("the large message: {}", reply.short()).into()) }
}

/// A valid message of so many payments of the attackers' institution.
pub(super) fn message(message_id: &str, payments: u32) -> Result<Vec<u8>, Failed> {
    message_from(message_id, payments, tdam::generate::DEBTOR_ACCOUNT)
}

/// The same, of which each is above its account's limit.
pub(super) fn refused_message(message_id: &str, payments: u32) -> Result<Vec<u8>, Failed> {
    message_from(message_id, payments, LIMITED_ACCOUNT)
}

fn message_from(message_id: &str, payments: u32, account: &str) -> Result<Vec<u8>, Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let mut batch = PaymentBatch::new(payments, 7, day);
    batch.message_id = message_id.to_owned();
    batch.debtor_accounts = vec![account.parse().map_err(|error| format!("{error:?}"))?];
    let mut xml = Vec::new();
    batch.write(&mut xml)?;
    Ok(xml)
}

/// A new payment of the attackers' institution.
pub(super) fn one_payment(seed: u64, message_id: &str) -> Result<Vec<u8>, Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let mut batch = PaymentBatch::new(1, seed, day);
    batch.message_id = message_id.to_owned();
    let mut xml = Vec::new();
    batch.write(&mut xml)?;
    Ok(xml)
}

/// Posts a message as an online user, and waits for the answer.
pub(super) fn send(
    installation: &Installation,
    user: &str,
    xml: &[u8],
    fields: &[(&str, &str)],
) -> Result<Reply, Failed> {
    send_to(installation, user, protocol::routes::PAYMENTS, xml, fields)
}

/// The same to any path.
pub(super) fn send_to(
    installation: &Installation,
    user: &str,
    path: &str,
    xml: &[u8],
    fields: &[(&str, &str)],
) -> Result<Reply, Failed> {
    let identity = installation.identity(user, Speaks::Http1, ATTACKER_ADDRESS)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut all = vec![("content-type", "application/xml")];
    all.extend_from_slice(fields);
    runtime.block_on(async {
        let mut stream = identity.connect(installation.secure).await?;
        let call = wire::call(&mut stream, "POST", path, &all, xml);
        tokio::time::timeout(LARGE_TIME_MAX, call).await.map_err(|_| "no answer in time")?
    })
}

/// How long the status of the large message is.
fn status_bytes(installation: &Installation) -> Result<u64, Failed> {
    let identity = installation.identity("attacker-view", Speaks::Http1, ATTACKER_ADDRESS)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = identity.connect(installation.secure).await?;
        let reply = wire::call(&mut stream, "GET", &status_path(LARGE), &[], &[]).await?;
        if reply.status == 200 { Ok(reply.body_bytes) } else { Err(format!("the status: {}", reply.short()).into()) }
    })
}

pub(super) fn status_path(message_id: &str) -> String {
    format!("{}?{}={message_id}", protocol::routes::PAYMENTS, protocol::routes::MSG_ID)
}

/// Asks for the status of a message and reads it, over and over.
pub(super) async fn ask_for_status(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    hold(attack, move |attack, _| {
        let identity = identity.clone();
        async move {
            let Ok(mut stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            loop {
                attack.begins();
                match wire::call(&mut stream, "GET", &status_path(&attack.about), &[], &[]).await {
                    Ok(reply) if reply.status == 200 => attack.is_served(),
                    Ok(_) => {
                        attack.is_refused();
                        tokio::time::sleep(PAUSE).await;
                    }
                    Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}

/// Orders reports on many streams, over and over.
pub(super) async fn order_reports(attack: &Arc<Attack>, window: u32) -> Result<(), Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let request = ReportRequest {
        account: tdam::generate::DEBTOR_ACCOUNT.parse().map_err(|error| format!("{error:?}"))?,
        report: MessageType::Camt052V08,
        from: day,
        to: day,
        direction: None,
        message_id: "ATTACK-REPORT".to_owned(),
        created: format!("{day}T09:00:00").parse().map_err(|error| format!("{error:?}"))?,
        sender: "Daugavas novada pašvaldība".to_owned(),
    };
    let xml = Arc::new(request.to_xml()?);
    let identity = attack.identity(Speaks::Http2, ATTACKER_ADDRESS)?;
    hold(attack, move |attack, _| {
        let (identity, xml) = (identity.clone(), Arc::clone(&xml));
        async move {
            let Ok(stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            let Ok(mut connection) = Connection::begin(stream, window).await else { return };
            if connection.allow(window / 2).await.is_err() {
                return attack.is_refused();
            }
            let fields = [("content-type", "application/xml")];
            for _ in 0..STREAMS {
                attack.begins();
                if connection.request("POST", protocol::routes::REPORTS, &fields, &xml).await.is_err() {
                    return attack.is_refused();
                }
            }
            loop {
                match connection.event().await {
                    Ok(Event::Data(bytes)) => {
                        if bytes > 0 && connection.allow(bytes).await.is_err() {
                            return attack.is_refused();
                        }
                    }
                    Ok(Event::Ended { is_good }) => {
                        if is_good {
                            attack.is_served()
                        } else {
                            attack.is_refused()
                        }
                        attack.begins();
                        if connection.request("POST", protocol::routes::REPORTS, &fields, &xml).await.is_err() {
                            return attack.is_refused();
                        }
                    }
                    Ok(Event::Other) => {}
                    Ok(Event::Goodbye) | Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}

/// Pays, one payment in a message, each connection when the one before is answered.
pub(super) async fn pay(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    let number = Arc::new(AtomicU32::new(0));
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    hold(attack, move |attack, _| {
        let (identity, number) = (identity.clone(), Arc::clone(&number));
        async move {
            let Ok(mut stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            loop {
                let number = number.fetch_add(1, Ordering::Relaxed);
                let mut batch = PaymentBatch::new(1, (1 << 34) + u64::from(number), day);
                batch.message_id = format!("GREEDY-{number}");
                let mut xml = Vec::new();
                if batch.write(&mut xml).is_err() {
                    return;
                }
                attack.begins();
                let fields = [("content-type", "application/xml")];
                match wire::call(&mut stream, "POST", protocol::routes::PAYMENTS, &fields, &xml).await {
                    Ok(reply) if reply.status == 200 => attack.is_served(),
                    Ok(_) => {
                        attack.is_refused();
                        tokio::time::sleep(PAUSE).await;
                    }
                    Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}
