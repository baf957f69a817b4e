//! Calls of the Treasury's operators, with the certificate of a person.
//!
//! An act is no repeatable message: a lost answer may be one of an act that happened. So these calls are made once, and the
//! next look at the application tells.

use protocol::applications::{
    ActAnswer, ApplicationContent, ApplicationDetail, ApplicationList, ApprovalForm, EnrolmentCodeAnswer, PersonList,
    RejectionForm, VerificationForm,
};
use protocol::limits::LimitList;
use protocol::{media, routes};
use serde::Serialize;

use crate::call::Call;
use crate::{Body, Client, Document, Error, Language, Retries};

/// The operators' side of an exchange; made by [`Client::operator`].
#[derive(Clone, Debug)]
pub struct Operator {
    client: Client,
    language: Option<Language>,
    trial: bool,
}

/// Which applications to list.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilter {
    /// In this state only.
    pub state: Option<String>,
    /// Of this kind only.
    pub kind: Option<String>,
    /// Of the client with this number only.
    pub client: Option<i64>,
    /// The page before this application.
    pub before: Option<i64>,
}

impl Client {
    /// The operators' side; the identity of the client is that of a person.
    #[must_use]
    pub fn operator(self) -> Operator {
        Operator { client: self.repeating(Retries::none()), language: None, trial: false }
    }
}

impl Operator {
    /// The same, with problems in a language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Operator {
        Operator { language: Some(language), ..self }
    }

    /// The same, whose acts are only tried: the exchange says what would come of them, and changes nothing.
    #[must_use]
    pub fn on_trial(self, trial: bool) -> Operator {
        Operator { trial, ..self }
    }

    /// Applications, newest first, a page of them.
    ///
    /// # Errors
    /// As any call.
    pub async fn applications(&self, filter: &ApplicationFilter) -> Result<ApplicationList, Error> {
        let mut target = self.client.resolve(routes::APPLICATIONS)?;
        {
            let mut query = target.query_pairs_mut();
            for (name, value) in [
                (routes::STATE, filter.state.clone()),
                (routes::KIND, filter.kind.clone()),
                (routes::CLIENT, filter.client.map(|client| client.to_string())),
                (routes::BEFORE, filter.before.map(|before| before.to_string())),
            ] {
                if let Some(value) = value {
                    query.append_pair(name, &value);
                }
            }
        }
        self.client.json(self.get(target, media::JSON)).await
    }

    /// An application with all that a decision about it needs.
    ///
    /// # Errors
    /// [`Error::is_refused`] with status 404 when there is no such application.
    pub async fn application(&self, id: i64) -> Result<ApplicationDetail, Error> {
        let target = self.client.resolve(&routes::of_application(routes::APPLICATION, id))?;
        self.client.json(self.get(target, media::JSON)).await
    }

    /// Enters an application, as a draft.
    ///
    /// # Errors
    /// As any call; [`Error::is_refused`] with status 422 when the content breaks a rule.
    pub async fn enter(&self, content: &ApplicationContent, applicant: Option<i64>) -> Result<ActAnswer, Error> {
        let query = applicant.map(|applicant| (routes::APPLICANT, applicant.to_string()));
        self.act(routes::APPLICATIONS, query, Some(json(content)?)).await
    }

    /// Changes the content of a draft.
    ///
    /// # Errors
    /// As [`Operator::enter`].
    pub async fn rewrite(&self, id: i64, content: &ApplicationContent) -> Result<ActAnswer, Error> {
        let path = routes::of_application(routes::APPLICATION_CONTENT, id);
        self.act(&path, None, Some(json(content)?)).await
    }

    /// Adds a file to a draft: `signed` by the institution, or `supporting`.
    ///
    /// # Errors
    /// As any call.
    pub async fn attach(&self, id: i64, name: &str, kind: &str, bytes: Vec<u8>) -> Result<ActAnswer, Error> {
        let path = routes::application_file(id, name);
        self.act(&path, Some((routes::KIND, kind.to_owned())), Some((media::OCTETS, bytes))).await
    }

    /// A file of an application.
    ///
    /// # Errors
    /// [`Error::is_refused`] with status 404 when there is no such file.
    pub async fn file(&self, id: i64, name: &str) -> Result<Document, Error> {
        let target = self.client.resolve(&routes::application_file(id, name))?;
        Ok(self.client.call(&self.get(target, media::OCTETS)).await?.document)
    }

    /// Notes how the signature of a file was verified.
    ///
    /// # Errors
    /// As any call.
    pub async fn verify(&self, id: i64, file: &str, how: &str) -> Result<ActAnswer, Error> {
        let form = VerificationForm { file: file.to_owned(), how: how.to_owned() };
        self.act(&routes::of_application(routes::APPLICATION_VERIFY, id), None, Some(json(&form)?)).await
    }

    /// Completes a draft.
    ///
    /// # Errors
    /// As any call.
    pub async fn submit(&self, id: i64) -> Result<ActAnswer, Error> {
        self.act(&routes::of_application(routes::APPLICATION_SUBMIT, id), None, None).await
    }

    /// Checks a submitted application.
    ///
    /// # Errors
    /// As any call.
    pub async fn check(&self, id: i64) -> Result<ActAnswer, Error> {
        self.act(&routes::of_application(routes::APPLICATION_CHECK, id), None, None).await
    }

    /// Approves what has the digest that the operator saw.
    ///
    /// # Errors
    /// As any call; [`Error::is_refused`] with status 409 when it is no longer that.
    pub async fn approve(&self, id: i64, digest: &str) -> Result<ActAnswer, Error> {
        let form = ApprovalForm { digest: digest.to_owned() };
        self.act(&routes::of_application(routes::APPLICATION_APPROVE, id), None, Some(json(&form)?)).await
    }

    /// Refuses an application.
    ///
    /// # Errors
    /// As any call.
    pub async fn reject(&self, id: i64, reason: &str) -> Result<ActAnswer, Error> {
        let form = RejectionForm { reason: reason.to_owned() };
        self.act(&routes::of_application(routes::APPLICATION_REJECT, id), None, Some(json(&form)?)).await
    }

    /// Takes an application back.
    ///
    /// # Errors
    /// As any call.
    pub async fn withdraw(&self, id: i64) -> Result<ActAnswer, Error> {
        self.act(&routes::of_application(routes::APPLICATION_WITHDRAW, id), None, None).await
    }

    /// Makes the code for the certificate that an application in force allows: by a `request`, as a `key-store`, or as a
    /// `key-store-triple-des`. A code that was made before opens nothing from then on.
    ///
    /// # Errors
    /// As any call.
    pub async fn enrolment_code(&self, id: i64, kind: Option<&str>) -> Result<EnrolmentCodeAnswer, Error> {
        let mut target = self.client.resolve(&routes::of_application(routes::APPLICATION_CODE, id))?;
        if let Some(kind) = kind {
            target.query_pairs_mut().append_pair(routes::KIND, kind);
        }
        let body = Body::bytes(Vec::new());
        let mut call = Call::post(target, media::JSON, &body).of_type(media::JSON);
        call.language = self.language;
        self.client.json(call).await
    }

    /// The certificate with its chain (PEM) of the person that an application in force made or changed, for the request that the
    /// person brings.
    ///
    /// # Errors
    /// As any call.
    pub async fn certify_person(&self, id: i64, request: Vec<u8>) -> Result<String, Error> {
        let target = self.client.resolve(&routes::of_application(routes::APPLICATION_CERTIFICATE, id))?;
        let body = Body::bytes(request);
        let mut call = Call::post(target, media::PEM, &body).of_type(media::CERTIFICATE_REQUEST).held();
        call.language = self.language;
        let chain = self.client.call(&call).await?.document.bytes().await?;
        String::from_utf8(chain.to_vec()).map_err(|_| Error::unexpected("the answer is no certificate".to_owned()))
    }

    /// All persons.
    ///
    /// # Errors
    /// As any call.
    pub async fn persons(&self) -> Result<PersonList, Error> {
        self.client.json(self.get(self.client.resolve(routes::PERSONS)?, media::JSON)).await
    }

    /// The limits of a client's accounts, and those of single days from today on.
    ///
    /// # Errors
    /// As any call; [`Error::is_refused`] with status 422 when there is no such client.
    pub async fn limits_of_client(&self, client: i64) -> Result<LimitList, Error> {
        self.limits(routes::CLIENT, &client.to_string()).await
    }

    /// The limits of one account.
    ///
    /// # Errors
    /// As any call; [`Error::is_refused`] with status 422 when the Treasury keeps no such account.
    pub async fn limits_of_account(&self, iban: &str) -> Result<LimitList, Error> {
        self.limits(routes::ACCOUNT, iban).await
    }

    async fn limits(&self, name: &str, value: &str) -> Result<LimitList, Error> {
        let mut target = self.client.resolve(routes::LIMITS)?;
        target.query_pairs_mut().append_pair(name, value);
        self.client.json(self.get(target, media::JSON)).await
    }

    fn get(&self, target: reqwest::Url, accept: &'static str) -> Call<'static> {
        let mut call = Call::get(target, accept);
        call.language = self.language;
        call
    }

    async fn act(
        &self,
        path: &str,
        query: Option<(&str, String)>,
        body: Option<(&'static str, Vec<u8>)>,
    ) -> Result<ActAnswer, Error> {
        let mut target = self.client.resolve(path)?;
        let trial = self.trial.then(|| (routes::MODE, routes::MODE_TEST.to_owned()));
        for (name, value) in query.into_iter().chain(trial) {
            target.query_pairs_mut().append_pair(name, &value);
        }
        let (content_type, bytes) = body.unwrap_or((media::JSON, Vec::new()));
        let body = Body::bytes(bytes);
        let mut call = Call::post(target, media::JSON, &body).of_type(content_type);
        call.language = self.language;
        self.client.json(call).await
    }
}

fn json(value: &impl Serialize) -> Result<(&'static str, Vec<u8>), Error> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| Error::unexpected(format!("the request cannot be written as JSON: {error}")))?;
    Ok((media::JSON, bytes))
}
