"""A finding as words of a call: `location=…,land_class=耕地,area=3.5亩`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.units import find
from domain.errors import UsageError
from domain.findings import Finding
from exchange.cells import Context, cleaned
from exchange.columns import Column, folded
from exchange.tables import FINDINGS
from storage.store import Store

_NOT_GIVEN = {"unit", "date", "no", "revision"}
"""Columns of the table of findings that the call itself decides."""
_COLUMNS: dict[str, Column] = {
    column.name: column for column in FINDINGS.columns if column.name not in _NOT_GIVEN
}
_NAMES = {header: name for header, name in FINDINGS.headers().items() if name not in _NOT_GIVEN}
_KEY = re.compile(r"(?:^|[,,])\s*([^=,,=]+?)\s*[==]")


def read_findings(store: Store, texts: Sequence[str], unit: str, day: date) -> tuple[Finding, ...]:
    """Return the findings of a report of `unit`, numbered from 1.

    A finding that names no place lies in the unit itself. Raises UsageError naming the finding
    and its key, NotFound for a place that there is none of.
    """
    return tuple(_finding(store, text, number, unit, day) for number, text in enumerate(texts, 1))


def _finding(store: Store, text: str, number: int, unit: str, day: date) -> Finding:
    values: dict[str, Any] = {"place": unit}
    given = pairs(text, number)
    for name, value in given.items():
        column = _COLUMNS[name]
        if not value:
            continue
        try:
            plain = cleaned(value, guards=False)
            if name == "place":
                values[name] = find(store, plain, day).code
            else:
                values[name] = column.parse(plain, Context(store.zone))
        except UsageError as error:
            raise UsageError(
                "file.finding_wrong", no=number, key=name, problem=error.message
            ) from error
    missing = [name for name, column in _COLUMNS.items() if column.required and name not in values]
    if missing:
        raise UsageError("file.finding_lacks", no=number, keys=missing)
    return Finding(no=number, **values)


def pairs(text: str, number: int) -> dict[str, str]:
    """Return what each key of a finding is given; a comma ends a value only before a known key.

    Keys are the table's columns, in English or in Chinese. Raises UsageError for text before the
    first key, and for a key that is unknown or given twice.
    """
    marks = [
        (match, _NAMES[name])
        for match in _KEY.finditer(text)
        if (name := folded(match[1])) in _NAMES
    ]
    if not marks or marks[0][0].start() != 0:
        raise UsageError("file.finding_keys", no=number, text=text, keys=list(_COLUMNS))
    found: dict[str, str] = {}
    ends = [match.start() for match, _ in marks[1:]] + [len(text)]
    for (match, name), end in zip(marks, ends, strict=True):
        if name in found:
            raise UsageError("file.finding_twice", no=number, key=name)
        found[name] = text[match.end() : end].strip()
    return found
