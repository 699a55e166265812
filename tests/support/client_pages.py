"""Every page a client can meet, in every state it has: one walk, from which the checks of pages take their list.

Nothing is listed twice: `tests/web/test_client_walk.py` holds the walk to the addresses and templates of the product,
so that a page added later is walked, or the suite says which one is missing.
"""

import gzip
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest.mock import patch

from bs4 import BeautifulSoup
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from feedback.domain.limits import FORM_KEYS, OLD_RECEIPT, TYPED_CODE
from feedback.instruments import languages_of
from feedback.persistence.cases import care
from feedback.persistence.clinic import clinics
from feedback.security.receipts import RECEIPT_LENGTH
from feedback.services.answers import issue_form_key, resolve_access_code
from feedback.services.codes.issue_access_code import revoke_access_code
from feedback.web.intake import form as form_page
from feedback.web.intake import withdraw as withdraw_page
from tests.support.answering import a_case_that_fell
from tests.support.builders import a_clinic, a_therapist
from tests.support.databases import SqliteShelf
from tests.support.html import check
from tests.support.installing import install
from tests.support.limits import after, opened_after
from tests.support.phone import SEVENS
from tests.support.reading import sentences
from tests.support.soak import IS_SOAK
from tests.support.walker import BLANK_FORM, Walker
from tests.support.world import World

WAYS: Mapping[str, Mapping[str, str]] = {"phone": {}, "easier": {"easy": "1"}, "tablet": {}}
"""The ways in which a client meets the pages, and what each leaves in every address."""

LANGUAGES = languages_of("rapport-session")
"""The languages that ship, English first. The clinic of the walk offers them all."""

RECEIPT = re.compile("[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}")

Met = Iterator[tuple[str, TestResponse]]


@dataclass(frozen=True)
class ClientPage:
    """One page in one state, as it came over the wire."""

    way: str
    state: str
    language: str
    template: str
    status: int
    headers: tuple[tuple[str, str], ...]
    html: str

    def __str__(self) -> str:
        return f"{self.state} ({self.way}, {self.language})"

    @cached_property
    def shape(self) -> str:
        """What its middle is made of, apart from words: two states with one shape look the same to a ruler."""
        middle = self.html.partition("<main>")[2].partition("</main>")[0]
        made_of = re.sub(r' (?:value|href|action|content|aria-label)="[^"]*"', "", middle)
        return re.sub(r">[^<]*<", "><", made_of)

    @cached_property
    def said(self) -> list[str]:
        """The sentences it says."""
        return sentences(self.tree)

    @cached_property
    def tree(self) -> BeautifulSoup:
        """The page's elements, to look things up in. Whether it is well-formed, the walk has seen."""
        return BeautifulSoup(self.html, "html.parser")


def client_pages(world: World, way: str, language: str) -> tuple[tuple[ClientPage, ...], Walker]:
    """Walk every page of a clinic; gives them with the walker, who knows what was asked for and drawn."""
    chosen = dict(WAYS[way]) | ({} if language == "en" else {"lang": language})
    walker = Walker(world, chosen, on_tablet=way == "tablet")
    parts = {"easier": (_forms, _came_back), "tablet": _TABLET}.get(way, _ALL)
    met = tuple(_page(walker, way, language, met) for part in parts for met in part(walker))
    assert len({page.state for page in met}) == len(met), "two states with one name"
    return met, walker


def _page(walker: Walker, way: str, language: str, met: tuple[str, TestResponse]) -> ClientPage:
    state, answer = met
    packed = answer.content_encoding == "gzip"
    html = (gzip.decompress(answer.data) if packed else answer.data).decode()
    check(html)
    headers = tuple((name, value) for name, value in answer.headers if name.lower() != "content-length")
    template, walker.last_drawn = walker.last_drawn, BLANK_FORM
    return ClientPage(way, state, language, template, answer.status_code, headers, html)


def _forms(walker: Walker) -> Met:
    code = walker.code()
    yield "form", walker.opens(code)
    walker.sends(code, "totals")
    yield "form of a code answered for the totals", walker.opens(code)
    yield "form of a card", walker.opens(walker.code(card=True))
    fell = a_case_that_fell(walker.world, off="yes")
    yield "form while a flag is open", walker.opens(walker.world.shows_a_code(fell, walker.world.meets(fell)))
    for name, changes in (
        ("without the second button", {"totals_enabled": False}),
        ("without a note", {"comment_enabled": False}),
        ("with the script", {"script_enabled": True}),
        ("with a way out and a colour", {"quick_exit": "https://weather.example/", "accent": "#7a3b69"}),
    ):
        walker.changes_the_clinic(**changes)
        yield f"form {name}", walker.opens(code)
    walker.changes_the_clinic()
    if not walker.on_tablet:
        yield "preview of the form", walker.gets("/preview/harbour1")


def _came_back(walker: Walker) -> Met:
    code = walker.code()
    blank: dict[str, Any] = dict.fromkeys(SEVENS)
    yield "one missed", walker.sends(code, pace=None, comment="kept")
    yield "all missed", walker.sends(code, **blank)
    yield "nothing filled in", walker.sends(code, send_as_is="1", **blank)
    yield "missed, for the totals", walker.sends(code, "totals", heard=None, off="yes", closest=["judged", "pushed"])
    yield "note one too long", walker.sends(code, comment="x" * 501)
    yield "note too long", walker.sends(code, comment="x" * 700, off="a_little")
    yield "an answer unread", walker.sends(code, heard="eleven")
    yield "nobody chosen", walker.sends(code, None)
    if not walker.on_tablet:
        yield "sent from an old page", walker.sends(code, nonce="0" * 46)
        with patch.object(issue_form_key, "FORM_KEYS", opened_after(FORM_KEYS, 0)):
            yield "sent from an old page, too many forms", walker.sends(code, nonce="0" * 46, comment="kept")
    yield "missed, note too long, unread", walker.sends(code, heard=None, off="maybe", comment="x" * 501)


def _sent(walker: Walker) -> Met:
    for audience in ("therapist", "totals"):
        code = walker.code()
        yield f"thanks, {audience}", walker.gets(walker.sends(code, audience).location)
        if audience == "therapist":
            yield "done", walker.opens(code)
    card = walker.code(card=True)
    walker.sends(card)
    yield "done, of a card", walker.opens(card)


def _sent_again(walker: Walker) -> Met:
    code, early = walker.code(), walker.code("2026-01-02")
    mine, other = walker.nonce(code), walker.nonce(code)
    receipt = RECEIPT.search(walker.gets(walker.sends(code, nonce=mine).location).text)[0]
    yield "sent again, for the totals", walker.sends(code, "totals", nonce=mine, heard="3", comment="Too fast.")
    yield "done, sent from another page", walker.sends(code, nonce=other, off="yes", closest=["judged", "pushed"])
    walker.posts("/withdraw", data={"receipt": receipt})
    yield "sent again, taken back", walker.sends(code, nonce=mine, heard="3", comment="Too fast.")
    yield "sent again, taken back, nobody chosen", walker.sends(code, None, nonce=mine)
    late = walker.nonce(early, "2026-01-02")
    yield "code closed, sent", walker.sends(early, nonce=late, comment="Too late.")
    with walker.on("2026-01-02"):
        walker.sends(early, nonce=late)
    if "kiosk" not in walker.carried:  # a tablet's form is over long before its code
        yield "code closed, sent again", walker.sends(early, nonce=late, heard="3", comment="Too late.")
    last = walker.code()
    nonce = walker.nonce(last)
    walker.disables("dana", walker.world.installation.clock.now().date())
    yield "nobody reads", walker.opens(last)
    yield "nobody reads, sent", walker.sends(last, nonce=nonce, wish="bring_up", off="yes", comment="For whom?")
    walker.disables("dana", None)


def _taking_back(walker: Walker) -> Met:
    thanks = walker.sends(walker.code()).location
    receipt = RECEIPT.search(walker.gets(thanks).text)[0]
    yield "withdraw", walker.gets("/withdraw")
    yield "withdraw, asked", walker.posts("/withdraw", data={"receipt": receipt, "ask": "1"})
    yield "withdraw, nothing typed", walker.posts("/withdraw")
    yield "withdraw, a slip", walker.posts("/withdraw", data={"receipt": receipt[:-1]})
    yield "withdrawn", walker.posts("/withdraw", data={"receipt": receipt})
    yield "thanks, taken back since", walker.gets(thanks)
    former = patch.object(withdraw_page, "FORMER_RECEIPT_LENGTH", RECEIPT_LENGTH)
    with former, patch.object(withdraw_page, "OLD_RECEIPT", after(OLD_RECEIPT, 0)):
        yield "withdraw, too many tries", walker.posts("/withdraw", data={"receipt": receipt})


def _codes(walker: Walker) -> Met:
    yield "type a code", walker.gets("/")
    yield "tablet start", walker.gets("/k/harbour1")
    assert walker.gets("/k").status_code == 303
    for name, typed in (
        ("nothing typed", ""),
        ("one short", "7K4M-9QT"),
        ("two short", "7K4M-9Q"),
        ("one too long", "7K4M-9QTXX"),
        ("mixed up", "7K4M-9QTX"),
        ("nonsense", "<script>" + "x" * 60),
    ):
        for address in ("/code", "/k/harbour1"):
            yield f"{address}, {name}", walker.follows(walker.posts(address, data={"code": typed}))
    with patch.object(resolve_access_code, "TYPED_CODE", after(TYPED_CODE, 0)):
        yield "too many tries", walker.posts("/code", data={"code": "7K4M-9QTX"})


def _closed(walker: Walker) -> Met:
    yield "code closed", walker.opens(walker.code("2026-01-02"))
    card = walker.code(card=True)
    with walker.world.writing() as uow:
        care.close_case(uow, card.code.case_code, walker.world.installation.clock.now().date())
    yield "card closed", walker.opens(card)
    revoked, it = walker.code(), walker.world.installation
    with walker.world.writing() as uow:
        case = care.get_case(uow, revoked.code.case_code)
        revoke_access_code(uow, it.clock, it.keyring, journal=it.journal, case=case, code_id=revoked.code.id, by="dana")
    if not walker.on_tablet:
        yield "code revoked", walker.opens(revoked)
        yield "code unknown", walker.gets("/F/unknown")


def _faults(walker: Walker) -> Met:
    code = walker.code()
    away = OperationalError("SELECT", {}, Exception("server closed the connection"))
    yield "sent from elsewhere", walker.posts(f"/F/{code.token}", headers={"Sec-Fetch-Site": "cross-site"})
    yield "too large", walker.posts(f"/F/{code.token}", data={"comment": "x" * 17_000})
    yield "another method", walker.http.put(walker._carrying(f"/F/{code.token}"))
    yield "nowhere", walker.gets("/nowhere")
    yield "made-up thanks", walker.gets("/thanks/x")
    with patch.object(issue_form_key, "FORM_KEYS", opened_after(FORM_KEYS, 0)):
        yield "too many forms", walker.opens(code)
    with patch.object(form_page, "find_code", side_effect=away):
        yield "not reachable", walker.opens(code)
    with patch.object(form_page, "submit_response", side_effect=away):
        yield "not saved", walker.sends(code)
    with patch.object(form_page, "page_of", side_effect=ZeroDivisionError):
        yield "our fault", walker.opens(code)


def _around(walker: Walker) -> Met:
    """Someone else to talk to; last where no clinic is known, because there are two."""
    yield "help", walker.gets("/help/harbour1")
    walker.changes_the_clinic(phone="", complaints="")
    yield "help of a clinic without a telephone", walker.gets("/help/harbour1")
    assert walker.gets("/help").status_code == 200
    walker.changes_the_clinic()
    with walker.world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("second"), a_clinic(id="second", name="Second"))
    for name, address in (("help", "/help"), ("type a code", "/"), ("nowhere", "/nowhere")):
        yield f"{name}, no clinic known", walker.gets(address)


def _tablet(walker: Walker) -> Met:
    """What only a tablet has: its start page, and a visit's own addresses."""
    yield "tablet start", walker.gets("/k/harbour1")
    yield "tablet start, one short", walker.follows(walker.posts("/k/harbour1", data={"code": "7K4M-9QT"}))
    with patch.object(resolve_access_code, "TYPED_CODE", after(TYPED_CODE, 0)):
        yield "tablet start, too many tries", walker.follows(walker.posts("/k/harbour1", data={"code": "7K4M-9QTX"}))
    with patch.object(issue_form_key, "FORM_KEYS", opened_after(FORM_KEYS, 0)):
        led = walker.posts("/k/harbour1", data={"code": walker.code().typed})
        yield "tablet start, too many forms", walker.follows(led)
    thanks = walker.follows(walker.sends(walker.code()))
    leads = {link.get_text(strip=True): link["href"] for link in BeautifulSoup(thanks.text, "html.parser").select("a")}
    yield "thanks, kept longer", walker.follows(walker.http.get(list(leads.values())[1]))
    yield "help within a visit", walker.http.get(list(leads.values())[-2])
    back = list(leads.values())[2]
    yield "take back, asked", walker.http.get(back)
    yield "taken back", walker.follows(walker.http.post(back))
    assert walker.http.get(back).location == "/k/harbour1"
    assert walker.http.get(next(iter(leads.values()))).location == "/k/harbour1"
    yield "withdraw on a tablet", walker.gets("/k/harbour1/withdraw")
    yield "withdraw on a tablet, a slip", walker.follows(walker.posts("/k/harbour1/withdraw"))
    yield "help from the start", walker.gets("/k/harbour1/help")
    yield "nowhere", walker.gets("/k/harbour1/nowhere")


_TABLET = (_forms, _came_back, _sent, _closed, _tablet)
_ALL = (_forms, _came_back, _sent, _sent_again, _taking_back, _codes, _closed, _faults, _around)


@cache
def walked(way: str, language: str = "en") -> tuple[tuple[ClientPage, ...], Walker]:
    """Walk every page in one way and one language, once in a process, over a small clinic of its own."""
    folder = Path(mkdtemp(prefix="rapport-walk-"))
    try:
        with SqliteShelf(folder).migrated(folder) as database:
            world = World(install(database, folder), a_clinic(languages=LANGUAGES), a_therapist())
            world.found()
            return client_pages(world, way, language)
    finally:
        shutil.rmtree(folder)


def every_client_page(language: str = "en") -> Iterator[ClientPage]:
    """Return every page in every way; a shared tablet in English alone, unless all combinations are asked for."""
    for way in WAYS:
        if way != "tablet" or language == "en" or IS_SOAK:
            yield from walked(way, language)[0]
