"""The report of a unit's day: what stands, and every revision with what it changed (R5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content as Text
from textual.widgets import Static

from actions.board import BoardRow, board
from actions.reporting import Report, Restated, listed, restated
from catalogue import listing, render, t
from domain.differences import differences
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.reports import Revision, marks
from domain.texts import visible
from domain.values import dataclass
from storage import units
from storage.store import Store
from storage.units import Selection
from tui.asking import Asks
from tui.desk import Question
from tui.facts import Names, changed, content_lines
from tui.widgets.fitting import name_of
from tui.widgets.letters import describe
from tui.widgets.page_dialog import PageDialog


@dataclass(frozen=True, slots=True)
class Sight:
    """A unit's day with its report, None where none was filed; `places` names units by code."""

    row: BoardRow
    report: Report | None
    zone: Zone
    places: Names
    restated: Sequence[Restated] = ()


def report_question(unit: str, day: date) -> Question[Sight | None]:
    """Ask for a unit's day; None where the unit does not exist that day."""

    def question(store: Store, _actor: Actor, at: Instant) -> Sight | None:
        own = Selection(unit=unit)
        rows = board(store, day, day, own, at, everything=True)
        reports = listed(store, day, day, own, at)
        if not rows:
            return None
        report = reports[0] if reports else None
        revisions = report.revisions if report else ()
        codes = {found.place for each in revisions for found in each.content.findings}
        places = units.by_code(store.connection, codes)
        names = {code: name_of(unit) for code, unit in places.items()}
        again = restated(store, rows[0].unit.code, day, at)
        return Sight(rows[0], report, store.zone, names, again)

    return question


class ReportPanel(VerticalScroll, Asks, can_focus=True):
    """Shows the report of the unit's day that it was last asked to show."""

    DEFAULT_CSS = """
    ReportPanel { height: 1fr; width: 1fr; scrollbar-size-vertical: 1; padding: 0 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.key: tuple[str, date] | None = None
        self._sight: Sight | None = None

    def compose(self) -> ComposeResult:
        """Compose the place of the text."""
        yield Static("", id="report-text")

    def show(self, unit: str, day: date) -> None:
        """Read and show the report of a unit's day."""
        self.key = (unit, day)
        self.ask(report_question(unit, day), self._show, group="report")

    def _show(self, sight: Sight | None) -> None:
        self._sight = sight
        self.relabel()

    def relabel(self) -> None:
        """Write the text in the language now in use."""
        if self._sight is None:
            text = Text(t("board.report_no_unit") if self.key else "")
        else:
            text = report_text(self._sight)
        self.query_one("#report-text", Static).update(text)


class ReportDialog(PageDialog[None]):
    """The same on a screen too narrow for a panel beside the grid."""

    WIDTH = 76

    def __init__(self, unit: str, day: date) -> None:
        """Take the unit's code and the day."""
        super().__init__()
        self._key = (unit, day)

    def title_text(self) -> str:
        """Return the title."""
        return t("board.report_title")

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("board.report_keys")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self.ask(report_question(*self._key), self._show, refused=self.refuse)

    def _show(self, sight: Sight | None) -> None:
        self.write(Text(t("board.report_no_unit")) if sight is None else report_text(sight))


def report_text(sight: Sight) -> Text:
    """Return the report in words, as it stands and as it came about."""
    row, report, zone = sight.row, sight.report, sight.zone
    weekday = t(f"words.weekday_{row.day.weekday()}")
    lines = [
        Text.styled(name_of(row.unit), "bold"),
        Text(f"{row.day} {weekday}"),
        Text(describe(row, zone)),
    ]
    if row.due_at is not None and row.filed is not None:
        lines.append(_fact(t("explain.due_at"), zone.show(row.due_at)))
    lines += [_fact(t("report.restated"), render(each.said(zone))) for each in sight.restated]
    if report is None:
        return Text("\n").join([*lines, Text(""), Text(t("board.report_none"))])
    newest = report.newest
    lines += [_fact(t("report.receipt"), newest.receipt), Text("")]
    lines += content_lines(newest.content, sight.places)
    before: Revision | None = None
    history: list[list[Text]] = []
    for revision in report.revisions:
        history.append(_history(revision, before, sight))
        before = revision
    for part in reversed(history):
        lines += [Text(""), *part]
    return Text("\n").join(lines)


def _history(revision: Revision, before: Revision | None, sight: Sight) -> list[Text]:
    by = visible(revision.filed_by or t("words.no_value"))
    if revision.keyed_by not in (None, revision.filed_by):
        by = t("report.keyed", by=by, keyed_by=visible(revision.keyed_by or ""))
    title = t(
        "board.report_revision",
        number=revision.number,
        at=sight.zone.show(revision.filed_at),
        by=by,
    )
    lines = [Text.styled(title, "bold")]
    if revision.reason:
        lines.append(_fact(t("report.reason"), revision.reason))
    found = marks(revision)
    if found:
        lines.append(_fact(t("report.marks"), listing([render(mark) for mark in found])))
    if before is not None:
        for difference in differences(before.content, revision.content):
            lines += changed(difference, sight.places)
    return lines


def _fact(name: str, value: str) -> Text:
    return Text.styled(name, "$quiet") + "  " + visible(value)
