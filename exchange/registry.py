"""Registry folders: the tables that a new store begins with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import catalogue
from actions.opening import Registry
from domain.errors import Message, NotFound, Rejected
from domain.importing import Problem
from domain.instants import Zone
from domain.settings import CityRules
from domain.units import Kind, Unit, parent_faults
from domain.workflows import Workflow
from exchange.cells import Context, Names
from exchange.columns import TableKind
from exchange.parsing import Items, items
from exchange.problems import said
from exchange.reading import read_table
from exchange.sources import opened
from exchange.tables import (
    DUTIES,
    EXEMPTIONS,
    LIMITS,
    LINKS,
    PEOPLE,
    SCHEDULES,
    STANDARDS,
    TILES,
    UNITS,
)
from exchange.workflows import FILE, read_workflows

SHIPPED = Path(catalogue.__file__).parent / "registry"
"""The folder of the registries that come with the program, each by its name."""
DEFAULT = "guangzhou"
"""The registry whose workflows and limits serve where a city has none of its own."""


def shipped() -> list[str]:
    """Return the names of the registries that come with the program."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/units.csv"))


def registry_folder(name: str | Path) -> Path:
    """Return the folder of a registry that is shipped, by its name, or of any other folder."""
    path = Path(name)
    return SHIPPED / path if str(name) in shipped() else path


def read_registry(folder: str | Path) -> Registry:
    """Return what a registry folder says, every row of it checked.

    `folder` may be the name of a shipped registry. Raises NotFound where there is no such
    folder or no `units.csv` in it, and Rejected with every problem of every row.
    """
    path = registry_folder(folder)
    if not path.is_dir():
        raise NotFound("tables.registry_missing", folder=str(folder), shipped=shipped())
    if not (path / "units.csv").is_file():
        raise NotFound("tables.registry_without_units", folder=str(folder))
    reader = _Reader(path)
    found = Registry(
        reader.units(),
        reader.rows(LINKS),
        reader.rows(PEOPLE),
        reader.rows(SCHEDULES),
        reader.rows(EXEMPTIONS),
        reader.rows(DUTIES),
        *reader.workflows(),
        reader.standards(),
        reader.rows(TILES),
    )
    if reader.problems:
        lines = [
            Message("tables.registry_problem", problem=said(problem, file))
            for file, problem in reader.problems
        ]
        raise Rejected("tables.registry_bad", folder=str(folder), count=len(lines), problems=lines)
    return found


class _Reader:
    """Reads the tables of one folder and gathers their problems, each with its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # The tables of a registry name days and clock times, never instants.
        self._context = Context(Zone(CityRules().timezone))
        self.problems: list[tuple[str, Problem]] = []
        self._codes: set[str] = set()

    def units(self) -> list[Any]:
        """Return the units in the order of their file, and know them from now on."""
        read = self._items(UNITS)
        rows = read.good
        # A unit whose own row has to be mended is there for those that name it.
        spoilt = [str(code) for (code,) in read.spoilt]
        faults = parent_faults(
            {item.value.code: item.value.parent for item in rows}, dict.fromkeys(spoilt)
        )
        self.problems += [
            (
                f"{UNITS.name}.csv",
                Problem(item.row, "parent", item.value.parent, faults[item.value.code]),
            )
            for item in rows
            if item.value.code in faults
        ]
        found = [replace(item.value, order=order) for order, item in enumerate(rows)]
        if not found and not self.problems:
            raise Rejected("tables.empty", file=UNITS.name)
        mended = [Unit(code, code, Kind.REGION) for code in spoilt]
        self._context = Context(self._context.zone, Names([*mended, *found]))
        self._codes = {unit.code for unit in (*mended, *found)}
        return found

    def rows(self, kind: TableKind) -> list[Any]:
        """Return what the rows of a table say; nothing where the folder has no such table."""
        return [item.value for item in self._items(kind).good]

    def workflows(self) -> tuple[list[Any], dict[str, Workflow]]:
        """Return the limits and the workflows; the shipped ones where the folder has neither.

        Workflows without a limit of their own keep none: a city may set no date for a step.
        """
        limits = self.rows(LIMITS)
        own = self._folder / FILE
        if own.is_file():
            return limits, read_workflows(own, self._codes)
        shipped = SHIPPED / DEFAULT
        if not (self._folder / f"{LIMITS.name}.csv").is_file():
            with opened(str(shipped / f"{LIMITS.name}.csv")) as source:
                limits = [
                    item.value for item in items(read_table(source, LIMITS), self._context).good
                ]
        return limits, read_workflows(shipped / FILE)

    def standards(self) -> list[Any]:
        """Return the checklist's standards; the shipped ones where the folder has none."""
        if (self._folder / f"{STANDARDS.name}.csv").is_file():
            return self.rows(STANDARDS)
        with opened(str(SHIPPED / DEFAULT / f"{STANDARDS.name}.csv")) as source:
            return [item.value for item in items(read_table(source, STANDARDS), self._context).good]

    def _items(self, kind: TableKind) -> Items:
        path = self._folder / f"{kind.name}.csv"
        if not path.is_file():
            return Items()
        with opened(str(path)) as source:
            found = items(read_table(source, kind), self._context)
        self.problems += [(path.name, problem) for problem in found.problems]
        return found
