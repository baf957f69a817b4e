//! Signatures by people.

mod model;
mod rules;
mod second;
