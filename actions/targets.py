"""The four hard targets of districts, live, with what is entered and what was promised (R18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from actions.people import require_on
from actions.units import find
from actions.workflows import workflows
from domain.entered import Entered, Entry, Letter, check_entry, check_letter
from domain.errors import NotFound, Refused
from domain.findings import Finding
from domain.instants import Instant
from domain.matters import Matter, fold, merged_into
from domain.people import Actor
from domain.periods import Period
from domain.permissions import Action
from domain.reported import matched, origin_base
from domain.reports import Revision
from domain.targets import (
    COUNTED,
    Basis,
    Case,
    CaseRow,
    Reading,
    TargetKey,
    case_of,
    entered_reading,
    kept,
    read,
    rows_of,
)
from domain.units import Kind, Unit
from domain.values import dataclass
from domain.workflows import Outcome
from storage import events, matters, reports, units
from storage import targets as rows
from storage.store import Store
from storage.units import Selection

_ENTRY_OF = {
    TargetKey.TYPICAL_CASE: Entry.TYPICAL_CASE,
    TargetKey.STABILITY: Entry.STABILITY,
    TargetKey.FARMLAND: Entry.NEW_CULTIVATED,
}


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a district: the reading it is held to, and what else is said with it.

    `bases` has the readings net of what is rectified and of key projects. `entered` is the figure
    that people entered for it, `promised` the per cent of the year's letter and `kept` whether it
    is. `unsaid` counts cases of which the register does not say what the target needs, or, of
    restoring, those that were made lawful instead.
    """

    key: TargetKey
    reading: Reading
    bases: tuple[Reading, ...] = ()
    entered: Entered | None = None
    promised: Fraction | None = None
    kept: bool | None = None
    unsaid: int = 0


@dataclass(frozen=True, slots=True)
class TargetSheet:
    """A district's year as of an instant; `key_unsaid` are key projects of a level not said."""

    unit: Unit
    year: int
    targets: tuple[Target, ...]
    letter: Letter | None
    key_unsaid: int

    def target(self, key: TargetKey) -> Target:
        """Return one of the targets."""
        return next(target for target in self.targets if target.key is key)


def targets(store: Store, year: int, selection: Selection, at: Instant) -> list[TargetSheet]:
    """Return the sheet of each selected district that existed in the year, in registry order."""
    with store.reading():
        found = _districts(store, year, selection)
        by_district: dict[str, list[Case]] = defaultdict(list)
        for case in cases(store, year, at):
            by_district[case.district].append(case)
        entered = {(row.unit, row.figure): row for row in rows.entered(store.connection, year, at)}
        letters = {row.unit: row for row in rows.letters(store.connection, year, at)}
    return [
        _sheet(
            unit,
            year,
            by_district[unit.code],
            {entry: entered.get((unit.code, entry)) for entry in Entry},
            letters.get(unit.code),
        )
        for unit in found
    ]


def _districts(store: Store, year: int, selection: Selection) -> list[Unit]:
    span = Period(year)
    return [
        unit
        for unit in units.selected(store.connection, selection)
        if unit.kind is Kind.DISTRICT
        and (unit.valid_from is None or unit.valid_from <= span.last)
        and (unit.valid_to is None or span.first <= unit.valid_to)
    ]


def _sheet(
    unit: Unit,
    year: int,
    found: Sequence[Case],
    entered: Mapping[Entry, Entered | None],
    letter: Letter | None,
) -> TargetSheet:
    made = []
    for key in TargetKey:
        entry = _ENTRY_OF.get(key)
        value = entered[entry] if entry is not None else None
        if key not in COUNTED:
            reading = entered_reading(key, None if value is None else value.value)
            made.append(Target(key, reading, entered=value))
            continue
        whole = value.value if value is not None else None
        bases = [_read(key, found, year, basis, whole) for basis in Basis]
        promised = None if letter is None else letter.promises.get(key)
        made.append(
            Target(
                key,
                bases[0],
                tuple(bases[1:]),
                value,
                promised,
                None if promised is None else kept(promised, bases[0]),
                _unsaid(key, found, year),
            )
        )
    unsaid = sum(case.key_project == "yes" and case.found_on.year == year for case in found)
    return TargetSheet(unit, year, tuple(made), letter, unsaid)


def _read(
    key: TargetKey, found: Sequence[Case], year: int, basis: Basis, entered: int | None
) -> Reading:
    behind = rows_of(key, found, year, basis)
    whole = entered if key is TargetKey.FARMLAND else sum(row.whole for row in behind)
    return read(key, sum(row.part for row in behind), whole, basis)


def _unsaid(key: TargetKey, found: Sequence[Case], year: int) -> int:
    of_year = [case for case in found if case.found_on.year == year]
    if key in (TargetKey.RESTORED, TargetKey.RESTORED_AREA):
        behind = rows_of(key, found, year)
        return sum(row.case.outcome is Outcome.REGULARISED for row in behind)
    if key in (TargetKey.DEMOLISHED, TargetKey.DEMOLISHED_AREA):
        return sum(
            not case.conforms_plan and case.outcome is not Outcome.UNFOUNDED for case in of_year
        )
    return 0


def case_rows(
    store: Store,
    key: str,
    period: Period,
    unit: str,
    at: Instant,
    basis: Basis = Basis.FOUND,
) -> list[CaseRow]:
    """Return the cases behind a district's target, in order of opening; entered ones have none."""
    target = TargetKey(key)
    if target not in COUNTED:
        return []
    with store.reading():
        found = [case for case in cases(store, period.year, at) if case.district == unit]
    return rows_of(target, found, period.year, basis)


def cases(store: Store, year: int, at: Instant) -> list[Case]:
    """Return the findings' matters that may count in a year, as of `at`, in order of opening.

    A case belongs to the district in which its place lies, or else its unit; one in no district
    to none. What the report said of it, as amended by `at`, goes before what the matter says.
    """
    flow = workflows(store).get("finding")
    if flow is None:
        return []
    connection = store.connection
    span = Period(year)
    begin, end = store.zone.start_of(span.first), store.zone.end_of(span.last)
    numbers = rows.case_numbers(connection, begin, end, at)
    known = matters.by_number(connection, numbers)
    places = _Places(store)
    reported = _Reported(store, at)
    found = []
    for number in numbers:
        matter = known[number]
        district = places.district(matter.place) or places.district(matter.unit)
        told = [entry for entry in matters.entries(connection, number) if entry.at <= at]
        # What goes on under another number is counted there.
        if district is not None and not merged_into(told):
            finding = reported.finding(matter)
            found.append(case_of(matter, fold(flow, told, at), finding, district, store.today))
    return found


class _Places:
    """In which district each unit lies."""

    def __init__(self, store: Store) -> None:
        self._units = {unit.code: unit for unit in units.selected(store.connection, Selection())}

    def district(self, code: str) -> str | None:
        """Return the district that a unit is or lies in, or None."""
        unit = self._units.get(code)
        while unit is not None and unit.kind is not Kind.DISTRICT:
            unit = self._units.get(unit.parent or "")
        return None if unit is None else unit.code


class _Reported:
    """What reports said of the findings that became matters, as known at an instant."""

    def __init__(self, store: Store, at: Instant) -> None:
        self._connection = store.connection
        self._at = at
        self._days: dict[str, tuple[list[Revision], list[Matter]]] = {}

    def finding(self, matter: Matter) -> Finding | None:
        """Return the finding by the newest revision that has it; None where none opened it."""
        day, _, rest = matter.origin.partition("/")
        unit, _, number = rest.rpartition("/")
        if not unit or not number.partition("@")[0].isdigit():
            return None
        base = origin_base(unit, date.fromisoformat(day)) if _is_day(day) else ""
        if not base or unit != matter.unit:
            return None
        if base not in self._days:
            self._days[base] = (
                reports.revisions(self._connection, unit, date.fromisoformat(day), self._at),
                matters.of_origins(self._connection, base, self._at),
            )
        revisions, standing = self._days[base]
        for revision in reversed(revisions):
            findings = revision.content.findings
            known = matched([finding for finding in findings if not finding.same_as], standing)
            for finding in findings:
                own = known[finding.no].number if finding.no in known else finding.same_as
                if own == matter.number:
                    return finding
        return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def enter(
    store: Store,
    actor: Actor,
    year: int,
    unit: str,
    figure: Entry,
    value: int,
    source: str,
    as_of: date,
    at: Instant,
    *,
    note: str = "",
) -> Entered:
    """Enter a figure of a district's year, or its next revision; earlier ones stay (R18).

    Whoever supervises the district may, and an admin. Raises Refused without a source, and for a
    change without a reason.
    """
    with store.connection.writing():
        district = _district(store, unit, year, at)
        require_on(store, actor, Action.ENTER, at, district.code)
        earlier = [
            row
            for row in rows.entered(store.connection, year, _EVER, district.code)
            if row.figure is figure
        ]
        standing = earlier[-1] if earlier else None
        check_entry(value, source, as_of, note, store.today(at), standing)
        row = Entered(
            year,
            district.code,
            figure,
            len(earlier) + 1,
            value,
            source.strip(),
            as_of,
            note.strip(),
            at,
            actor.login,
            actor.real_login,
        )
        rows.add_entered(store.connection, row)
        events.record(
            store.connection,
            actor,
            at,
            "target.enter",
            district.code,
            year=year,
            figure=figure.value,
            revision=row.revision,
            before=None if standing is None else standing.value,
            value=value,
            source=row.source,
            as_of=as_of.isoformat(),
            note=row.note,
        )
    return row


def promise(
    store: Store,
    actor: Actor,
    year: int,
    unit: str,
    signed_on: date,
    signed_by: str,
    text: str,
    promises: Mapping[TargetKey, Fraction],
    at: Instant,
) -> Letter:
    """Record a district's responsibility letter of a year, or its next revision (R18)."""
    with store.connection.writing():
        district = _district(store, unit, year, at)
        require_on(store, actor, Action.ENTER, at, district.code)
        earlier = rows.letters(store.connection, year, _EVER, district.code)
        letter = Letter(
            year,
            district.code,
            len(earlier) + 1,
            signed_on,
            signed_by.strip(),
            text.strip(),
            promises,
            at,
            actor.login,
            actor.real_login,
        )
        check_letter(letter, store.today(at))
        rows.add_letter(store.connection, letter)
        events.record(
            store.connection,
            actor,
            at,
            "target.promise",
            district.code,
            year=year,
            revision=letter.revision,
            signed_on=signed_on.isoformat(),
            signed_by=letter.signed_by,
            text=letter.text,
            promises={key.value: str(percent) for key, percent in promises.items()},
        )
    return letter


def history(
    store: Store, year: int, at: Instant, unit: str | None = None
) -> tuple[list[Entered], list[Letter]]:
    """Return every revision of the figures entered for a year, and of its letters, as of `at`."""
    with store.reading():
        return (
            rows.entered(store.connection, year, at, unit),
            rows.letters(store.connection, year, at, unit),
        )


_EVER: Instant = 1 << 40


def _district(store: Store, name: str, year: int, at: Instant) -> Unit:
    unit = find(store, name, store.today(at))
    if unit.kind is not Kind.DISTRICT:
        raise Refused("target.not_a_district", unit=unit.called)
    if not _districts(store, year, Selection(unit=unit.code)):
        raise NotFound("target.not_that_year", unit=unit.called, year=year)
    return unit
