//! Every statement of the plain topics.

use super::executor::Plain;
use super::{
    applications, attempts, audit, business_day, certificates, checkpoints, clock, credits, directory, evidence,
    gauges, lots, messages, notices, persons, refusals, reports, restores, retention, rights, settings, submissions,
};

/// By file.
pub(crate) const STATEMENTS: &[&[Plain]] = &[
    applications::STATEMENTS,
    attempts::STATEMENTS,
    audit::STATEMENTS,
    business_day::STATEMENTS,
    certificates::STATEMENTS,
    checkpoints::STATEMENTS,
    clock::STATEMENTS,
    credits::STATEMENTS,
    directory::STATEMENTS,
    evidence::STATEMENTS,
    gauges::STATEMENTS,
    lots::STATEMENTS,
    messages::STATEMENTS,
    notices::STATEMENTS,
    persons::STATEMENTS,
    refusals::STATEMENTS,
    reports::STATEMENTS,
    restores::STATEMENTS,
    retention::STATEMENTS,
    rights::STATEMENTS,
    settings::STATEMENTS,
    submissions::STATEMENTS,
];
