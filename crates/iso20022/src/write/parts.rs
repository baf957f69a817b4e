//! Parts of several messages: parties, accounts, agents, remittance, payment types, reasons.

use super::elements::{Elements, Tag, tag};
use super::values::{Limits, bic, country, iban, is_bic_of_2014_only, lei};
use super::{Lines, WriteError};
use crate::common::{
    Account, Agent, CodeOrProprietary, CreditDebit, CreditorReference, Party, PaymentType, PostalAddress, Remittance,
};

type Written = Result<(), WriteError>;

/// `Priority2Code`.
const PRIORITIES: [&str; 2] = ["HIGH", "NORM"];
/// A legal entity identifier among other identifications (`ExternalOrganisationIdentification1Code`).
const LEI_SCHEME: &str = "LEIX";
/// `DocumentType3Code`.
const REFERENCE_TYPES: [&str; 6] = ["RADM", "RPIN", "FXDR", "DISP", "PUOR", "SCOR"];

impl Elements<'_> {
    pub(crate) fn party(&mut self, tag: Tag, party: &Party<'_>) -> Written {
        self.within(tag, |w| w.party_parts(party))
    }

    #[inline]
    pub(crate) fn party_if(&mut self, tag: Tag, party: Option<&Party<'_>>) -> Written {
        let Some(party) = party else { return Ok(()) };
        self.party(tag, party)
    }

    /// What stands in a party: name, address, identification.
    pub(crate) fn party_parts(&mut self, party: &Party<'_>) -> Written {
        self.prose_if(tag!("Nm"), party.name, Limits::NAME);
        self.postal_address(&party.postal_address)?;
        if party.is_private {
            // The schema takes a person without identification too.
            return self.within(tag!("Id"), |w| w.within(tag!("PrvtId"), |w| w.identification(party)));
        }
        let lei_code = party.lei.filter(|_| self.dialect.newer);
        let organisation_bic =
            party.organisation_bic.filter(|code| self.dialect.bic_dec_2014 || !is_bic_of_2014_only(code));
        // The older generation lacks these elements, so they become another identification there.
        let (unplaced_lei, unplaced_bic) = (party.lei.xor(lei_code), party.organisation_bic.xor(organisation_bic));
        let party = &match (party.identification, unplaced_lei, unplaced_bic) {
            (None, Some(code), _) => {
                let scheme = Some(CodeOrProprietary::Code(LEI_SCHEME));
                Party { identification: Some(code), identification_scheme: scheme, ..*party }
            }
            (None, None, Some(code)) => Party { identification: Some(code), ..*party },
            _ => *party,
        };
        if organisation_bic.is_none() && lei_code.is_none() && party.identification.is_none() {
            return Ok(());
        }
        self.markup("<Id><OrgId>");
        if let Some(code) = organisation_bic {
            let tag = if self.dialect.any_bic { tag!("AnyBIC") } else { tag!("BICOrBEI") };
            self.text(tag, bic(code, self.dialect.bic_dec_2014)?);
        }
        if let Some(code) = lei_code {
            self.text(tag!("LEI"), lei(code)?);
        }
        self.identification(party)?;
        self.markup("</OrgId></Id>");
        Ok(())
    }

    fn identification(&mut self, party: &Party<'_>) -> Written {
        let Some(id) = party.identification else { return Ok(()) };
        self.within(tag!("Othr"), |w| {
            w.identifier(tag!("Id", "Id/Othr/Id"), id)?;
            w.choice_within_if(tag!("SchmeNm"), party.identification_scheme)?;
            w.prose_if(tag!("Issr"), party.identification_issuer, Limits::IDENTIFIER);
            Ok(())
        })
    }

    fn postal_address(&mut self, address: &PostalAddress<'_>) -> Written {
        if *address == PostalAddress::default() {
            return Ok(());
        }
        let newer = self.dialect.newer;
        self.within(tag!("PstlAdr"), |w| {
            w.prose_if(tag!("Dept"), address.department, Limits::ADDRESS_PART);
            w.prose_if(tag!("SubDept"), address.sub_department, Limits::ADDRESS_PART);
            w.prose_if(tag!("StrtNm"), address.street_name, Limits::ADDRESS_PART);
            w.prose_if(tag!("BldgNb"), address.building_number, Limits::ADDRESS_NUMBER);
            if newer {
                w.prose_if(tag!("BldgNm"), address.building_name, Limits::PLACE);
                w.prose_if(tag!("Flr"), address.floor, Limits::ADDRESS_PART);
                w.prose_if(tag!("PstBx"), address.post_box, Limits::ADDRESS_NUMBER);
                w.prose_if(tag!("Room"), address.room, Limits::ADDRESS_PART);
            }
            w.prose_if(tag!("PstCd"), address.post_code, Limits::ADDRESS_NUMBER);
            w.prose_if(tag!("TwnNm"), address.town_name, Limits::PLACE);
            if newer {
                w.prose_if(tag!("TwnLctnNm"), address.town_location_name, Limits::PLACE);
                w.prose_if(tag!("DstrctNm"), address.district_name, Limits::PLACE);
            }
            w.prose_if(tag!("CtrySubDvsn"), address.country_sub_division, Limits::PLACE);
            if let Some(code) = address.country {
                w.text(tag!("Ctry"), country(code)?);
            }
            for line in address.address_lines.iter().take(Limits::ADDRESS_LINES) {
                w.prose_if(tag!("AdrLine"), Some(line), Limits::ADDRESS_PART);
            }
            Ok(())
        })
    }

    #[inline]
    pub(crate) fn account(&mut self, tag: Tag, account: &Account<'_>) -> Written {
        self.within(tag, |w| w.account_parts(account))
    }

    #[inline]
    pub(crate) fn account_if(&mut self, tag: Tag, account: Option<&Account<'_>>) -> Written {
        let Some(account) = account else { return Ok(()) };
        self.account(tag, account)
    }

    /// What stands in an account: `Id` and `Ccy`.
    pub(crate) fn account_parts(&mut self, account: &Account<'_>) -> Written {
        self.within(tag!("Id"), |w| match (account.iban, account.other) {
            (Some(number), _) => {
                w.text(tag!("IBAN"), iban(number)?);
                Ok(())
            }
            (None, Some(other)) => {
                w.within(tag!("Othr"), |w| w.bounded(tag!("Id", "Acct/Id/Othr/Id"), other, Limits::OTHER_ACCOUNT))
            }
            (None, None) => Err(WriteError::Missing { element: "Acct/Id" }),
        })?;
        let Some(currency) = account.currency else { return Ok(()) };
        self.currency(tag!("Ccy", "Acct/Ccy"), currency)
    }

    #[inline]
    pub(crate) fn agent_if(&mut self, tag: Tag, agent: Option<&Agent<'_>>) -> Written {
        let Some(agent) = agent else { return Ok(()) };
        self.agent(tag, agent)
    }

    pub(crate) fn agent(&mut self, tag: Tag, agent: &Agent<'_>) -> Written {
        let dialect = self.dialect;
        // A bank whose BIC the older generation has no place for is named there as banks without a BIC are.
        let (code, other) = match agent.bic {
            Some(code) if !dialect.bic_dec_2014 && is_bic_of_2014_only(code) => (None, agent.other.or(Some(code))),
            code => (code, agent.other),
        };
        self.markup(tag.open);
        self.within(tag!("FinInstnId"), |w| {
            if let Some(code) = code {
                let tag = if dialect.bicfi { tag!("BICFI") } else { tag!("BIC") };
                w.text(tag, bic(code, dialect.bic_dec_2014)?);
            }
            if let Some(member) = agent.clearing_member {
                w.within(tag!("ClrSysMmbId"), |w| w.identifier(tag!("MmbId"), member))?;
            }
            if let Some(code) = agent.lei.filter(|_| dialect.newer) {
                w.text(tag!("LEI"), lei(code)?);
            }
            w.prose_if(tag!("Nm"), agent.name, Limits::NAME);
            let Some(id) = other else { return Ok(()) };
            w.within(tag!("Othr"), |w| w.identifier(tag!("Id", "FinInstnId/Othr/Id"), id))
        })?;
        self.markup(tag.close);
        Ok(())
    }

    /// `RmtInf`, if there is any. Lines longer than the schema allows are cut.
    pub(crate) fn remittance(&mut self, remittance: &Remittance<'_>) -> Written {
        if remittance.unstructured.is_empty() && !remittance.is_structured() {
            return Ok(());
        }
        self.within(tag!("RmtInf"), |w| {
            for line in remittance.unstructured {
                w.prose_if(tag!("Ustrd"), Some(line), Limits::NAME);
            }
            w.structured(remittance)
        })
    }

    /// One `Strd` with as much as it may have, and further ones for the rest.
    fn structured(&mut self, remittance: &Remittance<'_>) -> Written {
        let mut documents = remittance.document_numbers;
        let mut references = remittance.creditor_references.iter();
        let mut additional = remittance.additional.chunks(Remittance::ADDITIONAL_MAX);
        loop {
            let (reference, lines) = (references.next(), additional.next().unwrap_or_default());
            if documents.is_empty() && reference.is_none() && lines.is_empty() {
                return Ok(());
            }
            self.markup("<Strd>");
            for number in std::mem::take(&mut documents) {
                self.within(tag!("RfrdDocInf"), |w| w.identifier(tag!("Nb", "RfrdDocInf/Nb"), number))?;
            }
            if let Some(reference) = reference {
                self.markup("<CdtrRefInf>");
                self.reference_type(reference)?;
                self.identifier(tag!("Ref", "CdtrRefInf/Ref"), reference.reference)?;
                self.markup("</CdtrRefInf>");
            }
            for line in lines {
                self.prose_if(tag!("AddtlRmtInf"), Some(line), Limits::NAME);
            }
            self.markup("</Strd>");
        }
    }

    fn reference_type(&mut self, reference: &CreditorReference<'_>) -> Written {
        let Some(kind) = reference.kind else { return Ok(()) };
        self.within(tag!("Tp"), |w| {
            w.within(tag!("CdOrPrtry"), |w| match kind {
                CodeOrProprietary::Code(code) => {
                    w.listed(tag!("Cd", "CdtrRefInf/Tp/CdOrPrtry/Cd"), code, &REFERENCE_TYPES)
                }
                CodeOrProprietary::Proprietary(text) => {
                    w.identifier(tag!("Prtry", "CdtrRefInf/Tp/CdOrPrtry/Prtry"), text)
                }
            })?;
            w.prose_if(tag!("Issr"), reference.issuer, Limits::IDENTIFIER);
            Ok(())
        })
    }

    /// `PmtTpInf`, if there is any.
    pub(crate) fn payment_type(&mut self, payment_type: &PaymentType<'_>) -> Written {
        let PaymentType { instruction_priority, service_levels, local_instrument, category_purpose } = *payment_type;
        if *payment_type == PaymentType::default() {
            return Ok(());
        }
        let service_levels_max = if self.dialect.newer { service_levels.len() } else { 1 };
        self.within(tag!("PmtTpInf"), |w| {
            w.listed_if(tag!("InstrPrty"), instruction_priority, &PRIORITIES)?;
            for &level in service_levels.iter().take(service_levels_max) {
                w.choice_within(tag!("SvcLvl"), level, &[])?;
            }
            // Unlike other codes these may have 35 characters.
            match local_instrument {
                Some(CodeOrProprietary::Code(code)) => {
                    w.within(tag!("LclInstrm"), |w| w.identifier(tag!("Cd", "LclInstrm/Cd"), code))?;
                }
                proprietary => w.choice_within_if(tag!("LclInstrm"), proprietary)?,
            }
            w.code_within_if(tag!("CtgyPurp"), category_purpose)
        })
    }

    /// `CdtDbtInd`.
    #[inline]
    pub(crate) fn credit_debit(&mut self, direction: CreditDebit) {
        self.text(tag!("CdtDbtInd"), direction.code());
    }

    /// A reason with its lines of text, which are broken where they are too long.
    pub(crate) fn reason(&mut self, reason: Option<CodeOrProprietary<'_>>, lines: &[&str]) -> Written {
        self.choice_within_if(tag!("Rsn"), reason)?;
        for line in lines.iter().flat_map(|text| Lines::of(text)) {
            self.text(tag!("AddtlInf"), line);
        }
        Ok(())
    }
}
