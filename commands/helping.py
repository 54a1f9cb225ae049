"""What `--help` prints, in the language in use and without Click's own words."""

from __future__ import annotations

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
    width = min(_WIDEST, max(40, terminal_width()))
    params = [param for param in command.get_params(context) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    lines = [*_usage(command, context, arguments, width), ""]
    for line in t(command.help or "help.program").splitlines():
        lines += [f"  {part}".rstrip() for part in wrap(line, width - 2)]
    explained = [(argument_name(param), t(param.help)) for param in arguments if param.help]
    lines += _section(t("cli.arguments"), explained, width)
    lines += _section(t("cli.options"), [(_spelled(x), _option_text(x)) for x in options], width)
    if hasattr(command, "lines"):
        lines += _section(t("cli.commands"), command.lines(context), width)
    return "\n".join(lines)


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


def _usage(command: Any, context: Any, arguments: list[Any], width: int) -> list[str]:
    parts = [context.command_path, f"[{t('cli.options_word')}]"]
    for param in arguments:
        name = argument_name(param)
        more = "…" if param.nargs != 1 else ""
        parts.append(f"{name}{more}" if param.required else f"[{name}{more}]")
    if hasattr(command, "lines"):
        parts.append(f"{t('cli.command_word')} …")
    return wrap(t("cli.usage", words=" ".join(parts)), width)


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


def _section(title: str, rows: list[tuple[str, str]], width: int) -> list[str]:
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
