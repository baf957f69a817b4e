//! Double entry: accounts, holds, postings, balances, limits.
