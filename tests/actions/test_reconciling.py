"""Zeros that others contradict, blind spots, disagreements, and what nobody is there for (R17)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.matter_ends import close
from actions.matters import Subject, do_step, open_matter, show
from actions.overdue import overdue
from actions.people import save_people, set_stand_in
from actions.reconciling import (
    Contradiction,
    blind_spots,
    coming_gaps,
    contradictions,
    disagreements,
    explain_zero,
    reconcile,
    unasked,
    unexplained,
)
from actions.reporting import file, file_zero
from actions.schedules import adopt_rules, save_exemptions
from domain.areas import LandClass
from domain.errors import NotFound
from domain.findings import Finding
from domain.instants import Instant
from domain.networks import Network
from domain.people import Person, Role, StandIn
from domain.reports import Content, ReportKind
from domain.schedules import Exemption
from domain.workflows import Outcome
from storage.store import Store
from storage.units import Selection
from tests.matters_city import (
    ADMIN,
    AT,
    DAY,
    HOUR,
    TODAY,
    ZONE,
    finding,
    new_city,
    on,
    refused,
    who,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def zero(store: Store, unit: str, day: date = TODAY, at: Instant = AT) -> None:
    file_zero(store, ADMIN, unit, day, at)


def found(
    store: Store, first: date = TODAY, last: date = TODAY, at: Instant = AT + DAY
) -> list[tuple[str, str, str]]:
    rows = contradictions(store, first, last, Selection(), at)
    return [(row.unit.code, row.day.isoformat()[5:], row.matter.number) for row in rows]


def lead(
    store: Store, workflow: str = "lead", unit: str = "D1", place: str = "T1", **about: object
) -> str:
    subject = replace(Subject("举报填塘", place=place, existed_since=TODAY), **about)  # type: ignore[arg-type]
    return open_matter(store, who("land"), workflow, unit, subject, AT, issuer="LAND").number


# Who contradicts whom.


@pytest.mark.parametrize("workflow", ["lead", "satellite"])
def test_a_lead_or_a_patch_contradicts_the_zero_of_its_own_unit(
    store: Store, workflow: str
) -> None:
    zero(store, "D1")
    number = lead(store, workflow)
    assert found(store) == [("D1", "11-23", number)]


@pytest.mark.parametrize("workflow", ["petition", "proposal"])
def test_other_matters_say_nothing_of_the_ground(store: Store, workflow: str) -> None:
    zero(store, "D1")
    lead(store, workflow)
    assert found(store) == []


def test_its_own_finding_does_not_speak_against_a_unit(store: Store) -> None:
    zero(store, "D1")
    finding(store, place="D1", existed_since=TODAY)
    finding(store, place="T1", existed_since=TODAY)
    assert found(store) == []


def test_another_units_finding_does(store: Store) -> None:
    for unit in ("D1", "T1", "T1B", "D2"):
        zero(store, unit)
    # The town found it: the district's zero is contradicted, the town's own is not.
    number = finding(store, unit="T1", login="t1", place="T1", existed_since=TODAY).number
    assert found(store) == [("D1", "11-23", number)]
    # The district found it in a town: the town's zero is.
    other = finding(store, place="T1B", existed_since=TODAY).number
    assert found(store) == [("D1", "11-23", number), ("T1B", "11-23", other)]


def test_its_own_finding_does_once_another_unit_found_the_same(store: Store) -> None:
    zero(store, "D1")
    number = finding(store, place="T1", existed_since=TODAY).number
    seen = Finding(1, "村口", LandClass.UNUSED, 1, "T1", existed_since=TODAY)
    daily = Content(ReportKind.DAILY, "有", findings=(seen,))
    file(store, who("t1"), "T1", TODAY, daily, AT + HOUR)
    [own] = [row for row in found(store) if row[2] != number]
    same = replace(daily, findings=(replace(seen, same_as=number),))
    file(store, who("t1"), "T1", TODAY, same, AT + 2 * HOUR, amending=True, reason="同一件")
    assert found(store) == [("D1", "11-23", number)]
    # Before the two were seen to be one, the town's own stood against the zero.
    assert found(store, at=AT + HOUR) == [own]


def test_who_recorded_it_counts_not_who_answers_for_it(store: Store) -> None:
    zero(store, "D1")
    zero(store, "T1")
    about = Subject("推土", place="T1", existed_since=TODAY)
    number = open_matter(store, who("land"), "finding", "D1", about, AT, issuer="LAND").number
    assert found(store) == [("D1", "11-23", number), ("T1", "11-23", number)]


def test_a_place_is_a_units_territory_with_all_below_it(store: Store) -> None:
    for unit in ("C", "D1", "T1", "T1B", "D2", "T2"):
        zero(store, unit)
    number = lead(store, place="T1")
    assert found(store) == [(unit, "11-23", number) for unit in ("C", "D1", "T1")]
    district = lead(store, place="D1")
    # What lies somewhere in the district lies in no town in particular.
    assert [row for row in found(store) if row[2] == district] == [
        (unit, "11-23", district) for unit in ("C", "D1")
    ]
    nowhere = lead(store, place="")
    assert not [row for row in found(store) if row[2] == nowhere]


@pytest.mark.parametrize(
    ("since", "day", "contradicted"),
    [
        ("2026-11-23", "2026-11-22", False),
        ("2026-11-23", "2026-11-23", True),
        ("2026-11-16", "2026-11-23", True),
        # Fourteen days of looking back, the last of them too.
        ("2026-11-09", "2026-11-23", True),
        ("2026-11-08", "2026-11-23", False),
    ],
)
def test_the_look_back(store: Store, since: str, day: str, contradicted: bool) -> None:
    when = date.fromisoformat(day)
    zero(store, "D1", when)
    lead(store, existed_since=date.fromisoformat(since))
    assert bool(found(store, when, when)) is contradicted


def test_the_look_back_is_the_citys(store: Store) -> None:
    zero(store, "D1")
    lead(store, existed_since=TODAY - timedelta(2))
    adopt_rules(store, ADMIN, replace(store.rules, look_back_days=1), AT)
    assert found(store) == []
    adopt_rules(store, ADMIN, replace(store.rules, look_back_days=2), AT)
    assert len(found(store)) == 1


def test_without_a_date_it_existed_when_it_was_recorded(store: Store) -> None:
    zero(store, "D1", TODAY - timedelta(1))
    zero(store, "D1")
    number = lead(store, existed_since=None)
    assert found(store, TODAY - timedelta(3)) == [("D1", "11-23", number)]


def test_only_zeros_that_stand_are_contradicted(store: Store) -> None:
    lead(store)
    assert found(store) == []
    file(store, who("d1"), "D1", TODAY, Content(ReportKind.DAILY, "已制止"), AT)
    assert found(store) == []
    zero(store, "D2")
    assert found(store) == []


def test_an_amendment_takes_the_contradiction_away(store: Store) -> None:
    zero(store, "D1")
    number = lead(store)
    content = Content(ReportKind.DAILY, "补报")
    file(store, who("d1"), "D1", TODAY, content, AT + HOUR, amending=True, reason="漏")
    assert found(store, at=AT + HOUR) == []
    # As it was known before.
    assert found(store, at=AT) == [("D1", "11-23", number)]


def test_what_was_recorded_later_was_not_known_then(store: Store) -> None:
    zero(store, "D1")
    lead(store)
    assert found(store, at=AT) == [("D1", "11-23", "L-2026-0001")]
    assert found(store, at=AT - 1) == []


def test_a_reports_finding_contradicts_the_zeros_below_and_above(store: Store) -> None:
    zero(store, "T1")
    field = Finding(1, "村口", LandClass.CULTIVATED, 1240, "T1", existed_since=TODAY)
    file(store, who("d1"), "D1", TODAY, Content(ReportKind.DAILY, "有", findings=(field,)), AT)
    assert found(store) == [("T1", "11-23", "F-2026-0001")]


def test_a_selection_narrows_the_units_and_not_the_sources(store: Store) -> None:
    for unit in ("D1", "T1", "D2"):
        zero(store, unit)
    lead(store)

    def of(selection: Selection) -> list[str]:
        return [row.unit.code for row in contradictions(store, TODAY, TODAY, selection, AT + DAY)]

    assert of(Selection(under="D1")) == ["D1", "T1"]
    assert of(Selection(unit="T1")) == ["T1"]
    assert of(Selection(under="D2")) == []


# Asking for explanations.


def asked(store: Store, at: Instant = AT + HOUR) -> list[str]:
    return [
        row.number for row in reconcile(store, ADMIN, TODAY - timedelta(7), TODAY, Selection(), at)
    ]


def test_each_contradicted_zero_is_asked_about_once(store: Store) -> None:
    for unit in ("D1", "T1"):
        zero(store, unit)
    number = lead(store)
    assert len(unasked(store, TODAY, TODAY, Selection(), AT + HOUR)) == 2
    assert asked(store) == ["Z-2026-0001", "Z-2026-0002"]
    assert asked(store) == []
    assert asked(store, AT + DAY) == []
    assert unasked(store, TODAY, TODAY, Selection(), AT + HOUR) == []
    # Before it was asked it was not.
    assert len(unasked(store, TODAY, TODAY, Selection(), AT + HOUR - 1)) == 2
    view = show(store, "Z-2026-0001", AT + HOUR)
    assert (view.matter.unit, view.matter.parent, view.matter.place) == ("D1", number, "T1")
    assert ZONE.show(view.state.open[0].due_at or 0) == "2026-11-26 23:59:59"
    # A second source is a second contradiction.
    lead(store, "satellite")
    assert asked(store, AT + DAY) == ["Z-2026-0003", "Z-2026-0004"]


@pytest.mark.parametrize("login", ["d1", "sup", "nobody"])
def test_only_an_administrator_runs_it(store: Store, login: str) -> None:
    key = refused(reconcile, store, who(login), TODAY, TODAY, Selection(), AT)
    assert key == "errors.not_allowed"


@pytest.fixture
def contradicted(store: Store) -> str:
    zero(store, "D1")
    lead(store)
    [number] = asked(store)
    return number


@pytest.mark.parametrize("reason", ["not_visible", "out_of_scope", "already_known", "overlooked"])
def test_explained_in_time_it_costs_nothing(store: Store, contradicted: str, reason: str) -> None:
    assert [v.matter.number for v in unexplained(store, Selection(), AT + HOUR)] == [contradicted]
    view = explain_zero(store, who("d1"), contradicted, reason, " 围挡内 ", AT + DAY)
    assert (view.state.closed_at, view.entries[-1].reason, view.entries[-1].text) == (
        AT + DAY,
        reason,
        "围挡内",
    )
    assert unexplained(store, Selection(), AT + DAY) == []
    assert len(unexplained(store, Selection(), AT + DAY - 1)) == 1
    late = overdue(store, AT + 30 * DAY, Selection(unit="D1"))
    assert contradicted not in {row.obligation.matter for row in late}


def test_not_explained_it_is_overdue(store: Store, contradicted: str) -> None:
    late = overdue(store, AT + 9 * DAY, Selection(unit="D1"))
    assert f"{contradicted}/explain" in {row.obligation.id for row in late}


@pytest.mark.parametrize(
    ("login", "reason", "text", "key"),
    [
        ("d1", "tired", "x", "matters.reconcile_reason"),
        ("d1", "", "x", "matters.reconcile_reason"),
        ("d1", "overlooked", " ", "matters.reason_missing"),
        ("d2", "overlooked", "x", "errors.not_allowed_unit"),
        ("sup", "overlooked", "x", "errors.not_allowed_unit"),
    ],
)
def test_what_is_no_explanation(
    store: Store, contradicted: str, login: str, reason: str, text: str, key: str
) -> None:
    assert refused(explain_zero, store, who(login), contradicted, reason, text, AT + DAY) == key


def test_nor_by_the_way_of_any_step(store: Store, contradicted: str) -> None:
    key = refused(do_step, store, who("d1"), contradicted, "explain", AT + DAY, text="x")
    assert key == "matters.reconcile_reason"
    number = finding(store).number
    refused(explain_zero, store, ADMIN, number, "overlooked", "x", AT, error=NotFound)


def test_it_does_not_end_any_other_way(store: Store, contradicted: str) -> None:
    for outcome in Outcome:
        assert refused(close, store, ADMIN, contradicted, outcome, "x", AT + DAY) == (
            "matters.outcome_unknown"
        )


def test_disagreements_name_the_networks_of_the_other_side(store: Store) -> None:
    zero(store, "D1")
    number = lead(store)
    [row] = disagreements(store, TODAY, TODAY, AT + DAY)
    assert isinstance(row.contradiction, Contradiction)
    assert row.contradiction.matter.number == number
    # The lead bureau recorded it.
    assert row.networks == (Network.HORIZONTAL, Network.SUPERVISION)


# Blind spots.


def blind(store: Store, days: int, at: Instant = AT) -> dict[str, str | None]:
    return {
        row.unit.code: None if row.last is None else f"{row.last:%m-%d}"
        for row in blind_spots(store, days, at)
    }


def test_nobody_has_looked_at_all(store: Store) -> None:
    assert blind(store, 10) == dict.fromkeys(("D1", "D2", "T1", "T1B", "T2"))


def test_a_place_is_seen_by_its_reports_and_by_what_lies_in_it(store: Store) -> None:
    zero(store, "D2", date(2026, 11, 20))
    lead(store, place="T1")
    # Seen with the town: the district around it. Not seen with the district: its towns.
    assert blind(store, 3) == {"D2": "11-20", "T1B": None, "T2": None}
    assert blind(store, 4) == {"T1B": None, "T2": None}
    zero(store, "T2", date(2026, 11, 22))
    assert blind(store, 3) == {"T1B": None}


def test_days_count_back_from_today(store: Store) -> None:
    zero(store, "T2")
    assert "T2" not in blind(store, 1)
    assert "T2" in blind(store, 1, AT + DAY)
    assert "T2" not in blind(store, 2, AT + DAY)
    # What was filed later was not known then.
    assert "T2" in blind(store, 9, AT - 1)


def test_only_places_that_exist(store: Store) -> None:
    assert "OLD" not in blind(store, 3)
    assert not {"C", "LAND"} & blind(store, 3).keys()
    assert refused(blind_spots, store, 0, AT) == "notices.days_bad"


# What nobody will be there for.


def gaps(store: Store, days: int = 1, at: Instant = AT) -> set[tuple[str, bool]]:
    rows = coming_gaps(store, days, at)
    assert all(row.unit.code == row.obligation.unit for row in rows)
    return {(row.obligation.id, row.away) for row in rows}


TOMORROW = {f"R-20261124-{unit}" for unit in ("LAND", "DISC", "POWER", "WATER", "D1", "D2")}


def test_with_everybody_there_nothing_is_missing(store: Store) -> None:
    assert gaps(store, 3) == set()


def test_who_has_no_liaison(store: Store) -> None:
    store.connection.execute("DELETE FROM people WHERE login IN ('d2', 'disc')")
    assert gaps(store) == {("R-20261124-D2", False), ("R-20261124-DISC", False)}
    assert gaps(store, 2) == {
        (f"R-202611{day}-{unit}", False) for day in (24, 25) for unit in ("D2", "DISC")
    }


def test_who_is_valid_only_until_tomorrow(store: Store) -> None:
    last = Person("d2", "西区联络员", "D2", Role.LIAISON, valid_to=date(2026, 11, 24))
    save_people(store, ADMIN, [last], AT)
    assert gaps(store, 2) == {("R-20261125-D2", False)}


def away(store: Store, login: str, absent: str, first: int = 24, last: int = 25) -> None:
    row = StandIn(login, absent, date(2026, 11, first), date(2026, 11, last))
    set_stand_in(store, ADMIN, row, AT)


def test_a_stand_in_is_there_until_he_is_away_too(store: Store) -> None:
    away(store, "t2", "d2")
    assert gaps(store, 3) == set()
    away(store, "power", "t2", 25, 25)
    assert gaps(store, 3) == set()
    store.connection.execute("UPDATE people SET valid_to = '2026-11-24' WHERE login = 'power'")
    found_ = gaps(store, 2)
    assert ("R-20261125-D2", True) in found_
    assert ("R-20261124-D2", True) not in found_


def test_a_deputy_answers_too(store: Store) -> None:
    store.connection.execute(
        "INSERT INTO stand_ins (login, absent, first, last)"
        " VALUES ('gone', 'd1', '2026-11-24', '2026-11-24')"
    )
    assert gaps(store) == set()
    store.connection.execute(
        "INSERT INTO stand_ins (login, absent, first, last)"
        " VALUES ('gone', 'd1b', '2026-11-24', '2026-11-24')"
    )
    assert gaps(store) == {("R-20261124-D1", True)}


def test_what_is_exempt_is_nobodys_gap(store: Store) -> None:
    store.connection.execute("DELETE FROM people WHERE unit = 'D2'")
    free = Exemption("D2", date(2026, 11, 24), date(2026, 11, 24), "台风")
    save_exemptions(store, ADMIN, [free], AT)
    assert gaps(store, 2) == {("R-20261125-D2", False)}


def test_days_off_owe_nothing(store: Store) -> None:
    store.connection.execute("DELETE FROM people WHERE unit IN ('D2', 'WATER')")
    friday = on("2026-11-27 10:00")
    assert gaps(store, 3, friday) == {
        ("R-20261128-D2", False),
        ("R-20261129-D2", False),
        ("R-20261130-D2", False),
        ("R-20261130-WATER", False),
    }


def test_steps_fall_due_too(store: Store) -> None:
    number = finding(store, unit="D2", login="admin").number
    assert gaps(store, 5) == set()
    store.connection.execute("DELETE FROM people WHERE unit = 'D2' AND role = 'liaison'")
    steps = {name for name, _ in gaps(store, 5) if not name.startswith("R-")}
    # `stop` is due today; `verify` on Thursday.
    assert steps == {f"{number}/verify"}
    [row] = [row for row in coming_gaps(store, 5, AT) if row.obligation.matter]
    assert row.day == date(2026, 11, 26)
    assert f"{number}/verify" not in {name for name, _ in gaps(store, 2)}
    do_step(store, ADMIN, number, "verify", AT + HOUR)
    names = {name for name, _ in gaps(store, 5, AT + HOUR)}
    assert f"{number}/verify" not in names
    assert f"{number}/report" in names


def test_some_days_ahead_are_asked_for(store: Store) -> None:
    assert refused(coming_gaps, store, 0, AT) == "notices.days_bad"
    store.connection.execute("DELETE FROM people WHERE role IN ('liaison', 'deputy')")
    assert {name for name, _ in gaps(store)} == TOMORROW
