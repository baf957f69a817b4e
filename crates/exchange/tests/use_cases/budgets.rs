//! The memory of one message, and of all together.

use exchange::{AcceptancePolicy, MemoryLimits, Mode, Settings};
use rulebook::Code;

use super::support::messages::{Block, File, payment};
use super::support::*;

const MIB: usize = 1 << 20;

async fn with(settings: Settings) -> TestExchange {
    TestExchange::with(AcceptancePolicy::Partial, Settings { stage_chunk_payments: 100, ..settings }).await
}

fn memory(message: usize, client: usize, all: usize) -> Settings {
    let memory = MemoryLimits { message_bytes_max: message, client_bytes_max: client, all_bytes_max: all };
    Settings { memory, ..Settings::default() }
}

/// So many blocks of one payment.
fn blocks(message_id: &str, count: usize) -> File {
    let mut file = File::new(message_id, Vec::new());
    let block = |number: usize| Block {
        id: format!("{message_id}-B{number}"),
        payments: vec![payment(&format!("{message_id}-{number}"), 1_00, ESTONIAN)],
        ..file.blocks[0].clone()
    };
    file.blocks = (0..count).map(block).collect();
    file
}

#[tokio::test]
async fn blocks_have_a_bound_of_their_own() {
    let treasury = with(Settings { blocks_max: 150, ..Settings::default() }).await;
    assert_eq!(group_status(&treasury.answer(&blocks("MSG-1", 150).xml()).await), "ACCP");
    for mode in [Mode::Test, Mode::Execute] {
        let xml = blocks("MSG-2", 151).xml();
        let failure =
            treasury.submit_with(Role::Manager, &xml, mode, std::time::Duration::from_secs(60)).await.unwrap_err();
        assert_eq!((failure.code, failure.expected.as_str()), (Code::TooManyBlocks, "150"));
    }
    treasury.check_invariants().await;
}

#[tokio::test]
async fn beyond_the_break_of_the_schema_nothing_is_kept() {
    // More than any budget would hold, if it were kept: blocks, headers, payments.
    for broken in ["<PmtInf/>", "<GrpHdr/>", "<PmtInf><CdtTrfTxInf/></PmtInf>"] {
        let treasury = with(Settings { blocks_max: 10, ..memory(MIB, MIB, 8 * MIB) }).await;
        let xml = blocks("MSG-1", 1).xml().replacen("<PmtInf>", &(broken.repeat(50_000) + "<PmtInf>"), 1);
        for mode in [Mode::Test, Mode::Execute] {
            let submitted = treasury.submit_with(Role::Manager, &xml, mode, std::time::Duration::from_secs(60)).await;
            let failure = submitted.unwrap_err();
            assert!(failure.findings_total >= 50_000, "{broken}: {failure:?}");
            assert!(failure.findings.len() <= 100, "{broken}");
        }
    }
}

#[tokio::test]
async fn a_message_that_takes_too_much_memory_is_refused_for_good_and_leaves_none_taken() {
    let treasury = with(memory(MIB, MIB, 8 * MIB)).await;
    // Each payment is refused for several reasons, which are kept.
    let mut file = File::of_many("MSG-1", 20_000, "EE382200221020145686");
    file.blocks[0].id = "//".to_owned();
    let large = file.xml();
    for _ in 0..3 {
        let failure = treasury.submit(Role::Manager, &large).await.unwrap_err();
        assert_eq!((failure.code, failure.expected.as_str()), (Code::MessageTakesTooMuchMemory, "1048576"));
    }
    // The same budget again and again, so it was given back each time.
    for number in 0..3 {
        let xml = File::of_many(&format!("MSG-2-{number}"), 300, ESTONIAN).xml();
        assert_eq!(group_status(&treasury.answer(&xml).await), "ACCP");
    }
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_budget_that_is_shared_refuses_for_now() {
    let treasury = with(memory(64 * MIB, MIB, 8 * MIB)).await;
    let large = File::of_many("MSG-1", 20_000, "EE382200221020145686").xml();
    let failure = treasury.submit(Role::Manager, &large).await.unwrap_err();
    assert_eq!((failure.code, failure.detail.as_str()), (Code::MemoryUsedUp, "memory.client_bytes_max"));
    assert!(failure.is_temporary() && failure.retry_after.is_some());
    // Another client is not concerned, nor is a small message of the same one.
    assert_eq!(group_status(&treasury.answer(&File::of_many("MSG-2", 3, ESTONIAN).xml()).await), "ACCP");
    treasury.check_invariants().await;
}

#[tokio::test]
async fn what_an_answer_tells_of_a_message_is_bounded() {
    let treasury = with(Settings::default()).await;
    let large = File::of_many("MSG-1", 12_000, "EE382200221020145686").xml();
    let answer = treasury.answer(&large).await;
    assert_eq!(group_status(&answer), "RJCT");
    assert!(answer.len() < 30 * MIB, "{}", answer.len());
    assert!(answer.contains("more payments"), "those beyond what is named are counted");
}

#[tokio::test]
async fn names_and_paths_are_shortened_wherever_they_are_told() {
    let treasury = with(Settings::default()).await;
    let name = "n".repeat(30_000);
    let xml = blocks("MSG-1", 1).xml();
    let unknown = xml.replacen("<PmtInf>", &format!("<{name}/><PmtInf>"), 1);
    let attribute = xml.replacen("<PmtInf>", &format!("<PmtInf {name}=\"{name}\">"), 1);
    let mismatched = xml.replacen("<PmtInf>", &format!("<{name}></{name}x><PmtInf>"), 1);
    for xml in [unknown, attribute, mismatched] {
        let failure = treasury.submit(Role::Manager, &xml).await.unwrap_err();
        let told = format!("{failure:?}");
        assert!(told.len() < 4_000 + 2_000 * failure.findings.len(), "{} bytes: {told:.300}", told.len());
    }
}

#[tokio::test]
async fn a_root_that_begins_too_late_is_told_so() {
    let treasury = with(Settings::default()).await;
    let xml = blocks("MSG-1", 1).xml();
    let declaration = xml.find("?>").map_or(0, |end| end + 2);
    let late = |filling: &str| [&xml[..declaration], &filling.repeat(9_000), &xml[declaration..]].concat();
    for xml in [late(" "), late("<!---->"), late("\n")] {
        let failure = treasury.submit(Role::Manager, &xml).await.unwrap_err();
        assert_eq!((failure.code, failure.expected.as_str()), (Code::RootElementTooLate, "8192"));
    }
}

#[tokio::test]
async fn years_beyond_the_calendar_are_too_far_away_not_missing() {
    let treasury = with(Settings::default()).await;
    for (number, (year, code)) in [("99999", "TDAM-3402"), ("-0001", "TDAM-3401")].into_iter().enumerate() {
        let xml = blocks(&format!("MSG-{number}"), 1).xml().replace("<Dt>2026-", &format!("<Dt>{year}-"));
        let answer = treasury.answer(&xml).await;
        assert!(answer.contains(code), "{year}: {answer}");
    }
}
