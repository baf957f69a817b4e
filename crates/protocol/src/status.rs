//! The HTTP status of each code of the catalogue.
//!
//! The status is for proxies, libraries and log files; programs decide by the code. Faults of the bytes or the
//! parameters get 400, 413 or 415. A readable message that breaks its schema or the guideline gets 422. A consumed and
//! refused message is no HTTP error at all (200 with a pain.002).

use rulebook::Code;
use rulebook::catalogue::Group;

/// The HTTP status of a problem with this code; `None` for codes that only a pain.002 or a warning has.
#[must_use]
pub fn status_of(code: Code) -> Option<u16> {
    match code.group() {
        Group::Channel => channel(code),
        Group::Form => Some(form(code)),
        // What the guideline refuses stands in a pain.002, which is an answer.
        Group::Guideline => None,
        Group::Accounts => match code {
            Code::AccountNotYours | Code::AccountNotGranted => Some(403),
            Code::CancellationTooLate => Some(409),
            Code::SignatoryWithoutRights => Some(403),
            Code::SeveralPaymentsNamed => Some(422),
            _ => None,
        },
        Group::Duplicates => match code {
            Code::MessageIdUsed | Code::MessageOfAnotherUser | Code::MessageInProgress => Some(409),
            _ => None,
        },
        Group::Reports => Some(reports(code)),
        Group::Settlement => None,
        Group::Service => Some(service(code)),
    }
}

/// Whether the same request, unchanged, may succeed later. All others need a change first.
#[must_use]
pub fn is_retryable(code: Code) -> bool {
    matches!(
        code,
        Code::MessageInProgress
            | Code::StatementDayNotClosed
            | Code::TooManyRequests
            | Code::QuotaUsedUp
            | Code::Unavailable
            | Code::InternalError
            | Code::RequestTimeout
            | Code::OutcomeUnknown
            | Code::MemoryUsedUp
            | Code::NoRoom
            | Code::ExchangeNotReached
            | Code::ExchangeNotTrusted
            | Code::MessageNotKeptByProxy
    )
}

fn channel(code: Code) -> Option<u16> {
    Some(match code {
        // Warnings stand beside answers.
        Code::CertificateEndsSoon
        | Code::RegistrationEndsSoon
        | Code::PersonCertificateEndsSoon
        | Code::AuthorityChangesSoon => return None,
        // 401: who you are is not established. 403: it is, and it is not enough.
        Code::NoClientCertificate
        | Code::UnknownCertificate
        | Code::CertificateRevoked
        | Code::CertificateExpired
        | Code::CertificateNotYetValid
        | Code::OutsideListMissing
        | Code::SignatureRequired
        | Code::SignatureInvalid
        | Code::PickUpCodeInvalid
        | Code::PickUpCodeExpired => 401,
        Code::ContentDigestMismatch | Code::CertificateRequestInvalid | Code::ApplicationUnreadable => 400,
        Code::PickUpCodeUsed
        | Code::OutsideCertificateRefused
        | Code::PickUpCodeOfOtherKind
        | Code::TooManyCertificates
        | Code::CertificateRequestUsed
        | Code::OperatorsTooFew
        | Code::OperatorsExist
        | Code::OperatorsCanDecide
        | Code::CertificateOfApplicationIssued
        | Code::KeyCompromised => 409,
        Code::SignedContentEncoded => 415,
        // Said by the proxy on a client's machine.
        Code::ExchangeNotReached | Code::ExchangeNotTrusted => 502,
        Code::MessageNotKeptByProxy => 503,
        // This exchange offers no such thing.
        Code::CertificatesNotIssued => 404,
        _ => 403,
    })
}

fn form(code: Code) -> u16 {
    match code {
        Code::MessageTooLarge
        | Code::InflatesTooFar
        | Code::TooManyPayments
        | Code::TooManyBlocks
        | Code::MessageTakesTooMuchMemory => 413,
        Code::WrongContentType | Code::ContentEncodingNotSupported => 415,
        _ if code.number() < 2100 => match code {
            Code::WrongNamespace
            | Code::NamespaceMissing
            | Code::MessageTypeNotSupported
            | Code::TooManyFindings
            | Code::WrongMessageForAddress
            | Code::RefusedByOperator => 422,
            _ => 400,
        },
        _ => 422,
    }
}

fn reports(code: Code) -> u16 {
    match code {
        Code::ReportAccountNotYours | Code::ReportAccountNotGranted => 403,
        Code::ReportNotFound | Code::ReportPageNotFound | Code::MailboxMessageNotFound => 404,
        Code::StatementDayNotClosed | Code::MailboxMessageNotLeased => 409,
        _ => 422,
    }
}

fn service(code: Code) -> u16 {
    match code {
        Code::RequestFraming => 400,
        Code::NotFound => 404,
        Code::MethodNotAllowed => 405,
        Code::NotAcceptable => 406,
        Code::RequestTimeout => 408,
        Code::TooManyRequests | Code::QuotaUsedUp => 429,
        // Operators' acts, which no request asks for yet.
        Code::ClockInDoubt | Code::BusinessDayTooFar | Code::OlderNodesServe => 409,
        Code::SubmissionSetAside => 409,
        Code::RoleMissing | Code::FourEyes => 403,
        Code::ApplicationStateWrong | Code::ApplicationChanged | Code::ApplicationNotInTime => 409,
        Code::ApplicationContentInvalid | Code::SignedFileNotVerified => 422,
        Code::Unavailable | Code::OutcomeUnknown | Code::MemoryUsedUp | Code::NoRoom => 503,
        _ => 500,
    }
}
