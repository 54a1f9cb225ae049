"""Rows of texts to rows of values, with every problem of every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from domain.errors import LianluoError, Message
from domain.importing import Problem
from exchange.cells import Context, cleaned
from exchange.columns import BAD, Column, Fault
from exchange.reading import Cells, Table


class Parsed(NamedTuple):
    """A row: its number, its texts, its values in the order of the columns, and its faults."""

    number: int
    cells: Cells
    values: list[Any]
    faults: tuple[Fault, ...]


class _Memory(dict[str, Any]):
    """The values of the texts of one column: each text that repeats is read once."""

    def __init__(self, column: Column, context: Context, guards: bool, faults: list[Fault]) -> None:
        super().__init__()
        self._column = column
        self._context = context
        self._guards = guards
        self._faults = faults

    def __missing__(self, text: str) -> Any:
        column = self._column
        try:
            plain = cleaned(text, guards=self._guards)
            value = column.parse(plain, self._context) if plain else column.blank
        except LianluoError as error:
            self._faults.append((column.name, error.message))
            return BAD
        if not plain and column.required:
            self._faults.append((column.name, Message("tables.required")))
            return BAD
        if column.repeats:
            self[text] = value
        return value


class _Outside(dict[str, Any]):
    """What stands under no header: nothing should."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__({"": None})
        self._faults = faults

    def __missing__(self, text: str) -> Any:
        self._faults.append(("", Message("tables.headless")))
        return BAD


def parsed(table: Table, context: Context) -> Iterator[Parsed]:
    """Yield every row with its values; a cell with a fault has the value `BAD`."""
    faults: list[Fault] = []
    memories: list[dict[str, Any]] = [
        _Memory(column, context, table.guards, faults) for column in table.kind.columns
    ]
    memories.append(_Outside(faults))
    for number, cells in table.rows():
        values = [memory[text] for memory, text in zip(memories, cells, strict=True)]
        if faults:
            yield Parsed(number, cells, values, tuple(faults))
            faults.clear()
        else:
            yield Parsed(number, cells, values, ())


def problems_of(
    table: Table, row: Parsed, faults: tuple[Fault, ...] | list[Fault]
) -> list[Problem]:
    """Return a row's faults with the texts that they are about."""
    places = {column.name: place for place, column in enumerate(table.kind.columns)}
    return [
        Problem(row.number, name, row.cells[places.get(name, -1)], message, table.kind.name)
        for name, message in faults
    ]


class Item(NamedTuple):
    """A row that was read whole: its number, and what it says."""

    row: int
    value: Any


@dataclass(slots=True)
class Items:
    """The rows of a table one by one; `repeated` counts those that only say a row again.

    `spoilt` are the keys of the rejected rows, as far as they could be read.
    """

    good: list[Item] = field(default_factory=list)
    repeated: int = 0
    problems: list[Problem] = field(default_factory=list)
    spoilt: set[tuple[object, ...]] = field(default_factory=set)


def items(table: Table, context: Context) -> Items:
    """Return what each row makes, and the problems of the rows that make nothing.

    Of two rows with one key the second says the same, or is rejected.
    """
    kind = table.kind
    names = [column.attribute for column in kind.columns]
    key_names = kind.attributes(kind.key)
    found = Items()
    first: dict[object, Item] = {}
    for row in parsed(table, context):
        values = dict(zip(names, row.values, strict=False))
        faults = [*row.faults, *kind.check(values)]
        key = tuple(values[name] for name in key_names)
        if faults:
            found.problems += problems_of(table, row, faults)
            if BAD not in key:
                found.spoilt.add(key)
            continue
        item = Item(row.number, kind.make(**values))
        other = first.setdefault(key, item)
        if other is item:
            found.good.append(item)
        elif other.value == item.value:
            found.repeated += 1
        else:
            fault = (kind.key[0], Message("tables.same_key", row=other.row))
            found.problems += problems_of(table, row, [fault])
    return found
