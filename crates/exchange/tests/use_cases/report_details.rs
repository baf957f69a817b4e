//! What reports say of each payment: returns with their reason and references, ultimate parties with their
//! identification, references with their type; in both generations of each kind of report.

use exchange::{AcceptancePolicy, IncomingPayment, Preferences, Settings};
use iso20022::camt::{Item, Reader, TransactionDetails};
use iso20022::common::{CodeOrProprietary, Party};
use jiff::civil::{Date, date};
use money::Money;

use super::support::messages::{File, payment, report_request};
use super::support::*;

const REPORTS: [&str; 4] = ["camt.052.001.02", "camt.052.001.08", "camt.054.001.02", "camt.054.001.08"];

/// The first page of a report on an account, valid by our published schema.
async fn report(treasury: &TestExchange, role: Role, name: &str, iban: &str, from: Date, to: Date) -> String {
    let (caller, received) = treasury.receive(role, report_request(name, iban, from, to).as_bytes()).await.unwrap();
    let handle = treasury.exchange.order_reports(&caller, received).await.unwrap().remove(0);
    let page = treasury.exchange.report_page(&caller, handle.report, 1).await.unwrap();
    let findings = against_published_schema(page.message_type, &page.xml);
    let xml = String::from_utf8(page.xml).unwrap();
    assert!(findings.is_empty(), "{findings:?} in {xml}");
    xml
}

async fn today(treasury: &TestExchange, role: Role, name: &str, iban: &str) -> String {
    report(treasury, role, name, iban, TODAY, TODAY).await
}

/// Looks at the transactions of a report that have this `EndToEndId`.
fn transactions(name: &str, xml: &str, end_to_end_id: &str, mut look: impl FnMut(&TransactionDetails<'_>)) -> usize {
    let mut reader = Reader::new(name.parse().unwrap(), xml.as_bytes(), xsd::Bounds::default());
    let mut seen = 0;
    while let Some(item) = reader.next().unwrap() {
        if let Item::Transaction(transaction) = item
            && transaction.references.end_to_end_id == Some(end_to_end_id)
        {
            seen += 1;
            look(&transaction);
        }
    }
    seen
}

#[tokio::test]
async fn a_return_has_its_reason_and_every_reference_of_the_payment() {
    let treasury = TestExchange::new().await;
    let payments = vec![
        payment("GONE", 13_00, GERMAN).saying("SIMULATE RETURN AC04"),
        payment("SILENT", 2_00, ESTONIAN).saying("SIMULATE RETURN"),
        payment("KEPT", 4_00, GERMAN),
    ];
    let file = File::new("RETURNS-1", payments).xml();
    let uetr = "7a562c67-ca16-48ba-b074-65581be6f001";
    let file =
        file.replace("<EndToEndId>GONE</EndToEndId>", &format!("<EndToEndId>GONE</EndToEndId><UETR>{uetr}</UETR>"));
    treasury.answer(&file).await;
    treasury.carry_out().await;
    for name in REPORTS {
        let xml = today(&treasury, Role::Manager, name, &ministry_account()).await;
        let mut first_entry = None;
        let seen = transactions(name, &xml, "GONE", |transaction| {
            let references = transaction.references;
            assert_eq!(references.message_id, Some("RETURNS-1"), "{xml}");
            assert_eq!(references.payment_information_id, Some("RETURNS-1-B1"));
            assert_eq!(references.instruction_id, Some("I-GONE"));
            assert_eq!(references.uetr, name.ends_with("08").then_some(uetr));
            let reference = references.account_servicer_reference.unwrap().to_owned();
            match transaction.return_information {
                None => first_entry = Some(reference),
                Some(information) => {
                    assert_eq!(information.reason, Some(CodeOrProprietary::Code("AC04")));
                    assert_eq!(Some(reference), first_entry, "the return names the entry of the payment");
                }
            }
        });
        assert_eq!(seen, 2, "{xml}");
        let mut reasons = Vec::new();
        transactions(name, &xml, "SILENT", |transaction| reasons.push(transaction.return_information.is_some()));
        assert_eq!(reasons, [false, true]);
        assert_eq!(xml.matches("<RtrInf><Rsn><Cd>MS03</Cd></Rsn></RtrInf>").count(), 1, "{xml}");
        transactions(name, &xml, "KEPT", |transaction| assert_eq!(transaction.return_information, None));
        // The entry itself has a reference of its own: two entries never share one.
        let entries: Vec<&str> = xml.split("<Ntry>").skip(1).collect();
        let own = |entry: &&str| entry.split("<AcctSvcrRef>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let distinct: std::collections::BTreeSet<String> = entries.iter().map(own).collect();
        assert_eq!(distinct.len(), entries.len());
    }
}

/// (name, identification, scheme, issuer, of a person)
fn told(party: Option<Party<'_>>) -> Option<(String, String, String, String, bool)> {
    party.map(|party| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let scheme = match party.identification_scheme {
            Some(CodeOrProprietary::Code(code)) => code.to_owned(),
            Some(CodeOrProprietary::Proprietary(own)) => format!("own {own}"),
            None => String::new(),
        };
        let issuer = text(party.identification_issuer);
        (text(party.name), text(party.identification), scheme, issuer, party.is_private)
    })
}

#[tokio::test]
async fn ultimate_parties_keep_name_and_identification_of_one_level() {
    let library = "<UltmtDbtr><Nm>Kokneses bibliotēka</Nm><Id><OrgId><Othr><Id>90000000222</Id><SchmeNm><Cd>TXID</Cd></SchmeNm>\
                   <Issr>VID</Issr></Othr></OrgId></Id></UltmtDbtr>";
    let nameless = "<UltmtDbtr><Id><PrvtId><Othr><Id>010190-12345</Id><SchmeNm><Prtry>PK</Prtry></SchmeNm></Othr></PrvtId></Id>\
                    </UltmtDbtr>";
    let payee = "<UltmtCdtr><Nm>Skolas fonds</Nm><Id><OrgId><Othr><Id>40000000333</Id></Othr></OrgId></Id></UltmtCdtr>";
    for older in [false, true] {
        let treasury = TestExchange::new().await;
        let own = municipality_account();
        let file = File::new(
            "ULTIMATE",
            vec![payment("BLOCK", 1_00, &own), payment("OWN", 2_00, &own), payment("EMPTY", 3_00, &own)],
        );
        let file = if older { file.older() } else { file }.xml();
        let place = |file: String, end_to_end_id: &str, party: &str, before: &str| {
            let (head, tail) = file.split_at(file.find(&format!("<EndToEndId>{end_to_end_id}<")).unwrap());
            format!("{head}{}", tail.replacen(before, &format!("{party}{before}"), 1))
        };
        let file = place(file, "OWN", nameless, "<Cdtr>");
        let file = place(file, "OWN", payee, "<RgltryRptg>");
        // An ultimate party of which nothing is said is none: the block's counts.
        let file = place(file, "EMPTY", "<UltmtDbtr/>", "<Cdtr>");
        let file = file.replace("</DbtrAgt>", &format!("</DbtrAgt>{library}"));
        treasury.answer(&file).await;
        treasury.carry_out().await;
        let of_block = ("Kokneses bibliotēka", "90000000222", "TXID", "VID", false);
        let of_payment = ("", "010190-12345", "own PK", "", true);
        let owned = |(name, id, scheme, issuer, private): (&str, &str, &str, &str, bool)| {
            Some((name.to_owned(), id.to_owned(), scheme.to_owned(), issuer.to_owned(), private))
        };
        for name in REPORTS {
            for (role, account) in [(Role::Manager, ministry_account()), (Role::Neighbour, own.clone())] {
                let xml = today(&treasury, role, name, &account).await;
                let mut seen = 0;
                seen += transactions(name, &xml, "BLOCK", |transaction| {
                    assert_eq!(told(transaction.ultimate_debtor), owned(of_block), "{xml}");
                    assert_eq!(told(transaction.ultimate_creditor), None);
                });
                seen += transactions(name, &xml, "EMPTY", |transaction| {
                    assert_eq!(told(transaction.ultimate_debtor), owned(of_block), "{xml}");
                });
                seen += transactions(name, &xml, "OWN", |transaction| {
                    assert_eq!(told(transaction.ultimate_debtor), owned(of_payment), "{xml}");
                    let fund = ("Skolas fonds", "40000000333", "", "", false);
                    assert_eq!(told(transaction.ultimate_creditor), owned(fund));
                });
                assert_eq!(seen, 3, "{xml}");
            }
        }
    }
}

/// `EndToEndId`, what the party's element holds, and name and identification that reports show.
type Case<'a> = (&'a str, String, Option<(&'a str, &'a str)>);

/// A payment's ultimate party, even with only elements that reports do not show, excludes the block's.
#[tokio::test]
async fn a_payment_that_names_somebody_never_gets_the_party_of_its_block() {
    let library = "<UltmtDbtr><Nm>Biblioteka</Nm><Id><OrgId><Othr><Id>LIB-1</Id></Othr></OrgId></Id></UltmtDbtr>";
    let born = "<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1990-01-01</BirthDt><CityOfBirth>Riga</CityOfBirth>\
                <CtryOfBirth>LV</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id>";
    let other = |id: &str| format!("<Othr><Id>{id}</Id><SchmeNm><Prtry>S-{id}</Prtry></SchmeNm></Othr>");
    let organisation = |others: String| format!("<Id><OrgId>{others}</OrgId></Id>");
    let of_block = Some(("Biblioteka", "LIB-1"));
    for older in [false, true] {
        let any_bic = if older { "BICOrBEI" } else { "AnyBIC" };
        let cases: Vec<Case<'_>> = vec![
            ("BORN", born.to_owned(), None),
            ("NAMEBORN", format!("<Nm>Anna</Nm>{born}"), Some(("Anna", ""))),
            ("ADDRESS", "<PstlAdr><TwnNm>Riga</TwnNm><Ctry>LV</Ctry></PstlAdr>".to_owned(), None),
            ("COUNTRY", "<CtryOfRes>LV</CtryOfRes>".to_owned(), None),
            ("CONTACT", "<CtctDtls><Nm>Anna</Nm></CtctDtls>".to_owned(), None),
            ("BLANKID", organisation(other(" ") + &other("B2")), Some(("", "B2"))),
            ("BLANKAFTER", organisation("<Othr><Id>A3</Id></Othr>".to_owned() + &other(" ")), Some(("", "A3"))),
            ("TWOIDS", organisation(other("A1") + &other("B2")), Some(("", "A1"))),
            ("BLANK", "<Nm> </Nm>".to_owned(), of_block),
            ("BLANKTOWN", "<PstlAdr><TwnNm> </TwnNm></PstlAdr>".to_owned(), of_block),
            ("NOBIC", organisation(format!("<{any_bic}>NOTPROVIDED</{any_bic}>")), of_block),
            ("EMPTY", String::new(), of_block),
        ];
        let treasury = TestExchange::new().await;
        let own = municipality_account();
        let file = File::new("OWNPARTY", cases.iter().map(|(id, ..)| payment(id, 1_00, &own)).collect());
        let mut file = if older { file.older() } else { file }.xml();
        for (id, party, _) in &cases {
            let (head, tail) = file.split_at(file.find(&format!("<EndToEndId>{id}<")).unwrap());
            let tail = tail.replacen("<Cdtr>", &format!("<UltmtDbtr>{party}</UltmtDbtr><Cdtr>"), 1);
            let party = format!("<UltmtCdtr>{party}</UltmtCdtr><RgltryRptg>");
            file = format!("{head}{}", tail.replacen("<RgltryRptg>", &party, 1));
        }
        let file = file.replace("</DbtrAgt>", &format!("</DbtrAgt>{library}"));
        let answer = treasury.answer(&file).await;
        assert_eq!(group_status(&answer), "ACCP", "{answer}");
        treasury.carry_out().await;
        for name in REPORTS {
            let xml = today(&treasury, Role::Manager, name, &ministry_account()).await;
            for (id, _, expected) in &cases {
                let seen = transactions(name, &xml, id, |transaction| {
                    let said = |party: Option<Party<'_>>| told(party).map(|(name, id, ..)| (name, id));
                    let owned = |party: Option<(&str, &str)>| party.map(|(name, id)| (name.to_owned(), id.to_owned()));
                    assert_eq!(said(transaction.ultimate_debtor), owned(*expected), "{id} in {xml}");
                    let payee = expected.filter(|party| Some(*party) != of_block);
                    assert_eq!(said(transaction.ultimate_creditor), owned(payee), "{id} in {xml}");
                    if let Some((_, id @ ("A1" | "B2"))) = expected {
                        let scheme = told(transaction.ultimate_debtor).unwrap().2;
                        assert_eq!(scheme, format!("own S-{id}"), "of the identification that is kept");
                    }
                    if let Some((_, "A3")) = expected {
                        assert_eq!(told(transaction.ultimate_debtor).unwrap().2, "", "it has none");
                    }
                });
                assert_eq!(seen, 1, "{id} in {xml}");
            }
        }
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn structured_remittance_goes_through_unchanged() {
    let treasury = TestExchange::new().await;
    let own = municipality_account();
    let numbers = "<RfrdDocInf><Nb>INV-1</Nb></RfrdDocInf><RfrdDocInf><Nb>Rekins Nr. 2</Nb></RfrdDocInf>";
    let reference = "<CdtrRefInf><Tp><CdOrPrtry><Cd>PUOR</Cd></CdOrPrtry></Tp><Ref>77</Ref></CdtrRefInf>";
    let lines = "<AddtlRmtInf>First</AddtlRmtInf><AddtlRmtInf>Second</AddtlRmtInf>";
    let cases = [
        ("NUMBERS", format!("<Strd>{numbers}</Strd>")),
        ("LINES", format!("<Strd>{lines}</Strd>")),
        ("ALL", format!("<Strd>{numbers}{reference}{lines}</Strd>")),
    ];
    let mut file = File::new("STRD", cases.iter().map(|(id, _)| payment(id, 1_00, &own)).collect()).xml();
    for (id, remittance) in &cases {
        file = file.replace(&format!("<Ustrd>Invoice {id}</Ustrd>"), remittance);
    }
    let answer = treasury.answer(&file).await;
    assert_eq!(group_status(&answer), "ACCP", "{answer}");
    treasury.carry_out().await;
    for name in REPORTS {
        for (role, account) in [(Role::Manager, ministry_account()), (Role::Neighbour, own.clone())] {
            let xml = today(&treasury, role, name, &account).await;
            for (_, remittance) in &cases {
                assert_eq!(xml.matches(&format!("<RmtInf>{remittance}</RmtInf>")).count(), 1, "{remittance} in {xml}");
            }
        }
    }
}

/// The older generation has no element for a LEI, nor for a BIC with digits in front: they stand among the other
/// identifications.
#[tokio::test]
async fn an_identification_that_the_older_generation_cannot_say_stands_elsewhere() {
    let treasury = TestExchange::new().await;
    let file = File::new("LEI", vec![payment("LEI", 1_00, GERMAN), payment("BIC", 2_00, GERMAN)]).xml();
    let place = |file: String, end_to_end_id: &str, id: &str| {
        let (head, tail) = file.split_at(file.find(&format!("<EndToEndId>{end_to_end_id}<")).unwrap());
        format!(
            "{head}{}",
            tail.replacen("<Cdtr>", &format!("<UltmtDbtr><Id><OrgId>{id}</OrgId></Id></UltmtDbtr><Cdtr>"), 1)
        )
    };
    let file = place(file, "LEI", "<LEI>529900T8BM49AURSDO55</LEI>");
    let file = place(file, "BIC", "<AnyBIC>1AB4DE22</AnyBIC>");
    treasury.answer(&file).await;
    treasury.carry_out().await;
    for name in REPORTS {
        let xml = today(&treasury, Role::Manager, name, &ministry_account()).await;
        let newer = name.ends_with("08");
        let mut seen = transactions(name, &xml, "LEI", |transaction| {
            let party = transaction.ultimate_debtor.unwrap();
            assert_eq!(
                (party.lei, party.identification),
                match newer {
                    true => (Some("529900T8BM49AURSDO55"), None),
                    false => (None, Some("529900T8BM49AURSDO55")),
                }
            );
            assert_eq!(party.identification_scheme, (!newer).then_some(CodeOrProprietary::Code("LEIX")));
        });
        seen += transactions(name, &xml, "BIC", |transaction| {
            let party = transaction.ultimate_debtor.unwrap();
            assert_eq!(party.organisation_bic.or(party.identification), Some("1AB4DE22"));
            assert_eq!(party.organisation_bic.is_some(), newer);
        });
        assert_eq!(seen, 2, "{xml}");
    }
}

#[tokio::test]
async fn references_keep_their_type_and_issuer() {
    let treasury = TestExchange::new().await;
    let own = municipality_account();
    let cases = [
        ("PUOR", "<Tp><CdOrPrtry><Cd>PUOR</Cd></CdOrPrtry></Tp>"),
        ("PRTRY", "<Tp><CdOrPrtry><Prtry>RF-LIKUMS</Prtry></CdOrPrtry><Issr>Liepaja</Issr></Tp>"),
        ("SCOR", "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>ISO</Issr></Tp>"),
        ("NONE", ""),
    ];
    let mut file = File::new("TYPES", cases.iter().map(|(id, _)| payment(id, 1_00, &own)).collect()).xml();
    for (id, kind) in cases {
        let text = format!("<RmtInf><Ustrd>Invoice {id}</Ustrd></RmtInf>");
        // Before the reference comes an unread element, with a type that must not become the reference's.
        let other = "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>DISP</Cd></CdOrPrtry></Tp></CdtrRefInf></Strd>";
        let reference =
            format!("<RmtInf>{other}<Strd><CdtrRefInf>{kind}<Ref>12345{id}</Ref></CdtrRefInf></Strd></RmtInf>");
        assert!(file.contains(&text));
        file = file.replace(&text, &reference);
    }
    treasury.answer(&file).await;
    treasury.carry_out().await;
    for name in REPORTS {
        for (role, account) in [(Role::Manager, ministry_account()), (Role::Neighbour, own.clone())] {
            let xml = today(&treasury, role, name, &account).await;
            for (id, kind) in cases {
                let expected = format!("<CdtrRefInf>{kind}<Ref>12345{id}</Ref></CdtrRefInf>");
                assert_eq!(xml.matches(&expected).count(), 1, "{expected} in {xml}");
            }
        }
    }
}

/// A bank's BIC may have digits since 2014. The older generation has no place for it, and no report fails for it.
#[tokio::test]
async fn a_bic_that_the_older_generation_cannot_say_stands_elsewhere() {
    let treasury = TestExchange::new().await;
    let file = File::new("BIC-2014", vec![payment("A", 1_00, GERMAN)]).xml();
    let file = file.replace("<Cdtr>", "<CdtrAgt><FinInstnId><BICFI>1AB4DE22</BICFI></FinInstnId></CdtrAgt><Cdtr>");
    treasury.answer(&file).await;
    treasury.carry_out().await;
    for name in REPORTS {
        let xml = today(&treasury, Role::Manager, name, &ministry_account()).await;
        let newer = name.ends_with("08");
        let expected = if newer { "<BICFI>1AB4DE22</BICFI>" } else { "<Othr><Id>1AB4DE22</Id></Othr>" };
        assert!(xml.contains(expected), "{xml}");
    }
}

#[tokio::test]
async fn a_credit_from_outside_is_shown_with_all_that_is_known_of_it() {
    let treasury = TestExchange::new().await;
    let credit = IncomingPayment {
        iban: ministry_account(),
        minor: 7_00,
        debtor_name: "Bank of elsewhere".to_owned(),
        debtor_iban: GERMAN.to_owned(),
        end_to_end_id: "OUTSIDE".to_owned(),
        remittance: String::new(),
        creditor_reference: "RF18539007547034".to_owned(),
        reference_type: "SCOR".to_owned(),
        reference_issuer: "ISO".to_owned(),
        ultimate_debtor_name: "Anna Bērziņa".to_owned(),
        ultimate_debtor_id: "EE-17".to_owned(),
        ultimate_creditor_name: "Bibliotēka".to_owned(),
        ultimate_creditor_id: String::new(),
        return_reason: "AC01".to_owned(),
    };
    let operator = treasury.exchange.operator();
    operator.credit(credit.clone()).await.unwrap();
    for broken in [
        IncomingPayment { return_reason: "AC99".to_owned(), ..credit.clone() },
        IncomingPayment { reference_type: "1".repeat(36), ..credit.clone() },
        IncomingPayment { creditor_reference: String::new(), ..credit.clone() },
        IncomingPayment { reference_type: String::new(), reference_issuer: "ISO".to_owned(), ..credit.clone() },
        IncomingPayment { ultimate_debtor_id: "1".repeat(36), ..credit.clone() },
        IncomingPayment { ultimate_debtor_id: " ".to_owned(), ..credit.clone() },
        IncomingPayment { ultimate_debtor_name: "A\u{202E}b".to_owned(), ..credit.clone() },
        IncomingPayment { ultimate_creditor_name: " ".to_owned(), ..credit.clone() },
        IncomingPayment { debtor_name: "\u{A0}".to_owned(), ..credit },
    ] {
        assert_eq!(operator.credit(broken).await.unwrap_err().code, rulebook::Code::RequestParameterInvalid);
    }
    for name in REPORTS {
        let xml = today(&treasury, Role::Manager, name, &ministry_account()).await;
        let seen = transactions(name, &xml, "OUTSIDE", |transaction| {
            assert_eq!(transaction.return_information.unwrap().reason, Some(CodeOrProprietary::Code("AC01")));
            assert_eq!(transaction.ultimate_debtor.unwrap().identification, Some("EE-17"));
            assert_eq!(transaction.ultimate_creditor.unwrap().name, Some("Bibliotēka"));
            assert_eq!(transaction.remittance.creditor_references[0].reference, "RF18539007547034");
        });
        assert_eq!(seen, 1);
        assert!(xml.contains("<SubFmlyCd>RRTN</SubFmlyCd>"), "{xml}");
    }
}

/// Code, date and cents of each balance of a page.
fn balances_of(message_type: exchange::MessageType, xml: &str) -> Vec<(String, Date, i64)> {
    let mut reader = Reader::new(message_type, xml.as_bytes(), xsd::Bounds::default());
    let mut found = Vec::new();
    while let Some(item) = reader.next().unwrap() {
        let Item::Report(report) = item else { continue };
        for balance in report.balances {
            let CodeOrProprietary::Code(code) = balance.balance_type else { panic!("{balance:?}") };
            let minor = Money::from_decimal(balance.amount.value, balance.amount.currency).unwrap().minor();
            found.push((code.to_owned(), balance.date, minor));
        }
    }
    found
}

/// Monday and Wednesday with entries, Tuesday and Thursday without, Friday with; a weekend, and a Monday that is open.
#[tokio::test]
async fn balances_of_each_day_for_who_wants_them() {
    let treasury =
        TestExchange::with(AcceptancePolicy::Partial, Settings { entries_per_page: 2, ..Settings::default() }).await;
    let operator = treasury.exchange.operator();
    let mut days = vec![TODAY];
    for cents in [[1_00, 1_00].as_slice(), &[], &[2_00, 3_00], &[], &[4_00], &[5_00]] {
        for cents in cents {
            treasury.credit(&ministry_account(), *cents).await;
        }
        if days.len() < 6 {
            days.push(operator.advance_business_day().await.unwrap());
        }
    }
    assert_eq!(days[5], date(2026, 11, 30));
    let pages = async |name: &str| {
        let (caller, received) = treasury
            .receive(Role::Manager, report_request(name, &ministry_account(), TODAY, days[5]).as_bytes())
            .await
            .unwrap();
        let handle = treasury.exchange.order_reports(&caller, received).await.unwrap().remove(0);
        (caller, handle)
    };
    let read = async |caller: &exchange::Caller, handle: &exchange::ReportHandle| {
        let mut balances = Vec::new();
        for number in 1..=handle.pages {
            let page = treasury.exchange.report_page(caller, handle.report, number).await.unwrap();
            let findings = against_published_schema(page.message_type, &page.xml);
            assert!(findings.is_empty(), "{findings:?}");
            balances.push(balances_of(page.message_type, &String::from_utf8(page.xml).unwrap()));
        }
        balances
    };
    let (caller, before) = pages("camt.052.001.08").await;
    let plain = read(&caller, &before).await;
    assert!(plain.iter().all(|balances| balances.len() == 2), "{plain:?}");
    // Each balance has the day on which it was true: between pages that of the last entry before it.
    let dated: Vec<[Date; 2]> = plain.iter().map(|balances| [balances[0].1, balances[1].1]).collect();
    let dates_true = [(0, 0), (0, 2), (2, 4), (4, 5)].map(|(from, to)| [days[from], days[to]]);
    assert_eq!(dated, dates_true);
    let wanted = Preferences { daily_balances: true, ..Preferences::default() };
    operator.set_preferences(treasury.ministry, wanted).await.unwrap();
    for name in ["camt.052.001.02", "camt.052.001.08"] {
        let (caller, handle) = pages(name).await;
        let daily = read(&caller, &handle).await;
        let ends = |balances: &[(String, Date, i64)]| [balances[0].clone(), balances[balances.len() - 1].clone()];
        for (page, balances) in daily.iter().enumerate() {
            assert_eq!(ends(balances), ends(&plain[page]), "first and last stay what they are");
        }
        let between: Vec<_> = daily.iter().flat_map(|balances| &balances[1..balances.len() - 1]).cloned().collect();
        let closing = [2_00, 2_00, 7_00, 7_00, 11_00];
        let expected: Vec<_> = closing
            .iter()
            .zip(days.windows(2))
            .flat_map(|(cents, days)| {
                let minor = OPENING + cents;
                [("CLBD".to_owned(), days[0], minor), ("OPBD".to_owned(), days[1], minor)]
            })
            .collect();
        assert_eq!(between, expected, "each working day, once, in order");
    }
    assert_eq!(read(&caller, &before).await, plain, "a report stays what it was when it was ordered");
    let (caller, notification) = pages("camt.054.001.08").await;
    assert!(read(&caller, &notification).await.iter().all(Vec::is_empty));
}
