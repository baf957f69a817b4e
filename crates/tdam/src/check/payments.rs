//! A bulk payment message (pain.001): the schema, then the usage guideline, payment by payment.

use std::io::Read;

use exchange::bounds::MESSAGE_BLOCKS_MAX;
use exchange::{Failure, too_many_occurrences};
use iso20022::MessageType;
use iso20022::pain001::{Item, Reader};
use payments::bounds::MESSAGE_PAYMENTS_MAX;
use rulebook::catalogue::Language;
use rulebook::{CheckContext, Checker, Code, Guideline};
use xsd::ReadError;

use super::verdict::{Finding, Layer, Task, Verdict, bounds, of_form};

pub(super) fn check(
    message_type: MessageType,
    document: &mut dyn Read,
    task: &Task,
    verdict: &mut Verdict,
) -> Result<(), ReadError> {
    let guideline = Guideline::latvia();
    let context = CheckContext {
        business_day: task.business_day,
        received_at: task.received_at,
        message_type,
        // Keys the hashes against hostile messages; here a user could only fool themselves.
        hash_key: u64::from(std::process::id()),
    };
    let mut checker = Checker::new(&guideline, context);
    let mut reader = Reader::new(message_type, document, bounds(task));
    let mut end_to_end_id = String::new();
    let mut found: Vec<rulebook::Finding> = Vec::new();
    let mut guideline_findings = Verdict::default();
    let mut too_much: Option<Failure> = None;
    let end = loop {
        let is_payment = match reader.next() {
            Ok(Some(Item::GroupHeader(header))) => {
                checker.group_header(&header, &mut found);
                false
            }
            Ok(Some(Item::PaymentInformation(block))) => {
                if block.block as usize == MESSAGE_BLOCKS_MAX {
                    // The exchange stops here. What it allows an operator may have set otherwise; this is the default.
                    too_much = too_much.or(Some(too_many(Code::TooManyBlocks, MESSAGE_BLOCKS_MAX)));
                }
                checker.payment_information(&block, &mut found);
                false
            }
            Ok(Some(Item::CreditTransfer(payment))) => {
                if payment.ordinal as usize == MESSAGE_PAYMENTS_MAX {
                    too_much = too_much.or(Some(too_many(Code::TooManyPayments, MESSAGE_PAYMENTS_MAX)));
                }
                checker.credit_transfer(&payment, &mut found);
                if !found.is_empty() {
                    payment.end_to_end_id.clone_into(&mut end_to_end_id);
                }
                true
            }
            Ok(Some(Item::EndOfPaymentInformation { .. })) => {
                checker.end_of_payment_information(&mut found);
                false
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        for finding in found.drain(..) {
            let id = is_payment.then_some(end_to_end_id.as_str());
            guideline_findings.keep(of_guideline(&finding, id, task.language), task);
        }
    };
    verdict.schema(reader.findings(), task);
    if end.is_ok() && verdict.total == 0 {
        let totals = checker.end_of_message(&mut found);
        verdict.payments = Some(totals.payments);
        verdict.control_sum = totals.control_sum;
        for finding in found.drain(..) {
            guideline_findings.keep(of_guideline(&finding, None, task.language), task);
        }
        // A refusal of the whole message hides the findings in it.
        let omitted = (reader.omitted() > 0).then(|| too_many_occurrences(reader.first_omitted()));
        if let Some(failure) = too_much.or(omitted) {
            verdict.keep(of_form(&failure, task.language), task);
            return end;
        }
        verdict.findings = guideline_findings.findings;
        verdict.total = guideline_findings.total;
    }
    end
}

fn too_many(code: Code, most: usize) -> Failure {
    Failure::new(code).with_expected(most.to_string())
}

fn of_guideline(finding: &rulebook::Finding, end_to_end_id: Option<&str>, language: Language) -> Finding {
    Finding {
        layer: Layer::Guideline,
        code: finding.code,
        line: u64::from(finding.position.line),
        column: u64::from(finding.position.column),
        path: finding.element.to_owned(),
        end_to_end_id: end_to_end_id.map(ToOwned::to_owned),
        value: finding.value.as_str().to_owned(),
        expected: finding.expected.as_str().to_owned(),
        text: finding.text(language),
    }
}
