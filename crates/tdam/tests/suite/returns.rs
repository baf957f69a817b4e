//! `tdam operator returns`: money that came back for a blocked account, as an operator sees it and ends it.
use crate::support::service::Made;

const USER: &str = "--profile=world/users/daugava-accounting";
const ACCOUNT: &str = "LV68TREL1000000001001";
const CONFIGURATION: &str = "--config=world/tdam.toml";

/// Longer than the test: the payments stay with the settlement system until the cycle is made shorter.
const LONG_CYCLE: &str = "simulator_cycle_milliseconds = 3600000";
const SHORT_CYCLE: &str = "simulator_cycle_milliseconds = 1";

/// A morning on which banks are paid: before the cut-offs of a business day.
const MORNING: &str = "2026-11-24T08:00:00Z";

fn operator(world: &Made, arguments: &[&str]) -> (i32, String) {
    world.run(&[&["operator"], arguments, &[CONFIGURATION]].concat())
}

/// Writes a message of two payments whose money comes back, for the business day that the program itself proposes.
fn write_message(world: &Made) {
    let (exit, text) = world.run(&["generate", "pain.001.001.09", "--transactions", "1", "--output", "one.xml"]);
    assert_eq!(exit, 0, "{text}");
    let generated = std::fs::read_to_string(world.folder.path().join("one.xml")).unwrap();
    let day = generated.split_once("<ReqdExctnDt><Dt>").unwrap().1.split_once('<').unwrap().0;
    let payment = |number: u32, reason: &str| {
        format!(
            "<CdtTrfTxInf><PmtId><EndToEndId>BACK-{number}</EndToEndId></PmtId>
            <Amt><InstdAmt Ccy=\"EUR\">{number}.50</InstdAmt></Amt><Cdtr><Nm>Muster GmbH</Nm></Cdtr>
            <CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>
            <RmtInf><Ustrd>SIMULATE RETURN {reason}</Ustrd></RmtInf></CdtTrfTxInf>"
        )
    };
    let message = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn><GrpHdr><MsgId>BACK</MsgId>
        <CreDtTm>{day}T09:30:00</CreDtTm><NbOfTxs>2</NbOfTxs><CtrlSum>4.00</CtrlSum>
        <InitgPty><Nm>Daugavas novada pašvaldība</Nm></InitgPty></GrpHdr>
        <PmtInf><PmtInfId>BACK-A</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>2</NbOfTxs><CtrlSum>4.00</CtrlSum>
        <ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt><Dbtr><Nm>Daugavas novada pašvaldība</Nm></Dbtr>
        <DbtrAcct><Id><IBAN>{ACCOUNT}</IBAN></Id></DbtrAcct>
        <DbtrAgt><FinInstnId><BICFI>TRELLV22</BICFI></FinInstnId></DbtrAgt>{}{}</PmtInf></CstmrCdtTrfInitn></Document>",
        payment(1, "AC04"),
        payment(2, "MD07"),
    );
    std::fs::write(world.folder.path().join("back.xml"), message).unwrap();
}

/// The payments that wait, in the order of the list, after as many as `count` have come.
fn wait_for(world: &Made, count: usize) -> Vec<String> {
    loop {
        let (exit, listed) = operator(world, &["returns"]);
        let rows: Vec<&str> = listed.lines().filter(|line| line.contains(ACCOUNT)).collect();
        assert_eq!(exit, i32::from(!rows.is_empty()), "scripts see whether there is something: {listed}");
        if rows.len() == count {
            return rows.iter().filter_map(|row| row.split_whitespace().next()).map(str::to_owned).collect();
        }
        std::thread::sleep(crate::BETWEEN_LOOKS);
    }
}

#[test]
fn returns_that_wait_are_listed_paid_by_hand_and_booked() {
    let world = Made::at(MORNING, &[]);
    world.configure("simulator_cycle_milliseconds = 10000", LONG_CYCLE);
    write_message(&world);
    let service = world.serve();
    assert_eq!(operator(&world, &["returns"]), (0, "No return waits.\n".to_owned()));
    let (exit, sent) = world.run(&["send", USER, "back.xml"]);
    assert_eq!(exit, 0, "{sent}");
    // Blocked before they are handed over, the account could not pay.
    while !world.run(&["status", USER, "BACK", "--json"]).1.contains("\"ACSP\"") {
        std::thread::sleep(crate::BETWEEN_LOOKS);
    }
    service.signal("TERM");
    assert!(service.ended().0.success());
    let (exit, said) = operator(&world, &["account", ACCOUNT, "blocked"]);
    assert_eq!(exit, 0, "{said}");

    world.configure(LONG_CYCLE, SHORT_CYCLE);
    let _service = world.serve();
    let waiting = wait_for(&world, 2);
    let (_, listed) = operator(&world, &["returns"]);
    for shown in ["Payment", "1.50", "AC04", "2.50", "MD07"] {
        assert!(listed.contains(shown), "{shown}: {listed}");
    }
    for unknown in ["1-99-0", "nothing"] {
        let (exit, said) = operator(&world, &["returns", "paid-by-hand", unknown]);
        assert_eq!(exit, 2, "{said}");
        assert!(said.contains(unknown) && said.contains("`tdam operator returns` lists"), "{said}");
    }
    let (exit, said) = operator(&world, &["returns", "paid-by-hand", &waiting[0]]);
    assert_eq!((exit, said), (0, format!("The return of payment {} is noted as paid by hand.\n", waiting[0])));
    assert_eq!(operator(&world, &["returns", "paid-by-hand", &waiting[0]]).0, 2, "once");
    assert_eq!(wait_for(&world, 1), waiting[1..]);

    let (exit, said) = operator(&world, &["account", ACCOUNT, "open"]);
    assert!(exit == 1 && said.contains("TDAM-1041"), "one operator lifts no block: {exit} {said}");
    world.lift_block(ACCOUNT);
    assert_eq!(wait_for(&world, 0), Vec::<String>::new(), "the other is booked");
    let (exit, said) = operator(&world, &["check"]);
    assert_eq!(exit, 0, "{said}");
}
