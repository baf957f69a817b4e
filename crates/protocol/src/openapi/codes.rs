//! Codes of the catalogue that several operations share.

use rulebook::Code;

/// Of what operators do.
pub(super) const ACTS: &[Code] = &[
    // The client, online user or account that a form names.
    Code::NotFound,
    Code::ApplicationStateWrong,
    Code::ApplicationChanged,
    Code::ApplicationNotInTime,
    Code::ApplicationContentInvalid,
    Code::SignedFileNotVerified,
    Code::FourEyes,
    Code::OperatorsTooFew,
    Code::OlderNodesServe,
];

/// Of a submission, now or when somebody asks for its outcome.
pub(super) const SUBMISSION: &[Code] = &[
    Code::ViewUserMayNotPay,
    Code::SignatureRequired,
    Code::SignatureInvalid,
    Code::SignedContentEncoded,
    Code::ContentDigestMismatch,
    Code::MessageIdUsed,
    Code::MessageOfAnotherUser,
    Code::MessageInProgress,
    Code::SubmissionSetAside,
    Code::OutcomeUnknown,
];

/// Of a cancellation.
pub(super) const CANCELLATION: &[Code] = &[
    Code::ViewUserMayNotPay,
    Code::SignatureRequired,
    Code::SignatureInvalid,
    Code::SignedContentEncoded,
    Code::ContentDigestMismatch,
    Code::NotFound,
    Code::MessageInProgress,
    Code::SubmissionSetAside,
    Code::CancellationTooLate,
    Code::AccountNotGranted,
    Code::SeveralPaymentsNamed,
    Code::OutcomeUnknown,
];

/// Of a certificate request.
pub(super) const CERTIFICATE: &[Code] = &[
    Code::CertificateRequestInvalid,
    Code::CertificateRequestUsed,
    Code::TooManyCertificates,
    Code::CertificatesNotIssued,
];

/// Of an order of reports: all of their group but those of what is not there.
pub(super) const REPORTS: &[Code] = &[
    Code::ReportPeriodInvalid,
    Code::ReportPeriodTooOld,
    Code::ReportPeriodInFuture,
    Code::ReportTypeUnknown,
    Code::ReportAccountMissing,
    Code::ReportAccountUnknown,
    Code::ReportAccountNotYours,
    Code::ReportAccountNotGranted,
    Code::StatementDayNotClosed,
    Code::TooManyReportRequests,
    Code::ReportOfChangesNotOffered,
];
