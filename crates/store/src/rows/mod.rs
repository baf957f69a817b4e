//! What is stored, as values.

mod clock;
mod directory;
mod entries;
mod messages;
mod reports;

pub use clock::*;
pub use directory::*;
pub use entries::*;
pub use messages::*;
pub use reports::*;
