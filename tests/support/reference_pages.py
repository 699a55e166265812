"""The pages that are written from the code: `make docs` writes them, the house tests compare them.

`docs/settings.md` from the settings' own descriptions, `docs/commands.md` from the help of every command,
`docs/privacy.md` from the rules that figures are published under, `docs/roles.md` from what every route declares
about who may enter, `docs/limits.md` from the table of limits, `docs/data-map.md` from the tables, `docs/keys.md` from
the keys, `docs/checklist.md` from the tests that prove its points, `docs/reliability.md` from the tests that stand up
to faults and what they measured, `docs/components.json` from the locks.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from pydantic_core import PydanticUndefined

from feedback.cli import COMMANDS, main
from feedback.domain.care import Role
from feedback.persistence.database import Database
from feedback.settings import Settings
from feedback.web import create_app
from feedback.web.route_policy import Entry, policy_of
from tests.support.checklist import checklist_page
from tests.support.components import components_page
from tests.support.data_map import data_map
from tests.support.folders import ROOT
from tests.support.installing import install
from tests.support.key_inventory import key_page
from tests.support.limits_page import limits_page
from tests.support.privacy_page import privacy_page
from tests.support.reliability_page import reliability_page

SETTINGS_HEAD = """\
# Settings

Read once, from the environment or, for secrets, from one file per setting in the folder that `FEEDBACK_SECRETS_DIR`
names. A wrong one stops the start with its name and the accepted form. This page is written by `make docs`.

| setting | default | what it is |
|---|---|---|
"""
ROLES_HEAD = """\
# Roles

Every page of the staff, and who may enter. What is not marked is answered as if it were not there. A person with
several roles has an account for each. Written by `make docs` from what each route declares; a route that declares
nothing keeps the product from starting. Beyond that everybody sees their own clinic only, and therapists their
own cases only.

"""
COMMANDS_HEAD = """\
# Commands

What each command says about itself with `--help`. Errors are one line that names the thing and the remedy, with exit
status 2 for a wrong command or input and 1 for anything else. This page is written by `make docs`.
"""


def settings_page() -> str:
    """Write every setting with its default and description."""
    return SETTINGS_HEAD + "".join(
        f"| `FEEDBACK_{name.upper()}` | {_default(field.get_default())} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )


def commands_page() -> str:
    """Write the help of every command, groups before their members."""
    parts = (f"\n## {path}\n\n```\n{text}\n```\n" for name in COMMANDS for path, text in _help(name))
    return COMMANDS_HEAD + "".join(parts)


def roles_page() -> str:
    """Write every address of the staff with the roles it admits."""
    with TemporaryDirectory() as folder:
        app = create_app(install(Database("sqlite://"), Path(folder)))
    entries = [entry for entry in policy_of(app) if entry.is_staff]
    heads = "".join(f" {role.value.replace('-', ' ')} |" for role in Role)
    rows = "".join(f"| `{entry.method} {_braced(entry.rule)}` | {entry.does} |{_marks(entry)}\n" for entry in entries)
    return f"{ROLES_HEAD}| address | what it does | anybody |{heads}\n|---|---|---|{'---|' * len(Role)}\n{rows}"


def _marks(entry: Entry) -> str:
    marked = [not entry.admits, *(role in entry.admits for role in Role)]
    return "".join(" yes |" if mark else " |" for mark in marked)


def _braced(rule: str) -> str:
    return rule.replace("<", "{").replace(">", "}")


PAGES = {
    "docs/settings.md": settings_page,
    "docs/commands.md": commands_page,
    "docs/roles.md": roles_page,
    "docs/data-map.md": data_map,
    "docs/keys.md": key_page,
    "docs/limits.md": limits_page,
    "docs/privacy.md": privacy_page,
    "docs/checklist.md": checklist_page,
    "docs/reliability.md": reliability_page,
    "docs/components.json": components_page,
}


def _default(value: object) -> str:
    if value in (PydanticUndefined, None, "", ()):
        return "none"
    shown = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{shown}`"


def _help(name: str) -> Iterator[tuple[str, str]]:
    top = click.Context(main, info_name="feedback", terminal_width=100)
    command = main.get_command(top, name)
    assert command is not None, name
    yield from _with_members(click.Context(command, info_name=name, parent=top, terminal_width=100))


def _with_members(context: click.Context) -> Iterator[tuple[str, str]]:
    text = re.sub(r"[ \t]+$", "", context.get_help(), flags=re.MULTILINE)
    yield context.command_path, text
    command = context.command
    for member in command.list_commands(context) if isinstance(command, click.Group) else ():
        found = command.get_command(context, member)
        assert found is not None, member
        yield from _with_members(click.Context(found, info_name=member, parent=context, terminal_width=100))


if __name__ == "__main__":
    for page, write in PAGES.items():
        (ROOT / page).write_text(write(), encoding="utf-8")
        print(f"Wrote {page}")
