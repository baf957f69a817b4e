//! What is stored, as values.

mod directory;
mod entries;
mod messages;
mod reports;
mod upkeep;

pub use directory::*;
pub use entries::*;
pub use messages::*;
pub use reports::*;
pub use upkeep::*;
