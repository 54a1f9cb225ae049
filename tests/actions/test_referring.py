"""Approvals whose steps departments owe, and cases handed over to other bodies (R12, R15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actions.explaining import explain
from actions.matters import Subject, do_step, open_matter, show
from actions.overdue import overdue
from actions.referring import receiving, refer, referrals
from actions.timelines import timelines
from actions.workflows import adopt_workflows, unknown_owners
from domain.errors import NotFound, Refused
from domain.explaining import StepExplanation
from domain.obligations import ObligationKind
from domain.people import Person, Role
from domain.units import Kind, Unit
from storage import people, units
from storage.store import Store
from storage.units import Selection
from tests.matters_city import (
    ADMIN,
    AT,
    DAY,
    HOUR,
    ZONE,
    dues,
    finding,
    new_city,
    on,
    refused,
    untouched,
    who,
    workflows,
)

BODIES = ("HRSS", "PLAN", "POLICE")


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


@pytest.fixture
def store(bare: Store) -> Store:
    """The city with the departments that the approval names, and their liaisons."""
    new = [
        Unit(code, code, Kind.DEPARTMENT, parent="C", order=20 + place)
        for place, code in enumerate(BODIES)
    ]
    units.save(bare.connection, new)
    logins = [Person(code.lower(), code, code, Role.LIAISON) for code in BODIES]
    people.save(bare.connection, logins)
    return bare


def approval(store: Store, at: int = AT) -> str:
    about = Subject("标准厂房", place="T1", area=1200)
    return open_matter(store, who("d1"), "approval", "D1", about, at).number


def test_each_review_is_owed_by_the_department_it_names(store: Store) -> None:
    number = approval(store)
    [first] = overdue(store, on("2026-12-20"), Selection(unit="HRSS"), ObligationKind.STEP)
    assert (first.obligation.id, first.unit.code) == (f"{number}/social", "HRSS")
    assert dues(show(store, number, AT)) == {"social": "2026-11-30"}
    for login in ("d1", "plan", "land"):
        key = refused(do_step, store, who(login), number, "social", AT + 60, text="已落实")
        assert key == "errors.not_allowed_unit"
    do_step(store, who("hrss"), number, "social", AT + HOUR, text="已落实")
    do_step(store, who("plan"), number, "plan", AT + DAY, text="符合规划")
    do_step(store, who("land"), number, "land", AT + 2 * DAY, text="无误")
    assert not overdue(store, on("2026-12-20"), Selection(unit="HRSS"), ObligationKind.STEP)
    late = overdue(store, on("2027-01-20"), Selection(unit="LAND"), ObligationKind.STEP)
    assert [row.obligation.id for row in late] == [f"{number}/decide"]
    [social, plan, land, decide] = timelines(store, [show(store, number, AT)], AT)[number]
    owners = [step.unit.code for step in (social, plan, land, decide)]
    assert owners == ["HRSS", "PLAN", "LAND", "LAND"]


@pytest.mark.parametrize("answer", ["approved", "refused"])
def test_it_ends_approved_or_refused_and_says_why(store: Store, answer: str) -> None:
    number = approval(store)
    for login, step in (("hrss", "social"), ("plan", "plan"), ("land", "land")):
        do_step(store, who(login), number, step, AT + 60, text="无误")
    for reason, text in (("", "同意"), ("maybe", "同意"), (answer, " ")):
        args = (store, who("land"), number, "decide", AT + HOUR)
        refused(do_step, *args, text=text, reason=reason)
    view = do_step(
        store, who("land"), number, "decide", AT + HOUR, text="批复 12 号", reason=answer
    )
    assert view.state.closed_at == AT + HOUR
    assert (view.entries[-1].reason, view.entries[-1].text) == (answer, "批复 12 号")


def test_who_holds_the_clock_is_the_department(store: Store) -> None:
    number = approval(store)
    do_step(store, who("hrss"), number, "social", AT + HOUR, text="已落实")
    told = explain(store, f"{number}/plan", AT + DAY)
    assert isinstance(told, StepExplanation)
    assert told.holder is not None
    assert told.holder.code == "PLAN"
    assert [(row.unit, row.seconds) for row in told.held] == [
        ("HRSS", HOUR),
        ("PLAN", DAY - HOUR),
    ]


def test_where_the_registry_has_no_such_department_nothing_is_opened(bare: Store) -> None:
    about = Subject("标准厂房")

    def attempt() -> None:
        key = refused(open_matter, bare, who("d1"), "approval", "D1", about, AT)
        assert key == "workflows.owner_missing"

    untouched(bare, attempt)


def test_a_department_that_is_gone_on_the_day_owes_no_new_step(store: Store) -> None:
    number = approval(store)
    store.connection.execute("UPDATE units SET valid_to = '2026-11-23' WHERE code = 'PLAN'")
    args = (store, who("hrss"), number, "social")
    key = refused(do_step, *args, AT + DAY, text="已落实")
    assert key == "workflows.owner_missing"
    assert do_step(*args, AT + HOUR, text="已落实").state.state == "social_reviewed"


def test_workflows_that_name_an_unknown_unit_are_told(bare: Store) -> None:
    assert unknown_owners(bare) == ["HRSS", "PLAN"]
    table = workflows()
    steps = table["lead"].steps
    steps = (replace(steps[0], by="POWER"), *steps[1:])
    table = {"lead": replace(table["lead"], steps=steps)}
    assert adopt_workflows(bare, ADMIN, table, AT)
    assert unknown_owners(bare) == []


def test_a_step_that_is_under_way_stays_with_whom_it_is(store: Store) -> None:
    approval(store)
    table = workflows()
    steps = table["approval"].steps
    moved = replace(steps[0], by="POWER")
    table["approval"] = replace(table["approval"], steps=(moved, *steps[1:]))
    assert refused(adopt_workflows, store, ADMIN, table, AT) == "workflows.step_used"


# -- cases handed over -------------------------------------------------------------------------


def test_a_case_is_sent_accepted_and_answered(store: Store) -> None:
    case = finding(store, place="T1", party="某公司", land_class="cultivated", area=9000)
    made = refer(store, who("d1"), case.number, "POLICE", "涉嫌犯罪", AT)
    assert (made.unit, made.issuer, made.parent) == ("POLICE", "D1", case.number)
    assert (made.party, made.land_class, made.area, made.place) == (
        "某公司",
        "cultivated",
        9000,
        "T1",
    )
    [send] = show(store, made.number, AT).state.open
    assert send.due_at == AT + DAY
    assert refused(do_step, store, who("police"), made.number, "send", AT + 60) == (
        "errors.not_allowed_unit"
    )
    do_step(store, who("d1"), made.number, "send", AT + HOUR)
    assert dues(show(store, made.number, AT + HOUR)) == {"accept": "2026-11-26"}
    do_step(store, who("police"), made.number, "accept", AT + 2 * HOUR)
    assert refused(do_step, store, who("police"), made.number, "result", AT + DAY) == (
        "matters.evidence_missing"
    )
    do_step(store, who("police"), made.number, "result", AT + DAY, text="已立案侦查")
    assert [view.state.closed_at for view in referrals(store, case.number.lower(), AT + DAY)] == [
        AT + DAY
    ]
    # The finding goes its own way.
    assert show(store, case.number, AT + DAY).state.closed_at is None


def test_a_returned_one_says_why_and_is_owed_again(store: Store) -> None:
    case = finding(store)
    number = refer(store, who("d1"), case.number, "POLICE", "涉嫌犯罪", AT).number
    do_step(store, who("d1"), number, "send", AT + 60)
    args = (store, who("police"), number, "accept", AT + HOUR)
    assert refused(do_step, *args, returned=True) == "matters.reason_missing"
    view = do_step(*args, returned=True, text="缺鉴定意见")
    [again] = view.state.open
    assert (again.step.key, again.round, view.entries[-1].text) == ("send", 2, "缺鉴定意见")
    late = overdue(store, AT + 3 * DAY, Selection(unit="D1"))
    assert f"{number}/send#2" in [row.obligation.id for row in late]
    do_step(store, who("d1"), number, "send", AT + DAY, text="补充鉴定")
    assert do_step(store, who("police"), number, "accept", AT + 2 * DAY).state.state == "accepted"


def test_what_is_refused(store: Store) -> None:
    case = finding(store)
    asked = (store, who("d1"), case.number)
    assert refused(refer, *asked, "POLICE", " ", AT) == "matters.reason_missing"
    assert refused(refer, *asked, "D2", "涉嫌犯罪", AT) == "matters.refer_to"
    refused(refer, *asked, "nobody", "涉嫌犯罪", AT, error=NotFound)
    assert refused(refer, store, who("d2"), case.number, "POLICE", "涉嫌犯罪", AT) == (
        "errors.not_allowed_unit"
    )
    made = refer(*asked, "POLICE", "涉嫌犯罪", AT)
    assert refused(refer, *asked, "POLICE", "涉嫌犯罪", AT) == "matters.referred_already"
    assert refused(refer, store, who("police"), made.number, "LAND", "x", AT) == (
        "matters.refer_kind"
    )
    opened = Subject("移送", parent=case.number)
    assert refused(open_matter, store, who("d1"), "transfer", "POLICE", opened, AT) == (
        "matters.opened_otherwise"
    )


def test_to_whom_a_case_can_go(store: Store) -> None:
    codes = [unit.code for unit in receiving(store, AT)]
    assert codes == ["LAND", "DISC", "POWER", "WATER", *BODIES]
    assert ZONE.day_of(AT).isoformat() == "2026-11-23"
    with pytest.raises(Refused):
        refer(store, who("d1"), finding(store).number, "D1", "x", AT)
