//! An installation to begin with: institutions, accounts, online users, and the certificates they connect with.
//!
//! `tdam init` makes one for a server, `tdam sandbox` and `tdam demo` make their own from the embedded plan. What is made
//! is the same in all three: a folder that `tdam serve --config FOLDER/tdam.toml` can serve.

mod create;
mod error;
mod folder;
mod operators;
mod plan;
mod validity;

pub(crate) use create::{AUTHORITY_DAYS, KEY_STORE, KEY_STORE_PASSWORD, ROOT_DAYS, authority_mark};
pub use create::{Created, Database, Site, create};
pub use error::InstallationError;
pub(crate) use folder::write_public;
pub use folder::{ConnectionFile, Folder, Usage};
pub(crate) use operators::first_operators;
pub use plan::{
    Acceptance, AccountPlan, ClientPlan, Kind, Mode, Number, OnlineUserPlan, OperatorPlan, OperatorRole, Plan,
};
pub(crate) use validity::CERTIFICATE_DAYS;

/// The plan that sandbox and demo use.
pub const SANDBOX: &str = include_str!("sandbox.toml");
