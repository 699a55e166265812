"""Names of cases that differ in spelling alone: a slip of the pen makes two cases of one, each judged by half."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import category, normalize

Name = tuple[str, ...]


def other_spellings(names: Iterable[Name]) -> Iterator[str]:
    """Say of names that are read as different ones which of them look the same to a person."""
    seen: dict[Name, Name] = {}
    for name in dict.fromkeys(names):
        first = seen.setdefault(tuple(map(_plain, name)), name)
        if first != name:
            yield (
                f"Case {_shown(name)} and case {_shown(first)} are judged as two, and differ in spelling alone. If "
                "they are one, write it the same way everywhere."
            )


def _plain(text: str) -> str:
    """Return a name without what the eye passes over: capitals, accents' forms, blanks, invisible signs, a final .0."""
    letters = (letter for letter in normalize("NFKC", text).casefold() if category(letter) not in {"Cf", "Zs", "Cc"})
    return re.sub(r"(?<=[0-9])\.0$", "", "".join(letters))


def _shown(name: Name) -> str:
    text = "/".join(filter(None, name))
    return f"“{''.join(letter if letter.isprintable() else '�' for letter in text[:60])}”"
