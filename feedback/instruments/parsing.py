"""Reading JSON strictly: UTF-8, of a bounded size, every name once in its object, finite numbers only."""

import json

from feedback.domain.errors import InstrumentRefused

LARGEST_FILE = 256 * 1024


def parse(content: bytes, file: str) -> object:
    """Read JSON from the bytes of a file called `file`. Raises `InstrumentRefused` with the place and the remedy."""
    if len(content) > LARGEST_FILE:
        raise InstrumentRefused(f"{file}: the file is larger than 256 KiB. An instrument is a few pages of text.")
    try:
        return json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise InstrumentRefused(f"{file}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise InstrumentRefused(f"{file}, line {error.lineno}: this is not JSON ({error.msg}).") from error
    except (ValueError, RecursionError) as error:
        raise InstrumentRefused(f"{file}: {error}.") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f'"{min(twice)}" stands twice in one object; keep one of the two')
    return dict(pairs)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number an instrument may use; write a finite one")
