"""Mail without content: the same few words to everybody, handed to one SMTP server.

No code, no case, no client, no clinic is in it; the one thing that differs is the link that ends it.
"""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from feedback.domain.errors import NotSent

SUBJECT = "Something new on your dashboard"
TEXT = """\
There is something new on your dashboard.

{address}

You asked for this. To stop it: {stop}
"""
PATIENCE_SECONDS = 20
_SIGNED_IN = 235
_UNFOLDED = SMTP.clone(max_line_length=900)
"""A link that is folded or encoded in the middle is no link to the program that should follow it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """To whom, where their dashboard is, the link that ends the notices, and now in UTC."""

    to: str
    address: str
    stop: str
    now: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Mailer:
    """Hands notices to an SMTP server. `url` is `smtp://` (with STARTTLS beyond this machine) or `smtps://`."""

    url: str = field(repr=False)
    sender: str

    def send(self, notice: Notice) -> None:
        """Hand one notice over. Raises `NotSent` when the server does not take it."""
        try:
            with self._server() as server:
                server.send_message(self._written(notice))
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise NotSent(f"The mail server did not take a notice: {type(error).__name__}.") from error

    def check(self) -> None:
        """Greet the server, and sign in where the address says so. Raises `NotSent`."""
        try:
            with self._server() as server:
                server.noop()
        except (OSError, ValueError, smtplib.SMTPException) as error:
            raise NotSent(f"The mail server does not answer: {type(error).__name__}.") from error

    def _written(self, notice: Notice) -> EmailMessage:
        message = EmailMessage(policy=_UNFOLDED)
        message["Subject"] = SUBJECT
        message["From"] = _as_handed_over(self.sender)
        message["To"] = _as_handed_over(notice.to)
        message["Date"] = format_datetime(notice.now)
        message["Message-ID"] = f"<{notice.id}@{_as_handed_over(self.sender).rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{notice.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(TEXT.format(address=notice.address, stop=notice.stop))
        return message

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "", ssl.create_default_context()
        if parts.scheme == "smtps":
            opened: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE_SECONDS, context=secure)
        else:
            opened = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE_SECONDS)
        with opened as server:
            if parts.scheme == "smtp" and not _is_this_machine(host):
                server.starttls(context=secure)
            if parts.username:
                _sign_in(server, unquote(parts.username), unquote(parts.password or ""))
            yield server


def _sign_in(server: smtplib.SMTP, account: str, password: str) -> None:
    """Sign in. Beyond ASCII there is only PLAIN, whose text is UTF-8 (RFC 4616); the library would write ASCII.

    Raises `smtplib.SMTPException`.
    """
    if f"{account}{password}".isascii():
        server.login(account, password)
        return
    server.ehlo_or_helo_if_needed()
    if "PLAIN" not in server.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("The server offers no AUTH PLAIN.")
    said = b64encode(f"\0{account}\0{password}".encode()).decode()
    code, answer = server.docmd("AUTH", f"PLAIN {said}")
    if code != _SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _as_handed_over(address: str) -> str:
    """Return an address as any mail server takes it: its domain in ASCII (RFC 3490). Raises `NotSent`."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise NotSent("An address has a domain that no mail server knows. Correct it.") from None


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
