"""The four hard targets and the two without exception, by exact integers (R18).

The regime names the rates without saying what is counted; what is counted here is said at each
function, and is a local default. Cases are the matters of findings on a district's ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction

from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Instant
from domain.matters import Matter, MatterState
from domain.values import dataclass
from domain.workflows import Outcome

CITY_FARMLAND_PERCENT = 15
"""The city's target is at most this, and the national line is at least this: one number, R18."""


class TargetKey(StrEnum):
    """The targets, in the order of a sheet."""

    FILING = "filing"
    INVESTIGATION = "investigation"
    CLOSING = "closing"
    FARMLAND = "farmland"
    TYPICAL_CASE = "typical_case"
    STABILITY = "stability"
    RESTORED = "restored"
    RESTORED_AREA = "restored_area"
    DEMOLISHED = "demolished"
    DEMOLISHED_AREA = "demolished_area"


COUNTED = tuple(
    key for key in TargetKey if key not in (TargetKey.TYPICAL_CASE, TargetKey.STABILITY)
)
"""The targets that are computed; the other two are entered."""
IN_AREA = (TargetKey.FARMLAND, TargetKey.RESTORED_AREA, TargetKey.DEMOLISHED_AREA)
"""Those in square metres; the others are cases."""
AT_LEAST: Mapping[TargetKey, int] = {
    TargetKey.FILING: 100,
    TargetKey.INVESTIGATION: 100,
    TargetKey.CLOSING: 90,
    TargetKey.RESTORED: 100,
    TargetKey.RESTORED_AREA: 100,
    TargetKey.DEMOLISHED: 100,
    TargetKey.DEMOLISHED_AREA: 100,
}
"""The per cent that a rate has to reach."""


class Basis(StrEnum):
    """What is left out: nothing, what is rectified, key projects, or both."""

    FOUND = "found"
    NET_RECTIFIED = "net_rectified"
    NET_KEY = "net_key"
    NET_BOTH = "net_both"


@dataclass(frozen=True, slots=True)
class Case:
    """A finding's matter as of an instant, as the targets look at it; areas in m² (R16).

    `agricultural` and `cultivated` are parts of `area`; `conforms_plan` is `yes`, `no` or blank,
    `key_project` `national`, `provincial`, `yes`, `no` or blank.
    """

    number: str
    district: str
    title: str
    found_on: date
    filed_on: date | None = None
    decided: bool = False
    rectified: bool = False
    closed: bool = False
    outcome: Outcome | None = None
    area: int = 0
    cultivated: int = 0
    agricultural: int = 0
    conforms_plan: str = ""
    key_project: str = ""

    def within(self, basis: Basis) -> bool:
        """Return whether the case counts on a basis.

        A key project whose level is not said (`yes`) is not a national or provincial one.
        """
        if basis in (Basis.NET_RECTIFIED, Basis.NET_BOTH) and self.rectified:
            return False
        net = basis in (Basis.NET_KEY, Basis.NET_BOTH)
        return not (net and self.key_project in ("national", "provincial"))


def case_of(
    matter: Matter,
    state: MatterState,
    finding: Finding | None,
    district: str,
    day_of: Callable[[Instant], date],
) -> Case:
    """Return a matter as a case; `finding` is the report's, as it was known, None without one.

    Where no cultivated area was given, all of a cultivated plot is cultivated.
    """
    land = matter.land_class if finding is None else finding.land_class.value
    area = (matter.area or 0) if finding is None else finding.area
    cultivated = None if finding is None else finding.cultivated_area
    if cultivated is None:
        cultivated = area if land == LandClass.CULTIVATED else 0
    whole = land in (LandClass.CULTIVATED, LandClass.OTHER_AGRICULTURAL)
    filed = state.reached.get("filed")
    return Case(
        matter.number,
        district,
        matter.title,
        day_of(matter.opened_at),
        None if filed is None else day_of(filed),
        "decided" in state.reached,
        "rectified" in state.reached,
        state.closed_at is not None,
        state.outcome,
        area,
        cultivated,
        area if whole else cultivated,
        "" if finding is None else finding.conforms_plan,
        "" if finding is None else finding.key_project,
    )


def _filing(case: Case) -> tuple[int, int] | None:
    """Filed of what had to be filed: all found but the unfounded and what went elsewhere."""
    if case.outcome is Outcome.UNFOUNDED:
        return None
    if case.outcome is Outcome.TRANSFERRED and case.filed_on is None:
        return None
    return int(case.filed_on is not None), 1


def _investigation(case: Case) -> tuple[int, int] | None:
    """Decided or handed over, of all found but the unfounded."""
    if case.outcome is Outcome.UNFOUNDED:
        return None
    return int(case.decided or case.outcome is Outcome.TRANSFERRED), 1


def _closing(case: Case) -> tuple[int, int] | None:
    """Closed of those filed in the year."""
    return int(case.closed), 1


def _farmland(case: Case) -> tuple[int, int] | None:
    """Illegally occupied cultivated land; what it is a part of is entered."""
    if case.outcome is Outcome.UNFOUNDED or not case.cultivated:
        return None
    return case.cultivated, 0


def _restored(case: Case) -> tuple[int, int] | None:
    """Restored of the cases on agricultural land."""
    if case.outcome is Outcome.UNFOUNDED or not case.agricultural:
        return None
    return int(case.outcome is Outcome.RESTORED), 1


def _demolished(case: Case) -> tuple[int, int] | None:
    """Demolished, or restored, which takes it, of the cases not in line with the plan."""
    if case.outcome is Outcome.UNFOUNDED or case.conforms_plan != "no":
        return None
    return int(case.outcome in (Outcome.DEMOLISHED, Outcome.RESTORED)), 1


def _by_area(
    count: Callable[[Case], tuple[int, int] | None], area: Callable[[Case], int]
) -> Callable[[Case], tuple[int, int] | None]:
    def counted(case: Case) -> tuple[int, int] | None:
        found = count(case)
        return None if found is None else (found[0] * area(case), found[1] * area(case))

    return counted


_COUNT: Mapping[TargetKey, Callable[[Case], tuple[int, int] | None]] = {
    TargetKey.FILING: _filing,
    TargetKey.INVESTIGATION: _investigation,
    TargetKey.CLOSING: _closing,
    TargetKey.FARMLAND: _farmland,
    TargetKey.RESTORED: _restored,
    TargetKey.RESTORED_AREA: _by_area(_restored, lambda case: case.agricultural),
    TargetKey.DEMOLISHED: _demolished,
    TargetKey.DEMOLISHED_AREA: _by_area(_demolished, lambda case: case.area),
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case behind a target: what it adds to x and to y."""

    case: Case
    part: int
    whole: int


def rows_of(
    key: TargetKey, cases: Iterable[Case], year: int, basis: Basis = Basis.FOUND
) -> list[CaseRow]:
    """Return the cases behind a target of a year; their parts and wholes add up to it.

    A closing rate is of what was filed in the year, the others of what was found in it.
    """
    found: list[CaseRow] = []
    for case in cases:
        day = case.filed_on if key is TargetKey.CLOSING else case.found_on
        if day is None or day.year != year or not case.within(basis):
            continue
        counted = _COUNT[key](case)
        if counted is not None:
            found.append(CaseRow(case, *counted))
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """x of y, held to its line; `whole` is None where it was not entered.

    `met` is None where there is no value. `touched`: the national farmland line is reached.
    `distance` is, short of the line, what is missing to it, or for farmland what is left before it
    is touched; `over` the m² above the farmland target.
    """

    key: TargetKey
    basis: Basis
    part: int
    whole: int | None
    met: bool | None
    touched: bool = False
    distance: int = 0
    over: int = 0

    @property
    def rate(self) -> Fraction | None:
        """Return x/y exactly, None where there is no y."""
        return Fraction(self.part, self.whole) if self.whole else None


def read(key: TargetKey, part: int, whole: int | None, basis: Basis = Basis.FOUND) -> Reading:
    """Return a figure held to its target, without any rounding (R18).

    At exactly 15 % of farmland the target is met and the national line is touched.
    """
    if not whole:
        return Reading(key, basis, part, whole, None)
    if key is TargetKey.FARMLAND:
        line = CITY_FARMLAND_PERCENT * whole
        return Reading(
            key,
            basis,
            part,
            whole,
            100 * part <= line,
            100 * part >= line,
            max(0, -(-line // 100) - part),
            max(0, part - line // 100),
        )
    line = AT_LEAST[key] * whole
    return Reading(
        key, basis, part, whole, 100 * part >= line, distance=max(0, -(-line // 100) - part)
    )


def kept(promise: Fraction, reading: Reading) -> bool | None:
    """Return whether a promised per cent is kept: at most it of farmland, at least it else."""
    if reading.rate is None:
        return None
    if reading.key is TargetKey.FARMLAND:
        return 100 * reading.rate <= promise
    return 100 * reading.rate >= promise


def entered_reading(key: TargetKey, value: int | None) -> Reading:
    """Return a target that is entered: not named a typical case (0), stability kept (1)."""
    if value is None:
        return Reading(key, Basis.FOUND, 0, None, None)
    met = value == int(key is TargetKey.STABILITY)
    return Reading(key, Basis.FOUND, int(met), 1, met)
