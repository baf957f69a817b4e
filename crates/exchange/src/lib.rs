//! The use cases of the exchange: receive, check, answer, report.
