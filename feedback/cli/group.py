"""Click, taught this product's manners: lazy commands, and errors as one line that names the thing and the remedy."""

import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, NoReturn

import click

from feedback import __version__
from feedback.domain.errors import (
    AuditBroken,
    BackupWrong,
    DatabaseWrong,
    DomainError,
    FilingUnfinished,
    KeysWrong,
    LedgerBroken,
    NoClinicChosen,
    NotReachable,
    NotSaved,
    SettingsWrong,
    WhoReadsWrong,
)

_NOT_THE_INPUT = (
    BackupWrong,
    SettingsWrong,
    KeysWrong,
    DatabaseWrong,
    NotReachable,
    NotSaved,
    NoClinicChosen,
    FilingUnfinished,
    WhoReadsWrong,
    AuditBroken,
    LedgerBroken,
)
"""What goes wrong although the command was given rightly: exit status 1, else 2."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and shows its own line of help for it before."""

    def __init__(self, name: str, *, commands_at: Mapping[str, tuple[str, str]], help: str) -> None:  # noqa: A002  click's own word
        super().__init__(name, help=help)
        self._commands_at = commands_at
        click.version_option(__version__, prog_name="feedback")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order in which an operator meets them."""
        del ctx
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in self._commands_at:
            return None
        module, _, attribute = self._commands_at[cmd_name][0].partition(":")
        with _looking_for_no_garbage():
            command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._commands_at.items()])

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, and leave with 0, 1 or 2; what went wrong is one line on standard error."""
        try:
            result = super().main(*args, **({"prog_name": self.name} | kwargs | {"standalone_mode": False}))
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            sys.exit(2)
        except click.Abort:
            _leave("Stopped.", 1)
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else self.name
            _leave(f"{error.format_message()} See: {where} --help", 2)
        except click.ClickException as error:
            _leave(error.format_message(), error.exit_code)
        except DomainError as error:
            _leave(str(error), 1 if isinstance(error, _NOT_THE_INPUT) else 2)
        except OSError as error:
            _leave(f"{error.filename or 'The system'}: {error.strerror or error}.", 1)
        sys.exit(result if isinstance(result, int) else 0)


@contextmanager
def _looking_for_no_garbage() -> Iterator[None]:
    """Import without Python's search for garbage: modules leave none, and it took a tenth of the time of the import."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _leave(message: str, status: int) -> NoReturn:
    click.echo(f"feedback: {' '.join(message.split())}", err=True)
    sys.exit(status)
