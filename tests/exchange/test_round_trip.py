"""What is exported, imported again, changes nothing: whatever the store holds, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.opening import Registry, found
from actions.registries import STANDING
from domain.areas import LandClass
from domain.findings import Finding
from domain.networks import Link, Network
from domain.people import Actor, Person, Role
from domain.reports import Content, ReportKind, Revision
from domain.schedules import Days, Exemption, LateUntil, Schedule
from domain.settings import CityRules
from domain.units import Kind, Unit
from exchange.exporting import Wanted, export_table
from exchange.importing import Order, import_file
from storage import reports
from storage.store import Store
from tests.conftest import ADMIN, AT, ZONE
from tests.exchange.conftest import OFFICE, counts
from tests.exchange.tables import FORMATS

CODES = ("CITY", "440111", "=B")
STARTS = date(2026, 11, 1)

texts = st.text(max_size=12) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "-",
        "+86 20",
        "@x",
        "\t=1",
        'a,b"c',
        "一\r\n二\r三",
        " 两端 ",
        "'",
        "a\x00b",
        "1.0",
    ]
)
words = st.text("abc=-'|白云 \"", min_size=1, max_size=6).map(str.strip).filter(bool)
days = st.dates(date(2026, 10, 25), date(2026, 11, 20))
validity = st.tuples(st.none() | days, st.none() | days).map(
    lambda pair: pair if None in pair else (min(pair), max(pair))  # type: ignore[type-var]
)
codes = st.sampled_from(CODES)


@st.composite
def findings(draw: st.DrawFn) -> tuple[Finding, ...]:
    count = draw(st.integers(0, 2))
    return tuple(
        Finding(
            number * 2 + 1,
            "位置" + draw(texts),
            draw(st.sampled_from(LandClass)),
            1200,
            draw(st.sampled_from(("", *CODES))),
            draw(texts),
            *draw(st.sampled_from(((None, None), (700, None), (1200, 600), (600, 600)))),
            draw(texts),
            draw(st.none() | st.dates(date(2000, 1, 1), date(2026, 10, 25))),
            draw(st.sampled_from(("", "yes", "no"))),
            draw(st.sampled_from(("", "yes", "no"))),
            draw(st.sampled_from(("", "national", "provincial", "yes", "no"))),
            draw(texts),
            draw(st.sampled_from(("", "", "F-2026-0113", "ABC-2026-12345"))),
        )
        for number in range(count)
    )


@st.composite
def contents(draw: st.DrawFn) -> Content:
    areas = draw(st.none() | st.tuples(st.integers(0, 9), st.integers(0, 9)))
    planned, patrolled = areas or (None, None)
    if draw(st.booleans()):
        return Content(ReportKind.ZERO, draw(texts), planned, patrolled)
    return Content(ReportKind.DAILY, "情况" + draw(texts), planned, patrolled, draw(findings()))


@st.composite
def histories(draw: st.DrawFn) -> list[Revision]:
    keys = draw(st.sets(st.tuples(codes, days), max_size=4))
    found = []
    for unit, day in sorted(keys):
        filed_at = ZONE.start_of(day)
        for number in range(1, draw(st.integers(1, 3)) + 1):
            filed_at += draw(st.sampled_from((0, 1, 3600, 86400)))
            found.append(
                Revision(
                    unit,
                    day,
                    number,
                    draw(contents()),
                    filed_at,
                    draw(st.none() | words),
                    ADMIN,
                    f"更正{number}" + draw(texts) if number > 1 else draw(texts),
                )
            )
    return found


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    units = [Unit("CITY", "市", Kind.CITY, order=0)]
    for order, code in enumerate(CODES[1:], 1):
        units.append(
            Unit(
                code,
                draw(words),
                draw(st.sampled_from(Kind)),
                draw(words),
                draw(words),
                draw(st.sampled_from((None, "CITY"))),
                aliases=tuple(
                    dict.fromkeys(
                        alias.replace("|", "").strip() or "x" for alias in draw(st.lists(words))
                    )
                ),
                source=draw(words),
                order=order,
            )
        )
    links = [
        Link(network, "CITY", target, *draw(validity))
        for network in (Network.HORIZONTAL, Network.SUPERVISION)
        for target in draw(st.sets(st.sampled_from(CODES[1:])))
    ]
    people = [
        Person(
            draw(words), draw(words), draw(codes), role, draw(words), draw(words), *draw(validity)
        )
        for role in draw(st.sets(st.sampled_from(Role)))
    ]
    people.append(Person(ADMIN, ADMIN, "CITY", Role.ADMIN))
    schedules = [
        Schedule(
            code,
            draw(st.sampled_from((Days.DAILY, Days.WORKDAYS))),
            draw(st.none() | st.sampled_from((time(9, 30), time(0)))),
            draw(
                st.none()
                | st.sampled_from(
                    (LateUntil(0, time(23, 59, 59)), LateUntil(1, time(12)), LateUntil(0, time(20)))
                )
            ),
            *draw(validity),
        )
        for code in draw(st.sets(codes))
    ]
    exemptions = [
        Exemption(code, first, first + timedelta(days=draw(st.integers(0, 9))), draw(words))
        for code, first in sorted(draw(st.sets(st.tuples(codes, days), max_size=3)))
    ]
    return Registry(units, links, people, schedules, exemptions)


@contextmanager
def founded(registry: Registry, folder: str, name: str) -> Iterator[Store]:
    office = Actor(ADMIN, ADMIN, "host")
    path = Path(folder) / f"{name}.db"
    with found(path, registry, CityRules(), STARTS, office, AT) as store:
        yield store


def take(store: Store, kind: str, file: str, findings: str | None = None) -> tuple[int, ...]:
    done = import_file(store, OFFICE, Order(kind, file, findings), AT)
    assert done.outcome.problems == ()
    return counts(done)


def give(store: Store, kind: str, file: str) -> int:
    return export_table(store, Wanted(kind, contacts=kind == "people"), file)


untimed = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", FORMATS)
@untimed
@given(histories())
def test_reports_and_findings(form: str, history: list[Revision]) -> None:
    units = [Unit(code, code, Kind.DISTRICT, order=order) for order, code in enumerate(CODES)]
    registry = Registry(units)
    with TemporaryDirectory() as folder:
        names = [f"{folder}/{kind}.{form}" for kind in ("reports", "findings")]
        with founded(registry, folder, "one") as store:
            with store.connection.writing():
                reports.add(store.connection, history)
            sizes = [
                give(store, kind, name)
                for kind, name in zip(("reports", "findings"), names, strict=True)
            ]
            assert sizes[0] == len(history)
            assert take(store, "reports", names[0]) == (0, 0, sizes[0], 0)
            assert take(store, "findings", names[1]) == (0, 0, sizes[1], 0)
            assert take(store, "reports", *names) == (0, 0, sum(sizes), 0)
        with founded(registry, folder, "two") as other:
            new, amended, *rest = take(other, "reports", *names)
            assert (new + amended, *rest) == (sum(sizes), 0, 0)
            for kind, name in zip(("reports", "findings"), names, strict=True):
                give(other, kind, f"{folder}/again.{form}")
                if form != "xlsx":
                    again = Path(f"{folder}/again.{form}").read_bytes()
                    assert again == Path(name).read_bytes()
            assert take(other, "reports", *names) == (0, 0, sum(sizes), 0)


@pytest.mark.parametrize("form", FORMATS)
@untimed
@given(registries())
def test_registry(form: str, registry: Registry) -> None:
    kinds = list(STANDING)
    with TemporaryDirectory() as folder:
        with founded(registry, folder, "one") as store:
            for kind in kinds:
                size = give(store, kind, f"{folder}/{kind}.{form}")
                assert take(store, kind, f"{folder}/{kind}.{form}") == (0, 0, size, 0)
        with founded(Registry(registry.units[:1]), folder, "two") as other:
            for kind in kinds:
                take(other, kind, f"{folder}/{kind}.{form}")
                again = f"{folder}/again.csv"
                give(other, kind, again)
                take(other, kind, again)
                with founded(registry, folder, f"three-{kind}") as third:
                    assert take(third, kind, again)[:2] == (0, 0)
