"""How axe looks at the client pages of a language: a sample in every run, all of them in every way in `make soak`.

All is every page × width × scheme × details closed and open, each rule wherever its verdict can differ. Schemes differ
in colours alone (tests/web/test_stylesheet.py), so the other rules look once for both. Colours do not hang on words, so
a shape whose colours were judged in English is not judged again in another language.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, product

from tests.support.browsing import ABOUT_COLOURS, EVERY_RULE, NOT_ABOUT_COLOURS, SCHEMES, Rules
from tests.support.client_pages import LANGUAGES, ClientPage, every_client_page
from tests.support.pairwise import sample

WIDTHS = (320, 390, 1280)


@dataclass(frozen=True)
class Look:
    """One look at a page: how wide, in which scheme, whether all details are open, and with which rules."""

    width: int
    scheme: str
    opened: bool
    rules: Rules


Shown = Iterator[tuple[ClientPage, Sequence[Look]]]


def shapes(language: str = "en") -> list[ClientPage]:
    """Return one page of each template and shape, in every way."""
    return list({(page.template, page.shape): page for page in every_client_page(language)}.values())


def sampled(language: str) -> Shown:
    """Return that language's share of the pairwise sample; the pages of one template take turns."""
    pages = defaultdict(list)
    for page in shapes(language):
        pages[page.template].append(page)
    turns = {template: cycle(found) for template, found in pages.items()}
    axes = {
        "template": sorted(pages),
        "width": WIDTHS,
        "scheme": SCHEMES,
        "language": LANGUAGES,
        "opened": (False, True),
    }
    for row in sample(axes, whole=False):
        if row["language"] == language:
            look = Look(row["width"], row["scheme"], row["opened"], EVERY_RULE)
            yield next(turns[row["template"]]), [look]


def everything(language: str) -> Shown:
    """Return every page of a language in every way; those with details open come last, since nothing closes them."""
    seen = {_coloured(page) for page in shapes()} if language != "en" else set()
    for page in shapes(language):
        ways = list(product((False, True), WIDTHS))
        looks = [Look(width, SCHEMES[0], opened, NOT_ABOUT_COLOURS) for opened, width in ways]
        if _coloured(page) not in seen:
            looks += [Look(width, scheme, opened, ABOUT_COLOURS) for opened, width in ways for scheme in SCHEMES]
        yield page, sorted(looks, key=lambda look: look.opened)


def _coloured(page: ClientPage) -> tuple[str, str]:
    """Return what the colours of a page hang on: its shape, whichever languages its links lead to."""
    return page.template, re.sub(r' lang="[^"]*"', "", page.shape)
