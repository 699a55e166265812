"""What every command has in common."""

import gc
import subprocess
import sys
from contextlib import suppress

import click
import pytest

from feedback.cli import COMMANDS, main
from feedback.cli.group import LazyGroup

HEAVY = ("sqlalchemy", "alembic", "flask", "numpy", "pydantic", "granian", "argon2")


def every_command(command=main, path=("feedback",)):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from every_command(command.get_command(context, name), (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), [*every_command()], ids=lambda value: "-".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_says_what_it_does_and_shows_an_example_of_itself(path, command):
    shown = command.get_help(click.Context(command, info_name=" ".join(path)))
    assert command.help
    assert "Example: " + " ".join(path) in " ".join(shown.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_first_line_of_the_commands_own_help(name):
    command = main.get_command(click.Context(main), name)
    assert command.help.splitlines()[0] == COMMANDS[name][1]


def test_the_help_imports_nothing_heavy():
    program = (
        "import sys; from feedback.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_wrong_command_is_one_line_and_status_2(run):
    done = run("staf")
    assert done.exit_code == 2
    assert done.stderr.startswith("feedback: No such command 'staf'.")
    assert done.stderr.count("\n") == 1


def test_a_missing_option_is_one_line_that_names_it_and_where_to_read_on(run):
    done = run("staff", "invite", "dana@clinic.example")
    assert done.exit_code == 2
    assert "--role" in done.stderr
    assert "See: feedback staff invite --help" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_wrong_setting_stops_the_start_with_its_name(run, monkeypatch):
    monkeypatch.setenv("FEEDBACK_TIMEZONE", "Atlantis")
    done = run("staff", "list")
    assert done.exit_code == 1
    assert done.stderr.startswith("feedback: FEEDBACK_TIMEZONE: must be an IANA time zone")
    assert done.stderr.count("\n") == 1


def test_a_command_before_init_says_what_to_do(run):
    run("keys", "init")
    done = run("staff", "list")
    assert done.exit_code == 1
    assert "Make one with: feedback init" in done.stderr


@pytest.mark.parametrize("at", ["feedback.cli.doctor:doctor", "feedback.cli.nowhere:nothing"])
def test_python_looks_for_garbage_again_however_an_import_ended(at):
    group = LazyGroup("feedback", commands_at={"it": (at, "")}, help="")
    with suppress(ModuleNotFoundError):
        group.get_command(click.Context(group), "it")
    assert gc.isenabled()
