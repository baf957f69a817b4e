//! The help texts, and the treatment of wrong usage.

use super::{run, tdam};

const COMMANDS: [&str; 8] =
    ["send", "status", "cancel", "report", "validate", "generate", "errors", "format-description"];

/// Users rely on a command's help: it changes only on purpose.
#[test]
fn help_of_every_command_of_the_client_side() {
    for command in COMMANDS {
        let ran = run(&mut tdam([command, "--help"]));
        assert_eq!((ran.exit, ran.err.as_str()), (0, ""), "{command}");
        insta::with_settings!({ snapshot_suffix => command }, { insta::assert_snapshot!("help", ran.out) });
    }
}

#[test]
fn help_of_the_export_of_schemas() {
    let ran = run(&mut tdam(["schema", "export", "--help"]));
    assert_eq!((ran.exit, ran.err.as_str()), (0, ""));
    insta::with_settings!({ snapshot_suffix => "schema_export" }, { insta::assert_snapshot!("help", ran.out) });
}

#[test]
fn the_programs_help_names_every_command_and_exit_code() {
    let ran = run(&mut tdam(["--help"]));
    assert_eq!(ran.exit, 0);
    for command in COMMANDS {
        assert!(ran.out.lines().any(|line| line.trim_start().starts_with(command)), "{command}:\n{}", ran.out);
    }
    for code in 0..=5 {
        assert!(ran.out.contains(&format!("\n  {code}  ")), "exit code {code}:\n{}", ran.out);
    }
}

#[test]
fn wrong_usage_is_exit_code_2_and_says_what_is_wrong() {
    for arguments in [
        &["send"][..],
        &["status"],
        &["cancel"],
        &["report"],
        &["validate"],
        &["generate", "camt.053.001.09"],
        &["nonsense"],
    ] {
        let ran = run(&mut tdam(arguments));
        assert_eq!(ran.exit, 2, "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty() && ran.err.starts_with("error: "), "{arguments:?}: {}", ran.err);
    }
}
