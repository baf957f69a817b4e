//! `tdam validate`: findings of every layer, at their place, for people and for scripts.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use super::{Ran, messages, of, run, tdam};

/// Validates a message of the folder as if it were sent on the morning of 24 November 2026.
fn validate(name: &str, more: &[&str]) -> Ran {
    let mut command = tdam(["validate", "--date", "2026-11-24"]);
    run(command.args(more).arg(name).current_dir(messages()))
}

fn json(name: &str) -> (i32, Value) {
    let ran = validate(name, &["--json"]);
    let mut value: Value = serde_json::from_str(&ran.out).unwrap();
    (ran.exit, value["files"][0].take())
}

fn codes(file: &Value) -> Vec<&str> {
    file["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

#[test]
fn a_good_message_is_exit_code_0() {
    let ran = validate("good.xml", &[]);
    assert_eq!((ran.exit, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, "good.xml: in order (pain.001.001.09, 2 payments, sum 212.40)\n");
}

#[test]
fn in_latvian_by_option_and_by_environment() {
    let expected = "good.xml: bez kļūdām (pain.001.001.09, 2 maksājumi, summa 212.40)\n";
    assert_eq!(validate("good.xml", &["--language", "lv"]).out, expected);
    let ran =
        run(tdam(["validate", "--date", "2026-11-24", "good.xml"]).env("LANG", "lv_LV.UTF-8").current_dir(messages()));
    assert_eq!(ran.out, expected);
}

#[test]
fn what_breaks_the_guideline_is_shown_at_its_place() {
    let ran = validate("guideline.xml", &[]);
    assert_eq!(ran.exit, 1);
    insta::assert_snapshot!("guideline", ran.out);
}

#[test]
fn what_breaks_the_schema_is_shown_at_its_place() {
    let ran = validate("schema.xml", &[]);
    assert_eq!(ran.exit, 1);
    insta::assert_snapshot!("schema", ran.out);
}

#[test]
fn json_names_layer_code_and_place() {
    let (exit, file) = json("guideline.xml");
    assert_eq!((exit, codes(&file)), (1, vec!["TDAM-3003", "TDAM-3007", "TDAM-3107"]));
    let iban = &file["findings"][2];
    assert_eq!((iban["layer"].as_str(), iban["iso_reason"].as_str()), (Some("guideline"), Some("AC03")));
    assert_eq!((iban["line"].as_u64(), iban["column"].as_u64()), (Some(24), Some(23)));
    assert_eq!(iban["end_to_end_id"], "2026-117");
    assert_eq!(file["in_order"], false);

    let (_, file) = json("schema.xml");
    assert!(file["findings"].as_array().unwrap().iter().all(|finding| finding["layer"] == "schema"), "{file:#}");
}

#[test]
fn documents_that_are_no_message_say_so() {
    for (name, code) in [("truncated.xml", "TDAM-2004"), ("namespace.xml", "TDAM-2010")] {
        let (exit, file) = json(name);
        assert_eq!(exit, 1, "{name}");
        let entry: rulebook::Code = codes(&file)[0].parse().unwrap();
        assert_eq!(codes(&file).len(), 1);
        assert_eq!(file["findings"][0]["layer"], "form", "{name}: {entry}, expected about {code}");
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, code) in [
        ("empty.xml", &b""[..], rulebook::Code::EmptyBody),
        ("page.html", b"<!DOCTYPE html><html></html>", rulebook::Code::HtmlInsteadOfXml),
        ("utf16.xml", b"\xFF\xFE<\0D\0o\0c\0>\0", rulebook::Code::EncodingNotSupported),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let ran = run(tdam(["validate", "--json"]).arg(&path));
        let value: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!((ran.exit, codes(&value["files"][0])), (1, vec![code.id()]), "{name}");
    }
}

#[test]
fn what_the_exchange_tolerates_in_a_report_request_the_schema_alone_refuses() {
    let tolerant = validate("request.xml", &[]);
    assert_eq!(tolerant.exit, 0, "{}", tolerant.out);
    assert!(tolerant.out.contains("camt.060.001.03"), "{}", tolerant.out);
    let strict = validate("request.xml", &["--schema-only"]);
    assert_eq!(strict.exit, 1, "{}", strict.out);
}

#[test]
fn the_schema_alone_says_nothing_about_the_guideline() {
    let ran = validate("guideline.xml", &["--schema-only"]);
    assert_eq!((ran.exit, ran.out.as_str()), (0, "guideline.xml: in order (pain.001.001.09)\n"));
}

#[test]
fn several_files_are_all_checked_and_the_worst_decides() {
    let ran =
        run(tdam(["validate", "--date", "2026-11-24", "guideline.xml", "absent.xml", "good.xml"])
            .current_dir(messages()));
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("absent.xml cannot be read"), "{}", ran.err);
    assert!(ran.out.contains("guideline.xml: 3 finding(s)") && ran.out.contains("good.xml: in order"), "{}", ran.out);
}

#[test]
fn standard_input_is_a_file_too() {
    let mut command = tdam(["validate", "--date", "2026-11-24", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let message = fs::read(messages().join("guideline.xml")).unwrap();
    child.stdin.take().unwrap().write_all(&message).unwrap();
    let ran = of(child.wait_with_output().unwrap());
    assert_eq!(ran.exit, 1);
    assert!(ran.out.contains("-:24:23: TDAM-3107 AC03"), "{}", ran.out);
}

#[test]
fn findings_are_counted_beyond_those_shown() {
    let ran = validate("guideline.xml", &["--findings", "1"]);
    assert_eq!(ran.out.matches("what to do").count(), 1);
    assert!(ran.out.contains("… 2 more findings") && ran.out.contains("3 finding(s)"), "{}", ran.out);
}

/// The place is found in a message of one line too, and only a window of the line is shown.
#[test]
fn a_message_of_one_line_is_shown_in_a_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("line.xml");
    let text = fs::read_to_string(messages().join("guideline.xml")).unwrap();
    let line: String = text.lines().map(str::trim).collect();
    let column = line.split("<IBAN>LV29").next().unwrap().chars().count() + 1;
    fs::write(&path, &line).unwrap();
    let ran = run(tdam(["validate", "--date", "2026-11-24"]).arg(&path));
    assert!(ran.out.contains(&format!("line.xml:1:{column}: TDAM-3107")), "{}", ran.out);
    assert!(ran.out.lines().all(|line| line.chars().count() < 200), "{}", ran.out);
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let escape = '\u{1b}';
    assert!(!validate("guideline.xml", &[]).out.contains(escape));
    assert!(validate("guideline.xml", &["--color", "always"]).out.contains(escape));
    assert!(!validate("guideline.xml", &["--color", "never"]).out.contains(escape));
}

/// The day of the checks is 24 November 2026.
#[test]
fn report_requests_are_held_against_the_rules_for_requests() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("request.xml");
    let made = run(tdam(["generate", "camt.060.001.05", "--date", "2026-11-20", "-o"]).arg(&path));
    assert_eq!(made.exit, 0, "{}", made.err);
    let good = fs::read_to_string(&path).unwrap();
    for (from, to, expected) in [
        ("", "", None),
        ("<FrDt>2026-11-20<", "<FrDt>2023-11-20<", Some("TDAM-6002")),
        ("<FrDt>2026-11-20<", "<FrDt>2026-12-20<", Some("TDAM-6003")),
        ("<ToDt>2026-11-20<", "<ToDt>2026-11-19<", Some("TDAM-6001")),
        ("camt.052.001.08", "camt.052.001.07", Some("TDAM-6004")),
        ("LV68TREL1000000001001", "LV80BANK0000435195001", Some("TDAM-6006")),
    ] {
        fs::write(&path, good.replacen(from, to, 1)).unwrap();
        let (exit, file) = json(path.to_str().unwrap());
        assert_eq!(codes(&file), Vec::from_iter(expected), "{from} → {to}: {file:#}");
        assert_eq!(exit, i32::from(expected.is_some()));
        let schema_only = validate(path.to_str().unwrap(), &["--schema-only"]);
        assert_eq!(schema_only.exit, 0, "{from} → {to}: {}", schema_only.out);
    }
}

#[test]
fn a_sarif_log_points_into_the_files_and_explains_its_rules() {
    let ran = validate("guideline.xml", &["schema.xml", "absent.xml", "--sarif"]);
    assert_eq!((ran.exit, ran.err.as_str()), (2, ""));
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    for result in results {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let code: rulebook::Code = rule["id"].as_str().unwrap().parse().unwrap();
        assert!(rule["help"]["text"].as_str().unwrap().ends_with(code.entry().remedy.en));
        // The region is the text at that place of the file, counted in characters.
        let place = &result["locations"][0]["physicalLocation"];
        let text = fs::read_to_string(messages().join(place["artifactLocation"]["uri"].as_str().unwrap())).unwrap();
        let number = |name: &str| usize::try_from(place["region"][name].as_u64().unwrap()).unwrap();
        let line = text.lines().nth(number("startLine") - 1).unwrap();
        let (start, end) = (number("startColumn") - 1, number("endColumn") - 1);
        let marked: String = line.chars().skip(start).take(end - start).collect();
        assert_eq!(place["region"]["snippet"]["text"], marked);
    }
    let iban = results.iter().find(|result| result["ruleId"] == "TDAM-3107").unwrap();
    assert_eq!(iban["locations"][0]["physicalLocation"]["region"]["snippet"]["text"], "<IBAN>LV29PARX3276686194048");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let unreadable = &invocation["toolExecutionNotifications"][0];
    assert_eq!(unreadable["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "absent.xml");
}

#[test]
fn a_sarif_log_names_files_by_uris() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("alga ā.xml");
    fs::copy(messages().join("guideline.xml"), &path).unwrap();
    let ran = run(tdam(["validate", "--sarif"]).arg(&path));
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    let uri = log["runs"][0]["artifacts"][0]["location"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("file:///") && uri.ends_with("/alga%20%C4%81.xml"), "{uri}");
}

#[test]
fn files_that_cannot_be_read_stand_in_the_json_too() {
    let ran = validate(".", &["absent.xml", "good.xml", "--json"]);
    assert_eq!((ran.exit, ran.err.as_str()), (2, ""));
    let result: Value = serde_json::from_str(&ran.out).unwrap();
    let files = result["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    assert!(files[0]["error"].as_str().unwrap().starts_with("absent.xml cannot be read"), "{result:#}");
    assert_eq!(files[1]["in_order"], true);
    assert!(files[2]["error"].as_str().unwrap().contains("folder"), "{result:#}");
}

#[test]
fn a_message_packed_by_gzip_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guideline.xml.gz");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(&fs::read(messages().join("guideline.xml")).unwrap()).unwrap();
    let packed = packer.finish().unwrap();
    fs::write(&path, &packed).unwrap();
    let (exit, file) = json(path.to_str().unwrap());
    let (_, plain) = json("guideline.xml");
    assert_eq!((exit, &file["findings"]), (1, &plain["findings"]));
    fs::write(&path, &packed[..packed.len() / 2]).unwrap();
    assert_eq!(run(tdam(["validate"]).arg(&path)).exit, 2, "half a file cannot be read");
}

/// The line shows invisible characters by their numbers, and the mark is as long as the shown text.
#[test]
fn what_nobody_would_see_is_shown_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unseen.xml");
    let text = fs::read_to_string(messages().join("good.xml")).unwrap();
    let unseen = text
        .replace("<Nm>SIA Čiekuru", "<Nm>SIA\u{a0}\u{85}Čiekuru")
        .replace("<EndToEndId>2026-117", "<EndToEndId>2026\u{200b}-117");
    fs::write(&path, unseen).unwrap();
    let ran = run(tdam(["validate", "--date", "2026-11-24"]).arg(&path));
    let shown = |line: &str| !line.chars().any(|letter| matches!(letter, '\u{a0}' | '\u{85}' | '\u{200b}'));
    assert!(ran.out.lines().all(shown), "{:?}", ran.out);
    let lines: Vec<&str> = ran.out.lines().collect();
    for value in ["<Nm>SIA[U+00A0][U+0085]Čiekuru apgāds", "<EndToEndId>2026[U+200B]-117"] {
        let at = lines.iter().position(|line| line.contains(value)).unwrap_or_else(|| panic!("{value}: {}", ran.out));
        assert_eq!(lines[at + 1].matches('^').count(), value.chars().count(), "{}", ran.out);
    }
}

/// A letter written as base letter and accent takes one column, so the mark stands under what it means.
#[test]
fn the_mark_stands_under_its_value_behind_any_letters() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letters.xml");
    let text = fs::read_to_string(messages().join("guideline.xml")).unwrap();
    for before in ["<!-- ĶēŽņā -->", "<!-- K\u{327}e\u{304}Z\u{30C}n\u{327}a\u{304} -->", "<!--\tab -->", ""] {
        fs::write(&path, text.replace("<CdtrAcct><Id><IBAN>LV29", &format!("{before}<CdtrAcct><Id><IBAN>LV29")))
            .unwrap();
        let ran = run(tdam(["validate", "--date", "2026-11-24"]).arg(&path));
        let lines: Vec<&str> = ran.out.lines().collect();
        let at = lines.iter().position(|line| line.contains("<IBAN>LV29")).unwrap();
        let combining = |letter: &char| ('\u{300}'..'\u{370}').contains(letter);
        let columns = |text: &str| text.chars().filter(|letter| !combining(letter)).count();
        let value = columns(lines[at].split("<IBAN>LV29").next().unwrap());
        assert_eq!(value, columns(lines[at + 1].split('^').next().unwrap()), "{}\n{}", lines[at], lines[at + 1]);
    }
}

/// If the exchange refuses a whole message because it is too much, the offline check refuses it with the same code.
#[test]
fn too_much_is_refused_as_the_exchange_refuses_it() {
    let good = fs::read_to_string(messages().join("good.xml")).unwrap();
    let ustrd = good.find("<Ustrd>").unwrap();
    let times = |text: &str, times: usize| text.repeat(times);
    let texts = format!("{}{}{}", &good[..ustrd], times("<Ustrd>x</Ustrd>", 501), &good[ustrd..]);
    let remittance = good.find("<RmtInf>").unwrap();
    let details = times("<Dtls><Tp>XXX</Tp><Cd>1</Cd></Dtls>", 1_001);
    let details = format!("{}<RgltryRptg>{details}</RgltryRptg>{}", &good[..remittance], &good[remittance..]);
    let (start, end) = (good.find("<PmtInf>").unwrap(), good.find("</PmtInf>").unwrap() + "</PmtInf>".len());
    let blocks = format!("{}{}{}", &good[..start], times(&good[start..end], 20_001), &good[end..]);
    let numbers = times("<Strd><RfrdDocInf><Nb>1</Nb></RfrdDocInf></Strd>", 101);
    let numbers =
        format!("{}{numbers}{}", &good[..remittance + "<RmtInf>".len()], &good[good.find("</RmtInf>").unwrap()..]);
    for (name, xml, code, said) in [
        ("texts", texts, "TDAM-2115", "Ustrd occurs more than 500 times"),
        ("details", details, "TDAM-2115", "RgltryRptg/Dtls occurs more than 1000 times"),
        ("numbers", numbers, "TDAM-2115", "RfrdDocInf/Nb occurs more than 100 times"),
        ("blocks", blocks, "TDAM-2023", "20000"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, xml).unwrap();
        let ran = run(tdam(["validate", "--json", "--date", "2026-11-24"]).arg(&path));
        let value: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(
            (ran.exit, codes(&value["files"][0])),
            (1, vec![code]),
            "{name}: {}",
            value["files"][0]["findings"][0]
        );
        let message = value["files"][0]["findings"][0]["message"].as_str().unwrap();
        assert!(message.contains(said), "{message}");
    }
}

/// 71 letters whose marks stand apart are 142 characters as they stand and 71 as they are read.
#[test]
fn lengths_are_those_of_composed_texts() {
    let good = fs::read_to_string(messages().join("good.xml")).unwrap();
    let name = "SIA Čiekuru apgāds";
    assert!(good.contains(name));
    for (letters, codes_of) in [(70, vec![]), (71, vec!["TDAM-3303"]), (141, vec!["TDAM-2107"])] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("message.xml");
        fs::write(&path, good.replace(name, &"a\u{304}".repeat(letters))).unwrap();
        let ran = run(tdam(["validate", "--json", "--date", "2026-11-24"]).arg(&path));
        let value: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(codes(&value["files"][0]), codes_of, "{letters}: {}", ran.out);
    }
}
