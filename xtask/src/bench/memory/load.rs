//! The work under which the server's memory is watched.

use std::fs;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use client::{Body, Client, SendOptions, Sent};
use iso20022::MessageType;
use jiff::civil::Date;
use tdam::generate::{PaymentBatch, ReportRequest};
use tokio::task::JoinSet;

use super::super::server::settled;
use crate::attack::failed::Failed;

/// The account that all messages debit, and reports are about.
const ACCOUNT: &str = "LV68TREL1000000001001";
/// Time for the server to answer a large message.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(3600);

/// Sends a large message, and waits until the server has executed and settled all of it.
pub(super) async fn send_large(
    client: &Client,
    place: &Path,
    number: u32,
    payments: u32,
    day: Date,
) -> Result<(), Failed> {
    let file = place.join("large.xml");
    let mut batch = PaymentBatch::new(payments, u64::from(number), day);
    batch.message_id = format!("LARGE-{number}");
    batch.write(BufWriter::new(fs::File::create(&file)?))?;
    send(client, Body::file(&file)).await?;
    fs::remove_file(&file)?;
    settled(client, &batch.message_id).await
}

async fn send(client: &Client, body: Body) -> Result<(), Failed> {
    match client.send_payments(body, SendOptions::default().wait(ANSWER_TIME_MAX)).await? {
        Sent::Answer(answer) if String::from_utf8_lossy(&answer.xml).contains("<GrpSts>ACCP</GrpSts>") => Ok(()),
        other => Err(format!("not accepted: {other:?}").into()),
    }
}

/// Sends messages of one payment, from several connections at once, each after the answer to the one before.
pub(super) async fn send_small(clients: &[Client], first: u32, count: u32, day: Date) -> Result<(), Failed> {
    let next = Arc::new(AtomicU32::new(first));
    let mut senders = JoinSet::new();
    for client in clients {
        let (client, next) = (client.clone(), Arc::clone(&next));
        senders.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= first + count {
                    return Ok(());
                }
                // Seeds of their own, apart from those of the large messages.
                let mut batch = PaymentBatch::new(1, (1 << 32) + u64::from(number), day);
                batch.message_id = format!("SMALL-{number}");
                let mut xml = Vec::new();
                batch.write(&mut xml)?;
                send(&client, Body::bytes(xml)).await?;
            }
        });
    }
    while let Some(sent) = senders.join_next().await {
        let sent: Result<(), Failed> = sent?;
        sent?;
    }
    Ok(())
}

/// Asks for a report of the day and reads its first entries, page after page. Returns how many it read.
pub(super) async fn read_report(client: &Client, number: u32, entries: u32, day: Date) -> Result<u32, Failed> {
    let request = ReportRequest {
        account: ACCOUNT.parse()?,
        report: MessageType::Camt052V08,
        from: day,
        to: day,
        direction: None,
        message_id: format!("REPORT-{number}"),
        created: format!("{day}T09:00:00").parse()?,
        sender: "Daugavas novada pašvaldība".to_owned(),
    };
    let mut pages = client.request_report(Body::bytes(request.to_xml()?), None).await?;
    let mut read = 0;
    while let Some(page) = pages.next().await? {
        let xml = page.document.bytes().await?;
        read += u32::try_from(xml.windows(5).filter(|bytes| bytes == b"<Ntry").count())?;
        if read >= entries {
            break;
        }
    }
    Ok(read)
}
