//! The operator's settings of an exchange.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use audit::AuditKey;
use jiff::Timestamp;
use mail::MailServer;
use pki::CertificateAuthority;
use rulebook::Guideline;

use crate::{MemoryLimits, OutsideAuthority, RoomSettings, bounds};

/// All choices of an operator. [`Settings::default`] has the Treasury's values.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The usage guideline: which rules hold, with which limits.
    pub guideline: Guideline,
    /// The house as its messages name it.
    pub identification: Identification,
    /// Longest body of a submission in bytes, after inflation.
    pub body_bytes_max: u64,
    /// Blocks of one message.
    pub blocks_max: usize,
    /// What messages may take while they are read and decided on.
    pub memory: MemoryLimits,
    /// A message of at most so many payments is admitted in one transaction.
    pub small_message_payments_max: u32,
    /// So many payments of a large message are stored at a time.
    pub stage_chunk_payments: u32,
    /// A body is read while it arrives once it is longer than this.
    pub read_ahead_bytes_min: u64,
    /// When nothing of it arrives for so long, it is read when it is complete.
    pub read_ahead_patience: Duration,
    /// So many payments are executed in one transaction.
    pub execute_chunk_payments: u32,
    /// So many lots are executed or settled in one transaction, however few payments they have: it holds their accounts.
    pub lots_together_max: u32,
    /// Maximum number of listed findings.
    pub findings_max: usize,
    /// So many refused payments a pain.002 names one by one.
    pub refusals_named_max: usize,
    /// So many entries stand on one page of a report.
    pub entries_per_page: u32,
    /// Sandbox only: which of our IBANs stands for an IBAN that a foreign test file debits.
    pub debtor_aliases: BTreeMap<String, String>,
    /// This is a sandbox: its time may be simulated, and it holds no real money. Decided when it is made.
    pub is_sandbox: bool,
    /// What any online user submits has to be signed, and not only where it is demanded of the user.
    pub signatures_required: bool,
    /// Sandbox and tests only: the local time that counts as the time of receipt, on the business day itself,
    /// independent of the clock. `None`: the clock's time in Europe/Riga. See [`crate::local_time_of_receipt`].
    pub business_time: Option<jiff::civil::Time>,
    /// Days for which the bodies of answered messages are kept that lie outside the database; `None`: for ever.
    pub large_bodies_days: Option<u32>,
    /// How room for the data is shared.
    pub room: RoomSettings,
    /// What this node issues certificates with at first ([`crate::Exchange::take_up_authorities`]); `None`: it issues none.
    pub issuing: Option<Issuing>,
    /// Authorities of other houses whose certificates online users may have, at first
    /// ([`crate::Exchange::take_up_outside_authorities`]).
    pub outside_authorities: Vec<OutsideAuthority>,
    /// What this node signs checkpoints of the audit chain with; `None`: it signs none.
    pub checkpoints: Option<Checkpoints>,
    /// Who takes letters to contact persons; `None`: no letters are written.
    pub mail: Option<Mail>,
    /// The settlement simulator.
    pub settlement: SettlementSettings,
    /// Poll interval of the background work when something may be due by the clock, or other nodes may have written
    /// work without a notification.
    pub tick: Duration,
    /// Poll interval while notifications work and nothing waits for the clock.
    pub tick_with_news: Duration,
}

/// How the house names itself in its messages.
#[derive(Clone, Debug)]
pub struct Identification {
    /// BIC: `TRELLV22`.
    pub bic: String,
    /// Name in Latvian: `Valsts kase`.
    pub name_lv: String,
    /// Name in English.
    pub name_en: String,
}

/// The authority that takes the place of the one in use.
#[derive(Clone, Debug)]
pub struct NextAuthority {
    /// The authority.
    pub authority: Arc<CertificateAuthority>,
    /// From when on it signs certificates.
    pub issues_from: Timestamp,
}

/// What a node issues certificates with.
#[derive(Clone, Debug)]
pub struct Issuing {
    /// The authority.
    pub authority: Arc<CertificateAuthority>,
    /// The authority after it, published ahead of its use.
    pub next: Option<NextAuthority>,
    /// For so many days the next authority is published before the server shows a certificate of it.
    pub published_days: u32,
    /// For so many days certificates are valid, if their registration is.
    pub certificate_days: u32,
    /// For so long a revocation list is valid.
    pub revocation_list_valid: Duration,
}

/// How a node signs checkpoints of the audit chain.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    /// The key, which signs nothing else.
    pub key: AuditKey,
    /// At most so long a line waits for a checkpoint.
    pub every: Duration,
}

/// How letters go to contact persons.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Who takes them.
    pub server: Arc<MailServer>,
    /// Where their readers find help, in Latvian and English; may be empty.
    pub support: [String; 2],
}

/// How the settlement simulator behaves.
#[derive(Clone, Debug)]
pub struct SettlementSettings {
    /// How long a settlement cycle takes: a lot dispatched settles one cycle later.
    pub cycle: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            guideline: Guideline::latvia(),
            identification: Identification::default(),
            body_bytes_max: bounds::BODY_BYTES_MAX,
            blocks_max: bounds::MESSAGE_BLOCKS_MAX,
            memory: MemoryLimits {
                message_bytes_max: bounds::MESSAGE_MEMORY_BYTES_MAX,
                client_bytes_max: bounds::CLIENT_MEMORY_BYTES_MAX,
                all_bytes_max: bounds::MEMORY_BYTES_MAX,
            },
            small_message_payments_max: bounds::SMALL_MESSAGE_PAYMENTS_MAX,
            stage_chunk_payments: bounds::STAGE_CHUNK_PAYMENTS,
            read_ahead_bytes_min: bounds::READ_AHEAD_BYTES_MIN,
            read_ahead_patience: bounds::READ_AHEAD_PATIENCE,
            execute_chunk_payments: bounds::EXECUTE_CHUNK_PAYMENTS,
            lots_together_max: bounds::LOTS_TOGETHER_MAX,
            findings_max: bounds::FINDINGS_MAX,
            refusals_named_max: bounds::REFUSALS_NAMED_MAX,
            entries_per_page: bounds::ENTRIES_PER_PAGE,
            debtor_aliases: BTreeMap::new(),
            is_sandbox: false,
            signatures_required: false,
            business_time: None,
            large_bodies_days: None,
            room: RoomSettings::default(),
            issuing: None,
            outside_authorities: Vec::new(),
            checkpoints: None,
            mail: None,
            settlement: SettlementSettings::default(),
            tick: bounds::TICK,
            tick_with_news: bounds::TICK_WITH_NEWS,
        }
    }
}

impl Default for Identification {
    fn default() -> Identification {
        Identification {
            bic: "TRELLV22".to_owned(),
            name_lv: "Valsts kase".to_owned(),
            name_en: "State Treasury".to_owned(),
        }
    }
}

impl Default for SettlementSettings {
    fn default() -> SettlementSettings {
        SettlementSettings { cycle: Duration::from_secs(10) }
    }
}
