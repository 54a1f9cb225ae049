"""Shell completion: units by code and by name, quick and silent whatever goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

import typer

from catalogue import t
from commands.call import Call, Globals, now
from domain.errors import LianluoError, Refused, UsageError
from domain.instants import Instant

if TYPE_CHECKING:
    from storage.store import Store

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
VARIABLE = "_LIANLUO_COMPLETE"
_MOST = 500


def complete_unit(context: typer.Context, incomplete: str) -> list[str]:
    """Return the unit codes and names that begin so; none where there is no store to ask."""
    return _asked(context, lambda store, _at: _units(store, incomplete))


def complete_obligation(context: typer.Context, incomplete: str) -> list[str]:
    """Return the ids of what is overdue that begin so."""
    return _asked(context, lambda store, at: _obligations(store, at, incomplete))


def complete_table(incomplete: str) -> list[str]:
    """Return the kinds of tables that begin so and can come in."""
    from exchange.tables import EXCHANGED

    return [kind for kind in EXCHANGED if kind.startswith(incomplete)]


def complete_matter(context: typer.Context, incomplete: str) -> list[str]:
    """Return the numbers of open matters that begin so."""
    return _asked(context, lambda store, at: _matters(store, at, incomplete))


def complete_export(incomplete: str) -> list[str]:
    """Return the kinds of tables that begin so and can go out."""
    from exchange.tables import EXPORTED

    return [kind for kind in EXPORTED if kind.startswith(incomplete)]


def _units(store: Store, incomplete: str) -> list[str]:
    from storage import units

    wanted = incomplete.lower()
    found = (
        # A shell compares letter cases, so a name goes on as it was begun.
        incomplete + (code if name == code.lower() else name)[len(incomplete) :]
        for name, code in units.names(store.connection)
        if name.startswith(wanted) and " " not in name
    )
    return list(islice(found, _MOST))


def _obligations(store: Store, at: Instant, incomplete: str) -> list[str]:
    from actions.overdue import overdue
    from storage.units import Selection

    ids = (owed.obligation.id for owed in overdue(store, at, Selection()))
    wanted = incomplete.upper()
    return list(islice((name for name in ids if name.upper().startswith(wanted)), _MOST))


def _matters(store: Store, at: Instant, incomplete: str) -> list[str]:
    from storage.matters import Filter, listed
    from storage.units import Selection

    numbers = (row.number for row in listed(store.connection, Selection(), Filter(open=True), at))
    wanted = incomplete.upper()
    return list(islice((name for name in numbers if name.startswith(wanted)), _MOST))


def _asked(context: typer.Context, question: Callable[[Store, Instant], list[str]]) -> list[str]:
    """Return the answer of the store that the words so far name; nothing where it has none."""
    from storage.store import open_store

    # The program's own parsing has not run: the options before the command are Click's here.
    before = context.find_root().params
    call = Call(Globals(before.get("store"), before.get("config")), os.environ, now())
    try:
        with open_store(call.path) as store:
            return question(store, call.at)
    except LianluoError:
        return []


def answer() -> int:
    """Print what may come next; return the exit code."""
    from typer._completion_classes import completion_init
    from typer.completion import shell_complete

    from commands.frame import PROGRAM
    from commands.parsing import root

    completion_init()
    return shell_complete(root(), {}, PROGRAM, VARIABLE, os.environ[VARIABLE])


def show(shell: str | None) -> int:
    """Print the completion script of a shell, or of the one that calls; raises UsageError."""
    from typer._completion_shared import get_completion_script

    from commands.frame import PROGRAM

    print(
        get_completion_script(
            prog_name=PROGRAM, complete_var=VARIABLE, shell=_shell(shell, "--show-completion")
        )
    )
    return 0


def install(shell: str | None) -> int:
    """Write the completion script where the shell looks for it; raises UsageError, Refused."""
    import typer._completion_shared as shared

    from commands.frame import PROGRAM

    name = _shell(shell, "--install-completion")
    try:
        _, path = shared.install(name, PROGRAM, VARIABLE)
    except OSError as error:
        raise Refused("cli.completion_not_written", cause=error.filename or str(error)) from error
    print(t("cli.completion_installed", shell=name, file=str(path)))
    return 0


def _shell(named: str | None, option: str) -> str:
    from typer._completion_shared import _get_shell_name

    found = named or _get_shell_name()
    if found not in SHELLS:
        raise UsageError("cli.shell_unknown", option=option, shells=list(SHELLS))
    return found
