"""A mail server by aiosmtpd: STARTTLS and a login before any letter. Keeps each letter it takes as a file.

usage: take_letters.py CERTIFICATE KEY PASSWORD FOLDER

It prints its port. Until the file FOLDER/lenient is there it refuses the address refused@example.org for good.
"""

import pathlib
import socket
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP

certificate, key, password, folder = sys.argv[1:]
folder = pathlib.Path(folder)


class Office:
    taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "refused@example.org" and not (folder / "lenient").exists():
            return "550 5.1.1 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl is not None and session.authenticated
        self.taken += 1
        part = folder / f"{self.taken}.part"
        part.write_bytes(envelope.content)
        part.rename(folder / f"{self.taken}.eml")
        return "250 taken"


def known(server, session, envelope, mechanism, login):
    return AuthResult(success=login.login == b"tdam" and login.password == password.encode())


class Listener(Controller):
    def factory(self):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        return SMTP(
            self.handler, hostname="localhost", tls_context=context, require_starttls=True,
            authenticator=known, auth_required=True,
        )


with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
listener = Listener(Office(), hostname="127.0.0.1", port=port)
listener.start()
print(port, flush=True)
while True:
    time.sleep(3600)
