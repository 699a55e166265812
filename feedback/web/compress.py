"""Compressing client pages: a form has to fit the first flight of packets over a weak signal."""

import gzip
import zlib
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

_LEVEL = 9
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""A gzip header without a time in it."""

_SUBFIELD_HEAD = 4
_EXTRA_HEAD = 2 + _SUBFIELD_HEAD
"""Bytes of a gzip extra field before its one subfield, and of the head of that."""


@dataclass(frozen=True, slots=True)
class FilledPage:
    """A page drawn once and compressed once, with a gap of fixed length for what differs from one request to the next.

    Both halves share one window, so the second may refer back over the gap; the gap itself is a stored block. The
    filler in it must occur nowhere else in the page.
    """

    before: bytes
    after: bytes
    packed_before: bytes
    packed_after: bytes
    length: int

    @classmethod
    def around(cls, page: str, filler: str) -> "FilledPage":
        """Cut a page at the filler, which holds the gap open while the halves are compressed."""
        before, after = (half.encode() for half in page.split(filler))
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        packed_before = packer.compress(before) + packer.flush(zlib.Z_SYNC_FLUSH)
        packer.compress(filler.encode())
        packer.flush(zlib.Z_SYNC_FLUSH)
        return cls(before, after, packed_before, packer.compress(after) + packer.flush(), len(filler))

    def plain(self, filling: str) -> bytes:
        """Return the page with its gap filled."""
        return self.before + filling.encode() + self.after

    def packed(self, filling: str) -> bytes:
        """Return the same page as a gzip stream; only the checksum is computed anew."""
        gap = filling.encode()
        if len(gap) != self.length:
            raise ValueError(f"the gap holds {self.length} bytes")
        size = len(gap).to_bytes(2, "little") + (len(gap) ^ 0xFFFF).to_bytes(2, "little")
        checksum = zlib.crc32(self.after, zlib.crc32(gap, zlib.crc32(self.before)))
        total = len(self.before) + len(gap) + len(self.after)
        end = checksum.to_bytes(4, "little") + total.to_bytes(4, "little")
        return _HEADER + self.packed_before + b"\x00" + size + gap + self.packed_after + end


def answer(page: FilledPage, filling: str) -> Response:
    """Send a filled page in the form this browser takes."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Vary": "Accept-Encoding"}
    if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
        return Response(page.plain(filling), headers=headers)
    return Response(page.packed(filling), headers=headers | {"Content-Encoding": "gzip"})


def compress_page(response: Response) -> Response:
    """Compress a page that is neither compressed nor seen to yet, where the browser takes it."""
    if "Vary" in response.headers or response.is_streamed or response.mimetype != "text/html":
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if _takes_gzip(request.headers.get("Accept-Encoding", "")) and request.method != "HEAD":
        response.set_data(gzip.compress(response.get_data(), _LEVEL, mtime=0))
        response.content_encoding = "gzip"
    return response


def pad_page(response: Response, length: int) -> Response:
    """Compress a page where the browser takes it, and pad it to a multiple of a length in bytes.

    So who sees sizes on the network does not learn which of two pages it was. Compressed, the filling is an extra field
    of the gzip header (RFC 1952, 2.3.1.1), which every decoder skips; else white space, to four lengths.
    """
    response.headers["Vary"] = "Accept-Encoding"
    page = response.get_data()
    if not _takes_gzip(request.headers.get("Accept-Encoding", "")):
        response.set_data(page + b" " * (-len(page) % (4 * length)))
        return response
    packed = gzip.compress(page, _LEVEL, mtime=0)
    filling = -(len(packed) + _EXTRA_HEAD) % length
    extra = (filling + _SUBFIELD_HEAD).to_bytes(2, "little") + b"fi" + filling.to_bytes(2, "little") + bytes(filling)
    response.set_data(packed[:3] + b"\x04" + packed[4:10] + extra + packed[10:])
    response.content_encoding = "gzip"
    return response


@lru_cache(maxsize=64)
def _takes_gzip(accepts: str) -> bool:
    return parse_accept_header(accepts, Accept)["gzip"] > 0
