"""`lianluo doctor`: what is wrong, and the remedy; exits 1 when something is."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

import catalogue
from actions.checking import Check, Level, check_store
from catalogue import render, t
from commands import options, output
from commands.call import Call
from commands.cells import pad
from commands.frame import call_of, leaf
from commands.output import Format, Record
from domain.errors import Exit, LianluoError, Message
from exchange.config import named_path, user_path
from exchange.installation import installed, requirements, version
from storage.checks import engine_version

app = leaf()

FIELDS = ("check", "level", "text", "remedy")
_NARROW = 80


@app.command(help="help.doctor")
def doctor(context: typer.Context, form: options.FormatOption = Format.TABLE) -> int:
    """Print every check; exit 1 when one is bad."""
    call = call_of(context)
    checks = [*installation(), *_configuration(call), *_store(call), terminal(call.environ)]
    if form is Format.TABLE:
        output.text(_lines(checks))
    else:
        output.listing(form, checks, FIELDS, _as_record, [], "cli.doctor_empty")
    return Exit.FOUND if any(check.level is Level.BAD for check in checks) else Exit.DONE


def installation() -> list[Check]:
    """Return what is to be said of the program and of what it stands on."""
    found = []
    for name, pinned in requirements().items():
        present = installed(name)
        if present is None:
            text = Message("doctor.not_installed", name=name)
        elif pinned is not None and present != pinned:
            text = Message("doctor.other_version", name=name, version=present, wanted=pinned)
        else:
            continue
        level = Level.BAD if present is None else Level.WARN
        found.append(Check("installation", level, text, Message("doctor.install_again")))
    text = Message(
        "doctor.versions",
        version=version(),
        python=platform.python_version(),
        sqlite=engine_version(),
    )
    return [Check("installation", Level.OK, text), *found]


def _configuration(call: Call) -> list[Check]:
    try:
        path = call.loaded.path
    except LianluoError as error:
        remedy = Message("doctor.mend_config", file=str(_config_path(call)))
        return [Check("config", Level.BAD, error.message, remedy)]
    if path is None:
        return [
            Check("config", Level.OK, Message("doctor.no_config", file=str(_config_path(call))))
        ]
    return [Check("config", Level.OK, Message("doctor.config", file=str(path)))]


def _config_path(call: Call) -> Path:
    return named_path(call.before.config, call.environ) or user_path()


def _store(call: Call) -> list[Check]:
    try:
        path = call.path
    except LianluoError:
        # The configuration, which would name the store, has been complained of already.
        return []
    return check_store(path, call.login, call.at)


def terminal(environ: Mapping[str, str]) -> Check:
    """Return what is to be said of the terminal, its encoding and the locale."""
    encoding = (sys.stdout.encoding or "?").lower().replace("_", "-")
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    if not _writes_chinese(encoding):
        text = Message("doctor.encoding", encoding=encoding, locale=locale)
        return Check("terminal", Level.WARN, text, Message("doctor.encoding_remedy"))
    shown = {"locale": locale, "encoding": encoding, "language": catalogue.language()}
    if not sys.stdout.isatty():
        return Check("terminal", Level.OK, Message("doctor.no_terminal", **shown))
    width = output.terminal_width()
    kind = environ.get("TERM", "")
    if kind in ("", "dumb"):
        text = Message("doctor.dumb", term=kind or "—")
        return Check("terminal", Level.WARN, text, Message("doctor.dumb_remedy"))
    if width < _NARROW:
        text = Message("doctor.narrow", width=width)
        return Check("terminal", Level.WARN, text, Message("doctor.narrow_remedy"))
    return Check("terminal", Level.OK, Message("doctor.terminal", width=width, term=kind, **shown))


def _writes_chinese(encoding: str) -> bool:
    try:
        "报零".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _as_record(check: Check) -> Record:
    return {
        "check": check.name,
        "level": check.level.value,
        "text": render(check.text),
        "remedy": render(check.remedy) if check.remedy else None,
    }


def _lines(checks: Sequence[Check]) -> list[str]:
    pairs = []
    for check in checks:
        level = pad(t(f"doctor.level_{check.level}"), 4)
        pairs.append((f"{level}  {t(f'doctor.name_{check.name}')}", render(check.text)))
        if check.remedy is not None:
            pairs.append(("", t("doctor.remedy", text=check.remedy)))
    return output.paired(pairs)
