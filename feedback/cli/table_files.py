"""Files of tables for `feedback detect`: read whole and within bounds, and never one written over another."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import IO

from feedback.domain.errors import DetectionInputWrong

MOST_BYTES = 64 * 1024 * 1024
"""Of a table, unpacked: half a million rows with room to spare."""

_GZIP = b"\x1f\x8b"
_PACKED = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"PK\x05\x06": "a zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
}
_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""Byte order marks, the longer ones first: Excel's *Unicode text* is UTF-16."""


def read_text(path: Path) -> str:
    """Return the text of a file, unpacked where it is gzip whatever its name. Raises `DetectionInputWrong`, `OSError`.

    Only a regular file has an end: pipes and devices are refused before they are read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise DetectionInputWrong(f"{path.name} is a pipe or a device. Write the table to a file first.")
        content = _bounded(path, file)
    if content.startswith(_GZIP) or path.suffix == ".gz":
        content = _unpacked(path, content)
    return _decoded(path, content)


def _bounded(path: Path, file: IO[bytes] | gzip.GzipFile) -> bytes:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise DetectionInputWrong(f"{path.name} holds more than {MOST_BYTES // 2**20} MiB. Split it, by clinic.")
    return content


def _unpacked(path: Path, content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
            return _bounded(path, packed)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise DetectionInputWrong(
            f"{path.name} is not a CSV file in UTF-8, nor one packed with gzip, or is cut short. Pack it anew."
        ) from None


def _decoded(path: Path, content: bytes) -> str:
    for mark, what in _PACKED.items():
        if content.startswith(mark):
            raise DetectionInputWrong(f"{path.name} is {what}. Save the table as CSV in UTF-8.")
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8-sig")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DetectionInputWrong(
            f"Row {line}: {path.name} is not a CSV file in UTF-8 here. Save it as “CSV UTF-8”."
        ) from None


def check_apart(inputs: Iterable[Path], outputs: Iterable[Path]) -> None:
    """Pass when nothing is written over what is read, by whatever name, nor over another output.

    Raises `DetectionInputWrong`.
    """
    taken = list(inputs)
    for path in outputs:
        for other in taken:
            if _is_same(path, other):
                raise DetectionInputWrong(f"{path} is the same file as {other}. Give another one to be written.")
        taken.append(path)


def _is_same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)  # also through links, and where they are hard
    return one.resolve() == other.resolve()


@contextmanager
def written(path: Path) -> Iterator[IO[str]]:
    """Open a file to be written as text, through gzip where its name ends in `.gz`. A pipe nobody reads is refused."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    os.set_blocking(handle, True)
    with os.fdopen(handle, "wb") as file:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            file.truncate()
        if path.suffix == ".gz":
            with gzip.GzipFile(path.name, "wb", fileobj=file) as packed, _as_text(packed) as lines:
                yield lines
        else:
            with _as_text(file) as lines:
                yield lines


def _as_text(file: IO[bytes] | gzip.GzipFile) -> TextIOWrapper:
    return TextIOWrapper(file, encoding="utf-8", newline="")
