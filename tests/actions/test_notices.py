"""Supervision notices: who issues to whom, signing, replying, reviewing, returning (R12, R15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matter_ends import reopen
from actions.matters import do_step, listed, show
from actions.notices import issuable, issue, missing_units, reply, review, sign
from actions.overdue import overdue
from actions.reporting import file_zero
from domain.deadlines import Suspension
from domain.errors import NotFound, Refused, UsageError
from domain.matters import Act
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.schedules import Exemption
from storage.matters import Filter
from storage.schedules import save_exemptions
from storage.store import Store
from storage.units import Selection
from tests.matters_city import (
    ADMIN,
    AT,
    DAY,
    HOUR,
    STARTS,
    TODAY,
    ZONE,
    finding,
    new_city,
    on,
    refused,
    who,
)

SUP = who("sup")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def issued(store: Store, target: str = "D1", actor: Actor = SUP, at: int = AT) -> str:
    [matter] = issue(store, actor, [target], "督办", "请说明", at)
    return matter.number


def dues(store: Store, number: str, at: int) -> dict[str, str]:
    found = show(store, number, at).state.open
    return {row.step.key: ZONE.show(row.due_at or 0)[:10] for row in found}


def count(store: Store) -> int:
    return len(listed(store, Selection(), Filter(), AT + 99 * DAY))


# Issuing.


def test_a_notice_opens_two_clocks(store: Store) -> None:
    number = issued(store)
    view = show(store, number, AT)
    assert (number, view.matter.unit, view.matter.issuer) == ("N-2026-0001", "D1", "DISC")
    assert view.entries[0].text == "请说明"
    assert dues(store, number, AT) == {"sign": "2026-11-24", "reply": "2026-11-26"}


@pytest.mark.parametrize(
    ("login", "target", "issuer"),
    [
        ("sup", "D1", "DISC"),
        ("sup", "D2", "DISC"),
        ("landsup", "D1", "LAND"),
        ("landsup", "POWER", "LAND"),
        # Who supervises a district supervises its towns.
        ("sup", "T2", "DISC"),
        # An administrator issues in the name of a supervisor.
        ("admin", "D1", "DISC"),
        ("admin", "POWER", "LAND"),
        ("admin", "T1", "DISC"),
    ],
)
def test_who_issues_and_in_whose_name(store: Store, login: str, target: str, issuer: str) -> None:
    assert show(store, issued(store, target, who(login)), AT).matter.issuer == issuer
    assert issuable(store, who(login), [target], AT) == [target]


@pytest.mark.parametrize(
    ("login", "target"),
    [
        ("landsup", "D2"),
        ("landsup", "T2"),
        ("sup", "POWER"),
        ("disc", "D1"),
        ("disch", "D1"),
        ("land", "D1"),
        ("d1", "T1"),
        ("d1", "D1"),
        ("d1h", "D1"),
        ("d1v", "D1"),
        ("nobody", "D1"),
    ],
)
def test_only_a_supervisor_over_the_unit_issues(store: Store, login: str, target: str) -> None:
    assert refused(issue, store, who(login), [target], "督办", "x", AT) == (
        "errors.not_allowed_unit"
    )
    assert issuable(store, who(login), [target], AT) == []
    assert count(store) == 0


def test_who_nobody_supervises_gets_no_notice(store: Store) -> None:
    assert refused(issue, store, ADMIN, ["WATER"], "督办", "x", AT) == "notices.no_supervisor"
    assert issuable(store, ADMIN, ["WATER", "D1"], AT) == ["D1"]


def test_a_link_of_other_days_does_not_count(store: Store) -> None:
    store.connection.execute("UPDATE links SET valid_to = '2026-11-22' WHERE source = 'DISC'")
    assert refused(issue, store, SUP, ["D1"], "督办", "x", AT) == "errors.not_allowed_unit"
    assert issued(store, "D1", SUP, AT - DAY) == "N-2026-0001"


def test_to_many_one_each_or_none_at_all(store: Store) -> None:
    made = issue(store, SUP, ["D1", "西区", "D2", "T1"], "督办", "x", AT)
    assert [(row.number, row.unit) for row in made] == [
        ("N-2026-0001", "D1"),
        ("N-2026-0002", "D2"),
        ("N-2026-0003", "T1"),
    ]
    for targets, error in (
        (["D1", "POWER"], Refused),
        (["D1", "OLD"], Refused),
        (["D1", "火星"], NotFound),
        ([], NotFound),
    ):
        refused(issue, store, SUP, targets, "督办", "x", AT, error=error)
    assert count(store) == 3
    # What was refused has used no number.
    assert issued(store) == "N-2026-0004"


def test_a_rehearsal_keeps_nothing(store: Store) -> None:
    made = issue(store, SUP, ["D1", "D2"], "督办", "x", AT, dry_run=True)
    assert [row.unit for row in made] == ["D1", "D2"]
    assert count(store) == 0
    assert issued(store) == "N-2026-0001"


@pytest.mark.parametrize(
    ("title", "text", "reply_by", "key"),
    [
        ("", "x", None, "matters.title_missing"),
        ("督办", " ", None, "notices.text_missing"),
        ("督办", "x", TODAY - timedelta(1), "matters.due_past"),
    ],
)
def test_what_a_notice_says(
    store: Store, title: str, text: str, reply_by: date | None, key: str
) -> None:
    assert refused(issue, store, SUP, ["D1"], title, text, AT, reply_by=reply_by) == key


def test_a_date_on_the_notice_wins(store: Store) -> None:
    [matter] = issue(store, SUP, ["D1"], "督办", "x", AT, reply_by=date(2026, 12, 1))
    assert dues(store, matter.number, AT) == {"sign": "2026-11-24", "reply": "2026-12-01"}


def test_a_notice_may_follow_from_a_matter(store: Store) -> None:
    about = finding(store).number
    [matter] = issue(store, SUP, ["D1"], "督办", "x", AT, parent=about)
    assert matter.parent == about
    refused(issue, store, SUP, ["D1"], "督办", "x", AT, parent="F-2026-0099", error=NotFound)


# Signing, replying, reviewing.


def test_a_notice_signed_answered_and_accepted(store: Store) -> None:
    number = issued(store)
    sign(store, who("d1"), number, AT + HOUR)
    reply(store, who("d1b"), number, " 已制止 ", AT + DAY)
    # The supervisor's own clock.
    assert dues(store, number, AT + DAY) == {"review": "2026-11-27"}
    view = review(store, SUP, number, True, "", AT + 2 * DAY)
    assert view.state.closed_at == AT + 2 * DAY
    assert view.entries[2].text == "已制止"
    assert overdue(store, AT + 99 * DAY, Selection(), ObligationKind.STEP) == []


@pytest.mark.parametrize("login", ["sup", "d2", "t1", "d1v", "landsup", "disc"])
def test_others_neither_sign_nor_reply(store: Store, login: str) -> None:
    number = issued(store)
    assert refused(sign, store, who(login), number, AT) == "errors.not_allowed_unit"
    assert refused(reply, store, who(login), number, "x", AT) == "errors.not_allowed_unit"


def test_nothing_is_signed_twice(store: Store) -> None:
    number = issued(store)
    sign(store, who("d1"), number, AT)
    assert refused(sign, store, who("d1b"), number, AT) == "matters.step_not_open"


def test_a_reply_says_something(store: Store) -> None:
    number = issued(store)
    assert refused(reply, store, who("d1"), number, " ", AT) == "matters.evidence_missing"
    # Nor by the way of any step.
    assert refused(do_step, store, who("d1"), number, "reply", AT) == "matters.evidence_missing"


def test_a_review_waits_for_the_reply(store: Store) -> None:
    number = issued(store)
    assert refused(review, store, SUP, number, True, "", AT) == "matters.step_not_open"


@pytest.mark.parametrize(
    ("actor", "key"),
    [
        (who("d1"), "errors.not_allowed_unit"),
        (who("d1h"), "errors.not_allowed_unit"),
        (who("landsup"), "errors.not_allowed_unit"),
        (who("admin"), "matters.same_person"),
        (who("sup", "admin"), "matters.same_person"),
    ],
)
def test_another_than_the_replier_reviews(store: Store, actor: Actor, key: str) -> None:
    number = issued(store)
    reply(store, who("d1", "admin"), number, "已办", AT)
    # Somebody else's signature meanwhile makes no second person of him.
    sign(store, who("d1b"), number, AT)
    for accepted in (True, False):
        assert refused(review, store, actor, number, accepted, "x", AT) == key
    assert review(store, who("disc"), number, True, "", AT).state.closed_at == AT


def test_a_supervisor_who_replied_does_not_review(store: Store) -> None:
    # Of the city's unit one answers for every district, and reviews for every bureau.
    number = issued(store)
    reply(store, ADMIN, number, "已办", AT)
    assert refused(review, store, ADMIN, number, True, "", AT) == "matters.same_person"


def test_a_returned_reply_is_owed_again(store: Store) -> None:
    number = issued(store)
    sign(store, who("d1"), number, AT)
    reply(store, who("d1"), number, "已办", AT + HOUR)
    assert refused(review, store, SUP, number, False, "  ", AT + DAY) == "matters.reason_missing"
    view = review(store, SUP, number, False, "无照片", AT + DAY)
    assert [(row.step.key, row.round) for row in view.state.open] == [("reply", 2)]
    # Three working days from the return.
    assert dues(store, number, AT + DAY) == {"reply": "2026-11-27"}
    assert view.entries[-1].act is Act.RETURN
    ids = [row.obligation.id for row in overdue(store, AT + 9 * DAY, Selection(unit="D1"))]
    assert f"{number}/reply#2" in ids
    assert f"{number}/reply" not in ids
    assert refused(review, store, SUP, number, True, "", AT + DAY) == "matters.step_not_open"
    reply(store, who("d1b"), number, "附照片", AT + 2 * DAY)
    assert review(store, SUP, number, True, "可", AT + 3 * DAY).state.closed_at is not None


def test_the_supervisor_is_late_too(store: Store) -> None:
    number = issued(store)
    reply(store, who("d1"), number, "已办", AT)
    [late] = overdue(store, AT + 9 * DAY, Selection(unit="DISC"), ObligationKind.STEP)
    assert late.obligation.id == f"{number}/review"


def test_the_reviewers_unit_grants_the_reviewer_time(store: Store) -> None:
    number = issued(store)
    reply(store, who("d1"), number, "已办", AT)
    later = date(2026, 12, 10)
    ask_extension(store, SUP, number, "review", later, "等会商", AT)
    for login in ("d1h", "sup", "disc"):
        refused(answer_extension, store, who(login), number, "review", True, "", AT)
    answer_extension(store, who("disch"), number, "review", True, "", AT)
    assert dues(store, number, AT)["review"] == "2026-12-10"


def test_what_is_no_notice(store: Store) -> None:
    number = finding(store).number
    for act in (
        lambda: sign(store, ADMIN, number, AT),
        lambda: reply(store, ADMIN, number, "x", AT),
        lambda: review(store, ADMIN, number, True, "", AT),
    ):
        assert refused(act, error=NotFound) == "notices.not_a_notice"
    refused(sign, store, ADMIN, "N-2026-0099", AT, error=NotFound)


def test_a_closed_notice_rests_until_it_is_reopened(store: Store) -> None:
    number = issued(store)
    reply(store, who("d1"), number, "已办", AT)
    review(store, SUP, number, True, "", AT)
    assert refused(sign, store, who("d1"), number, AT) == "matters.closed"
    assert refused(suspend, store, SUP, number, Suspension(TODAY, TODAY, "x"), AT) == (
        "matters.closed"
    )
    view = reopen(store, SUP, number, "reply", "复查不实", AT + DAY)
    assert [(row.step.key, row.round) for row in view.state.open] == [("reply", 2)]
    refused(reopen, store, SUP, number, "burn", "x", AT + DAY, error=UsageError)


# Units that missed so many days.


def missed(store: Store, days: int, at: str, selection: Selection | None = None) -> list[str]:
    return missing_units(store, days, selection or Selection(), on(at))


def filed(store: Store, unit: str, *days: int) -> None:
    for day in days:
        noon = on(f"2026-11-{day} 12:00")
        file_zero(store, ADMIN, unit, date(2026, 11, day), noon)


def test_who_missed_the_last_days(store: Store) -> None:
    assert STARTS == date(2026, 11, 16)
    assert missed(store, 3, "2026-11-18 10:00") == []
    # Departments owe working days, districts every day; all that owe missed three.
    assert set(missed(store, 3, "2026-11-19 00:00")) == {
        "LAND",
        "DISC",
        "POWER",
        "WATER",
        "D1",
        "D2",
    }
    assert missed(store, 4, "2026-11-19 00:00") == []


def test_a_filed_day_breaks_the_run_and_today_does_not_count_yet(store: Store) -> None:
    filed(store, "D1", 18)
    filed(store, "D2", 16)
    found = missed(store, 3, "2026-11-20 18:00", Selection(under="C"))
    assert "D1" not in found
    assert "D2" in found
    assert "D1" in missed(store, 1, "2026-11-20 18:00")
    # Filed late is not missed.
    file_zero(store, ADMIN, "D2", date(2026, 11, 19), on("2026-11-20 09:00"))
    assert "D2" not in missed(store, 3, "2026-11-20 18:00")
    # As it was known before that.
    assert "D2" in missed(store, 3, "2026-11-20 08:00")


def test_days_off_and_exempt_days_do_not_break_the_run(store: Store) -> None:
    filed(store, "POWER", 16, 17, 18)
    # Thursday, Friday, then Monday: three in a row for a department.
    assert "POWER" not in missed(store, 3, "2026-11-23 18:00")
    assert "POWER" in missed(store, 3, "2026-11-24 08:00")
    freed = Exemption("D1", date(2026, 11, 18), date(2026, 11, 19), "台风")
    with store.connection.writing():
        save_exemptions(store.connection, [freed])
        store.connection.execute(
            "UPDATE obligations SET exempt = 1 WHERE unit = 'D1'"
            " AND subject BETWEEN '2026-11-18' AND '2026-11-19'"
        )
    assert "D1" in missed(store, 3, "2026-11-21 08:00")
    assert "D1" not in missed(store, 4, "2026-11-21 08:00")


@pytest.mark.parametrize("days", [0, -1])
def test_no_days_are_no_filter(store: Store, days: int) -> None:
    assert refused(missing_units, store, days, Selection(), AT) == "notices.days_bad"
