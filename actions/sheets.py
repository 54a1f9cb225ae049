"""The day sheet: as it stands, sealed, and what has changed since (R8, R10)."""

from __future__ import annotations

from datetime import date

from actions.board import BoardRow, board
from actions.expecting import roll_within
from actions.papers import About, enter
from actions.papers import made as record_made
from actions.people import require_on
from domain.errors import NotFound, Refused
from domain.instants import Instant
from domain.papers import PaperKind
from domain.people import Actor
from domain.permissions import Action
from domain.sheets import (
    Changed,
    Erratum,
    Seal,
    Sheet,
    SheetRow,
    changed,
    check_sealing,
    paired,
    restated,
)
from domain.values import dataclass
from storage import events, people, sheets
from storage.matters import next_count
from storage.store import Store
from storage.units import Selection


@dataclass(frozen=True, slots=True)
class DaySheet:
    """A day's sheet: sealed, or as it stands `as_of`; then `seal` is None and it has no number.

    `corrected` are the errata that later sheets have published of it.
    """

    sheet: Sheet
    as_of: Instant
    seal: Seal | None
    corrected: tuple[Erratum, ...] = ()


def standing(store: Store, day: date, at: Instant) -> Sheet:
    """Return the sheet of a day as it stands at `at`: every unit that owed or filed."""
    rows = board(store, day, day, Selection(), at)
    connection = store.connection
    said = sheets.summaries(connection, day)
    areas = sheets.areas(connection, day, [row.unit.code for row in rows])
    names = {person.login: person.name for person in people.everyone(connection)}
    return Sheet(day, tuple(_line(row, said, areas, names) for row in rows))


def _line(
    row: BoardRow,
    said: dict[tuple[str, int], str],
    areas: dict[tuple[str, int], int],
    names: dict[str, str],
) -> SheetRow:
    unit, filed = row.unit, row.filed
    line = (unit.code, unit.name, unit.name_en, unit.kind.value, row.status.value)
    if filed is None:
        return SheetRow(*line)
    key = (unit.code, filed.revision)
    return SheetRow(
        *line,
        filed.kind.value,
        filed.revision,
        filed.first_filed_at,
        names.get(filed.filed_by or "", filed.filed_by or ""),
        filed.areas_planned,
        filed.areas_patrolled,
        filed.findings,
        areas.get(key, 0),
        said.get(key, ""),
    )


def day_sheet(store: Store, day: date, at: Instant) -> DaySheet:
    """Return a day's sheet as it was sealed by `at`, or else as it stands then."""
    with store.reading():
        found = sheets.sealed(store.connection, day, at)
        if found is None:
            return DaySheet(standing(store, day, at), at, None)
        errata = sheets.errata_of(store.connection, day, at)
        return DaySheet(found[0], found[1].sealed_at, found[1], tuple(errata))


def seal(store: Store, actor: Actor, day: date, at: Instant) -> DaySheet:
    """Seal a day's sheet: content and hash stand from now on, recorded with an event.

    What has changed on sheets sealed before becomes numbered errata of this one. Only an admin
    may; a day is sealed once, and not before all its reports are due.
    """
    with store.connection.writing():
        require_on(store, actor, Action.SEAL, at)
        roll_within(store, at)
        before = sheets.sealed(store.connection, day, at)
        if before is not None:
            sealed_at = store.zone.show(before[1].sealed_at)
            raise Refused("sheets.sealed", day=day, number=before[1].number, at=sealed_at)
        found = standing(store, day, at)
        check_sealing(found, store.today(at))
        # A unit that owes nothing and filed nothing has no line to be held to.
        errata = _new_errata(store, at)
        whole = Sheet(day, found.rows, tuple(errata))
        paper = enter(store, actor, About(PaperKind.DAY_SHEET, day.isoformat()), at)
        mark = sheets.mark(store.connection, day, at)
        sealed = sheets.add(store.connection, whole, paper.number, at, actor.login, mark)
        record_made(store, actor, paper, at, language="", template="", content=sealed.hash)
        events.record(
            store.connection,
            actor,
            at,
            "sheet.seal",
            day.isoformat(),
            number=paper.number,
            hash=sealed.hash,
            mark=mark,
            rows=len(whole.rows),
            silent=[row.unit for row in whole.rows if row.silent],
            errata=[each.number for each in errata],
        )
        return DaySheet(whole, at, sealed)


def _new_errata(store: Store, at: Instant) -> list[Erratum]:
    """Return what sealed sheets say otherwise than the store does, and no sheet has said yet."""
    found: list[Erratum] = []
    year = store.today(at).year
    for day, mark in sheets.marks(store.connection):
        if sheets.mark(store.connection, day, at) == mark:
            continue
        for before, after in _since(store, day, at):
            one = after or before
            assert one is not None
            count = next_count(store.connection, f"erratum-{year}")
            found.append(Erratum(f"ER-{year}-{count:04}", day, one.unit, before, after))
    return found


def _since(store: Store, day: date, at: Instant) -> list[tuple[SheetRow | None, SheetRow | None]]:
    known = sheets.sealed(store.connection, day, at)
    assert known is not None
    stated = restated(known[0], sheets.errata_of(store.connection, day, at))
    now = standing(store, day, at).rows
    return [pair for pair in paired(stated, now) if changed(*pair)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that a sealed sheet tells otherwise than the store does; `erratum` where published."""

    row: SheetRow
    change: Changed
    erratum: str | None


def difference(store: Store, day: date, at: Instant) -> tuple[Seal, list[Difference]]:
    """Return what a day's sealed sheet says otherwise than the store at `at`; raises NotFound.

    A sealed sheet whose content no longer has its hash is Damaged.
    """
    with store.reading():
        known = sheets.sealed(store.connection, day, at)
        if known is None:
            raise NotFound("sheets.not_sealed", day=day)
        sheet, mark = known
        published = sheets.errata_of(store.connection, day, at)
        last = {each.unit: each for each in published}
        found: list[Difference] = []
        for before, after in paired(sheet.rows, standing(store, day, at).rows):
            row = after or before
            assert row is not None
            erratum = last.get(row.unit)
            said = erratum is not None and not changed(erratum.after, after)
            number = erratum.number if erratum is not None and said else None
            found += [Difference(row, change, number) for change in changed(before, after)]
        return mark, found


def listed(store: Store, at: Instant) -> list[tuple[date, Seal, int]]:
    """Return the days sealed by `at`, each with its seal and how many errata it has by then."""
    return sheets.listed(store.connection, at)
