"""What is compiled once for a whole run: the suite makes some thousand applications, all of the same pages.

Templates, a sixth of a second for each application, and the functions that build addresses, a twelfth.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class Compiled(BytecodeCache):
    """Compiled templates in memory, found again by name and source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was compiled before from the same source."""
        if (kept := self._kept.get((bucket.key, bucket.checksum))) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def share_what_is_compiled() -> None:
    """Let every application of this process share what it compiles."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
    Rule._compile_builder = _kept(Rule._compile_builder)  # type: ignore[method-assign]  # the only way in


def _kept(compile_builder: Callable[[Rule, bool], Callable[..., Any]]) -> Callable[[Rule, bool], Callable[..., Any]]:
    """Keep what it gives by all that it reads: the rule's words, its parts in order, and its defaults."""
    kept: dict[object, Callable[..., Any]] = {}

    def compiled(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: FBT001, FBT002  as it is called
        read = rule.rule, tuple(rule._trace), str(rule.defaults), append_unknown
        if read not in kept:
            kept[read] = compile_builder(rule, append_unknown)
        return kept[read]

    return compiled
