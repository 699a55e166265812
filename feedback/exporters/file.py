"""One file of an export."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A name without a folder, the bytes, and their media type."""

    name: str
    content: bytes = field(repr=False)
    media_type: str
