//! Every statement of the plain topics.

use super::executor::Plain;
use super::{
    attempts, audit, business_day, clock, credits, directory, gauges, lots, messages, refusals, reports, retention,
    rights, settings, submissions,
};

/// By file.
pub(crate) const STATEMENTS: &[&[Plain]] = &[
    attempts::STATEMENTS,
    audit::STATEMENTS,
    business_day::STATEMENTS,
    clock::STATEMENTS,
    credits::STATEMENTS,
    directory::STATEMENTS,
    gauges::STATEMENTS,
    lots::STATEMENTS,
    messages::STATEMENTS,
    refusals::STATEMENTS,
    reports::STATEMENTS,
    retention::STATEMENTS,
    rights::STATEMENTS,
    settings::STATEMENTS,
    submissions::STATEMENTS,
];
