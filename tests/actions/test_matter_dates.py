"""Extensions and suspensions: asked, granted, refused, and known from when they were (R12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matters import Subject, open_matter, show
from actions.overdue import due, overdue
from domain.deadlines import Suspension
from domain.instants import Instant
from domain.matters import Act
from domain.people import Actor
from storage.store import Store
from storage.units import Selection
from tests.matters_city import (
    ADMIN,
    AT,
    DAY,
    HOUR,
    dues,
    finding,
    new_city,
    on,
    overdue_steps,
    owed,
    refused,
    through,
    untouched,
    who,
)

LATER = date(2026, 12, 18)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


# Extensions.


def asked(store: Store, until: date = LATER, at: Instant = AT, login: str = "d1") -> str:
    number = finding(store).number
    ask_extension(store, who(login), number, "verify", until, " 等鉴定 ", at)
    return number


def test_an_extension_is_asked_granted_and_kept_beside_the_first(store: Store) -> None:
    number = asked(store)
    assert dues(show(store, number, AT))["verify"] == "2026-11-26"
    view = answer_extension(store, who("d1h"), number, "verify", True, "同意", AT + HOUR)
    found = view.state.open_step("verify")
    assert found is not None
    assert found.due_at == on("2026-12-18 23:59:59")
    assert found.first_due_at == on("2026-11-26 23:59:59")
    row = owed(store, f"{number}/verify")
    assert (row.due_at, row.first_due_at, row.changed_at) == (
        found.due_at,
        found.first_due_at,
        AT + HOUR,
    )
    assert [(entry.act, entry.text) for entry in view.entries[1:]] == [
        (Act.ASK_EXTENSION, "等鉴定"),
        (Act.GRANT_EXTENSION, "同意"),
    ]


def test_a_refused_extension_changes_nothing_and_may_be_asked_again(store: Store) -> None:
    number = asked(store)
    view = answer_extension(store, who("sup"), number, "verify", False, "理由不足", AT + HOUR)
    assert dues(view)["verify"] == "2026-11-26"
    assert refused(answer_extension, store, ADMIN, number, "verify", True, "", AT + HOUR) == (
        "matters.extension_not_asked"
    )
    ask_extension(store, who("d1"), number, "verify", LATER, "再申请", AT + 2 * HOUR)
    view = answer_extension(store, who("sup"), number, "verify", True, "", AT + 3 * HOUR)
    assert dues(view)["verify"] == "2026-12-18"


def test_an_extension_can_be_extended(store: Store) -> None:
    number = asked(store, date(2026, 12, 1))
    answer_extension(store, who("d1h"), number, "verify", True, "", AT)
    assert refused(
        ask_extension, store, who("d1"), number, "verify", date(2026, 12, 1), "x", AT
    ) == ("matters.extension_earlier")
    late = on("2026-12-01 23:59:59")
    ask_extension(store, who("d1"), number, "verify", LATER, "x", late)
    view = answer_extension(store, who("d1h"), number, "verify", True, "", late + DAY)
    assert dues(view)["verify"] == "2026-12-18"
    first = owed(store, f"{number}/verify").first_due_at
    assert first == on("2026-11-26 23:59:59")


@pytest.mark.parametrize(
    ("step", "until", "reason", "at", "login", "key"),
    [
        ("verify", LATER, "x", "2026-11-27 00:00:00", "d1", "matters.extension_late"),
        ("verify", date(2026, 11, 26), "x", "2026-11-24", "d1", "matters.extension_earlier"),
        ("verify", LATER, " ", "2026-11-24", "d1", "matters.reason_missing"),
        ("file", LATER, "x", "2026-11-24", "d1", "matters.step_not_open"),
        ("verify", LATER, "x", "2026-11-24", "d2", "errors.not_allowed_unit"),
        ("verify", LATER, "x", "2026-11-24", "sup", "errors.not_allowed_unit"),
    ],
)
def test_extensions_that_cannot_be_asked(
    store: Store, step: str, until: date, reason: str, at: str, login: str, key: str
) -> None:
    number = finding(store).number

    def attempt() -> None:
        actor = who(login)
        assert refused(ask_extension, store, actor, number, step, until, reason, on(at)) == key

    untouched(store, attempt)


@pytest.mark.parametrize(
    ("asker", "actor", "key"),
    [
        (who("d1h"), who("d1h"), "matters.same_person"),
        # A leader asks by somebody else's hands, or answers by them.
        (who("d1h", "admin"), who("d1h"), "matters.same_person"),
        (who("d1h"), who("d1h", "admin"), "matters.same_person"),
        (who("d1", "admin"), ADMIN, "matters.same_person"),
        (who("d1"), who("d1b"), "errors.not_allowed_unit"),
        (who("d1"), who("d2h"), "errors.not_allowed_unit"),
        (who("d1"), who("d1v"), "errors.not_allowed_unit"),
    ],
)
def test_nobody_grants_himself_an_extension(
    store: Store, asker: Actor, actor: Actor, key: str
) -> None:
    number = finding(store).number
    ask_extension(store, asker, number, "verify", LATER, "x", AT)

    def attempt() -> None:
        for granted in (True, False):
            found = refused(answer_extension, store, actor, number, "verify", granted, "", AT)
            assert found == key

    untouched(store, attempt)


def test_an_extension_that_nobody_asked_for(store: Store) -> None:
    number = finding(store).number
    assert refused(answer_extension, store, who("d1h"), number, "verify", True, "", AT) == (
        "matters.extension_not_asked"
    )


def test_a_date_that_a_suspension_has_passed_is_not_granted(store: Store) -> None:
    number = asked(store, date(2026, 11, 30))
    still = Suspension(date(2026, 11, 24), date(2026, 12, 4), "鉴定")
    assert dues(suspend(store, who("sup"), number, still, AT))["verify"] == "2026-12-09"
    assert refused(answer_extension, store, who("d1h"), number, "verify", True, "", AT) == (
        "matters.extension_earlier"
    )
    answer_extension(store, who("d1h"), number, "verify", False, "已中止", AT)
    assert dues(show(store, number, AT))["verify"] == "2026-12-09"


def test_what_was_granted_later_was_not_known_then(store: Store) -> None:
    number = asked(store)
    before = on("2026-11-27 10:00")
    answer_extension(store, who("d1h"), number, "verify", True, "", before + HOUR)
    through(store, number, "stop", at=before + HOUR)
    name = f"{number}/verify"
    assert name in overdue_steps(store, before)
    assert name not in overdue_steps(store, before + HOUR)
    [late] = [r for r in overdue(store, before, Selection()) if r.obligation.id == name]
    assert late.overdue_seconds == before - on("2026-11-26 23:59:59")
    soon = [row.obligation.id for row in due(store, AT, AT + 5 * DAY, Selection())]
    assert name in soon
    now = [row.obligation.id for row in due(store, before + HOUR, before + 5 * DAY, Selection())]
    assert name not in now


# Suspensions.


def test_a_suspension_moves_the_dates_and_stops_the_clock(store: Store) -> None:
    number = finding(store).number
    still = Suspension(date(2026, 11, 24), date(2026, 11, 27), "鉴定")
    view = suspend(store, who("d1h"), number, still, AT + HOUR)
    # Day 0 is not moved; three working days from Monday on, with four of them suspended.
    assert dues(view) == {"stop": "2026-11-23", "verify": "2026-12-02"}
    assert owed(store, f"{number}/verify").changed_at == AT + HOUR
    assert owed(store, f"{number}/stop").changed_at is None
    # `stop` was due on the Monday: it is overdue again once the suspension is over.
    assert overdue_steps(store, on("2026-11-24 00:00:00")) == []
    assert overdue_steps(store, on("2026-11-27 23:59:59")) == []
    assert overdue_steps(store, on("2026-11-28 00:00:00")) == [f"{number}/stop"]
    # As it was known before it was recorded.
    assert dues(show(store, number, AT)) == {"stop": "2026-11-23", "verify": "2026-11-26"}


def test_a_suspension_of_days_past_is_known_from_when_it_was_recorded(store: Store) -> None:
    number = finding(store).number
    through(store, number, "stop")
    at = on("2026-11-30 10:00")
    still = Suspension(date(2026, 11, 25), date(2026, 11, 26), "补办")
    assert overdue_steps(store, at) == [f"{number}/verify"]
    assert dues(suspend(store, who("sup"), number, still, at)) == {"verify": "2026-11-30"}
    assert overdue_steps(store, at) == []
    assert overdue_steps(store, at - 1) == [f"{number}/verify"]
    assert overdue_steps(store, on("2026-11-25 10:00")) == []


def test_steps_to_come_start_under_what_is_suspended(store: Store) -> None:
    number = finding(store).number
    still = Suspension(date(2026, 11, 25), date(2026, 11, 30), "听证")
    suspend(store, who("sup"), number, still, AT)
    through(store, number, "verify", at=AT)
    assert dues(show(store, number, AT))["report"] == "2026-12-02"


def test_granted_and_set_dates_stay_as_they_are(store: Store) -> None:
    number = asked(store)
    answer_extension(store, who("d1h"), number, "verify", True, "", AT)
    still = Suspension(date(2026, 11, 24), date(2026, 11, 27), "鉴定")
    assert dues(suspend(store, who("sup"), number, still, AT))["verify"] == "2026-12-18"
    matter = open_matter(store, ADMIN, "finding", "D1", Subject("y"), AT, dues={"verify": LATER})
    assert dues(suspend(store, ADMIN, matter.number, still, AT))["verify"] == "2026-12-18"


def test_ranges_may_overlap_and_count_once(store: Store) -> None:
    number = finding(store).number
    for first, last in ((24, 26), (26, 27), (25, 25)):
        still = Suspension(date(2026, 11, first), date(2026, 11, last), "x")
        view = suspend(store, who("sup"), number, still, AT)
    assert dues(view)["verify"] == "2026-12-02"


@pytest.mark.parametrize(
    ("login", "reason", "key"),
    [
        ("d1", "x", "errors.not_allowed_unit"),
        ("d2h", "x", "errors.not_allowed_unit"),
        ("sup", " ", "matters.reason_missing"),
    ],
)
def test_who_may_not_suspend(store: Store, login: str, reason: str, key: str) -> None:
    number = finding(store).number
    still = Suspension(date(2026, 11, 24), date(2026, 11, 27), reason)
    assert refused(suspend, store, who(login), number, still, AT) == key
