//! Persistence: one contract, SQLite inside by default.
