"""Every address of both surfaces, as each role and as nobody, with whatever a stranger could put into its parameters.

Never a fault, never a word of another clinic or of another therapist's case, and never a changed row of theirs.
"""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import paths
from feedback.domain.care import Role
from feedback.persistence.clinic import clinics
from feedback.web.route_policy import policy_of
from tests.support.builders import a_clinic, a_therapist
from tests.support.desk import BASE, Desk
from tests.support.naughty import NAUGHTY
from tests.support.rows import rows_of, things_of
from tests.support.soak import scaled
from tests.support.world import World

EXAMPLES = scaled(2, 200)
"""For each address by each method that admits a role; `tests/web/test_matrix.py` asks for the others."""

FIELD = re.compile(r'name="([a-z_]+)"')
NAMES = sorted({name for file in paths.templates().rglob("*.html") for name in FIELD.findall(file.read_text("utf-8"))})
"""Every field that a form of ours has."""

MARKS = ("Plantedname", "planted.example", "Plantedlabel", "Plantednote")
"""Words that stand in the other clinic and the other therapist's case alone."""

ENDS = {"/sign-out", "/account/sign-out-everywhere"}
"""Where the session ends; what comes after would be asked as nobody. The tests of sessions try these."""


@pytest.fixture(params=["sqlite", "postgresql"][: scaled(1, 2)])
def engine_name(request):
    """SQLite; in `make soak` PostgreSQL too."""
    return request.param


@pytest.fixture
def strangers(world):
    """Another clinic, and another therapist of this one, each with a case, a note and an answer that carry marks."""
    far = World(world.installation, a_clinic(id="harbour2", name="Plantedname"), a_therapist(id="far", email="f@x.y"))
    with world.installation.database.writing(None) as uow:
        clinics.add_clinic(uow.within("harbour2"), far.clinic)
    far.hire(replace(far.therapist, email="far@planted.example", display_name="Plantedname"))
    near = World(world.installation, world.clinic, world.hire(a_therapist(id="noor", email="noor@example.org")))
    for there in (far, near):
        there.opens_a_case(label="Plantedlabel")
    return far, near


def is_asked(entry, role):
    """Say whether to ask as this role: pages of clients as nobody alone, since they do not look at who is signed in.

    `tests/web/test_matrix.py` shows that.
    """
    everybodys = not entry.admits and (entry.is_staff or role is None)
    return entry.rule not in ENDS and (everybodys or role in entry.admits)


def their_things(there):
    return things_of(there, comment="Plantednote of somebody else.")


def values(own, *others):
    """What could stand in a parameter: names of one's own things, of strangers' things, and anything at all."""
    known = sorted({value for things in (own, *others) for value in things.values()})
    return st.one_of(st.sampled_from(known), st.sampled_from(NAUGHTY), st.text(max_size=40), st.just(""))


def fields(value):
    return st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), value, max_size=8)


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_no_fault_and_nothing_of_strangers_whatever_is_asked(world, strangers, role):
    far, near = strangers
    own = things_of(world)
    person = role and world.hire(replace(world.therapist, id=f"a-{role}", email=f"{role}@example.org", role=role))
    desk = Desk(world, world.therapist if role is Role.THERAPIST else person, strict=False)
    entries = [entry for entry in policy_of(desk.http.application) if is_asked(entry, role)]
    value = values(own, their_things(far), their_things(near))
    before, seen = rows_of(world, "harbour2"), Counter()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(parts=st.lists(value, min_size=3, max_size=3), asked=fields(value), sent=fields(value))
    def ask(entry, parts, asked, sent):
        left = iter(parts)
        path = re.sub(r"<[^>]+>", lambda _part: next(left).replace("/", "").replace("?", "") or "x", entry.rule)
        more = {"data": {"csrf_token": desk.secret} | sent} if entry.method == "POST" else {}
        answer = desk.http.open(path, method=entry.method, base_url=BASE, query_string=asked, **more)
        seen[answer.status_code // 100] += 1
        assert answer.status_code < 500, (entry.method, path)
        text = answer.get_data(as_text=True) + str(answer.headers)
        if not any(mark in given for mark in MARKS for given in (*parts, *asked.values(), *sent.values())):
            assert not [mark for mark in MARKS if mark in text], (entry.method, path)

    for entry in entries:
        ask(entry)
    assert rows_of(world, "harbour2") == before
    assert seen[2] > 10, "asked for real: pages were met, not refusals alone"
    assert seen[4] > 10


NO_FORMS = (
    (b"", "application/x-www-form-urlencoded"),
    (b"[1]", "application/json"),
    (b'{"csrf_token": 1, "languages": {}}', "application/json"),
    (b"{", "application/json"),
    (b"<a>&b;</a>", "text/xml"),
    (b"--x", "multipart/form-data; boundary=x"),
)
"""Bodies in which there is no form, with what they say they are. A scanner found the first of them."""


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_a_body_in_which_there_is_no_form_is_no_fault(world, role):
    person = role and world.hire(replace(world.therapist, id=f"a-{role}", email=f"{role}@example.org", role=role))
    desk, own, asked = Desk(world, person, strict=False), things_of(world), 0
    for entry in policy_of(desk.http.application):
        if entry.method != "POST" or not is_asked(entry, role):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: own.get(part[1], "x"), entry.rule)
        for body, kind in NO_FORMS:
            answer = desk.http.post(path, base_url=BASE, data=body, content_type=kind)
            assert answer.status_code < 500, (path, body)
            asked += 1
    assert asked >= 6 * len(NO_FORMS)


def test_the_marks_would_be_seen(world, strangers):
    for there in strangers:
        case = their_things(there)["code"]
        assert "Plantednote" in Desk(there, there.therapist).opens(f"/cases/{case}").text
    assert len(NAMES) > 30
