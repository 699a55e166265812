"""An adversary with memory: who holds a link keeps everything, asks in any order, and learns nothing of other answers.

Two worlds run side by side. In one a client answers without the therapist seeing it, resends and takes back, at any
moments of a drawn sequence; in the other nobody does. The adversary sends through the same links, keeps every nonce,
receipt and address it was given and uses them again, signed in as the case's therapist as well. Every status, header
and byte it is shown is the same in both worlds, and so is every statement the database is given for it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from pprint import pformat

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from feedback.domain.figures.period import Period
from feedback.security.access_codes import SystemChance
from feedback.services.figures.close_due import close_due
from feedback.web import create_app
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import Desk
from tests.support.installing import install
from tests.support.nightly import rewrites
from tests.support.phone import NONCE, SEVENS
from tests.support.soak import IS_SOAK, scaled
from tests.support.world import World

SEQUENCES = scaled(60, 2_000)
"""Drawn sequences on each engine."""

RECEIPT = re.compile(r"[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}")
DRAWN = re.compile(
    r"[\w-]{100,}|[0-9A-Z]{46}|[0-9A-Z]{6}-[0-9A-Z]{6}-[0-9A-Z]{6}|\b(?:[0-9A-Z]{26}|[0-9A-Z]{18}|[0-9A-Z]{16})\b"
)
"""What is drawn anew for each form, flag or tablet: receipts, nonces, ids, and what is sealed into an address."""

LEADS = re.compile(r'href="(/k/harbour1/[a-z]+/[\w-]{100,}[^"]*)"')
"""Where a page of a visit leads: longer, taking back, help, the end."""

LINKS = ("session", "card")
ANSWERS = ({}, {"heard": "3"}, {"off": "yes"}, {"comment": "Too fast."})

links = st.sampled_from(LINKS)
kept = st.integers(0, 7)
asks = st.one_of(
    st.tuples(st.just("opens"), links),
    st.tuples(st.just("sends"), links, st.sampled_from(("totals", "therapist")), st.sampled_from(ANSWERS)),
    st.tuples(st.just("sends_with"), links, kept, st.sampled_from(("totals", "therapist")), st.sampled_from(ANSWERS)),
    st.tuples(st.just("leaves_a_gap"), links, kept),
    st.tuples(st.just("takes_back"), kept),
    st.tuples(st.just("asks_to_take_back"), kept),
    st.tuples(st.just("guesses_a_receipt"), st.integers(0, 2)),
    st.tuples(st.just("opens_thanks"), kept),
    st.tuples(st.just("types_the_code"), links),
    st.tuples(st.just("begins_a_visit"), links),
    st.tuples(st.just("sends_on_the_tablet"), kept, st.sampled_from(("totals", "therapist")), st.sampled_from(ANSWERS)),
    st.tuples(st.just("goes_back_on_the_tablet"), kept),
    st.tuples(st.just("ends_a_visit"), kept),
    st.tuples(st.just("waits_at_the_start_page")),
    st.tuples(st.just("reads_the_case")),
)
hidden = st.one_of(
    st.tuples(st.just("client_sends"), links, st.sampled_from(ANSWERS)),
    st.tuples(st.just("client_sends_again"), kept, st.sampled_from(ANSWERS)),
    st.tuples(st.just("client_takes_back"), kept),
    st.tuples(st.just("client_answers_on_the_tablet"), links, st.sampled_from(ANSWERS)),
)
passing = st.one_of(
    st.tuples(st.just("somebody_is_at_the_tablet"), links, st.sampled_from(ANSWERS)),
    st.tuples(st.just("night_comes"), st.integers(1, 3)),
    st.tuples(st.just("quarter_is_closed")),
)
remembering = st.one_of(
    st.tuples(st.just("takes_back"), kept),
    st.tuples(st.just("sends_with"), links, kept, st.sampled_from(("totals", "therapist")), st.sampled_from(ANSWERS)),
    st.tuples(st.just("goes_back_on_the_tablet"), kept),
)
planting = st.one_of(
    st.tuples(st.just("sends"), links, st.just("totals"), st.sampled_from(ANSWERS)),
    st.tuples(st.just("begins_a_visit"), links),
    asks,
)
sequences = st.tuples(
    st.lists(planting, min_size=1, max_size=4),
    st.lists(st.one_of(hidden, hidden, passing), min_size=1, max_size=3),
    st.lists(st.one_of(remembering, asks, hidden, passing), min_size=1, max_size=8),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
"""Something is planted, somebody may answer, time may pass, and what was kept is used: in this order, then in any."""


@dataclass
class Moment:
    """A clock that both worlds share."""

    at: datetime

    def now(self):
        return self.at


@dataclass
class Remembering:
    """One world, the adversary in it with all it keeps, and the client whom it wants to catch."""

    world: object
    clock: Moment
    codes: dict = field(default_factory=dict)
    nonces: list = field(default_factory=list)
    receipts: list = field(default_factory=list)
    thanks: list = field(default_factory=list)
    visits: list = field(default_factory=list)
    secrets: list = field(default_factory=list)

    def __post_init__(self):
        self.world.installation = replace(self.world.installation, clock=self.clock, chance=SystemChance())
        self.app = create_app(self.world.installation)
        self.http = self.app.test_client(use_cookies=False)
        self.desk = Desk(self.world, strict=False)
        self.begins()

    def begins(self):
        """A new case with a code for its session and a card, and the therapist signed in anew."""
        self.desk._enter(self.world, self.world.therapist)
        self.world.installation.limiter._buckets.clear()  # hours later: what is paced is in test_endless_forms.py
        self.tablet = self.app.test_client()
        self.case = self.world.opens_a_case()
        meeting = self.world.meets(self.case)
        self.codes = {
            "session": self.world.shows_a_code(self.case, meeting),
            "card": self.world.shows_a_code(self.case),
        }
        self.nonces, self.receipts, self.thanks, self.visits, self.secrets = [], [], [], [], []

    def seen(self, answer):
        """Return all that the adversary is shown, without what is drawn anew for everybody."""
        found = NONCE.search(answer.text)
        if found:
            self.nonces.append(found[1])
        headers = [(name, DRAWN.sub("*", value)) for name, value in answer.headers if name != "Date"]
        whole = repr((answer.status_code, bool(answer.location), headers, answer.text))
        for own, name in self._names():
            whole = whole.replace(own, name)
        return DRAWN.sub("*", whole)

    def _names(self):
        """Return what is drawn once for a case or a sign-in, and what stands for it in both worlds."""
        yield self.case.code, "CASE"
        yield self.desk.secret, "CSRF"
        for link, code in self.codes.items():
            yield from ((each, f"{what} {link}") for what, each in (("token", code.token), ("typed", code.typed)))

    def opens(self, link):
        return self.seen(self.http.get(f"/F/{self.codes[link].token}"))

    def sends(self, link, audience, answers):
        first = self.opens(link)
        return first, self.sends_with(link, -1, audience, answers)

    def sends_with(self, link, which, audience, answers):
        """Send with a nonce of any form that was ever shown here, and follow."""
        nonce = self.nonces[which % len(self.nonces)] if self.nonces else "0" * 46
        fields = SEVENS | answers | {"nonce": nonce, "audience": audience}
        sent = self.http.post(f"/F/{self.codes[link].token}", data=fields)
        if sent.status_code != 303:
            return self.seen(sent)
        self.thanks.append(sent.location)
        there = self.http.get(sent.location)
        self.receipts += [each.replace("-", "") for each in RECEIPT.findall(there.text)[:1]]
        return self.seen(sent), self.seen(there)

    def leaves_a_gap(self, link, which):
        nonce = self.nonces[which % len(self.nonces)] if self.nonces else "0" * 46
        fields = SEVENS | {"nonce": nonce, "audience": "totals", "pace": ""}
        return self.seen(self.http.post(f"/F/{self.codes[link].token}", data=fields))

    def takes_back(self, which, **more):
        receipt = self.receipts[which % len(self.receipts)] if self.receipts else "0" * 18
        return self.seen(self.http.post("/withdraw", data={"receipt": receipt} | more))

    def asks_to_take_back(self, which):
        return self.takes_back(which, ask="1")

    def guesses_a_receipt(self, which):
        return self.seen(self.http.post("/withdraw", data={"receipt": ("0" * 18, "0" * 12, "7" * 18)[which]}))

    def opens_thanks(self, which):
        return self.seen(self.http.get(self.thanks[which % len(self.thanks)])) if self.thanks else None

    def types_the_code(self, link):
        return self.seen(self.http.post("/code", data={"code": self.codes[link].typed}))

    def begins_a_visit(self, link):
        """Type a code on the tablet, and keep every address of the visit."""
        led = self.tablet.post("/k/harbour1", data={"code": self.codes[link].typed})
        return self.seen(led), self._goes(led)

    def _goes(self, led):
        if led.status_code != 303:
            return None
        if "/k/harbour1/" in led.location:
            self.visits.append(led.location)
        there = self.tablet.get(led.location)
        self.receipts += [each.replace("-", "") for each in RECEIPT.findall(there.text)[:1]]
        self.visits += LEADS.findall(there.text)
        return self.seen(there)

    def sends_on_the_tablet(self, which, audience, answers):
        if not self.visits:
            return None
        fields = SEVENS | answers | {"audience": audience}
        led = self.tablet.post(self.visits[which % len(self.visits)], data=fields)
        return self.seen(led), self._goes(led)

    def goes_back_on_the_tablet(self, which):
        return self._goes_to(which, "")

    def ends_a_visit(self, which):
        return self._goes_to(which, "/end/")

    def _goes_to(self, which, part):
        found = [each for each in self.visits if part in each]
        if not found:
            return None
        led = self.tablet.get(found[which % len(found)])
        return self.seen(led), self._goes(led)

    def waits_at_the_start_page(self):
        return self.seen(self.tablet.get("/k/harbour1"))

    def somebody_is_at_the_tablet(self, link, answers, *, sends):
        """Begin a visit at the adversary's own tablet, which it sees: only whether an answer is sent is hidden."""
        led = self.tablet.post("/k/harbour1", data={"code": self.codes[link].typed})
        if sends:
            self.tablet.post(led.location, data=SEVENS | answers | {"audience": "totals"})

    def client_answers_on_the_tablet(self, link, answers):
        """The client answers at another tablet, or at this one where it keeps no cookie."""
        led = self.http.post("/k/harbour1", data={"code": self.codes[link].typed})
        self.http.post(led.location, data=SEVENS | answers | {"audience": "totals"})

    def reads_the_case(self):
        pages = [self.desk.opens(path) for path in (f"/cases/{self.case.code}", f"/cases/{self.case.code}?session=1")]
        return [self.seen(page) for page in pages]

    def client_sends(self, link, answers):
        """The client answers with a form of their own, of which the adversary sees nothing."""
        found = NONCE.search(self.http.get(f"/F/{self.codes[link].token}").text)
        if found:
            self._client_posts(link, found[1], answers)

    def client_sends_again(self, which, answers):
        if self.secrets:
            link, nonce, _ = self.secrets[which % len(self.secrets)]
            self._client_posts(link, nonce, answers)

    def _client_posts(self, link, nonce, answers):
        fields = SEVENS | answers | {"nonce": nonce, "audience": "totals"}
        sent = self.http.post(f"/F/{self.codes[link].token}", data=fields)
        if sent.status_code == 303:
            (receipt,) = RECEIPT.findall(self.http.get(sent.location).text)[:1] or [""]
            self.secrets.append((link, nonce, receipt))

    def client_takes_back(self, which):
        if self.secrets:
            self.http.post("/withdraw", data={"receipt": self.secrets[which % len(self.secrets)][2]})

    def night_comes(self):
        rewrites(self.world)

    def quarter_is_closed(self):
        it = self.world.installation
        close_due(it.database, it.clock, it.keyring, it.chance, journal=it.journal, rule=it.rule)
        rewrites(self.world)


@contextmanager
def overheard(side: Remembering) -> Iterator[list[str]]:
    """Collect every statement the database is given meanwhile, in order."""
    said: list[str] = []

    def listen(_connection, _cursor, statement, *_more):
        said.append(statement)

    engine = side.world.installation.database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def plays(quiet: Remembering, answered: Remembering, sequence):
    """Play a sequence in both worlds; returns what led to the first difference, and the difference."""
    for number, (what, *words) in enumerate(sequence):
        if what.startswith("client"):
            getattr(answered, what)(*words)
            continue
        if what == "somebody_is_at_the_tablet":
            for side in (quiet, answered):
                side.somebody_is_at_the_tablet(*words, sends=side is answered)
            continue
        if what == "night_comes":
            quiet.clock.at += timedelta(days=words.pop())
        if what == "quarter_is_closed":
            quiet.clock.at = datetime.combine(
                Period.quarter_of(quiet.clock.at.date()).closes_on, quiet.clock.at.time(), UTC
            ) + timedelta(days=1)
        shown = []
        for side in (quiet, answered):
            with overheard(side) as said:
                seen = getattr(side, what)(*words)
            shown.append((seen, [] if what in {"night_comes", "quarter_is_closed"} else said))
        if shown[0] != shown[1]:
            return "\n".join(
                [str(sequence[: number + 1]), *unified_diff(*(pformat(each).splitlines() for each in shown))]
            )
    return ""


@pytest.fixture
def both(world, shelf, tmp_path):
    """Two worlds that share a clock; the second is where the client answers."""
    clock = Moment(world.installation.clock.now())
    (tmp_path / "other").mkdir()
    with shelf.migrated(tmp_path / "other") as database:
        other = World(
            install(database, tmp_path / "other", clock=clock, chance=SystemChance()), a_clinic(), a_therapist()
        )
        other.found()
        yield Remembering(world, clock), Remembering(other, clock)


def test_an_adversary_with_memory_is_shown_the_same_whoever_else_answers(both):
    quiet, answered = both
    begin = quiet.clock.at

    @settings(max_examples=SEQUENCES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=not IS_SOAK)
    @given(sequences)
    def run(sequence):
        quiet.clock.at = begin
        for side in both:
            side.begins()
        assert plays(quiet, answered, sequence) == ""

    run()


def test_the_game_can_be_won_where_an_answer_is_for_the_therapist(both):
    """The same adversary sees at once an answer that is meant to be seen: the comparison is not blind."""
    quiet, answered = both
    nonce = NONCE.search(answered.http.get(f"/F/{answered.codes['session'].token}").text)[1]
    fields = SEVENS | {"nonce": nonce, "audience": "therapist"}
    assert answered.http.post(f"/F/{answered.codes['session'].token}", data=fields).status_code == 303
    assert plays(quiet, answered, [("opens", "session")])
