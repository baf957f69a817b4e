//! What a route takes besides its path, and what it answers.

use rulebook::Code;
use serde_json::Value;

use super::codes;
use super::fields::{self, Kind, PREFER, Parameter};
use super::schemas::Schemas;
use crate::routes::{self, Method};
use crate::{applications, headers};

/// Refers to the schema of a type.
pub(super) type Written = fn(&mut Schemas) -> Value;

/// What a request's body is.
#[derive(Clone, Copy)]
pub(super) enum Body {
    None,
    /// Which messages.
    Message(&'static str),
    Json(Written),
    CertificateRequest,
    File,
    /// Bytes that are only looked at.
    Anything,
}

/// An operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) tag: &'static str,
    pub(super) summary: &'static str,
    pub(super) details: Option<&'static str>,
    pub(super) query: &'static [Parameter],
    /// Header fields of the request that only this one has.
    pub(super) fields: &'static [Parameter],
    pub(super) body: Body,
    /// What 200 means.
    pub(super) answer: &'static str,
    /// What an answer in JSON looks like.
    pub(super) json: Option<Written>,
    /// Header fields of the answer that only this one has.
    pub(super) headers: &'static [&'static str],
    /// Another answer that is no problem: its status, what it means, and its header fields.
    pub(super) other_answer: Option<(u16, &'static str, &'static [&'static str])>,
    /// Codes besides those that it shares with others.
    pub(super) problems: &'static [&'static [Code]],
    /// Whether it can also have the problems of a message that was sent before.
    pub(super) reads_messages: bool,
}

const PAYMENTS: &str = "payments";
const REPORTS: &str = "reports";
const CONNECTION: &str = "connection";
const CERTIFICATES: &str = "certificates";
const REFERENCE: &str = "reference";
const MONITORING: &str = "monitoring";
const OPERATORS: &str = "operators";

/// What the operations are sorted by.
pub(super) const TAGS: [(&str, &str); 7] = [
    (PAYMENTS, "Bulk payments and their status."),
    (REPORTS, "Accounts, reports and notifications."),
    (CONNECTION, "Whether the connection works, and what is left of quotas."),
    (CERTIFICATES, "The first certificate, the next one, and what to trust."),
    (REFERENCE, "What the interface is like; public."),
    (MONITORING, "For monitoring and load balancers; public."),
    (OPERATORS, "For staff of the Treasury, with the certificate of a person."),
];

const TEST: Parameter = Parameter::query(
    routes::MODE,
    "`test`: check and answer, and leave nothing behind.",
    Kind::OneOf(&[routes::MODE_TEST]),
);

impl Operation {
    /// The operation of a method on a path; each route of the table has one.
    pub(super) fn of(method: Method, path: &str) -> Operation {
        if path.starts_with(routes::OPERATOR) { of_operators(method, path) } else { of_others(method, path) }
    }

    /// Reads something, and answers JSON if a schema is given.
    const fn get(id: &'static str, tag: &'static str, summary: &'static str, json: Option<Written>) -> Operation {
        Operation {
            id,
            tag,
            summary,
            details: None,
            query: &[],
            fields: &[],
            body: Body::None,
            answer: "What was asked for.",
            json,
            headers: &[],
            other_answer: None,
            problems: &[],
            reads_messages: false,
        }
    }

    /// An operator's act.
    const fn act(id: &'static str, summary: &'static str, body: Body) -> Operation {
        Operation {
            query: &[TEST],
            body,
            answer: "What came of it.",
            problems: &[codes::ACTS],
            ..Operation::get(id, OPERATORS, summary, Some(Schemas::answer::<applications::ActAnswer>))
        }
    }
}

/// Codes of what is not there.
const ABSENT: &[Code] = &[Code::NotFound];

fn of_others(method: Method, path: &str) -> Operation {
    let get = Operation::get;
    match (method, path) {
        (Method::Post, routes::PAYMENTS) => Operation {
            details: Some(
                "The same bytes again get the same answer again, and are executed once. A message that was taken over and refused is \
                 answered with 200 and a pain.002 that says why.",
            ),
            query: &[TEST],
            fields: fields::OF_SUBMISSION,
            body: Body::Message("pain.001.001.03 or pain.001.001.09"),
            answer: "The answer: a pain.002.",
            headers: &[headers::X_MESSAGE_TYPE, headers::X_ANSWER_REPEATED, headers::PREFERENCE_APPLIED],
            other_answer: Some((
                202,
                "A receipt: the exchange goes on with the message. `Location` has the outcome.",
                IN_PROGRESS,
            )),
            problems: &[codes::SUBMISSION],
            ..get("submitPayments", PAYMENTS, "Submits a pain.001.", None)
        },
        (Method::Get, routes::PAYMENTS) => Operation {
            details: Some("Exactly one of the two parameters is needed."),
            query: const {
                &[
                    Parameter::query(routes::MSG_ID, "`MsgId` of the message: its status now.", Kind::Text),
                    Parameter::query(
                        routes::SUBMISSION,
                        "The submission that `Location` named: its outcome, as the submission itself would be answered.",
                        Kind::Number(1),
                    ),
                ]
            },
            fields: &[PREFER],
            answer: "The status, or the outcome: a pain.002. The status also as an overview in JSON.",
            json: Some(Schemas::answer::<crate::MessageOverview>),
            headers: &[headers::X_MESSAGE_TYPE, headers::X_ANSWER_REPEATED, headers::PREFERENCE_APPLIED],
            other_answer: Some((202, "The exchange still works on the submission.", IN_PROGRESS)),
            problems: &[codes::SUBMISSION, ABSENT],
            reads_messages: true,
            ..get("readPayments", PAYMENTS, "Reads the status of a message, or the outcome of a submission.", None)
        },
        (Method::Post, routes::PAYMENTS_CANCEL) => Operation {
            details: Some(
                "A payment can be cancelled until it is executed, or handed over for settlement. The same request again changes nothing and \
                 gets the same counts. What cannot be cancelled stays, and the answer says why; 409 says that nothing is cancelled.",
            ),
            query: const {
                &[
                    Parameter::query(routes::MSG_ID, "`MsgId` of the message.", Kind::Text).required(),
                    Parameter::query(routes::PMT_INF_ID, "`PmtInfId`: payments of this block only.", Kind::Text),
                    Parameter::query(routes::END_TO_END_ID, "`EndToEndId`: this payment only.", Kind::Text),
                    Parameter::query(routes::INSTR_ID, "`InstrId`: this payment only.", Kind::Text),
                    Parameter::query(
                        routes::NUMBER,
                        "Place in the message, from 1: this payment only.",
                        Kind::Number(1),
                    ),
                ]
            },
            fields: fields::OF_SIGNATURE,
            answer: "How the payments named stand now.",
            json: Some(Schemas::answer::<crate::CancellationAnswer>),
            problems: &[codes::CANCELLATION],
            ..get(
                "cancelPayments",
                PAYMENTS,
                "Cancels payments that are not executed yet: of a message, of a block, or one.",
                None,
            )
        },
        (Method::Post, routes::REPORTS) => Operation {
            fields: &[fields::CONTENT_ENCODING],
            body: Body::Message("camt.060.001.03 or camt.060.001.05"),
            answer: "Of one report its first page; of several a list of them.",
            json: Some(Schemas::answer::<crate::ReportList>),
            headers: PAGE,
            problems: &[codes::REPORTS],
            ..get("orderReports", REPORTS, "Orders reports with a camt.060.", None)
        },
        (Method::Get, routes::REPORT) => Operation {
            query: const { &[Parameter::query(routes::PAGE, "The page, from 1; left out: the first.", Kind::Number(1))] },
            answer: "The page: a camt.052 or camt.054.",
            headers: PAGE,
            problems: &[&[Code::ReportNotFound, Code::ReportPageNotFound]],
            ..get("readReport", REPORTS, "Reads a page of a report.", None)
        },
        (Method::Get, routes::ACCOUNTS) => get(
            "listAccounts",
            REPORTS,
            "Lists the accounts that the online user may see, with balances and limits.",
            Some(Schemas::answer::<crate::AccountList>),
        ),
        (Method::Get, routes::HEARTBEAT) => get(
            "readHeartbeat",
            CONNECTION,
            "Says whether the caller is connected, as whom, and until when.",
            Some(Schemas::answer::<crate::Heartbeat>),
        ),
        (Method::Get, routes::QUOTAS) => {
            get("readQuotas", CONNECTION, "Says what is left of the quotas.", Some(Schemas::answer::<crate::Quotas>))
        }
        (Method::Post, routes::SIGNATURE_CHECK) => Operation {
            fields: fields::OF_SIGNATURE,
            body: Body::Anything,
            answer: "How the server judges the signature, step by step.",
            ..get(
                "checkSignature",
                CONNECTION,
                "Judges the signature of the request. Nothing is kept or executed.",
                Some(Schemas::answer::<crate::SignatureCheck>),
            )
        },
        _ => of_certificates(method, path),
    }
}

/// Header fields of a page, or of a list of reports.
const PAGE: &[&str] = &[headers::X_MESSAGE_TYPE, "link", "content-location"];
/// Header fields of 202.
const IN_PROGRESS: &[&str] = &["location", "retry-after", headers::X_MESSAGE_TYPE, headers::PREFERENCE_APPLIED];

/// Header fields of a page of the guide.
const PAGE_OF_GUIDE: &[&str] = &["etag", "content-security-policy"];
/// The status of an answer without a body.
pub(super) const NOT_MODIFIED: u16 = 304;

fn of_certificates(method: Method, path: &str) -> Operation {
    let get = Operation::get;
    let rules: Option<Written> = Some(Schemas::answer::<crate::EnrollmentRules>);
    match (method, path) {
        (Method::Get, routes::REVOCATION_LISTS) => Operation {
            problems: &[ABSENT],
            ..get(
                "readRevocationLists",
                CERTIFICATES,
                "Gives the revocation lists of all issuing authorities (PEM).",
                None,
            )
        },
        (Method::Get, routes::CERTIFICATE_RULES) => Operation {
            problems: &[&[Code::CertificatesNotIssued]],
            ..get(
                "readCertificateRules",
                CERTIFICATES,
                "Says for whom the next certificate will be, and what its request must be like.",
                rules,
            )
        },
        (Method::Post, routes::CERTIFICATES) => Operation {
            body: Body::CertificateRequest,
            answer: "The certificate with its chain.",
            problems: &[codes::CERTIFICATE],
            ..get("renewCertificate", CERTIFICATES, "Asks for the next certificate with the one in use.", None)
        },
        (Method::Get, routes::ENROLLMENT) => {
            get("readEnrolment", CERTIFICATES, "Says what a code opens, and what the request must be like.", rules)
        }
        (Method::Post, routes::ENROLLMENT) => Operation {
            body: Body::CertificateRequest,
            answer: "The certificate with its chain.",
            problems: &[codes::CERTIFICATE],
            ..get("enrol", CERTIFICATES, "Gets the first certificate for a request.", None)
        },
        (Method::Post, routes::ENROLLMENT_KEY_STORE) => Operation {
            answer: "The key store (PKCS #12); its password is the code.",
            ..get("pickUpKeyStore", CERTIFICATES, "Picks up a key store, once.", None)
        },
        (Method::Get, routes::AUTHORITY_CERTIFICATE) => Operation {
            problems: &[ABSENT],
            ..get("readAuthority", CERTIFICATES, "Gives the certificates that clients must trust.", None)
        },
        (Method::Get, routes::REVOCATION_LIST) => Operation {
            problems: &[ABSENT],
            ..get("readRevocationList", CERTIFICATES, "Gives the newest revocation list (DER).", None)
        },
        _ => of_reference(method, path),
    }
}

fn of_reference(method: Method, path: &str) -> Operation {
    let get = Operation::get;
    let health = |id, summary| Operation {
        answer: "The node serves.",
        other_answer: Some((503, "The node does not serve: what stands.", &[])),
        ..get(id, MONITORING, summary, Some(Schemas::answer::<crate::Health>))
    };
    match (method, path) {
        (Method::Get, routes::INDEX) => get(
            "readIndex",
            REFERENCE,
            "Names the service and its routes, and says where people find help.",
            Some(Schemas::answer::<crate::ServiceDescription>),
        ),
        (Method::Get, routes::ERRORS) => get(
            "listErrors",
            REFERENCE,
            "Gives the catalogue of errors.",
            Some(Schemas::answer::<crate::ErrorCatalogue>),
        ),
        (Method::Get, routes::ERROR) => get(
            "readError",
            REFERENCE,
            "Gives an entry of the catalogue.",
            Some(Schemas::answer::<crate::CatalogueEntry>),
        ),
        (Method::Get, routes::SCHEMAS) => get(
            "listSchemas",
            REFERENCE,
            "Lists the schemas of the messages.",
            Some(Schemas::answer::<crate::SchemaList>),
        ),
        (Method::Get, routes::SCHEMA) => get("readSchema", REFERENCE, "Gives the schema of a message (XSD).", None),
        (Method::Get, routes::LIBRARIES) => get(
            "listLibraries",
            REFERENCE,
            "Lists the client libraries with version, checksum, signature and releases.",
            Some(Schemas::answer::<crate::LibraryList>),
        ),
        (Method::Get, routes::LIBRARY) => Operation {
            headers: &["content-disposition", headers::CONTENT_DIGEST],
            answer: "The archive.",
            ..get("readLibrary", REFERENCE, "Gives the archive of a client library.", None)
        },
        (Method::Get, routes::LIBRARY_SIGNATURE) => Operation {
            headers: &["content-disposition"],
            answer: "The signature: 64 bytes (Ed25519).",
            ..get(
                "readLibrarySignature",
                REFERENCE,
                "Gives the signature of that archive by the publication key.",
                None,
            )
        },
        (Method::Get, routes::GUIDE) => Operation {
            fields: fields::OF_PAGE,
            headers: PAGE_OF_GUIDE,
            other_answer: Some((NOT_MODIFIED, "The page is as it was.", PAGE_OF_GUIDE)),
            answer: "The contents, in the language asked for.",
            ..get("readGuide", REFERENCE, "Gives the contents of the guide for interface developers.", None)
        },
        (Method::Get, routes::GUIDE_PAGE) => Operation {
            fields: fields::OF_PAGE,
            headers: PAGE_OF_GUIDE,
            other_answer: Some((NOT_MODIFIED, "The page is as it was.", PAGE_OF_GUIDE)),
            answer: "The page.",
            details: Some("`.md` behind the name of the page gives its Markdown, whatever `Accept` says."),
            ..get("readGuidePage", REFERENCE, "Gives a page of the guide for interface developers.", None)
        },
        (Method::Get, routes::OPENAPI) => get(
            "readDescription",
            REFERENCE,
            "Gives this description.",
            Some(|_| serde_json::json!({ "type": "object" })),
        ),
        (Method::Get, routes::HEALTH) => health("readHealth", "Says whether the node can serve."),
        (Method::Get, routes::HEALTH_READY) => health("readReadiness", "Says whether the node can serve."),
        (Method::Get, routes::HEALTH_LIVE) => health("readLiveness", "Says whether the process lives."),
        // The table is a constant: the tests reveal a route without a description.
        (method, path) => unreachable!("{} {path} is not described", method.name()),
    }
}

fn of_operators(method: Method, path: &str) -> Operation {
    let act = Operation::act;
    let get = |id, summary, json| Operation::get(id, OPERATORS, summary, json);
    let content: Written = Schemas::form::<applications::ApplicationContent>;
    match (method, path) {
        (Method::Get, routes::APPLICATIONS) => Operation {
            query: const {
                &[
                    Parameter::query(routes::STATE, "In this state only.", Kind::Text),
                    Parameter::query(routes::KIND, "Of this kind only.", Kind::Text),
                    Parameter::query(routes::CLIENT, "Of the client with this number only.", Kind::Number(1)),
                    Parameter::query(routes::BEFORE, "Those before this number: the next page.", Kind::Number(1)),
                ]
            },
            ..get(
                "listApplications",
                "Lists applications, newest first.",
                Some(Schemas::answer::<applications::ApplicationList>),
            )
        },
        (Method::Post, routes::APPLICATIONS) => Operation {
            query: const {
                &[TEST, Parameter::query(routes::APPLICANT, "The number of the person who applied.", Kind::Number(1))]
            },
            ..act("enterApplication", "Enters an application, which becomes a draft.", Body::Json(content))
        },
        (Method::Get, routes::APPLICATION) => get(
            "readApplication",
            "Shows an application with before and after, files, steps and its digest.",
            Some(Schemas::answer::<applications::ApplicationDetail>),
        ),
        (Method::Post, routes::APPLICATION_CONTENT) => {
            act("rewriteApplication", "Gives a draft another content.", Body::Json(content))
        }
        (Method::Post, routes::APPLICATION_FILE) => Operation {
            query: const {
                &[
                    TEST,
                    Parameter::query(routes::KIND, "What the file is.", Kind::OneOf(&["signed", "supporting"]))
                        .required(),
                ]
            },
            ..act("attachFile", "Attaches a file.", Body::File)
        },
        (Method::Get, routes::APPLICATION_FILE) => {
            Operation { headers: &["content-disposition"], ..get("readFile", "Gives a file back as it came.", None) }
        }
        (Method::Post, routes::APPLICATION_VERIFY) => act(
            "verifyFile",
            "Records who verified the signature of a file, and how.",
            Body::Json(Schemas::form::<applications::VerificationForm>),
        ),
        (Method::Post, routes::APPLICATION_SUBMIT) => {
            act("submitApplication", "Says that the draft is complete.", Body::None)
        }
        (Method::Post, routes::APPLICATION_CHECK) => {
            act("checkApplication", "Says that the operator has checked it.", Body::None)
        }
        (Method::Post, routes::APPLICATION_APPROVE) => act(
            "approveApplication",
            "Approves what has the digest that the operator saw.",
            Body::Json(Schemas::form::<applications::ApprovalForm>),
        ),
        (Method::Post, routes::APPLICATION_REJECT) => act(
            "rejectApplication",
            "Refuses it, with a reason.",
            Body::Json(Schemas::form::<applications::RejectionForm>),
        ),
        (Method::Post, routes::APPLICATION_WITHDRAW) => {
            act("withdrawApplication", "Takes back what the operator entered.", Body::None)
        }
        (Method::Post, routes::APPLICATION_CODE) => Operation {
            query: const {
                &[Parameter::query(
                    routes::KIND,
                    "How the contact person gets the certificate; left out: as the application says.",
                    Kind::OneOf(&["request", "key-store", "key-store-triple-des"]),
                )]
            },
            problems: &[codes::ACTS, codes::CERTIFICATE, CODES],
            ..get(
                "makeEnrolmentCode",
                "Makes the code for the certificate that an application in force allows. It is shown once.",
                Some(Schemas::answer::<applications::EnrolmentCodeAnswer>),
            )
        },
        (Method::Post, routes::APPLICATION_CERTIFICATE) => Operation {
            body: Body::CertificateRequest,
            answer: "The person's certificate with its chain.",
            problems: &[codes::ACTS, codes::CERTIFICATE, &[Code::ContentEncodingNotSupported]],
            ..get("certifyPerson", "Issues the certificate of a person for a request.", None)
        },
        (Method::Get, routes::LIMITS) => Operation {
            details: Some("Exactly one of the two parameters is needed."),
            query: const {
                &[
                    Parameter::query(
                        routes::CLIENT,
                        "The number of the client: the limits of its accounts.",
                        Kind::Number(1),
                    ),
                    Parameter::query(routes::ACCOUNT, "The IBAN of one account.", Kind::Text),
                ]
            },
            problems: &[ABSENT, &[Code::ApplicationContentInvalid]],
            ..get(
                "listLimits",
                "Lists the limits of accounts, and those of single days.",
                Some(Schemas::answer::<crate::limits::LimitList>),
            )
        },
        (Method::Get, routes::PERSONS) => get(
            "listPersons",
            "Lists the persons of the Treasury and of clients.",
            Some(Schemas::answer::<applications::PersonList>),
        ),
        // The table is a constant: the tests reveal a route without a description.
        (method, path) => unreachable!("{} {path} is not described", method.name()),
    }
}

/// Codes of an enrolment code that cannot be made.
const CODES: &[Code] = &[Code::PickUpCodeOfOtherKind, Code::PickUpCodeUsed, Code::RegistrationExpired];
