"""R11, R12 and R15 read a second time: deadlines day by day, matters as plain tables.

Nothing of the program is used here. Instants are seconds since the epoch; days are looked at one
by one, and every answer is found by looking at everything that was written down.
"""

from __future__ import annotations

import calendar
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

Table = dict[str, Any]
Span = tuple[date, date]

WORKFLOWS: Table = tomllib.loads(
    (Path(__file__).parents[2] / "registry" / "guangzhou" / "workflows.toml").read_text("utf-8")
)


@dataclass
class Days:
    """A city's clock and calendar: its zone, and its own days off and on."""

    zone: str = "Asia/Shanghai"
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def day(self, at: int) -> date:
        """Return the local day of an instant."""
        return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.zone)).date()

    def midnight(self, day: date) -> int:
        """Return the instant at which a local day begins."""
        return int(datetime.combine(day, time(), ZoneInfo(self.zone)).timestamp())

    def last_second(self, day: date) -> int:
        """Return the instant of 23:59:59."""
        return self.midnight(day + timedelta(days=1)) - 1

    def works(self, day: date) -> bool:
        """R9: the city's own days win, then the published calendar, then Monday to Friday."""
        if day in self.off:
            return False
        if day in self.on:
            return True
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return day.isoweekday() <= 5


def still(day: date, spans: list[Span]) -> bool:
    """Say whether a day lies in any suspension."""
    return any(first <= day <= last for first, last in spans)


def months_on(day: date, months: int) -> date:
    """Return the same day of the month, months on, or that month's last day."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def deadline(days: Days, anchor: int, rule: Table, spans: list[Span]) -> int:
    """R12, word by word: `rule` has `amount`, `unit` and `roll`."""
    amount, unit = int(rule["amount"]), rule["unit"]
    day0 = days.day(anchor)
    if unit == "hours":
        left, now = amount * 3600, anchor
        while left:
            today = days.day(now)
            midnight = days.midnight(today + timedelta(days=1))
            if not still(today, spans):
                ran = min(left, midnight - now)
                left -= ran
                if not left:
                    return now + ran
            now = midnight
        return now
    day = day0
    if unit == "months":
        same = months_on(day0, amount)
        day = same
        while True:
            between = [day0 + timedelta(days=n) for n in range(1, (day - day0).days + 1)]
            moved = same + timedelta(days=sum(still(each, spans) for each in between))
            if moved == day:
                break
            day = moved
    else:
        counted = 0
        while counted < amount:
            day += timedelta(days=1)
            if not still(day, spans) and (unit == "days" or days.works(day)):
                counted += 1
    if rule.get("roll") and unit != "workdays":
        while not days.works(day):
            day += timedelta(days=1)
    return days.last_second(day)


def rule_for(limits: list[Table], workflow: str, step: str, after: str, day: date) -> Table | None:
    """R12: of the rules in effect on the anchor's day, the one that came into effect last."""
    found = [
        row
        for row in limits
        if (row["workflow"], row["step"], row["after"]) == (workflow, step, after)
        and (row["from"] is None or row["from"] <= day)
        and (row["to"] is None or day <= row["to"])
    ]
    found.sort(key=lambda row: row["from"] or date(1, 1, 1))
    return found[-1] if found else None


@dataclass
class Owed:
    """An obligation: `dues` are its dates with the instant from which each held."""

    id: str
    unit: str
    matter: str
    opened_at: int
    dues: list[tuple[int, int]]
    done_at: int | None = None

    def due(self, at: int) -> int:
        """Return the date that held at an instant."""
        held = [due for since, due in self.dues if since <= at]
        return held[-1]


@dataclass
class Case:
    """A matter: what is open now, what was reached, and which days stand still since when."""

    number: str
    workflow: str
    unit: str
    issuer: str
    opened_at: int
    open: dict[str, Table] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    spans: list[tuple[int, Span]] = field(default_factory=list)
    closings: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def steps(self) -> list[Table]:
        """Return the workflow's steps as the file has them."""
        return list(WORKFLOWS[self.workflow]["steps"])

    def step(self, key: str) -> Table:
        """Return a step of the file."""
        return next(step for step in self.steps if step["key"] == key)

    def closed(self, at: int) -> bool:
        """Say whether it was closed at an instant."""
        known = [over for since, over in self.closings if since <= at]
        return bool(known) and known[-1]

    def suspended(self, day: date, at: int) -> bool:
        """Say whether its clocks stand still on a day, as was known at an instant."""
        return still(day, [span for since, span in self.spans if since <= at])


@dataclass
class Ledger:
    """Everything that happened in a city, written down as it happens."""

    days: Days
    limits: list[Table]
    cases: list[Case] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)

    def open(self, case: Case, at: int, by_hand: dict[str, date] | None = None) -> None:
        """A matter begins."""
        self.cases.append(case)
        self._reach(case, WORKFLOWS[case.workflow]["opens"], at, by_hand or {})

    def _reach(self, case: Case, state: str, at: int, by_hand: dict[str, date]) -> None:
        case.reached.append(state)
        for step in case.steps:
            if step["after"] == state and step["key"] not in case.open:
                self._start(case, step, at, by_hand.get(step["key"]))

    def _start(self, case: Case, step: Table, at: int, by_hand: date | None = None) -> None:
        key = step["key"]
        case.rounds[key] = case.rounds.get(key, 0) + 1
        rule = rule_for(self.limits, case.workflow, key, step["after"], self.days.day(at))
        due = None
        if by_hand is not None:
            rule, due = None, self.days.last_second(by_hand)
        elif rule is not None:
            due = deadline(self.days, at, rule, [span for _, span in case.spans])
        row = None
        if due is not None:
            turn = "" if case.rounds[key] == 1 else f"#{case.rounds[key]}"
            unit = case.issuer if step.get("by") == "issuer" else case.unit
            row = Owed(f"{case.number}/{key}{turn}", unit, case.number, at, [(at, due)])
            self.owed.append(row)
        case.open[key] = {"at": at, "rule": rule, "owed": row, "extended": False, "asked": None}

    def _finish(self, case: Case, key: str, at: int) -> None:
        row = case.open.pop(key)["owed"]
        if row is not None:
            row.done_at = at

    def done(self, case: Case, key: str, at: int) -> None:
        """A step is done."""
        self._finish(case, key, at)
        step = case.step(key)
        if step.get("ends"):
            case.reached.append(step["done"])
            self.close(case, at)
        else:
            self._reach(case, step["done"], at, {})

    def returned(self, case: Case, key: str, at: int) -> None:
        """A step was refused, and what it returns to is owed again."""
        self._finish(case, key, at)
        self._back_to(case, case.step(case.step(key)["returns"]), at)

    def _back_to(self, case: Case, step: Table, at: int) -> None:
        lost = {step["done"]}
        for _ in case.steps:
            lost |= {each["done"] for each in case.steps if each["after"] in lost}
        case.reached = [state for state in case.reached if state not in lost]
        self._start(case, step, at)

    def close(self, case: Case, at: int) -> None:
        """A matter is over, with all that was open in it."""
        for key in list(case.open):
            self._finish(case, key, at)
        case.closings.append((at, True))

    def reopen(self, case: Case, key: str, at: int) -> None:
        """A closed matter is open again at a step."""
        case.closings.append((at, False))
        self._back_to(case, case.step(key), at)

    def granted(self, case: Case, key: str, at: int) -> None:
        """The date that was asked for is granted."""
        found = case.open[key]
        found["owed"].dues.append((at, self.days.last_second(found["asked"])))
        found["extended"], found["asked"] = True, None

    def suspend(self, case: Case, span: Span, at: int) -> None:
        """Days stand still; what a rule dated is dated anew."""
        case.spans.append((at, span))
        for found in case.open.values():
            if found["owed"] is not None and found["rule"] is not None and not found["extended"]:
                spans = [each for _, each in case.spans]
                due = deadline(self.days, found["at"], found["rule"], spans)
                found["owed"].dues.append((at, due))

    def case(self, number: str) -> Case:
        """Return a matter by its number."""
        return next(case for case in self.cases if case.number == number)

    def standing(self, at: int) -> list[Owed]:
        """Return what was begun and not done at an instant."""
        return [
            row
            for row in self.owed
            if row.opened_at <= at and (row.done_at is None or row.done_at > at)
        ]

    def overdue(self, at: int) -> list[tuple[int, str, str]]:
        """R11: (due, unit, id) of what was overdue at an instant, in the order of the list."""
        today = self.days.day(at)
        return sorted(
            (row.due(at), row.unit, row.id)
            for row in self.standing(at)
            if row.due(at) < at and not self.case(row.matter).suspended(today, at)
        )

    def falling_due(self, at: int, until: int) -> list[tuple[int, str, str]]:
        """Return (due, unit, id) of what is open and falls due from an instant through another."""
        return sorted(
            (row.due(at), row.unit, row.id)
            for row in self.standing(at)
            if at <= row.due(at) <= until
        )
