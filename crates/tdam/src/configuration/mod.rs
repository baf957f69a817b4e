//! The configuration of a server: one commented TOML file.
//!
//! The template in `tdam.toml` is the documentation of every key. Tests hold it against [`Configuration`]: it reads as
//! the defaults, and it names every key there is.

mod audit_key;
mod authority;
mod check;
mod host_name;
mod libraries;
mod mail;
mod open_store;
mod quotas;
mod shared;
mod storage;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

pub use audit_key::Audit;
pub use authority::Authority;
pub(crate) use authority::passphrase_from;
pub use check::Check;
pub use libraries::{Libraries, Publication};
pub use mail::{Mail, MailSecurity};
pub use quotas::Quotas;
pub use storage::Storage;
pub use support::Support;

/// The commented template with every key and its default.
pub const TEMPLATE: &str = include_str!("tdam.toml");

/// Longest configuration file that is read.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// What `tdam serve` reads.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Configuration {
    /// Folder of the database and of large bodies, unless they are in PostgreSQL.
    pub data: PathBuf,
    /// The PostgreSQL database, if it is one.
    pub store: Storage,
    /// Where it listens.
    pub listen: Listen,
    /// What clients share.
    pub shares: Shares,
    /// What online users and addresses may use over time.
    pub quotas: Quotas,
    /// Certificates and keys.
    pub tls: Tls,
    /// What certificates are issued with.
    pub authority: Authority,
    /// What signs checkpoints of the audit chain.
    pub audit: Audit,
    /// What signs what is given out to everybody.
    pub publication: Publication,
    /// The client libraries that are given out.
    pub libraries: Libraries,
    /// How the house names itself.
    pub treasury: Treasury,
    /// Where people of a client find help.
    pub support: Support,
    /// Who takes letters to contact persons.
    pub mail: Mail,
    /// Bounds of messages.
    pub messages: Messages,
    /// What messages may keep in memory.
    pub memory: Memory,
    /// Bounds of reports.
    pub reports: Reports,
    /// How the business day moves.
    pub business_day: BusinessDay,
    /// The settlement simulator.
    pub settlement: Settlement,
    /// Data that the exchange keeps only for a time.
    pub retention: Retention,
    /// When stored data are checked.
    pub check: Check,
    /// How room for the data is shared.
    pub room: Room,
    /// Logs.
    pub log: Log,
    /// What only a sandbox has.
    pub sandbox: Sandbox,
}

/// `[listen]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Listen {
    pub address: SocketAddr,
    #[serde(with = "empty_is_none")]
    pub plain: Option<SocketAddr>,
    #[serde(with = "empty_is_none")]
    pub enrollment: Option<SocketAddr>,
    #[serde(with = "empty_is_none")]
    pub metrics: Option<SocketAddr>,
    #[serde(with = "host_name")]
    pub name: Option<String>,
    pub proxies: Vec<IpNet>,
    pub connections_max: usize,
    pub connection_idle_seconds: u64,
    pub connection_age_seconds: u64,
    pub handshakes_max: usize,
    pub plain_connections_max: usize,
    pub handshake_timeout_seconds: u64,
    pub idle_timeout_seconds: u64,
    pub stop_timeout_seconds: u64,
}

/// `[shares]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Shares {
    pub requests_max: usize,
    pub waiting_max: usize,
    pub large_submissions_max: usize,
    pub readings_max: usize,
    pub unread_answer_bytes_max: u64,
    pub answer_folder: PathBuf,
}

/// `[tls]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub client_authority: PathBuf,
}

/// `[treasury]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Treasury {
    pub bic: String,
    pub name_lv: String,
    pub name_en: String,
}

/// `[messages]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Messages {
    pub body_bytes_max: u64,
    pub blocks_max: usize,
    pub small_message_payments_max: u32,
    pub stage_chunk_payments: u32,
    pub wait_seconds: u64,
    pub findings_max: usize,
    pub signatures_required: bool,
}

/// `[memory]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Memory {
    pub message_bytes_max: usize,
    pub client_bytes_max: usize,
    pub all_bytes_max: usize,
}

/// `[reports]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Reports {
    pub entries_per_page: u32,
}

/// `[business_day]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct BusinessDay {
    pub automatic: bool,
}

/// `[settlement]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Settlement {
    pub simulator_cycle_milliseconds: u64,
    pub execute_chunk_payments: u32,
    pub lots_together_max: u32,
}

/// `[retention]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Retention {
    pub large_bodies_days: u32,
}

/// `[room]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Room {
    pub first_watermark_percent: u8,
    pub first_watermark_bytes: u64,
    pub second_watermark_percent: u8,
    pub second_watermark_bytes: u64,
    pub client_share_percent: u8,
    pub reserve_bytes: u64,
    pub database_bytes_max: u64,
}

/// `[log]`
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Log {
    pub format: LogFormat,
    pub level: String,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: a JSON object a line.
    Json,
}

/// `[sandbox]`
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the template documents every key")]
pub struct Sandbox {
    pub debtor_aliases: BTreeMap<String, String>,
}

impl Default for Configuration {
    fn default() -> Configuration {
        Configuration {
            data: PathBuf::from("data"),
            store: Storage::default(),
            listen: Listen::default(),
            shares: Shares::default(),
            quotas: Quotas::default(),
            tls: Tls::default(),
            authority: Authority::default(),
            audit: Audit::default(),
            publication: Publication::default(),
            libraries: Libraries::default(),
            treasury: Treasury::default(),
            support: Support::default(),
            mail: Mail::default(),
            messages: Messages::default(),
            memory: Memory::default(),
            reports: Reports::default(),
            business_day: BusinessDay::default(),
            settlement: Settlement::default(),
            retention: Retention::default(),
            check: Check::default(),
            room: Room::default(),
            log: Log::default(),
            sandbox: Sandbox::default(),
        }
    }
}

impl Default for Listen {
    fn default() -> Listen {
        let limits = server::Limits::default();
        Listen {
            address: SocketAddr::from(([127, 0, 0, 1], 8443)),
            plain: Some(SocketAddr::from(([127, 0, 0, 1], 8080))),
            enrollment: None,
            metrics: None,
            name: None,
            proxies: Vec::new(),
            connections_max: limits.connections_max,
            connection_idle_seconds: limits.connection_idle_max.as_secs(),
            connection_age_seconds: limits.connection_age_max.as_secs(),
            handshakes_max: limits.handshakes_max,
            plain_connections_max: limits.plain_connections_max,
            handshake_timeout_seconds: 10,
            idle_timeout_seconds: 30,
            stop_timeout_seconds: 30,
        }
    }
}

impl Default for Shares {
    fn default() -> Shares {
        let limits = server::Limits::default();
        Shares {
            requests_max: limits.requests_in_flight_max,
            waiting_max: limits.waiting_max,
            large_submissions_max: limits.large_submissions_max,
            readings_max: limits.readings_max,
            unread_answer_bytes_max: limits.unsent_file_bytes_max,
            answer_folder: PathBuf::new(),
        }
    }
}

impl Default for Tls {
    fn default() -> Tls {
        Tls {
            certificate: PathBuf::from("pki/server.pem"),
            key: PathBuf::from("pki/server.key"),
            client_authority: PathBuf::from("pki/ca.pem"),
        }
    }
}

impl Default for Treasury {
    fn default() -> Treasury {
        let house = exchange::Identification::default();
        Treasury { bic: house.bic, name_lv: house.name_lv, name_en: house.name_en }
    }
}

impl Default for Messages {
    fn default() -> Messages {
        let settings = exchange::Settings::default();
        Messages {
            body_bytes_max: settings.body_bytes_max,
            blocks_max: settings.blocks_max,
            small_message_payments_max: settings.small_message_payments_max,
            stage_chunk_payments: settings.stage_chunk_payments,
            wait_seconds: 20,
            findings_max: settings.findings_max,
            signatures_required: settings.signatures_required,
        }
    }
}

impl Default for Memory {
    fn default() -> Memory {
        let exchange::MemoryLimits { message_bytes_max, client_bytes_max, all_bytes_max } =
            exchange::Settings::default().memory;
        Memory { message_bytes_max, client_bytes_max, all_bytes_max }
    }
}

impl Default for Reports {
    fn default() -> Reports {
        Reports { entries_per_page: exchange::Settings::default().entries_per_page }
    }
}

impl Default for BusinessDay {
    fn default() -> BusinessDay {
        BusinessDay { automatic: true }
    }
}

impl Default for Settlement {
    fn default() -> Settlement {
        let settings = exchange::Settings::default();
        let cycle = settings.settlement.cycle.as_millis();
        Settlement {
            simulator_cycle_milliseconds: u64::try_from(cycle).unwrap_or(u64::MAX),
            execute_chunk_payments: settings.execute_chunk_payments,
            lots_together_max: settings.lots_together_max,
        }
    }
}

impl Default for Room {
    fn default() -> Room {
        let exchange::RoomSettings { first, second, client_share_percent, reserve_bytes, database_bytes_max } =
            exchange::RoomSettings::default();
        Room {
            first_watermark_percent: first.percent,
            first_watermark_bytes: first.bytes,
            second_watermark_percent: second.percent,
            second_watermark_bytes: second.bytes,
            client_share_percent,
            reserve_bytes,
            database_bytes_max: database_bytes_max.unwrap_or(0),
        }
    }
}

impl Room {
    fn settings(&self) -> exchange::RoomSettings {
        exchange::RoomSettings {
            first: exchange::Watermark { bytes: self.first_watermark_bytes, percent: self.first_watermark_percent },
            second: exchange::Watermark { bytes: self.second_watermark_bytes, percent: self.second_watermark_percent },
            client_share_percent: self.client_share_percent,
            reserve_bytes: self.reserve_bytes,
            database_bytes_max: Some(self.database_bytes_max).filter(|bytes| *bytes > 0),
        }
    }
}

impl Default for Log {
    fn default() -> Log {
        Log { format: LogFormat::Text, level: "info".to_owned() }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is larger than any configuration.
    #[error("{path} is longer than {FILE_BYTES_MAX} bytes")]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// The file says something that no configuration says.
    #[error("{path}: {message}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What, with line and column.
        message: String,
    },
}

impl Configuration {
    /// Reads a configuration file; relative paths in it become relative to its folder.
    ///
    /// # Errors
    /// When the file cannot be read, has an unknown key, or a value of the wrong kind.
    pub fn read(path: &Path) -> Result<Configuration, ConfigurationError> {
        let unreadable = |source| ConfigurationError::Unreadable { path: path.to_path_buf(), source };
        if fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
            return Err(ConfigurationError::TooLong { path: path.to_path_buf() });
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let wrong =
            |error: toml::de::Error| ConfigurationError::Wrong { path: path.to_path_buf(), message: error.to_string() };
        let mut configuration: Configuration = toml::from_str(&text).map_err(wrong)?;
        let quotas = configuration.quotas.check(configuration.messages.body_bytes_max);
        quotas.map_err(|message| ConfigurationError::Wrong { path: path.to_path_buf(), message })?;
        configuration.resolve(path.parent().unwrap_or(Path::new(".")));
        Ok(configuration)
    }

    /// Makes relative paths relative to a folder.
    pub fn resolve(&mut self, folder: &Path) {
        let tls = &mut self.tls;
        for path in [&mut self.data, &mut tls.certificate, &mut tls.key, &mut tls.client_authority] {
            *path = folder.join(&*path);
        }
        // An empty path means none.
        if !self.shares.answer_folder.as_os_str().is_empty() {
            self.shares.answer_folder = folder.join(&self.shares.answer_folder);
        }
        self.store.resolve(folder);
        self.authority.resolve(folder);
        self.audit.resolve(folder);
        self.publication.resolve(folder);
        self.libraries.resolve(folder);
        self.mail.resolve(folder);
    }

    /// Where answers lie that wait to be read.
    #[must_use]
    pub fn answer_folder(&self) -> PathBuf {
        let configured = &self.shares.answer_folder;
        match (configured.as_os_str().is_empty(), self.store.is_a_server()) {
            (false, _) => configured.clone(),
            (true, false) => self.data.clone(),
            // There is no folder of data then.
            (true, true) => std::env::temp_dir(),
        }
    }

    /// The use cases' settings.
    #[must_use]
    pub fn exchange_settings(&self) -> exchange::Settings {
        let mut settings = exchange::Settings {
            body_bytes_max: self.messages.body_bytes_max,
            signatures_required: self.messages.signatures_required,
            blocks_max: self.messages.blocks_max,
            memory: exchange::MemoryLimits {
                message_bytes_max: self.memory.message_bytes_max,
                client_bytes_max: self.memory.client_bytes_max,
                all_bytes_max: self.memory.all_bytes_max,
            },
            small_message_payments_max: self.messages.small_message_payments_max,
            stage_chunk_payments: self.messages.stage_chunk_payments,
            execute_chunk_payments: self.settlement.execute_chunk_payments,
            lots_together_max: self.settlement.lots_together_max,
            findings_max: self.messages.findings_max,
            entries_per_page: self.reports.entries_per_page,
            large_bodies_days: Some(self.retention.large_bodies_days).filter(|days| *days > 0),
            room: self.room.settings(),
            debtor_aliases: self.sandbox.debtor_aliases.clone(),
            ..exchange::Settings::default()
        };
        settings.identification = exchange::Identification {
            bic: self.treasury.bic.clone(),
            name_lv: self.treasury.name_lv.clone(),
            name_en: self.treasury.name_en.clone(),
        };
        settings.settlement.cycle = Duration::from_millis(self.settlement.simulator_cycle_milliseconds);
        settings
    }
}

/// An optional address that is written as an empty text when there is none.
mod empty_is_none {
    use std::net::SocketAddr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(address: &Option<SocketAddr>, to: S) -> Result<S::Ok, S::Error> {
        match address {
            Some(address) => to.collect_str(address),
            None => to.serialize_str(""),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
        let text = String::deserialize(from)?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| D::Error::custom(format!("{text:?} is no address such as 127.0.0.1:8080")))
    }
}
