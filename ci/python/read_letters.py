"""Reads our letters with Python's own parser, strictly: one sender, receiver and subject each, both forms, both languages.

usage: read_letters.py FOLDER ADDRESS...
"""

import email
import email.policy
import html.parser
import pathlib
import sys

VOID = {"meta", "hr", "br"}


class Balanced(html.parser.HTMLParser):
    """Every element is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


strict = email.policy.SMTP.clone(raise_on_defect=True)
receivers, names = [], set()
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.eml")):
    letter = email.message_from_bytes(path.read_bytes(), policy=strict)
    for field in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"):
        assert len(letter.get_all(field)) == 1, (path, field)
    assert letter["From"].addresses[0].addr_spec == "noreply@kase.example", letter["From"]
    assert letter["From"].addresses[0].display_name == "Valsts kase", letter["From"]
    receivers.append(letter["To"].addresses[0].addr_spec)
    assert letter["To"].addresses[0].display_name == "Anna Bērziņa", letter["To"]
    assert letter["Message-ID"] not in names
    names.add(letter["Message-ID"])
    assert letter.get_content_type() == "multipart/alternative"
    plain, page = letter.iter_parts()
    assert (plain.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    plain, page = plain.get_content(), page.get_content()
    balanced = Balanced()
    balanced.feed(page)
    assert not balanced.open, balanced.open
    for text in (plain, balanced.text):
        for word in ("Daugava", "pieteikums ir spēkā līdz", "is in force until", "Atlikušo dienu skaits", "Days left"):
            assert word in text, (path, word, text)
    assert "Pieteikuma termiņš beidzas" in letter["Subject"], letter["Subject"]
assert sorted(receivers) == sorted(sys.argv[2:]), receivers
