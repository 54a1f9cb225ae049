"""The program against a naive reading of R11, R12 and R15: to the second, as of every instant.

`ORACLE_EXAMPLES=5000` runs as many examples of each test instead of the few that CI has time for.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from actions.assisting import ask
from actions.explaining import explain
from actions.matter_dates import answer_extension, ask_extension, suspend
from actions.matter_ends import close, reopen
from actions.matters import Subject, do_step, listed, open_matter, remark, show
from actions.notices import issue, reply, review
from actions.opening import found
from actions.overdue import due, overdue, overdue_counts
from actions.reporting import file_zero
from actions.urging import survey, urge
from domain.calendar import Calendar
from domain.deadlines import Limit, Measure, Suspension, deadline
from domain.explaining import StepExplanation
from domain.instants import Instant, Zone
from domain.matters import fold
from domain.obligations import ObligationKind
from domain.settings import CityRules
from domain.workflows import Outcome
from storage import matters as rows
from storage.matters import Filter
from storage.schedules import save_limits
from storage.store import Store, open_store
from storage.units import Selection
from tests.matters_city import ADMIN, DAY, HOUR, registry, who
from tests.oracle.clocks import WORKFLOWS, Case, Days, Ledger, Table
from tests.oracle.clocks import deadline as naive_deadline

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "40"))
often = settings(
    max_examples=5 * EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
now_and_then = settings(often, max_examples=max(1, EXAMPLES // 2))

SHANGHAI = "Asia/Shanghai"
TURNS = (
    date(2023, 9, 29),  # National Day, with 7 and 8 October worked
    date(2020, 1, 24),  # a Spring Festival made longer
    date(2024, 2, 10),  # Spring Festival, with 4 and 18 February worked
    date(2025, 1, 28),
    date(2014, 6, 30),  # rules change on the morrow
    date(2023, 12, 31),
    date(2024, 2, 29),
    date(2025, 1, 31),
    date(2026, 10, 1),
    date(2027, 3, 1),  # beyond the published calendar
)
near_turns = st.builds(
    lambda turn, days: turn + timedelta(days=days), st.sampled_from(TURNS), st.integers(-20, 20)
)
anywhere = st.dates(date(2005, 1, 1), date(2030, 1, 1))
RULES = st.one_of(
    st.tuples(st.integers(0, 200), st.just("hours")),
    st.tuples(st.integers(0, 100), st.just("days")),
    st.tuples(st.integers(0, 60), st.just("workdays")),
    st.tuples(st.integers(0, 15), st.just("months")),
)


@st.composite
def clocks(draw: st.DrawFn) -> tuple[int, Table, list[tuple[date, date]], Days]:
    """Draw an anchor, a rule, suspensions around it, and a calendar with days of its own."""
    zone = draw(st.sampled_from([SHANGHAI, SHANGHAI, "Europe/London", "America/St_Johns"]))
    day0 = draw(st.one_of(near_turns, anywhere))
    amount, unit = draw(RULES)
    rule = {"amount": amount, "unit": unit, "roll": draw(st.booleans())}
    near = st.integers(-10, 70).map(lambda days: day0 + timedelta(days=days))
    spans = draw(
        st.lists(
            st.tuples(near, st.integers(0, 15)).map(
                lambda span: (span[0], span[0] + timedelta(days=span[1]))
            ),
            max_size=5,
        )
    )
    off, on = draw(st.sets(near, max_size=5)), draw(st.sets(near, max_size=5))
    days = Days(zone, frozenset(off - on), frozenset(on))
    anchor = days.midnight(day0) + draw(st.integers(0, 23 * 3600 - 1))
    return anchor, rule, spans, days


@often
@given(clocks())
def test_deadlines_to_the_second(
    case: tuple[int, Table, list[tuple[date, date]], Days],
) -> None:
    anchor, rule, spans, days = case
    limit = Limit(rule["amount"], Measure(rule["unit"]), rule["roll"])
    still = [Suspension(first, last) for first, last in spans]
    city = Calendar(days.off, days.on)
    answer = deadline(anchor, limit, Zone(days.zone), city, still)
    assert answer.due_at == naive_deadline(days, anchor, rule, spans)
    event(rule["unit"])


@pytest.mark.parametrize(
    ("anchor", "amount", "unit", "last"),
    [
        ("2023-10-01", 60, "days", "2023-11-30"),
        ("2023-01-31", 1, "months", "2023-02-28"),
        ("2024-01-31", 1, "months", "2024-02-29"),
        ("2023-11-30", 3, "months", "2024-02-29"),
        ("2023-09-28", 3, "workdays", "2023-10-09"),
        ("2024-02-02", 1, "workdays", "2024-02-04"),
        ("2024-02-09", 2, "workdays", "2024-02-19"),
        ("2025-12-31", 1, "workdays", "2026-01-04"),
        ("2014-06-30", 7, "days", "2014-07-07"),
        ("2014-07-01", 10, "workdays", "2014-07-15"),
    ],
)
def test_the_naive_reading_agrees_with_known_dates(
    anchor: str, amount: int, unit: str, last: str
) -> None:
    days = Days()
    begun = days.midnight(date.fromisoformat(anchor)) + 8 * HOUR
    rule = {"amount": amount, "unit": unit, "roll": False}
    assert naive_deadline(days, begun, rule, []) == days.last_second(date.fromisoformat(last))


# Whole cities: random acts, and what was said then is said again as of then.

DISTRICTS = ("D1", "D2", "T1")
HANDS = {"D1": "d1", "D2": "d2", "T1": "t1", "POWER": "power", "WATER": "water"}
HEADS = {"D1": "d1h", "D2": "d2h", "T1": "d1h", "POWER": "powerb", "WATER": "water"}
BEGINNINGS = (
    date(2023, 9, 25),
    date(2024, 2, 5),
    date(2014, 6, 27),
    date(2023, 12, 27),
    date(2026, 9, 28),
)


@cache
def _founded(starts: date) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.db"
        begins = Days().midnight(starts)
        found(path, registry(), CityRules(), starts, ADMIN, begins).close()
        return path.read_bytes()


@contextmanager
def city(starts: date, limits: list[Table]) -> Iterator[Store]:
    """Open a new city that begins on a day, under these limits alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.db"
        path.write_bytes(_founded(starts))
        with open_store(path) as store:
            store.connection.execute("DELETE FROM limits")
            save_limits(
                store.connection,
                [
                    (
                        row["workflow"],
                        row["step"],
                        row["after"],
                        row["amount"],
                        row["unit"],
                        row["from"] and row["from"].isoformat(),
                        row["to"] and row["to"].isoformat(),
                        "",
                        "",
                        int(row["roll"]),
                    )
                    for row in limits
                ],
            )
            yield store


@st.composite
def limit_tables(draw: st.DrawFn, starts: date) -> list[Table]:
    """Draw limits for every step: one rule, or two that follow one another, or none."""
    found_: list[Table] = []
    small = st.one_of(
        st.tuples(st.integers(0, 60), st.just("hours")),
        st.tuples(st.integers(0, 12), st.just("days")),
        st.tuples(st.integers(0, 8), st.just("workdays")),
        st.tuples(st.integers(0, 1), st.just("months")),
    )
    for workflow in ("finding", "notice", "assist"):
        for step in WORKFLOWS[workflow]["steps"]:
            change = draw(st.none() | st.integers(0, 15))
            split = None if change is None else starts + timedelta(days=change)
            spans: list[tuple[date | None, date | None]] = [(None, None)]
            if split is not None:
                # The older rule ends where the newer begins, or is only put behind it.
                ends = split - timedelta(days=1) if draw(st.booleans()) else None
                spans = draw(st.permutations([(split, None), (None, ends)]))
            for first, last in spans if draw(st.integers(0, 9)) else ():
                amount, unit = draw(small)
                found_.append(
                    {
                        "workflow": workflow,
                        "step": step["key"],
                        "after": step["after"],
                        "amount": amount,
                        "unit": unit,
                        "roll": draw(st.booleans()),
                        "from": first,
                        "to": last,
                    }
                )
    return found_


@dataclass
class Answer:
    """What the program said at an instant."""

    at: Instant
    said: dict[str, Any] = field(default_factory=dict)


@dataclass
class Life:
    """A city to which things happen, and the ledger of them."""

    store: Store
    ledger: Ledger
    at: Instant
    filed: dict[tuple[str, date], Instant] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)

    def act(self, what: int, which: int, more: int) -> str:
        """Do one thing that is allowed, the `which`-th of its kind; return its name."""
        kinds = [
            self.open,
            *[self.step] * 5,
            self.ask,
            self.answer,
            *[self.extend] * 2,
            *[self.suspend] * 2,
            self.close,
            *[self.reopen] * 2,
            *[self.issue] * 2,
            self.assist,
            self.file,
            self.urge,
            self.remark,
            self.open,
        ]
        kind = kinds[what % len(kinds)]
        return kind.__name__ if kind(which, more) else "nothing"

    def some(self, which: int, *, over: bool = False) -> Case | None:
        here = [case for case in self.ledger.cases if case.closed(self.at) is over]
        return here[which % len(here)] if here else None

    def open(self, which: int, more: int) -> bool:
        unit = DISTRICTS[which % 3]
        by_hand = {}
        if more % 4 == 0:
            by_hand = {"verify": self.ledger.days.day(self.at) + timedelta(days=more % 9)}
        matter = open_matter(
            self.store,
            who(HANDS[unit]),
            "finding",
            unit,
            Subject("推土", place="T1"),
            self.at,
            dues=by_hand,
        )
        case = Case(matter.number, "finding", unit, unit, self.at)
        self.ledger.open(case, self.at, by_hand)
        return True

    def issue(self, which: int, more: int) -> bool:
        unit = DISTRICTS[which % 3]
        by_hand = {}
        if more % 3 == 0:
            by_hand = {"reply": self.ledger.days.day(self.at) + timedelta(days=more % 7)}
        [matter] = issue(
            self.store, who("sup"), [unit], "督办", "x", self.at, reply_by=by_hand.get("reply")
        )
        self.ledger.open(Case(matter.number, "notice", unit, "DISC", self.at), self.at, by_hand)
        return True

    def assist(self, which: int, more: int) -> bool:
        case = self.some(which)
        if case is None or case.workflow != "finding":
            return False
        target = ("POWER", "WATER")[more % 2]
        asked = [
            each
            for each in self.ledger.cases
            if each.workflow == "assist" and each.unit == target and not each.closed(self.at)
        ]
        if asked:
            return False
        [matter] = ask(self.store, who(HANDS[case.unit]), case.number, [target], "停", self.at)
        self.ledger.open(Case(matter.number, "assist", target, case.unit, self.at), self.at)
        return True

    def step(self, which: int, more: int) -> bool:
        case = self.some(which)
        if case is None or not case.open:
            return False
        key = sorted(case.open)[more % len(case.open)]
        if key == "review":
            accepted = more % 3 == 0
            review(self.store, who("disc"), case.number, accepted, "x", self.at)
            (self.ledger.done if accepted else self.ledger.returned)(case, key, self.at)
            return True
        actor = who(HANDS[case.unit])
        if case.workflow == "notice" and key == "reply":
            reply(self.store, actor, case.number, "x", self.at)
        else:
            do_step(self.store, actor, case.number, key, self.at, text="x")
        self.ledger.done(case, key, self.at)
        return True

    def ask(self, which: int, more: int) -> bool:
        askable = [
            (case, key)
            for case in self.ledger.cases
            for key, step in sorted(case.open.items())
            if step["owed"] and step["owed"].due(self.at) >= self.at and key != "review"
        ]
        if not askable:
            return False
        case, key = askable[which % len(askable)]
        due_day = self.ledger.days.day(case.open[key]["owed"].due(self.at))
        until = due_day + timedelta(days=1 + more % 9)
        ask_extension(self.store, who(HANDS[case.unit]), case.number, key, until, "x", self.at)
        case.open[key]["asked"] = until
        return True

    def answer(self, which: int, more: int) -> bool:
        waiting = [
            (case, key)
            for case in self.ledger.cases
            for key, step in sorted(case.open.items())
            if step["asked"]
        ]
        if not waiting:
            return False
        case, key = waiting[which % len(waiting)]
        asked = self.ledger.days.last_second(case.open[key]["asked"])
        granted = more % 4 > 0 and asked > case.open[key]["owed"].due(self.at)
        answer_extension(self.store, ADMIN, case.number, key, granted, "x", self.at)
        if granted:
            self.ledger.granted(case, key, self.at)
        else:
            case.open[key]["asked"] = None
        return True

    def extend(self, which: int, more: int) -> bool:
        return self.ask(which, more) and self.answer(which, 4 * more + 1)

    def suspend(self, which: int, more: int) -> bool:
        case = self.some(which)
        if case is None:
            return False
        first = self.ledger.days.day(self.at) + timedelta(days=which % 7 - 3)
        span = (first, first + timedelta(days=more % 6))
        still = Suspension(*span, "鉴定")
        suspend(self.store, ADMIN, case.number, still, self.at)
        self.ledger.suspend(case, span, self.at)
        return True

    def close(self, which: int, more: int) -> bool:
        case = self.some(which)
        if case is None or case.workflow == "notice":
            return False
        outcomes = [
            outcome
            for outcome, state in WORKFLOWS[case.workflow]["outcomes"].items()
            if state in case.reached
        ]
        outcome = Outcome(sorted(outcomes)[more % len(outcomes)])
        close(self.store, who(HEADS[case.unit]), case.number, outcome, "照片", self.at)
        self.ledger.close(case, self.at)
        return True

    def reopen(self, which: int, more: int) -> bool:
        case = self.some(which, over=True)
        if case is None:
            return False
        keys = [step["key"] for step in case.steps if step["after"] in case.reached]
        key = keys[more % len(keys)]
        reopen(self.store, who("admin"), case.number, key, "x", self.at)
        self.ledger.reopen(case, key, self.at)
        return True

    def file(self, which: int, more: int) -> bool:
        unit = ("D1", "D2")[which % 2]
        day = self.ledger.days.day(self.at) - timedelta(days=more % 4)
        if (unit, day) in self.filed or day < self.store.starts:
            return False
        file_zero(self.store, ADMIN, unit, day, self.at)
        self.filed[unit, day] = self.at
        return True

    def urge(self, which: int, more: int) -> bool:
        for row in urge(self.store, ADMIN, self.at):
            self.sent.update((row.obligation.id, each.rung.name) for each in row.rungs)
        return True

    def remark(self, which: int, more: int) -> bool:
        case = self.some(which, over=bool(more % 2))
        if case is None:
            return False
        remark(self.store, ADMIN, case.number, "x", self.at)
        return True

    # What is said at an instant.

    def said(self, at: Instant) -> dict[str, Any]:
        """Return everything that the program says as of an instant."""
        store, every = self.store, Selection()
        late = overdue(store, at, every)
        soon = due(store, at, at + 9 * DAY, every)
        views = listed(store, every, Filter(), at)
        return {
            "overdue": [
                (row.obligation.id, row.obligation.due_at, row.light, row.rung, row.overdue_seconds)
                for row in late
            ],
            "due": [(row.obligation.id, row.obligation.due_at, row.light) for row in soon],
            "matters": [
                replace(view, matter=replace(view.matter), state=view.state) for view in views
            ],
            "open": [v.matter.number for v in listed(store, every, Filter(open=True), at)],
            "closed": [v.matter.number for v in listed(store, every, Filter(open=False), at)],
            "ladder": [
                (row.obligation.id, [(each.rung.name, each.verdict) for each in row.rungs])
                for row in survey(store, at)
                if row.obligation.kind is ObligationKind.STEP
            ],
            "why": [
                (why.days, why.held, why.fired, why.light, why.suspended, why.overdue_workdays)
                for row in [*late, *soon][:4]
                if row.obligation.kind is ObligationKind.STEP
                for why in [explain(store, row.obligation.id, at)]
                if isinstance(why, StepExplanation)
            ],
        }

    def reports_owed(self, at: Instant) -> list[tuple[int, str, str]]:
        """Return (due, unit, day) of every report that is overdue, looking at every day."""
        days = self.ledger.days
        found_ = []
        day = self.store.starts
        while day <= days.day(at):
            for unit in ("LAND", "DISC", "POWER", "WATER", "D1", "D2"):
                owed_ = unit.startswith("D") and unit != "DISC"
                due_at = days.midnight(day) + 17 * HOUR
                filed_at = self.filed.get((unit, day))
                missing = filed_at is None or filed_at > at
                if (owed_ or days.works(day)) and due_at < at and missing:
                    found_.append((due_at, unit, day.isoformat()))
            day += timedelta(days=1)
        return found_

    def check(self, at: Instant, said: dict[str, Any]) -> None:
        """Hold what was said to the ledger."""
        steps = self.ledger.overdue(at)
        reports = [
            (due_at, unit, f"R-{day.replace('-', '')}-{unit}", day)
            for due_at, unit, day in self.reports_owed(at)
        ]
        every = [(due_at, unit, name, name) for due_at, unit, name in steps] + reports
        every.sort(key=lambda row: (row[0], row[1], row[3]))
        assert [(row[0], row[1], row[4]) for row in said["overdue"]] == [
            (name, due_at, at - due_at) for due_at, _, name, _ in every
        ]
        soon = [row for row in said["due"] if not row[0].startswith("R-")]
        assert [(name, due_at) for name, due_at, _ in soon] == [
            (name, due_at) for due_at, _, name in self.ledger.falling_due(at, at + 9 * DAY)
        ]
        known = [case for case in self.ledger.cases if case.opened_at <= at]
        assert set(said["open"]) == {case.number for case in known if not case.closed(at)}
        assert set(said["closed"]) == {case.number for case in known if case.closed(at)}


MOVES = st.lists(
    st.tuples(
        st.sampled_from([0, 1, HOUR, 7 * HOUR, DAY, 2 * DAY + 5, 5 * DAY]),
        st.integers(0, 21),
        st.integers(0, 20),
        st.integers(0, 35),
    ),
    min_size=4,
    max_size=22,
)


def settle(life: Life) -> None:
    """Ask at a second after the last act, and hold the answers to the ledger at once."""
    life.at += 1
    said = life.said(life.at)
    life.check(life.at, said)
    counts = Counter(name.partition("/")[0] for name, *_ in said["overdue"])
    assert sum(overdue_counts(life.store, life.at, Selection()).values()) == counts.total()
    life.answers.append(Answer(life.at, said))
    life.at += 1


@now_and_then
@given(st.data())
def test_what_was_said_then_is_said_as_of_then(data: st.DataObject) -> None:
    starts = data.draw(st.sampled_from(BEGINNINGS), label="starts")
    limits = data.draw(limit_tables(starts), label="limits")
    days = Days()
    with city(starts, limits) as store:
        life = Life(store, Ledger(days, limits), days.midnight(starts) + 9 * HOUR)
        life.open(0, 1)
        settle(life)
        for gap, what, which, more in data.draw(MOVES, label="moves"):
            life.at += gap
            event(life.act(what, which, more))
            settle(life)
        for answer in life.answers:
            said = life.said(answer.at)
            assert said == answer.said
            life.check(answer.at, said)
        for case in life.ledger.cases:
            view = show(store, case.number, life.at)
            again = fold(view.workflow, rows.entries(store.connection, case.number), life.at)
            assert again == view.state
            assert set(view.state.reached) == set(case.reached)
            assert {row.step.key: row.due_at for row in view.state.open} == {
                key: each["owed"] and each["owed"].due(life.at) for key, each in case.open.items()
            }


@now_and_then
@given(st.data())
def test_nothing_is_sent_twice(data: st.DataObject) -> None:
    starts = data.draw(st.sampled_from(BEGINNINGS), label="starts")
    limits = data.draw(limit_tables(starts), label="limits")
    days = Days()
    with city(starts, limits) as store:
        life = Life(store, Ledger(days, limits), days.midnight(starts) + 9 * HOUR)
        for gap, what, which, more in data.draw(MOVES, label="moves"):
            life.at += gap
            life.act(what, which, more)
            before = {
                (row.obligation.id, each.rung.name)
                for row in survey(store, life.at)
                for each in row.firing
            }
            standing = {row.id for row in life.ledger.standing(life.at)}
            fired = urge(store, ADMIN, life.at)
            went = {(row.obligation.id, each.rung.name) for row in fired for each in row.rungs}
            assert went == before
            life.sent.update(went)
            # Only what is open, and what still is to come only with what comes before.
            for row in fired:
                if row.obligation.kind is ObligationKind.STEP:
                    assert row.obligation.id in standing
                for each in row.rungs:
                    assert each.at <= life.at or each.rung.missed_in_a_row
                    assert each.rung.amount >= 0 or life.at <= row.obligation.due_at
        assert set(life.sent.values()) <= {1}
