"""What is the same in every application, compiled once for a whole run: the suite makes some thousand of them."""

from collections.abc import Callable, Hashable
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


def share_compiled_templates() -> None:
    """Let every application of this process share what it compiles (a sixth of a second each time)."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def share_compiled_addresses() -> None:
    """Let equal rules of address maps share the code that builds addresses (a twelfth of a second each time).

    Werkzeug compiles a function for each rule, which is then bound to the rule itself; it is made of nothing but what
    stands in the key.
    """
    kept: dict[Hashable, Callable[..., tuple[str, str]]] = {}
    compiles = Rule._compile_builder

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  as it is called
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compiles(rule, append_unknown)
        return kept[key]

    patched: Any = Rule
    patched._compile_builder = compile_once
