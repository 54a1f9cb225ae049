"""How the words of a call are parsed: Typer with our words and our errors.

This is the one module that knows what lies under Typer.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer

# Typer carries its own copy of Click, and no public name leads to these.
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoSuchOption,
)
from typer._click.exceptions import (
    UsageError as ClickUsageError,
)
from typer._click.shell_completion import CompletionItem
from typer._click.types import IntParamType
from typer._types import TyperChoice
from typer.core import TyperCommand, TyperGroup, TyperOption

from commands import helping
from commands.call import Call
from commands.frame import COMMANDS, GLOBAL_OPTIONS, PROGRAM
from domain.errors import LianluoError, Message, UsageError

_DAYS_AGO = r"-\d{1,6}"


class Command(TyperCommand):
    """One command, with its help and its errors in the language in use."""

    allow_extra_args = True

    def get_help(self, ctx: Any) -> str:
        """Return the page that `--help` shows."""
        return helping.page(self, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """Return the line of this command in a list of commands."""
        return helping.summary(self.help)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words; `-3` where a date may stand is three days ago and no option."""
        rest = super().parse_args(ctx, self._with_days_ago(ctx, args))
        if rest and not ctx.resilient_parsing:
            raise UsageError("cli.extra_words", words=rest, command=ctx.command_path)
        return rest

    def _with_days_ago(self, ctx: Any, args: Sequence[str]) -> list[str]:
        """Return the words with `-3` in place of an argument spelled with a true minus sign."""
        takes_value = {
            name
            for param in self.get_params(ctx)
            if isinstance(param, TyperOption) and not param.is_flag
            for name in param.opts
        }
        plain: list[str] = []
        for index, word in enumerate(args):
            if word == "--":
                return [*plain, *args[index:]]
            is_value = bool(plain) and args[index - 1] in takes_value
            days_ago = not is_value and re.fullmatch(_DAYS_AGO, word, re.ASCII)
            plain.append("\u2212" + word[1:] if days_ago else word)
        return plain


class Group(TyperGroup):
    """Commands under one word."""

    def get_help(self, ctx: Any) -> str:
        """Return the page that `--help` shows."""
        return helping.page(self, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002
        """Return the line of this group in a list of commands."""
        return helping.summary(self.help)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words before the command's name; raises UsageError where there is none."""
        if not args and not ctx.resilient_parsing:
            raise UsageError(
                "cli.command_missing", command=ctx.command_path, commands=self.list_commands(ctx)
            )
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Return the command that the first word names; raises UsageError with the near ones."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            names = self.list_commands(ctx)
            near = difflib.get_close_matches(name, names, n=3) or names
            raise UsageError("cli.no_such_command", name=name, command=ctx.command_path, near=near)
        return (name if command else None), command, args[1:]

    def lines(self, ctx: Any) -> list[tuple[str, str]]:
        """Return each command's name with its one line."""
        found = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None:
                found.append((name, command.get_short_help_str()))
        return found


class Standing(Group):
    """Commands under one word that also says something by itself."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words before the command's name, which may be left out."""
        return TyperGroup.parse_args(self, ctx, args)


class Root(Group):
    """The program: imports the module of the one command that is called, and no other."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return one command, importing its module; None where there is no such command."""
        module = COMMANDS.get(cmd_name)
        return None if module is None else built(cmd_name, import_module(module).app)

    def lines(self, ctx: Any) -> list[tuple[str, str]]:
        """Return each command's name with its one line, importing none of them."""
        return helping.lines(self.list_commands(ctx))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin so, importing none of them."""
        found = [
            CompletionItem(name, help=line)
            for name, line in self.lines(ctx)
            if name.startswith(incomplete)
        ]
        if incomplete.startswith("-"):
            found += [
                CompletionItem(name, help=helping.summary(helping.global_key(name)))
                for name in GLOBAL_OPTIONS
                if name.startswith(incomplete)
            ]
        return found


def built(name: str, app: typer.Typer) -> Any:
    """Return a module's `app` as the command `name`, with our classes throughout."""
    for info in app.registered_commands:
        info.cls = Command
    command = typer.main.get_command(app)
    command.name = name
    return command


def root() -> Root:
    """Return the program as a command."""
    options: list[Any] = [
        TyperOption(
            param_decls=[name],
            metavar=takes,
            is_flag=takes is None,
            help=helping.global_key(name),
        )
        for name, takes in GLOBAL_OPTIONS.items()
    ]
    return Root(name=PROGRAM, help="help.program", params=options, rich_markup_mode=None)


def run(call: Call, words: Sequence[str]) -> int:
    """Run the command that the words name; return its exit code. Raises LianluoError."""
    program = root()
    try:
        with program.make_context(PROGRAM, list(words), obj=call) as context:
            answer = program.invoke(context)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop
    except typer.TyperException as error:
        raise _explained(error) from error
    return answer if isinstance(answer, int) else 0


def _explained(error: typer.TyperException) -> LianluoError:
    """Return Click's complaint in our words."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else PROGRAM
    if isinstance(error, NoSuchOption):
        if error.option_name in GLOBAL_OPTIONS:
            return UsageError("cli.option_first", option=error.option_name)
        if error.possibilities:
            near = sorted(error.possibilities)
            return UsageError("cli.no_such_option_near", option=error.option_name, near=near)
        return UsageError("cli.no_such_option", option=error.option_name, command=command)
    if isinstance(error, BadOptionUsage):
        # Click tells the two cases apart by its sentence alone.
        takes_none = error.message.endswith("does not take a value.")
        key = "cli.option_takes_none" if takes_none else "cli.option_needs_value"
        return UsageError(key, option=error.option_name)
    if isinstance(error, MissingParameter) and error.param is not None:
        if isinstance(error.param, TyperOption):
            return UsageError("cli.missing_option", option=error.param.opts[-1], command=command)
        what = helping.argument_name(error.param)
        return UsageError("cli.missing_argument", argument=what, command=command)
    if isinstance(error, BadParameter) and error.param is not None:
        name = _spelled(error.param)
        if isinstance(error.param.type, TyperChoice):
            choices = [str(choice) for choice in error.param.type.choices]
            return UsageError("cli.bad_choice", name=name, choices=choices)
        if isinstance(error.param.type, IntParamType):
            return UsageError("cli.bad_number", name=name)
        return UsageError("cli.bad_value", name=name, problem=error.message)
    key = "cli.wrong_words" if isinstance(error, ClickUsageError) else "cli.failed"
    return UsageError(key, problem=error.format_message())


def _spelled(param: Any) -> Message | str:
    """Return an option as it is written, or an argument's name."""
    if isinstance(param, TyperOption):
        return param.opts[-1]
    return helping.argument_name(param)
