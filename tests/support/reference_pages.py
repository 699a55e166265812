"""The pages that are written from the code: `make docs` writes them, the house tests compare them.

`docs/settings.md` from the settings' own descriptions, `docs/commands.md` from the help of every command,
`docs/privacy.md` from the rules that figures are published under.
"""

import re
from collections.abc import Iterator

import click
from pydantic_core import PydanticUndefined

from feedback.cli import COMMANDS, main
from feedback.settings import Settings
from tests.support.folders import ROOT
from tests.support.privacy_page import privacy_page

SETTINGS_HEAD = """\
# Settings

Read once, from the environment or, for secrets, from one file per setting in the folder that `FEEDBACK_SECRETS_DIR`
names. A wrong one stops the start with its name and the accepted form. This page is written by `make docs`.

| setting | default | what it is |
|---|---|---|
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


PAGES = {"docs/settings.md": settings_page, "docs/commands.md": commands_page, "docs/privacy.md": privacy_page}


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
