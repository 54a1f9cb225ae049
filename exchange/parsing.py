"""Rows of texts to rows of values, with every problem of every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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


_MOST_REMEMBERED = 1 << 14
_LONGEST_REMEMBERED = 200


class Memory(dict[str, Any]):
    """The values of the texts of one column: each text that repeats is read once.

    It forgets when it has grown large, and remembers neither long texts nor bad ones. `settled`
    says what is kept in the place of a good value.
    """

    def __init__(
        self,
        column: Column,
        context: Context,
        guards: bool,
        faults: list[Fault],
        settled: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self._column = column
        self._context = context
        self._guards = guards
        self._faults = faults
        self._settled = settled

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
        if self._settled is not None:
            value = self._settled(value)
        if column.repeats and len(text) <= _LONGEST_REMEMBERED:
            if len(self) >= _MOST_REMEMBERED:
                self.clear()
            self[text] = value
        return value

    def column(self, texts: Sequence[str], bad: set[int], instead: Any = BAD) -> list[Any]:
        """Return the values of many texts; the places of the bad ones go into `bad`.

        `instead` stands where there is no value.
        """
        values = list(map(self.__getitem__, texts))
        if self._faults:
            self._faults.clear()
            places = [place for place, value in enumerate(values) if value is BAD]
            bad.update(places)
            for place in places:
                values[place] = instead
        return values


class _Outside(dict[str, Any]):
    """What stands under no header: nothing should."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__({"": None})
        self._faults = faults

    def __missing__(self, text: str) -> Any:
        self._faults.append(("", Message("tables.headless")))
        return BAD


class Reader:
    """Reads rows of one table one by one."""

    def __init__(self, table: Table, context: Context) -> None:
        self._faults: list[Fault] = []
        self._memories: list[dict[str, Any]] = [
            Memory(column, context, table.guards, self._faults) for column in table.kind.columns
        ]
        self._memories.append(_Outside(self._faults))

    def read(self, number: int, cells: Cells) -> Parsed:
        """Return a row with its values; a cell with a fault has the value `BAD`."""
        values = [memory[text] for memory, text in zip(self._memories, cells, strict=True)]
        if not self._faults:
            return Parsed(number, cells, values, ())
        row = Parsed(number, cells, values, tuple(self._faults))
        self._faults.clear()
        return row


def parsed(table: Table, context: Context) -> Iterator[Parsed]:
    """Yield every row with its values."""
    reader = Reader(table, context)
    for number, cells in table.rows():
        yield reader.read(number, cells)


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
