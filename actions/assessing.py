"""The half-yearly check: a sheet for each unit, the rows behind it, and what units say (R10, R17).

Everything is taken as of an instant, so the sheet of any past day comes out as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from actions.board import board
from actions.matters import listed, step_at
from actions.people import require_on
from actions.rates import Grouping, rates
from actions.reconciling import contradictions
from actions.targets import case_rows, targets
from actions.units import find
from actions.workflows import workflows
from domain import assessing as rules
from domain.assessing import Figure, Remark, Row
from domain.errors import Named, NotFound, Refused
from domain.figures import OF_REPORTS, OF_STEPS, FigureKey
from domain.instants import Instant
from domain.matters import parse_subject
from domain.obligations import Obligation
from domain.people import Actor
from domain.periods import Period
from domain.permissions import Action
from domain.rates import Tally
from domain.reports import ReportKind, Status
from domain.scoring import Score, score
from domain.targets import Basis, TargetKey
from domain.units import Unit
from domain.values import dataclass
from storage import assessing, events, reports, units
from storage import matters as matter_rows
from storage import steps as step_rows
from storage.matters import Filter, suspended_on
from storage.store import Store
from storage.units import Selection

_OF_WORKFLOW = {
    "notice": FigureKey.NOTICES,
    "assist": FigureKey.ASSISTS,
    "reconcile": FigureKey.EXPLAINED,
}
"""The figures of some workflows; the steps of the others are the figure of steps."""
REMARKABLE = frozenset(key.value for key in (*FigureKey, *TargetKey))
"""The figures that a remark can be on."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A unit's figures of a period; `score` is None where the city does not score."""

    unit: Unit
    figures: tuple[Figure, ...]
    score: Score | None

    def figure(self, key: FigureKey) -> Figure:
        """Return one of the figures."""
        return next(figure for figure in self.figures if figure.key is key)


@dataclass(frozen=True, slots=True)
class Check:
    """The sheets of a period as of `at`, in registry order, never a ranking.

    `total` are the figures of all of them together.
    """

    period: Period
    at: Instant
    sheets: tuple[Sheet, ...]
    total: tuple[Figure, ...]
    remarks: tuple[Remark, ...]

    def remarks_of(self, unit: str, figure: str) -> tuple[Remark, ...]:
        """Return what a unit has said about a figure or a row behind it."""
        return tuple(row for row in self.remarks if (row.unit, row.figure) == (unit, figure))


def check(store: Store, period: Period, selection: Selection, at: Instant) -> Check:
    """Return a sheet for each selected unit to which anything applies; one named alone always has.

    Reports count by their day, steps by the day they were due, explanations by their zero's day.
    """
    with store.reading():
        seen = _Seen(store, period, selection, at)
        tallies = seen.tallies()
        behind = {
            FigureKey.CONTRADICTED: seen.contradicted(),
            **seen.owed((FigureKey.EXPLAINED, *OF_STEPS)),
        }
        said = remarks(store, period, at, seen.units)
    sheets = []
    for unit in seen.units.values():
        figures = _figures(
            tallies.get(unit.code, Tally()),
            {key: rows.get(unit.code, []) for key, rows in behind.items()},
        )
        applies = any(figure.whole or any(figure.beside.values()) for figure in figures)
        if applies or unit.code == selection.unit:
            found = score(store.rules.assessment, figures)
            sheets.append(Sheet(unit, tuple(figures), found))
    return Check(period, at, tuple(sheets), _total(sheets, behind), tuple(said))


def _figures(tally: Tally, behind: Mapping[FigureKey, Sequence[Row]]) -> list[Figure]:
    return [
        *rules.report_figures(tally),
        rules.counted(FigureKey.CONTRADICTED, behind[FigureKey.CONTRADICTED]),
        *(rules.step_figure(key, behind[key]) for key in (FigureKey.EXPLAINED, *OF_STEPS)),
    ]


def _total(
    sheets: Sequence[Sheet], behind: Mapping[FigureKey, Mapping[str, Sequence[Row]]]
) -> tuple[Figure, ...]:
    found = []
    for key in FigureKey:
        figures = [sheet.figure(key) for sheet in sheets]
        rows = None
        if key not in OF_REPORTS and key is not FigureKey.CONTRADICTED:
            rows = [row for sheet in sheets for row in behind[key].get(sheet.unit.code, ())]
        found.append(rules.merged(key, figures, rows))
    return tuple(found)


def remarks(
    store: Store, period: Period, at: Instant, among: Collection[str] | None = None
) -> list[Remark]:
    """Return the remarks made by `at` on the figures of a period, of these units (None: all).

    Targets are of years: what is said of them belongs to each half of the year too.
    """
    found = assessing.remarks(
        store.connection, dict.fromkeys((period.name, str(period.year))), at, among
    )
    of_year = {key.value for key in TargetKey}
    return [row for row in found if row.period == period.name or row.figure in of_year]


def rows_behind(
    store: Store, key: FigureKey, period: Period, selection: Selection, at: Instant
) -> list[Row]:
    """Return the rows behind a figure, by day, in registry order; their x and y add up to it."""
    with store.reading():
        seen = _Seen(store, period, selection, at)
        if key in OF_REPORTS:
            return seen.reported(key)
        contradicted = key is FigureKey.CONTRADICTED
        found = seen.contradicted() if contradicted else seen.owed([key])[key]
    order = {code: place for place, code in enumerate(seen.units)}
    rows = [row for each in found.values() for row in each]
    return sorted(rows, key=lambda row: (row.day, order[row.unit], row.id))


def behind(
    store: Store,
    figure: str,
    period: Period,
    selection: Selection,
    at: Instant,
    basis: Basis = Basis.FOUND,
) -> list[Row]:
    """Return the rows behind any figure: of duty, or of the selected districts' targets.

    Raises NotFound for one that is not there.
    """
    if figure in {key.value for key in FigureKey}:
        return rows_behind(store, FigureKey(figure), period, selection, at)
    if figure not in REMARKABLE:
        raise NotFound("assess.figure_unknown", figure=figure, known=sorted(REMARKABLE))
    with store.reading():
        return [
            Row(
                row.case.number,
                sheet.unit.code,
                row.case.filed_on or row.case.found_on,
                "counted" if row.part else "not_counted",
                row.part,
                row.whole,
                row.case.title,
                row.case.number,
            )
            for sheet in targets(store, period.year, selection, at)
            for row in case_rows(store, figure, period, sheet.unit.code, at, basis)
        ]


class _Seen:
    """What a check looks at: a period up to an instant, and the selected units."""

    def __init__(self, store: Store, period: Period, selection: Selection, at: Instant) -> None:
        self.store = store
        self.period = period
        self.selection = selection
        self.at = at
        self.units: dict[str, Unit] = {
            unit.code: unit for unit in units.selected(store.connection, selection)
        }
        self.first, self.last = period.first, min(period.last, store.today(at))

    @property
    def begun(self) -> bool:
        """Return whether any day of the period has come."""
        return self.first <= self.last

    def tallies(self) -> dict[str, Tally]:
        """Return each unit's counts of R10."""
        if not self.begun:
            return {}
        return dict(
            rates(self.store, self.first, self.last, self.selection, self.at, Grouping.UNIT)
        )

    def reported(self, key: FigureKey) -> list[Row]:
        """Return the unit-days behind a figure of reports, those outside it too."""
        if not self.begun:
            return []
        return [
            rules.report_row(
                f"R-{row.day:%Y%m%d}-{row.unit.code}",
                row.unit.code,
                row.day,
                row.status,
                row.filed is not None and row.filed.kind is ReportKind.ZERO,
                key,
            )
            for row in board(self.store, self.first, self.last, self.selection, self.at)
            if row.status is not Status.NOT_EXPECTED
        ]

    def contradicted(self) -> dict[str, list[Row]]:
        """Return each unit's zeros: x are those that another source contradicts (R17)."""
        found: dict[str, list[Row]] = defaultdict(list)
        if not self.begun:
            return found
        against: dict[tuple[str, date], list[str]] = defaultdict(list)
        for row in contradictions(self.store, self.first, self.last, self.selection, self.at):
            against[row.unit.code, row.day].append(row.matter.number)
        filed = reports.filed_between(
            self.store.connection, self.first, self.last, self.selection, self.at
        )
        for code, day in (
            (row.unit, row.day) for row in filed.values() if row.kind is ReportKind.ZERO
        ):
            numbers = against.get((code, day), [])
            found[code].append(
                Row(
                    f"R-{day:%Y%m%d}-{code}",
                    code,
                    day,
                    "contradicted" if numbers else "uncontradicted",
                    int(bool(numbers)),
                    1,
                    " ".join(numbers),
                    numbers[0] if numbers else "",
                )
            )
        return found

    def owed(self, keys: Sequence[FigureKey]) -> dict[FigureKey, dict[str, list[Row]]]:
        """Return each unit's steps behind these figures."""
        found: dict[FigureKey, dict[str, list[Row]]] = {key: defaultdict(list) for key in keys}
        zone = self.store.zone
        begin, end = zone.start_of(self.period.first), zone.end_of(self.period.last)
        connection = self.store.connection
        steps = step_rows.due_between(connection, begin, end, self.at)
        about = matter_rows.by_number(connection, {owed.matter or "" for owed in steps})
        dated: list[tuple[FigureKey, Obligation, date, str]] = []
        for owed in steps:
            key = _OF_WORKFLOW.get(about[owed.matter or ""].workflow, FigureKey.STEPS)
            if key in found and key is not FigureKey.EXPLAINED and owed.unit in self.units:
                then = step_at(self.store, owed, self.at)
                if begin <= then.due_at <= end:
                    dated.append((key, then, zone.day_of(then.due_at), ""))
        if FigureKey.EXPLAINED in found:
            dated += self._explanations()
            about |= matter_rows.by_number(connection, {row[1].matter or "" for row in dated})
        still = suspended_on(connection, self.store.today(self.at), self.at)
        done = assessing.done_steps(connection, list({row[1].matter or "" for row in dated}))
        flows = workflows(self.store)
        for key, owed, day, reason in dated:
            matter = about[owed.matter or ""]
            step = flows[matter.workflow].step(parse_subject(owed.subject)[1])
            ended = (matter.number, step.key, owed.discharged_at)
            found[key][owed.unit].append(
                rules.step_row(
                    owed.subject,
                    owed.unit,
                    day,
                    rules.standing(
                        owed.due_at,
                        owed.discharged_at,
                        matter.number in still,
                        self.at,
                        done=ended in done,
                    ),
                    self._workdays(owed),
                    matter.title,
                    matter.number,
                    reason,
                    Named(step.zh, step.en),
                )
            )
        return found

    def _explanations(self) -> list[tuple[FigureKey, Obligation, date, str]]:
        """Return the explanations asked for zeros of the period, with the reason that was given."""
        connection = self.store.connection
        views = {
            view.matter.number: (day, view)
            for view in listed(self.store, self.selection, Filter(workflow="reconcile"), self.at)
            if (day := _zero_day(view.matter.origin)) is not None
            and self.period.first <= day <= self.period.last
        }
        found = []
        for owed in step_rows.of_matters(connection, list(views)):
            day, view = views[owed.matter or ""]
            if owed.opened_at <= self.at:
                reasons = [entry.reason for _, entry in view.state.done if entry.reason]
                then = step_at(self.store, owed, self.at)
                found.append((FigureKey.EXPLAINED, then, day, reasons[-1] if reasons else ""))
        return found

    def _workdays(self, owed: Obligation) -> int:
        """Return the working days from the beginning to the end, or to now while it is open."""
        done = owed.discharged_at is not None and owed.discharged_at <= self.at
        end = owed.discharged_at if done and owed.discharged_at is not None else self.at
        zone = self.store.zone
        return self.store.calendar.workdays_between(zone.day_of(owed.opened_at), zone.day_of(end))


def _zero_day(origin: str) -> date | None:
    """Return the day of the zero that a reconciliation is about, None for another origin."""
    kind, _, rest = origin.partition("/")
    return date.fromisoformat(rest[:10]) if kind == "zero" else None


def remark(
    store: Store,
    actor: Actor,
    period: Period,
    unit: str,
    figure: str,
    text: str,
    at: Instant,
    *,
    subject: str = "",
) -> Remark:
    """Record what a unit says about a figure of its sheet, or about the row `subject` behind it.

    Who files or works for the unit may. Raises NotFound for a figure or a row that is not there.
    """
    if figure not in REMARKABLE:
        raise NotFound("assess.figure_unknown", figure=figure, known=sorted(REMARKABLE))
    if not text.strip():
        raise Refused("assess.remark_empty")
    code = find(store, unit, store.today(at)).code
    of_targets = figure in {key.value for key in TargetKey}
    term = Period(period.year) if of_targets else period
    with store.connection.writing():
        require_on(store, actor, Action.REMARK, at, code)
        if subject:
            own = Selection(unit=code)
            if all(row.id != subject for row in behind(store, figure, term, own, at)):
                raise NotFound("assess.row_unknown", row=subject, figure=figure)
        connection = store.connection
        made = Remark(
            term.name,
            code,
            figure,
            subject,
            assessing.next_remark(connection, term.name, code, figure, subject),
            text.strip(),
            at,
            actor.login,
            actor.real_login,
        )
        assessing.add_remark(connection, made)
        events.record(
            connection,
            actor,
            at,
            "assess.remark",
            code,
            period=term.name,
            figure=figure,
            row=subject,
            seq=made.seq,
            text=made.text,
        )
    return made
