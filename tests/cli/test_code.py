"""Access codes from the command line."""

import re
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp

from feedback.bootstrap import open_installation
from feedback.cli.terminal_qr import draw_in_terminal
from feedback.domain.care import Role
from feedback.persistence.accounts.accounts import list_staff
from feedback.persistence.clinic.clinics import get_clinic, only_clinic, save_clinic
from feedback.services.answers.find_form import find_code
from feedback.services.cases.add_therapy_session import add_therapy_session
from feedback.services.cases.open_case import open_case
from feedback.settings import read_settings

ADDRESS = "HTTPS://FEEDBACK.EXAMPLE.ORG/F/0123456789ABCDEFGHJKMNPQRS"


@pytest.fixture
def case(installed):
    """An open case with one therapy session, in a clinic that may issue codes."""
    installed("staff", "invite", "dana@clinic.example", "--role", "therapist")
    it = open_installation(read_settings())
    with it.database.writing(None) as outside:
        uow = outside.within(only_clinic(outside).id)
        save_clinic(uow, replace(get_clinic(uow), contact="Anna Lind, clinical lead"))
        dana = next(person for person in list_staff(uow) if person.role is Role.THERAPIST)
        case = open_case(uow, it.clock, it.keyring, it.chance, by=dana)
        add_therapy_session(uow, it.clock, it.keyring, case=case, by=dana)
    it.database.close()
    return case.code


def pixels(drawn):
    """What a terminal shows, one pixel per module."""
    rows = []
    for line in re.sub(r"\x1b\[[0-9;]*m", "", drawn).splitlines():
        rows.append([255 if sign in " ▄" else 0 for sign in line])
        rows.append([255 if sign in " ▀" else 0 for sign in line])
    return np.array(rows, dtype=np.uint8)


def test_the_square_in_the_terminal_reads_as_the_address():
    image = np.kron(pixels(draw_in_terminal(ADDRESS)), np.ones((4, 4), dtype=np.uint8))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [ADDRESS]


def test_every_line_sets_its_own_colours_so_that_a_dark_terminal_shows_it_too():
    assert all(
        line.startswith("\x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m")
        for line in draw_in_terminal(ADDRESS).splitlines()
    )


def test_a_code_for_the_newest_session_opens_its_form(installed, case):
    done = installed("code", "issue", "--case", case.lower())
    link, typed = done.stdout.split()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", typed)
    it = open_installation(read_settings())
    with it.database.reading(None) as uow:
        found = find_code(uow, it.clock, it.keyring, token=link.rpartition("/")[2])
        assert (found.case.code, found.code.session_number) == (case, 1)
    it.database.close()


def test_a_card_belongs_to_no_session_and_the_square_can_be_kept_as_a_file(installed, case, tmp_path):
    done = installed("code", "issue", "--case", case, "--card", "--qr", "--svg", str(tmp_path / "card.svg"))
    link = done.stdout.split()[-2]
    image = np.kron(pixels("\n".join(done.stdout.splitlines()[:-2])), np.ones((4, 4), dtype=np.uint8))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [link]
    assert (tmp_path / "card.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(("typed", "named"), [("K7Q2X", "K7Q2X is not a case code"), ("00000-0", "no case with this")])
def test_a_case_that_is_not_there_is_said_in_one_line(installed, typed, named):
    done = installed("code", "issue", "--case", typed)
    assert done.exit_code == 2
    assert named in done.stderr
