//! Every statement of the store is one that the database takes: nothing else checks SQL before it runs.

use crate::support::*;

pub fn every_statement_can_be_prepared(open: Open<'_>) {
    let store = open();
    store.prepare_statements().unwrap();
}
