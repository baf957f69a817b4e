//! Another client that sends one payment after the other during an attack, half of them on a lasting connection and
//! half on new ones; and monitoring, which asks for health.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tdam::generate::{PayeeAccount, PaymentBatch};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::failed::Failed;
use super::server::{self, Installation, VICTIM, VICTIM_ADDRESS};
use super::wire::{self, Identity, Reply, Speaks};

/// How long an answer is waited for; what takes longer is counted as none.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// Between two payments.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two questions for health.
const HEALTH_PAUSE: Duration = Duration::from_millis(250);
const ACCOUNT: &str = "LV42TREL2000000002001";
pub(super) const PAYEE: &str = "LV16TREL3000000003001";
/// Seeds of the victim's payments; no other message has them.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// The result of one payment.
#[derive(Clone, Debug)]
pub(super) enum Heard {
    Answered,
    /// Any status but 200, or an answer that is no acceptance.
    Refused(String),
    /// No connection, a lost one, or nothing in time.
    Nothing(String),
}

/// A payment that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) heard: Heard,
    pub(super) took: Duration,
    message: Vec<u8>,
    answer: Vec<u8>,
}

/// The observations of the victim and of monitoring.
#[derive(Debug, Default)]
pub(super) struct Watched {
    pub(super) sent: Vec<Sent>,
    /// Answers of health: status, text, how long each took. 0 stands for no answer.
    pub(super) health: Vec<(u16, String, Duration)>,
}

/// A victim at work.
pub(super) struct Victim {
    stop: Arc<AtomicBool>,
    sender: JoinHandle<Result<Vec<Sent>, String>>,
    monitor: JoinHandle<Vec<(u16, String, Duration)>>,
}

/// A message with one new payment.
pub(super) fn one_payment() -> Result<Vec<u8>, Failed> {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let mut batch = PaymentBatch::new(1, (1 << 33) + u64::from(number), day);
    batch.message_id = format!("VICTIM-{}-{number}", std::process::id());
    batch.initiating_party = "Vidzemes skolu pārvalde".to_owned();
    batch.debtor_accounts = vec![ACCOUNT.parse().map_err(|error| format!("{error:?}"))?];
    batch.payee_accounts = vec![PAYEE.parse::<PayeeAccount>()?];
    let mut xml = Vec::new();
    batch.write(&mut xml)?;
    Ok(xml)
}

/// Posts a message.
pub(super) async fn post(stream: &mut TlsStream<TcpStream>, message: &[u8]) -> Result<Reply, Failed> {
    wire::call(stream, "POST", protocol::routes::PAYMENTS, &[("content-type", "application/xml")], message).await
}

impl Victim {
    pub(super) fn begin(installation: &Installation) -> Result<Victim, Failed> {
        let stop = Arc::new(AtomicBool::new(false));
        let identity = installation.identity(VICTIM, Speaks::Http1, VICTIM_ADDRESS)?;
        let (secure, plain) = (installation.secure, installation.plain);
        let sender = thread::spawn({
            let stop = Arc::clone(&stop);
            move || send_until(&stop, &identity, secure).map_err(|error| error.to_string())
        });
        let monitor = thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                let mut seen = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let (status, text) = server::health(plain).unwrap_or_default();
                    seen.push((status, text, begun.elapsed()));
                    thread::sleep(HEALTH_PAUSE);
                }
                seen
            }
        });
        Ok(Victim { stop, sender, monitor })
    }

    /// Ends, after the payment under way.
    pub(super) fn end(self) -> Result<Watched, Failed> {
        self.stop.store(true, Ordering::Relaxed);
        let sent = self.sender.join().map_err(|_| "the victim panicked")??;
        let health = self.monitor.join().map_err(|_| "the monitor panicked")?;
        Ok(Watched { sent, health })
    }
}

fn send_until(stop: &AtomicBool, identity: &Identity, to: SocketAddr) -> Result<Vec<Sent>, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut sent, mut kept) = (Vec::new(), None);
        while !stop.load(Ordering::Relaxed) {
            // Every other one on a new connection.
            let mut stream = if sent.len() % 2 == 0 { None } else { kept.take() };
            sent.push(send(&mut stream, identity, to).await?);
            kept = stream.or(kept);
            tokio::time::sleep(PAUSE).await;
        }
        Ok(sent)
    })
}

/// Sends one payment; on a new connection when there is none.
async fn send(stream: &mut Option<TlsStream<TcpStream>>, identity: &Identity, to: SocketAddr) -> Result<Sent, Failed> {
    let message = one_payment()?;
    let begun = Instant::now();
    let work = async {
        let mut open = match stream.take() {
            Some(open) => open,
            None => identity.connect(to).await?,
        };
        let reply = post(&mut open, &message).await?;
        *stream = Some(open);
        Ok::<_, Failed>(reply)
    };
    let outcome = tokio::time::timeout(ANSWER_TIME_MAX, work).await;
    let took = begun.elapsed();
    let mut answer = Vec::new();
    let heard = match outcome {
        Ok(Ok(reply)) if reply.status == 200 && reply.text().contains("<GrpSts>ACCP</GrpSts>") => {
            answer = reply.body;
            Heard::Answered
        }
        Ok(Ok(reply)) if reply.status == 200 => Heard::Refused(format!("not accepted: {}", shortened(&reply.text()))),
        Ok(Ok(reply)) => Heard::Refused(reply.short()),
        Ok(Err(error)) => Heard::Nothing(shortened(&error.to_string())),
        Err(_) => Heard::Nothing(format!("nothing within {} s", ANSWER_TIME_MAX.as_secs())),
    };
    Ok(Sent { heard, took, message, answer })
}

fn shortened(text: &str) -> String {
    text.chars().take(100).collect()
}

impl Watched {
    /// Adds later observations.
    pub(super) fn add(&mut self, later: Watched) {
        self.sent.extend(later.sent);
        self.health.extend(later.health);
    }

    pub(super) fn answered(&self) -> usize {
        self.sent.iter().filter(|sent| matches!(sent.heard, Heard::Answered)).count()
    }

    /// The first refused or lost payments.
    pub(super) fn missed(&self) -> Vec<String> {
        let missed = self.sent.iter().filter_map(|sent| match &sent.heard {
            Heard::Answered => None,
            Heard::Refused(why) | Heard::Nothing(why) => Some(why.clone()),
        });
        missed.collect()
    }

    /// A percentile of all times, of payments without answer too.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let mut times: Vec<Duration> = self.sent.iter().map(|sent| sent.took).collect();
        times.sort_unstable();
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default()
    }

    /// How many of the last answers the server repeats unchanged; and the others.
    pub(super) fn repeated(&self, installation: &Installation) -> Result<(usize, Vec<String>), Failed> {
        const LOOKED_AT_MAX: usize = 20;
        let identity = installation.identity(VICTIM, Speaks::Http1, VICTIM_ADDRESS)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let answered = self.sent.iter().filter(|sent| matches!(sent.heard, Heard::Answered));
        let chosen: Vec<&Sent> = answered.rev().take(LOOKED_AT_MAX).collect();
        runtime.block_on(async {
            let (mut same, mut others) = (0, Vec::new());
            let mut stream = identity.connect(installation.secure).await?;
            for sent in chosen {
                let reply = post(&mut stream, &sent.message).await?;
                if reply.status == 200 && reply.body == sent.answer {
                    same += 1;
                } else {
                    others.push(format!("answered again: {}", reply.short()));
                }
            }
            Ok((same, others))
        })
    }
}
