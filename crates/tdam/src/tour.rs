//! The output of a sandbox or demonstration about itself: address, accounts, online users, and lines to paste.
//!
//! The lines work in their order, any number of times, in the folder where the command ran.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use exchange::Failure;
use jiff::civil::Date;
use ledger::AccountState;
use rulebook::Iban;
use store::{AccessMode, TreasuryAccount};

use crate::generate::{DEBTOR_ACCOUNT, DEBTOR_NAME, PayeeAccount, PaymentBatch};
use crate::installation::{Folder, KEY_STORE, KEY_STORE_PASSWORD};
use crate::serving::Serving;

/// Payments of the message that is made by the first line.
const TRANSACTIONS: u32 = 10;

/// Facts about a running installation, for people.
#[derive(Clone, Debug)]
pub(crate) struct Tour {
    url: String,
    plain_url: Option<String>,
    enrollment_url: Option<String>,
    metrics_url: Option<String>,
    /// Where it listens, if that is another address than the URL's.
    listens_on: Option<String>,
    folder: Folder,
    business_day: Date,
    accounts: Vec<String>,
    users: Vec<User>,
}

/// An online user whose certificate lies in the installation's folder.
#[derive(Clone, Debug)]
struct User {
    place: PathBuf,
    known: KnownUser,
}

/// An online user that the exchange knows.
#[derive(Clone, Debug)]
struct KnownUser {
    description: String,
    client: String,
    may_pay: bool,
    /// The account of its client that has most.
    account: Option<Iban>,
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
            let of_client = operator.accounts(client.id).await?;
            for account in &of_client {
                let balance = account.ledger.balance().to_string();
                accounts.push(format!("  {}  {balance:>18}  {:?}", account.iban, account.kind));
            }
            for user in operator.online_users(client.id).await? {
                let may_pay = user.mode == AccessMode::Manage;
                let user_of_client = KnownUser {
                    description: format!(
                        "{}: {} for {}",
                        user.name,
                        if may_pay { "reads and pays" } else { "reads" },
                        client.name
                    ),
                    client: client.name.clone(),
                    may_pay,
                    account: richest(&of_client),
                };
                for certificate in operator.certificates(user.id).await? {
                    known.insert(certificate.fingerprint.0, user_of_client.clone());
                }
            }
        }
        let (url, address) = (serving.url(), serving.address());
        Ok(Tour {
            listens_on: Some(address).filter(|address| url != format!("https://{address}")).map(|it| it.to_string()),
            url,
            plain_url: serving.plain_url(),
            enrollment_url: serving.enrollment_url(),
            metrics_url: serving.metrics_url(),
            folder: folder.clone(),
            business_day: operator.business_day().await?,
            accounts,
            users: users(folder, &known),
        })
    }

    /// The text.
    #[must_use]
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "\n  {:<14} {}", "Exchange", self.url);
        if let Some(address) = &self.listens_on {
            let _ = writeln!(text, "  {:<14} {address}", "Listens on");
        }
        if let Some(plain) = &self.plain_url {
            let _ = writeln!(text, "  {:<14} {plain}/health, {plain}/v1/errors", "Without TLS");
            let _ = writeln!(text, "  {:<14} {plain}/guide", "Guide");
        }
        if let Some(enrollment) = &self.enrollment_url {
            let _ = writeln!(text, "  {:<14} {enrollment}/v1/enrollment", "Enrolment");
        }
        if let Some(metrics) = &self.metrics_url {
            let _ = writeln!(text, "  {:<14} {metrics}", "Metrics");
        }
        let _ = writeln!(text, "  {:<14} {}", "Business day", self.business_day);
        let _ = writeln!(text, "  {:<14} {}", "Authority", self.folder.authority_certificate().display());
        let _ = writeln!(text, "\nAccounts");
        for line in &self.accounts {
            let _ = writeln!(text, "  {line}");
        }
        // Older sandboxes have none.
        let have_key_stores = self.users.iter().all(|user| user.place.join(KEY_STORE).is_file());
        let key_stores =
            if have_key_stores { format!(", {KEY_STORE} (password: {KEY_STORE_PASSWORD})") } else { String::new() };
        let _ = writeln!(text, "\nOnline users, each with certificate.pem, key.pem{key_stores} and connection.toml");
        for User { place, known } in &self.users {
            let _ = writeln!(text, "  {:<40} {}", place.display(), known.description);
        }
        // Older installations have none.
        let operators = self.folder.operators();
        if !operators.is_empty() {
            let _ = writeln!(text, "\nOperators, each with certificate.pem, key.pem and connection.toml");
        }
        for place in operators {
            let _ = writeln!(text, "  {}", place.display());
        }
        let _ = writeln!(text, "\nTo paste into another terminal, in this folder:");
        text.push_str(&self.lines_to_paste());
        text
    }

    /// Ready-to-paste lines for this program and for `curl`.
    #[must_use]
    pub(crate) fn lines_to_paste(&self) -> String {
        let with_account = |user: &&User| user.known.account.is_some();
        let payer = self.users.iter().filter(with_account).find(|user| user.known.may_pay);
        let Some(user) = payer.or_else(|| self.users.iter().find(with_account)) else { return String::new() };
        let Some(account) = user.known.account else { return String::new() };
        let (tdam, url) = (program(), &self.url);
        let curl = format!("curl {}", curl_options(&self.folder, &user.place));
        let profile = format!("--profile {}", quoted(&user.place));
        let mut text = String::new();
        let _ = writeln!(text, "\nWith this program");
        let payments = payer.map(|user| Payments::of(&user.known, account, self.business_day));
        if let Some(Payments { arguments, message_id }) = &payments {
            let _ = writeln!(text, "  {tdam} generate pain.001.001.09 {arguments}--output payments.xml");
            let _ = writeln!(text, "  {tdam} send {profile} payments.xml");
            let _ = writeln!(text, "  {tdam} status {profile} {message_id}");
        }
        let _ = writeln!(text, "  {tdam} report {profile} --account {account}");
        if let Some(operator) = self.folder.operators().first() {
            let _ = writeln!(text, "  {tdam} application list --as {}", quoted(operator));
        }
        let _ = writeln!(text, "\nWith curl");
        let _ = writeln!(text, "  {curl} {url}/v1/heartbeat");
        let _ = writeln!(text, "  {curl} {url}/v1/accounts");
        if let Some(Payments { message_id, .. }) = &payments {
            let _ = writeln!(
                text,
                "  {curl} -H 'Content-Type: application/xml' --data-binary @payments.xml {url}/v1/payments"
            );
            let _ = writeln!(text, "  {curl} '{url}/v1/payments?msg_id={message_id}'");
        }
        text
    }
}

/// The message that the lines make and send.
struct Payments {
    /// Of `tdam generate`, each with a blank behind it.
    arguments: String,
    message_id: String,
}

impl Payments {
    /// From the account that is debited when none is named, or from another one to banks: no other account is known to take credits.
    fn of(payer: &KnownUser, account: Iban, business_day: Date) -> Payments {
        let mut batch = PaymentBatch::new(TRANSACTIONS, 1, business_day);
        // With its date, so that the line makes the same message tomorrow.
        let mut arguments = format!("--transactions {TRANSACTIONS} --date {business_day} ");
        if account.as_str() != DEBTOR_ACCOUNT {
            let _ = write!(arguments, "--debtor-account {account} --creditor-account {account} ");
            batch.debtor_accounts = vec![account];
            batch.payee_accounts = account.as_str().parse::<PayeeAccount>().into_iter().collect();
        }
        if payer.client != DEBTOR_NAME {
            let _ = write!(arguments, "--initiating-party {} ", quoted_text(&payer.client));
            batch.initiating_party.clone_from(&payer.client);
        }
        Payments { arguments, message_id: batch.own_message_id() }
    }
}

/// The open account with most money.
fn richest(accounts: &[TreasuryAccount]) -> Option<Iban> {
    let open = accounts.iter().filter(|account| account.ledger.state == AccountState::Open);
    open.max_by_key(|account| account.ledger.available()).and_then(|account| Iban::parse(&account.iban).ok())
}

/// The folders whose certificate is known to the exchange, and who they are.
fn users(folder: &Folder, known: &BTreeMap<[u8; 32], KnownUser>) -> Vec<User> {
    let who = |place: &Path| {
        let pem = std::fs::read_to_string(place.join("certificate.pem")).ok()?;
        known.get(&pki::fingerprint(&pki::certificate_der(&pem).ok()?)).cloned()
    };
    folder.users().into_iter().filter_map(|place| who(&place).map(|known| User { place, known })).collect()
}

fn curl_options(folder: &Folder, user: &Path) -> String {
    let authority = quoted(&folder.authority_certificate());
    let (certificate, key) = (quoted(&user.join("certificate.pem")), quoted(&user.join("key.pem")));
    format!("--cacert {authority} --cert {certificate} --key {key}")
}

/// This program as it was called, so that a line of its finds it too.
pub(crate) fn program() -> String {
    std::env::args_os().next().map_or_else(|| "tdam".to_owned(), |name| quoted(Path::new(&name)))
}

/// A path as a shell takes it for one word.
pub(crate) fn quoted(path: &Path) -> String {
    quoted_text(&path.to_string_lossy())
}

fn quoted_text(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted_text;

    #[test]
    fn a_shell_takes_what_is_printed_for_one_word() {
        assert_eq!(quoted_text("tdam-sandbox/users/daugava-accounting"), "tdam-sandbox/users/daugava-accounting");
        assert_eq!(quoted_text("my world"), "'my world'");
        assert_eq!(quoted_text("pašvaldība"), "'pašvaldība'");
        assert_eq!(quoted_text("a'b; rm"), "'a'\\''b; rm'");
    }
}
