//! The online data exchange module.
fn main() {}
