"""The half-yearly check: rows add up, any past day is as it was, and remarks (R10, R17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from actions import assisting, matters, notices
from actions.assessing import Check, Sheet, behind, check, remark, remarks, rows_behind
from actions.expecting import roll
from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matter_ends import close
from actions.matters import Subject, open_matter
from actions.reconciling import explain_zero, reconcile
from actions.reporting import file, file_zero
from actions.schedules import adopt_rules
from actions.targets import TargetSheet, targets
from domain.deadlines import Suspension
from domain.errors import NotFound
from domain.figures import FigureKey
from domain.instants import Instant
from domain.periods import Period
from domain.reports import Content, ReportKind
from domain.scoring import Assessment, Deduction
from domain.settings import CityRules
from domain.workflows import Outcome
from storage import events
from storage.store import Store
from storage.units import Selection
from tests.matters_city import ADMIN, AT, TODAY, finding, new_city, on, refused, through, who

HALF = Period(2026, 2)
END = on("2026-12-20 12:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with new_city(tmp_path) as opened:
        yield opened


def sheet(store: Store, unit: str = "D1", at: Instant = END, period: Period = HALF) -> Sheet:
    return check(store, period, Selection(unit=unit), at).sheets[0]


def numbers(store: Store, key: FigureKey, unit: str = "D1", at: Instant = END) -> tuple[int, int]:
    figure = sheet(store, unit, at).figure(key)
    return figure.part, figure.whole


def added_up(store: Store, selection: Selection, at: Instant, period: Period = HALF) -> None:
    """Hold each figure, and each unit's, to the sums of its rows."""
    found = check(store, period, selection, at)
    for total in found.total:
        rows = rows_behind(store, total.key, period, selection, at)
        assert (sum(row.part for row in rows), sum(row.whole for row in rows)) == (
            total.part,
            total.whole,
        )
        for each in found.sheets:
            own = [row for row in rows if row.unit == each.unit.code]
            figure = each.figure(total.key)
            assert sum(row.part for row in own) == figure.part
            assert sum(row.whole for row in own) == figure.whole


def file_days(store: Store) -> None:
    """File for D1: on time, late, made up, a zero amended into a report; the rest is missed."""
    roll(store, END)
    file_zero(store, ADMIN, "D1", date(2026, 11, 16), on("2026-11-16 16:00"))
    file_zero(store, ADMIN, "D1", date(2026, 11, 17), on("2026-11-17 18:00"))
    file_zero(store, ADMIN, "D1", date(2026, 11, 18), on("2026-11-20 09:00"))
    file_zero(store, ADMIN, "D1", date(2026, 11, 19), on("2026-11-19 10:00"))
    content = Content(ReportKind.DAILY, "复核发现堆料")
    file(
        store,
        ADMIN,
        "D1",
        date(2026, 11, 19),
        content,
        on("2026-11-21 10:00"),
        reason="收到群众反映",
        amending=True,
    )


# -- reports -----------------------------------------------------------------------------------


def test_reports_of_a_half_year(store: Store) -> None:
    file_days(store)
    at = on("2026-11-22 12:00")
    found = sheet(store, at=at)
    reporting = found.figure(FigureKey.REPORTING)
    assert (reporting.part, reporting.whole) == (4, 6)
    assert dict(reporting.beside) == {"missing": 2, "pending": 1, "exempt": 0}
    on_time = found.figure(FigureKey.ON_TIME)
    assert (on_time.part, on_time.whole) == (2, 6)
    assert dict(on_time.beside) == {"late": 1, "made_up": 1, "missing": 2}
    assert numbers(store, FigureKey.ZERO, at=at) == (3, 4)
    # Before the amendment it was a zero.
    assert numbers(store, FigureKey.ZERO, at=on("2026-11-20 12:00")) == (4, 4)
    added_up(store, Selection(), at)


def test_days_to_come_are_not_asked_about(store: Store) -> None:
    file_days(store)
    assert numbers(store, FigureKey.REPORTING, at=on("2026-11-16 12:00")) == (0, 0)
    empty = check(store, Period(2027, 1), Selection(), AT)
    assert empty.sheets == ()
    alone = check(store, Period(2027, 1), Selection(unit="D1"), AT)
    assert [figure.rate for figure in alone.sheets[0].figures] == [None] * len(FigureKey)
    assert rows_behind(store, FigureKey.REPORTING, Period(2027, 1), Selection(), AT) == []
    assert check(store, Period(2026, 1), Selection(), AT).sheets == ()


def test_sheets_stand_in_registry_order(store: Store) -> None:
    file_days(store)
    order = [each.unit.order for each in check(store, HALF, Selection(), END).sheets]
    assert len(order) > 4
    assert order == sorted(order)
    below = check(store, HALF, Selection(under="D1"), END)
    assert [each.unit.code for each in below.sheets] == ["D1"]


def test_the_total_is_of_all(store: Store) -> None:
    file_days(store)
    found = check(store, HALF, Selection(), END)
    for figure in found.total:
        assert figure.whole == sum(each.figure(figure.key).whole for each in found.sheets)


# -- steps, notices, requests ------------------------------------------------------------------


def test_steps_by_the_day_they_were_due(store: Store) -> None:
    matter = finding(store)
    stop, verify = matters.show(store, matter.number, AT).state.open
    assert stop.due_at is not None
    assert verify.due_at is not None
    # Before either is due, both are open and in no share.
    early = sheet(store, at=AT + 60).figure(FigureKey.STEPS)
    assert (early.part, early.whole, early.beside["open"]) == (0, 0, 2)
    assert (early.median, early.oldest) == (None, 0)
    late = max(stop.due_at, verify.due_at) + 60
    overdue = sheet(store, at=late).figure(FigureKey.STEPS)
    assert (overdue.part, overdue.whole, overdue.beside["overdue"]) == (0, 2, 2)
    through(store, matter.number, "stop", at=AT + 3600)
    done = sheet(store, at=late).figure(FigureKey.STEPS)
    assert (done.part, done.whole) == (1, 2)
    assert done.median == 0
    added_up(store, Selection(), late)
    # Another period has nothing of it.
    assert sheet(store, at=late, period=Period(2026, 1)).figure(FigureKey.STEPS).whole == 0


def test_late_is_late_for_ever_and_the_median_is_of_what_is_done(store: Store) -> None:
    matter = finding(store)
    through(store, matter.number, "stop", at=AT + 60)
    through(store, matter.number, "verify", at=on("2026-12-07 10:00"))
    found = sheet(store).figure(FigureKey.STEPS)
    assert found.beside["late"] == 1
    # The same day and ten working days; of what began then, nothing is done.
    assert found.median == Fraction(5)
    assert found.oldest == 9
    added_up(store, Selection(), END)


def test_an_extension_moves_a_step_and_the_past_stays(store: Store) -> None:
    matter = finding(store)
    before = check(store, HALF, Selection(), AT + 60)
    ask_extension(store, who("d1"), matter.number, "verify", date(2027, 1, 20), "等测绘", AT + 120)
    answer_extension(store, who("sup"), matter.number, "verify", True, "同意", AT + 180)
    # It falls due in the next half-year now, and did in this one then.
    rows = rows_behind(store, FigureKey.STEPS, HALF, Selection(), AT + 240)
    assert [row.id for row in rows] == [f"{matter.number}/stop"]
    later = rows_behind(store, FigureKey.STEPS, Period(2027, 1), Selection(), AT + 240)
    assert [row.id for row in later] == [f"{matter.number}/verify"]
    assert check(store, HALF, Selection(), AT + 60) == before


def test_a_suspended_step_is_not_overdue(store: Store) -> None:
    matter = finding(store)
    span = Suspension(TODAY, date(2026, 12, 31), "等司法鉴定")
    suspend(store, who("d1h"), matter.number, span, AT + 60)
    found = sheet(store, at=on("2026-12-10 12:00")).figure(FigureKey.STEPS)
    assert found.beside["overdue"] == 0


def test_a_step_that_its_matter_left_behind_is_said_beside(store: Store) -> None:
    matter = finding(store)
    through(store, matter.number, "verify", at=AT + 60)
    close(store, who("d1b"), matter.number, Outcome.UNFOUNDED, "照片", AT + 120)
    found = sheet(store).figure(FigureKey.STEPS)
    assert (found.part, found.whole, found.beside["dropped"]) == (1, 1, 3)
    added_up(store, Selection(), END)


def test_notices_and_requests_are_figures_of_their_own(store: Store) -> None:
    matter = finding(store)
    (notice,) = notices.issue(store, who("sup"), ["D1"], "督办", "限期整改", AT + 60)
    (asked,) = assisting.ask(store, who("d1"), matter.number, ["POWER"], "", AT + 120)
    notices.sign(store, who("d1"), notice.number, AT + 180)
    assert numbers(store, FigureKey.NOTICES) == (1, 2)
    assert numbers(store, FigureKey.ASSISTS, "POWER") == (0, 1)
    matters.do_step(store, who("power"), asked.number, "reply", AT + 3600, text="已停电")
    assert numbers(store, FigureKey.ASSISTS, "POWER") == (1, 1)
    notices.reply(store, who("d1"), notice.number, "已整改", AT + 3600)
    # The review is the issuer's to do.
    assert numbers(store, FigureKey.NOTICES, "DISC")[1] == 1
    added_up(store, Selection(), END)


# -- zeros -------------------------------------------------------------------------------------


def contradict(store: Store) -> str:
    """File a zero of D1 that a lead speaks against, and ask for an explanation."""
    file_zero(store, ADMIN, "D1", TODAY, AT)
    file_zero(store, ADMIN, "D1", date(2026, 11, 22), AT + 1)
    about = Subject("举报填塘", place="T1", existed_since=TODAY)
    open_matter(store, who("land"), "lead", "D1", about, AT + 60, issuer="LAND")
    (asked,) = reconcile(store, ADMIN, TODAY, TODAY, Selection(), AT + 120)
    return asked.number


def test_contradicted_zeros_and_how_they_were_explained(store: Store) -> None:
    number = contradict(store)
    assert numbers(store, FigureKey.CONTRADICTED, at=AT + 180) == (1, 2)
    waiting = sheet(store, at=AT + 180).figure(FigureKey.EXPLAINED)
    assert (waiting.part, waiting.whole, waiting.beside["open"]) == (0, 0, 1)
    explain_zero(store, who("d1"), number, "out_of_scope", "不在巡查图斑内", AT + 3600)
    found = sheet(store).figure(FigureKey.EXPLAINED)
    assert (found.part, found.whole, found.beside["out_of_scope"]) == (1, 1, 1)
    (row,) = rows_behind(store, FigureKey.EXPLAINED, HALF, Selection(unit="D1"), END)
    assert (row.day, row.reason) == (TODAY, "out_of_scope")
    added_up(store, Selection(), END)


def test_an_explanation_belongs_to_its_zeros_period(store: Store) -> None:
    """A zero of the year's last day is explained in January, and counts in December."""
    last = date(2026, 12, 31)
    at = on("2026-12-31 12:00")
    roll(store, at)
    file_zero(store, ADMIN, "D1", last, at)
    about = Subject("举报填塘", place="T1", existed_since=last)
    open_matter(store, who("land"), "lead", "D1", about, at + 60, issuer="LAND")
    (asked,) = reconcile(store, ADMIN, last, last, Selection(), at + 120)
    explain_zero(store, who("d1"), asked.number, "overlooked", "漏看", on("2027-01-04 09:00"))
    after = on("2027-02-01 09:00")
    assert sheet(store, at=after).figure(FigureKey.EXPLAINED).whole == 1
    assert sheet(store, at=after, period=Period(2027, 1)).figure(FigureKey.EXPLAINED).whole == 0


# -- any past day ------------------------------------------------------------------------------


def test_the_sheet_of_any_past_day_is_exactly_what_it_was(store: Store) -> None:
    """After each act the whole check is kept; at the end each is asked for again."""
    seen: list[tuple[Instant, Check, list[TargetSheet]]] = []
    clock = [AT]

    def look() -> None:
        at = clock[0] + 30
        roll(store, at)
        seen.append(
            (at, check(store, HALF, Selection(), at), targets(store, 2026, Selection(), at))
        )

    def act(do: Callable[[Instant], object], hours: int = 7) -> None:
        clock[0] += hours * 3600
        do(clock[0])
        look()

    number = finding(store, place="T1", land_class="cultivated", area=1240).number
    look()
    about = Subject("举报填塘", place="T1", existed_since=TODAY)
    reached: list[str] = []

    def asked(at: Instant) -> None:
        reached.append(reconcile(store, ADMIN, TODAY, TODAY, Selection(), at)[0].number)

    act(lambda at: file_zero(store, ADMIN, "D1", TODAY, at), 1)
    act(lambda at: matters.do_step(store, who("d1"), number, "stop", at))
    act(lambda at: open_matter(store, who("land"), "lead", "D1", about, at, issuer="LAND"))
    act(asked)
    act(lambda at: matters.do_step(store, who("d1"), number, "verify", at), 40)
    act(lambda at: notices.issue(store, who("sup"), ["D1"], "督办", "限期", at))
    act(
        lambda at: remark(
            store, who("d1"), HALF, "D1", "steps", "核查时道路中断", at, subject=f"{number}/verify"
        )
    )
    act(lambda at: ask_extension(store, who("d1"), number, "file", date(2027, 1, 20), "等鉴定", at))
    act(lambda at: answer_extension(store, who("sup"), number, "file", True, "同意", at))
    act(lambda at: explain_zero(store, who("d1"), reached[0], "overlooked", "漏看", at), 90)
    act(lambda at: matters.do_step(store, who("d1"), number, "report", at), 60)
    act(lambda at: matters.do_step(store, who("d1"), number, "file", at), 60)
    span = Suspension(date(2026, 12, 10), date(2026, 12, 20), "鉴定")
    act(lambda at: suspend(store, who("d1h"), number, span, at))
    assert len(seen) == 14
    for at, found, held in seen:
        assert check(store, HALF, Selection(), at) == found
        assert targets(store, 2026, Selection(), at) == held
        added_up(store, Selection(), at)
    # And it did change on the way.
    assert seen[0][1].total != seen[-1][1].total


# -- remarks and scores ------------------------------------------------------------------------


def test_a_remark_travels_with_its_figure(store: Store) -> None:
    file_days(store)
    remark(store, who("d1"), HALF, "D1", "on_time", " 停电一日 ", AT)
    again = remark(store, who("d1h", "d1"), HALF, "D1", "on_time", "附证明", AT + 60)
    assert (again.seq, again.login, again.real_login) == (2, "d1h", "d1")
    said = check(store, HALF, Selection(), AT + 60).remarks_of("D1", "on_time")
    assert [row.text for row in said] == ["停电一日", "附证明"]
    # As of an earlier instant it had not been said.
    assert [row.seq for row in check(store, HALF, Selection(), AT + 30).remarks] == [1]
    assert check(store, Period(2026), Selection(), AT + 60).remarks == ()
    (event,) = events.of_subject(store.connection, "D1")[-1:]
    assert event.action == "assess.remark"
    assert event.detail["text"] == "附证明"


def test_a_remark_on_a_row(store: Store) -> None:
    file_days(store)
    made = remark(store, who("d1"), HALF, "D1", "on_time", "断网", AT, subject="R-20261117-D1")
    assert made.subject == "R-20261117-D1"
    for row in ("R-20261117-D2", "R-20260517-D1", "x"):
        key = refused(
            remark,
            store,
            who("d1"),
            HALF,
            "D1",
            "on_time",
            "断网",
            AT,
            subject=row,
            error=NotFound,
        )
        assert key == "assess.row_unknown"


def test_what_is_said_of_a_target_belongs_to_the_year(store: Store) -> None:
    matter = finding(store, place="T1")
    made = remark(store, who("d1"), HALF, "D1", "filing", "已补立", AT + 60, subject=matter.number)
    assert made.period == "2026"
    for period in (HALF, Period(2026, 1), Period(2026)):
        assert remarks(store, period, AT + 60) == [made]
    assert remarks(store, Period(2027), AT + 60) == []


@pytest.mark.parametrize("login", ["d2", "sup", "d1v", "t1"])
def test_only_the_unit_itself_speaks_for_it(store: Store, login: str) -> None:
    key = refused(remark, store, who(login), HALF, "D1", "steps", "x", AT)
    assert key == "errors.not_allowed_unit"
    # Those above speak for those below.
    remark(store, who("d1b"), HALF, "T1", "steps", "x", AT)


def test_a_remark_says_something_of_something(store: Store) -> None:
    assert refused(remark, store, who("d1"), HALF, "D1", "steps", " ", AT) == "assess.remark_empty"
    key = refused(remark, store, who("d1"), HALF, "D1", "weights", "x", AT, error=NotFound)
    assert key == "assess.figure_unknown"
    key = refused(behind, store, "weights", HALF, Selection(), AT, error=NotFound)
    assert key == "assess.figure_unknown"


def test_scores_are_off_until_a_city_turns_them_on(store: Store) -> None:
    file_days(store)
    assert all(each.score is None for each in check(store, HALF, Selection(), END).sheets)
    on_now = Assessment(True, 100, (Deduction(FigureKey.ON_TIME, 50, 1000),))
    adopt_rules(store, ADMIN, CityRules(assessment=on_now), AT)
    at = on("2026-11-22 12:00")
    found = sheet(store, at=at).score
    assert found is not None
    (line,) = found.lines
    assert (line.failing, line.taken, found.score) == (4, 200, 9800)
