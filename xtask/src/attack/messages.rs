//! Families of rows C1, M2 and "Low": messages that are small to send and large to read.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::failed::Failed;
use super::outcome::Outcome;
use super::readers;
use super::server::{Installation, Server, Start};
use super::testbed::Testbed;
use super::victim::{Victim, Watched};
use super::wire::Reply;

/// Longest problem, in bytes.
const PROBLEM_BYTES_MAX: u64 = 1 << 20;
/// Longest answer that names refused payments: 8 MiB of refusals, and what stands around them.
const ANSWER_BYTES_MAX: u64 = 9 << 20;
/// How often a server that has ended is started again before it counts as lost.
const RESTARTS_MAX: u32 = 3;
/// How long it must live after each.
const LIFE_TIME: Duration = Duration::from_secs(12);
const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
const HEADER: &str = "<GrpHdr><MsgId>ATTACK</MsgId><CreDtTm>2026-11-29T02:00:00</CreDtTm><NbOfTxs>1</NbOfTxs>\
    <InitgPty><Nm>X</Nm></InitgPty></GrpHdr>";
const BLOCK: &str = "<PmtInf><PmtInfId>B</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>2026-11-30</Dt></ReqdExctnDt>\
    <Dbtr><Nm>D</Nm></Dbtr><DbtrAcct><Id><IBAN>LV68TREL1000000001001</IBAN></Id></DbtrAcct>\
    <DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>";

/// After so many equal bytes come some that do not compress: what compresses better is refused as a bomb before it is read.
const SPICE_AFTER_BYTES: usize = 6_000;

/// A document that is written while it is compressed, so that an attacker needs no memory.
type Body = GzEncoder<Vec<u8>>;

/// A shape of document: its name, and what it writes so many times.
struct Shape {
    name: &'static str,
    count: u32,
    count_long: u32,
    write: fn(&mut Body, u32) -> std::io::Result<()>,
}

const SHAPES: &[Shape] = &[
    Shape { name: "empty blocks", count: 4_000_000, count_long: 8_000_000, write: empty_blocks },
    Shape { name: "blocks of one wrong payment", count: 150_000, count_long: 1_000_000, write: blocks },
    Shape { name: "unknown elements with attributes", count: 500_000, count_long: 2_000_000, write: findings },
    Shape { name: "payments with a wrong IBAN", count: 100_000, count_long: 1_000_000, write: wrong_payments },
    Shape { name: "group headers", count: 500_000, count_long: 2_000_000, write: headers },
    Shape { name: "elements within each other", count: 1_000_000, count_long: 4_000_000, write: deep },
    Shape { name: "elements with names of 9 000 characters", count: 2_000, count_long: 10_000, write: long_names },
    Shape { name: "attributes of one element", count: 500_000, count_long: 2_000_000, write: attributes },
    Shape { name: "namespaces of one element", count: 200_000, count_long: 1_000_000, write: namespaces },
    Shape { name: "remittance lines of one payment", count: 200_000, count_long: 1_000_000, write: remittance },
    Shape { name: "kilobytes of one text", count: 20_000, count_long: 200_000, write: long_text },
    Shape { name: "kilobytes of one name", count: 5_000, count_long: 50_000, write: long_name },
    Shape { name: "kilobytes of comment before the root", count: 10_000, count_long: 100_000, write: prolog },
    Shape { name: "entities within each other", count: 30, count_long: 30, write: entities },
];

fn document(to: &mut Body, inside: impl FnOnce(&mut Body) -> std::io::Result<()>) -> std::io::Result<()> {
    write!(to, "<Document xmlns=\"{NAMESPACE}\"><CstmrCdtTrfInitn>{HEADER}")?;
    inside(to)?;
    write!(to, "</CstmrCdtTrfInitn></Document>")
}

fn times(to: &mut Body, count: u32, text: &str) -> std::io::Result<()> {
    let between = (SPICE_AFTER_BYTES / text.len()).max(1) as u32;
    (0..count).try_for_each(|number| {
        if number % between == 0 {
            write!(to, "<!--{}-->", random_letters(number, 70))?;
        }
        to.write_all(text.as_bytes())
    })
}

fn empty_blocks(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| times(to, count, "<PmtInf/>"))
}

fn payment(to: &mut Body, number: u32) -> std::io::Result<()> {
    write!(
        to,
        "<CdtTrfTxInf><PmtId><EndToEndId>E{number}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">1.00</InstdAmt></Amt>\
        <Cdtr><Nm>M</Nm></Cdtr><CdtrAcct><Id><IBAN>DE00370400440532013000</IBAN></Id></CdtrAcct></CdtTrfTxInf>"
    )
}

fn blocks(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        (0..count).try_for_each(|number| {
            to.write_all(BLOCK.replace(">B<", &format!(">B{number}<")).as_bytes())?;
            payment(to, number)?;
            to.write_all(b"</PmtInf>")
        })
    })
}

fn wrong_payments(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        to.write_all(BLOCK.as_bytes())?;
        (0..count).try_for_each(|number| payment(to, number))?;
        to.write_all(b"</PmtInf>")
    })
}

fn findings(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| times(to, count, "<CdtTrfTxInf><Bad x=\"1\"/></CdtTrfTxInf>"))
}

fn headers(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| times(to, count, HEADER))
}

fn deep(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| times(to, count, "<a>"))
}

fn long_names(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| (0..count).try_for_each(|number| write!(to, "<{}{number}/>", kilobytes(9 * number, 9))))
}

fn attributes(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        to.write_all(b"<PmtInf")?;
        (0..count).try_for_each(|number| write!(to, " a{number}=\"1\""))?;
        to.write_all(b"/>")
    })
}

fn namespaces(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        to.write_all(b"<PmtInf")?;
        (0..count).try_for_each(|number| write!(to, " xmlns:a{number}=\"urn:{number}\""))?;
        to.write_all(b"/>")
    })
}

fn remittance(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        to.write_all(BLOCK.as_bytes())?;
        to.write_all(b"<CdtTrfTxInf><PmtId><EndToEndId>E</EndToEndId></PmtId><RmtInf>")?;
        times(to, count, "<Ustrd>xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</Ustrd>")?;
        to.write_all(b"</RmtInf></CdtTrfTxInf></PmtInf>")
    })
}

fn long_text(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        to.write_all(b"<PmtInf><PmtInfId>")?;
        to.write_all(kilobytes(0, count).as_bytes())?;
        to.write_all(b"</PmtInfId></PmtInf>")
    })
}

fn long_name(to: &mut Body, count: u32) -> std::io::Result<()> {
    document(to, |to| {
        to.write_all(b"<")?;
        to.write_all(kilobytes(0, count).as_bytes())?;
        to.write_all(b"/>")
    })
}

fn prolog(to: &mut Body, count: u32) -> std::io::Result<()> {
    to.write_all(b"<!--")?;
    to.write_all(kilobytes(0, count).as_bytes())?;
    to.write_all(b"-->")?;
    document(to, |_| Ok(()))
}

fn entities(to: &mut Body, count: u32) -> std::io::Result<()> {
    to.write_all(b"<!DOCTYPE Document [<!ENTITY e0 \"ha\">")?;
    (1..count).try_for_each(|number| write!(to, "<!ENTITY e{number} \"&e{0};&e{0};\">", number - 1))?;
    write!(to, "]><Document xmlns=\"{NAMESPACE}\">&e{};</Document>", count - 1)
}

/// So many letters that do not compress.
pub(super) fn random_letters(seed: u32, count: usize) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + ((state >> 24) % 26) as u8)
    };
    (0..count).map(|_| next()).collect()
}

/// So many kilobytes of letters, each different, which compress well and are no bomb.
fn kilobytes(first: u32, count: u32) -> String {
    (first..first + count).map(|number| random_letters(number, 16) + &"x".repeat(1_008)).collect()
}

fn written(shape: &Shape, count: u32) -> Result<Vec<u8>, Failed> {
    let mut body = GzEncoder::new(Vec::new(), Compression::best());
    body.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    (shape.write)(&mut body, count)?;
    Ok(body.finish()?)
}

/// C1: four million empty blocks, executed and only checked; then each restart.
pub(super) fn empty_blocks_and_restart(testbed: &Testbed) -> Result<Outcome, Failed> {
    let shape = &SHAPES[0];
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let body = written(shape, shape.count)?;
    let victim = Victim::begin(&installation)?;
    let answers: Vec<String> = ["", "?mode=test"].map(|mode| say(&try_out(&installation, mode, &body))).to_vec();
    std::thread::sleep(Duration::from_secs(1));
    let watched = victim.end()?;
    let rate = format!("2 requests of {} KB gzip: {}", body.len() / 1024, answers.join("; "));
    let mut outcome = testbed.outcome(format!("{} {}", shape.count, shape.name), rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    let server = if server.is_alive() {
        outcome.nothing_lost(&installation, server, &watched).ok()
    } else {
        restarted(&installation, &mut outcome)
    };
    if let Some(mut server) = server {
        let ended = server.ends_within(LIFE_TIME / 4)?;
        outcome.bound(
            "it lives on after the restart",
            ended.map_or("lives".to_owned(), |how| how.to_string()),
            ended.is_none(),
        );
    }
    Ok(outcome)
}

/// Starts it again after its end, a few times; the last one that lives, if any does.
fn restarted(installation: &Installation, outcome: &mut Outcome) -> Option<Server> {
    let mut ended = 0;
    for _ in 0..RESTARTS_MAX {
        let server = installation.serve(&Start::default()).ok().and_then(|mut server| {
            let how = server.ends_within(LIFE_TIME).ok()?;
            how.is_none().then_some(server)
        });
        match server {
            Some(server) => {
                outcome.bound(
                    "a restart takes the message up and lives",
                    format!("lives after {ended} more ends"),
                    ended == 0,
                );
                return Some(server);
            }
            None => ended += 1,
        }
    }
    outcome.bound("a restart takes the message up and lives", format!("ended at each of {ended} restarts"), false);
    None
}

/// Every other shape, each in a process of its own: memory that one was given is not given back at once.
pub(super) fn other_shapes(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let begun = Instant::now();
    let mut outcome =
        testbed.outcome(format!("{} other shapes, executed and only checked", SHAPES.len() - 1), String::new());
    let (mut sent, mut watched) = (0, Watched::default());
    for shape in &SHAPES[1..] {
        let count = if testbed.is_long { shape.count_long } else { shape.count };
        let body = written(shape, count)?;
        let mut server = installation.serve(&Start::default())?;
        let victim = Victim::begin(&installation)?;
        let replies = ["", "?mode=test"].map(|mode| try_out(&installation, mode, &body));
        sent += replies.len();
        watched.add(victim.end()?);
        let peak = server.peak_mib().unwrap_or_default();
        let ended = server.ended()?;
        server.stop()?;
        let longest = replies.iter().flatten().map(|(reply, _)| reply.body_bytes).max().unwrap_or_default();
        let is_short =
            |reply: &Reply| reply.body_bytes <= if reply.status == 200 { ANSWER_BYTES_MAX } else { PROBLEM_BYTES_MAX };
        let heard = replies.iter().all(|tried| tried.as_ref().is_ok_and(|(reply, _)| is_short(reply)));
        let shown: Vec<String> = replies.iter().map(say).collect();
        let lives = ended.map_or("lives".to_owned(), |how| how.to_string());
        outcome.bound(
            format!(
                "{count} {} ({} KB): lives, VmHWM ≤ 512 MiB, problem ≤ 1 MiB, answer ≤ 9 MiB",
                shape.name,
                body.len() / 1024
            ),
            format!("{lives}, {peak:.0} MiB, answer {} KB: {}", longest / 1024, shown.join("; ")),
            ended.is_none() && heard && peak <= super::outcome::MEMORY_MAX_MIB,
        );
    }
    outcome.rate = format!("{sent} requests in {} s", begun.elapsed().as_secs());
    outcome.victim(&watched);
    outcome.healthy(&watched);
    let server = installation.serve(&Start::default())?;
    outcome.repeated("answers are the same after all of it", &installation, &watched);
    server.stop()?;
    Ok(outcome)
}

type Tried = Result<(Reply, Duration), Failed>;

fn try_out(installation: &Installation, mode: &str, body: &[u8]) -> Tried {
    let path = format!("{}{mode}", protocol::routes::PAYMENTS);
    let fields = [("content-encoding", "gzip"), ("prefer", "wait=60")];
    let begun = Instant::now();
    let reply = readers::send_to(installation, "attacker-manage", &path, body, &fields)?;
    Ok((reply, begun.elapsed()))
}

fn say(tried: &Tried) -> String {
    match tried {
        Ok((reply, took)) => format!("{} after {:.1} s", reply.short(), took.as_secs_f64()),
        Err(error) => error.to_string(),
    }
}
