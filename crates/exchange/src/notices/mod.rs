//! What ends, and that nobody overlooks it: certificates and registrations of online users, and the authority that they trust, days ahead.
//!
//! Every answer to a caller says it, from what the node knows in memory ([`ends`]). Its contact person gets a letter 60, 30,
//! 14, 7 and 1 days ahead: a chore makes a notice of it ([`make`]), each once whatever crashes, and a loop of its own sends it
//! ([`send`]), since a mail server that does not answer must hold up no payment. What is in the outbox is sent only while it is still
//! true ([`due`]): a renewal ends the notices of what it renews.

mod due;
pub(crate) mod end;
mod ends;
pub(crate) mod make;
mod send;
