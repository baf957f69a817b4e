//! Signed submissions and the rights of an online user, by the program on both sides.
use std::process::Output;

use crate::support::{Sandbox, program};

fn operator(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    let configuration = sandbox.path("tdam-sandbox/tdam.toml");
    program().args(["operator", "user"]).args(arguments).arg("--config").arg(configuration).output().unwrap()
}

fn told(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = operator(sandbox, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_user_that_has_to_sign_signs_with_one_option() {
    let sandbox = Sandbox::start();
    sandbox.generate("payments.xml", &["--transactions", "3"]);
    sandbox.generate("large.xml", &["--transactions", "2000", "--seed", "7"]);
    let shown = told(&sandbox, &["1", "--signature", "required"]);
    assert!(shown.contains("signature required  yes"), "{shown}");
    let (exit, refused) = sandbox.run(["send", "payments.xml"]);
    assert_ne!(exit, 0);
    assert!(refused.to_string().contains("TDAM-1010"), "{refused:#}");
    for file in ["payments.xml", "large.xml"] {
        let (exit, sent) = sandbox.run(["send", "--sign", file]);
        assert_eq!(exit, 0, "{sent:#}");
        assert_eq!(sent["files"][0]["overview"]["status"], "ACCP", "{sent:#}");
    }
    let (exit, again) = sandbox.run(["send", "--sign", "payments.xml"]);
    assert_eq!((exit, again["files"][0]["repeated"].as_bool()), (0, Some(true)), "{again:#}");
}

#[test]
fn a_signature_is_checked_and_nothing_is_taken() {
    let sandbox = Sandbox::start();
    sandbox.generate("payments.xml", &["--transactions", "3"]);
    let (exit, checked) = sandbox.run(["send", "--check-signature", "payments.xml"]);
    assert_eq!(exit, 0, "{checked:#}");
    let check = &checked["files"][0]["check"];
    assert_eq!((check["accepted"].as_bool(), check["required"].as_bool()), (Some(true), Some(false)), "{checked:#}");
    let (exit, said) = sandbox.say(&["send", "--check-signature", "payments.xml"]);
    assert!(exit == 0 && said.contains("signature  ok"), "{exit}: {said}");
    let (exit, sent) = sandbox.run(["send", "payments.xml"]);
    assert_eq!((exit, sent["files"][0]["repeated"].as_bool()), (0, Some(false)), "it was not taken before: {sent:#}");
}

#[test]
fn accounts_are_withdrawn_and_granted_and_a_user_suspended_beside_the_service() {
    const ACCOUNT: &str = "LV68TREL1000000001001";
    let sandbox = Sandbox::start();
    sandbox.generate("payments.xml", &["--transactions", "2"]);
    let shown = told(&sandbox, &["Daugava grāmatvedība", "--withdraw", ACCOUNT]);
    assert!(shown.contains(&format!("{ACCOUNT}  -")), "{shown}");
    let (exit, sent) = sandbox.run(["send", "payments.xml"]);
    assert_eq!((exit, sent["files"][0]["overview"]["status"].as_str()), (1, Some("RJCT")), "{sent:#}");
    assert!(sent.to_string().contains("TDAM-4026"), "{sent:#}");
    assert!(told(&sandbox, &["1", "--grant", "all"]).contains(&format!("{ACCOUNT}  granted")));
    assert!(told(&sandbox, &["1", "--suspend"]).contains("suspended           yes"));
    let (_, refused) = sandbox.run(["send", "payments.xml"]);
    assert!(refused.to_string().contains("TDAM-1007"), "{refused:#}");
    told(&sandbox, &["1", "--resume"]);
    sandbox.generate("later.xml", &["--transactions", "2", "--seed", "9"]);
    assert_eq!(sandbox.run(["send", "later.xml"]).0, 0);
    let unknown = operator(&sandbox, &["4711"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", String::from_utf8_lossy(&unknown.stderr));
    let foreign = operator(&sandbox, &["1", "--grant", "LV42TREL2000000002001"]);
    assert!(!foreign.status.success(), "another client's account");
}
