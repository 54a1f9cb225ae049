"""Problems of rows in words."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue import render
from domain.errors import Message
from domain.importing import Problem

_LONGEST = 60
_WITHHELD = frozenset(
    {"phone", "email", "party", "summary", "title", "location", "reason", "use", "filed_by"}
)
"""The columns that speak of people, or in whose words anything may stand: row and column are told
of such a cell, and not what stands in it."""


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
    if problem.column in _WITHHELD:
        what = Message("tables.withheld", column=column)
    else:
        what = Message("tables.what", column=column, value=value)
    return Message("tables.problem", where=where, what=what, reason=problem.reason)


def shown_value(problem: Problem) -> str | None:
    """Return the cell of a problem, None where it is not shown."""
    return None if problem.column in _WITHHELD else problem.value


def sentence(problem: Problem, file: str = "", headers: Mapping[str, str] | None = None) -> str:
    """Return what `said` says, in the language in use."""
    return render(said(problem, file, headers))
