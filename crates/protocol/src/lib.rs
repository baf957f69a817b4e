//! HTTP that server and clients share: routes, headers, media types, and the types of every JSON answer.
//!
//! A client library and the server use the same constants and types, so that neither can drift from the other; tests
//! check the libraries for Java, PHP and .NET against this crate. Business bodies are ISO 20022 messages in XML, which
//! this crate does not describe. It describes everything around them: the [`Problem`] of an error, the overviews in
//! JSON, and the HTTP status of a catalogue code ([`status_of`]).
//!
//! We extend JSON and never change it: readers ignore members they do not know, and members that may be missing have a
//! default. This crate does no I/O.

mod answers;
pub mod applications;
mod cancellation;
pub mod catalogue;
pub mod content_reader;
mod description;
pub mod enrollment;
pub mod headers;
pub mod json;
mod libraries;
pub mod limits;
pub mod media;
pub mod object;
pub mod openapi;
pub mod overview;
pub mod problem;
mod problem_xml;
mod quotas;
pub mod routes;
mod schemas;
mod signature_check;
mod status;
mod warning;
pub mod weights;

pub use answers::{
    AccountList, AccountOverview, CallerOverview, EndWarning, Health, HealthCondition, Heartbeat, ReportLink,
    ReportList,
};
pub use cancellation::{CancellationAnswer, NotCancelled};
pub use catalogue::{CatalogueEntry, ErrorCatalogue, Texts, TextsInBothLanguages};
pub use description::{RouteDescription, ServiceDescription, SupportContact};
pub use enrollment::EnrollmentRules;
pub use libraries::{LibraryEntry, LibraryList, LibraryManifest, LibraryOverview, LibraryRelease};
pub use overview::{BlockOverview, MessageOverview, PaymentRefusal, ReasonText, StatusCount};
pub use problem::{Problem, ProblemFinding};
pub use quotas::{QuotaHolder, QuotaLeft, Quotas};
pub use schemas::{SchemaLink, SchemaList};
pub use signature_check::{SignatureCheck, SignatureStep};
pub use status::{is_retryable, status_of};
pub use warning::{WARNINGS_MAX, Warning};
