//! What server and clients share about HTTP: routes, headers, media types, and the shapes of every JSON answer.
//!
//! A client library and the server are written against the same constants and the same types, so that neither can
//! drift from the other; the libraries for Java, PHP and .NET are checked against what stands here. Bodies of
//! business are ISO 20022 messages in XML and are not described here; what is, is everything around them: the
//! [`Problem`] that an error is told with, the overviews that are offered as JSON, and how a catalogue code becomes
//! an HTTP status ([`status_of`]).
//!
//! JSON is extended, never changed: readers ignore members they do not know, and members that may be missing have
//! a default. Nothing here does I/O.

mod answers;
pub mod catalogue;
mod description;
pub mod headers;
pub mod json;
pub mod media;
pub mod overview;
pub mod problem;
mod problem_xml;
pub mod routes;
mod schemas;
mod status;
pub mod weights;

pub use answers::{
    AccountList, AccountOverview, CallerOverview, Health, HealthCondition, Heartbeat, ReportLink, ReportList,
};
pub use catalogue::{CatalogueEntry, ErrorCatalogue, Texts, TextsInBothLanguages};
pub use description::{RouteDescription, ServiceDescription, SupportContact};
pub use overview::{BlockOverview, MessageOverview, PaymentRefusal, ReasonText, StatusCount};
pub use problem::{Problem, ProblemFinding};
pub use schemas::{SchemaLink, SchemaList};
pub use status::{is_retryable, status_of};
