//! Small requests in one process: the exchange on SQLite, and HTTP on a pipe instead of TLS and the network. So
//! callgrind counts what the program itself does for a request.
//!
//! The reading of an answer's bytes is counted too; the background work, which executes messages, does not run.

use std::error::Error;
use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use exchange::{AccessMode, Exchange, Fingerprint, SystemClock};
use iso20022::MessageType;
use iso20022::pain001::{Item, Reader};
use jiff::civil::{Date, time};
use protocol::routes;
use rulebook::{CheckContext, Checker, Guideline};
use server::{ClientStreams, Limits, StreamPeer};
use tdam::configuration::Configuration;
use tdam::generate::PaymentBatch;
use tdam::installation::{self, Folder, Site};
use tokio::io::{AsyncWriteExt as _, DuplexStream};
use tokio::sync::watch;

use crate::attack::failed::Failed;
use crate::attack::wire;

/// Room in the pipe: a request and its answer never wait for it.
const PIPE_BYTES: usize = 1 << 20;
/// The message whose status is asked for.
const FIRST: u32 = 0;

/// What is done again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Request {
    /// Reads a message of one payment, by schema and guideline; no exchange.
    Judge,
    /// Submits it.
    Submit,
    /// Asks for its status.
    Status,
    /// Asks for a heartbeat.
    Heartbeat,
}

/// A pass. For the benchmarks only.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    request: Request,
    /// An installation, and a folder of messages.
    place: PathBuf,
    /// How often.
    #[arg(long)]
    count: u32,
}

/// Makes an installation, and such a number of messages and one more.
pub(super) async fn prepare(place: &Path, count: u32) -> Result<(), Failed> {
    let day = tdam::serving::first_business_day(&Guideline::latvia());
    let nowhere = ([127, 0, 0, 1], 0).into();
    let site = Site { is_sandbox: true, ..Site::new(nowhere, None) };
    installation::create(Folder::new(place.join("world")), &installation::SANDBOX.parse()?, &site, day).await?;
    fs::create_dir(place.join("messages"))?;
    for number in 0..=count {
        let mut batch = PaymentBatch::new(1, u64::from(number), day);
        batch.message_id = message_id(number);
        batch.write(fs::File::create(message(place, number))?)?;
    }
    Ok(())
}

fn message_id(number: u32) -> String {
    format!("SMALL-{number:06}")
}

fn message(place: &Path, number: u32) -> PathBuf {
    place.join("messages").join(number.to_string())
}

/// The command for a pass over a place, in a process of its own.
pub(super) fn command(request: Request, place: &Path, count: u32) -> Result<Command, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let request = request.to_possible_value().ok_or("a request without a name")?;
    command.args(["bench", "exchange-pass", request.get_name()]).arg(place).args(["--count", &count.to_string()]);
    command.stdin(Stdio::null());
    Ok(command)
}

/// Runs the pass.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let mut messages = 1..=arguments.count;
    if arguments.request == Request::Judge {
        let day = tdam::serving::first_business_day(&Guideline::latvia());
        let guideline = Guideline::latvia();
        return messages.try_for_each(|number| judge(&fs::read(message(&arguments.place, number))?, &guideline, day));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = connect(&arguments.place).await?;
        // The first message makes everything warm, and its status is asked for.
        submit(&mut stream, &message(&arguments.place, FIRST)).await?;
        let status = format!("{}?{}={}", routes::PAYMENTS, routes::MSG_ID, message_id(FIRST));
        for number in messages {
            match arguments.request {
                Request::Judge => {}
                Request::Submit => submit(&mut stream, &message(&arguments.place, number)).await?,
                Request::Status => get(&mut stream, &status).await?,
                Request::Heartbeat => get(&mut stream, routes::HEARTBEAT).await?,
            }
        }
        Ok(())
    })
}

/// As the exchange does it: one pass by schema and guideline.
fn judge(xml: &[u8], guideline: &Guideline, business_day: Date) -> Result<(), Failed> {
    let message_type = MessageType::Pain001V09;
    let context = CheckContext {
        business_day,
        received_at: business_day.to_datetime(time(10, 0, 0, 0)),
        message_type,
        hash_key: 0,
    };
    let mut checker = Checker::new(guideline, context);
    let mut reader = Reader::new(message_type, xml, xsd::Bounds::default());
    let mut found: Vec<rulebook::Finding> = Vec::new();
    while let Some(item) = reader.next()? {
        match item {
            Item::GroupHeader(header) => checker.group_header(&header, &mut found),
            Item::PaymentInformation(block) => drop(checker.payment_information(&block, &mut found)),
            Item::CreditTransfer(payment) => drop(checker.credit_transfer(&payment, &mut found)),
            Item::EndOfPaymentInformation { .. } => drop(checker.end_of_payment_information(&mut found)),
        }
    }
    let totals = checker.end_of_message(&mut found);
    if totals.payments == 1 && found.is_empty() && reader.findings().is_empty() {
        return Ok(());
    }
    Err(format!("{found:?} {:?}", reader.findings()).into())
}

/// A connection of an online user who may pay, on a pipe.
async fn connect(place: &Path) -> Result<DuplexStream, Failed> {
    let folder = Folder::new(place.join("world"));
    let configuration = Configuration::read(&folder.configuration())?;
    let mut settings = configuration.exchange_settings();
    settings.is_sandbox = true;
    settings.business_time = Some(time(10, 0, 0, 0));
    let exchange = Exchange::new(configuration.open_store().await?, settings, Arc::new(SystemClock));
    exchange.prove_health().await;
    let certificate = Some(payer(&exchange).await?.0);
    let peer = StreamPeer { address: IpAddr::V4(Ipv4Addr::LOCALHOST), certificate, is_http2: false };
    let streams = ClientStreams::new(exchange, Limits::default(), folder.data());
    let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(async move {
        // The connection ends with the process.
        let _stop = stop;
        streams.serve(theirs, peer, stopping).await
    });
    Ok(ours)
}

/// The certificate of somebody who may pay.
pub(super) async fn payer(exchange: &Exchange) -> Result<Fingerprint, Failed> {
    let operator = exchange.operator();
    for client in operator.clients().await? {
        for user in operator.online_users(client.id).await? {
            if user.mode == AccessMode::Manage
                && let Some(certificate) = operator.certificates(user.id).await?.first()
            {
                return Ok(certificate.fingerprint);
            }
        }
    }
    Err("nobody may pay".into())
}

async fn submit(stream: &mut DuplexStream, message: &Path) -> Result<(), Failed> {
    let body = fs::read(message)?;
    let length = body.len().to_string();
    let fields = [("content-type", "application/xml"), ("content-length", length.as_str())];
    let mut bytes = wire::head("POST", routes::PAYMENTS, &fields);
    bytes.extend_from_slice(&body);
    answered(stream, &bytes, b"<GrpSts>ACCP</GrpSts>").await
}

async fn get(stream: &mut DuplexStream, path: &str) -> Result<(), Failed> {
    answered(stream, &wire::head("GET", path, &[]), b"").await
}

/// Sends a request and wants an answer with these bytes in it.
async fn answered(stream: &mut DuplexStream, bytes: &[u8], wanted: &[u8]) -> Result<(), Failed> {
    stream.write_all(bytes).await?;
    let reply = wire::read(stream).await?;
    let has_wanted = wanted.is_empty() || reply.body.windows(wanted.len()).any(|some| some == wanted);
    if reply.status == 200 && has_wanted { Ok(()) } else { Err(format!("{}\n{}", reply.head, reply.text()).into()) }
}
