//! Acts of the Treasury's staff. Each act leaves an audit line. The line of a change of the directory states the new
//! row, so that the check finds a change without a line.

use jiff::civil::Date;
use ledger::{Account, AccountId, AccountRole, AccountState, CreditId, Entry, EntryKind, EntrySource, Journal, Limits};
use money::Currency;
use payments::{Incoming, incoming_credit};
use rulebook::Iban;
use rulebook::catalogue::Code;
use store::{
    AccountKind, AuditLine, Certificate, Client, ClientId, DirectoryRow, HouseAccount, HousePurpose, IncomingCredit,
    OnlineUser, OnlineUserId, Preferences, StoreError, TreasuryAccount, Writing,
};

use crate::operator::grants::{bring_grants_into_effect, granted};
use crate::operator::input::{IncomingPayment, NewAccount, NewCertificate, NewClient, NewOnlineUser, check_limits};
use crate::{Exchange, Failure};

/// Who the operator is in audit lines, until operators have identities of their own.
pub(crate) const OPERATOR: &str = "operator";

/// The house's accounts: what each is for, its name, and the part of its IBAN after the bank code.
const HOUSE_ACCOUNTS: [(HousePurpose, &str, &str); 2] = [
    (HousePurpose::Settlement, "Norēķinu konts maksājumu sistēmā", "TREL0000000000001"),
    (HousePurpose::Opening, "Sākuma atlikumi", "TREL0000000000002"),
];

/// The operator's side of the exchange.
#[derive(Clone)]
pub struct Operator {
    pub(super) exchange: Exchange,
    /// Who acts, in audit lines.
    actor: String,
}

impl Exchange {
    /// The acts of the Treasury's staff.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator::new(self.clone())
    }
}

impl Operator {
    fn new(exchange: Exchange) -> Operator {
        Operator { exchange, actor: OPERATOR.to_owned() }
    }

    /// The same, with what audit lines say of who acts: a person or an account of the operating system.
    #[must_use]
    pub fn acting_as(self, who: &str) -> Operator {
        Operator { actor: format!("{OPERATOR} {who}"), ..self }
    }

    /// Who acts, in audit lines and events.
    pub(crate) fn actor(&self) -> &str {
        &self.actor
    }

    pub(crate) fn line(&self, action: &str, detail: impl Into<String>) -> AuditLine {
        self.exchange.audit_line(&self.actor, action, detail)
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Makes what an exchange needs before anything else: the house's own accounts and a first business day. Does
    /// nothing when they are there.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn prepare(&self, business_day: Date) -> Result<(), Failure> {
        let line = self.line("house.prepared", "");
        self.write(move |writing| {
            match writing.business_day() {
                Ok(_) => return Ok(()),
                Err(StoreError::Missing(_)) => writing.set_business_day(business_day)?,
                Err(error) => return Err(error.into()),
            }
            let mut detail = format!("business day {business_day}");
            for (purpose, name, number) in HOUSE_ACCOUNTS {
                let iban = Iban::with_check_digits("LV", number).map_err(|error| Failure::unexpected(error))?;
                let ledger = new_account(Currency::EUR, AccountRole::House, Limits::default());
                let mut row = TreasuryAccount {
                    ledger,
                    iban: iban.as_str().to_owned(),
                    client: None,
                    owner_name: name.to_owned(),
                    kind: AccountKind::Settlement,
                };
                row.ledger.id = writing.insert_account(&row)?;
                let house = HouseAccount { purpose, account: row.ledger.id };
                writing.set_house_account(purpose, house.account)?;
                detail += &format!(" {} {}", row.stated(), house.stated());
            }
            writing.mark_audit_complete()?;
            Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
        })
        .await
    }

    /// The business day.
    ///
    /// # Errors
    /// When there is none yet, or the store is away.
    pub async fn business_day(&self) -> Result<Date, Failure> {
        self.exchange.inner.store.read(|reading| reading.business_day().map_err(Failure::from)).await
    }

    /// Adds a client.
    ///
    /// # Errors
    /// When a text is missing or too long.
    pub async fn insert_client(&self, client: NewClient) -> Result<ClientId, Failure> {
        let NewClient { name, registration_number, acceptance, preferences } = client.checked()?;
        let client = Client { id: ClientId(0), name, registration_number, acceptance, preferences };
        let line = self.line("client.added", "");
        self.write(move |writing| {
            let id = writing.insert_client(&client)?;
            let detail = format!("client {} {}", id.0, Client { id, ..client.clone() }.stated());
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            Ok(id)
        })
        .await
    }

    /// Changes the settings of a client. They hold from its next request on.
    ///
    /// # Errors
    /// When there is no such client, or the store is away.
    pub async fn set_preferences(&self, client: ClientId, to: Preferences) -> Result<(), Failure> {
        let line = self.line("client.preferences", "");
        self.write(move |writing| {
            let clients = writing.clients()?;
            let Some(before) = clients.into_iter().find(|known| known.id == client) else {
                return Err(Failure::new(Code::NotFound).with_detail(format!("client {}", client.0)));
            };
            if before.preferences == to {
                return Ok(());
            }
            writing.set_preferences(client, &to)?;
            let (now, was) = (described(&to), described(&before.preferences));
            let detail =
                format!("client {} {now} was {was} {}", client.0, Client { preferences: to, ..before }.stated());
            Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
        })
        .await
    }

    /// Adds an account, with its opening balance booked against the house. It is granted to nobody yet.
    ///
    /// # Errors
    /// When the IBAN is wrong or taken, the name missing or too long, or an amount negative or too large.
    pub async fn insert_account(&self, account: NewAccount) -> Result<AccountId, Failure> {
        let account = account.checked()?;
        let opening = account.opening;
        let currency = account.currency;
        let row = TreasuryAccount {
            ledger: new_account(currency, AccountRole::Customer, account.limits),
            iban: account.iban,
            client: Some(account.client),
            owner_name: account.owner_name,
            kind: account.kind,
        };
        let line = self.line("account.added", "");
        self.write(move |writing| {
            // A node of an older version would let all online users of the client use it.
            let users = row.client.map_or(Ok(Vec::new()), |client| writing.online_users(client))?;
            if !users.is_empty() && !bring_grants_into_effect(writing, &line)? {
                return Err(Failure::new(Code::OlderNodesServe));
            }
            let id = writing.insert_account(&row).map_err(taken)?;
            if opening > 0 {
                book_opening(writing, id, opening, currency)?;
            }
            let mut stored = row.clone();
            stored.ledger.id = id;
            let detail = format!("account {} {}", id.0, stored.stated());
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            Ok(id)
        })
        .await
    }

    /// Adds an online user.
    ///
    /// # Errors
    /// When no network is allowed to it (an address is mandatory for an online user), or its name is missing or too long.
    pub async fn insert_online_user(&self, user: NewOnlineUser) -> Result<OnlineUserId, Failure> {
        let user = user.checked()?;
        let accounts = user.accounts;
        let user = OnlineUser {
            id: OnlineUserId(0),
            client: user.client,
            name: user.name,
            mode: user.mode,
            registration_valid_until: user.registration_valid_until,
            allowed_networks: user.allowed_networks,
            granted_accounts: Vec::new(),
            suspended_at: None,
            signature_required: user.signature_required,
        };
        let line = self.line("online-user.added", "");
        self.write(move |writing| {
            if !bring_grants_into_effect(writing, &line)? {
                return Err(Failure::new(Code::OlderNodesServe));
            }
            let mut user = OnlineUser { granted_accounts: granted(writing, user.client, &accounts)?, ..user.clone() };
            user.id = writing.insert_online_user(&user)?;
            let (id, detail) = (user.id, format!("online user {} {}", user.id.0, user.stated()));
            writing.append_audit(&AuditLine { detail, ..line.clone() })?;
            Ok(id)
        })
        .await
    }

    /// Adds a certificate of an online user.
    ///
    /// # Errors
    /// When it is known already, or was never valid.
    pub async fn insert_certificate(&self, certificate: NewCertificate) -> Result<(), Failure> {
        let certificate = certificate.checked()?;
        let detail = format!("{} of online user {}", certificate.fingerprint, certificate.user.0);
        let NewCertificate { fingerprint, user, serial, not_before, not_after } = certificate;
        let certificate = Certificate { fingerprint, user, serial, not_before, not_after, revoked_at: None };
        let detail = format!("{detail} {}", certificate.stated());
        let line = self.line("certificate.added", detail);
        self.write(move |writing| {
            writing.insert_certificate(&certificate).map_err(taken)?;
            Ok(writing.append_audit(&line)?)
        })
        .await
    }

    /// Books a credit from outside the Treasury; returns its id.
    ///
    /// # Errors When the account does not exist or does not take part in payments, the amount is not above 0, or a
    /// report could not state a value.
    pub async fn credit(&self, payment: IncomingPayment) -> Result<CreditId, Failure> {
        let payment = payment.checked()?;
        let line = self.line("credit.arrived", "");
        self.write(move |writing| {
            let account = account_by_iban(writing, &payment.iban)?;
            match account.ledger.state {
                AccountState::Open => {}
                AccountState::Blocked => return Err(Failure::new(Code::CreditorAccountBlocked)),
                AccountState::Closed => return Err(Failure::new(Code::CreditorAccountClosed)),
            }
            let house = writing.house_account(HousePurpose::Settlement)?;
            let id = writing.insert_incoming(&IncomingCredit {
                account: account.ledger.id,
                minor: payment.minor,
                debtor_name: payment.debtor_name.clone(),
                debtor_iban: payment.debtor_iban.clone(),
                end_to_end_id: payment.end_to_end_id.clone(),
                remittance: payment.remittance.clone(),
                record: payment.record(),
                returned: None,
                arrived_at: line.at,
            })?;
            let mut book = writing.book(&[account.ledger.id, house], &[])?;
            let incoming = Incoming { id, account: account.ledger.id, minor: payment.minor };
            let journal = incoming_credit(&incoming, house, &mut book)?;
            writing.append_entries(&journal)?;
            writing.save_book(&book)?;
            writing.append_audit(&AuditLine { detail: format!("incoming credit {id}"), ..line.clone() })?;
            Ok(id)
        })
        .await
        .inspect(|_| self.exchange.inner.work.notify_one())
    }

    /// Opens, blocks or closes an account.
    ///
    /// # Errors
    /// When there is no such account; outside sandboxes, when it would open again: two operators decide about that.
    pub async fn set_account_state(&self, iban: &str, state: AccountState) -> Result<(), Failure> {
        self.lays_on_only(state == AccountState::Open)?;
        let describe = |account: &Account| format!("{:?}", account.state);
        self.change_account(iban, "account.state", describe, move |account| account.state = state).await
    }

    /// Refuses what one person lifts, but for sandboxes.
    pub(super) fn lays_on_only(&self, lifts: bool) -> Result<(), Failure> {
        let is_sandbox = self.exchange.inner.settings.is_sandbox;
        if lifts && !is_sandbox { Err(Failure::new(Code::LiftingNeedsTwo)) } else { Ok(()) }
    }

    /// Refuses what one person grants, but for sandboxes.
    pub(super) fn grants_nothing(&self, grants: bool) -> Result<(), Failure> {
        let is_sandbox = self.exchange.inner.settings.is_sandbox;
        if grants && !is_sandbox { Err(Failure::new(Code::GrantingNeedsTwo)) } else { Ok(()) }
    }

    /// Sets what one payment and one day may take from an account.
    ///
    /// # Errors
    /// When there is no such account, or a limit is negative or too large.
    pub async fn set_account_limits(&self, iban: &str, limits: Limits) -> Result<(), Failure> {
        check_limits(&limits)?;
        let describe = |account: &Account| format!("{:?}", account.limits);
        self.change_account(iban, "account.limits", describe, move |account| account.limits = limits).await
    }

    /// All clients.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn clients(&self) -> Result<Vec<Client>, Failure> {
        self.exchange.inner.store.read(|reading| reading.clients().map_err(Failure::from)).await
    }

    /// A client's online users.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn online_users(&self, client: ClientId) -> Result<Vec<OnlineUser>, Failure> {
        self.exchange.inner.store.read(move |reading| reading.online_users(client).map_err(Failure::from)).await
    }

    /// An online user's certificates, newest first.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn certificates(&self, user: OnlineUserId) -> Result<Vec<Certificate>, Failure> {
        self.exchange.inner.store.read(move |reading| reading.certificates(user).map_err(Failure::from)).await
    }

    /// A client's accounts.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn accounts(&self, client: ClientId) -> Result<Vec<TreasuryAccount>, Failure> {
        self.exchange.inner.store.read(move |reading| reading.accounts_of(client).map_err(Failure::from)).await
    }

    async fn change_account(
        &self,
        iban: &str,
        action: &str,
        describe: impl Fn(&Account) -> String + Send + 'static,
        change: impl Fn(&mut Account) + Send + 'static,
    ) -> Result<(), Failure> {
        let iban = iban.to_owned();
        let line = self.line(action, "");
        self.write(move |writing| {
            let mut account = account_by_iban(writing, &iban)?;
            let before = describe(&account.ledger);
            change(&mut account.ledger);
            writing.update_account(&account.ledger)?;
            let (id, after) = (account.ledger.id.0, describe(&account.ledger));
            let detail = format!("account {id} {after} was {before} {}", account.stated());
            Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
        })
        .await
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut dyn Writing) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let done = self.exchange.inner.store.write_with_reserve(job).await?;
        self.exchange.inner.work.notify_one();
        Ok(done)
    }
}

fn new_account(currency: Currency, role: AccountRole, limits: Limits) -> Account {
    Account { id: AccountId(0), currency, role, state: AccountState::Open, balance: 0, held: 0, limits }
}

/// Settings as an audit line states them.
fn described(preferences: &Preferences) -> String {
    let Preferences { lists_every_payment, daily_balances, end_to_end_ids } = preferences;
    format!("lists-every-payment={lists_every_payment} daily-balances={daily_balances} end-to-end-ids={end_to_end_ids}")
}

fn account_by_iban(writing: &mut dyn Writing, iban: &str) -> Result<TreasuryAccount, Failure> {
    let found = writing.accounts_by_iban(&[iban])?.into_iter().next();
    found.ok_or_else(|| Failure::new(Code::DebtorAccountUnknown).with_detail(iban))
}

fn book_opening(
    writing: &mut dyn Writing,
    account: AccountId,
    opening: i64,
    currency: Currency,
) -> Result<(), Failure> {
    let house = writing.house_account(HousePurpose::Opening)?;
    let day = writing.business_day()?;
    let mut book = writing.book(&[account, house], &[])?;
    let side = |account, minor, counter_account| Entry {
        account,
        minor,
        kind: EntryKind::Opening,
        source: EntrySource::Opening,
        counter_account,
    };
    // The house opens many accounts; the other account distinguishes its entries.
    let entries = vec![side(house, -opening, Some(account)), side(account, opening, None)];
    let journal = Journal { booking_date: day, value_date: day, currency, entries };
    book.book(&journal).map_err(payments::DecisionError::from)?;
    writing.append_entries(&journal)?;
    Ok(writing.save_book(&book)?)
}

/// Something with this key is there already: the operator's mistake, not the store's failure.
fn taken(error: StoreError) -> Failure {
    match error {
        StoreError::Conflict(what) => Failure::new(Code::RequestParameterInvalid).with_detail(what),
        error => error.into(),
    }
}
