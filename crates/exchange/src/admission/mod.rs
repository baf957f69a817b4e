//! The decision about a message: its assessment by check and store ([`assessment`]), the transaction that makes the
//! decision final ([`decide`]), and the status report about it ([`first_report`]).

pub(crate) mod assessment;
pub(crate) mod decide;
pub(crate) mod duplicates;
pub(crate) mod first_report;
pub(crate) mod message_payments;
pub(crate) mod payment_in_file;
pub(crate) mod staged;
