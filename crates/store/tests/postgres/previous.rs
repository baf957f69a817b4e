//! A node of the previous version: the schema as it left it, and the statements that it sends to tables which have
//! changed since, word for word. A node prepares its statements once and keeps using them.

use std::collections::HashMap;

use jiff::civil::Date;
use ledger::AccountId;
use payments::LotId;
use store::PostgresOptions;
use tokio_postgres::{Client, NoTls, Statement};

/// The first version, as it was released.
pub const SCHEMA: &str = include_str!("../../src/postgres/migrations/0001_initial.sql");

/// What the owner granted to the role `clerk` then.
pub const GRANTS: &str = "
    GRANT USAGE ON SCHEMA {schema} TO clerk;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO clerk;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO clerk;
    REVOKE INSERT, UPDATE, DELETE ON {schema}.schema_version FROM clerk;
    REVOKE UPDATE, DELETE ON {schema}.audit, {schema}.entry, {schema}.event, {schema}.flip, {schema}.incoming_credit,
        {schema}.message, {schema}.report FROM clerk;";

/// Reduces the schema to the previous version's. Only its data then come from this version.
pub const TAKE_BACK: &str = "
    ALTER TABLE daily_use DROP COLUMN limit_per_day, DROP COLUMN grown_to;
    ALTER TABLE lot DROP COLUMN limit_per_payment;
    DROP FUNCTION count_change_of_rights, keep_out_older_nodes CASCADE;
    ALTER TABLE state DROP COLUMN identity, DROP COLUMN settings, DROP COLUMN minimum_node_version;
    DROP TABLE rights, rights_count;
    ALTER TABLE node DROP COLUMN lease_seconds, DROP COLUMN rights_version, DROP COLUMN version;
    ALTER TABLE online_user DROP COLUMN granted_accounts, DROP COLUMN suspended_at, DROP COLUMN signature_required;
    DROP FUNCTION count_body_kept, count_body_removed CASCADE;
    DROP TABLE client_storage, clock;
    ALTER TABLE submission DROP COLUMN attempts, DROP COLUMN seal, DROP COLUMN problem_seal;
    DROP TABLE signature_evidence, evidence_certificate;
    DROP FUNCTION refuse_removal_of_evidence CASCADE;
    DROP TABLE audit_checkpoint, restore_mark;
    DROP TABLE enrolment_code, issued_certificate, revocation_reason, revocation_list;
    DROP TABLE person, person_certificate, application, application_attachment, application_step, contact, one_day_limit;
    DROP INDEX certificate_revoked, certificate_in_force;
    DROP TABLE notice, outside_certificate, issued_to_person;
    DROP TABLE audit_mark, set_aside, work_attempt, waiting_return;
    ALTER TABLE message DROP COLUMN seal;
    ALTER TABLE incoming_credit DROP COLUMN record;
    ALTER TABLE report DROP COLUMN daily_balances;
    ALTER TABLE client DROP COLUMN lists_every_payment, DROP COLUMN daily_balances, DROP COLUMN end_to_end_id_days;
    UPDATE schema_version SET version = 1;";

/// All columns and constraints of a schema, in words.
pub const SHAPE: &str = "
    SELECT string_agg(line, E'\n' ORDER BY line) FROM (
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS line
        FROM information_schema.columns WHERE table_schema = current_schema()
        UNION ALL
        SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace
    ) AS lines";

const ACCOUNTS: &str = "SELECT id, currency, role, state, balance, held, limit_per_payment, limit_per_day FROM account
    WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE";
const DAILY_USE: &str = "SELECT a.account, d.date, coalesce(u.minor, 0)
    FROM unnest($1::bigint[]) AS a (account) CROSS JOIN unnest($2::bigint[]) AS d (date)
    LEFT JOIN daily_use u ON u.account = a.account AND u.date = d.date ORDER BY 1, 2";
const SAVE_ACCOUNTS: &str = "UPDATE account a SET balance = c.balance, held = c.held
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS c (id, balance, held) WHERE a.id = c.id";
const SAVE_DAILY_USE: &str = "INSERT INTO daily_use (account, date, minor)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[])
    ON CONFLICT (account, date) DO UPDATE SET minor = excluded.minor";
const INSERT_LOTS: &str =
    "INSERT INTO lot (message, number, block, debtor, route, execution_date, first, last, count, total,
        stage, executed_below, booked, booked_count, refused, refused_count)
    SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
        $14::bigint[], $15::bigint[], $16::bigint[])";
const LOT: &str = "SELECT message, number, block, debtor, route, execution_date, first, last, count, total, stage,
        executed_below, booked, booked_count, refused, refused_count
    FROM lot WHERE message = $1 AND number = $2 FOR NO KEY UPDATE";
const UPDATE_LOT: &str = "UPDATE lot SET block = $3, debtor = $4, route = $5::bigint, execution_date = $6::bigint,
        first = $7, last = $8, count = $9, total = $10, stage = $11::bigint, executed_below = $12, booked = $13,
        booked_count = $14, refused = $15, refused_count = $16
    WHERE message = $1 AND number = $2 AND stage <= $11::bigint";
const INSERT_EVENT: &str = "INSERT INTO event (message, lot, stage, at, business_day, actor)
    VALUES ($1, $2, $3::bigint, 0, $4::bigint, 'a node of the previous version')";
const INSERT_REFUSAL: &str = "INSERT INTO refusal (message, first, last, lot, count, code, detail, line, stage)
    VALUES ($1, $2, $2, $3, 1, 'TDAM-4014', '', 0, 1)";

const STATEMENTS: [&str; 9] =
    [ACCOUNTS, DAILY_USE, SAVE_ACCOUNTS, SAVE_DAILY_USE, INSERT_LOTS, LOT, UPDATE_LOT, INSERT_EVENT, INSERT_REFUSAL];

/// A connection of that node.
pub struct Previous {
    runtime: tokio::runtime::Runtime,
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

/// A lot of one payment of a message, by the payment's place.
#[derive(Clone, Copy)]
pub struct Order {
    pub lot: LotId,
    pub debtor: AccountId,
    pub date: Date,
    pub minor: i64,
}

impl Order {
    /// As the previous version writes it.
    fn columns(&self, stage: i64, refused: i64) -> [i64; 16] {
        let Order { lot, debtor, date, minor } = *self;
        let (ordinal, counts) = (i64::from(lot.number), i64::from(refused > 0));
        let below = if refused > 0 { ordinal + 1 } else { ordinal };
        let (route, block) = (0, 0);
        let LotId { message, number } = lot;
        [
            message.0,
            i64::from(number),
            block,
            debtor.0,
            route,
            day(date),
            ordinal,
            ordinal,
            1,
            minor,
            stage,
            below,
            0,
            0,
            refused,
            counts,
        ]
    }
}

/// Days since 1970.
fn day(date: Date) -> i64 {
    i64::from(date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).unwrap().get_days())
}

/// Codes of stages.
const HELD: i64 = 2;
const REFUSED: i64 = 5;

impl Previous {
    /// With its statements prepared, as a node that is serving.
    pub fn connect(url: &str, options: &PostgresOptions) -> Previous {
        let mut node = Previous::unprepared(url, options);
        node.statements = node.runtime.block_on(async {
            let mut statements = HashMap::new();
            for sql in STATEMENTS {
                statements.insert(sql, node.client.prepare(sql).await.unwrap());
            }
            statements
        });
        node
    }

    pub fn unprepared(url: &str, options: &PostgresOptions) -> Previous {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
            tokio::spawn(connection);
            let lock_timeout = options.lock_timeout.as_millis();
            let set = format!("SET search_path = {}; SET lock_timeout = {lock_timeout}", options.schema);
            client.batch_execute(&set).await.unwrap();
            client
        });
        Previous { runtime, client, statements: HashMap::new() }
    }

    fn prepared(&self, sql: &str) -> &Statement {
        &self.statements[sql]
    }

    /// Runs statements without values.
    pub fn run(&self, sql: &str) {
        self.runtime.block_on(self.client.batch_execute(sql)).unwrap();
    }

    /// A text that a question has for an answer.
    pub fn text(&self, sql: &str) -> String {
        self.runtime.block_on(self.client.query_one(sql, &[])).unwrap().get(0)
    }

    /// Accepts a lot that is due, as an admission does.
    pub fn accept(&self, order: Order) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(async {
            self.client.batch_execute("BEGIN").await?;
            let columns = order.columns(HELD, 0).map(|value| vec![value]);
            let columns = columns.each_ref().map(|column| column as _);
            self.client.execute(self.prepared(INSERT_LOTS), &columns).await?;
            self.event(order, HELD).await?;
            self.move_book(order, order.minor).await?;
            self.client.batch_execute("COMMIT").await
        })
    }

    /// Refuses it for want of funds: gives hold and use of the limit back.
    pub fn refuse(&self, order: Order) -> Result<(), tokio_postgres::Error> {
        self.runtime.block_on(async {
            self.client.batch_execute("BEGIN").await?;
            let (message, number) = (order.lot.message.0, i64::from(order.lot.number));
            assert_eq!(self.client.query(self.prepared(LOT), &[&message, &number]).await?.len(), 1);
            let columns = order.columns(REFUSED, order.minor);
            let columns = columns.each_ref().map(|column| column as _);
            assert_eq!(self.client.execute(self.prepared(UPDATE_LOT), &columns).await?, 1);
            self.client.execute(self.prepared(INSERT_REFUSAL), &[&message, &number, &number]).await?;
            self.event(order, REFUSED).await?;
            self.move_book(order, -order.minor).await?;
            self.client.batch_execute("COMMIT").await
        })
    }

    async fn event(&self, order: Order, stage: i64) -> Result<(), tokio_postgres::Error> {
        let (message, number) = (order.lot.message.0, i64::from(order.lot.number));
        self.client.execute(self.prepared(INSERT_EVENT), &[&message, &number, &stage, &day(order.date)]).await.map(drop)
    }

    /// Loads the book and writes hold and use back, changed by so much.
    async fn move_book(&self, order: Order, minor: i64) -> Result<(), tokio_postgres::Error> {
        let (ids, dates) = (vec![order.debtor.0], vec![day(order.date)]);
        let account = self.client.query_one(self.prepared(ACCOUNTS), &[&ids]).await?;
        let used: i64 = self.client.query_one(self.prepared(DAILY_USE), &[&ids, &dates]).await?.get(2);
        let (balance, held): (i64, i64) = (account.get("balance"), account.get("held"));
        self.client.execute(self.prepared(SAVE_ACCOUNTS), &[&ids, &vec![balance], &vec![held + minor]]).await?;
        self.client.execute(self.prepared(SAVE_DAILY_USE), &[&ids, &dates, &vec![used + minor]]).await.map(drop)
    }
}
