//! Shapes that stand in several messages: parties, accounts, agents, remittance, payment types, amounts.

use super::WriteError;
use super::values::{Limits, amount, bic, bounded, code, country, currency_code, iban, identifier, prose};
use super::xml::{leaf, push};
use crate::common::{Account, Agent, Amount, Party, PaymentType, PostalAddress, Remittance};
use crate::dialect::Dialect;

/// An amount with its currency: `open` is the tag up to its attribute, `<Amt Ccy="`.
#[inline]
pub(crate) fn amount_element(
    out: &mut Vec<u8>,
    name: &'static str,
    open: &str,
    value: Amount,
    close: &str,
) -> Result<(), WriteError> {
    push(out, open);
    push(out, value.currency.code());
    push(out, "\">");
    amount(out, name, value.value)?;
    push(out, close);
    Ok(())
}

/// What stands in a party: name, address, identification.
pub(crate) fn party(out: &mut Vec<u8>, dialect: Dialect, party: &Party<'_>) -> Result<(), WriteError> {
    if let Some(name) = prose(party.name, Limits::NAME) {
        leaf!(out, "Nm", name);
    }
    postal_address(out, &party.postal_address)?;
    if party.is_private {
        if let Some(identification) = party.identification {
            push(out, "<Id><PrvtId><Othr>");
            leaf!(out, "Id", identifier("PrvtId/Othr/Id", identification)?);
            push(out, "</Othr></PrvtId></Id>");
        }
        return Ok(());
    }
    if party.organisation_bic.is_none() && party.identification.is_none() {
        return Ok(());
    }
    push(out, "<Id><OrgId>");
    if let Some(code) = party.organisation_bic {
        let code = bic(code, dialect.bic_dec_2014)?;
        if dialect.any_bic {
            leaf!(out, "AnyBIC", code);
        } else {
            leaf!(out, "BICOrBEI", code);
        }
    }
    if let Some(identification) = party.identification {
        push(out, "<Othr>");
        leaf!(out, "Id", identifier("OrgId/Othr/Id", identification)?);
        push(out, "</Othr>");
    }
    push(out, "</OrgId></Id>");
    Ok(())
}

fn postal_address(out: &mut Vec<u8>, address: &PostalAddress<'_>) -> Result<(), WriteError> {
    let PostalAddress {
        present: _,
        street_name,
        building_number,
        post_code,
        town_name,
        country: country_code,
        address_lines,
    } = *address;
    let has_parts = [street_name, building_number, post_code, town_name, country_code].iter().any(Option::is_some);
    if !address.present && !has_parts && address_lines.is_empty() {
        return Ok(());
    }
    push(out, "<PstlAdr>");
    if let Some(text) = prose(street_name, Limits::ADDRESS_PART) {
        leaf!(out, "StrtNm", text);
    }
    if let Some(text) = prose(building_number, 16) {
        leaf!(out, "BldgNb", text);
    }
    if let Some(text) = prose(post_code, 16) {
        leaf!(out, "PstCd", text);
    }
    if let Some(text) = prose(town_name, Limits::IDENTIFIER) {
        leaf!(out, "TwnNm", text);
    }
    if let Some(text) = country_code {
        leaf!(out, "Ctry", country(text)?);
    }
    for line in address_lines.iter().take(Limits::ADDRESS_LINES) {
        if let Some(line) = prose(Some(line), Limits::ADDRESS_PART) {
            leaf!(out, "AdrLine", line);
        }
    }
    push(out, "</PstlAdr>");
    Ok(())
}

/// `Id` of an account alone.
pub(crate) fn account_id(out: &mut Vec<u8>, account: &Account<'_>) -> Result<(), WriteError> {
    push(out, "<Id>");
    match (account.iban, account.other) {
        (Some(number), _) => leaf!(out, "IBAN", iban(number)?),
        (None, Some(other)) => {
            push(out, "<Othr>");
            leaf!(out, "Id", bounded("Acct/Id/Othr/Id", other, 34)?);
            push(out, "</Othr>");
        }
        (None, None) => return Err(WriteError::Missing { element: "Acct/Id" }),
    }
    push(out, "</Id>");
    Ok(())
}

/// What stands in an account: `Id` and `Ccy`.
pub(crate) fn account(out: &mut Vec<u8>, account: &Account<'_>) -> Result<(), WriteError> {
    account_id(out, account)?;
    if let Some(currency) = account.currency {
        leaf!(out, "Ccy", currency_code("Acct/Ccy", currency)?);
    }
    Ok(())
}

/// What stands in an agent: `FinInstnId`.
pub(crate) fn agent(out: &mut Vec<u8>, dialect: Dialect, agent: &Agent<'_>) -> Result<(), WriteError> {
    push(out, "<FinInstnId>");
    if let Some(code) = agent.bic {
        let code = bic(code, dialect.bic_dec_2014)?;
        if dialect.bicfi {
            leaf!(out, "BICFI", code);
        } else {
            leaf!(out, "BIC", code);
        }
    }
    if let Some(member) = agent.clearing_member {
        push(out, "<ClrSysMmbId>");
        leaf!(out, "MmbId", identifier("MmbId", member)?);
        push(out, "</ClrSysMmbId>");
    }
    if let Some(name) = prose(agent.name, Limits::NAME) {
        leaf!(out, "Nm", name);
    }
    push(out, "</FinInstnId>");
    Ok(())
}

/// `RmtInf`, if there is any. Lines longer than the schema allows are cut.
pub(crate) fn remittance(out: &mut Vec<u8>, remittance: &Remittance<'_>) -> Result<(), WriteError> {
    if remittance.unstructured.is_empty() && remittance.creditor_reference.is_none() {
        return Ok(());
    }
    push(out, "<RmtInf>");
    for line in remittance.unstructured {
        if let Some(line) = prose(Some(line), Limits::NAME) {
            leaf!(out, "Ustrd", line);
        }
    }
    if let Some(reference) = remittance.creditor_reference {
        push(out, "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>");
        leaf!(out, "Ref", identifier("CdtrRefInf/Ref", reference)?);
        push(out, "</CdtrRefInf></Strd>");
    }
    push(out, "</RmtInf>");
    Ok(())
}

/// `PmtTpInf`, if there is any.
pub(crate) fn payment_type(out: &mut Vec<u8>, payment_type: &PaymentType<'_>) -> Result<(), WriteError> {
    let PaymentType { instruction_priority, service_level, local_instrument, category_purpose } = *payment_type;
    if [instruction_priority, service_level, local_instrument, category_purpose].iter().all(Option::is_none) {
        return Ok(());
    }
    push(out, "<PmtTpInf>");
    if let Some(priority) = instruction_priority {
        leaf!(out, "InstrPrty", super::values::listed("InstrPrty", priority, &["HIGH", "NORM"])?);
    }
    if let Some(level) = service_level {
        push(out, "<SvcLvl>");
        leaf!(out, "Cd", code("SvcLvl/Cd", level)?);
        push(out, "</SvcLvl>");
    }
    if let Some(instrument) = local_instrument {
        push(out, "<LclInstrm>");
        leaf!(out, "Cd", identifier("LclInstrm/Cd", instrument)?);
        push(out, "</LclInstrm>");
    }
    if let Some(purpose) = category_purpose {
        push(out, "<CtgyPurp>");
        leaf!(out, "Cd", code("CtgyPurp/Cd", purpose)?);
        push(out, "</CtgyPurp>");
    }
    push(out, "</PmtTpInf>");
    Ok(())
}
