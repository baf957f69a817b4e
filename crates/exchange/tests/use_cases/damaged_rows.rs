//! Damaged rows: every use case that meets one returns an error and never a guess, and the log has the cause.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use exchange::{Exchange, Failure, ReportId};
use rulebook::Code;
use tracing_subscriber::fmt::MakeWriter;

use super::at_rest::copies::{InFolder, InServer};
use super::at_rest::harms::Harm;
use super::at_rest::{run, treasury_with_everything};
use super::restart::left_over;
use super::support::messages::{File, payment};
use super::support::*;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// The log of all tests of this process, from the first time that it is asked for.
fn log() -> String {
    static LOG: OnceLock<Log> = OnceLock::new();
    let log = LOG.get_or_init(|| {
        let log = Log::default();
        let errors = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::ERROR);
        errors.with_ansi(false).with_writer(log.clone()).init();
        log
    });
    String::from_utf8(log.0.lock().unwrap().clone()).unwrap()
}

/// The lines of unexpected failures with a cause, among those that came since.
fn causes_since(before: usize, cause: &str) -> usize {
    let log = log();
    log[before..].lines().filter(|line| line.contains("unexpected failure") && line.contains(cause)).count()
}

enum Act {
    /// `GET` of a message's status, as XML.
    Status(&'static str),
    /// The same as values.
    Overview(&'static str),
    /// The same bytes once more.
    Again,
    /// The first page of the first report.
    Page,
    /// Everything of the client.
    Export,
}

/// A change of a row, who meets it, and what the log says then.
#[rustfmt::skip]
const CASES: &[(&str, Act, &str)] = &[
    ("UPDATE message SET message_type = 'pain.999.001.01', seal = NULL WHERE id = 1", Act::Status("MSG-1"), "\"pain.999.001.01\""),
    ("UPDATE message SET message_type = 'pain.998.001.01', seal = NULL WHERE id = 1", Act::Overview("MSG-1"), "\"pain.998.001.01\""),
    ("UPDATE message SET message_type = 'pain.997.001.01', seal = NULL WHERE id = 1", Act::Again, "\"pain.997.001.01\""),
    ("UPDATE message SET message_type = 'camt.060.001.05', seal = NULL WHERE id = 1", Act::Again, "camt.060.001.05"),
    ("UPDATE message SET message_type = 'pain.996.001.01', seal = NULL WHERE message_id = 'MSG-3'", Act::Overview("MSG-3"),
        "\"pain.996.001.01\""),
    ("UPDATE message SET answer = zeroblob(9), seal = NULL WHERE message_id = 'MSG-3'", Act::Overview("MSG-3"),
        "the stored answer to message 3 cannot be read"),
    ("UPDATE message SET answer = zeroblob(9) WHERE message_id = 'MSG-3'", Act::Overview("MSG-3"), "message 3"),
    ("UPDATE message SET control_sum = 'a dozen', seal = NULL WHERE id = 1", Act::Status("MSG-1"), "message 1 has a sum that is none"),
    ("UPDATE block SET control_sum = 'a dozen' WHERE message = 1", Act::Status("MSG-1"), "block 0 of message 1 has a sum that is none"),
    ("DELETE FROM block WHERE message = 1", Act::Status("MSG-1"), "message 1 has lots that its blocks do not hold"),
    ("UPDATE refusal SET code = 'TDAM-0007' WHERE stage = 2", Act::Status("MSG-1"), "\"TDAM-0007\""),
    ("UPDATE refusal SET code = 'TDAM-0008' WHERE stage = 2", Act::Overview("MSG-1"), "\"TDAM-0008\""),
    ("UPDATE payment SET record = zeroblob(length(record)) WHERE id >> 32 = 1", Act::Status("MSG-1"),
        "a stored payment record cannot be read"),
    ("UPDATE payment SET record = zeroblob(length(record)) WHERE id >> 32 = 1", Act::Export, "a stored payment record cannot be read"),
    ("UPDATE payment SET block = 7 WHERE id >> 32 = 1", Act::Export, "block 7 of message 1 is missing"),
    ("UPDATE report SET message_type = 'camt.999.001.01' WHERE id = 1", Act::Page, "\"camt.999.001.01\""),
];

/// Nothing is kept of an export.
struct Nowhere;

impl exchange::ExportFiles for Nowhere {
    fn begin(&mut self, _: &str) -> io::Result<Box<dyn io::Write + '_>> {
        Ok(Box::new(io::sink()))
    }
}

impl Act {
    async fn on(&self, treasury: &TestExchange, first: &str) -> Failure {
        let caller = treasury.caller(Role::Manager).await;
        match self {
            Act::Status(message_id) => treasury.exchange.status(&caller, message_id).await.unwrap_err(),
            Act::Overview(message_id) => treasury.exchange.status_overview(&caller, message_id).await.unwrap_err(),
            Act::Again => treasury.submit(Role::Manager, first).await.unwrap_err(),
            Act::Page => {
                let viewer = treasury.caller(Role::Viewer).await;
                treasury.exchange.report_page(&viewer, ReportId(1), 1).await.unwrap_err()
            }
            Act::Export => {
                let (exchange, client): (Exchange, _) = (treasury.exchange.clone(), treasury.ministry);
                let exported = tokio::task::spawn_blocking(move || exchange.operator().export(client, &mut Nowhere));
                match exported.await.unwrap().unwrap_err() {
                    exchange::ExportError::Failure(failure) => failure,
                    exchange::ExportError::Write(error) => panic!("{error}"),
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_meets_a_damaged_row_gets_an_error_and_the_log_has_the_cause() {
    let treasury = treasury_with_everything(Place::folder()).await;
    let first = File::new(
        "MSG-1",
        vec![
            payment("A", 12_50, &municipality_account()),
            payment("B", 7_50, ESTONIAN),
            payment("C", 3_00, GERMAN).saying("SIMULATE RETURN"),
            payment("D", 4_00, GERMAN).saying("SIMULATE REJECT AC04"),
        ],
    );
    assert!(answered(treasury.submit(Role::Manager, &first.xml()).await).1, "the same bytes as before");
    let source = InFolder::of(treasury.folder().unwrap());
    for (number, (sql, act, cause)) in CASES.iter().enumerate() {
        let before = log().len();
        let damaged = treasury.over(source.changed(sql));
        let failure = act.on(&damaged, &first.xml()).await;
        assert_eq!(failure.code, Code::InternalError, "case {number}: {sql}");
        assert!(causes_since(before, cause) > 0, "case {number}: {sql}: no {cause:?} in {}", &log()[before..]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_that_cannot_be_read_is_none_that_a_client_is_told() {
    let treasury = TestExchange::with_small_chunks().await;
    let before = log().len();
    let damages: [(&str, &[u8], &str); 3] = [
        ("NONE", b"", "a stored problem cannot be read: Eof"),
        ("CUT", b"{\"code\":\"TDAM-2001\",\"detail\":\"SECRET", "a stored problem cannot be read: Eof"),
        (
            "CODE",
            b"{\"code\":\"TDAM-0009\",\"detail\":\"\",\"findings_total\":0,\"findings\":[]}",
            "a stored problem has a code that the catalogue lacks: \"TDAM-0009\"",
        ),
    ];
    for (message_id, problem, cause) in damages {
        let submission = left_over(&treasury, &File::of_many(message_id, 300, ESTONIAN).xml()).await;
        let refuse = move |writing: &mut dyn store::Writing| {
            writing.claim_submission(submission)?;
            Ok::<_, Failure>(writing.refuse_submission(submission, problem)?)
        };
        treasury.store.write(refuse).await.unwrap();
        let caller = treasury.caller(Role::Manager).await;
        let failure = treasury.exchange.outcome(&caller, submission, Duration::ZERO).await.unwrap_err();
        assert_eq!(failure.code, Code::InternalError, "{message_id}");
        assert!(causes_since(before, cause) > 0, "{message_id}: no {cause:?} in {}", &log()[before..]);
    }
    assert!(!log().contains("SECRET"), "a cause does not quote what it is about");
}

/// Damages over which a part of the check fails, each with what the check says of it.
#[rustfmt::skip]
const UNREADABLE: &[(&str, &str)] = &[
    ("UPDATE entry SET account = 4711 WHERE sequence = 1", "an entry of account 4711, which does not exist"),
    ("UPDATE account SET currency = '???' WHERE id = 4", "an account cannot be read"),
    ("UPDATE lot SET stage = 77 WHERE message = 1", "a lot cannot be read"),
    ("UPDATE payment SET lot = -1 WHERE id >> 32 = 1", "a payment cannot be read"),
    ("UPDATE account_day SET date = 2147483647 WHERE account = 4", "a day of an account cannot be read"),
    // The statement fails here, not a row of it.
    ("UPDATE account_day SET credit = 9223372036854775807, debit = -9223372036854775807", "a day of an account cannot be read"),
    ("UPDATE client SET acceptance = 7 WHERE id = 1", "a client cannot be read"),
    ("UPDATE report SET opening = 9223372036854775807 WHERE id = 1", "reports that state an opening balance"),
    ("UPDATE submission SET sha256 = zeroblob(5) WHERE id = 2", "the row of a body cannot be read"),
    ("UPDATE audit SET hash = zeroblob(3) WHERE sequence = 5", "the audit chain cannot be read"),
];

/// Damages that parts of the check find afterwards.
const LATER: &str = "UPDATE account SET owner_name = 'Nobody' WHERE id = 3; \
    UPDATE submission SET body = zeroblob(length(body)) WHERE body IS NOT NULL";

fn check_goes_on(harmed: impl Fn(&Harm) -> Option<Vec<String>>) {
    for (damage, finding) in UNREADABLE {
        let both: &'static str = format!("{damage}; {LATER}").leak();
        let found = harmed(&Harm::Sql(both)).unwrap();
        let names = |what: &str| found.iter().any(|problem| problem.contains(what));
        assert!(names(finding), "{damage}: {found:#?}");
        assert!(names("is not what was received"), "{damage}: what comes later is checked: {found:#?}");
        // With a chain that is cut nothing can be compared.
        if !damage.contains("audit") {
            assert!(names("that are not what the audit says: account 3"), "{damage}: {found:#?}");
        }
    }
}

#[test]
fn a_check_goes_on_after_a_row_that_it_cannot_read() {
    let treasury = run(treasury_with_everything(Place::folder()));
    let source = InFolder::of(treasury.folder().unwrap());
    check_goes_on(|harm| source.harmed(harm));
}

#[test]
fn a_check_goes_on_after_a_row_that_it_cannot_read_on_postgresql() {
    let Some(place) = Place::database() else { return };
    let treasury = run(treasury_with_everything(place));
    let source = InServer::of(treasury.database().unwrap());
    check_goes_on(|harm| source.harmed(harm));
}
