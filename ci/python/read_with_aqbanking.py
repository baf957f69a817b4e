"""Reads our account reports with AqBanking, which knows camt.052.001.02, and holds every entry against a plain reading.

usage: read_with_aqbanking.py FOLDER
"""

import csv
import fractions
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

from plain_reading import compare, entries


def expected(path):
    """What it reads of an entry, in its order."""
    for entry in entries(path):
        names = entry["other_name"], entry["other_iban"]
        yield entry["amount"], entry["currency"], entry["booked"], entry["end_to_end_id"], entry["remittance"], *names


def aqbanking(folder, *arguments):
    command = ["aqbanking-cli", "--noninteractive", f"--cfgdir={folder}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read(path):
    """Imports the file and exports it again as a table."""
    with tempfile.TemporaryDirectory() as folder:
        context = f"--ctxfile={folder}/context"
        aqbanking(folder, "import", "--importer=camt", "--profile=default", f"--infile={path}", context)
        table = aqbanking(folder, "export", context, "--exporter=csv", "--profile=full")
    for row in csv.DictReader(table.splitlines(), delimiter=";"):
        cents = fractions.Fraction(row["value_value"]) * 100
        remittance = "".join(row[f"purpose{at or ''}"] for at in range(12))
        yield (
            Decimal(int(cents)).scaleb(-2),
            row["value_currency"],
            row["date"].replace("/", "-"),
            row["endToEndReference"],
            remittance,
            row["remoteName"],
            row["remoteIban"],
        )


folder = pathlib.Path(sys.argv[1])
compare(sorted([*folder.glob("camt.052.001.02*.xml"), *folder.glob("*camt.052*--older.xml")]), expected, read)
