"""What the fuzzer calls, in a process of its own: `python -m tests.torture.fuzz_targets csv …`.

Nothing of the program is imported before the fuzzer can watch it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Read: TypeAlias = Callable[[bytes], None]


def tables(ending: str) -> Read:
    """Return what reads bytes as a table of reports, and of units."""
    from exchange.cells import Context, Names
    from exchange.parsing import items
    from exchange.reading import read_table
    from exchange.sources import opened
    from exchange.tables import EXCHANGED
    from tests.matters_city import UNITS, ZONE

    folder = Path(tempfile.mkdtemp(prefix="lianluo-fuzz-"))
    context = Context(ZONE, Names(UNITS))
    path = folder / f"table{ending}"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        for kind in ("reports", "units"):
            with opened(str(path)) as source:
                found = items(read_table(source, EXCHANGED[kind]), context)
                assert len(found.good) + len(found.problems) + found.repeated >= 0

    return read


def config() -> Read:
    """Return what reads bytes as a configuration."""
    from domain.settings import CityRules
    from exchange.config import read

    path = Path(tempfile.mkdtemp(prefix="lianluo-fuzz-")) / "config.toml"

    def once(data: bytes) -> None:
        path.write_bytes(data)
        read(path).applied_to(CityRules())

    return once


def workflows() -> Read:
    """Return what reads bytes as workflows."""
    from exchange.workflows import read_workflows

    path = Path(tempfile.mkdtemp(prefix="lianluo-fuzz-")) / "workflows.toml"

    def once(data: bytes) -> None:
        path.write_bytes(data)
        read_workflows(path)

    return once


def texts() -> Read:
    """Return what reads bytes as everything that stands in one cell or option."""
    from domain import areas, deadlines
    from domain.errors import LianluoError
    from domain.instants import parse_day
    from domain.texts import escaped, plain, visible
    from exchange import cells
    from tests.matters_city import TODAY, ZONE

    context = cells.Context(ZONE)

    def once(data: bytes) -> None:
        text = data.decode("utf-8", "surrogateescape")
        for parse in (cells.day, cells.instant, cells.moment, cells.clock, cells.late_until):
            with suppress(LianluoError):
                parse(text, context)
        for read in (areas.parse_area, deadlines.parse_limit, lambda each: parse_day(each, TODAY)):
            with suppress(LianluoError):
                read(text)
        assert cells.unguarded(cells.guarded(text)) == text
        assert visible(visible(text)) == visible(text)
        assert plain(plain(text)) == plain(text)
        assert escaped(escaped(text)) == escaped(text)

    return once


TARGETS: dict[str, Callable[[], Read]] = {
    "csv": lambda: tables(".csv"),
    "xlsx": lambda: tables(".xlsx"),
    "json": lambda: tables(".json"),
    "jsonl": lambda: tables(".jsonl"),
    "config": config,
    "workflows": workflows,
    "texts": texts,
}


def main() -> None:
    """Fuzz the target that the first word names; the others are the fuzzer's own."""
    import atheris

    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["domain", "exchange"], enable_loader_override=False):
        target = TARGETS[name]()
    from domain.errors import LianluoError

    def once(data: bytes) -> None:
        with suppress(LianluoError):
            target(data)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
