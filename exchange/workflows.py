"""Workflows in a file: TOML that a city may change, read whole and checked (R15)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from pathlib import Path

from domain.errors import LianluoError, Message, NotFound, Refused, UsageError
from domain.workflows import Workflow, check_owners, workflows_from_table

FILE = "workflows.toml"

_PLACE = re.compile(r"at line (\d+), column (\d+)")


def read_workflows(path: Path, known: Collection[str] | None = None) -> dict[str, Workflow]:
    """Return the workflows of a file, in its order; with `known`, no step names another unit.

    Raises NotFound where there is none, Refused where it cannot be read, and UsageError with the
    file and the line where it does not say what workflows can say.
    """
    text = _text(path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place else max(1, len(text.splitlines()))
        raise _wrong(path, line, Message("workflows.syntax")) from error
    if not table:
        raise _wrong(path, 1, Message("workflows.empty"))
    try:
        found = workflows_from_table(table)
        if known is not None:
            check_owners(found, known)
    except LianluoError as error:
        raise _wrong(path, _line_of(text, error.message), error.message) from error
    return found


def _wrong(path: Path, line: int, problem: Message) -> UsageError:
    return UsageError("workflows.wrong_file", file=str(path), line=line, problem=problem)


def _text(path: Path) -> str:
    if not path.is_file():
        raise NotFound("workflows.file_missing", file=str(path))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("workflows.not_utf8", file=str(path)) from error
    except OSError as error:
        raise Refused("workflows.not_read", file=str(path)) from error


def _line_of(text: str, problem: Message) -> int:
    """Return the line of the workflow, or of its step, that a problem is about."""
    workflow = str(problem.params.get("workflow", problem.params.get("other", "")))
    step = str(problem.params.get("step", ""))
    name = rf"""["']?{re.escape(workflow)}["']?"""
    opening = re.compile(rf"\s*(?:\[\[?\s*{name}\s*[\].]|{name}\s*[.=])")
    key = re.compile(rf"""["']?\bkey["']?\s*=\s*["']{re.escape(step)}["']""")
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines, 1) if opening.match(line)), 1)
    if not step:
        return first
    return next((n for n, line in enumerate(lines[first - 1 :], first) if key.search(line)), first)
