"""Why a step is red: its rule, its days, what was granted and sent, whose clock it is (R14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.explaining import explain
from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matters import Subject, do_step, open_matter, remark
from actions.notices import issue, reply, review, sign
from actions.urging import urge
from domain.calendar import DayKind
from domain.deadlines import DayReason, Suspension
from domain.errors import NotFound
from domain.explaining import Held, StepExplanation
from domain.instants import Instant
from domain.lights import Light
from domain.matters import Act
from storage.store import Store
from tests.matters_city import ADMIN, AT, DAY, HOUR, ZONE, finding, new_city, on, refused, who


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


@pytest.fixture
def name(store: Store) -> str:
    return f"{finding(store).number}/verify"


def why(store: Store, name: str, at: Instant) -> StepExplanation:
    found = explain(store, name, at)
    assert isinstance(found, StepExplanation)
    return found


def counted(found: StepExplanation) -> list[str]:
    return [f"{each.day:%m-%d}" for each in found.days if each.counted]


def test_the_rule_and_its_source(store: Store, name: str) -> None:
    found = why(store, name.lower(), AT)
    assert found.limit is not None
    assert (found.limit.limit.amount, found.limit.local_default) == (3, True)
    assert found.limit.source == "local handbook: preliminary verification within 3 working days"
    assert (found.step.key, found.unit.code, found.matter.number) == ("verify", "D1", "F-2026-0001")
    assert found.contacts.liaison is not None
    assert found.contacts.liaison.login == "d1"
    assert (found.light, found.suspended, found.overdue_seconds) == (Light.GREEN, False, 0)


def test_each_day_counted_or_skipped_and_why(store: Store) -> None:
    number = finding(store, on("2026-11-27 10:00")).number
    found = why(store, f"{number}/verify", on("2026-11-27 10:00"))
    assert [(f"{each.day:%m-%d}", each.counted, each.why, each.kind) for each in found.days] == [
        ("11-27", False, DayReason.ANCHOR, None),
        ("11-28", False, DayReason.NOT_WORKDAY, DayKind.WEEKEND),
        ("11-29", False, DayReason.NOT_WORKDAY, DayKind.WEEKEND),
        ("11-30", True, DayReason.COUNTED, DayKind.WORKDAY),
        ("12-01", True, DayReason.COUNTED, DayKind.WORKDAY),
        ("12-02", True, DayReason.COUNTED, DayKind.WORKDAY),
    ]


def test_how_late_it_is_in_every_measure(store: Store, name: str) -> None:
    at = on("2026-12-01 09:00")
    found = why(store, name, at)
    assert found.light is Light.RED
    assert found.overdue_seconds == at - on("2026-11-26 23:59:59")
    assert (found.overdue_days, found.overdue_workdays) == (5, 3)
    assert found.holder is not None
    assert found.holder.code == "D1"
    do_step(store, who("d1"), name.partition("/")[0], "verify", at)
    after = why(store, name, at)
    assert (after.light, after.overdue_seconds, after.overdue_days, after.holder) == (
        Light.GREEN,
        0,
        0,
        None,
    )
    # As it was a second before.
    assert why(store, name, at - 1).light is Light.RED


def test_suspended_days_are_named_and_nobody_is_late(store: Store, name: str) -> None:
    number = name.partition("/")[0]
    still = Suspension(date(2026, 11, 25), date(2026, 11, 25), "鉴定")
    suspend(store, who("sup"), number, still, AT + HOUR)
    found = why(store, name, AT + HOUR)
    assert counted(found) == ["11-24", "11-26", "11-27"]
    assert found.days[2].why is DayReason.SUSPENDED
    assert [entry.act for entry in found.answers] == [Act.SUSPEND]
    assert counted(why(store, name, AT)) == ["11-24", "11-25", "11-26"]
    stop = f"{number}/stop"
    on_the_day = why(store, stop, on("2026-11-25 10:00"))
    assert (on_the_day.suspended, on_the_day.overdue_seconds, on_the_day.light) == (
        True,
        0,
        Light.AMBER,
    )
    assert why(store, stop, on("2026-11-26 00:00:00")).light is Light.RED


def test_an_extension_stands_beside_the_first_date(store: Store, name: str) -> None:
    number = name.partition("/")[0]
    ask_extension(store, who("d1"), number, "verify", date(2026, 12, 2), "等鉴定", AT + HOUR)
    remark(store, who("d1"), number, "x", AT + HOUR)
    answer_extension(store, who("d1h"), number, "verify", True, "同意", AT + 2 * HOUR)
    found = why(store, name, AT + 2 * HOUR)
    assert found.obligation.due_at == on("2026-12-02 23:59:59")
    assert found.obligation.first_due_at == on("2026-11-26 23:59:59")
    assert [(entry.act, entry.text) for entry in found.answers] == [
        (Act.ASK_EXTENSION, "等鉴定"),
        (Act.GRANT_EXTENSION, "同意"),
    ]
    # The days go on to the date that was granted, in the measure of the rule.
    assert counted(found) == ["11-24", "11-25", "11-26", "11-27", "11-30", "12-01", "12-02"]
    assert found.days[-1].day == date(2026, 12, 2)
    before = why(store, name, AT + HOUR)
    assert before.obligation.due_at == on("2026-11-26 23:59:59")
    assert counted(before) == ["11-24", "11-25", "11-26"]
    # Another step of the matter has no part in it.
    assert why(store, f"{number}/stop", AT + 2 * HOUR).answers == ()


def test_a_date_set_by_hand_is_counted_out(store: Store) -> None:
    about, later = Subject("推土"), date(2026, 11, 27)
    matter = open_matter(store, who("d1"), "finding", "D1", about, AT, dues={"verify": later})
    still = Suspension(date(2026, 11, 25), date(2026, 11, 25), "鉴定")
    suspend(store, who("sup"), matter.number, still, AT)
    found = why(store, f"{matter.number}/verify", AT)
    assert found.limit is None
    assert found.days[-1].day == later
    assert counted(found) == ["11-24", "11-26", "11-27"]


def test_what_is_suspended_after_a_step_was_done_did_not_move_it(store: Store, name: str) -> None:
    number = name.partition("/")[0]
    do_step(store, who("d1"), number, "verify", AT + HOUR)
    still = Suspension(date(2026, 11, 24), date(2026, 11, 26), "鉴定")
    suspend(store, who("sup"), number, still, AT + DAY)
    assert counted(why(store, name, AT + 9 * DAY)) == ["11-24", "11-25", "11-26"]
    assert not why(store, name, on("2026-11-25 10:00")).suspended


def test_what_fired_and_what_is_still_planned(store: Store, name: str) -> None:
    at = on("2026-11-30 10:00")
    urge(store, ADMIN, at)
    found = why(store, name, at)
    assert found.fired == (("urge", at), ("reminder_sheet", at))
    assert why(store, name, at - 1).fired == ()
    assert [(each.rung.name, ZONE.show(each.at)) for each in found.planned] == [
        ("reminder", "2026-11-25 23:59:59"),
        ("urge", "2026-11-26 23:59:59"),
        ("reminder_sheet", "2026-11-27 23:59:59"),
        ("urging_sheet", "2026-12-01 23:59:59"),
        ("supervision_sheet", "2026-12-03 23:59:59"),
    ]


def test_a_report_too_says_what_fired(store: Store) -> None:
    at = on("2026-11-16 17:00")
    urge(store, ADMIN, at)
    found = explain(store, "R-20261116-D1", at)
    assert found.fired == (("reminder", at), ("urge", at))


def test_the_time_divides_among_those_whose_turn_it_was(store: Store) -> None:
    [matter] = issue(store, who("sup"), ["D1"], "督办", "x", AT)
    number = matter.number
    sign(store, who("d1"), number, AT + HOUR)
    reply(store, who("d1"), number, "已办", AT + DAY)
    found = why(store, f"{number}/review", AT + 3 * DAY)
    assert found.held == (Held("D1", DAY), Held("DISC", 2 * DAY))
    assert found.holder is not None
    assert found.holder.code == "DISC"
    review(store, who("sup"), number, False, "不够", AT + 3 * DAY)
    again = why(store, f"{number}/reply#2", AT + 4 * DAY)
    assert again.held == (Held("D1", 2 * DAY), Held("DISC", 2 * DAY))
    assert again.holder is not None
    assert again.holder.code == "D1"
    first = why(store, f"{number}/reply", AT + 4 * DAY)
    assert first.holder is None


@pytest.mark.parametrize(
    "unknown",
    ["F-2026-0001/burn", "F-2026-0001/verify#2", "F-2026-0009/verify", "F-2026/x", "/", "x/y/z"],
)
def test_an_unknown_step(store: Store, name: str, unknown: str) -> None:
    assert refused(explain, store, unknown, AT, error=NotFound) == "errors.obligation_unknown"


def test_a_step_before_it_began(store: Store, name: str) -> None:
    assert refused(explain, store, name, AT - 1, error=NotFound) == "errors.obligation_unknown"
