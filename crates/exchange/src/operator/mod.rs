//! Acts of the Treasury's staff.

pub(crate) mod acts;
pub(crate) mod body_comparison;
pub(crate) mod clock;
pub(crate) mod day;
pub(crate) mod export;
pub(crate) mod grants;
pub(crate) mod input;
pub(crate) mod later_rights;
pub(crate) mod notices;
mod online_users;
mod persons;
pub(crate) mod restores;
pub(crate) mod returns;
mod room;
pub(crate) mod set_aside;
pub(crate) mod shared_settings;
pub(crate) mod user_change;
