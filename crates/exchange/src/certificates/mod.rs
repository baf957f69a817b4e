//! Certificates of online users: an online user gets its first certificate with a code, the next one with the certificate in use, and
//! the node publishes which are revoked.

pub(crate) mod authorities;
pub(crate) mod authority_state;
pub(crate) mod enrolment;
pub(crate) mod enrolment_code;
pub(crate) mod issue;
pub(crate) mod key_store;
pub(crate) mod outside_lists;
pub(crate) mod renewal;
pub(crate) mod revocation;
pub(crate) mod revocation_list;
pub(crate) mod rules;
