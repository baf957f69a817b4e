//! The client library of the exchange, for those who connect an accounting system written in Rust.
//!
//! It is part of this repository because we must use what we hand out: the command line and the demonstration use
//! nothing else. The libraries for other languages speak the same protocol and offer the same calls.
//!
//! It handles for its user: mutual TLS with one trusted authority, streaming of files of any size, time limits
//! everywhere, and retries that cannot double a payment (the exchange answers the same bytes with the same answer).
//!
//! ```no_run
//! use client::{Body, Client, Identity, SendOptions, Sent};
//!
//! # async fn example() -> Result<(), client::Error> {
//! let client = Client::builder()
//!     .url("https://localhost:8443")
//!     .certificate_authority_file("ca.pem")
//!     .identity(Identity::pem_files("certificate.pem", "key.pem"))
//!     .build()?;
//!
//! match client.send_payments(Body::file("payments.xml"), SendOptions::default()).await {
//!     Ok(Sent::Answer(answer)) => println!("{}", String::from_utf8_lossy(&answer.xml)),
//!     Ok(Sent::InProgress(later)) => println!("received; ask at {}", later.location),
//!     Err(error) if error.is_unauthorised() => eprintln!("who are we? {error}"),
//!     Err(error) => match error.is_refused() {
//!         Some(problem) => eprintln!("{} {}", problem.code, problem.title),
//!         None => eprintln!("{error}"),
//!     },
//! }
//! # Ok(())
//! # }
//! ```

mod balances;
mod body;
pub mod bounds;
mod builder;
mod call;
mod cancel;
mod certificate;
mod clock_skew;
mod connection;
mod document;
mod enrol;
mod error;
mod forward;
mod identity;
mod inflate;
mod key_store;
mod limits;
mod live;
mod log;
mod lookups;
mod new_key;
pub mod operator;
mod renew;
mod report;
mod retry;
mod send;
mod signer;
mod swap;
mod tls;
mod warnings;

pub use balances::{BalanceCheck, Unbalanced};
pub use body::Body;
pub use builder::ClientBuilder;
pub use cancel::Cancellation;
pub use connection::Client;
pub use document::Document;
pub use enrol::{EnrolledFiles, NewIdentity};
pub use error::{Error, ErrorKind};
pub use forward::{Forward, Forwarded};
pub use identity::Identity;
pub use log::Event;
pub use new_key::KeyKind;
pub use operator::Operator;
pub use renew::Renewed;
pub use report::{ReportPage, ReportPages};
pub use retry::Retries;
pub use send::{Answer, InProgress, SendOptions, Sent};
pub use signer::{RequestSigner, SignedFields};

/// The types of answers about payments, accounts and errors.
pub use protocol::{
    AccountList, AccountOverview, BlockOverview, CallerOverview, CancellationAnswer, CatalogueEntry, EndWarning,
    ErrorCatalogue, Heartbeat, MessageOverview, NotCancelled, PaymentRefusal, Problem, ProblemFinding, QuotaHolder,
    QuotaLeft, Quotas, ReasonText, SignatureCheck, SignatureStep, StatusCount, Warning,
};

/// A language of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Latvian.
    Latvian,
    /// English.
    #[default]
    English,
}

impl Language {
    /// `lv` or `en`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Language::Latvian => "lv",
            Language::English => "en",
        }
    }
}
