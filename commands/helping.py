"""What `--help` prints, in the language in use and without Click's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.cells import cell_len

from catalogue import t
from commands.cells import pad, wrap
from commands.output import terminal_width

_WIDEST = 100
_TERM = 30
"""Cells after which a term has its text on the next line."""


def page(command: Any, context: Any) -> str:
    """Return the help of a command: usage, what it does, arguments, options, commands."""
    params = [param for param in command.get_params(context) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    return _page(
        _usage(command, context, arguments),
        command.help or "help.program",
        [(argument_name(param), t(param.help)) for param in arguments if param.help],
        [(_spelled(param), _option_text(param)) for param in options],
        command.lines(context) if hasattr(command, "lines") else [],
    )


def overview(program: str, commands: Iterable[str], options: Mapping[str, str | None]) -> str:
    """Return the help of the whole program: what `page` would say of it, without parsing."""
    explained = [
        (name if takes is None else f"{name} {metavar(takes)}", t(global_key(name)))
        for name, takes in options.items()
    ]
    return _page(
        [program, f"[{t('cli.options_word')}]", f"{t('cli.command_word')} …"],
        "help.program",
        [],
        [*explained, ("--help", t("cli.option_help"))],
        lines(commands),
    )


def lines(commands: Iterable[str]) -> list[tuple[str, str]]:
    """Return each command of the program with its one line, importing none of them."""
    # The key that each command itself names as its text.
    return [(name, summary("help." + name)) for name in commands]


def _page(
    usage: Sequence[str],
    text: str,
    arguments: Sequence[tuple[str, str]],
    options: Sequence[tuple[str, str]],
    commands: Sequence[tuple[str, str]],
) -> str:
    width = min(_WIDEST, max(40, terminal_width()))
    found = [*wrap(t("cli.usage", words=" ".join(usage)), width), ""]
    for line in t(text).splitlines():
        found += [f"  {part}".rstrip() for part in wrap(line, width - 2)]
    found += _section(t("cli.arguments"), arguments, width)
    found += _section(t("cli.options"), options, width)
    found += _section(t("cli.commands"), commands, width)
    return "\n".join(found)


def summary(key: str | None) -> str:
    """Return the first line of a command's text, without its full stop."""
    return t(key).splitlines()[0].rstrip("。.") if key else ""


def global_key(option: str) -> str:
    """Return the catalogue key of an option before the command."""
    return f"cli.option_{option.removeprefix('--').replace('-', '_')}"


def argument_name(param: Any) -> str:
    """Return how a positional argument is called: `DATE`, `日期`."""
    return metavar(param.metavar or param.name.upper())


def metavar(name: str) -> str:
    """Return a placeholder in the language in use; words typed as they stand stay."""
    if not name.isupper() or not name.isidentifier():
        return name
    return t(f"cli.metavar_{name.lower()}")


def _usage(command: Any, context: Any, arguments: list[Any]) -> list[str]:
    parts = [context.command_path, f"[{t('cli.options_word')}]"]
    for param in arguments:
        name = argument_name(param)
        more = "…" if param.nargs != 1 else ""
        parts.append(f"{name}{more}" if param.required else f"[{name}{more}]")
    if hasattr(command, "lines"):
        word = f"{t('cli.command_word')} …"
        parts.append(f"[{word}]" if command.invoke_without_command else word)
    return parts


def _spelled(param: Any) -> str:
    names = ", ".join(sorted(param.opts, key=len))
    if param.is_flag:
        return names
    choices = getattr(param.type, "choices", None)
    if param.metavar is None and choices:
        return f"{names} {'|'.join(str(choice) for choice in choices)}"
    return f"{names} {metavar(param.metavar or param.name.upper())}"


def _option_text(param: Any) -> str:
    if param.name == "help" and "--help" in param.opts:
        return t("cli.option_help")
    text = t(param.help) if param.help else ""
    if param.required:
        return f"{text} {t('cli.required')}"
    return text


def _section(title: str, rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    if not rows:
        return []
    column = min(_TERM, width // 2 - 4, max(cell_len(term) for term, _ in rows))
    lines = ["", title]
    for term, text in rows:
        parts = wrap(text, width - column - 4)
        if cell_len(term) > column:
            lines.append(f"  {term}")
        else:
            lines.append(f"  {pad(term, column)}  {parts.pop(0)}".rstrip())
        lines += [f"{' ' * (column + 4)}{part}" for part in parts]
    return lines
