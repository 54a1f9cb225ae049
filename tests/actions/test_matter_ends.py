"""Closing with an outcome, evidence and a second person, and opening again (R15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matter_ends import close, reopen
from actions.matters import do_step, listed, remark
from domain.deadlines import Suspension
from domain.errors import Refused, UsageError
from domain.people import Actor
from domain.workflows import Outcome
from storage import steps as step_rows
from storage.matters import Filter
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


@pytest.fixture
def rectified(store: Store) -> str:
    number = finding(store).number
    through(store, number, "stop", "verify", "report", "file", "decide", "rectify")
    return number


@pytest.mark.parametrize(
    ("actor", "outcome", "evidence", "key"),
    [
        (who("d1"), Outcome.RESTORED, "照片", "matters.same_person"),
        (who("d1b", "d1"), Outcome.RESTORED, "照片", "matters.same_person"),
        (who("d1b"), Outcome.RESTORED, " ", "matters.evidence_missing"),
        (who("d1v"), Outcome.RESTORED, "照片", "errors.not_allowed_unit"),
        (who("sup"), Outcome.RESTORED, "照片", "errors.not_allowed_unit"),
        (who("d2"), Outcome.RESTORED, "照片", "errors.not_allowed_unit"),
    ],
)
def test_what_does_not_close(
    store: Store, rectified: str, actor: Actor, outcome: Outcome, evidence: str, key: str
) -> None:
    def attempt() -> None:
        assert refused(close, store, actor, rectified, outcome, evidence, AT) == key

    untouched(store, attempt)


def test_an_outcome_before_its_state(store: Store) -> None:
    number = finding(store).number
    for outcome in set(Outcome) - {Outcome.TRANSFERRED}:
        assert refused(close, store, who("d1b"), number, outcome, "x", AT) == (
            "matters.outcome_early"
        )
    view = close(store, who("d1b"), number, Outcome.TRANSFERRED, "移送住建", AT)
    assert view.state.outcome is Outcome.TRANSFERRED
    assert all(row.discharged_at == AT for row in step_rows.of_matter(store.connection, number))


def test_verified_as_lawful_it_closes_as_unfounded(store: Store) -> None:
    number = finding(store).number
    through(store, number, "verify")
    view = close(store, who("d1b"), number, Outcome.UNFOUNDED, "有批文", AT + HOUR)
    assert view.state.outcome is Outcome.UNFOUNDED
    assert overdue_steps(store, AT + 99 * DAY) == []


def test_what_is_closed_rests(store: Store, rectified: str) -> None:
    close(store, who("d1b"), rectified, Outcome.RESTORED, "照片", AT)
    still = Suspension(TODAY, TODAY, "x")

    def attempt() -> None:
        for act in (
            lambda: do_step(store, ADMIN, rectified, "stop", AT),
            lambda: ask_extension(store, ADMIN, rectified, "stop", LATER, "x", AT),
            lambda: answer_extension(store, ADMIN, rectified, "stop", True, "x", AT),
            lambda: suspend(store, ADMIN, rectified, still, AT),
            lambda: close(store, ADMIN, rectified, Outcome.RESTORED, "x", AT),
        ):
            assert refused(act) == "matters.closed"

    untouched(store, attempt)
    # A word may still be said of it.
    assert remark(store, who("d1"), rectified, "已归档", AT).entries[-1].text == "已归档"


def test_reopening_is_counted_and_asks_again(store: Store, rectified: str) -> None:
    close(store, who("d1b"), rectified, Outcome.RESTORED, "照片", AT)
    view = reopen(store, who("sup"), rectified, "rectify", "复查发现又占", AT + DAY)
    assert (view.state.closed_at, view.state.reopened) == (None, 1)
    assert [(row.step.key, row.round) for row in view.state.open] == [("rectify", 2)]
    row = owed(store, f"{rectified}/rectify#2")
    assert (row.opened_at, row.discharged_at) == (AT + DAY, None)
    # Ninety days from the reopening.
    assert ZONE.show(row.due_at) == "2027-02-22 23:59:59"
    assert (
        refused(close, store, who("d1b"), rectified, Outcome.RESTORED, "照片", AT + DAY)
        == "matters.outcome_early"
    )
    through(store, rectified, "rectify", at=AT + 2 * DAY)
    view = close(store, who("d1b"), rectified, Outcome.DEMOLISHED, "照片", AT + 2 * DAY)
    assert view.state.outcome is Outcome.DEMOLISHED
    again = reopen(store, who("d1h"), rectified, "stop", "x", AT + 3 * DAY)
    assert again.state.reopened == 2
    assert owed(store, f"{rectified}/stop#2").opened_at == AT + 3 * DAY


@pytest.mark.parametrize(
    ("login", "step", "reason", "key"),
    [
        ("d1", "rectify", "x", "errors.not_allowed_unit"),
        ("d2h", "rectify", "x", "errors.not_allowed_unit"),
        ("sup", "rectify", "  ", "matters.reason_missing"),
        ("sup", "burn", "x", "workflows.step_unknown"),
    ],
)
def test_what_is_not_reopened(
    store: Store, rectified: str, login: str, step: str, reason: str, key: str
) -> None:
    close(store, who("d1b"), rectified, Outcome.RESTORED, "照片", AT)
    found = refused(
        reopen, store, who(login), rectified, step, reason, AT, error=(Refused, UsageError)
    )
    assert found == key


def test_what_is_open_is_not_reopened(store: Store) -> None:
    number = finding(store).number
    assert refused(reopen, store, ADMIN, number, "stop", "x", AT) == "matters.not_closed"
    close(store, who("d1b"), number, Outcome.TRANSFERRED, "x", AT)
    assert refused(reopen, store, ADMIN, number, "rectify", "x", AT) == "matters.step_never"


def test_who_was_closed_or_open_then(store: Store, rectified: str) -> None:
    close(store, who("d1b"), rectified, Outcome.RESTORED, "照片", AT + HOUR)
    reopen(store, who("sup"), rectified, "rectify", "x", AT + 3 * HOUR)
    for at, open_ in ((AT, True), (AT + 2 * HOUR, False), (AT + 3 * HOUR, True)):
        for wanted in (True, False):
            found = listed(store, Selection(), Filter(open=wanted), at)
            assert [view.matter.number for view in found] == (
                [rectified] if wanted is open_ else []
            )
        assert len(listed(store, Selection(), Filter(), at)) == 1
