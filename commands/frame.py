"""How commands are declared, found and run: one module per command, imported when it is called.

A command module offers `app`, made by `leaf()` (one function) or `group()` (several), and takes
the `Call` by `call_of(context)`. The text of a command and of each of its options is a catalogue
key, given as `help=`; the first line of a command's text is its line in lists of commands.

Nothing here imports Typer before a command is called: the overview is printed without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from commands.call import Call
from domain.errors import UsageError

if TYPE_CHECKING:
    import typer

PROGRAM = "lianluo"
Act = TypeVar("Act", bound=Callable[..., Any])
COMMANDS = {
    "init": "commands.init",
    "board": "commands.board",
    "file": "commands.file",
    "report": "commands.report",
    "overdue": "commands.overdue",
    "due": "commands.due",
    "explain": "commands.explain",
    "matter": "commands.matter",
    "notice": "commands.notice",
    "urge": "commands.urge",
    "outbox": "commands.outbox",
    "sheet": "commands.sheet",
    "paper": "commands.paper",
    "reconcile": "commands.reconcile",
    "gaps": "commands.gaps",
    "rates": "commands.rates",
    "assess": "commands.assess",
    "target": "commands.target",
    "checklist": "commands.checklist",
    "plot": "commands.plot",
    "network": "commands.network",
    "unit": "commands.unit",
    "person": "commands.person",
    "schedule": "commands.schedule",
    "exempt": "commands.exempt",
    "calendar": "commands.calendar",
    "deadline": "commands.deadline",
    "import": "commands.import_",
    "export": "commands.export",
    "whoami": "commands.whoami",
    "audit": "commands.audit",
    "backup": "commands.backup",
    "restore": "commands.restore",
    "archive": "commands.archive",
    "config": "commands.config",
    "doctor": "commands.doctor",
}
"""The module of each command, in the order in which they are listed."""

GLOBAL_OPTIONS = {
    "--store": "FILE",
    "--config": "FILE",
    "--lang": "zh|en",
    "--as-login": "LOGIN",
    "--debug": None,
    "--version": None,
    "--install-completion": None,
    "--show-completion": None,
}
"""The options before the command, with what each takes."""


def leaf() -> typer.Typer:
    """Return the `app` of a module that is one command: `@app.command(help="help.board")`."""
    import typer

    return typer.Typer(add_completion=False, rich_markup_mode=None)


def group(text: str) -> typer.Typer:
    """Return the `app` of a module of several commands; `text` is the group's catalogue key."""
    import typer

    from commands.parsing import Group

    app = typer.Typer(add_completion=False, rich_markup_mode=None, cls=Group, help=text)
    app.callback()(_nothing)
    return app


def standing(text: str) -> tuple[typer.Typer, Callable[[Act], Act]]:
    """Return the `app` of a group that also acts by itself, and the decorator of what it does.

    What it does is called for a command of the group too, and looks at `stands_alone` first.
    """
    import typer

    from commands.parsing import Standing

    app = typer.Typer(add_completion=False, rich_markup_mode=None, cls=Standing, help=text)
    return app, app.callback(invoke_without_command=True, help=text)


def stands_alone(context: typer.Context, *given: object) -> bool:
    """Return whether a group is called without a command.

    Raises UsageError where options of the group itself, `given`, stand before a command.
    """
    if context.invoked_subcommand is None:
        return True
    if any(value is not None and value is not False for value in given):
        raise UsageError("cli.option_before", command=context.invoked_subcommand)
    return False


def _nothing() -> None:
    """Do nothing before a group's command."""


def call_of(context: typer.Context) -> Call:
    """Return the call that a command is part of."""
    found = context.obj
    assert isinstance(found, Call)
    return found


def run(call: Call, words: Sequence[str]) -> int:
    """Run the command that the words name; return its exit code. Raises LianluoError."""
    if list(words) == ["--help"]:
        from commands.helping import overview

        print(overview(PROGRAM, COMMANDS, GLOBAL_OPTIONS))
        return 0
    from commands.parsing import run as run_parsed

    return run_parsed(call, words)
