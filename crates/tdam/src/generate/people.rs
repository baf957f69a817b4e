//! Payees: names, addresses and banks of several SEPA countries. All persons and firms are invented; banks are real, so
//! that their BICs are, and accounts are random numbers with right check digits.

use std::fmt::Write as _;

use rulebook::{Bic, Iban};

use super::random::Random;

/// A country that payments go to.
#[derive(Debug)]
pub(super) struct Country {
    pub(super) code: &'static str,
    /// BIC, and the account identification with `#` for each random digit.
    pub(super) banks: &'static [(&'static str, &'static str)],
    pub(super) firms: &'static [&'static str],
    pub(super) given: &'static [&'static str],
    pub(super) family: &'static [&'static str],
    pub(super) streets: &'static [&'static str],
    /// Post code and town.
    pub(super) towns: &'static [(&'static str, &'static str)],
    /// What payments to there say they are for.
    pub(super) purposes: &'static [&'static str],
}

pub(super) const LATVIA: Country = Country {
    code: "LV",
    banks: &[
        ("HABALV22", "HABA#############"),
        ("UNLALV2X", "UNLA#############"),
        ("RIKOLV2X", "RIKO#############"),
        ("PARXLV22", "PARX#############"),
    ],
    firms: &[
        "SIA Zaļā enerģija",
        "SIA Ķekavas būvnieks",
        "AS Ziemeļu siltums",
        "SIA Čiekurkalna apgāds",
        "SIA Daugavas ūdeņi",
        "SIA Ērgļu mežs",
        "AS Latgales ceļi",
        "SIA Šķirotavas serviss",
        "Biedrība Bērnu prieks",
        "SIA Jūrmalas ēdinātājs",
        "SIA Ģenerators un dēli",
        "SIA Īvandes piens",
    ],
    given: &[
        "Jānis",
        "Kristīne",
        "Mārtiņš",
        "Līga",
        "Andris",
        "Žanete",
        "Ģirts",
        "Ņina",
        "Artūrs",
        "Ilze",
        "Edgars",
        "Zane",
        "Kārlis",
        "Dace",
        "Raitis",
        "Elīna",
    ],
    family: &[
        "Bērziņa",
        "Kalniņa",
        "Ozoliņa",
        "Liepiņa",
        "Krūmiņa",
        "Zariņa",
        "Pētersone",
        "Ķirse",
        "Āboliņa",
        "Šmite",
        "Vītola",
        "Žagare",
    ],
    streets: &[
        "Brīvības iela",
        "Raiņa bulvāris",
        "Čaka iela",
        "Ķīpsalas iela",
        "Pērnavas iela",
        "Zemgales prospekts",
        "Lielā iela",
        "Skolas iela",
        "Dārza iela",
        "Mežaparka aleja",
    ],
    towns: &[
        ("LV-1050", "Rīga"),
        ("LV-5401", "Daugavpils"),
        ("LV-3401", "Liepāja"),
        ("LV-3001", "Jelgava"),
        ("LV-2015", "Jūrmala"),
        ("LV-3601", "Ventspils"),
        ("LV-4601", "Rēzekne"),
        ("LV-4201", "Valmiera"),
        ("LV-4101", "Cēsis"),
        ("LV-5001", "Ogre"),
    ],
    purposes: &[
        "Apkure par iepriekšējo mēnesi, rēķins",
        "Elektroenerģija, rēķins",
        "Telpu uzkopšana, rēķins",
        "Bērnu ēdināšana, pavadzīme",
        "Ceļu uzturēšana, līguma rēķins",
        "Mācību līdzekļi, pavadzīme",
        "Ūdens un kanalizācija, rēķins",
        "Sakaru pakalpojumi, rēķins",
    ],
};

/// The countries besides Latvia; their texts keep to the basic character set.
pub(super) const ABROAD: &[&Country] = &[
    &Country {
        code: "LT",
        banks: &[("HABALT22", "73000###########"), ("CBVILT2X", "70440###########")],
        firms: &["UAB Baltijos transportas", "UAB Vilniaus technika", "AB Kauno energija"],
        given: &["Jonas", "Egle", "Tomas", "Rasa"],
        family: &["Kazlauskas", "Petrauskas", "Jankauskas", "Butkus"],
        streets: &["Gedimino prospektas", "Laisves aleja", "Taikos gatve"],
        towns: &[("01103", "Vilnius"), ("44280", "Kaunas"), ("91248", "Klaipeda")],
        purposes: ABROAD_PURPOSES,
    },
    &Country {
        code: "EE",
        banks: &[("HABAEE2X", "2200############"), ("EEUHEE2X", "1010############")],
        firms: &["OU Pohja Andmed", "AS Tallinna Trukk", "OU Tartu Labor"],
        given: &["Mari", "Juri", "Kadri", "Toomas"],
        family: &["Tamm", "Saar", "Kask", "Rebane"],
        streets: &["Narva maantee", "Riia", "Pikk"],
        towns: &[("10117", "Tallinn"), ("51003", "Tartu"), ("80010", "Parnu")],
        purposes: ABROAD_PURPOSES,
    },
    &Country {
        code: "FI",
        banks: &[("NDEAFIHH", "1#############"), ("OKOYFIHH", "5#############")],
        firms: &["Pohjolan Mittaus Oy", "Saimaan Kirjat Oy"],
        given: &["Aino", "Eero", "Helmi", "Mikko"],
        family: &["Virtanen", "Korhonen", "Nieminen", "Laine"],
        streets: &["Mannerheimintie", "Aleksanterinkatu"],
        towns: &[("00100", "Helsinki"), ("33100", "Tampere"), ("20100", "Turku")],
        purposes: ABROAD_PURPOSES,
    },
    &Country {
        code: "DE",
        banks: &[("COBADEFF", "37040044##########"), ("DEUTDEFF", "50070010##########")],
        firms: &["Norddeutsche Messtechnik GmbH", "Verlag Lindenhof GmbH", "Rheintal Software AG"],
        given: &["Anna", "Lukas", "Greta", "Felix"],
        family: &["Schmidt", "Weber", "Becker", "Wagner"],
        streets: &["Hauptstrasse", "Bahnhofstrasse", "Lindenallee"],
        towns: &[("50667", "Koeln"), ("60311", "Frankfurt am Main"), ("20095", "Hamburg")],
        purposes: ABROAD_PURPOSES,
    },
    &Country {
        code: "NL",
        banks: &[("ABNANL2A", "ABNA##########"), ("INGBNL2A", "INGB##########")],
        firms: &["Delta Waterbouw BV", "Utrecht Data BV"],
        given: &["Daan", "Sanne", "Bram", "Lotte"],
        family: &["de Vries", "Jansen", "Bakker", "Visser"],
        streets: &["Kerkstraat", "Stationsweg"],
        towns: &[("1012 AB", "Amsterdam"), ("3011 CD", "Rotterdam")],
        purposes: ABROAD_PURPOSES,
    },
    &Country {
        code: "PL",
        banks: &[("PKOPPLPW", "10201026################")],
        firms: &["Mazowieckie Laboratoria Sp. z o.o.", "Wydawnictwo Polnoc Sp. z o.o."],
        given: &["Jan", "Zofia", "Piotr", "Maria"],
        family: &["Nowak", "Kowalska", "Lewandowska", "Zielinska"],
        streets: &["Marszalkowska", "Dluga"],
        towns: &[("00-001", "Warszawa"), ("80-001", "Gdansk")],
        purposes: ABROAD_PURPOSES,
    },
];

const ABROAD_PURPOSES: &[&str] = &[
    "Invoice",
    "Licence fee, invoice",
    "Conference fee, invoice",
    "Laboratory supplies, order",
    "Maintenance contract, invoice",
];

/// A payee: an address that is written in parts, as SEPA wants it since November 2026.
#[derive(Debug, Default)]
pub(super) struct Payee {
    pub(super) name: String,
    pub(super) is_private: bool,
    /// Registration number of a firm; empty for a person.
    pub(super) registration: String,
    pub(super) street: &'static str,
    pub(super) building: String,
    pub(super) post_code: &'static str,
    pub(super) town: &'static str,
    pub(super) country: &'static str,
}

impl Payee {
    /// Another payee in the same buffers.
    pub(super) fn fill(&mut self, country: &Country, random: &mut Random) {
        self.name.clear();
        self.is_private = random.chance(25);
        // Writing to a String cannot fail.
        let _ = if self.is_private {
            write!(self.name, "{} {}", random.one_of(country.given), random.one_of(country.family))
        } else {
            write!(self.name, "{}", random.one_of(country.firms))
        };
        self.registration.clear();
        if !self.is_private {
            self.register(random);
        }
        self.street = random.one_of(country.streets);
        self.building.clear();
        let _ = write!(self.building, "{}", 1 + random.below(180));
        (self.post_code, self.town) = random.one_of(country.towns);
        self.country = country.code;
    }

    /// Gives the payee a registration number.
    pub(super) fn register(&mut self, random: &mut Random) {
        self.registration.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.registration, "4{:010}", random.below(10_000_000_000));
    }
}

/// An account at one of the country's banks.
pub(super) fn account(country: &Country, random: &mut Random) -> (Bic, Iban) {
    let (bic, form) = random.one_of(country.banks);
    let account: String = form
        .chars()
        .map(|letter| if letter == '#' { char::from(b'0' + (random.below(10) as u8)) } else { letter })
        .collect();
    // Invariant: the forms above are those of their countries; a test makes an account at each bank.
    let bic = Bic::parse(bic).expect("the bank's BIC has the form of a BIC");
    let iban = Iban::with_check_digits(country.code, &account).expect("the bank's accounts have the country's form");
    (bic, iban)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_bank_gives_valid_accounts_of_its_own_country() {
        for country in ABROAD.iter().copied().chain([&LATVIA]) {
            for ordinal in 0..200 {
                let (bic, iban) = account(country, &mut Random::of(7, ordinal));
                assert_eq!(bic.country().code(), country.code);
                assert_eq!(Iban::parse(iban.as_str()).unwrap(), iban);
            }
        }
    }

    #[test]
    fn texts_for_abroad_keep_to_the_basic_characters() {
        for country in ABROAD {
            let texts = [country.firms, country.given, country.family, country.streets, country.purposes].concat();
            for text in texts.iter().chain(country.towns.iter().map(|(_, town)| town)) {
                assert_eq!(rulebook::characters::first_outside(text, ""), None, "{text}");
            }
        }
    }
}
