"""R2, turning the data key over: a process of its own is killed (kill -9) at one step after another.

Wherever it dies, every sealed value still opens and says the same; the next run goes on; at the end nothing is sealed
under the old key. A step is a key file written, a mark noted, a value replaced (before its commit), a batch committed.
"""

import signal
import subprocess
import sys

from feedback.security.keyring import Keyring
from feedback.security.sealing import head_of
from tests.support.answering import a_case_that_fell
from tests.support.authenticator import hires_with_both_steps
from tests.support.online import served_from
from tests.support.sealed import every_sealed, opened
from tests.support.soak import scaled

STEPS = scaled(0, 60) or (1, 3, 4, 6, 9, 14)
"""At which step of its own run each process in turn is killed; `make soak` takes every one."""

DIES = """
import os, signal, sys
from feedback.cli.opening import opened
from feedback.security import rotating_data_key
from feedback.services.upkeep import rotate_data_key as service

left = int(sys.argv[1])

def step(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

def then_step(done):
    def both(*given, **named):
        done(*given, **named)
        step()
    return both

rotating_data_key.write_key = then_step(rotating_data_key.write_key)
rotating_data_key.note_mark = then_step(rotating_data_key.note_mark)
service.replace_sealed = then_step(service.replace_sealed)
service.BATCH = 3
with opened() as it:
    service.rotate_data_key(it.database, it.keyring, after_batch=step)
"""


def a_full_clinic(world):
    a_case_that_fell(world, comment="I felt you moved on too fast.")
    for number in range(6):
        case = world.opens_a_case(label=f"label {number}")
        world.shows_a_code(case, world.meets(case))
    hires_with_both_steps(world)


def test_killed_at_any_step_everything_opens_and_the_next_run_goes_on(world, record_property):
    a_full_clinic(world)
    before, ring = opened(world), world.installation.keyring.ring
    old, environment = head_of(world.installation.keyring), served_from(world, world.address).environment
    killed = 0
    for step in range(1, STEPS) if isinstance(STEPS, int) else STEPS:
        died = subprocess.run([sys.executable, "-c", DIES, str(step)], env=environment, check=False)
        assert died.returncode in {-signal.SIGKILL, 0}
        killed += died.returncode == -signal.SIGKILL
        assert opened(world) == before, step
    record_property("killed", killed)
    assert killed >= 6
    done = subprocess.run(
        [sys.executable, "-m", "feedback", "keys", "rotate"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "texts are sealed under the new data key" in done.stdout
    assert opened(world) == before
    new = head_of(Keyring.load(world.installation.keyring.folder))
    assert new != old
    assert {value.sealed[: len(new)] for value in every_sealed(world)} == {new}
    assert ring.current() == Keyring.load(world.installation.keyring.folder).ring.current(), "a server sees it too"
    assert not list(world.installation.keyring.folder.glob("*.new")), "no half-written file stays behind"
