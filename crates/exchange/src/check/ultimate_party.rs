//! Ultimate parties as the exchange keeps them: name and identification of one level, payment or block, never of both.

use iso20022::common::{CodeOrProprietary, Party};
use payments::PartyRecord;

/// The ultimate party of a block, which outlives the message's buffer.
#[derive(Debug, Default)]
pub(crate) struct UltimateParty {
    name: String,
    organisation_bic: String,
    lei: String,
    organisation_id: String,
    private_id: String,
    scheme_code: String,
    scheme_proprietary: String,
    issuer: String,
}

impl UltimateParty {
    pub(crate) fn of(party: Party<'_>) -> UltimateParty {
        let record = party_record(party);
        UltimateParty {
            name: record.name.to_owned(),
            organisation_bic: record.organisation_bic.to_owned(),
            lei: record.lei.to_owned(),
            organisation_id: record.organisation_id.to_owned(),
            private_id: record.private_id.to_owned(),
            scheme_code: record.scheme_code.to_owned(),
            scheme_proprietary: record.scheme_proprietary.to_owned(),
            issuer: record.issuer.to_owned(),
        }
    }

    pub(crate) fn record(&self) -> PartyRecord<'_> {
        PartyRecord {
            name: &self.name,
            organisation_bic: &self.organisation_bic,
            lei: &self.lei,
            organisation_id: &self.organisation_id,
            private_id: &self.private_id,
            scheme_code: &self.scheme_code,
            scheme_proprietary: &self.scheme_proprietary,
            issuer: &self.issuer,
        }
    }
}

/// The stored values of a party.
pub(crate) fn party_record(party: Party<'_>) -> PartyRecord<'_> {
    let id = party.identification.unwrap_or_default();
    let (scheme_code, scheme_proprietary) = chosen(party.identification_scheme);
    PartyRecord {
        name: party.name.unwrap_or_default(),
        organisation_bic: party.organisation_bic.unwrap_or_default(),
        lei: party.lei.unwrap_or_default(),
        organisation_id: if party.is_private { "" } else { id },
        private_id: if party.is_private { id } else { "" },
        scheme_code,
        scheme_proprietary,
        issuer: party.identification_issuer.unwrap_or_default(),
    }
}

/// Code and proprietary text of a choice, of which one at most is there.
pub(crate) fn chosen(choice: Option<CodeOrProprietary<'_>>) -> (&str, &str) {
    match choice {
        Some(CodeOrProprietary::Code(code)) => (code, ""),
        Some(CodeOrProprietary::Proprietary(text)) => ("", text),
        None => ("", ""),
    }
}
