//! Tests of the usage guideline and of the catalogue.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod addresses;
mod calendar;
mod catalogue;
mod characters;
mod code_sets;
mod common;
mod counts_and_sums;
mod dates;
mod duplicates;
mod ekk;
mod iban;
mod report_requests;
mod routes;
