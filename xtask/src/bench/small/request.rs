//! The small requests that are measured, as bytes.

use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum;
use client::RequestSigner;
use jiff::civil::Date;
use protocol::routes;
use tdam::generate::PaymentBatch;

use super::plan::Payer;
use crate::attack::failed::Failed;
use crate::attack::wire::{self, Reply};

/// Numbers of messages; no other message of the run has the same.
static NUMBER: AtomicU32 = AtomicU32::new(0);
/// Seeds apart from those of large messages.
const SEEDS: u64 = 1 << 32;
/// What an accepted message is answered with.
const ACCEPTED: &[u8] = b"<GrpSts>ACCP</GrpSts>";

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// `GET /v1/heartbeat`.
    Heartbeat,
    /// The status of a settled message of one payment, as a pain.002.
    Status,
    /// A message of one payment.
    One,
    /// The same, signed; beside `one` in the same run it shows what a signature costs.
    Signed,
    /// A message of fifty payments.
    Fifty,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Heartbeat => "heartbeat",
            Kind::Status => "status",
            Kind::One => "one payment",
            Kind::Signed => "one, signed",
            Kind::Fifty => "fifty payments",
        }
    }

    fn payments(self) -> u32 {
        match self {
            Kind::Heartbeat | Kind::Status => 0,
            Kind::One | Kind::Signed => 1,
            Kind::Fifty => 50,
        }
    }

    /// Whether it is a message that is carried out afterwards.
    pub(super) fn pays(self) -> bool {
        self.payments() > 0
    }
}

/// Requests of one connection: each differs from all others, where it pays.
#[derive(Debug)]
pub(super) enum Requests {
    /// The same each time.
    Same(Vec<u8>),
    /// Message after message, signed where there is a signer.
    Messages(Box<PaymentBatch>, Option<RequestSigner>),
}

impl Requests {
    /// `message_id`: a settled message of the payer.
    pub(super) fn of(kind: Kind, payer: &Payer, message_id: &str, day: Date, signer: RequestSigner) -> Requests {
        match kind {
            Kind::Heartbeat => Requests::Same(wire::head("GET", routes::HEARTBEAT, &[])),
            Kind::Status => {
                let path = format!("{}?{}={message_id}", routes::PAYMENTS, routes::MSG_ID);
                Requests::Same(wire::head("GET", &path, &[]))
            }
            Kind::One | Kind::Signed | Kind::Fifty => {
                let mut batch = PaymentBatch::new(kind.payments(), 0, day);
                payer.pays(&mut batch);
                Requests::Messages(Box::new(batch), Some(signer).filter(|_| kind == Kind::Signed))
            }
        }
    }

    /// The next one, in one piece, as most libraries send a small message; and its `MsgId`.
    pub(super) fn next(&mut self) -> Result<(Vec<u8>, Option<String>), Failed> {
        match self {
            Requests::Same(bytes) => Ok((bytes.clone(), None)),
            Requests::Messages(batch, signer) => {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                batch.seed = SEEDS + u64::from(number);
                batch.message_id = format!("SMALL-{number}");
                let mut xml = Vec::new();
                batch.write(&mut xml)?;
                let length = xml.len().to_string();
                let mut fields = vec![("content-type", "application/xml"), ("content-length", length.as_str())];
                let signed = signer
                    .as_ref()
                    .map(|signer| signer.sign("POST", wire::HOST, routes::PAYMENTS, &xml))
                    .transpose()?;
                if let Some(signed) = &signed {
                    fields.push(("content-digest", &signed.content_digest));
                    fields.push(("signature-input", &signed.signature_input));
                    fields.push(("signature", &signed.signature));
                }
                let mut bytes = wire::head("POST", routes::PAYMENTS, &fields);
                bytes.append(&mut xml);
                Ok((bytes, Some(batch.message_id.clone())))
            }
        }
    }

    /// Refuses an answer that is not the one that the request is for.
    pub(super) fn check(&self, reply: &Reply) -> Result<(), Failed> {
        let is_accepted = || reply.body.windows(ACCEPTED.len()).any(|some| some == ACCEPTED);
        match self {
            Requests::Same(_) if reply.status == 200 => Ok(()),
            Requests::Messages(..) if reply.status == 200 && is_accepted() => Ok(()),
            _ => Err(format!("not the answer that was wanted: {}\n{}", reply.head, reply.text()).into()),
        }
    }
}
