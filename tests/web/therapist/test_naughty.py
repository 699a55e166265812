"""Whatever staff type into a label, a note or a name: kept and shown are the same, and no page breaks."""

import pytest

from feedback.domain.care import Role
from feedback.domain.plain_text import plain_text
from feedback.persistence.flags import flags
from feedback.services.accounts.invite_staff import NAME_LENGTH, invite_staff
from feedback.services.cases.list_caseload import list_caseload
from feedback.services.cases.open_case import LABEL_LENGTH
from feedback.services.flags.record_repair import NOTE_LENGTH, read_repair
from feedback.web.forms import kept_line
from tests.support.answering import a_case_that_fell
from tests.support.desk import Desk, a_desk
from tests.support.html import soup
from tests.support.naughty import NAUGHTY


def whole(text):
    """Give a page's text as it stands in its element, one kind of line end."""
    return text.replace("\r\n", "\n")


@pytest.mark.fault("R13")
def test_every_label_is_shown_as_it_is_kept(world):
    desk = a_desk(world)
    wanted = [label for label in map(kept_line, NAUGHTY) if 0 < len(label) <= LABEL_LENGTH]
    assert len(wanted) > 50
    for label in wanted:
        assert desk.sends("/cases", label=label).status_code == 303, ascii(label)
    with world.reading() as uow:
        kept = [line.label for line in list_caseload(uow, world.installation.keyring, therapist=world.therapist)]
    rows = soup(desk.opens("/cases").text).select("tbody tr")
    assert sorted(kept) == sorted(wanted)
    assert [row.select("td")[-1].text for row in rows] == kept


def test_a_label_that_is_too_long_comes_back_as_typed(world):
    for text in NAUGHTY:
        label = kept_line(text)
        if len(label) > LABEL_LENGTH:
            answer = a_desk(world).sends("/cases", label=text)
            assert answer.status_code == 400, ascii(text)
            assert soup(answer.text).select_one("#label")["value"] == label, ascii(text)
            return
    pytest.fail("no naughty string is long")


@pytest.mark.fault("R13")
def test_every_note_is_shown_as_it_is_kept(world):
    case = a_case_that_fell(world, off="yes")
    with world.reading() as uow:
        flag_id = flags.list_flags(uow, case.code)[0].id
    desk = a_desk(world)
    for note in notes():
        answer = desk.sends(f"/flags/{flag_id}", outcome="talked", note=note)
        assert answer.status_code == 303, ascii(note)
        with world.reading() as uow:
            kept = read_repair(uow, world.installation.keyring, flag_id).note
        shown = soup(desk.opens(f"/cases/{case.code}?session=5").text).select_one("#mark .kept").text
        assert kept == plain_text(note), ascii(note)
        assert whole(shown) == kept, ascii(note)


def notes():
    """Put the strings together into notes, each as long as a note may be."""
    note = ""
    for text in NAUGHTY:
        if len(note) + len(text) + 1 > NOTE_LENGTH:
            yield note
            note = ""
        note += f"{text[:NOTE_LENGTH]}\n"
    yield note


@pytest.mark.fault("R13")
def test_every_name_is_shown_as_it_is_kept(world):
    it, invited = world.installation, {}
    with world.writing() as uow:
        for number, text in enumerate(NAUGHTY):
            name, email = kept_line(text)[:NAME_LENGTH].strip(), f"person{number}@example.org"
            if name:
                role = Role.THERAPIST
                invited[name] = invite_staff(
                    uow, it.clock, it.keyring, it.chance, email=email, display_name=name, role=role, by="admin"
                )
    desk = Desk(world)
    for name, invitation in invited.items():
        page = desk.opens(f"/invite/{invitation.token}")
        assert soup(page.text).h1.text == f"Welcome, {name}", ascii(name)
