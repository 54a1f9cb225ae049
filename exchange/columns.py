"""What a table is made of: its kind, its columns, and the names that a header may have."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any

from domain.errors import Message
from domain.values import dataclass
from exchange import cells
from exchange.cells import Parse, Show

BAD = object()
"""Stands for the value of a cell that could not be read."""

Fault = tuple[str, Message]
"""A column and what is wrong with it."""

Values = Mapping[str, Any]
"""The values of a row by field; `BAD` where a cell could not be read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its names, how its cells are read and shown, and its value where blank.

    `field` is the attribute that holds it, the column's own name unless given. Cells that
    `repeat` are read once and remembered.
    """

    name: str
    chinese: tuple[str, ...]
    parse: Parse = cells.words
    required: bool = False
    blank: Any = ""
    show: Show = str
    field: str = ""
    repeats: bool = True

    @property
    def attribute(self) -> str:
        """Return the attribute that holds the column's value."""
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class TableKind:
    """One kind of table. Rows with the same `key` (columns) are the same thing."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    make: Callable[..., Any] = dict
    check: Callable[[Values], list[Fault]] = lambda _: []

    def attributes(self, columns: Collection[str]) -> tuple[str, ...]:
        """Return the attributes of some columns, in the order of the kind's own."""
        return tuple(column.attribute for column in self.columns if column.name in columns)

    def headers(self) -> dict[str, str]:
        """Return the column of every header that a file may have, folded by `folded`."""
        return {
            folded(name): column.name
            for column in self.columns
            for name in (column.name, *column.chinese)
        }


def folded(header: str) -> str:
    """Return a header without what people write in more than one way."""
    plain = unicodedata.normalize("NFKC", header.strip("\ufeff \t\r\n")).casefold()
    return plain.replace(" ", "_").replace("-", "_")
