"""Targets of districts: whose ground, which report, what is entered, and letters (R16, R18)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from actions.matter_ends import close, reopen
from actions.matters import Subject, open_matter
from actions.reporting import file
from actions.targets import TargetSheet, case_rows, cases, enter, history, promise, targets
from domain.areas import LandClass
from domain.entered import Entry
from domain.errors import NotFound
from domain.findings import Finding
from domain.instants import Instant
from domain.periods import Period
from domain.reports import Content, ReportKind
from domain.targets import COUNTED, Basis, TargetKey
from domain.workflows import Outcome
from storage import events
from storage.store import Store
from storage.units import Selection
from tests.matters_city import (
    ADMIN,
    AT,
    DAY,
    TODAY,
    finding,
    new_city,
    on,
    refused,
    through,
    untouched,
    who,
)

YEAR = Period(2026)
END = on("2026-12-31 12:00")
SITE = Finding(
    1,
    "村口",
    LandClass.CULTIVATED,
    1240,
    place="T1",
    cultivated_area=900,
    conforms_plan="no",
    key_project="national",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def held(store: Store, unit: str = "D1", at: Instant = END, year: int = 2026) -> TargetSheet:
    return targets(store, year, Selection(unit=unit), at)[0]


def shares(store: Store, key: TargetKey, unit: str = "D1", at: Instant = END) -> object:
    reading = held(store, unit, at).target(key).reading
    return reading.part, reading.whole


def report(store: Store, *found: Finding, unit: str = "D1", at: Instant = AT) -> None:
    """File a daily report of today with findings, which opens their matters."""
    file(store, ADMIN, unit, TODAY, Content(ReportKind.DAILY, "", findings=found), at)


def to_filed(store: Store, number: str, at: Instant = AT + 60) -> None:
    through(store, number, "stop", "verify", "file", at=at)


def to_closed(store: Store, number: str, outcome: Outcome, at: Instant = AT + 60) -> None:
    to_filed(store, number, at)
    through(store, number, "decide", "rectify", at=at)
    close(store, who("d1b"), number, outcome, "照片", at)


# -- which district, which report --------------------------------------------------------------


def test_a_case_belongs_to_the_district_on_whose_ground_it_lies(store: Store) -> None:
    about = Subject("推土", place="T2")
    open_matter(store, who("land"), "finding", "LAND", about, AT)
    finding(store, place="T1")
    finding(store)
    finding(store, unit="LAND", login="land")
    found = [(case.number, case.district) for case in cases(store, 2026, END)]
    assert found == [("F-2026-0001", "D2"), ("F-2026-0002", "D1"), ("F-2026-0003", "D1")]


def test_what_the_report_said_reaches_the_case(store: Store) -> None:
    report(store, SITE)
    (case,) = cases(store, 2026, END)
    assert (case.area, case.cultivated, case.agricultural) == (1240, 900, 1240)
    assert (case.conforms_plan, case.key_project) == ("no", "national")


def test_an_amendment_reaches_it_from_its_own_instant_on(store: Store) -> None:
    report(store, SITE)
    amended = replace(SITE, area=1000, cultivated_area=700, key_project="no", conforms_plan="yes")
    content = Content(ReportKind.DAILY, "", findings=(amended,))
    file(store, ADMIN, "D1", TODAY, content, AT + 3600, reason="复测", amending=True)
    (before,) = cases(store, 2026, AT + 60)
    (after,) = cases(store, 2026, END)
    assert (before.cultivated, before.key_project) == (900, "national")
    assert (after.cultivated, after.key_project, after.conforms_plan) == (700, "no", "yes")


def test_a_finding_amended_away_keeps_what_was_last_said_of_it(store: Store) -> None:
    report(store, SITE, replace(SITE, no=2, location="河边", cultivated_area=100))
    content = Content(ReportKind.DAILY, "", findings=(SITE,))
    file(store, ADMIN, "D1", TODAY, content, AT + 3600, reason="误报一处", amending=True)
    assert [case.cultivated for case in cases(store, 2026, END)] == [900, 100]


def test_what_goes_on_under_another_number_counts_there_alone(store: Store) -> None:
    number = finding(store, unit="T1", login="t1", place="T1", location="村口").number
    report(store, SITE)
    assert len(cases(store, 2026, AT + 60)) == 2
    same = replace(SITE, same_as=number)
    content = Content(ReportKind.DAILY, "", findings=(same,))
    file(store, ADMIN, "D1", TODAY, content, AT + 3600, reason="同一宗", amending=True)
    assert [case.number for case in cases(store, 2026, END)] == [number]
    assert len(cases(store, 2026, AT + 60)) == 2


def test_other_workflows_are_no_cases(store: Store) -> None:
    for workflow in ("lead", "satellite"):
        open_matter(store, ADMIN, workflow, "D1", Subject("x", place="T1"), AT)
    assert cases(store, 2026, END) == []


# -- the figures -------------------------------------------------------------------------------


def test_a_district_from_its_first_case_to_its_last(store: Store) -> None:
    assert held(store).target(TargetKey.CLOSING).reading.met is None
    numbers = [finding(store, place="T1", land_class="cultivated", area=100).number]
    numbers += [finding(store, title=f"违建 {n}", location=f"{n} 号").number for n in range(9)]
    assert shares(store, TargetKey.FILING) == (0, 10)
    for number in numbers:
        to_filed(store, number)
    assert shares(store, TargetKey.FILING) == (10, 10)
    reading = held(store).target(TargetKey.CLOSING).reading
    assert (reading.part, reading.whole, reading.distance) == (0, 10, 9)
    for number in numbers[:9]:
        through(store, number, "decide", "rectify", at=AT + 120)
        close(store, who("d1b"), number, Outcome.RESTORED, "照片", AT + 120)
    reading = held(store).target(TargetKey.CLOSING).reading
    assert (reading.part, reading.whole, reading.met) == (9, 10, True)
    assert shares(store, TargetKey.INVESTIGATION) == (9, 10)
    # One that is opened again is not closed.
    reopen(store, who("d1h"), numbers[0], "rectify", "反弹", AT + 180)
    assert held(store).target(TargetKey.CLOSING).reading.met is False
    assert shares(store, TargetKey.RESTORED) == (0, 1)
    assert shares(store, TargetKey.CLOSING, at=AT + 150) == (9, 10)


def test_rows_add_up_on_every_basis(store: Store) -> None:
    report(store, SITE, replace(SITE, no=2, location="河边", key_project="no"))
    first, second = (case.number for case in cases(store, 2026, END))
    to_closed(store, first, Outcome.RESTORED)
    to_filed(store, second)
    sheet = held(store)
    for key in COUNTED:
        target = sheet.target(key)
        for reading in (target.reading, *target.bases):
            rows = case_rows(store, key, YEAR, "D1", END, reading.basis)
            assert sum(row.part for row in rows) == reading.part
            if key is not TargetKey.FARMLAND:
                assert sum(row.whole for row in rows) == reading.whole
    net = {reading.basis: reading for reading in sheet.target(TargetKey.FARMLAND).bases}
    assert sheet.target(TargetKey.FARMLAND).reading.part == 1800
    assert net[Basis.NET_RECTIFIED].part == 900
    assert net[Basis.NET_KEY].part == 900
    assert net[Basis.NET_BOTH].part == 900
    assert case_rows(store, TargetKey.STABILITY, YEAR, "D1", END) == []


def test_what_is_not_said_is_said(store: Store) -> None:
    report(store, replace(SITE, conforms_plan="", key_project="yes"))
    (case,) = cases(store, 2026, END)
    sheet = held(store)
    assert sheet.key_unsaid == 1
    assert sheet.target(TargetKey.DEMOLISHED).unsaid == 1
    to_closed(store, case.number, Outcome.REGULARISED)
    assert held(store).target(TargetKey.RESTORED).unsaid == 1


def test_a_case_of_last_year_filed_in_this_one(store: Store) -> None:
    at = on("2026-12-30 10:00")
    number = finding(store, at).number
    through(store, number, "stop", "verify", at=at + 60)
    through(store, number, "file", at=on("2027-01-04 10:00"))
    after = on("2027-02-01 10:00")
    assert shares(store, TargetKey.CLOSING, at=after) == (0, 0)
    assert held(store, at=after, year=2027).target(TargetKey.CLOSING).reading.whole == 1
    assert held(store, at=after, year=2027).target(TargetKey.FILING).reading.whole == 0
    assert held(store, at=after).target(TargetKey.FILING).reading.part == 1


def test_districts_of_the_year_alone(store: Store) -> None:
    assert [sheet.unit.code for sheet in targets(store, 2026, Selection(), END)] == ["D1", "D2"]
    old = [sheet.unit.code for sheet in targets(store, 2014, Selection(), END)]
    assert old == ["D1", "D2", "OLD"]
    assert targets(store, 2026, Selection(unit="POWER"), END) == []


# -- what is entered ---------------------------------------------------------------------------


def put(
    store: Store, figure: Entry, value: int, at: Instant = AT, login: str = "sup", **more: object
) -> object:
    return enter(
        store,
        who(login),
        2026,
        str(more.pop("unit", "D1")),
        figure,
        value,
        str(more.pop("source", "统计月报")),
        TODAY,
        at,
        note=str(more.pop("note", "")),
    )


def test_exactly_fifteen_per_cent_by_the_store(store: Store) -> None:
    report(store, replace(SITE, cultivated_area=1200))
    for place, (value, met, touched) in enumerate(
        [(8001, True, False), (8000, True, True), (7999, False, True)]
    ):
        at = AT + 60 * (place + 1)
        put(store, Entry.NEW_CULTIVATED, value, at, note="更正")
        found = held(store, at=at).target(TargetKey.FARMLAND)
        assert (found.reading.met, found.reading.touched) == (met, touched)
        assert found.entered is not None
        assert (found.entered.revision, found.entered.value) == (place + 1, value)
    # Every day still reads as it did.
    assert held(store, at=AT + 119).target(TargetKey.FARMLAND).reading.whole == 8001
    figures, _ = history(store, 2026, END, "D1")
    assert [row.value for row in figures] == [8001, 8000, 7999]


def test_an_entry_is_recorded_with_before_and_after(store: Store) -> None:
    put(store, Entry.TYPICAL_CASE, 0)
    put(store, Entry.TYPICAL_CASE, 1, AT + 60, note="省厅通报")
    detail = events.of_subject(store.connection, "D1")[-1].detail
    assert (detail["before"], detail["value"], detail["note"]) == (0, 1, "省厅通报")
    assert held(store).target(TargetKey.TYPICAL_CASE).reading.met is False


@pytest.mark.parametrize("login", ["d1", "d1h", "d1v", "disc", "power"])
def test_only_who_supervises_a_district_enters(store: Store, login: str) -> None:
    def act() -> None:
        key = refused(put, store, Entry.STABILITY, 1, login=login)
        assert key == "errors.not_allowed_unit"

    untouched(store, act)
    put(store, Entry.STABILITY, 1, login="landsup")
    # LAND supervises D1, and not D2.
    key = refused(put, store, Entry.STABILITY, 1, login="landsup", unit="D2")
    assert key == "errors.not_allowed_unit"


def test_what_may_not_be_entered(store: Store) -> None:
    assert refused(put, store, Entry.STABILITY, 1, unit="T1") == "target.not_a_district"
    assert refused(put, store, Entry.STABILITY, 1, source=" ") == "target.source_missing"
    put(store, Entry.STABILITY, 1)
    assert refused(put, store, Entry.STABILITY, 0, AT + 60) == "target.note_missing"
    key = refused(
        enter,
        store,
        ADMIN,
        2026,
        "OLD",
        Entry.STABILITY,
        1,
        "文",
        TODAY,
        AT,
        error=NotFound,
    )
    assert key == "target.not_that_year"


# -- letters -----------------------------------------------------------------------------------


def test_a_letter_is_held_to(store: Store) -> None:
    promises = {TargetKey.CLOSING: Fraction(92), TargetKey.FARMLAND: Fraction(25, 2)}
    promise(store, who("sup"), 2026, "D1", TODAY, "区长", "守住耕地", promises, AT)
    target = held(store).target(TargetKey.CLOSING)
    assert (target.promised, target.kept) == (Fraction(92), None)
    number = finding(store, AT + 60).number
    to_filed(store, number, AT + 120)
    assert held(store).target(TargetKey.CLOSING).kept is False
    through(store, number, "decide", "rectify", at=AT + 180)
    close(store, who("d1b"), number, Outcome.DEMOLISHED, "照片", AT + 240)
    assert held(store).target(TargetKey.CLOSING).kept is True
    again = promise(store, ADMIN, 2026, "D1", TODAY, "区长", "", {TargetKey.CLOSING: 95}, AT + DAY)  # type: ignore[dict-item]
    assert again.revision == 2
    sheet = held(store)
    assert sheet.letter is not None
    assert sheet.letter.promises == {TargetKey.CLOSING: Fraction(95)}
    assert held(store, at=AT + DAY - 1).letter is not None
    earlier = held(store, at=AT + DAY - 1).letter
    assert earlier is not None
    assert earlier.promises == promises
    _, letters = history(store, 2026, END)
    assert [row.revision for row in letters] == [1, 2]
