"""Matters opened and carried on by the people who may, and what is refused on the way (R15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions.expecting import roll
from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matter_ends import close, reopen
from actions.matters import Subject, do_step, listed, near, open_matter, remark, show
from actions.overdue import due, overdue
from actions.reporting import file, file_zero
from actions.workflows import adopt_workflows
from domain.areas import LandClass
from domain.deadlines import Suspension
from domain.errors import Busy, NotFound, Refused, UsageError
from domain.findings import Finding
from domain.instants import Instant
from domain.matters import Act
from domain.obligations import ObligationKind
from domain.reports import Content, ReportKind
from domain.workflows import Outcome, workflows_from_table
from storage import events
from storage import steps as step_rows
from storage.matters import Filter
from storage.schedules import save_limits
from storage.store import Store, open_store
from storage.units import Selection
from tests.matters_city import (
    ADMIN,
    AT,
    DAY,
    HOUR,
    TODAY,
    ZONE,
    dues,
    finding,
    new_city,
    on,
    owed,
    refused,
    through,
    together,
    untouched,
    who,
    workflows,
)

LATER = date(2026, 12, 18)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


# Opening.


def test_a_matter_opens_with_its_obligations(store: Store) -> None:
    matter = finding(store, place="T1", location="村口")
    assert matter.number == "F-2026-0001"
    view = show(store, " f-2026-0001 ", AT)
    assert (view.matter, view.unit.code, view.state.state) == (matter, "D1", "found")
    assert dues(view) == {"stop": "2026-11-23", "verify": "2026-11-26"}
    stop = owed(store, "F-2026-0001/stop")
    assert (stop.unit, stop.opened_at, stop.rule) == ("D1", AT, "0 days")
    assert stop.due_at == stop.first_due_at == on("2026-11-23 23:59:59")
    assert owed(store, "F-2026-0001/verify").rule == "3 workdays"
    [entry] = view.entries
    assert (entry.act, entry.login) == (Act.OPEN, "d1")
    assert entry.starts[1].limit is not None
    assert entry.starts[1].limit.source.startswith("local handbook")


def test_numbers_are_the_years_and_the_kinds_own(store: Store) -> None:
    last = on("2026-12-31 23:59:59")
    assert [finding(store, AT).number, finding(store, last).number] == [
        "F-2026-0001",
        "F-2026-0002",
    ]
    assert finding(store, last + 1).number == "F-2027-0001"
    lead = open_matter(store, who("land"), "lead", "D1", Subject("举报"), AT, issuer="LAND")
    assert (lead.number, lead.issuer) == ("L-2026-0001", "LAND")


@pytest.mark.parametrize(
    ("login", "unit", "issuer"),
    [
        ("d1", "D1", None),
        ("d1b", "D1", None),
        ("d1h", "D1", None),
        ("t1", "T1", None),
        # Of a unit below one's own, and of one that one's unit supervises.
        ("d1", "T1", None),
        ("sup", "D1", None),
        ("sup", "T1", None),
        ("admin", "D2", None),
        # In the name of one's own unit.
        ("land", "D1", "LAND"),
        ("land", "D1", "国土局"),
    ],
)
def test_who_may_open(store: Store, login: str, unit: str, issuer: str | None) -> None:
    about = Subject("推土")
    matter = open_matter(store, who(login), "finding", unit, about, AT, issuer=issuer)
    assert matter.unit == unit
    assert matter.issuer == ("LAND" if issuer else unit)


@pytest.mark.parametrize(
    ("login", "unit", "issuer"),
    [
        ("d1v", "D1", None),
        ("d2", "D1", None),
        ("t1", "D1", None),
        ("landsup", "D2", None),
        ("nobody", "D1", None),
        ("land", "D1", None),
        ("d1", "D1", "LAND"),
    ],
)
def test_who_may_not_open(store: Store, login: str, unit: str, issuer: str | None) -> None:
    def attempt() -> None:
        about = Subject("推土")
        key = refused(open_matter, store, who(login), "finding", unit, about, AT, issuer=issuer)
        assert key == "errors.not_allowed_unit"

    untouched(store, attempt)


@pytest.mark.parametrize(
    ("workflow", "unit", "about", "key"),
    [
        ("finding", "D1", Subject(" "), "matters.title_missing"),
        ("finding", "D1", Subject("x", place="T9"), "errors.unit_unknown"),
        ("finding", "D1", Subject("x", parent="F-2026-0009"), "matters.unknown"),
        ("finding", "D1", Subject("x", existed_since=date(2026, 11, 24)), "matters.since_future"),
        ("finding", "火星", Subject("x"), "errors.unit_unknown"),
        ("finding", "OLD", Subject("x"), "errors.unit_not_valid"),
        ("burning", "D1", Subject("x"), "matters.workflow_unknown"),
        ("notice", "D1", Subject("x"), "matters.opened_otherwise"),
        ("assist", "D1", Subject("x"), "matters.opened_otherwise"),
        ("reconcile", "D1", Subject("x"), "matters.opened_otherwise"),
    ],
)
def test_what_cannot_be_opened(
    store: Store, workflow: str, unit: str, about: Subject, key: str
) -> None:
    def attempt() -> None:
        found = refused(
            open_matter, store, ADMIN, workflow, unit, about, AT, error=(Refused, NotFound)
        )
        assert found == key

    untouched(store, attempt)


def test_a_unit_that_is_gone_opens_nothing_but_did(store: Store) -> None:
    then = on("2014-02-11 10:00")
    assert open_matter(store, ADMIN, "finding", "OLD", Subject("x"), then).unit == "OLD"


def test_dates_set_by_hand_win_over_the_table(store: Store) -> None:
    about = Subject("推土")
    matter = open_matter(store, who("d1"), "finding", "D1", about, AT, dues={"verify": LATER})
    view = show(store, matter.number, AT)
    assert dues(view) == {"stop": "2026-11-23", "verify": "2026-12-18"}
    assert view.state.open[1].limit is None
    assert owed(store, f"{matter.number}/verify").rule == ""


@pytest.mark.parametrize(
    ("by_hand", "key"),
    [
        ({"verify": date(2026, 11, 22)}, "matters.due_past"),
        ({"decide": LATER}, "matters.due_elsewhere"),
        ({"burn": LATER}, "matters.due_elsewhere"),
    ],
)
def test_dates_that_cannot_be_set(store: Store, by_hand: dict[str, date], key: str) -> None:
    about = Subject("x")
    assert refused(open_matter, store, ADMIN, "finding", "D1", about, AT, dues=by_hand) == key


def test_the_same_day_is_still_a_date(store: Store) -> None:
    matter = open_matter(
        store, ADMIN, "finding", "D1", Subject("x"), AT, dues={"verify": TODAY, "stop": TODAY}
    )
    assert set(dues(show(store, matter.number, AT)).values()) == {"2026-11-23"}


# Findings of reports.


def reported(store: Store, *found: Finding, at: Instant = AT, amending: bool = False) -> None:
    content = Content(ReportKind.DAILY, "有", findings=found)
    file(store, who("d1"), "D1", TODAY, content, at, amending=amending, reason="补")


FIELD = Finding(1, "村口", LandClass.CULTIVATED, 1240, "T1", "某公司", use="推土堆料")
RIVER = Finding(2, "河边", LandClass.UNUSED, 50, existed_since=date(2026, 11, 20))


def test_a_finding_of_a_report_opens_its_matter(store: Store) -> None:
    reported(store, FIELD, RIVER)
    first, second = listed(store, Selection(), Filter(), AT)
    assert (first.matter.number, second.matter.number) == ("F-2026-0001", "F-2026-0002")
    assert first.matter == replace(
        first.matter,
        unit="D1",
        issuer="D1",
        title="推土堆料",
        place="T1",
        location="村口",
        party="某公司",
        land_class="cultivated",
        area=1240,
        origin="2026-11-23/D1/1",
    )
    assert (second.matter.title, second.matter.existed_since) == ("河边", date(2026, 11, 20))
    assert first.matter.opened_at == AT


def test_an_amendment_opens_only_what_is_new(store: Store) -> None:
    reported(store, FIELD)
    reported(store, replace(FIELD, area=1300), RIVER, at=AT + HOUR, amending=True)
    found = listed(store, Selection(), Filter(), AT + HOUR)
    assert [view.matter.origin for view in found] == ["2026-11-23/D1/1", "2026-11-23/D1/2"]
    file(
        store,
        who("d1"),
        "D1",
        TODAY,
        Content(ReportKind.ZERO),
        AT + 2 * HOUR,
        amending=True,
        reason="误报",
    )
    # What was opened is closed by people, with an outcome, not by an amendment.
    assert len(listed(store, Selection(), Filter(open=True), AT + 2 * HOUR)) == 2


def test_report_and_matters_stand_together_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Busy("errors.disk_full", store="x")

    content = Content(ReportKind.DAILY, "有", findings=(FIELD, RIVER))
    with monkeypatch.context() as patch:
        patch.setattr("storage.matters.add_entry", full)

        def attempt() -> None:
            assert refused(file, store, who("d1"), "D1", TODAY, content, AT, error=Busy) == (
                "errors.disk_full"
            )

        # The days that have become current are created either way.
        roll(store, AT)
        untouched(store, attempt)
    file(store, who("d1"), "D1", TODAY, content, AT)
    assert [view.matter.number[-4:] for view in listed(store, Selection(), Filter(), AT)] == [
        "0001",
        "0002",
    ]


def test_a_zero_opens_nothing(store: Store) -> None:
    file_zero(store, who("d1"), "D1", TODAY, AT)
    assert listed(store, Selection(), Filter(), AT) == []


def test_a_city_without_workflows_has_its_reports(store: Store) -> None:
    store.connection.execute("DELETE FROM meta WHERE key = 'workflows'")
    reported(store, FIELD)
    assert listed(store, Selection(), Filter(), AT) == []
    key = refused(open_matter, store, ADMIN, "finding", "D1", Subject("x"), AT, error=NotFound)
    assert key == "matters.no_workflows"


# Steps.


def test_a_finding_is_carried_to_its_end(store: Store) -> None:
    number = finding(store).number
    through(store, number, "stop", "verify", at=AT + HOUR)
    assert dues(show(store, number, AT + HOUR)) == {"report": "2026-11-26", "file": "2026-12-07"}
    through(store, number, "file", at=AT + DAY)
    # Sixty days from filing.
    assert dues(show(store, number, AT + DAY))["decide"] == "2027-01-23"
    through(store, number, "report", "decide", "rectify", at=AT + 2 * DAY)
    view = show(store, number, AT + 2 * DAY)
    assert (view.state.open, view.state.closed_at) == ((), None)
    view = close(store, who("d1b"), number, Outcome.RESTORED, "照片", AT + 3 * DAY)
    assert (view.state.closed_at, view.state.outcome) == (AT + 3 * DAY, Outcome.RESTORED)
    assert view.entries[-1].text == "照片"
    assert all(row.discharged_at for row in step_rows.of_matter(store.connection, number))


def test_the_rule_of_the_anchors_day_is_fixed_on_the_obligation(store: Store) -> None:
    numbers = []
    for begun in ("2014-06-30 23:59:59", "2014-07-01 00:00:00"):
        number = finding(store, on(begun)).number
        through(store, number, "verify", at=on(begun))
        numbers.append(number)
    old, new = (owed(store, f"{number}/file") for number in numbers)
    assert (old.rule, ZONE.show(old.due_at)) == ("7 days", "2014-07-07 23:59:59")
    assert (new.rule, ZONE.show(new.due_at)) == ("10 workdays", "2014-07-15 23:59:59")
    # A change of the table later changes neither.
    store.connection.execute("DELETE FROM limits")
    assert dues(show(store, numbers[0], on("2014-07-02")))["file"] == "2014-07-07"


def test_a_step_without_a_rule_is_open_and_owes_nothing(store: Store) -> None:
    store.connection.execute("DELETE FROM limits WHERE step = 'verify'")
    number = finding(store).number
    assert dues(show(store, number, AT)) == {"stop": "2026-11-23", "verify": "-"}
    assert step_rows.get(store.connection, f"{number}/verify") is None
    through(store, number, "verify")
    assert "verified" in show(store, number, AT).state.reached
    assert refused(
        ask_extension, store, who("d1"), finding(store).number, "verify", LATER, "x", AT
    ) == ("matters.extension_earlier")


@pytest.mark.parametrize(
    ("step", "key"),
    [
        ("file", "matters.step_not_open"),
        ("rectify", "matters.step_not_open"),
        ("stop", "matters.step_not_open"),
        ("burn", "workflows.step_unknown"),
    ],
)
def test_a_step_whose_turn_it_is_not(store: Store, step: str, key: str) -> None:
    number = finding(store).number
    through(store, number, "stop")

    def attempt() -> None:
        found = refused(do_step, store, ADMIN, number, step, AT, error=(Refused, UsageError))
        assert found == key

    untouched(store, attempt)


@pytest.mark.parametrize("login", ["d2", "t1", "d1v", "sup", "land", "nobody"])
def test_who_may_not_do_a_step(store: Store, login: str) -> None:
    number = finding(store).number

    def attempt() -> None:
        assert refused(do_step, store, who(login), number, "stop", AT) == "errors.not_allowed_unit"

    untouched(store, attempt)


def test_a_step_that_is_nobodys_to_return(store: Store) -> None:
    number = finding(store).number
    assert refused(do_step, store, ADMIN, number, "verify", AT, text="x", returned=True) == (
        "matters.not_returnable"
    )


def test_an_unknown_matter(store: Store) -> None:
    for act in (
        lambda: do_step(store, ADMIN, "F-2026-0009", "stop", AT),
        lambda: remark(store, ADMIN, "F-2026-0009", "x", AT),
        lambda: show(store, "F-2026-0009", AT),
        lambda: show(store, "", AT),
    ):
        assert refused(act, error=NotFound) == "matters.unknown"
    number = finding(store).number
    assert refused(show, store, number, AT - 1, error=NotFound) == "matters.unknown"


def _stop(path: Path, number: str) -> str:
    with open_store(path) as own:
        try:
            do_step(own, who("d1"), number, "stop", AT)
        except Refused as error:
            return error.message.key
        return "done"


def test_of_many_at_once_one_does_the_step(tmp_path: Path) -> None:
    with new_city(tmp_path) as own:
        number = finding(own).number
    answers = together(_stop, *[(tmp_path / "city.db", number)] * 5)
    assert sorted(answers) == ["done", *["matters.step_not_open"] * 4]


# Remarks, clocks, records.


def test_a_remark_needs_words_and_a_hand_in_it(store: Store) -> None:
    number = finding(store).number
    assert remark(store, who("d1b"), number, " 已电话告知 ", AT).entries[-1].act is Act.REMARK
    assert refused(remark, store, who("d1"), number, "  ", AT) == "matters.reason_missing"
    assert refused(remark, store, who("d2"), number, "x", AT) == "errors.not_allowed_unit"


def test_a_clock_that_runs_behind_does_nothing(store: Store) -> None:
    number = finding(store).number
    ask_extension(store, who("d1"), number, "verify", LATER, "x", AT)
    through(store, number, "stop", at=AT + HOUR)
    early = AT + HOUR - 1
    still = Suspension(TODAY, TODAY, "x")

    def attempt() -> None:
        for at in (early, AT - 1):
            for act in (
                lambda at=at: do_step(store, ADMIN, number, "verify", at),
                lambda at=at: ask_extension(store, ADMIN, number, "verify", LATER, "x", at),
                lambda at=at: answer_extension(store, ADMIN, number, "verify", True, "x", at),
                lambda at=at: suspend(store, ADMIN, number, still, at),
                lambda at=at: close(store, ADMIN, number, Outcome.TRANSFERRED, "x", at),
                lambda at=at: reopen(store, ADMIN, number, "stop", "x", at),
                lambda at=at: remark(store, ADMIN, number, "x", at),
            ):
                assert refused(act) == "errors.clock_back"

    untouched(store, attempt)
    through(store, number, "verify", at=AT + HOUR)


def test_every_act_leaves_its_event(store: Store) -> None:
    number = finding(store).number
    through(store, number, "stop", "verify", "report", "file", "decide", "rectify")
    close(store, who("d1b", "admin"), number, Outcome.RESTORED, "照片", AT)
    found = events.of_subject(store.connection, number)
    assert [event.action for event in found] == [
        "matter.open",
        *["matter.done"] * 6,
        "matter.close",
    ]
    last = found[-1]
    assert (last.actor, last.real_login, last.detail["outcome"]) == ("d1b", "admin", "restored")
    assert events.first_broken(store.connection) is None


def test_a_branch_that_runs_keeps_its_clock_over_a_return(store: Store) -> None:
    def step(key: str, after: str, **more: object) -> dict[str, object]:
        return {"key": key, "done": f"{key}-done", "after": after, "zh": key, "en": key, **more}

    own = {
        "zh": "试",
        "en": "try",
        "prefix": "W",
        "opens": "begun",
        "steps": [
            step("write", "begun"),
            step("survey", "write-done"),
            step("check", "write-done", returns="write", ends=True),
        ],
    }
    table = {**workflows(), **workflows_from_table({"own": own})}
    assert adopt_workflows(store, ADMIN, table, AT)
    save_limits(
        store.connection,
        [
            ("own", key, after, 3, "days", None, None, "", "")
            for key, after in (
                ("write", "begun"),
                ("survey", "write-done"),
                ("check", "write-done"),
            )
        ],
    )
    number = open_matter(store, who("d1"), "own", "D1", Subject("x"), AT).number
    through(store, number, "write")
    do_step(store, who("d1b"), number, "check", AT + DAY, text="缺图", returned=True)
    through(store, number, "write", at=AT + 2 * DAY)
    view = show(store, number, AT + 2 * DAY)
    assert [(row.step.key, row.round, row.anchor) for row in view.state.open] == [
        ("survey", 1, AT),
        ("check", 2, AT + 2 * DAY),
    ]
    do_step(store, who("d1b"), number, "check", AT + 3 * DAY)
    # Nothing of it is owed for ever.
    assert all(row.discharged_at for row in step_rows.of_matter(store.connection, number))


def test_workflows_change_under_matters_that_go_on(store: Store) -> None:
    number = finding(store).number
    table = workflows()
    flow = table["finding"]
    renamed = replace(flow, steps=tuple(replace(s, zh=f"{s.zh}新") for s in flow.steps))
    assert adopt_workflows(store, ADMIN, {**table, "finding": renamed}, AT)
    assert not adopt_workflows(store, ADMIN, {**table, "finding": renamed}, AT)
    assert show(store, number, AT).state.open[0].step.zh == "制止新"
    less = {key: value for key, value in table.items() if key != "finding"}
    assert refused(adopt_workflows, store, ADMIN, less, AT) == "workflows.workflow_used"
    gone = replace(flow, steps=flow.steps[1:])
    assert refused(adopt_workflows, store, ADMIN, {**table, "finding": gone}, AT) == (
        "workflows.step_used"
    )
    assert refused(adopt_workflows, store, who("d1"), table, AT) == "errors.not_allowed"


# Lists.


def test_lists_take_as_many_questions_however_long(store: Store) -> None:
    counts = []
    for _ in range(2):
        for number in range(12):
            matter = finding(store, AT, "T1" if number % 2 else "D2", "admin")
            still = Suspension(TODAY, TODAY, "x")
            suspend(store, ADMIN, matter.number, still, AT)
        for ask in (
            lambda: listed(store, Selection(), Filter(open=True), AT),
            lambda: overdue(store, AT + 9 * DAY, Selection(), ObligationKind.STEP),
            lambda: due(store, AT, AT + 9 * DAY, Selection(), ObligationKind.STEP),
        ):
            ran: list[str] = []
            store.connection.engine.set_trace_callback(ran.append)
            assert ask()
            store.connection.engine.set_trace_callback(None)
            counts.append(len(ran))
    assert counts[:3] == counts[3:]


def test_near_ones_share_place_and_words(store: Store) -> None:
    same = finding(store, place="T1", location="村口东侧鱼塘边").number
    finding(store, place="T1", location="高速路出口")
    finding(store, place="T2", location="村口东侧鱼塘边", login="admin", unit="D2")
    closed = finding(store, place="T1", location="村口东侧鱼塘旁").number
    close(store, who("d1b"), closed, Outcome.TRANSFERRED, "x", AT)
    about = Subject("填土", place="T1", location="村口东侧的鱼塘边")
    assert [view.matter.number for view in near(store, about, AT)] == [same]
    key = refused(open_matter, store, who("d1"), "finding", "D1", about, AT, unless_near=True)
    assert key == "matters.near"
    assert open_matter(store, who("d1"), "finding", "D1", about, AT).number == "F-2026-0005"
