"""A real SMTP server for a test, on a port of this machine, that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.serving import HOST, free_port


@dataclass
class Mailbox:
    """What came in. With `refuses`, the server takes nothing."""

    port: int
    refuses: bool = False
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


@contextmanager
def a_mailbox() -> Iterator[Mailbox]:
    """Run a server until the block ends."""
    box = Mailbox(free_port())
    server = Controller(box, hostname=HOST, port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()
