"""What is told of an exception that nobody foresaw: where it was, and never what it was about.

Its text may quote a report, a name or a phone; files and lines of the program cannot.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

from domain.errors import LianluoError

_ROOT = Path(__file__).resolve().parent.parent


def blamed(error: BaseException) -> str:
    """Return the kind of an exception and the line that it came from, `KeyError, cli.py:12`."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return _kind(error)
    return f"{_kind(error)}, {_short(frames[-1].filename)}:{frames[-1].lineno}"


def traced(error: BaseException) -> str:
    """Return the traceback of an exception and of what led to it, without any text of theirs."""
    parts = []
    for each in reversed(list(_chain(error))):
        frames = traceback.extract_tb(each.__traceback__)
        lines = [
            f"  {_short(frame.filename)}:{frame.lineno} {frame.name}: {frame.line or ''}".rstrip()
            for frame in frames
        ]
        parts.append("\n".join(["Traceback (most recent call last):", *lines, _kind(each)]))
    return "\n\n".join(parts)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and, one after the other, those that it came from."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)


def _kind(error: BaseException) -> str:
    """Return what kind of exception it is: its type, and the key of one of our own."""
    name = type(error).__name__
    if isinstance(error, LianluoError):
        return f"{name} {error.message.key}"
    # The engine's own name of what went wrong: of no value, of no row.
    code = getattr(error, "sqlite_errorname", None)
    if isinstance(error, OSError) and error.errno is not None:
        code = error.errno
    return name if code is None else f"{name} {code}"


def _short(file: str) -> str:
    path = Path(file)
    return path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else file
