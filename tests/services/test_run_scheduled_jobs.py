"""What is due at night: each job stands alone, and `serve` sends the notices that `run-due` sends."""

import os
from dataclasses import replace
from datetime import date

import pytest

from feedback.cli.timers import stay_and_run
from feedback.domain.notice import Pace
from feedback.persistence.dashboard.notices import list_choices
from feedback.persistence.dashboard.read_receipts import list_untold
from feedback.services.dashboard.choose_notices import choose_notices
from feedback.services.dashboard.send_notices import Post, Sent
from feedback.services.upkeep import run_scheduled_jobs as due
from tests.support.answering import a_case_that_fell
from tests.support.builders import a_therapist
from tests.support.mailbox import a_mailbox

JOBS = {
    "closing periods": "close_due",
    "deleting": "purge",
    "rewriting": "rewrite_submissions",
    "notices": "send_notices",
}


class Refusing:
    """Takes every notice but those to one address, at which it raises what it was given."""

    def __init__(self, to, error):
        self.to, self.error, self.taken = to, error, []

    def send(self, notice):
        if notice.to == self.to:
            raise self.error
        self.taken.append(notice.to)


def is_told(world, *people):
    """People of the clinic with a case that fell, who want mail every day."""
    it = world.installation
    for person in people:
        a_case_that_fell(replace(world, therapist=person), off="yes")
        with world.writing() as uow:
            choose_notices(uow, it.clock, it.keyring, pace=Pace.DAILY, by=person)


def does(world, post=None):
    it = world.installation
    return due.run_due(it.database, it.clock, it.keyring, it.chance, journal=it.journal, rule=it.rule, post=post)


@pytest.mark.parametrize("failing", JOBS)
def test_a_job_that_fails_keeps_no_other_waiting_and_is_named(world, monkeypatch, failing):
    done = []

    def instead(name):
        def job(*_given, **_named):
            done.append(name)
            if name == failing:
                raise RuntimeError("MEMORY-OF-A-CLIENT")

        return job

    for name, function in JOBS.items():
        monkeypatch.setattr(due, function, instead(name))
    found = does(world, Post(Refusing("", None), "https://hl.example"))
    assert done == list(JOBS)
    assert [failure.job for failure in found.failures] == [failing]
    (line,) = (str(failure) for failure in found.failures)
    assert line == f"{failing}: RuntimeError. It is tried again at the next run."
    assert not found.is_nothing


@pytest.mark.parametrize(
    "error",
    [ValueError("a header"), UnicodeEncodeError("ascii", "ü", 0, 1, "no"), RuntimeError("new"), OSError(5, "line")],
    ids=lambda error: type(error).__name__,
)
def test_one_bad_address_neither_loses_its_notice_nor_anothers(world, error):
    people = [
        world.hire(a_therapist(id=name, email=f"{name}@example.org", display_name=name)) for name in ("ada", "bea")
    ]
    is_told(world, *people, world.therapist)
    post = Refusing("bea@example.org", error)
    found = does(world, Post(post, "https://hl.example"))
    assert found.notices == Sent(2, 1)
    assert sorted(post.taken) == ["ada@example.org", "dana@example.org"]
    (line,) = found.problems
    assert type(error).__name__ in line
    assert "bea" not in line
    post.to = ""
    assert does(world, Post(post, "https://hl.example")).notices == Sent(1, 0)
    assert post.taken[-1] == "bea@example.org"


def test_a_run_that_is_told_to_end_leaves_nothing_marked_that_was_not_sent(world):
    is_told(world, world.therapist)
    with pytest.raises(KeyboardInterrupt):
        does(world, Post(Refusing("dana@example.org", KeyboardInterrupt()), "https://hl.example"))
    taker = Refusing("", None)
    assert does(world, Post(taker, "https://hl.example")).notices == Sent(1, 0)


class Watching:
    """Looks, while a notice goes out, at what is marked already, and lets a second run begin meanwhile."""

    def __init__(self, world):
        self.world, self.sent = world, []

    def send(self, notice):
        with self.world.reading() as uow:
            (choice,) = list_choices(uow)
            assert choice.last_sent_on is None, "marked as sent before it was"
            assert list_untold(uow, self.world.therapist.id, date(2026, 1, 1))
        self.sent.append(notice.to)
        assert does(self.world, Post(self, "https://hl.example")).notices == Sent()


def test_nothing_is_marked_before_it_went_out_and_two_at_once_send_one(world):
    is_told(world, world.therapist)
    watching = Watching(world)
    found = does(world, Post(watching, "https://hl.example"))
    assert (found.notices, found.problems) == (Sent(1, 0), ())
    assert watching.sent == ["dana@example.org"]
    assert does(world, Post(watching, "https://hl.example")).notices == Sent()


def test_serve_sends_the_notices_that_run_due_sends(world):
    is_told(world, world.therapist)
    with a_mailbox() as box:
        there = world.on("2026-03-04", 2).installation
        named = there.settings.model_copy(update={"smtp_url": box.url, "mail_from": "rapport@clinic.example"})
        ours, servers = os.pipe()
        os.close(servers)
        assert list(stay_and_run(replace(there, settings=named), ours)) == [()]
        os.close(ours)
        assert [envelope.rcpt_tos for envelope in box.envelopes] == [["dana@example.org"]]
