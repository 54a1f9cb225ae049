"""Problems of rows in words."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue import render
from domain.errors import Message
from domain.importing import Problem

_LONGEST = 60


def said(problem: Problem, file: str = "", headers: Mapping[str, str] | None = None) -> Message:
    """Return a problem as one line: where, what stands there, and what is wrong with it.

    `headers` are the file's own names of the columns.
    """
    column = (headers or {}).get(problem.column, problem.column).strip()
    value = " ".join((problem.value or "").split())
    if len(value) > _LONGEST:
        value = f"{value[:_LONGEST]}…"
    if file:
        where = Message("tables.where_in", file=file, row=problem.row)
    else:
        where = Message("tables.where", row=problem.row)
    what = Message("tables.what", column=column, value=value)
    return Message("tables.problem", where=where, what=what, reason=problem.reason)


def sentence(problem: Problem, file: str = "", headers: Mapping[str, str] | None = None) -> str:
    """Return what `said` says, in the language in use."""
    return render(said(problem, file, headers))
