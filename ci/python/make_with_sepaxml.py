"""Makes payment messages with sepaxml, as an accounting system that uses it would: both versions, one block for each
payment or for each day, with and without BIC, structured and hybrid addresses, several days.

usage: make_with_sepaxml.py FOLDER BUSINESS_DAY DEBTOR_IBAN
"""

import datetime
import pathlib
import sys

from sepaxml import SepaTransfer

PAYEES = [
    ("SIA Zalais Mezs", "LV80BANK0000435195001", None),
    ("Biedrība Bērnu prieks", "LV97HABA0012345678910", "HABALV22"),
    ("Muster GmbH", "DE89370400440532013000", "COBADEFF"),
    ("Tartu Labor OÜ", "EE382200221020145685", "HABAEE2X"),
    ("Utrecht Data BV", "NL91ABNA0417164300", None),
]
STRUCTURED = {
    "street_name": "Brivibas iela",
    "building_number": "12",
    "postcode": "LV-1010",
    "town": "Riga",
    "country": "LV",
}
HYBRID = {"town": "Riga", "country": "LV", "lines": ["Brivibas iela 12", "2. stavs"]}


def message(schema, batch, clean, day, debtor, number):
    """One file: payments of different kinds and days under one debtor."""
    transfer = SepaTransfer(
        {
            "name": "Daugavas novada pašvaldība",
            "IBAN": debtor,
            "BIC": "TRELLV22",
            "batch": batch,
            "currency": "EUR",
            "address": STRUCTURED,
        },
        schema=schema,
        clean=clean,
    )
    for at in range(12):
        name, iban, bic = PAYEES[at % len(PAYEES)]
        # Latvian letters are for payments within the country.
        text = "Rēķins" if iban.startswith("LV") else "Invoice"
        if not iban.startswith("LV"):
            name = name.encode("ascii", "ignore").decode()
        payment = {
            "name": name,
            "IBAN": iban,
            "amount": 1_000 + 37 * at + number,
            "execution_date": day + datetime.timedelta(days=at % 3),
            "description": f"{text} {number}-{at}",
            "endtoend_id": "NOTPROVIDED" if at % 4 == 0 else f"SEPAXML-{number}-{at}",
        }
        if bic:
            payment["BIC"] = bic
        if at % 3:
            payment["address"] = dict(STRUCTURED if at % 3 == 1 else HYBRID)
        transfer.add_payment(payment)
    return transfer.export(validate=True, pretty_print=number % 2 == 0)


def main():
    folder, day, debtor = pathlib.Path(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2]), sys.argv[3]
    number = 0
    for schema in ("pain.001.001.03", "pain.001.001.09"):
        for batch in (False, True):
            for clean in (False, True):
                number += 1
                kind = f"{'batch' if batch else 'single'}-{'clean' if clean else 'letters'}"
                (folder / f"{schema}-{kind}.xml").write_bytes(message(schema, batch, clean, day, debtor, number))


main()
