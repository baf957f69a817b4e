//! The Rust examples of the guide, run as their reader runs them: in a sandbox's folder, by a process of its own.
//!
//! An example stands between two marks, as on the page, but for addresses, which the page writes as those of a usual sandbox. `guide`
//! compares them with the pages.
use std::error::Error;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::{DAY, Sandbox, free_port, program};

const PAGE: &str = include_str!("../../../client/README.md");
/// Variables of the process that runs the examples.
const EXCHANGE: &str = "EXAMPLES_EXCHANGE";
const ENROLMENT: &str = "EXAMPLES_ENROLMENT";
/// Fewer than those from which the example renews.
const CERTIFICATE_DAYS: &str = "certificate_days = 20";

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn exchange() -> String {
    std::env::var(EXCHANGE).unwrap()
}

fn enrolment() -> String {
    std::env::var(ENROLMENT).unwrap()
}

fn first() -> Outcome {
    // The page begins.
    use std::time::Duration;

    use client::{BalanceCheck, Body, Client, Identity, SendOptions};

    #[tokio::main]
    async fn main() -> Result<(), Box<dyn std::error::Error>> {
        let user = "tdam-sandbox/users/daugava-accounting";
        let client = Client::builder()
            .url(exchange())
            .certificate_authority_file("tdam-sandbox/pki/ca.pem")
            .identity(Identity::pem_files(format!("{user}/certificate.pem"), format!("{user}/key.pem")))
            .sign_submissions(true)
            .build()?;
        println!("{}", client.heartbeat().await?.caller.online_user);

        let payments = Body::file("payments.xml");
        let answer = client.submit_and_wait(payments, SendOptions::default(), Duration::from_secs(600)).await?;
        std::fs::write("answer.xml", &answer.xml)?;
        println!("{}", client.status_overview("MSG-1", None).await?.status);

        let (mut check, mut read) = (BalanceCheck::default(), 0);
        let mut pages = client.request_report(Body::file("report.xml"), None).await?;
        while let Some(page) = pages.next().await? {
            let message_type = page.document.message_type().unwrap_or_default().to_owned();
            let xml = page.document.bytes().await?;
            check.page(&message_type, &xml)?;
            read += 1;
            std::fs::write(format!("page-{read}.xml"), &xml)?;
        }
        check.verdict()?;
        println!("the balances add up");
        Ok(())
    }
    // The page ends.
    main()
}

fn connected() -> Outcome<client::Client> {
    // The page begins.
    use client::{Client, Identity};

    fn connect() -> Result<Client, client::Error> {
        Client::builder()
            .url(exchange())
            .certificate_authority_file("tdam-sandbox/pki/ca.pem")
            .identity(Identity::pem_files(
                "tdam-sandbox/users/daugava-accounting/certificate.pem",
                "tdam-sandbox/users/daugava-accounting/key.pem",
            ))
            .on_warning(|warning| eprintln!("{}: ends {:?}", warning.code, warning.ends))
            .build()
    }
    // The page ends.
    Ok(connect()?)
}

async fn sent(client: client::Client) -> Outcome {
    // The page begins.
    use std::time::Duration;

    use client::{Body, Client, Language, SendOptions};

    async fn send(client: Client) -> Result<(), Box<dyn std::error::Error>> {
        let body = Body::file("payments.xml");
        let answer = client.submit_and_wait(body, SendOptions::default(), Duration::from_secs(600)).await?;
        std::fs::write("answer.xml", &answer.xml)?;

        let overview = client.status_overview("MSG-1", Some(Language::English)).await?;
        for refusal in &overview.refused {
            println!("{:?}: {} {}", refusal.end_to_end_id, refusal.reason.code, refusal.reason.text);
        }
        Ok(())
    }
    // The page ends.
    send(client).await
}

async fn reported(client: client::Client) -> Outcome {
    // The page begins.
    use client::{BalanceCheck, Body, Client};

    async fn report(client: Client) -> Result<(), Box<dyn std::error::Error>> {
        let (mut check, mut read) = (BalanceCheck::default(), 0);
        let mut pages = client.request_report(Body::file("report.xml"), None).await?;
        while let Some(page) = pages.next().await? {
            let message_type = page.document.message_type().unwrap_or_default().to_owned();
            let xml = page.document.bytes().await?;
            check.page(&message_type, &xml)?;
            read += 1;
            std::fs::write(format!("page-{read}.xml"), &xml)?;
        }
        check.verdict()?;
        Ok(())
    }
    // The page ends.
    report(client).await
}

async fn refused(client: client::Client) -> Outcome {
    // The page begins.
    use client::{Body, Client, Error, SendOptions};

    async fn mistaken(client: Client) -> Result<(), Error> {
        // An order for a report is no message with payments.
        if let Err(error) = client.send_payments(Body::file("report.xml"), SendOptions::default()).await {
            let Some(problem) = error.is_refused() else { return Err(error) };
            println!("{}: {}. {}", problem.code, problem.title, problem.remedy);
        }
        Ok(())
    }
    // The page ends.
    Ok(mistaken(client).await?)
}

async fn certified() -> Outcome<String> {
    // The page begins.
    use client::{Client, Identity, KeyKind};

    async fn first_certificate() -> Result<(), Box<dyn std::error::Error>> {
        let stranger =
            Client::builder().url(enrolment()).certificate_authority_file("tdam-sandbox/pki/ca.pem").build()?;
        let code = std::fs::read_to_string("code.txt")?;
        stranger.enroll_to_files(code.trim(), KeyKind::P256, "certificate.pem", "key.pem").await?;
        Ok(())
    }

    async fn next_certificate() -> Result<(), Box<dyn std::error::Error>> {
        let client = Client::builder()
            .url(exchange())
            .certificate_authority_file("tdam-sandbox/pki/ca.pem")
            .identity(Identity::pem_files("certificate.pem", "key.pem"))
            .build()?;
        if client.heartbeat().await?.caller.certificate_days_left < 30 {
            client.renew(KeyKind::P256).await?;
        }
        Ok(())
    }
    // The page ends.
    first_certificate().await?;
    let first = fs::read_to_string("certificate.pem")?;
    next_certificate().await?;
    Ok(first)
}

#[test]
#[ignore = "the test below starts it in a sandbox's folder"]
fn in_a_folder() {
    first().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = connected().unwrap();
        fs::remove_file("answer.xml").unwrap();
        sent(client.clone()).await.unwrap();
        assert!(fs::read_to_string("answer.xml").unwrap().contains("pain.002.001.10"));
        fs::remove_file("page-1.xml").unwrap();
        reported(client.clone()).await.unwrap();
        assert!(fs::read_to_string("page-1.xml").unwrap().contains("camt.052.001.08"));
        refused(client).await.unwrap();
        let first = certified().await.unwrap();
        assert_ne!(fs::read_to_string("certificate.pem").unwrap(), first, "it was not renewed");
        assert_eq!(fs::metadata("key.pem").unwrap().permissions().mode() & 0o777, 0o600);
    });
}

#[test]
fn the_rust_examples_of_the_guide_run_as_their_reader_runs_them() {
    let folder = Sandbox::start().into_folder();
    let configuration = folder.path().join("tdam-sandbox/tdam.toml");
    let text = fs::read_to_string(&configuration).unwrap();
    let short = text.replace("certificate_days = 730", CERTIFICATE_DAYS);
    assert_ne!(short, text);
    fs::write(&configuration, short).unwrap();
    let enrolment = format!("127.0.0.1:{}", free_port());
    let sandbox = Sandbox::serve_with(program(), folder, &["--enrollment-address", &enrolment]);

    // The page's own lines; a sandbox of today needs no date.
    let lines: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("tdam ")).collect();
    assert!(lines.len() > 3, "{lines:?}");
    for line in lines.iter().filter(|line| !line.starts_with("tdam sandbox")) {
        let program = env!("CARGO_BIN_EXE_tdam");
        let date = if line.starts_with("tdam generate") { format!(" --date {DAY}") } else { String::new() };
        let mut shell = Command::new("sh");
        shell.args(["-ec", &format!("tdam() {{ '{program}' \"$@\"; }}\n{line}{date}")]).envs([("TDAM_LANGUAGE", "en")]);
        let said = shell.current_dir(sandbox.path("")).output().unwrap();
        assert!(said.status.success(), "{line}: {}", String::from_utf8_lossy(&said.stderr));
    }

    let mut examples = Command::new(std::env::current_exe().unwrap());
    examples.args(["--exact", "rust_examples::in_a_folder", "--ignored", "--nocapture"]).current_dir(sandbox.path(""));
    examples.env(EXCHANGE, &sandbox.url).env(ENROLMENT, format!("https://{enrolment}"));
    let said = examples.output().unwrap();
    let printed = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{printed}{}", String::from_utf8_lossy(&said.stderr));
    assert!(printed.contains("\nTDAM-2019: "), "{printed}");
    // A payment goes on while the program asks: it is accepted, on its way, or settled.
    let shown = ["ACCP", "ACSP", "ACSC"].map(|status| format!("Daugava grāmatvedība\n{status}\nthe balances add up\n"));
    assert!(shown.iter().any(|shown| printed.contains(shown)), "{printed}");
    assert!(shown.iter().any(|shown| PAGE.contains(shown)), "the page shows something else");
}
