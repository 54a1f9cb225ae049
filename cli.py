"""The front door: the options before the command, then the screens or one command.

Nothing heavy is imported before it is known what is asked for: the screens come up without
Typer, and the commands without Textual.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import catalogue
from catalogue import t
from domain.errors import Exit, LianluoError, UsageError
from domain.texts import visible_lines

if TYPE_CHECKING:
    from commands.call import Call, Globals

BROKEN = 70
"""The exit code of a mistake in this program, as sysexits.h has it."""
INTERRUPTED = 130

_VALUES = {"--store": "store", "--config": "config", "--lang": "lang", "--as-login": "as_login"}
_SHELL_OPTIONS = ("--install-completion", "--show-completion")
_INSTEAD = ("--version", *_SHELL_OPTIONS)
COMPLETE = "_LIANLUO_COMPLETE"
"""The variable by which a shell asks what may come next."""


def main(words: Sequence[str] | None = None) -> int:
    """Do what the words ask for (by default the process's own); return the exit code."""
    _prepare_streams()
    given = sys.argv[1:] if words is None else list(words)
    debug = "--debug" in given
    try:
        try:
            code = _dispatch(given)
        finally:
            sys.stdout.flush()
    except LianluoError as error:
        if debug:
            _trace(error)
        return _complain(catalogue.render(error.message), error.exit_code)
    except KeyboardInterrupt:
        return _complain(t("cli.interrupted"), INTERRUPTED)
    except BrokenPipeError:
        # Whoever read has what he wanted; nothing is left to flush when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        if debug:
            _trace(error)
        cause = error.strerror or str(error)
        if error.filename is not None:
            cause = f"{error.filename}: {cause}"
        return _complain(t("cli.system_error", cause=cause), _refusal(error))
    except Exception as error:  # noqa: BLE001 - the last to hear of it, and no traceback for people
        if debug:
            _trace(error)
        from domain.tracing import blamed

        return _complain(t("cli.broken", cause=blamed(error)), BROKEN)
    return code


def _refusal(error: OSError) -> int:
    """Return the exit code of what the system refused: try again where it was room that lacked."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
    if full and sys.stdout is not None:
        # What could not be written is not tried again when the process ends.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.BUSY if full else Exit.REFUSED


def _trace(error: Exception) -> None:
    from domain.tracing import traced

    print("\n".join(visible_lines(traced(error))), file=sys.stderr)


def _complain(sentence: str, code: int) -> int:
    # A shell that asks what may come next is told nothing of what went wrong.
    if not os.environ.get(COMPLETE):
        print("\n".join(visible_lines(sentence)), file=sys.stderr)
    return code


def _prepare_streams() -> None:
    """Let no character that the locale cannot write, and no closed stream, stop a command."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - stays open to the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - stays open to the end
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _dispatch(given: list[str]) -> int:
    from commands.call import Call, now

    catalogue.use(catalogue.from_environment(os.environ))
    if os.environ.get(COMPLETE):
        from commands import completion

        choose_language(None, os.environ)
        return completion.answer()
    before, rest = read_globals(given)
    choose_language(before.lang, os.environ)
    if rest and rest[0] in _INSTEAD:
        return _instead(rest[0], rest[1] if len(rest) > 1 else None)
    call = Call(before, os.environ, now())
    _choose_configured_language(call)
    if not rest and _on_terminal():
        return _screens(call)
    from commands.frame import run

    return run(call, rest or ["board"])


def _on_terminal() -> bool:
    """Return whether somebody can see and use the screens: they are drawn on standard error."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)


def read_globals(words: Sequence[str]) -> tuple[Globals, list[str]]:
    """Return the options before the command, and the command with what follows it.

    `--version` and the like count as commands. Raises UsageError for an option without its value.
    """
    from commands.call import Globals

    values: dict[str, str] = {}
    debug = False
    rest = list(words)
    while rest:
        name, equals, value = rest[0].partition("=")
        if rest[0] == "--debug":
            debug = True
        elif name in _VALUES and equals:
            values[_VALUES[name]] = value
        elif name in _VALUES:
            if len(rest) < 2:
                raise UsageError("cli.option_needs_value", option=name)
            values[_VALUES[name]] = rest.pop(1)
        elif name in _SHELL_OPTIONS and equals:
            rest[:1] = [name, value]
            break
        else:
            break
        del rest[0]
    empty = [option for option, name in _VALUES.items() if values.get(name) == ""]
    if empty:
        raise UsageError("cli.option_needs_value", option=empty[0])
    return Globals(**values, debug=debug), rest


def choose_language(named: str | None, environ: Mapping[str, str]) -> None:
    """Take the language of `--lang`, else of `LIANLUO_LANG`; raises UsageError for an unknown."""
    named = named or environ.get("LIANLUO_LANG")
    if named:
        if named not in catalogue.LANGUAGES:
            raise UsageError("cli.bad_language", text=named)
        catalogue.use(named)


def _choose_configured_language(call: Call) -> None:
    """Take the configuration's language where neither option nor environment names one."""
    if call.before.lang or call.environ.get("LIANLUO_LANG"):
        return
    # A configuration that cannot be read is the business of whoever needs it.
    with suppress(LianluoError):
        if call.configured and (configured := call.loaded.settings.preferences.lang):
            catalogue.use(configured)


def _instead(option: str, value: str | None) -> int:
    """Do what `--version` and the options about completion ask for; return the exit code."""
    if option == "--version":
        from exchange.installation import version

        print(f"lianluo {version()}")
        return Exit.DONE
    from commands import completion

    return (completion.install if option == "--install-completion" else completion.show)(value)


def _screens(call: Call) -> int:
    # Without this, a terminal's keyboard protocol tears composed Chinese input to pieces.
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    # What is made until the first view stands stays; looking through it for waste is wasted.
    gc.disable()
    from tui.app import run

    as_login = call.before.as_login
    return run(call.path, call.loaded, login=call.login, as_login=as_login, host=call.host)


if __name__ == "__main__":
    sys.exit(main())
