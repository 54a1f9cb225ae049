"""Reports: what may be filed (R4), which filing may stand (R5, R7), and every status (R8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import LandClass
from domain.errors import Refused
from domain.findings import Finding
from domain.instants import Instant
from domain.obligations import Obligation, ObligationKind, status_of
from domain.reports import (
    Content,
    ReportKind,
    Revision,
    Status,
    check_content,
    check_filing,
    is_partial,
    receipt,
    status,
)
from domain.schedules import Days, Window

DAY = date(2026, 11, 4)
OPENED, DUE, MISSED, LOCKS = 0, 1000, 2000, 9000
DAYS_WINDOW = Window(OPENED, DUE, MISSED, LOCKS, Days.DAILY)
FINDING = Finding(1, "村东", LandClass.CULTIVATED, 100)

LONG_AFTER = 10**9


@pytest.mark.parametrize(
    ("first_filed", "at", "becomes"),
    [
        # None filed: by the instant alone.
        (None, OPENED - 1, Status.PENDING),
        (None, DUE - 1, Status.PENDING),
        (None, DUE, Status.PENDING),
        (None, DUE + 1, Status.OVERDUE),
        (None, MISSED, Status.OVERDUE),
        (None, MISSED + 1, Status.MISSED),
        (None, LONG_AFTER, Status.MISSED),
        # Filed: by the first filing alone, however long ago.
        (OPENED, LONG_AFTER, Status.ON_TIME),
        (DUE - 1, LONG_AFTER, Status.ON_TIME),
        (DUE, LONG_AFTER, Status.ON_TIME),
        (DUE, DUE, Status.ON_TIME),
        (DUE + 1, LONG_AFTER, Status.LATE),
        (DUE + 1, DUE + 1, Status.LATE),
        (MISSED, LONG_AFTER, Status.LATE),
        (MISSED + 1, LONG_AFTER, Status.MADE_UP),
        (MISSED + 1, MISSED + 1, Status.MADE_UP),
        (LOCKS + 1, LONG_AFTER, Status.MADE_UP),
        # Filed later than the instant of the question: it does not exist yet.
        (DUE, DUE - 1, Status.PENDING),
        (DUE + 1, DUE, Status.PENDING),
        (DUE + 2, DUE + 1, Status.OVERDUE),
        (MISSED + 1, MISSED, Status.OVERDUE),
        (MISSED + 2, MISSED + 1, Status.MISSED),
    ],
)
def test_each_row_of_the_table_to_the_second(
    first_filed: Instant | None, at: Instant, becomes: Status
) -> None:
    assert status(DAYS_WINDOW, False, first_filed, at) is becomes
    # The rows above win over all of them.
    assert status(DAYS_WINDOW, True, first_filed, at) is Status.EXEMPT
    assert status(None, False, first_filed, at) is Status.NOT_EXPECTED
    assert status(None, True, first_filed, at) is Status.NOT_EXPECTED


def test_a_day_without_a_late_window_is_missed_at_once() -> None:
    window = replace(DAYS_WINDOW, missed_at=DUE)
    assert status(window, False, None, DUE) is Status.PENDING
    assert status(window, False, None, DUE + 1) is Status.MISSED
    assert status(window, False, DUE + 1, LONG_AFTER) is Status.MADE_UP


near = st.integers(OPENED - 5, MISSED + 5) | st.sampled_from([DUE - 1, DUE, DUE + 1])


@given(st.none() | near, near, near)
def test_a_status_only_ever_ripens(first: Instant | None, one: Instant, two: Instant) -> None:
    before, after = sorted((one, two))
    order = {
        Status.PENDING: 0,
        Status.OVERDUE: 1,
        Status.MISSED: 2,
        Status.ON_TIME: 3,
        Status.LATE: 3,
        Status.MADE_UP: 3,
    }
    early = status(DAYS_WINDOW, False, first, before)
    late = status(DAYS_WINDOW, False, first, after)
    assert order[early] <= order[late]
    if order[early] == 3:
        assert early is late


@given(st.none() | near, near, st.booleans())
def test_overdue_of_the_obligation_is_overdue_or_missed_of_the_day(
    first: Instant | None, at: Instant, exempt: bool
) -> None:
    owed = Obligation(
        ObligationKind.REPORT,
        "X",
        "2026-11-04",
        OPENED,
        DUE,
        MISSED,
        LOCKS,
        first,
        exempt,
        "daily/default",
    )
    state = status_of(owed, first, at)
    assert state is status(DAYS_WINDOW, exempt, first, at)
    assert owed.overdue(at) is (state in (Status.OVERDUE, Status.MISSED))
    assert status_of(None, first, at) is Status.NOT_EXPECTED


def test_a_zero_that_patrolled_less_than_planned_is_partial() -> None:
    assert is_partial("zero", 6, 5)
    assert not is_partial("zero", 6, 6)
    assert not is_partial("zero", 6, 7)
    assert not is_partial("zero", None, None)
    assert not is_partial("daily", 6, 5)
    assert Content(ReportKind.ZERO, "", 6, 5).partial
    assert not Content(ReportKind.DAILY, "x", 6, 5).partial


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (Content(ReportKind.ZERO, findings=(FINDING,)), "errors.zero_with_finding"),
        (Content(ReportKind.DAILY), "errors.daily_empty"),
        (Content(ReportKind.DAILY, " \n\u3000"), "errors.daily_empty"),
        (Content(ReportKind.ZERO, "", 6), "errors.areas_half"),
        (Content(ReportKind.ZERO, "", None, 6), "errors.areas_half"),
        (Content(ReportKind.ZERO, "", -1, 0), "errors.areas_bad"),
        (Content(ReportKind.ZERO, "", 0, -1), "errors.areas_bad"),
        (Content(ReportKind.DAILY, "x", 1_000_001, 0), "errors.areas_bad"),
    ],
)
def test_content_that_no_report_may_have(content: Content, key: str) -> None:
    with pytest.raises(Refused) as refused:
        check_content(content)
    assert refused.value.message.key == key


@pytest.mark.parametrize(
    "content",
    [
        Content(ReportKind.ZERO),
        Content(ReportKind.ZERO, "雨天", 6, 0),
        Content(ReportKind.ZERO, "", 0, 0),
        Content(ReportKind.ZERO, "", 5, 6),
        Content(ReportKind.DAILY, "制止一起"),
        Content(ReportKind.DAILY, findings=(FINDING,)),
        Content(ReportKind.DAILY, "x", 1_000_000, 1_000_000),
    ],
)
def test_content_that_a_report_may_have(content: Content) -> None:
    check_content(content)


def filing(
    *,
    today: date = DAY,
    at: Instant = DUE,
    standing: int = 0,
    amending: bool = False,
    admin: bool = False,
    reason: str = "",
) -> bool:
    rows = [
        Revision("X", DAY, number + 1, Content(ReportKind.ZERO), OPENED)
        for number in range(standing)
    ]
    return check_filing(
        unit="X",
        day=DAY,
        today=today,
        locks_at=LOCKS,
        at=at,
        standing=rows,
        amending=amending,
        admin=admin,
        reason=reason,
    )


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"at": LOCKS},
        {"today": DAY + timedelta(30)},
        {"standing": 1, "amending": True, "reason": "漏填"},
        {"standing": 4, "amending": True, "reason": "漏填", "at": LOCKS},
    ],
)
def test_filings_that_stand_before_the_lock(words: dict[str, object]) -> None:
    assert filing(**words) is False  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        {"admin": True, "reason": "补录", "at": LOCKS + 1},
        {"admin": True, "reason": "补录", "at": LOCKS + 1, "standing": 1, "amending": True},
    ],
)
def test_filings_of_an_admin_with_a_reason_stand_after_it(words: dict[str, object]) -> None:
    assert filing(**words) is True  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ({"today": DAY - timedelta(1)}, "future_day"),
        ({"today": DAY - timedelta(1), "admin": True, "reason": "x"}, "future_day"),
        ({"standing": 1}, "already_filed"),
        ({"standing": 1, "reason": "x", "admin": True}, "already_filed"),
        ({"amending": True, "reason": "x"}, "nothing_to_amend"),
        ({"standing": 1, "amending": True}, "amend_reason"),
        ({"standing": 1, "amending": True, "reason": "  "}, "amend_reason"),
        ({"at": LOCKS + 1}, "locked"),
        ({"at": LOCKS + 1, "reason": "x"}, "locked"),
        ({"at": LOCKS + 1, "reason": "x", "standing": 1, "amending": True}, "locked"),
        ({"at": LOCKS + 1, "admin": True}, "locked_reason"),
        ({"at": LOCKS + 1, "admin": True, "reason": "\t"}, "locked_reason"),
    ],
)
def test_filings_that_are_refused(words: dict[str, object], key: str) -> None:
    with pytest.raises(Refused) as refused:
        filing(**words)  # type: ignore[arg-type]
    assert refused.value.message.key == f"errors.{key}"


def test_a_second_filing_is_told_the_receipt_of_the_first() -> None:
    with pytest.raises(Refused) as refused:
        filing(standing=2)
    assert refused.value.message.params["receipt"] == "R-20261104-X-2"


def test_receipts() -> None:
    assert receipt(DAY, "440111", 3) == "R-20261104-440111-3"
    assert Revision("X", DAY, 1, Content(ReportKind.ZERO), 0).receipt == "R-20261104-X-1"
