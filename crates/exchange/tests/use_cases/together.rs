//! Small messages that wait at the same time are decided together: each gets the answer that it would get alone, one that fails
//! takes no other with it, and the books are those of one decision after the other.
//!
//! All tests run on SQLite, and on PostgreSQL where it is installed.

mod equivalence;
mod groups;
mod waiting;
