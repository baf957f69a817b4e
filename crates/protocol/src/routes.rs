//! Paths and query parameters.
//!
//! Identifications chosen by a client (a `MsgId` may hold `/`) are query parameters, never path segments.

use std::fmt::Write as _;

use crate::media::Form;

/// `GET` what this is, what can be asked for here, and where people find help.
pub const INDEX: &str = "/";
/// `POST` a pain.001; `GET` its status.
pub const PAYMENTS: &str = "/v1/payments";
/// `POST` nothing: the payments named are cancelled, as far as they can be.
pub const PAYMENTS_CANCEL: &str = "/v1/payments/cancel";
/// `POST` a camt.060.
pub const REPORTS: &str = "/v1/reports";
/// `GET` a page of a report, as a route template.
pub const REPORT: &str = "/v1/reports/{id}";
/// `GET` the accounts that the online user may see.
pub const ACCOUNTS: &str = "/v1/accounts";
/// `GET`: am I connected, and how long will I be.
pub const HEARTBEAT: &str = "/v1/heartbeat";
/// `GET` what is left of the quotas.
pub const QUOTAS: &str = "/v1/quotas";
/// `GET` for whom the caller's next certificate will be, and what its request must be like.
pub const CERTIFICATE_RULES: &str = "/v1/certificates/enrollment";
/// `POST` a certificate request: renew with the certificate in use.
pub const CERTIFICATES: &str = "/v1/certificates";
/// On the listener for enrolment: `GET` what a code opens; `POST` a certificate request with it.
pub const ENROLLMENT: &str = "/v1/enrollment";
/// On the listener for enrolment: `POST` to pick up a key store with a code.
pub const ENROLLMENT_KEY_STORE: &str = "/v1/enrollment/key-store";
/// `POST` a signed request: how the server judges its signature. Nothing is kept.
pub const SIGNATURE_CHECK: &str = "/v1/signature-check";
/// `GET` the catalogue of errors.
pub const ERRORS: &str = "/v1/errors";
/// `GET` one entry of the catalogue, as a route template.
pub const ERROR: &str = "/v1/errors/{code}";
/// `GET` the list of published schemas.
pub const SCHEMAS: &str = "/v1/schemas";
/// `GET` one published schema, as a route template.
pub const SCHEMA: &str = "/v1/schemas/{message}";
/// `GET` the list of client libraries.
pub const LIBRARIES: &str = "/v1/libraries";
/// `GET` the archive of a client library, as a route template.
pub const LIBRARY: &str = "/v1/libraries/{language}";
/// `GET` the signature of that archive, as a route template.
pub const LIBRARY_SIGNATURE: &str = "/v1/libraries/{language}/signature";
/// `GET` the description of the interface (OpenAPI).
pub const OPENAPI: &str = "/v1/openapi.json";
/// `GET` on the plain listener: the contents of the guide for interface developers, in the language asked for.
pub const GUIDE: &str = "/guide";
/// `GET` on the plain listener: a page of the guide, as a route template.
pub const GUIDE_PAGE: &str = "/guide/{language}/{page}";
/// `GET` on the plain listener: can the node serve; the same as [`HEALTH_READY`].
pub const HEALTH: &str = "/health";
/// `GET` on the plain listener: can the node serve. 503 keeps a load balancer from sending clients.
pub const HEALTH_READY: &str = "/health/ready";
/// `GET` on the plain listener: does the process live. 503 asks for a restart.
pub const HEALTH_LIVE: &str = "/health/live";
/// `GET` on the plain listener: the trust bundle, with the authorities that issue the server's certificate now and next.
pub const AUTHORITY_CERTIFICATE: &str = "/ca.pem";
/// `GET` on the plain listener: the revocation list of the first issuing authority.
pub const REVOCATION_LIST: &str = "/ca.crl";
/// `GET` on the plain listener: the revocation lists of all issuing authorities, one after another.
pub const REVOCATION_LISTS: &str = "/crl.pem";

/// What stands before every path of operators: a person's certificate opens these, and no other path.
pub const OPERATOR: &str = "/v1/operator/";
/// `GET` applications; `POST` the content of a new one.
pub const APPLICATIONS: &str = "/v1/operator/applications";
/// `GET` one application, as a route template.
pub const APPLICATION: &str = "/v1/operator/applications/{id}";
/// `POST` another content of a draft.
pub const APPLICATION_CONTENT: &str = "/v1/operator/applications/{id}/content";
/// `POST` a file, `GET` it back.
pub const APPLICATION_FILE: &str = "/v1/operator/applications/{id}/files/{name}";
/// `POST` who verified the signature of a file, and how.
pub const APPLICATION_VERIFY: &str = "/v1/operator/applications/{id}/verify";
/// `POST` nothing: the draft is complete.
pub const APPLICATION_SUBMIT: &str = "/v1/operator/applications/{id}/submit";
/// `POST` nothing: the operator has checked it.
pub const APPLICATION_CHECK: &str = "/v1/operator/applications/{id}/check";
/// `POST` the digest that the operator saw.
pub const APPLICATION_APPROVE: &str = "/v1/operator/applications/{id}/approve";
/// `POST` a reason.
pub const APPLICATION_REJECT: &str = "/v1/operator/applications/{id}/reject";
/// `POST` nothing: who entered it takes it back.
pub const APPLICATION_WITHDRAW: &str = "/v1/operator/applications/{id}/withdraw";
/// `POST` nothing: the code for the certificate that an application in force allows.
pub const APPLICATION_CODE: &str = "/v1/operator/applications/{id}/enrollment-code";
/// `POST` a certificate request of the person that an application in force made or changed.
pub const APPLICATION_CERTIFICATE: &str = "/v1/operator/applications/{id}/certificate";
/// `GET` persons.
pub const PERSONS: &str = "/v1/operator/persons";
/// `GET` the limits of a client's accounts, or of one account.
pub const LIMITS: &str = "/v1/operator/limits";

/// Query parameter of `GET` [`APPLICATIONS`]: in this state only.
pub const STATE: &str = "state";
/// Query parameter of `GET` [`APPLICATIONS`]: of this kind only; of `POST` [`APPLICATION_FILE`] and [`APPLICATION_CODE`]: what
/// the file, or the code, is.
pub const KIND: &str = "kind";
/// Query parameter of `GET` [`APPLICATIONS`]: of this client only; of `GET` [`LIMITS`]: of this client's accounts.
pub const CLIENT: &str = "client";
/// Query parameter of `GET` [`LIMITS`]: of this account (IBAN).
pub const ACCOUNT: &str = "account";
/// Query parameter of `GET` [`APPLICATIONS`]: the page before this number.
pub const BEFORE: &str = "before";
/// Query parameter of `POST` [`APPLICATIONS`]: the number of the person who applied.
pub const APPLICANT: &str = "applicant";

/// Query parameter of `POST` [`PAYMENTS`] and of operators' acts: [`MODE_TEST`] checks without executing.
pub const MODE: &str = "mode";
/// Value of [`MODE`]: check, answer, and leave nothing behind.
pub const MODE_TEST: &str = "test";
/// Query parameter of `GET` [`PAYMENTS`] and `POST` [`PAYMENTS_CANCEL`]: the message's `MsgId`.
pub const MSG_ID: &str = "msg_id";
/// Query parameter of `GET` [`PAYMENTS`]: the submission named by the `Location` of a 202.
pub const SUBMISSION: &str = "submission";
/// Query parameter of `POST` [`PAYMENTS_CANCEL`]: the `PmtInfId` of a block.
pub const PMT_INF_ID: &str = "pmt_inf_id";
/// Query parameter of `POST` [`PAYMENTS_CANCEL`]: the `EndToEndId` of a payment.
pub const END_TO_END_ID: &str = "end_to_end_id";
/// Query parameter of `POST` [`PAYMENTS_CANCEL`]: the `InstrId` of a payment.
pub const INSTR_ID: &str = "instr_id";
/// Query parameter of `POST` [`PAYMENTS_CANCEL`]: a payment's place in the message, from 1.
pub const NUMBER: &str = "number";
/// Query parameter of `GET` [`REPORT`]: the page, from 1.
pub const PAGE: &str = "page";

/// A method that a route has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`; what answers it answers `HEAD` too.
    Get,
    /// `POST`.
    Post,
}

impl Method {
    /// The method as a request names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

/// Which listeners have a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listeners {
    /// That for clients, which must show a certificate.
    Clients,
    /// The plain listener, for everyone.
    Plain,
    /// Both.
    Both,
    /// That for enrolment: TLS, and no certificate of a client.
    Enrollment,
    /// All three.
    Everywhere,
}

/// What can be asked for, and what the answer is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, as a route template.
    pub path: &'static str,
    /// The query parameter that makes it this route, where several have method and path.
    pub parameter: Option<&'static str>,
    /// Where it is.
    pub listeners: Listeners,
    /// What an answer may be written in, the usual form first. `Accept` chooses ([`crate::media::preferred`]), but for an order of
    /// reports, whose answer is the page of one and a list of several.
    pub forms: &'static [Form],
}

/// Every route.
pub const ROUTES: [Route; 48] = {
    use Form::{Html, Json, Markdown, Octets, Pem, Pkcs12, Xml, Zip};
    use Listeners::{Both, Clients, Enrollment, Everywhere, Plain};
    [
        Route::post(PAYMENTS, &[Xml]),
        Route { parameter: Some(SUBMISSION), ..Route::get(PAYMENTS, Clients, &[Xml]) },
        Route::get(PAYMENTS, Clients, &[Xml, Json]),
        Route::post(PAYMENTS_CANCEL, &[Json]),
        Route::post(REPORTS, &[Xml, Json]),
        Route::get(REPORT, Clients, &[Xml]),
        Route::get(ACCOUNTS, Clients, &[Json]),
        Route::get(HEARTBEAT, Clients, &[Json]),
        Route::get(QUOTAS, Clients, &[Json]),
        Route::get(CERTIFICATE_RULES, Clients, &[Json]),
        Route::post(CERTIFICATES, &[Pem]),
        Route::post(SIGNATURE_CHECK, &[Json]),
        Route::get(APPLICATIONS, Clients, &[Json]),
        Route::post(APPLICATIONS, &[Json]),
        Route::get(APPLICATION, Clients, &[Json]),
        Route::post(APPLICATION_CONTENT, &[Json]),
        Route::post(APPLICATION_FILE, &[Json]),
        Route::get(APPLICATION_FILE, Clients, &[Octets]),
        Route::post(APPLICATION_VERIFY, &[Json]),
        Route::post(APPLICATION_SUBMIT, &[Json]),
        Route::post(APPLICATION_CHECK, &[Json]),
        Route::post(APPLICATION_APPROVE, &[Json]),
        Route::post(APPLICATION_REJECT, &[Json]),
        Route::post(APPLICATION_WITHDRAW, &[Json]),
        Route::post(APPLICATION_CODE, &[Json]),
        Route::post(APPLICATION_CERTIFICATE, &[Pem]),
        Route::get(PERSONS, Clients, &[Json]),
        Route::get(LIMITS, Clients, &[Json]),
        Route::get(ENROLLMENT, Enrollment, &[Json]),
        Route { listeners: Enrollment, ..Route::post(ENROLLMENT, &[Pem]) },
        Route { listeners: Enrollment, ..Route::post(ENROLLMENT_KEY_STORE, &[Pkcs12]) },
        Route::get(ERRORS, Both, &[Json]),
        Route::get(ERROR, Both, &[Json]),
        Route::get(SCHEMAS, Both, &[Json]),
        Route::get(SCHEMA, Both, &[Xml]),
        Route::get(HEALTH, Plain, &[Json]),
        Route::get(HEALTH_READY, Plain, &[Json]),
        Route::get(HEALTH_LIVE, Plain, &[Json]),
        Route::get(AUTHORITY_CERTIFICATE, Plain, &[Pem]),
        Route::get(REVOCATION_LIST, Plain, &[Form::RevocationList]),
        Route::get(REVOCATION_LISTS, Plain, &[Pem]),
        Route::get(LIBRARIES, Both, &[Json]),
        Route::get(LIBRARY, Both, &[Zip]),
        Route::get(LIBRARY_SIGNATURE, Both, &[Octets]),
        Route::get(GUIDE, Plain, &[Html, Markdown]),
        Route::get(GUIDE_PAGE, Plain, &[Html, Markdown]),
        Route::get(OPENAPI, Everywhere, &[Json]),
        Route::get(INDEX, Everywhere, &[Json]),
    ]
};

impl Route {
    const fn get(path: &'static str, listeners: Listeners, forms: &'static [Form]) -> Route {
        Route { method: Method::Get, path, parameter: None, listeners, forms }
    }

    const fn post(path: &'static str, forms: &'static [Form]) -> Route {
        Route { method: Method::Post, path, parameter: None, listeners: Listeners::Clients, forms }
    }

    /// Whether clients reach it with their certificate.
    #[must_use]
    pub fn is_for_clients(&self) -> bool {
        matches!(self.listeners, Listeners::Clients | Listeners::Both | Listeners::Everywhere)
    }

    /// Whether people reach it, with a certificate of a person.
    #[must_use]
    pub fn is_for_operators(&self) -> bool {
        self.path.starts_with(OPERATOR)
    }

    /// Whether everyone may read it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(self.listeners, Listeners::Plain | Listeners::Both | Listeners::Everywhere)
    }

    /// Whether it is on the listener for enrolment.
    #[must_use]
    pub fn is_for_enrollment(&self) -> bool {
        matches!(self.listeners, Listeners::Enrollment | Listeners::Everywhere)
    }

    /// The route of a request: its method, the template that its path fits, and its query.
    #[must_use]
    pub fn of(method: &str, path: &str, query: &str) -> Option<&'static Route> {
        let method = if method == "HEAD" { Method::Get.name() } else { method };
        let has = |parameter| query.split('&').any(|pair| pair.split('=').next() == Some(parameter));
        let fits =
            |route: &&Route| route.method.name() == method && route.path == path && route.parameter.is_none_or(has);
        ROUTES.iter().find(fits)
    }
}

/// Where the status of a message is read.
#[must_use]
pub fn status_of_message(msg_id: &str) -> String {
    format!("{PAYMENTS}?{MSG_ID}={}", QueryValue(msg_id))
}

/// Where the outcome of a submission that was answered 202 is read.
#[must_use]
pub fn outcome_of_submission(submission: i64) -> String {
    format!("{PAYMENTS}?{SUBMISSION}={submission}")
}

/// Where a page of a report is read; pages count from 1.
#[must_use]
pub fn report_page(id: i64, page: u32) -> String {
    format!("{REPORTS}/{id}?{PAGE}={page}")
}

/// Where an application is read, or something is done with it: the template is a path such as [`APPLICATION_SUBMIT`].
#[must_use]
pub fn of_application(template: &str, id: i64) -> String {
    template.replace("{id}", &id.to_string())
}

/// Where a file of an application is.
#[must_use]
pub fn application_file(id: i64, name: &str) -> String {
    of_application(APPLICATION_FILE, id).replace("{name}", &QueryValue(name).to_string())
}

/// Where one entry of the catalogue of errors is read.
#[must_use]
pub fn catalogue_entry(code: &str) -> String {
    format!("{ERRORS}/{code}")
}

/// Where the published schema of a message is read.
#[must_use]
pub fn schema(message: &str) -> String {
    format!("{SCHEMAS}/{message}")
}

/// Where the archive of a client library is.
#[must_use]
pub fn library(language: &str) -> String {
    format!("{LIBRARIES}/{language}")
}

/// Where the signature of that archive is.
#[must_use]
pub fn library_signature(language: &str) -> String {
    LIBRARY_SIGNATURE.replace("{language}", language)
}

/// Where a page of the guide is.
#[must_use]
pub fn guide_page(language: &str, page: &str) -> String {
    format!("{GUIDE}/{language}/{page}")
}

/// A value as it stands in a query: everything but unreserved characters (RFC 3986, 2.3) is percent-encoded.
struct QueryValue<'a>(&'a str);

impl std::fmt::Display for QueryValue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                f.write_char(char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_with_reserved_characters_stays_one_value() {
        assert_eq!(status_of_message("A/B+C?D&E ā"), "/v1/payments?msg_id=A%2FB%2BC%3FD%26E%20%C4%81");
    }
}
