"""Somebody who was not named in the sentence an answer was sent under cannot find out that it was sent.

Everything a supervisor or a second therapist can open is opened, then a client sends an answer under a sentence that
does not name them, and everything is opened again: each status, header and byte is the same. What they may do, they try
on it as well. The therapist's own pages show that there was something to see.
"""

import pytest
from sqlalchemy import update

from feedback.domain.care import Part, Role
from feedback.domain.notice import Pace
from feedback.domain.rupture import FlagStatus
from feedback.persistence.audit import newest_records
from feedback.persistence.dashboard import notices
from feedback.persistence.dashboard.read_receipts import list_untold
from feedback.persistence.flags import flags
from feedback.persistence.tables import responses
from feedback.services.answers.withdraw_response import withdraw_response
from feedback.services.cases.share_case import share_case
from feedback.services.flags.review_flag import review_flag
from tests.support.answering import GOOD, LOW, meets_and_sends, sends
from tests.support.builders import a_therapist
from tests.support.desk import Desk, a_desk
from tests.support.html import soup

DAYS = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02")
WORDS = "I keep thinking about ending my life."
BAD = {"off": "yes", "wish": "bring_up", "repair": "would_like", "comment": WORDS}
KINDER = (7, 8, 8, 7, 8, 8)


class Viewer:
    """Somebody let into a case, and which sentences name them."""

    def __init__(self, world, part, sentence):
        role = Role.SUPERVISOR if part is Part.SUPERVISOR else Role.THERAPIST
        self.person = world.hire(a_therapist(id="iris", email="iris@example.org", display_name="Iris", role=role))
        self.part, self.named = part, sentence
        self.unnamed = sentence - 1

    def is_let_in(self, world, case):
        it = world.installation
        with world.writing() as uow:
            share_case(
                uow,
                it.clock,
                it.keyring,
                journal=it.journal,
                case=case,
                part=self.part,
                staff_id="iris",
                days=30,
                by=world.therapist,
            )
            if self.part is Part.CO_THERAPIST:
                notices.put_pace(uow, "iris", Pace.DAILY)

    def sees(self, world, case, numbers, seats):
        """Everything they can open, settled: what is new to them has been opened, and is opened once more."""
        desk = Desk(world, self.person, strict=False)
        here = f"/cases/{case.code}"
        pages = ["/dashboard", "/dashboard?all=1", "/shared", "/cases", "/cases?closed=1", f"/cases?q={case.code[:3]}"]
        pages += ["/own-figures", "/notices", "/sheet", "/clinic/releases", here]
        pages += [
            f"{here}/{view}" for view in ("print", "together", "arrangements", "code", "card", "guess", "not-theirs")
        ]
        for number in numbers:
            for view in ("", "/print", "/together", "/code", "/card", "/guess", "/not-theirs"):
                pages += [f"{here}{view}?session={number}&seat={seat}" for seat in seats]
        for _ in range(2):
            answers = {page: desk.opens(page) for page in pages}
        marks = {
            (path, number): desk.sends(f"{here}/{path}", session=str(number), seat="A", outcome="talked")
            for path in ("told/undo", "guess", "not-theirs")
            for number in numbers
        }
        with world.reading() as uow:
            untold = list_untold(uow, "iris", world.installation.clock.now().date().replace(day=1, month=1))
        return {
            name: (answer.status_code, sorted(answer.headers), answer.text.replace(desk.secret, ""))
            for name, answer in (answers | marks).items()
        } | {"mail": untold, "log": _log(world)}


def _differences(before, after):
    return {name: (before[name], after[name]) for name in before if before[name] != after[name]}


def _log(world):
    """What the log shows them, but for what they have looked at themselves."""
    with world.reading() as uow:
        records = newest_records(uow, before=None, most=10_000, about=["iris"])
    return [
        (record.actor, record.action, record.subject)
        for record in records
        if not record.action.endswith((".read", ".signed_in"))
    ]


@pytest.fixture(params=[(Part.CO_THERAPIST, 3), (Part.SUPERVISOR, 2)], ids=["second therapist", "supervisor"])
def viewer(world, request):
    return Viewer(world, *request.param)


def a_case_answered(world, viewer, hidden, newest=None):
    """Five sessions, each answered under a sentence that names the viewer but for one, whose code is open.

    `newest` is what the newest form says, where it is not like the others.
    """
    case = world.on("2026-02-01").opens_a_case(label="Tuesdays")
    open_code = None
    for place, day in enumerate(DAYS, 1):
        if place == hidden:
            there = world.on(day)
            open_code = there.shows_a_code(case, there.meets(case))
        else:
            ratings = LOW if newest and place == len(DAYS) else KINDER if place % 2 else GOOD
            said = newest if newest and place == len(DAYS) else {"off": "no"}
            meets_and_sends(world, case, day, ratings, sentence=viewer.named, **said)
    return case, open_code


@pytest.mark.parametrize("hidden", [1, 3, 5])
def test_an_answer_that_does_not_name_them_changes_no_byte_of_what_they_see(world, viewer, hidden):
    case, code = a_case_answered(world, viewer, hidden)
    viewer.is_let_in(world, case)
    numbers = range(1, 6)
    before, own = viewer.sees(world, case, numbers, "A"), a_desk(world).opens(f"/cases/{case.code}").text
    sends(world.on(DAYS[hidden - 1]), code, (2, 1, 2, 1, 2, 2), sentence=viewer.unnamed, **BAD)
    after = viewer.sees(world, case, numbers, "A")
    assert _differences(before, after) == {}
    assert a_desk(world).opens(f"/cases/{case.code}?session={hidden}").text != own
    assert WORDS in a_desk(world).opens(f"/cases/{case.code}?session={hidden}").text
    with world.reading() as uow:
        (flag,) = flags.list_flags(uow, case.code)
    assert flag.session_number == hidden
    theirs = Desk(world, viewer.person, strict=False)
    for path in (f"/flags/{flag.id}", f"/flags/{flag.id}/undo"):
        there, nowhere = (theirs.sends(each, outcome="talked") for each in (path, path.replace(flag.id, "0000000000")))
        assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text)
        assert there.status_code == 404


def test_nor_that_it_was_taken_back_again(world, viewer):
    case, code = a_case_answered(world, viewer, 5)
    viewer.is_let_in(world, case)
    before = viewer.sees(world, case, range(1, 6), "A")
    it, receipt = world.installation, sends(world, code, LOW, sentence=viewer.unnamed, **BAD)
    with world.writing() as uow:
        (flag,) = flags.list_flags(uow, case.code)
        review_flag(
            uow, it.clock, it.keyring, flag=flag, outcome=FlagStatus.TALKED, by=world.therapist, note="We spoke."
        )
        assert withdraw_response(uow, it.clock, it.keyring, it.chance, receipt=receipt, journal=it.journal)
    after = viewer.sees(world, case, range(1, 6), "A")
    assert _differences(before, after) == {}
    assert "withdrawn" in a_desk(world).opens(f"/cases/{case.code}?session=5").text


@pytest.mark.parametrize("hidden", [1, 3])
def test_nor_does_it_change_what_they_read_of_a_possible_rupture_after_it(world, viewer, hidden):
    """The flag is of an answer they may read; its range and its reasons rest on no other."""
    case, code = a_case_answered(world, viewer, hidden, newest={"off": "a_little", "closest": "pushed"})
    viewer.is_let_in(world, case)
    before = viewer.sees(world, case, range(1, 6), "A")
    sends(world.on(DAYS[hidden - 1]), code, (2, 1, 2, 1, 2, 2), sentence=viewer.unnamed, **BAD)
    after = viewer.sees(world, case, range(1, 6), "A")
    with world.reading() as uow:
        assert [flag.session_number for flag in flags.list_flags(uow, case.code)] == [hidden, 5]
    assert "Possible rupture, session 5" in after[f"/cases/{case.code}?session=5&seat=A"][2]
    assert _differences(before, after) == {}


@pytest.mark.parametrize("marked", [None, FlagStatus.TALK_PLANNED])
def test_nor_does_it_end_a_new_signal_of_theirs_or_follow_one(world, viewer, marked):
    """What is new and what is still open stands apart by whether anything was shared since: with them, that is."""
    case, there = world.on("2026-02-01").opens_a_case(), world.on("2026-03-02")
    for day in DAYS[:3]:
        meets_and_sends(world, case, day, GOOD, sentence=viewer.named, off="no")
    meets_and_sends(world, case, DAYS[3], LOW, sentence=viewer.named, off="a_little", closest="pushed")
    code = there.shows_a_code(case, there.meets(case))
    viewer.is_let_in(world, case)
    if marked:
        it = world.installation
        with world.writing() as uow:
            (flag,) = flags.list_flags(uow, case.code)
            review_flag(uow, it.clock, it.keyring, flag=flag, outcome=marked, by=world.therapist)
    before = viewer.sees(world, case, range(1, 6), "A")
    sends(there, code, GOOD, sentence=viewer.unnamed, off="no", repair="helped")
    assert _differences(before, viewer.sees(world, case, range(1, 6), "A")) == {}


def test_nor_a_quiet_note_of_theirs(world, viewer):
    """Three answers of all tens, then three sessions without any they may read: each is worth a note."""
    case = world.on("2026-02-01").opens_a_case()
    for day in ("2026-02-02", "2026-02-03", "2026-02-04"):
        meets_and_sends(world, case, day, (10, 10, 10, 10, 10, 10), sentence=viewer.named, off="no")
    for day in ("2026-02-16", "2026-02-23"):
        world.on(day).meets(case)
    there = world.on("2026-03-02")
    code = there.shows_a_code(case, there.meets(case))
    viewer.is_let_in(world, case)
    before = viewer.sees(world, case, range(1, 7), "A")
    if viewer.part is Part.CO_THERAPIST:
        assert "All tens, every time (3 answers)." in before["/dashboard"][2]
        assert "Nothing shared with you since" in before["/dashboard"][2]
    sends(there, code, GOOD, sentence=viewer.unnamed, off="no")
    assert _differences(before, viewer.sees(world, case, range(1, 7), "A")) == {}


def test_they_see_the_usual_range_of_what_they_may_read(world, viewer):
    case, _ = a_case_answered(world, viewer, None)
    viewer.is_let_in(world, case)
    rows = soup(Desk(world, viewer.person).opens(f"/cases/{case.code}").text).select(
        "details table:not(.tight) tbody tr"
    )
    ranges = [row.select("td")[2].get_text() for row in rows]
    assert ranges[:2] == ["not yet known"] * 2
    assert "not yet known" not in ranges[2:]


def test_of_a_couple_one_answer_names_them_and_the_other_does_not(world, viewer):
    case = world.on("2026-02-01").opens_a_case(seats=2)
    there = world.on("2026-03-02")
    meeting = there.meets(case)
    first, second = there.shows_a_code(case, meeting, "A"), there.shows_a_code(case, meeting, "B")
    sends(there, first, GOOD, sentence=viewer.named)
    viewer.is_let_in(world, case)
    before = viewer.sees(world, case, [1], "AB")
    sends(there, second, (2, 1, 2, 1, 2, 2), sentence=viewer.unnamed, **BAD)
    after = viewer.sees(world, case, [1], "AB")
    assert _differences(before, after) == {}


def test_what_names_them_they_do_see(world, viewer):
    """The test above can fail: under a sentence that names them the same answer shows on the case's pages."""
    case, code = a_case_answered(world, viewer, 5)
    viewer.is_let_in(world, case)
    before = viewer.sees(world, case, [5], "A")
    sends(world, code, (2, 1, 2, 1, 2, 2), sentence=viewer.named, **BAD)
    after = viewer.sees(world, case, [5], "A")
    changed = {name for name in before if before[name] != after[name]}
    assert {f"/cases/{case.code}", f"/cases/{case.code}?session=5&seat=A"} <= changed
    assert ("/dashboard" in changed) == (viewer.part is Part.CO_THERAPIST)


def test_a_sentence_named_wrongly_in_the_rows_shows_at_once(world, viewer):
    """Its rows decide: the same answer, its version changed to one that names them, is there."""
    case, code = a_case_answered(world, viewer, 5)
    viewer.is_let_in(world, case)
    sends(world, code, GOOD, sentence=viewer.unnamed, comment=WORDS)
    desk = Desk(world, viewer.person, strict=False)
    assert WORDS not in desk.opens(f"/cases/{case.code}").text
    with world.writing() as uow:
        uow.connection.execute(update(responses).values(who_reads_version=viewer.named))
    assert WORDS in desk.opens(f"/cases/{case.code}").text
