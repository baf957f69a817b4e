//! A small treasury to test with.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use ledger::{Account, AccountId, AccountRole, AccountState, Entry, EntryKind, EntrySource, Journal, Limits};
use money::Currency;
use payments::{Lot, LotId, MessageId, Stage};
use rulebook::Route;
use store::{
    AcceptancePolicy, AccessMode, AccountKind, Block, BodyHash, BodyPlace, Certificate, Client, ClientId, Fingerprint,
    HousePurpose, Message, NewSubmission, OnlineUser, OnlineUserId, PostgresOptions, Reading, SqliteOptions, Store,
    StoreError, StoredBody, TreasuryAccount, Writing,
};

/// Opens the store of a test, again and again the same one.
pub type Open<'a> = &'a dyn Fn() -> Store;

pub fn on_sqlite(test: fn(Open<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    test(&|| Store::open(folder.path(), SqliteOptions::default()).unwrap());
}

/// On a schema of its own in the private cluster of this process.
pub fn on_postgres(test: fn(Open<'_>)) {
    let Some(cluster) = crate::cluster::shared() else { return };
    // As in earnest, the role that serves does not own the tables.
    let (owner, url, schema) = (cluster.url(), cluster.clerk_url(), cluster.new_name());
    let options =
        || PostgresOptions { owner_url: Some(owner.clone()), schema: schema.clone(), ..PostgresOptions::new(&url) };
    test(&|| Store::open_postgres(options()).unwrap());
}

/// Writes where the test expects success.
pub fn write<T: Send + 'static>(
    store: &Store,
    job: impl FnMut(&mut dyn Writing) -> Result<T, StoreError> + Send + 'static,
) -> T {
    store.write_blocking(job).unwrap()
}

/// Reads where the test expects success.
pub fn read<T>(store: &Store, job: impl FnOnce(&mut dyn Reading) -> Result<T, StoreError>) -> T {
    store.read_blocking(job).unwrap()
}

pub const MONDAY: Date = date(2026, 11, 23);

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

/// A client with an online user and two accounts, and the house.
#[derive(Clone, Copy, Debug)]
pub struct Treasury {
    pub client: ClientId,
    pub user: OnlineUserId,
    pub certificate: Fingerprint,
    pub payer: AccountId,
    pub payee: AccountId,
    pub settlement: AccountId,
    pub opening: AccountId,
}

pub fn account(iban: &str, client: Option<ClientId>) -> TreasuryAccount {
    let role = if client.is_some() { AccountRole::Customer } else { AccountRole::House };
    TreasuryAccount {
        ledger: Account {
            id: AccountId(0),
            currency: Currency::EUR,
            role,
            state: AccountState::Open,
            balance: 0,
            held: 0,
            limits: Limits::default(),
        },
        iban: iban.to_owned(),
        client,
        owner_name: "Jelgavas pašvaldība".to_owned(),
        kind: AccountKind::BudgetExpenditure,
    }
}

pub fn client(name: &str) -> Client {
    Client {
        id: ClientId(0),
        name: name.to_owned(),
        registration_number: "90000042516".to_owned(),
        acceptance: AcceptancePolicy::Partial,
        preferences: store::Preferences::default(),
    }
}

pub fn online_user(client: ClientId) -> OnlineUser {
    OnlineUser {
        id: OnlineUserId(0),
        client,
        name: "Grāmatvedības sistēma".to_owned(),
        mode: AccessMode::Manage,
        registration_valid_until: date(2029, 11, 22),
        allowed_networks: vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/32".parse().unwrap()],
        granted_accounts: Vec::new(),
        suspended_at: None,
        signature_required: false,
    }
}

pub fn certificate(user: OnlineUserId, byte: u8) -> Certificate {
    Certificate {
        fingerprint: Fingerprint([byte; 32]),
        user,
        serial: "0a1b".to_owned(),
        not_before: at(i64::from(byte)),
        not_after: at(1_000_000),
        revoked_at: None,
    }
}

impl Treasury {
    pub fn found(store: &Store) -> Treasury {
        write(store, |tx| {
            tx.set_business_day(MONDAY)?;
            let client = tx.insert_client(&client("Jelgavas pašvaldība"))?;
            let user = tx.insert_online_user(&online_user(client))?;
            let certificate = certificate(user, 1);
            tx.insert_certificate(&certificate)?;
            let settlement = tx.insert_account(&account("LV33TREL1060000300000", None))?;
            let opening = tx.insert_account(&account("LV07TREL5180453053000", None))?;
            tx.set_house_account(HousePurpose::Settlement, settlement)?;
            tx.set_house_account(HousePurpose::Opening, opening)?;
            let payer = tx.insert_account(&account("LV10TREL0000000000001", Some(client)))?;
            let payee = tx.insert_account(&account("LV10TREL0000000000002", Some(client)))?;
            let certificate = certificate.fingerprint;
            Ok(Treasury { client, user, certificate, payer, payee, settlement, opening })
        })
    }

    pub fn submission(&self, number: u8) -> NewSubmission {
        NewSubmission {
            user: self.user,
            client: self.client,
            certificate: self.certificate,
            request_id: format!("request-{number}"),
            received_at: at(i64::from(number)),
            body: StoredBody { hash: BodyHash([number; 32]), size: 3, place: BodyPlace::Inline(vec![number; 3]) },
        }
    }

    pub fn message(&self, id: MessageId, message_id: &str, hash: u8) -> Message {
        Message {
            id,
            client: self.client,
            user: self.user,
            message_id: message_id.to_owned(),
            message_type: "pain.001.001.09".to_owned(),
            creation_date_time: "2026-11-23T10:00:00".to_owned(),
            hash: BodyHash([hash; 32]),
            number_of_transactions: 4,
            control_sum: Some("4.00".to_owned()),
            payments: 4,
            consumed_at: at(100),
            answer: format!("<answer to=\"{message_id}\"/>").into_bytes(),
        }
    }

    pub fn block(&self, message: MessageId, number: u32, first: u32, count: u32) -> Block {
        Block {
            message,
            number,
            payment_information_id: format!("PMT-{}-{number}", message.0),
            number_of_transactions: u64::from(count),
            control_sum: None,
            debtor_account: Some(self.payer),
            debtor_name: "Jelgavas pašvaldība".to_owned(),
            debtor_iban: "LV10TREL0000000000001".to_owned(),
            requested_execution_date: Some(MONDAY),
            first,
            count,
        }
    }

    pub fn lot(&self, message: MessageId, number: u32, first: u32, last: u32) -> Lot {
        Lot {
            id: LotId { message, number },
            block: 0,
            debtor: self.payer,
            route: Route::Internal,
            execution_date: MONDAY,
            first,
            last,
            count: last - first + 1,
            total: i64::from(last - first + 1) * 100,
            limit_per_payment: Some(100),
            stage: Stage::Scheduled,
            executed_below: first,
            booked: 0,
            booked_count: 0,
            refused: 0,
            refused_count: 0,
        }
    }

    /// A submission received, ready to be staged.
    pub fn receive(&self, store: &Store, number: u8) -> MessageId {
        let submission = self.submission(number);
        write(store, move |tx| tx.insert_submission(&submission))
    }

    /// Brings money into an account, from the opening account.
    pub fn fund(&self, store: &Store, account: AccountId, minor: i64, on: Date) {
        let opening = self.opening;
        write(store, move |tx| {
            let mut book = tx.book(&[account, opening], &[])?;
            let journal = transfer(opening, account, minor, EntrySource::Opening, on);
            book.book(&journal).map_err(|error| StoreError::Refused(error.to_string()))?;
            tx.append_entries(&journal)?;
            tx.save_book(&book)
        });
    }
}

pub fn transfer(from: AccountId, to: AccountId, minor: i64, source: EntrySource, on: Date) -> Journal {
    let entry =
        |account, minor| Entry { account, minor, kind: EntryKind::InternalTransfer, source, counter_account: None };
    Journal {
        booking_date: on,
        value_date: on,
        currency: Currency::EUR,
        entries: vec![entry(from, -minor), entry(to, minor)],
    }
}
