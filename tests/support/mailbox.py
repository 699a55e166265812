"""A real SMTP server for a test, on a port of this machine, that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.serving import HOST, free_port


@dataclass
class Mailbox:
    """What came in. With `refuses`, the server takes nothing."""

    port: int
    refuses: bool = False
    account: tuple[bytes, bytes] | None = None
    signed_in: bool = False
    envelopes: list[Any] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the server, as a setting."""
        return f"smtp://{HOST}:{self.port}"

    @property
    def messages(self) -> list[Message]:
        """The messages, in order."""
        return [message_from_bytes(envelope.content) for envelope in self.envelopes]

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the library's name
        """Take a message, or refuse it."""
        if self.refuses:
            return "451 Try again later"
        self.envelopes.append(envelope)
        return "250 Taken"

    def knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        """Let in who has the account."""
        self.signed_in = (given.login, given.password) == self.account
        return AuthResult(success=self.signed_in, handled=self.signed_in)


@contextmanager
def a_mailbox(account: tuple[str, str] | None = None) -> Iterator[Mailbox]:
    """Run a server until the block ends; with an account, it also offers AUTH PLAIN."""
    box = Mailbox(free_port())
    more: dict[str, Any] = {}
    if account is not None:
        box.account = (account[0].encode(), account[1].encode())
        more = {"authenticator": box.knows, "auth_require_tls": False, "auth_exclude_mechanism": ["LOGIN"]}
    server = Controller(box, hostname=HOST, port=box.port, **more)
    server.start()
    try:
        yield box
    finally:
        server.stop()
