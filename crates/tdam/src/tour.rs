//! What a sandbox or demonstration tells about itself: address, accounts, who may connect, and lines to paste.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use exchange::Failure;
use store::AccessMode;

use crate::serving::Serving;
use crate::world::Folder;

/// Facts about a running world, for people.
#[derive(Clone, Debug)]
pub(crate) struct Tour {
    url: String,
    plain_url: Option<String>,
    folder: Folder,
    business_day: String,
    accounts: Vec<String>,
    /// Folder, and who connects with what lies there.
    users: Vec<(PathBuf, String)>,
}

impl Tour {
    /// Gathers the facts.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn of(folder: &Folder, serving: &Serving) -> Result<Tour, Failure> {
        let operator = serving.exchange().operator();
        let (mut accounts, mut known) = (Vec::new(), BTreeMap::new());
        for client in operator.clients().await? {
            accounts.push(client.name.clone());
            for account in operator.accounts(client.id).await? {
                let balance = account.ledger.balance().to_string();
                accounts.push(format!("  {}  {balance:>18}  {:?}", account.iban, account.kind));
            }
            for user in operator.online_users(client.id).await? {
                let mode = match user.mode {
                    AccessMode::View => "reads",
                    AccessMode::Manage => "reads and pays",
                };
                let who = format!("{}: {mode} for {}", user.name, client.name);
                for certificate in operator.certificates(user.id).await? {
                    known.insert(certificate.fingerprint.0, who.clone());
                }
            }
        }
        Ok(Tour {
            url: format!("https://{}", serving.address()),
            plain_url: serving.plain_address().map(|address| format!("http://{address}")),
            folder: folder.clone(),
            business_day: operator.business_day().await?.to_string(),
            accounts,
            users: users(folder, &known),
        })
    }

    /// The text.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "\n  {:<14} {}", "Exchange", self.url);
        if let Some(plain) = &self.plain_url {
            let _ = writeln!(text, "  {:<14} {plain}/health, {plain}/v1/errors", "Without TLS");
        }
        let _ = writeln!(text, "  {:<14} {}", "Business day", self.business_day);
        let _ = writeln!(text, "  {:<14} {}", "Authority", self.folder.authority_certificate().display());
        let _ = writeln!(text, "\nAccounts");
        for line in &self.accounts {
            let _ = writeln!(text, "  {line}");
        }
        let _ = writeln!(text, "\nOnline users, each with certificate.pem, key.pem and connection.toml");
        for (place, who) in &self.users {
            let _ = writeln!(text, "  {:<40} {who}", place.display());
        }
        text.push_str(&self.lines_to_paste());
        text
    }

    /// Ready-to-paste lines for `curl` and for this program.
    #[must_use]
    pub(crate) fn lines_to_paste(&self) -> String {
        let Some((user, _)) = self.users.first() else { return String::new() };
        let curl = format!("curl {}", curl_options(&self.folder, user));
        let url = &self.url;
        let user = user.display();
        format!(
            "\nWith curl\n\
             \x20 {curl} {url}/v1/heartbeat\n\
             \x20 {curl} {url}/v1/accounts\n\
             \x20 {curl} -H 'Content-Type: application/xml' --data-binary @payments.xml {url}/v1/payments\n\
             \x20 {curl} '{url}/v1/payments?msg_id=MESSAGE-ID'\n\
             \nWith this program\n\
             \x20 tdam generate pain.001.001.09 --transactions 10 --output payments.xml\n\
             \x20 tdam send --profile {user} payments.xml\n\
             \x20 tdam report --profile {user} --account IBAN\n"
        )
    }
}

/// The folders whose certificate is known to the exchange, and who they are.
fn users(folder: &Folder, known: &BTreeMap<[u8; 32], String>) -> Vec<(PathBuf, String)> {
    let who = |place: &Path| {
        let pem = std::fs::read_to_string(place.join("certificate.pem")).ok()?;
        known.get(&pki::fingerprint(&pki::certificate_der(&pem).ok()?)).cloned()
    };
    folder.users().into_iter().filter_map(|place| who(&place).map(|who| (place, who))).collect()
}

fn curl_options(folder: &Folder, user: &Path) -> String {
    let authority = folder.authority_certificate();
    let (certificate, key) = (user.join("certificate.pem"), user.join("key.pem"));
    format!("--cacert {} --cert {} --key {}", authority.display(), certificate.display(), key.display())
}
