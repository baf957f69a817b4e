//! The exchange: one value that the layers above hold, and the use cases they can call.

use std::sync::Arc;
use std::time::Duration;

use payments::MessageId;
use rulebook::catalogue::Code;
use store::Store;
use tokio::sync::watch;

use crate::{
    AccountOverview, Caller, Clock, Failure, Heartbeat, Intake, MessageOverview, Operator, Presented, Received,
    ReportHandle, ReportPage, Settings, StatusAnswer, SubmitOptions, Submitted,
};

/// The exchange. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Exchange {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
}

fn not_available<T>() -> Result<T, Failure> {
    Err(Failure::new(Code::Unavailable))
}

impl Exchange {
    /// An exchange over a store. Nothing happens in the background until [`Exchange::work`] runs.
    #[must_use]
    pub fn new(store: Store, settings: Settings, clock: Arc<dyn Clock>) -> Exchange {
        Exchange { inner: Arc::new(Inner { store, settings, clock }) }
    }

    /// Who is asking. To be called on every request: an open connection or a resumed session outlives a revocation.
    ///
    /// # Errors
    /// When the certificate is unknown, revoked or outside its validity, the registration has ended, or the address
    /// is not one of those allowed. Refusals leave an audit line.
    pub async fn authorise(&self, presented: &Presented) -> Result<Caller, Failure> {
        let _ = presented;
        not_available()
    }

    /// Begins to take in a body.
    ///
    /// # Errors
    /// When the store cannot take one now.
    pub fn intake(&self, caller: &Caller) -> Result<Intake, Failure> {
        let _ = caller;
        not_available()
    }

    /// Submits a pain.001. The same bytes from the same online user get the same answer, byte for byte.
    ///
    /// # Errors
    /// When the caller may not pay, the message is not schema-valid, or its `MsgId` was used for another one.
    pub async fn submit(
        &self,
        caller: &Caller,
        received: Received,
        options: SubmitOptions,
    ) -> Result<Submitted, Failure> {
        let _ = (caller, received, options);
        not_available()
    }

    /// What became of a submission of this client that was still in progress.
    ///
    /// # Errors
    /// When there is none, or it became no message: then with the reason.
    pub async fn outcome(&self, caller: &Caller, submission: MessageId, wait: Duration) -> Result<Submitted, Failure> {
        let _ = (caller, submission, wait);
        not_available()
    }

    /// A pain.002 that says how the message with this `MsgId` stands now.
    ///
    /// # Errors
    /// When this client has no such message.
    pub async fn status(&self, caller: &Caller, message_id: &str) -> Result<StatusAnswer, Failure> {
        let _ = (caller, message_id);
        not_available()
    }

    /// How the message with this `MsgId` stands now, as values.
    ///
    /// # Errors
    /// When this client has no such message.
    pub async fn status_overview(&self, caller: &Caller, message_id: &str) -> Result<MessageOverview, Failure> {
        let _ = (caller, message_id);
        not_available()
    }

    /// Orders the reports that a camt.060 asks for; each is fixed at this moment.
    ///
    /// # Errors
    /// When the message is not schema-valid, or a report cannot be given; then none is.
    pub async fn order_reports(&self, caller: &Caller, received: Received) -> Result<Vec<ReportHandle>, Failure> {
        let _ = (caller, received);
        not_available()
    }

    /// A page of a report, from 1.
    ///
    /// # Errors
    /// When this online user has no such report, or it has fewer pages.
    pub async fn report_page(&self, caller: &Caller, report: i64, page: u32) -> Result<ReportPage, Failure> {
        let _ = (caller, report, page);
        not_available()
    }

    /// The accounts that the caller may see.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<AccountOverview>, Failure> {
        let _ = caller;
        not_available()
    }

    /// Whether the caller is connected, and for how long it will be.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn heartbeat(&self, caller: &Caller) -> Result<Heartbeat, Failure> {
        let _ = caller;
        not_available()
    }

    /// Works in the background until `stop` becomes true: answers what a restart left unanswered, executes what is
    /// due, dispatches and settles. What it has begun it finishes.
    pub async fn work(&self, mut stop: watch::Receiver<bool>) {
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// What the Treasury's staff may do.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator { exchange: self.clone() }
    }
}
