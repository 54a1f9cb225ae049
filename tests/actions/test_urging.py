"""The ladder at work: what fires, once, when, and what does not (R14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matters import do_step
from actions.overdue import overdue
from actions.reporting import file_zero
from actions.schedules import adopt_rules
from actions.urging import Urged, last_check, survey, urge
from domain.deadlines import Suspension
from domain.instants import Instant
from domain.ladder import parse_rung
from domain.people import Actor
from storage import events
from storage.store import Store, open_store
from storage.units import Selection
from tests.matters_city import ADMIN, AT, DAY, HOUR, finding, new_city, on, refused, together, who

OWN = Selection(unit="D1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def names(rows: list[Urged], unit: str = "D1") -> dict[str, list[str]]:
    """Return the rungs that fired, by obligation of a unit."""
    return {
        row.obligation.id: [each.rung.name for each in row.rungs]
        for row in rows
        if row.unit.code == unit
    }


def run(store: Store, at: str, unit: str = "D1") -> dict[str, list[str]]:
    return names(urge(store, ADMIN, on(at)), unit)


def verdicts(store: Store, at: Instant, name: str) -> dict[str, str]:
    [row] = [row for row in survey(store, at) if row.obligation.id == name]
    return {each.rung.name: each.verdict.value for each in row.rungs}


def file(store: Store, at: str, unit: str = "D1") -> None:
    file_zero(store, ADMIN, unit, date.fromisoformat(at[:10]), on(at))


MONDAY = "R-20261116-D1"
TUESDAY = "R-20261117-D1"
WEDNESDAY = "R-20261118-D1"


def test_a_reports_ladder_is_climbed_day_by_day(store: Store) -> None:
    assert run(store, "2026-11-16 16:29") == {}
    assert run(store, "2026-11-16 16:30") == {MONDAY: ["reminder"]}
    assert run(store, "2026-11-16 16:45") == {}
    assert run(store, "2026-11-16 17:00") == {MONDAY: ["urge"]}
    assert run(store, "2026-11-16 23:00") == {}
    assert run(store, "2026-11-17 16:59") == {TUESDAY: ["reminder"]}
    assert run(store, "2026-11-17 17:00") == {MONDAY: ["reminder_sheet"], TUESDAY: ["urge"]}
    assert run(store, "2026-11-18 17:00") == {
        MONDAY: ["urging_sheet"],
        TUESDAY: ["reminder_sheet"],
        # Nobody looked in the last half hour: what is due is urged, not announced.
        WEDNESDAY: ["reminder", "urge"],
    }
    # Three missed days in a row; the red sheet of the first comes by its own date.
    assert run(store, "2026-11-19 00:30") == {}
    assert run(store, "2026-11-19 08:30") == {WEDNESDAY: ["supervision_sheet"]}
    found = run(store, "2026-11-19 17:00")
    assert found[MONDAY] == ["supervision_sheet"]
    assert found[TUESDAY] == ["urging_sheet"]
    assert found[WEDNESDAY] == ["reminder_sheet"]
    assert run(store, "2026-11-23 17:00")[MONDAY] == ["circular"]


def test_a_late_first_run_sends_all_that_is_due_at_once(store: Store) -> None:
    found = run(store, "2026-11-24 10:00")
    assert found[MONDAY] == [
        "urge",
        "reminder_sheet",
        "urging_sheet",
        "supervision_sheet",
        "circular",
    ]
    [late] = [
        row for row in overdue(store, on("2026-11-24 10:00"), OWN) if row.obligation.id == MONDAY
    ]
    # The farthest of those that went at once.
    assert late.rung == "circular"
    assert run(store, "2026-11-24 10:00") == {}


def test_what_was_filed_is_not_urged(store: Store) -> None:
    file(store, "2026-11-16 16:00")
    assert run(store, "2026-11-16 17:00") == {}
    assert run(store, "2026-11-18 17:00").keys() == {TUESDAY, WEDNESDAY}
    file_zero(store, ADMIN, "D1", date(2026, 11, 17), on("2026-11-19 09:00"))
    assert TUESDAY not in run(store, "2026-11-20 10:00")


def test_a_filed_day_breaks_the_run(store: Store) -> None:
    file(store, "2026-11-17 16:00")
    # Monday, Wednesday, Thursday missed: not three in a row.
    found = run(store, "2026-11-20 08:30")
    assert "supervision_sheet" not in found[WEDNESDAY]
    assert "supervision_sheet" not in found["R-20261119-D1"]
    # With Friday they are; Saturday is no working day.
    assert run(store, "2026-11-21 10:00") == {"R-20261120-D1": ["urge"]}
    assert "supervision_sheet" in run(store, "2026-11-23 08:30")["R-20261120-D1"]


def test_days_off_do_not_break_a_departments_run(store: Store) -> None:
    for day in ("16", "17", "18"):
        file(store, f"2026-11-{day} 16:00", "POWER")
    found = run(store, "2026-11-24 08:30", "POWER")
    assert found.keys() == {"R-20261119-POWER", "R-20261120-POWER", "R-20261123-POWER"}
    assert "supervision_sheet" in found["R-20261123-POWER"]


def test_a_step_is_urged_by_its_own_ladder(store: Store) -> None:
    number = finding(store, on("2026-11-23 10:00")).number
    name = f"{number}/verify"
    # Due on Thursday night. `stop` was reminded of at once: it is due the same night.
    assert run(store, "2026-11-23 10:00")[f"{number}/stop"] == ["reminder"]
    assert name not in run(store, "2026-11-25 18:00")
    assert run(store, "2026-11-26 08:30")[name] == ["reminder"]
    assert run(store, "2026-11-26 23:59:59")[name] == ["urge"]
    assert name not in run(store, "2026-11-27 18:00")
    assert run(store, "2026-11-30 08:30")[name] == ["reminder_sheet"]
    assert run(store, "2026-12-02 08:30")[name] == ["urging_sheet"]
    assert run(store, "2026-12-04 08:30")[name] == ["supervision_sheet"]
    do_step(store, who("d1"), number, "verify", on("2026-12-04 09:00"))
    assert name not in {row.obligation.id for row in survey(store, on("2026-12-04 09:00"))}


def test_a_step_due_on_a_sunday_is_reminded_of_on_friday(store: Store) -> None:
    number = finding(store).number
    ask_extension(store, who("d1"), number, "verify", date(2026, 12, 6), "x", AT)
    answer_extension(store, who("d1h"), number, "verify", True, "", AT)
    assert f"{number}/verify" not in run(store, "2026-12-03 17:00")
    assert run(store, "2026-12-04 17:00")[f"{number}/verify"] == ["reminder"]


def test_an_extension_puts_the_ladder_off(store: Store) -> None:
    number = finding(store).number
    name = f"{number}/verify"
    ask_extension(store, who("d1"), number, "verify", date(2026, 12, 18), "x", AT)
    assert run(store, "2026-11-26 18:00:00")[name] == ["reminder"]
    assert run(store, "2026-11-26 23:59:59")[name] == ["urge"]
    answer_extension(store, who("d1h"), number, "verify", True, "", on("2026-11-30 08:00"))
    assert name not in run(store, "2026-11-30 10:00")
    # What went out once does not go again for the later date.
    assert name not in run(store, "2026-12-18 23:59:59")
    assert run(store, "2026-12-22 08:30")[name] == ["reminder_sheet"]


def test_on_suspended_days_a_matter_is_not_urged(store: Store) -> None:
    number = finding(store).number
    still = Suspension(date(2026, 11, 24), date(2026, 11, 30), "鉴定")
    suspend(store, who("sup"), number, still, AT)
    for at in ("2026-11-24 10:00", "2026-11-30 18:00"):
        assert not any(name.startswith(number) for name in run(store, at))
        assert not any(row.obligation.matter for row in survey(store, on(at)))
    # The distance from the due instant is counted in working days, suspended or not.
    assert run(store, "2026-12-01 08:30")[f"{number}/stop"] == [
        "urge",
        "reminder_sheet",
        "urging_sheet",
        "supervision_sheet",
    ]


def test_the_rest_says_why_it_waits(store: Store) -> None:
    run(store, "2026-11-16 17:00")
    assert verdicts(store, on("2026-11-17 20:00"), MONDAY) == {
        "reminder": "fired",
        "urge": "fired",
        "reminder_sheet": "outside_hours",
        "urging_sheet": "not_yet",
        "supervision_sheet": "not_yet",
        "circular": "not_yet",
    }
    assert verdicts(store, on("2026-11-18 16:00"), WEDNESDAY)["reminder"] == "not_yet"


def test_looking_changes_nothing(store: Store) -> None:
    at = on("2026-11-20 10:00")
    first = survey(store, at)
    assert survey(store, at) == first
    assert any(row.firing for row in first)
    assert last_check(store) is None
    assert store.connection.rows("SELECT * FROM urges") == []
    due = [row.obligation.due_at for row in first]
    assert due == sorted(due)


def test_what_a_look_says_is_what_fires(store: Store) -> None:
    finding(store, on("2026-11-20 09:00"))
    at = on("2026-11-20 10:00")
    expected = {
        (row.obligation.id, each.rung.name) for row in survey(store, at) for each in row.firing
    }
    went = {
        (row.obligation.id, each.rung.name) for row in urge(store, ADMIN, at) for each in row.rungs
    }
    assert went == expected
    assert not any(row.firing for row in survey(store, at))


def test_who_sent_what_when_is_kept(store: Store) -> None:
    at = on("2026-11-20 10:00")
    fired = urge(store, who("admin"), at)
    rows = store.connection.rows(
        "SELECT unit, subject, rung, fired_at, login, addressees FROM urges"
    )
    assert len(rows) == sum(len(row.rungs) for row in fired)
    assert ("D1", "2026-11-16", "urge", at, "admin", "liaison,deputy") in rows
    assert {row[3:5] for row in rows} == {(at, "admin")}
    [event] = events.of_subject(store.connection, "ladder")
    assert event.action == "urge"
    assert (event.detail["rungs"], event.detail["owed"]) == (len(rows), len(fired))
    urge(store, ADMIN, at + 60)
    assert len(events.of_subject(store.connection, "ladder")) == 1
    assert events.first_broken(store.connection) is None


def test_as_of_then_only_what_had_fired_is_known(store: Store) -> None:
    run(store, "2026-11-16 17:00")
    run(store, "2026-11-17 17:00")
    at = on("2026-11-17 17:00")
    rungs = {
        at - 1: "urge",
        at: "reminder_sheet",
    }
    for instant, rung in rungs.items():
        [late] = [r for r in overdue(store, instant, OWN) if r.obligation.id == MONDAY]
        assert late.rung == rung
    [late] = overdue(store, on("2026-11-16 17:00:01"), OWN)
    assert late.rung == "urge"


@pytest.mark.parametrize("login", ["d1", "sup", "d1h", "nobody"])
def test_only_an_administrator_runs_it(store: Store, login: str) -> None:
    assert refused(urge, store, who(login), AT) == "errors.not_allowed"
    assert last_check(store) is None


def test_the_heartbeat_is_that_of_the_whole_city(store: Store) -> None:
    urge(store, ADMIN, AT)
    assert last_check(store) == AT
    urge(store, ADMIN, AT + HOUR, OWN)
    assert last_check(store) == AT
    # Also where nothing was due.
    urge(store, ADMIN, AT + HOUR)
    assert last_check(store) == AT + HOUR


def test_a_part_of_the_city_alone(store: Store) -> None:
    at = on("2026-11-20 10:00")
    assert {row.unit.code for row in urge(store, ADMIN, at, Selection(under="D1"))} == {"D1"}
    others = {row.unit.code for row in urge(store, ADMIN, at)}
    assert "D2" in others
    assert "D1" not in others


def test_a_ladder_that_begins_days_before_finds_what_is_to_come(store: Store) -> None:
    early = (parse_rung("-2 days", "reminder", ["liaison"]),)
    rules = replace(
        store.rules,
        ladder_report=early,
        ladder_step=(parse_rung("-30 days", "reminder", ["leader"]),),
    )
    adopt_rules(store, ADMIN, rules, AT)
    number = finding(store, AT).number
    do_step(store, who("d1"), number, "verify", AT)
    do_step(store, who("d1"), number, "file", AT)
    found = run(store, "2026-11-23 17:00")
    assert found["R-20261125-D1"] == ["reminder"]
    assert "R-20261126-D1" not in found
    # Sixty days for the decision: thirty before that is the day before Christmas.
    name = f"{number}/decide"
    assert name not in run(store, "2026-12-23 17:59")
    assert run(store, "2026-12-24 08:30")[name] == ["reminder"]


def _run(path: Path, login: str, at: Instant) -> list[tuple[str, str]]:
    with open_store(path) as own:
        fired = urge(own, Actor("admin", login, login), at)
        return [(row.obligation.id, each.rung.name) for row in fired for each in row.rungs]


def test_overlapping_runs_fire_nothing_twice(tmp_path: Path) -> None:
    with new_city(tmp_path) as own:
        finding(own, on("2026-11-20 09:00"))
    path, at = tmp_path / "city.db", on("2026-11-24 10:00")
    answers = together(_run, *[(path, f"p{n}", at + n % 3) for n in range(6)])
    fired = [each for answer in answers for each in answer]
    assert len(fired) == len(set(fired)) > 30
    with open_store(path) as own:
        rows = own.connection.rows("SELECT kind, subject, unit, rung FROM urges")
        assert len(rows) == len(fired)
        assert events.first_broken(own.connection) is None
        assert not any(row.firing for row in survey(own, at + 3))


def test_a_run_over_many_is_few_questions(store: Store) -> None:
    counts = []
    for _ in range(2):
        for _ in range(10):
            finding(store, on("2026-11-20 09:00"))
        ran: list[str] = []
        store.connection.engine.set_trace_callback(ran.append)
        assert survey(store, on("2026-11-20 10:00"), OWN)
        store.connection.engine.set_trace_callback(None)
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_days_pass_without_a_run(store: Store) -> None:
    assert run(store, "2026-11-16 17:00")
    at = on("2026-11-16 17:00") + 40 * DAY
    assert last_check(store) == on("2026-11-16 17:00")
    fired = urge(store, ADMIN, at)
    owed = {row.obligation.id for row in overdue(store, at, Selection())}
    assert {row.obligation.id for row in fired} <= owed | {
        row.obligation.id for row in survey(store, at)
    }
