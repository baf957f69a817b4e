//! Stored rows as values.

mod audit;
mod body_place;
mod certificates;
mod clock;
mod directory;
mod entries;
mod evidence;
mod gauges;
mod messages;
mod notices;
mod persons;
mod reports;

pub use self::audit::*;
pub use body_place::*;
pub use certificates::*;
pub use clock::*;
pub use directory::*;
pub use entries::*;
pub use evidence::*;
pub use gauges::*;
pub use messages::*;
pub use notices::*;
pub use persons::*;
pub use reports::*;
