"""Problems of rows in words."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue import render, t
from domain.importing import Problem

_LONGEST = 60


def sentence(problem: Problem, file: str = "", headers: Mapping[str, str] | None = None) -> str:
    """Return a problem as one line: where, what stands there, and what is wrong with it.

    `headers` are the file's own names of the columns.
    """
    column = (headers or {}).get(problem.column, problem.column)
    value = " ".join((problem.value or "").split())
    if len(value) > _LONGEST:
        value = f"{value[:_LONGEST]}…"
    where = t("tables.where_in", file=file, row=problem.row) if file else ""
    where = where or t("tables.where", row=problem.row)
    what = t("tables.what", column=column, value=value)
    return t("tables.problem", where=where, what=what, reason=render(problem.reason))
