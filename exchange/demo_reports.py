"""Sixty days of sample reports: what would have been filed, by whom, and when.

Every unit's day has a generator of its own, seeded by the day and the unit, so the same day reads
the same whenever the demo is made; what would be filed after `at` is not there yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from random import Random

from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Instant
from domain.reports import Content, ReportKind, Revision
from domain.schedules import Exemption, Schedule, Window, expected
from domain.settings import CityRules
from domain.units import Kind, Unit, children_of
from domain.values import dataclass
from exchange import demo_texts as texts

_MINUTE, _HOUR = 60, 3600
_ZERO_SHARE = 0.72
_PARTIAL_SHARE = 0.08
_AMENDED_SHARE = 0.03
_LAND = (
    LandClass.CULTIVATED,
    LandClass.OTHER_AGRICULTURAL,
    LandClass.OTHER_AGRICULTURAL,
    LandClass.CONSTRUCTION,
    LandClass.UNUSED,
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the sample reports are made from.

    `filers` are each unit's logins, the usual one first; who may key for others is `proxy`.
    On the days of `silent` nobody files; on those of `prompt` somebody does, in time.
    """

    units: Sequence[Unit]
    schedules: Mapping[str, Sequence[Schedule]]
    exemptions: Mapping[str, Sequence[Exemption]]
    rules: CityRules
    starts: date
    filers: Mapping[str, Sequence[str]]
    proxy: str
    silent: Collection[tuple[str, date]]
    prompt: Collection[tuple[str, date]]


def sample_reports(sample: Sample, at: Instant) -> Iterator[Revision]:
    """Yield every revision filed up to `at`, first revisions before their amendments."""
    rules = sample.rules
    reporting, calendar = rules.reporting(), rules.calendar()
    today = reporting.zone.day_of(at)
    towns = _towns(sample.units)
    for unit in sample.units:
        rows = sample.schedules.get(unit.code, ())
        free = sample.exemptions.get(unit.code, ())
        for number in range((today - sample.starts).days + 1):
            day = sample.starts + timedelta(days=number)
            window = expected(unit, day, rows, reporting, calendar, sample.starts)
            if window is None or (unit.code, day) in sample.silent:
                continue
            if not any(row.covers(day) for row in free):
                for revision in _revisions(sample, unit, day, window, towns):
                    if revision.filed_at <= at:
                        yield revision


def _towns(units: Sequence[Unit]) -> dict[str, list[Unit]]:
    """Return the places that a unit's reports speak of: towns, or a department's districts."""
    children = children_of(units)
    found: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.kind is Kind.DISTRICT:
            found[unit.code] = children.get(unit.code, [unit])
        elif unit.kind is Kind.DEPARTMENT:
            among = children.get(unit.parent, [])
            found[unit.code] = [near for near in among if near.kind is Kind.DISTRICT]
    return found


def _revisions(
    sample: Sample, unit: Unit, day: date, window: Window, towns: Mapping[str, list[Unit]]
) -> Iterator[Revision]:
    rng = Random(f"{day}{unit.code}")
    filed_at = _filed_at(sample, rng, unit, day, window)
    if filed_at is None:
        return
    places = [place for place in towns.get(unit.code, []) if place.valid_on(day)] or [unit]
    content = _content(rng, unit, day, places)
    filers = sample.filers.get(unit.code) or (sample.proxy,)
    filer = filers[0] if rng.random() < 0.88 else rng.choice(filers)
    keyed_by = sample.proxy if rng.random() < 0.02 else filer
    first = Revision(unit.code, day, 1, content, filed_at, filer, keyed_by)
    yield first
    amended_at = _amended_at(sample, rng, filed_at)
    if rng.random() < _AMENDED_SHARE and amended_at <= window.locks_at:
        changed, reason = _amended(rng, unit, day, content, places)
        yield replace(first, number=2, content=changed, filed_at=amended_at, reason=reason)


def _filed_at(sample: Sample, rng: Random, unit: Unit, day: date, window: Window) -> Instant | None:
    """Return when the day's first report was filed, None for a day that was let pass."""
    # Some units are more careful than others, and stay so.
    care = Random(unit.code).choice((0.3, 0.6, 1.0, 1.0, 1.6, 2.6))
    luck = 1.0 if (unit.code, day) in sample.prompt else rng.random() / care
    if luck < 0.014:
        return None
    if luck < 0.034:
        return _made_up_at(sample, rng, day, window)
    if luck < 0.07 and window.missed_at > window.due_at:
        evening = min(5 * _HOUR, window.missed_at - window.due_at)
        return window.due_at + rng.randint(1, evening)
    # Most file in the last two hours, some at any time since the morning.
    early = 8 * _HOUR if rng.random() < 0.2 else 2 * _HOUR
    return max(window.opened_at, window.due_at - rng.randint(2 * _MINUTE, early))


def _made_up_at(sample: Sample, rng: Random, day: date, window: Window) -> Instant | None:
    """Return a morning after the late window and before the lock, None where there is none."""
    zone = sample.rules.zone()
    clock = time(rng.randint(8, 10), rng.randint(0, 59), rng.randint(0, 59))
    for after in range(rng.randint(1, 3), sample.rules.backfill_days + 1):
        morning = zone.at(day + timedelta(days=after), clock)
        if window.missed_at < morning <= window.locks_at:
            return morning
    return None


def _amended_at(sample: Sample, rng: Random, filed_at: Instant) -> Instant:
    """Return a little later, or the next morning."""
    if rng.random() < 0.5:
        return filed_at + rng.randint(40 * _MINUTE, 3 * _HOUR)
    zone = sample.rules.zone()
    clock = time(rng.randint(9, 11), rng.randint(0, 59), rng.randint(0, 59))
    return zone.at(zone.day_of(filed_at) + timedelta(days=1), clock)


def _content(rng: Random, unit: Unit, day: date, places: Sequence[Unit]) -> Content:
    place = rng.choice(places)
    zero = rng.random() < _ZERO_SHARE
    if unit.kind is Kind.DEPARTMENT:
        if zero:
            return Content(ReportKind.ZERO)
        return Content(ReportKind.DAILY, texts.duty_account(rng, unit.code, place.name))
    planned = Random(f"areas {unit.code}").randint(4, 9)
    if zero:
        if rng.random() < _PARTIAL_SHARE:
            note = rng.choice(texts.PARTIAL_NOTES).format(place=place.name)
            return Content(ReportKind.ZERO, note, planned, planned - rng.randint(1, 2))
        return Content(ReportKind.ZERO, rng.choice(texts.ZERO_NOTES), planned, planned)
    if rng.random() < 0.45:
        account = texts.revisit_account(rng, place.name)
        return Content(ReportKind.DAILY, account, planned, planned)
    found = tuple(
        _finding(rng, number, rng.choice(places), day) for number in range(1, rng.choice((2, 2, 3)))
    )
    account = texts.findings_account(rng, planned, len(found))
    return Content(ReportKind.DAILY, account, planned, planned, found)


def _finding(rng: Random, number: int, place: Unit, day: date) -> Finding:
    area = rng.choice((rng.randint(80, 900), rng.randint(900, 6000)))
    land = rng.choice(_LAND)
    cultivated = basic = None
    if land is LandClass.CULTIVATED:
        cultivated = area if rng.random() < 0.6 else area * 2 // 3
        basic = cultivated // 2 if rng.random() < 0.3 else 0
    return Finding(
        number,
        place.name + rng.choice(texts.SPOTS),
        land,
        area,
        place=place.code,
        party=rng.choice(texts.PARTIES),
        cultivated_area=cultivated,
        basic_farmland_area=basic,
        use=rng.choice(texts.USES),
        existed_since=day - timedelta(days=rng.choice((0, 0, 1, 2, 5))),
        conforms_plan=rng.choice(("yes", "no", "no")),
        approved="no",
        key_project="provincial" if rng.random() < 0.05 else "no",
        source=rng.choice(texts.SOURCES),
    )


def _amended(
    rng: Random, unit: Unit, day: date, content: Content, places: Sequence[Unit]
) -> tuple[Content, str]:
    """Return what an amendment makes of a report, and its reason."""
    if content.findings:
        last = content.findings[-1]
        measured = replace(last, area=last.area + rng.randint(20, 400))
        return (
            replace(content, findings=(*content.findings[:-1], measured)),
            rng.choice(texts.REASONS_AREA),
        )
    if content.kind is ReportKind.DAILY:
        text = content.summary + rng.choice(texts.SUPPLEMENTS)
        return replace(content, summary=text), rng.choice(texts.REASONS_TEXT)
    if content.partial:
        return (
            replace(content, areas_patrolled=content.areas_planned),
            rng.choice(texts.REASONS_COUNT),
        )
    if unit.kind is Kind.DEPARTMENT:
        account = texts.duty_account(rng, unit.code, rng.choice(places).name)
        return Content(ReportKind.DAILY, account), texts.REASON_LATER
    found = (_finding(rng, 1, rng.choice(places), day),)
    account = texts.findings_account(rng, content.areas_patrolled or 0, 1)
    daily = replace(content, kind=ReportKind.DAILY, summary=account, findings=found)
    return daily, rng.choice(texts.REASONS_ZERO)
