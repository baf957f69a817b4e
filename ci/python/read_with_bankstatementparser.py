"""Reads our account reports with bankstatementparser and holds every entry against ElementTree's reading of the same file.

usage: read_with_bankstatementparser.py FOLDER
"""

import pathlib
import sys
from decimal import Decimal

from bankstatementparser import Camt052Parser, Camt054Parser, CamtParser

from plain_reading import compare, entries

PARSERS = {"052": Camt052Parser, "053": CamtParser, "054": Camt054Parser}


def read(path, kind):
    frame = PARSERS[kind](str(path)).parse()
    columns = ["Amount", "Currency", "BookgDt", "ValDt", "EndToEndId", "Reference"]
    if frame.empty:
        return
    for amount, *texts in frame[columns].itertuples(index=False):
        # It hands amounts on as floating-point numbers; of two decimals nothing is lost in them.
        yield (Decimal(str(amount)).quantize(Decimal("0.01")), *(str(text or "") for text in texts))


def expected(path):
    """What it reads of an entry, in its order."""
    for entry in entries(path):
        remittance = entry["remittance"] or entry["creditor_reference"]
        yield entry["amount"], entry["currency"], entry["booked"], entry["value"], entry["end_to_end_id"], remittance


folder = pathlib.Path(sys.argv[1])
compare(sorted(folder.glob("*camt.05*.xml")), expected, lambda path: read(path, path.name.partition("camt.")[2][:3]))
