//! Makes an installation from a plan: authority, certificates, configuration, and everything in the store.
//!
//! The command makes it beside its place and moves it there when it is complete, so a folder holds either a whole
//! installation or none.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use audit::AuditKey;
use exchange::{
    Exchange, Grants, NewAccount, NewCertificate, NewClient, NewOnlineUser, Operator, Preferences, Settings,
    SystemClock,
};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Currency;
use pki::{CertificateAuthority, Holder, Issued, KeyInFile, SeparateKey, Subject, Validity};
use store::{AcceptancePolicy, AccessMode, ClientId, Fingerprint, OnlineUserId};

use super::error::InstallationError;
use super::folder::{ConnectionFile, Folder, Usage, create_folder, write_private, write_public};
use super::operators::first_operators;
use super::plan::{Acceptance, ClientPlan, Mode, OnlineUserPlan, Plan};
use super::validity::{CERTIFICATE_DAYS, last_day_of_registration};
use crate::boxed::Boxed;
use crate::configuration::{self, Configuration};
use crate::reach::{self, Hosts};

/// Characters, of 32 possible ones, that distinguish authorities of installations.
const AUTHORITY_MARK_CHARS: usize = 8;
/// What the template says of support, …
const NO_SUPPORT: &str = "name_lv = \"\"\nname_en = \"\"\nemail = \"\"\nphone = \"\"\npage = \"\"\n";
/// … and a sandbox, so that those who try it see where it is shown.
const SANDBOX_SUPPORT: &str = "name_lv = \"Smilškastes palīdzība (izdomāta)\"\nname_en = \"Help of the sandbox (made up)\"\n\
    email = \"help@example.org\"\nphone = \"+371 60000000\"\npage = \"https://example.org/help\"\n";

/// How long the root of an installation is valid.
pub(crate) const ROOT_DAYS: u32 = 7300;
/// How long its issuing authority is valid.
pub(crate) const AUTHORITY_DAYS: u32 = 3650;
/// The key store of an online user: certificate and key in one file.
pub(crate) const KEY_STORE: &str = "certificate.p12";
/// The password of every key store in a sandbox; its keys lie beside it in clear.
pub(crate) const KEY_STORE_PASSWORD: &str = "sandbox";
/// Where the service of a new installation gets the passphrase of its issuing key.
const INITIAL_PASSPHRASE_FROM: &str = "env:TDAM_AUTHORITY_PASSPHRASE";
/// Where the authority of the database's certificate is kept, below the installation's folder.
const DATABASE_AUTHORITY: &str = "pki/database-ca.pem";

/// Where an installation is reached, and where its data is.
#[derive(Clone, Debug)]
pub struct Site {
    /// Where it listens (HTTPS).
    pub address: SocketAddr,
    /// Where it listens for health (HTTP).
    pub plain: Option<SocketAddr>,
    /// The host name or address by which clients reach it, if it is none of the usual ones.
    pub name: Option<String>,
    /// Its PostgreSQL database; `None` for SQLite in its folder.
    pub database: Option<Database>,
    /// Whether it is a sandbox, whose time may be simulated. For ever.
    pub is_sandbox: bool,
    /// What the keys of its authorities are encrypted with; `None`: they lie in files that only their owner may read.
    pub passphrase: Option<String>,
}

/// A PostgreSQL database, and the schema in it. URLs are without passwords.
#[derive(Clone, Debug)]
pub struct Database {
    /// For the role that serves.
    pub url: String,
    /// For the role that owns the schema, if it is another one.
    pub owner_url: Option<String>,
    /// PEM file of the authority that the database's certificate is verified against; a copy goes into the installation.
    pub authority: Option<PathBuf>,
    /// The schema.
    pub schema: String,
}

impl Database {
    /// One on this machine, of which one role owns the schema and serves.
    pub fn new(url: impl Into<String>, schema: impl Into<String>) -> Database {
        Database { url: url.into(), owner_url: None, authority: None, schema: schema.into() }
    }
}

impl Site {
    /// With SQLite, and not a sandbox.
    #[must_use]
    pub fn new(address: SocketAddr, plain: Option<SocketAddr>) -> Site {
        Site { address, plain, name: None, database: None, is_sandbox: false, passphrase: None }
    }

    /// The names for the certificate of its server. A client anywhere else than on this machine uses the configured name, the
    /// address, or, where it listens on all addresses, the machine's name.
    fn server_names(&self) -> Vec<String> {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        names.extend(self.name.clone());
        let address = self.address.ip().to_canonical();
        if address.is_unspecified() {
            let machine = rustix::system::uname();
            names.extend(machine.nodename().to_str().ok().filter(|name| reach::is_host(name)).map(str::to_owned));
        } else {
            names.push(address.to_string());
        }
        let mut known = HashSet::new();
        names.retain(|name| known.insert(name.to_ascii_lowercase()));
        names
    }

    fn url(&self) -> String {
        let hosts = Hosts::of(self.name.as_deref(), self.address.ip(), None, &self.server_names());
        hosts.secure_url(self.address.port())
    }
}

/// An installation that was just made, or found.
#[derive(Clone, Debug)]
pub struct Created {
    /// Where it is.
    pub folder: Folder,
    /// Whether it was made now.
    pub is_new: bool,
}

/// Makes an installation at `folder`, unless there is one already.
///
/// # Errors
/// When the place is taken by something else, a file cannot be written, or the plan is not sound.
pub fn create<'p>(
    folder: Folder,
    plan: &'p Plan,
    site: &'p Site,
    business_day: Date,
) -> Boxed<'p, Result<Created, InstallationError>> {
    Box::pin(create_at(folder, plan, site, business_day))
}

async fn create_at(folder: Folder, plan: &Plan, site: &Site, business_day: Date) -> Result<Created, InstallationError> {
    if folder.holds_an_installation() {
        return Ok(Created { folder, is_new: false });
    }
    if !folder.is_empty() {
        return Err(InstallationError::Occupied(folder.root().to_path_buf()));
    }
    let place = folder.root().to_path_buf();
    let draft = Folder::new(beside(&place));
    if draft.root().exists() {
        fs::remove_dir_all(draft.root()).map_err(at(draft.root()))?;
    }
    fill(&draft, plan, site, business_day).await?;
    fs::rename(draft.root(), &place).map_err(at(&place))?;
    Ok(Created { folder, is_new: true })
}

/// The unfinished installation's place: the same name with a suffix, on the same file system.
fn beside(place: &Path) -> PathBuf {
    let mut name = place.file_name().map_or_else(|| "installation".into(), std::ffi::OsStr::to_os_string);
    name.push(".unfinished");
    place.with_file_name(name)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> InstallationError + '_ {
    |source| InstallationError::File { path: path.to_path_buf(), source }
}

async fn fill(folder: &Folder, plan: &Plan, site: &Site, business_day: Date) -> Result<(), InstallationError> {
    let now = Timestamp::now();
    let parts = ["users", "operators", "data"].map(|part| folder.root().join(part));
    for part in [folder.pki(), folder.messages()].into_iter().chain(parts) {
        create_folder(&part).map_err(at(&part))?;
    }
    let authority = issue_authority(folder, site, now)?;
    make_audit_key(folder, site.passphrase.as_deref())?;
    make_publication_key(folder, site.passphrase.as_deref())?;
    if let Some(path) = site.database.as_ref().and_then(|database| database.authority.as_deref()) {
        let trusted = fs::read_to_string(path).map_err(at(path))?;
        write(&folder.root().join(DATABASE_AUTHORITY), &trusted)?;
    }
    write(&folder.configuration(), &configuration_text(site))?;

    let configuration = Configuration::read(&folder.configuration())?;
    let store = configuration.create_store().await?;
    if configuration.store.is_a_server() && !store.read(|reading| reading.clients()).await?.is_empty() {
        return Err(InstallationError::StoreOccupied(configuration.store.schema));
    }
    if configuration.store.is_a_server() {
        // From now on this installation serves from no other database.
        let named = format!("\nidentity = \"{}\"", store.identity());
        write(&folder.configuration(), &configuration_text(site).replace("\nidentity = \"\"", &named))?;
    }
    let settings = Settings::default();
    let calendar = settings.guideline.calendar(rulebook::Route::Internal);
    let exchange = Exchange::new(store, settings, Arc::new(SystemClock));
    let operator = exchange.operator();
    operator.note_sandbox(site.is_sandbox).await?;
    // Opening balances are booked the day before, so that the first day begins with them and shows only its own entries.
    operator.prepare(calendar.previous_business_day(business_day)).await?;
    let (url, support) = (site.url(), configuration.support.in_both_languages());
    for client in &plan.clients {
        let id = insert_client(&operator, client).await?;
        for user in &client.online_users {
            let user_id = insert_online_user(&operator, id, user, now).await?;
            let holder = Holder::OnlineUser(user_id.0);
            let subject = Subject::new(user.name.as_str()).of(client.name.as_str()).held_by(holder);
            let issued = authority.issue_client(&subject, Validity::of_days(now, CERTIFICATE_DAYS))?;
            operator.insert_certificate(certificate_of(user_id, &issued)).await?;
            let password = if site.is_sandbox { KEY_STORE_PASSWORD.to_owned() } else { pki::random_password()? };
            let connection =
                ConnectionFile { url: &url, name: &user.name, usage: Usage::OnlineUser, support: &support };
            write_identity(folder, user, &issued, &password, &connection)?;
        }
    }
    first_operators(folder, &exchange, &authority, &plan.operators, &url, &support).await?;
    operator.set_business_day(business_day).await?;
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), InstallationError> {
    write_public(path, text).map_err(at(path))
}

/// A root, an issuing authority below it, and the server's certificate. The root's key is needed again only for the next issuing
/// authority; the service uses the other.
fn issue_authority(folder: &Folder, site: &Site, now: Timestamp) -> Result<CertificateAuthority, InstallationError> {
    // A name of its own: of an authority with the same name and another key, clients would hear that a signature is wrong, and
    // not that they do not know the authority.
    let kind = if site.is_sandbox { "tdam sandbox" } else { "tdam" };
    let mark = authority_mark()?;
    let (root_key, issuing_key) = (KeyInFile::generate()?, KeyInFile::generate()?);
    let encrypted = |key: &KeyInFile| match &site.passphrase {
        Some(passphrase) => key.to_encrypted_pem(passphrase),
        None => Ok(key.to_pem()),
    };
    let keys = [(folder.root_key(), encrypted(&root_key)?), (folder.issuing_key(), encrypted(&issuing_key)?)];
    let root = Subject::new(format!("{kind} root {mark}"));
    let root = CertificateAuthority::create_root(&root, Validity::of_days(now, ROOT_DAYS), Box::new(root_key))?;
    let subject = Subject::new(format!("{kind} authority {mark}"));
    let authority = root.create_issuing(&subject, Validity::of_days(now, AUTHORITY_DAYS), Box::new(issuing_key))?;
    let names = site.server_names();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let server = authority.issue_server(&names, Validity::of_days(now, CERTIFICATE_DAYS))?;
    let pki = folder.pki();
    let trusted = format!("{}{}", root.certificate_pem(), authority.certificate_pem());
    write(&folder.authority_certificate(), &trusted)?;
    write(&folder.issuing_certificate(), authority.certificate_pem())?;
    write(&pki.join("server.pem"), &server.chain_pem)?;
    let server_key = (pki.join("server.key"), server.private_key_pem.unwrap_or_default());
    for (path, key) in keys.into_iter().chain([server_key]) {
        write_private(&path, &key).map_err(at(&path))?;
    }
    Ok(authority)
}

/// What distinguishes the names of authorities.
pub(crate) fn authority_mark() -> Result<String, pki::PkiError> {
    Ok(pki::random_password()?.chars().take(AUTHORITY_MARK_CHARS).collect())
}

/// The key that signs checkpoints of the audit chain, and the key by which everybody verifies them.
fn make_audit_key(folder: &Folder, passphrase: Option<&str>) -> Result<(), InstallationError> {
    let key = SeparateKey::generate()?;
    let pem = match passphrase {
        Some(passphrase) => key.to_encrypted_pem(passphrase)?,
        None => key.to_pem(),
    };
    let public =
        AuditKey::from_pkcs8(key.pkcs8()).map_err(|error| InstallationError::Plan(error.to_string()))?.public();
    let path = folder.audit_key();
    write_private(&path, pem).map_err(at(&path))?;
    write(&folder.audit_public_key(), &format!("{public}\n"))
}

/// The key that signs what is given out to everybody, and the key by which everybody verifies it.
fn make_publication_key(folder: &Folder, passphrase: Option<&str>) -> Result<(), InstallationError> {
    let key = SeparateKey::generate()?;
    let pem = match passphrase {
        Some(passphrase) => key.to_encrypted_pem(passphrase)?,
        None => key.to_pem(),
    };
    let path = folder.publication_key();
    write_private(&path, pem).map_err(at(&path))?;
    write(&folder.publication_public_key(), &key.public_pem())
}

/// The template with the addresses and the database of this installation.
fn configuration_text(site: &Site) -> String {
    let defaults = configuration::Listen::default();
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let shown = |plain: Option<SocketAddr>| plain.map(|plain| plain.to_string()).unwrap_or_default();
    let passphrase = if site.passphrase.is_some() { INITIAL_PASSPHRASE_FROM } else { "" };
    let text = configuration::TEMPLATE
        .replace("\nissuing_certificate = \"\"", "\nissuing_certificate = \"pki/issuing.pem\"")
        .replace("\nissuing_key = \"\"", "\nissuing_key = \"pki/issuing.key\"")
        // In the order of their sections.
        .replacen("\nkey = \"\"", "\nkey = \"pki/audit.key\"", 1)
        .replacen("\nkey = \"\"", "\nkey = \"pki/publication.key\"", 1)
        .replace("\npassphrase_from = \"\"", &format!("\npassphrase_from = {}", quoted(passphrase)))
        .replace(&format!("address = \"{}\"", defaults.address), &format!("address = \"{}\"", site.address))
        .replace(&format!("plain = \"{}\"", shown(defaults.plain)), &format!("plain = \"{}\"", shown(site.plain)))
        .replace("\nname = \"\"", &format!("\nname = {}", quoted(site.name.as_deref().unwrap_or_default())));
    let text = if site.is_sandbox { text.replace(NO_SUPPORT, SANDBOX_SUPPORT) } else { text };
    let Some(Database { url, owner_url, authority, schema }) = &site.database else { return text };
    let default_schema = format!("schema = {}", quoted(&configuration::Storage::default().schema));
    let authority = authority.as_ref().map_or("", |_| DATABASE_AUTHORITY);
    text.replace("\nurl = \"\"", &format!("\nurl = {}", quoted(url)))
        .replace("\nowner_url = \"\"", &format!("\nowner_url = {}", quoted(owner_url.as_deref().unwrap_or_default())))
        .replace("\nauthority = \"\"", &format!("\nauthority = {}", quoted(authority)))
        .replace(&default_schema, &format!("schema = {}", quoted(schema)))
}

async fn insert_client(operator: &Operator, plan: &ClientPlan) -> Result<ClientId, InstallationError> {
    let client = NewClient {
        name: plan.name.clone(),
        registration_number: plan.registration_number.clone(),
        acceptance: match plan.acceptance {
            Acceptance::AllOrNothing => AcceptancePolicy::AllOrNothing,
            Acceptance::Partial => AcceptancePolicy::Partial,
        },
        preferences: Preferences {
            lists_every_payment: plan.lists_every_payment,
            daily_balances: plan.daily_balances,
            end_to_end_ids: plan.end_to_end_ids_unique,
        },
    };
    let id = operator.insert_client(client).await?;
    for account in &plan.accounts {
        let account = NewAccount {
            client: id,
            iban: account.iban.clone(),
            owner_name: plan.name.clone(),
            kind: account.kind.into(),
            currency: Currency::EUR,
            opening: account.opening.minor()?,
            limits: account.limits()?,
        };
        operator.insert_account(account).await?;
    }
    Ok(id)
}

async fn insert_online_user(
    operator: &Operator,
    client: ClientId,
    plan: &OnlineUserPlan,
    now: Timestamp,
) -> Result<OnlineUserId, InstallationError> {
    let valid_until = last_day_of_registration(now)?;
    let user = NewOnlineUser {
        client,
        name: plan.name.clone(),
        mode: match plan.mode {
            Mode::View => AccessMode::View,
            Mode::Manage => AccessMode::Manage,
        },
        registration_valid_until: valid_until,
        allowed_networks: plan.networks.clone(),
        accounts: plan.accounts.clone().map_or(Grants::All, Grants::These),
        signature_required: plan.signature_required,
    };
    Ok(operator.insert_online_user(user).await?)
}

fn certificate_of(user: OnlineUserId, issued: &Issued) -> NewCertificate {
    NewCertificate {
        fingerprint: Fingerprint(issued.info.fingerprint),
        user,
        serial: issued.info.serial.clone(),
        not_before: issued.info.not_before,
        not_after: issued.info.not_after,
    }
}

fn write_identity(
    folder: &Folder,
    user: &OnlineUserPlan,
    issued: &Issued,
    password: &str,
    connection: &ConnectionFile<'_>,
) -> Result<(), InstallationError> {
    let place = folder.user(&user.folder);
    create_folder(&place).map_err(at(&place))?;
    write(&place.join("certificate.pem"), &issued.chain_pem)?;
    let key = place.join("key.pem");
    write_private(&key, issued.private_key_pem.as_deref().unwrap_or_default()).map_err(at(&key))?;
    let key_store = place.join(KEY_STORE);
    write_private(&key_store, issued.key_store(&user.folder, password)?).map_err(at(&key_store))?;
    let password_file = place.join(format!("{KEY_STORE}.password"));
    write_private(&password_file, format!("{password}\n")).map_err(at(&password_file))?;
    write(&folder.connection(&place), &connection.text())
}
