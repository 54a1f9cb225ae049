"""Everybody at once: filers, readers, an import and a backup on one store."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from actions.auditing import verify
from actions.backing_up import Shown, back_up
from actions.board import board
from actions.entering import enter
from actions.opening import Registry, found
from actions.overdue import overdue
from actions.reporting import file_zero
from domain.errors import Busy
from domain.people import Person, Role
from domain.settings import CityRules, Settings
from domain.units import Kind, Unit
from exchange.importing import Order, import_file
from storage import checks
from storage.store import open_store
from storage.units import Selection
from tests.storage.conftest import ADMIN, AT, STARTS
from tests.torture.processes import Child, Said, elsewhere
from tests.torture.stage import Counts, Failure

_HISTORY = 30
_MOST_TRIES = 5


def filer(say: Said, gate: object, path: Path, unit: str) -> None:
    """Wait for all the others, then file as a liaison does: who is told to try again does."""
    gate.wait(300)  # type: ignore[attr-defined]
    tries = 0
    while True:
        tries += 1
        try:
            store, actor = enter(path, Settings(), f"of-{unit}", None, "host", AT)
            with store:
                say((file_zero(store, actor, unit, STARTS, AT, areas=(1, 1)).number, tries))
            return
        except Busy:
            if tries == _MOST_TRIES:
                raise


def reader(say: Said, gate: object, path: Path, rounds: int) -> None:
    """Look at the board and the overdue list again and again; what is filed never grows less."""
    gate.wait(300)  # type: ignore[attr-defined]
    seen = 0
    for _ in range(rounds):
        store, _ = enter(path, Settings(), "reader", None, "host", AT)
        with store:
            rows = board(store, STARTS, STARTS, Selection(), AT)
            filed = sum(row.filed is not None for row in rows)
            overdue(store, AT, Selection())
        if filed < seen:
            raise Failure(f"{filed} are filed where {seen} were")
        seen = filed
    say(rounds)


def importer(say: Said, gate: object, path: Path, table: str) -> None:
    """Import the history of all units."""
    gate.wait(300)  # type: ignore[attr-defined]
    with open_store(path) as store:
        say(import_file(store, ADMIN, Order("reports", table), AT).outcome.new)


def saver(say: Said, gate: object, path: Path, target: Path) -> None:
    """Back up the store while everybody writes: who is told to try again does."""
    gate.wait(300)  # type: ignore[attr-defined]
    shown = Shown(lambda *_: None, lambda *_: None)
    for _ in range(_MOST_TRIES):
        with suppress(Busy), open_store(path) as store:
            back_up(store, ADMIN, target, AT, shown, replace=True)
            say(_whole(target))
            return


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Let `length` people file at once, beside readers, an import and a backup."""
    path = folder / "city.db"
    units = [f"U{number:03}" for number in range(length)]
    _begin(path, units)
    table = folder / "history.csv"
    table.write_text(_history(units), encoding="utf-8")
    readers = max(2, length // 25)
    gate = elsewhere().Barrier(length + readers + 2)
    filers = [Child(filer, gate, path, unit) for unit in units]
    others = [
        *(Child(reader, gate, path, 4) for _ in range(readers)),
        Child(importer, gate, path, str(table)),
        Child(saver, gate, path, folder / "copy.db"),
    ]
    answers = [_answer(child.rest()) for child in filers]
    receipts = [receipt for receipt, _ in answers]
    told = [child.rest() for child in others]
    wanted = [f"R-{STARTS:%Y%m%d}-{unit}-1" for unit in units]
    lost = sum(one != other for one, other in zip(receipts, wanted, strict=True))
    if lost or told[-2] != [length * _HISTORY] or not told[-1]:
        raise Failure(f"seed {seed}: {lost} of {length} receipts are missing; {told}")
    rows = _whole(path)
    if rows != length * (_HISTORY + 1):
        raise Failure(f"seed {seed}: {rows} reports stand, not {length * (_HISTORY + 1)}")
    return {
        "filers at once": length,
        "filings acknowledged": length,
        "filings lost": lost,
        "told to try again": sum(tries - 1 for _, tries in answers),
        "rows imported meanwhile": length * _HISTORY,
        "readings meanwhile": 4 * readers,
        "backups meanwhile": 1,
    }


def _answer(told: list[object]) -> tuple[str, int]:
    match told:
        case [(str(receipt), int(tries))]:
            return receipt, tries
        case _:
            raise Failure(f"a filer said {told!r}")


def _begin(path: Path, units: list[str]) -> None:
    registry = Registry(
        [
            Unit("CITY", "某市", Kind.CITY, order=0),
            *(
                Unit(code, f"{code}区", Kind.DISTRICT, parent="CITY", order=place)
                for place, code in enumerate(units, 1)
            ),
        ],
        people=[Person(f"of-{code}", f"{code}联络员", code, Role.LIAISON) for code in units],
    )
    found(path, registry, CityRules(), STARTS, ADMIN, AT).close()


def _history(units: list[str]) -> str:
    lines = ["unit,date,kind,filed_at,areas_planned,areas_patrolled"]
    for back in range(1, _HISTORY + 1):
        day: date = STARTS - timedelta(days=back)
        lines += [f"{unit},{day},zero,{day} 16:30,3,3" for unit in units]
    return "\n".join(lines) + "\n"


def _whole(path: Path) -> int:
    """Return the number of reports of a store in which everything fits."""
    with open_store(path) as store:
        connection = store.connection
        wrong = [*checks.damage(connection)]
        if wrong or checks.contradictions(connection):
            raise Failure(f"{path.name}: {wrong or 'obligations and filings differ'}")
        verify(store, lambda *_: None)
        found = connection.row("SELECT COUNT(*) FROM reports")
        assert found is not None
        return int(found[0])
