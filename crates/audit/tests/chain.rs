//! What the verification of an export finds: random chains, each damaged in each way.
#![allow(clippy::unwrap_used, missing_docs)]

use audit::{
    AUDIT_CHAIN_START, AuditKey, AuditLine, ChainedAuditLine, Checkpoint, FaultKind, Findings, audit_hash,
    line_from_json, line_to_json, verify,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const EXCHANGE: &str = "4f1c0a";

fn key(seed: u8) -> AuditKey {
    AuditKey::from_seed(&[seed; 32]).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_796_000_000 + second).unwrap() + SignedDuration::from_micros(7)
}

/// A chain of lines with these details.
fn chain_of(details: &[String]) -> Vec<ChainedAuditLine> {
    let mut hash = AUDIT_CHAIN_START;
    let line = |(number, detail): (usize, &String)| {
        let line = AuditLine {
            at: at(number as i64),
            actor: "operator uid 0".to_owned(),
            action: "account.state".to_owned(),
            detail: detail.clone(),
        };
        let sequence = number as i64 + 1;
        hash = audit_hash(&hash, sequence, &line);
        ChainedAuditLine { sequence, line, hash }
    };
    details.iter().enumerate().map(line).collect()
}

fn export(lines: &[ChainedAuditLine]) -> String {
    lines.iter().map(|line| line_to_json(line) + "\n").collect()
}

/// A checkpoint after each `every` lines.
fn checkpoints(lines: &[ChainedAuditLine], every: usize) -> Vec<Checkpoint> {
    let at_line = |line: &ChainedAuditLine| Checkpoint::sign(EXCHANGE, line.sequence, line.hash, line.line.at, &key(1));
    lines.chunks(every).filter_map(|chunk| chunk.last()).map(at_line).collect()
}

fn found(text: &str, checkpoints: &[Checkpoint]) -> Findings {
    verify(text.as_bytes(), checkpoints, &key(1).public()).unwrap()
}

fn kinds(findings: &Findings) -> Vec<(i64, FaultKind)> {
    findings.faults.iter().map(|fault| (fault.sequence, fault.kind.clone())).collect()
}

/// The details of some lines, with texts of all kinds.
fn details() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop_oneof![Just(String::new()), "[ -~]{0,20}", any::<String>()], 4..24)
}

proptest! {
    #[test]
    fn a_sound_chain_verifies_and_checkpoints_confirm_it(details in details(), every in 1_usize..8) {
        let lines = chain_of(&details);
        let checkpoints = checkpoints(&lines, every);
        let findings = found(&export(&lines), &checkpoints);
        prop_assert!(findings.is_sound(), "{findings:?}");
        prop_assert_eq!(findings.lines, lines.len() as i64);
        prop_assert_eq!((findings.checkpoints, findings.confirmed), (checkpoints.len(), lines.len() as i64));
    }

    #[test]
    fn lines_and_checkpoints_are_read_back_as_they_were_written(details in details()) {
        for line in chain_of(&details) {
            prop_assert_eq!(&line_from_json(&line_to_json(&line)).unwrap(), &line);
            let checkpoint = Checkpoint::sign(EXCHANGE, line.sequence, line.hash, line.line.at, &key(1));
            prop_assert_eq!(&Checkpoint::from_json(&checkpoint.to_json()).unwrap(), &checkpoint);
            prop_assert!(checkpoint.is_signed());
        }
    }

    #[test]
    fn each_damage_is_found_at_its_line(details in details(), place in any::<prop::sample::Index>()) {
        let lines = chain_of(&details);
        let place = place.index(lines.len() - 1);
        let sequence = place as i64 + 1;
        let expect = |lines: &[ChainedAuditLine], kind| {
            let findings = found(&export(lines), &[]);
            prop_assert_eq!((findings.lines, kinds(&findings)), (place as i64, vec![(sequence, kind)]));
            Ok(())
        };

        let mut changed = lines.clone();
        changed[place].line.detail.push('.');
        expect(&changed, FaultKind::Changed)?;
        let mut moment_later = lines.clone();
        moment_later[place].line.at += SignedDuration::from_micros(1);
        expect(&moment_later, FaultKind::Changed)?;
        let mut dropped = lines.clone();
        dropped.remove(place);
        expect(&dropped, FaultKind::OutOfOrder { found: sequence + 1 })?;
        let mut swapped = lines.clone();
        swapped.swap(place, place + 1);
        expect(&swapped, FaultKind::OutOfOrder { found: sequence + 1 })?;
        // With its number and those after it made to fit, but not the hashes.
        let mut inserted = lines.clone();
        inserted.insert(place, ChainedAuditLine { line: AuditLine { action: "x".to_owned(), ..lines[place].line.clone() }, ..lines[place].clone() });
        inserted.iter_mut().enumerate().for_each(|(number, line)| line.sequence = number as i64 + 1);
        expect(&inserted, FaultKind::Changed)?;
    }

    #[test]
    fn another_byte_anywhere_is_found(details in details(), place in any::<prop::sample::Index>(), other in 1_u8..) {
        let mut bytes = export(&chain_of(&details)).into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= other;
        let findings = verify(&bytes[..], &[], &key(1).public()).unwrap();
        prop_assert!(!findings.is_sound(), "byte {place}: {}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn only_a_checkpoint_convicts_a_chain_that_was_rewritten_or_cut(details in details(), place in any::<prop::sample::Index>()) {
        let lines = chain_of(&details);
        let kept = checkpoints(&lines, lines.len());
        let place = place.index(lines.len());

        let mut other = details.clone();
        other[place].push('.');
        let rewritten = chain_of(&other);
        prop_assert!(found(&export(&rewritten), &[]).is_sound());
        let last = lines.len() as i64;
        prop_assert_eq!(kinds(&found(&export(&rewritten), &kept)), vec![(last, FaultKind::Rewritten)]);

        let cut = &lines[..place];
        prop_assert!(found(&export(cut), &[]).is_sound());
        prop_assert_eq!(kinds(&found(&export(cut), &kept)), vec![(last, FaultKind::TailMissing)]);
    }
}

#[test]
fn a_checkpoint_counts_only_with_the_right_signature() {
    let lines = chain_of(&["a".to_owned(), "b".to_owned()]);
    let text = export(&lines);
    let sound = checkpoints(&lines, 1);
    let with = |change: &dyn Fn(&mut Checkpoint)| {
        let mut checkpoints = sound.clone();
        change(&mut checkpoints[1]);
        kinds(&found(&text, &checkpoints))
    };
    let not_signed = vec![(2, FaultKind::NotSigned)];
    assert_eq!(with(&|checkpoint| checkpoint.signature[0] ^= 1), not_signed);
    assert_eq!(with(&|checkpoint| checkpoint.at += SignedDuration::from_micros(1)), not_signed);
    assert_eq!(with(&|checkpoint| checkpoint.hash[31] ^= 1), not_signed);
    assert_eq!(with(&|checkpoint| checkpoint.exchange.push('0')), not_signed);
    assert_eq!(with(&|checkpoint| checkpoint.key = key(2).public()), not_signed);
    let by_another = |checkpoint: &mut Checkpoint| {
        *checkpoint = Checkpoint::sign(EXCHANGE, 2, lines[1].hash, lines[1].line.at, &key(2));
    };
    assert_eq!(with(&by_another), not_signed);
    let of_another = |checkpoint: &mut Checkpoint| {
        *checkpoint = Checkpoint::sign("other", 2, lines[1].hash, lines[1].line.at, &key(1));
    };
    assert_eq!(with(&of_another), vec![(2, FaultKind::OfAnotherExchange { exchange: "other".to_owned() })]);
}

#[test]
fn what_is_no_export_is_named_with_its_line() {
    let lines = chain_of(&["a".to_owned(), "b".to_owned()]);
    let sound = export(&lines);
    let first = sound.lines().next().unwrap();
    let endless = format!("{first}\n{{\"line\":2,\"detail\":\"{}", "x".repeat(2 * audit::LINE_BYTES_MAX));
    let with_more = format!("{first}\n{}", line_to_json(&lines[1]).replace("{", "{\"more\":1,"));
    let second = line_to_json(&lines[1]);
    let written_otherwise = format!("{first}\n {second}\n");
    let without_end = format!("{first}\n{second}");
    let wrong = [
        format!("{first}\nnonsense\n"),
        format!("{first}\n\n"),
        endless,
        with_more + "\n",
        written_otherwise,
        without_end,
    ];
    for text in wrong {
        let findings = found(&text, &[]);
        let fault = findings.faults.first().unwrap();
        assert_eq!((findings.lines, findings.faults.len(), fault.sequence), (1, 1, 2));
        assert!(matches!(fault.kind, FaultKind::NotReadable(_)), "{fault:?}");
    }
    let no_utf8 = verify(&b"\xff\xfe\n"[..], &[], &key(1).public()).unwrap();
    assert_eq!(no_utf8.faults.len(), 1);
}
