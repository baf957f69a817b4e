//! Calls that only read: status, accounts, connection, catalogue.

use protocol::{AccountList, ErrorCatalogue, Heartbeat, MessageOverview, Quotas, SignatureCheck, media, routes};

use crate::call::Call;
use crate::send::ACCEPT_MESSAGE;
use crate::{Body, Client, Document, Error, Language};

impl Client {
    /// The status of a message now, as pain.002 with every refused payment; RCVD while it is still being checked.
    ///
    /// # Errors
    /// [`Error::is_refused`] with status 404 when the client never sent a message with this `MsgId`.
    pub async fn status(&self, message_id: &str) -> Result<Document, Error> {
        let call = Call::get(self.resolve(&routes::status_of_message(message_id))?, ACCEPT_MESSAGE);
        Ok(self.call(&call).await?.document)
    }

    /// The status of a message now, as an overview: counts, blocks, and refused payments up to a bound.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let overview = client.status_overview("MSG-2026-11-23", Some(client::Language::English)).await?;
    /// println!("{}: {} of {} refused", overview.status, overview.refused_total, overview.number_of_transactions);
    /// for refusal in &overview.refused {
    ///     println!("line {:?}: {:?} {}", refusal.line, refusal.end_to_end_id, refusal.reason.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::status`].
    pub async fn status_overview(
        &self,
        message_id: &str,
        language: Option<Language>,
    ) -> Result<MessageOverview, Error> {
        let mut call = Call::get(self.resolve(&routes::status_of_message(message_id))?, media::JSON);
        call.language = language;
        self.json(call).await
    }

    /// The accounts that the online user may see, with their balances now.
    ///
    /// # Errors
    /// As any call.
    pub async fn accounts(&self) -> Result<AccountList, Error> {
        self.json(Call::get(self.resolve(routes::ACCOUNTS)?, media::JSON)).await
    }

    /// Am I connected, as whom, and until when: ends of certificate and registration. Ask daily and warn your people early.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let heartbeat = client.heartbeat().await?;
    /// if heartbeat.caller.certificate_days_left < 30 {
    ///     eprintln!("renew the certificate of {}", heartbeat.caller.online_user);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As any call.
    pub async fn heartbeat(&self) -> Result<Heartbeat, Error> {
        self.json(Call::get(self.resolve(routes::HEARTBEAT)?, media::JSON)).await
    }

    /// What is left of the quotas of the online user and of the address, on the node that answers. Asking takes nothing from them.
    ///
    /// Other calls need not ask first: one that a quota refuses waits as long as the exchange says and is made again.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let quotas = client.quotas().await?;
    /// if let Some(requests) = quotas.online_user.requests {
    ///     println!("{} requests left, all {} in {} s", requests.left, requests.burst, requests.full_in_seconds);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As any call.
    pub async fn quotas(&self) -> Result<Quotas, Error> {
        self.json(Call::get(self.resolve(routes::QUOTAS)?, media::JSON)).await
    }

    /// Is my signature right? The exchange says step by step how it judges the signature over this body, what it takes for signed, and
    /// what is different. It keeps nothing and executes nothing.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client) -> Result<(), client::Error> {
    /// let check = client.check_signature(client::Body::file("payments.xml"), None).await?;
    /// for step in check.steps.iter().filter(|step| !step.passed) {
    ///     println!("{}: {}", step.step, step.detail);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As any call. A wrong signature is none: the answer says so.
    pub async fn check_signature(&self, body: Body, language: Option<Language>) -> Result<SignatureCheck, Error> {
        let mut call = Call::post(self.resolve(routes::SIGNATURE_CHECK)?, media::JSON, &body);
        call.is_submission = true;
        call.language = language;
        self.json(call).await
    }

    /// The catalogue of errors, both languages.
    ///
    /// # Errors
    /// As any call.
    pub async fn errors(&self) -> Result<ErrorCatalogue, Error> {
        self.json(Call::get(self.resolve(routes::ERRORS)?, media::JSON)).await
    }
}
