//! Decisions that are made together: one bundle of statements locks and loads what they will read, and one writes what
//! they decided, a statement a table.
//!
//! The order of locks is that of `session.rs`: the business day, certificates, clients in the order of their ids, accounts
//! in the order of theirs, the sequencer last. The server runs the statements of a bundle one after another, and each
//! sees all commits from before it began: so what follows the locks is as it stays.

use std::collections::BTreeSet;

use payments::MessageId;
use tokio_postgres::Row;

use super::accounts::{self, BY_IBAN, on_date};
use super::connection::{Values, owned};
use super::duplicates::LAST_ACTIVE;
use super::payment_rows;
use super::session::Session;
use super::staging::KEYS;
use crate::codec::{Columns, count, day, micros, packed};
use crate::plain::business_day::BUSINESS_DAY;
use crate::plain::directory::identity_query;
use crate::plain::evidence::joined;
use crate::row_mapping::*;
use crate::seal::{message_seal, submission_seal};
use crate::statement::{Locks, statements};
use crate::together::{Decided, Ground, Known};
use crate::unit_of_work::Changes;
use crate::{
    AddAudit as _, AddLots as _, Block, ClientId, DuplicateKey, ReadAhead, ReadDuplicates as _, RequestEvidence,
    StoreError, WriteRefusals as _, bounds,
};

statements! {
    const IDENTITIES: Statement = (identity_query!(), " WHERE c.fingerprint = ANY($1::bytea[]) ORDER BY c.fingerprint FOR SHARE OF c, u");
    /// Decisions about their messages follow each other.
    const LOCK_CLIENTS: Statement = ("SELECT id FROM client WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE");
    const SUBMISSION_IDS: Statement = ("SELECT nextval('submission_id_seq') FROM generate_series(1, $1::bigint)");
    /// One look into the index for each. The planner would otherwise begin with all messages: when it decided, there were few.
    const MESSAGES: Statement = ("SELECT ", message_columns!(), " FROM unnest($1::bigint[], $2::text[]) AS w (of_client, named)
        CROSS JOIN LATERAL (
            SELECT * FROM message WHERE client = w.of_client AND message_id = w.named OFFSET 0) AS message");
    /// A client's own accounts only: nobody locks those of others by naming them.
    const LOCK_ACCOUNTS: Statement = ("SELECT ", account_columns!(), " FROM account
        JOIN unnest($1::text[], $2::bigint[]) AS w (number, owner) ON iban = w.number AND client = w.owner
        ORDER BY id FOR NO KEY UPDATE OF account");
    const ON_DATES: Statement = ("SELECT a.id, w.date, ", on_date_columns!(), "
        FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS w (number, owner, date)
        JOIN account a ON a.iban = w.number AND a.client = w.owner
        LEFT JOIN daily_use u ON u.account = a.id AND u.date = w.date
        LEFT JOIN one_day_limit l ON l.account = a.id AND l.day = w.date");
    /// As in `duplicates.rs`, for several clients.
    const USED_PAYMENT_INFORMATION_IDS: Statement = ("SELECT w.client, w.id, used.message
        FROM unnest($1::bigint[], $2::text[]) AS w (client, id) CROSS JOIN LATERAL (
            SELECT min(known.message) AS message FROM (
                SELECT b.message FROM block b WHERE b.client = w.client AND b.payment_information_id = w.id
                    AND EXISTS (SELECT 1 FROM flip f WHERE f.message = b.message) OFFSET 0) AS known) AS used
        WHERE used.message IS NOT NULL");
    /// Their messages come with them.
    const SUBMISSIONS: Statement = (r#"INSERT INTO submission (id, state, "user", client, certificate, request_id, received_at,
            sha256, size, body_file, body, node, attempts, seal) OVERRIDING SYSTEM VALUE
        SELECT id, 1, of_user, client, certificate, request_id, received_at, sha256, size, body_file, body, $12, 1, seal
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::bigint[], $7::bytea[],
            $8::bigint[], $9::text[], $10::bytea[], $11::bytea[]) AS s (id, of_user, client, certificate, request_id,
            received_at, sha256, size, body_file, body, seal)"#);
    /// The list is the newest one at this moment.
    const EVIDENCE: Statement = ("INSERT INTO signature_evidence (submission, received_at, method, authority, target, content_digest,
            signature_input, signature, fields, certificate, issuers, authority_key, list_number)
        SELECT e.*, (SELECT max(l.number) FROM revocation_list l WHERE l.authority = e.authority_key)
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::bytea[], $11::bytea[], $12::bytea[]) AS e (submission, received_at, method, authority, target, content_digest,
            signature_input, signature, fields, certificate, issuers, authority_key)");
    const INSERT_MESSAGES: Statement = ("INSERT INTO message (", message_columns!(), ")
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bytea[],
            $8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::bytea[], $13::bytea[])
        ON CONFLICT (client, message_id) DO NOTHING");
    const BLOCKS: Statement = ("INSERT INTO block (client, message, ", block_columns!(), ")
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[],
            $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[])");
    /// A client's activations are counted in the order of its messages.
    const ACTIVATE: Statement = ("WITH active AS (
            SELECT message, of_client, row_number() OVER (PARTITION BY of_client ORDER BY message) AS place
            FROM unnest($1::bigint[], $2::bigint[]) AS m (message, of_client)),
        grown AS (UPDATE client SET flips = flips + w.many
            FROM (SELECT of_client, count(*) AS many FROM active GROUP BY of_client) AS w
            WHERE id = w.of_client RETURNING id, flips - w.many AS before)
        INSERT INTO flip (message, client, number)
        SELECT message, id, before + place FROM active JOIN grown ON id = of_client");
}

/// What decisions will read, as arrays.
#[derive(Default)]
struct Wanted {
    certificates: Vec<Vec<u8>>,
    clients: Vec<i64>,
    message_clients: Vec<i64>,
    message_ids: Vec<String>,
    debtors: Vec<String>,
    debtors_of: Vec<i64>,
    used: Vec<String>,
    used_of: Vec<i64>,
    used_on: Vec<i64>,
    ibans: Vec<String>,
    hashes: Vec<i64>,
    ordinals: Vec<i64>,
    block_clients: Vec<i64>,
    blocks: Vec<String>,
}

impl Wanted {
    fn of(ahead: &[&ReadAhead]) -> Wanted {
        let certificates: BTreeSet<&[u8]> = ahead.iter().map(|of| &of.certificate.0[..]).collect();
        let clients: BTreeSet<i64> = ahead.iter().map(|of| of.client.0).collect();
        let messages: BTreeSet<(i64, &str)> = ahead.iter().map(|of| (of.client.0, of.message_id.as_str())).collect();
        let debtors: BTreeSet<(&str, i64)> =
            ahead.iter().flat_map(|of| of.debtor_ibans.iter().map(|iban| (iban.as_str(), of.client.0))).collect();
        let used: BTreeSet<(&str, i64, i64)> = ahead
            .iter()
            .flat_map(|of| {
                of.debtor_ibans
                    .iter()
                    .flat_map(|iban| of.dates.iter().map(|&date| (iban.as_str(), of.client.0, day(date))))
            })
            .collect();
        let ibans: BTreeSet<&str> =
            ahead.iter().flat_map(|of| of.debtor_ibans.iter().chain(&of.creditor_ibans)).map(String::as_str).collect();
        // Each hash once, for any payments.
        let hashes: BTreeSet<i64> = ahead.iter().flat_map(|of| &of.keys).map(|key| key.hash).collect();
        let blocks: BTreeSet<(i64, &str)> = ahead
            .iter()
            .flat_map(|of| of.payment_information_ids.iter().map(|id| (of.client.0, id.as_str())))
            .collect();
        let mut wanted = Wanted {
            certificates: certificates.into_iter().map(<[u8]>::to_vec).collect(),
            clients: clients.into_iter().collect(),
            ibans: ibans.into_iter().map(str::to_owned).collect(),
            ordinals: vec![0; hashes.len()],
            hashes: hashes.into_iter().collect(),
            ..Wanted::default()
        };
        for (client, id) in messages {
            wanted.message_clients.push(client);
            wanted.message_ids.push(id.to_owned());
        }
        for (iban, client) in debtors {
            wanted.debtors.push(iban.to_owned());
            wanted.debtors_of.push(client);
        }
        for (iban, client, day) in used {
            wanted.used.push(iban.to_owned());
            wanted.used_of.push(client);
            wanted.used_on.push(day);
        }
        for (client, id) in blocks {
            wanted.block_clients.push(client);
            wanted.blocks.push(id.to_owned());
        }
        wanted
    }
}

impl Ground for Session<'_> {
    fn read_ahead(&mut self, ahead: &[&ReadAhead]) -> Result<Known, StoreError> {
        let connection = self.connection;
        let wanted = Wanted::of(ahead);
        let business_day = connection.statement(BUSINESS_DAY.postgres.form(Locks::Waiting, false))?;
        let [identities, clients, ids, messages, debtors, used, by_iban, keys, blocks] = [
            IDENTITIES,
            LOCK_CLIENTS,
            SUBMISSION_IDS,
            MESSAGES,
            LOCK_ACCOUNTS,
            ON_DATES,
            BY_IBAN,
            LAST_ACTIVE,
            USED_PAYMENT_INFORMATION_IDS,
        ]
        .map(|statement| connection.statement(statement));
        let (identities, clients, ids, messages, debtors) = (identities?, clients?, ids?, messages?, debtors?);
        let (used, by_iban, keys, blocks) = (used?, by_iban?, keys?, blocks?);
        let client = connection.client();
        let (decisions, no_message) = (ahead.len() as i64, 0_i64);
        let of_identities: Values<'_> = &[&wanted.certificates];
        let of_clients: Values<'_> = &[&wanted.clients];
        let of_ids: Values<'_> = &[&decisions];
        let of_messages: Values<'_> = &[&wanted.message_clients, &wanted.message_ids];
        let of_debtors: Values<'_> = &[&wanted.debtors, &wanted.debtors_of];
        let of_use: Values<'_> = &[&wanted.used, &wanted.used_of, &wanted.used_on];
        let of_ibans: Values<'_> = &[&wanted.ibans];
        let of_keys: Values<'_> = &[&wanted.hashes, &wanted.ordinals, &no_message];
        let of_blocks: Values<'_> = &[&wanted.block_clients, &wanted.blocks];
        let loaded = connection.answer(async {
            tokio::try_join!(
                biased;
                client.query_opt(&business_day, &[]),
                client.query(&identities, of_identities),
                client.query(&clients, of_clients),
                client.query(&ids, of_ids),
                client.query(&messages, of_messages),
                client.query(&debtors, of_debtors),
                client.query(&used, of_use),
                client.query(&by_iban, of_ibans),
                client.query(&keys, of_keys),
                client.query(&blocks, of_blocks),
            )
        })?;
        let (business_day, identities, _, ids, messages, debtors, used, by_iban, keys, blocks) = loaded;
        let mut known = Known::default();
        known.identities.extend(ahead.iter().map(|of| (of.certificate, None)));
        known.business_day = business_day.map(|row| Columns::of(&row).date_if_any()).transpose()?.flatten();
        for identity in list(&identities, read_identity)? {
            known.identities.insert(identity.certificate.fingerprint, Some(identity));
        }
        known.submission_ids.extend(list(&ids, |row| row.integer().map(MessageId))?);
        for (client, id) in wanted.message_clients.iter().zip(&wanted.message_ids) {
            known.messages.insert(ClientId(*client), id.clone(), None);
        }
        for message in list(&messages, read_message)? {
            known.messages.insert(message.client, message.message_id.clone(), Some(message));
        }
        for iban in &wanted.ibans {
            known.remember_account(iban, None);
        }
        for account in list(&by_iban, read_account)? {
            let iban = account.iban.clone();
            known.remember_account(&iban, Some(account));
        }
        let of_book = list(&debtors, read_ledger_account)?;
        let on_dates = list(&used, on_date)?;
        known.book.remember(&of_book, &on_dates);
        for (client, id) in wanted.block_clients.iter().zip(&wanted.blocks) {
            known.blocks.insert(ClientId(*client), id.clone(), None);
        }
        for (client, id, message) in
            list(&blocks, |row| Ok((ClientId(row.integer()?), row.text()?, MessageId(row.integer()?))))?
        {
            known.blocks.insert(client, id, Some(message));
        }
        self.learn_keys(&mut known, &wanted, &keys)?;
        Ok(known)
    }

    fn submission_ids(&mut self, count: usize) -> Result<Vec<MessageId>, StoreError> {
        self.connection.list(SUBMISSION_IDS, &[&(count as i64)], |row| row.integer().map(MessageId))
    }

    fn write_decided(&mut self, decided: &[Decided], accounts: &Changes) -> Result<(), StoreError> {
        self.insert_submissions(decided)?;
        self.insert_evidence_of(decided)?;
        self.insert_messages(decided)?;
        self.insert_payments(decided)?;
        let active = || decided.iter().filter(|decided| decided.is_active);
        let messages: Vec<i64> = active().map(|decided| decided.id().0).collect();
        let clients: Vec<i64> = active().map(|decided| decided.message.client.0).collect();
        let activated = messages.len() as u64;
        if activated > 0 {
            self.changing().execute_later(ACTIVATE, owned![messages, clients], move |_, changed| {
                if changed == activated { Ok(()) } else { Err(StoreError::Missing("client")) }
            })?;
        }
        let all = |of: fn(&Decided) -> &[payments::Lot]| decided.iter().flat_map(of).cloned().collect::<Vec<_>>();
        self.insert_lots(&all(|decided| &decided.lots))?;
        let events: Vec<_> = decided.iter().flat_map(|decided| &decided.events).cloned().collect();
        self.append_events(&events)?;
        let refusals: Vec<_> = decided.iter().flat_map(|decided| &decided.refusals).cloned().collect();
        self.insert_refusals(&refusals)?;
        accounts::save(self.changing(), accounts)?;
        decided.iter().flat_map(|decided| &decided.lines).try_for_each(|line| self.append_audit(line))
    }
}

impl Session<'_> {
    /// Of a key that a payment of an active message has, only a closer look shows whether the payment counts.
    fn learn_keys(&mut self, known: &mut Known, wanted: &Wanted, found: &[Row]) -> Result<(), StoreError> {
        known.keys.extend(wanted.hashes.iter().map(|hash| (*hash, None)));
        let found = list(found, |row| Ok(DuplicateKey { hash: row.integer()?, ordinal: 0 }))?;
        if found.is_empty() {
            return Ok(());
        }
        let hits = self.duplicates(MessageId(0), &found)?;
        known.keys.extend(hits.into_iter().map(|hit| (hit.hash, Some(hit.earlier))));
        Ok(())
    }

    /// So many at a time that the statement, and with it the memory that the connection keeps, stays small.
    fn insert_submissions(&mut self, decided: &[Decided]) -> Result<(), StoreError> {
        let mut bytes = 0;
        let belongs = |_: &Decided, next: &Decided| {
            bytes += next.submission.body.size;
            let belongs = bytes < bounds::STATEMENT_BYTES as u64;
            bytes = if belongs { bytes } else { 0 };
            belongs
        };
        decided.chunk_by(belongs).try_for_each(|some| self.insert_some_submissions(some))
    }

    fn insert_some_submissions(&mut self, decided: &[Decided]) -> Result<(), StoreError> {
        let all = || decided.iter().map(|decided| &decided.submission);
        let mut files: Vec<Option<String>> = Vec::with_capacity(decided.len());
        let mut bodies: Vec<Option<Vec<u8>>> = Vec::with_capacity(decided.len());
        for submission in all() {
            let (file, bytes) = submission.body.place.columns()?;
            files.push(file.map(str::to_owned));
            bodies.push(bytes.map(<[u8]>::to_vec));
        }
        let node = self.own.node;
        let values = owned![
            decided.iter().map(|decided| decided.id().0).collect::<Vec<i64>>(),
            all().map(|submission| submission.user.0).collect::<Vec<i64>>(),
            all().map(|submission| submission.client.0).collect::<Vec<i64>>(),
            all().map(|submission| submission.certificate.0.to_vec()).collect::<Vec<Vec<u8>>>(),
            all().map(|submission| submission.request_id.clone()).collect::<Vec<String>>(),
            all().map(|submission| micros(submission.received_at)).collect::<Vec<i64>>(),
            all().map(|submission| submission.body.hash.0.to_vec()).collect::<Vec<Vec<u8>>>(),
            all().map(|submission| count(submission.body.size)).collect::<Vec<i64>>(),
            files,
            bodies,
            all().map(|submission| submission_seal(submission).to_vec()).collect::<Vec<Vec<u8>>>(),
            node,
        ];
        self.announcing().execute_later(SUBMISSIONS, values, |_, _| Ok(()))
    }

    fn insert_evidence_of(&mut self, decided: &[Decided]) -> Result<(), StoreError> {
        let signed: Vec<(i64, &RequestEvidence)> =
            decided.iter().filter_map(|decided| Some((decided.id().0, decided.evidence.as_ref()?))).collect();
        if signed.is_empty() {
            return Ok(());
        }
        let text = |of: fn(&RequestEvidence) -> &String| {
            signed.iter().map(|(_, evidence)| of(evidence).clone()).collect::<Vec<String>>()
        };
        let bytes = |of: fn(&RequestEvidence) -> Vec<u8>| {
            signed.iter().map(|(_, evidence)| of(evidence)).collect::<Vec<Vec<u8>>>()
        };
        let values = owned![
            signed.iter().map(|(id, _)| *id).collect::<Vec<i64>>(),
            signed.iter().map(|(_, evidence)| micros(evidence.received_at)).collect::<Vec<i64>>(),
            text(|evidence| &evidence.method),
            text(|evidence| &evidence.authority),
            text(|evidence| &evidence.target),
            text(|evidence| &evidence.content_digest),
            text(|evidence| &evidence.signature_input),
            text(|evidence| &evidence.signature),
            text(|evidence| &evidence.fields),
            bytes(|evidence| evidence.certificate.0.to_vec()),
            bytes(|evidence| joined(&evidence.issuers)),
            bytes(|evidence| evidence.authority_key.clone()),
        ];
        self.changing().execute_later(EVIDENCE, values, |_, _| Ok(()))
    }

    fn insert_messages(&mut self, decided: &[Decided]) -> Result<(), StoreError> {
        let all = || decided.iter().map(|decided| &decided.message);
        let values = owned![
            all().map(|message| message.id.0).collect::<Vec<i64>>(),
            all().map(|message| message.client.0).collect::<Vec<i64>>(),
            all().map(|message| message.user.0).collect::<Vec<i64>>(),
            all().map(|message| message.message_id.clone()).collect::<Vec<String>>(),
            all().map(|message| message.message_type.clone()).collect::<Vec<String>>(),
            all().map(|message| message.creation_date_time.clone()).collect::<Vec<String>>(),
            all().map(|message| message.hash.0.to_vec()).collect::<Vec<Vec<u8>>>(),
            all().map(|message| count(message.number_of_transactions)).collect::<Vec<i64>>(),
            all().map(|message| message.control_sum.clone()).collect::<Vec<Option<String>>>(),
            all().map(|message| i64::from(message.payments)).collect::<Vec<i64>>(),
            all().map(|message| micros(message.consumed_at)).collect::<Vec<i64>>(),
            all().map(|message| message.answer.clone()).collect::<Vec<Vec<u8>>>(),
            all().map(|message| message_seal(message).to_vec()).collect::<Vec<Vec<u8>>>(),
        ];
        let expected = decided.len() as u64;
        self.changing().execute_later(INSERT_MESSAGES, values, move |_, inserted| match inserted == expected {
            true => Ok(()),
            false => Err(StoreError::Conflict("a message id".to_owned())),
        })
    }

    /// Blocks, payments and keys.
    fn insert_payments(&mut self, decided: &[Decided]) -> Result<(), StoreError> {
        let connection = self.changing();
        let blocks: Vec<(i64, &Block)> = decided
            .iter()
            .flat_map(|decided| decided.blocks.iter().map(|block| (decided.message.client.0, block)))
            .collect();
        if !blocks.is_empty() {
            let number = |of: fn(&Block) -> i64| blocks.iter().map(|(_, block)| of(block)).collect::<Vec<i64>>();
            let text =
                |of: fn(&Block) -> &String| blocks.iter().map(|(_, block)| of(block).clone()).collect::<Vec<String>>();
            let values = owned![
                blocks.iter().map(|(client, _)| *client).collect::<Vec<i64>>(),
                number(|block| block.message.0),
                number(|block| i64::from(block.number)),
                text(|block| &block.payment_information_id),
                number(|block| count(block.number_of_transactions)),
                blocks.iter().map(|(_, block)| block.control_sum.clone()).collect::<Vec<Option<String>>>(),
                blocks.iter().map(|(_, block)| block.debtor_account.map(|id| id.0)).collect::<Vec<Option<i64>>>(),
                text(|block| &block.debtor_name),
                text(|block| &block.debtor_iban),
                blocks.iter().map(|(_, block)| block.requested_execution_date.map(day)).collect::<Vec<Option<i64>>>(),
                number(|block| i64::from(block.first)),
                number(|block| i64::from(block.count)),
            ];
            connection.execute_later(BLOCKS, values, |_, _| Ok(()))?;
        }
        let payments =
            decided.iter().flat_map(|decided| decided.payments.iter().map(|payment| (decided.id().0, payment.row())));
        payment_rows::insert(connection, payments)?;
        let keys = decided
            .iter()
            .flat_map(|decided| decided.keys.iter().map(|key| Ok((key.hash, packed(decided.id().0, key.ordinal)?))));
        let mut keys: Vec<(i64, i64)> = keys.collect::<Result<_, StoreError>>()?;
        keys.sort_unstable();
        for some in keys.chunks(bounds::INSERT_ROWS_MAX * 3) {
            let (hashes, payments): (Vec<i64>, Vec<i64>) = some.iter().copied().unzip();
            connection.execute_later(KEYS, owned![hashes, payments], |_, _| Ok(()))?;
        }
        Ok(())
    }
}

fn list<T>(
    rows: &[Row],
    mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}
