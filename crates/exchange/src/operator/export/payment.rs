//! The details of a payment that both exports of payments and of entries show, in one form.

use payments::{PartyRecord, PaymentRecord};

/// `reference_type`: the code, or the payee's own name of it.
pub(super) fn reference_type<'a>(record: &PaymentRecord<'a>) -> &'a str {
    if record.reference_code.is_empty() { record.reference_proprietary } else { record.reference_code }
}

/// The identifications of an ultimate party, one a line: mostly there is one.
pub(super) fn identification(party: &PartyRecord<'_>) -> String {
    let all = [party.private_id, party.organisation_id, party.lei, party.organisation_bic];
    all.into_iter().filter(|id| !id.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_shows_each_of_its_identifications() {
        let party =
            PartyRecord { organisation_id: "90000000001", lei: "529900T8BM49AURSDO55", ..PartyRecord::default() };
        assert_eq!(identification(&party), "90000000001\n529900T8BM49AURSDO55");
        assert_eq!(
            identification(&PartyRecord { private_id: "010190-12345", ..PartyRecord::default() }),
            "010190-12345"
        );
        assert_eq!(identification(&PartyRecord { name: "A", ..PartyRecord::default() }), "");
    }

    #[test]
    fn a_reference_has_one_type() {
        let coded = PaymentRecord { reference_code: "SCOR", ..PaymentRecord::default() };
        let own = PaymentRecord { reference_proprietary: "QRR", ..PaymentRecord::default() };
        assert_eq!([&coded, &own].map(|record| reference_type(record)), ["SCOR", "QRR"]);
    }
}
