"""The four lists of supervision: what they are made of, and their rows."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from actions.matters import MatterView
from actions.spot_checks import SpotCheck, sees_spot_checks, spot_checks
from actions.supervision import Debtor, Supervision, supervision
from actions.timelines import nearest
from catalogue import t
from domain.calendar import Calendar
from domain.instants import DAY, Instant, Zone
from domain.matters import subject
from domain.obligations import ObligationKind
from domain.people import Actor
from domain.rates import shown
from domain.texts import visible
from domain.values import dataclass
from storage.store import Store
from tui.matter_words import LINE_STYLES, due_word, late_word, left_word, light_word, step_word
from tui.views.urging import step_titles
from tui.widgets.fitting import name_within
from tui.widgets.rows import Column
from tui.widgets.virtual import Cell

SECTIONS = ("notices", "debtors", "zeros", "blind")
RUNS = "runs"
"""The list of unlikely runs of zeros: of supervisors alone, and of nobody else."""
COLUMNS = {
    "notices": (
        Column("matters_ui.col_number", 11),
        Column("supervision_ui.col_side", 4),
        Column("matters_ui.col_title", 12, grow=3),
        Column("supervision_ui.col_from", 10, grow=1, least=100),
        Column("supervision_ui.col_to", 10, grow=1),
        Column("matters_ui.col_step", 10, grow=1),
        Column("matters_ui.col_due", 11),
        Column("matters_ui.col_left", 14, least=112),
        Column("matters_ui.col_light", 7),
    ),
    "debtors": (
        Column("matters_ui.col_light", 7),
        Column("supervision_ui.col_longest", 9, right=True),
        Column("supervision_ui.col_unit", 12, grow=2),
        Column("supervision_ui.col_what", 24, grow=3),
        Column("supervision_ui.col_count", 6, right=True),
        Column("supervision_ui.col_rung", 10, grow=1),
    ),
    "zeros": (
        Column("matters_ui.col_number", 11),
        Column("supervision_ui.col_unit", 10, grow=1),
        Column("supervision_ui.col_zero", 10),
        Column("supervision_ui.col_against", 18, grow=3),
        Column("matters_ui.col_due", 11),
        Column("matters_ui.col_light", 7),
    ),
    "blind": (
        Column("supervision_ui.col_unit", 14, grow=1),
        Column("supervision_ui.col_kind", 14, grow=1),
        Column("supervision_ui.col_seen", 10),
        Column("supervision_ui.col_since", 12, grow=2),
    ),
    RUNS: (
        Column("supervision_ui.col_unit", 14, grow=2),
        Column("spot.col_run", 12, right=True),
        Column("spot.col_since", 10),
        Column("spot.col_rate", 24, right=True),
        Column("spot.col_chance", 9, right=True),
    ),
}
_STALE = DAY
"""Seconds after which the last look at the ladder is said in bold."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is supervised, with what it is shown by; `titles` name the steps owed longest.

    `checks` are the hints to make a spot check, None for who supervises nobody.
    """

    found: Supervision
    titles: dict[str, str]
    zone: Zone
    calendar: Calendar
    checks: tuple[SpotCheck, ...] | None = None


def supervision_question(store: Store, actor: Actor, at: Instant) -> Sight:
    """Return what whoever acts has to supervise, or to answer for."""
    found = supervision(store, actor, at)
    longest = [row.longest.obligation for row in found.debtors]
    seen = sees_spot_checks(store, actor, at)
    checks = tuple(spot_checks(store, actor, at)) if seen else None
    return Sight(found, step_titles(store, longest, at), store.zone, store.calendar, checks)


def things(sight: Sight, section: str) -> Sequence[object]:
    """Return what a list is made of."""
    found = sight.found
    lists: dict[str, Sequence[object]] = {
        "notices": found.notices,
        "debtors": found.debtors,
        "zeros": found.zeros,
        "blind": found.blind,
        RUNS: sight.checks or (),
    }
    return lists[section]


def drawn(sight: Sight, section: str, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    """Return the cells of a thing of a list."""
    draw = {
        "notices": _notice_row,
        "debtors": _debtor_row,
        "zeros": _zero_row,
        "blind": _blind_row,
        RUNS: _run_row,
    }[section]
    return draw(sight, index, widths)


def searched(sight: Sight, section: str, index: int) -> str:
    """Return the text that a filter looks in."""
    found = sight.found
    if section == "notices":
        matter = found.notices[index].view.matter
        names = [*found.units[matter.unit].names(), *found.units[matter.issuer].names()]
        return " ".join((matter.number, matter.title, *names)).casefold()
    if section == "zeros":
        view = found.zeros[index]
        words = (view.matter.number, view.matter.title, *view.unit.names())
        return " ".join(words).casefold()
    if section == RUNS:
        assert sight.checks is not None
        return " ".join(sight.checks[index].unit.names()).casefold()
    unit = found.debtors[index].unit if section == "debtors" else found.blind[index].unit
    return " ".join(unit.names()).casefold()


def _notice_row(sight: Sight, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    row = sight.found.notices[index]
    matter = row.view.matter
    return (
        (matter.number, "quiet"),
        (t("supervision_ui.issued" if row.issued else "supervision_ui.received"), "plain"),
        (visible(matter.title), "strong"),
        (name_within(sight.found.units[matter.issuer], widths[3]), "plain"),
        (name_within(sight.found.units[matter.unit], widths[4]), "plain"),
        *standing(row.view, sight),
    )


def _debtor_row(sight: Sight, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    row = sight.found.debtors[index]
    style = LINE_STYLES[row.longest.light]
    rung = t(f"words.rung_{row.longest.rung}") if row.longest.rung else ""
    return (
        (light_word(row.longest.light), style),
        (late_words(row, sight), style),
        (name_within(row.unit, widths[2]), "strong"),
        (owed_words(row, sight), "plain"),
        (str(row.count), "plain"),
        (rung, "quiet"),
    )


def _zero_row(sight: Sight, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    view = sight.found.zeros[index]
    day, _, against = view.matter.title.partition(" ")
    cells = standing(view, sight)
    return (
        (view.matter.number, "quiet"),
        (name_within(view.unit, widths[1]), "strong"),
        (day, "plain"),
        (visible(against), "plain"),
        cells[1],
        cells[3],
    )


def _blind_row(sight: Sight, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    row = sight.found.blind[index]
    today = sight.zone.day_of(sight.found.at)
    since = t("supervision_ui.never")
    if row.last is not None:
        since = t("words.span_days", days=(today - row.last).days)
    return (
        (name_within(row.unit, widths[0]), "strong"),
        (t(f"words.kind_{row.unit.kind}"), "quiet"),
        (row.last.isoformat() if row.last else "", "plain"),
        (since, "plain"),
    )


def _run_row(sight: Sight, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    assert sight.checks is not None
    row = sight.checks[index]
    return (
        (name_within(row.unit, widths[0]), "strong"),
        (str(row.run.days), "plain"),
        (row.run.since.isoformat(), "plain"),
        (shown(row.run.found, row.run.history), "plain"),
        (f"{row.run.chance:.1e}", "plain"),
    )


def standing(view: MatterView, sight: Sight) -> tuple[Cell, Cell, Cell, Cell]:
    """Return the open step, its date, what is left, and its light; or that it is over."""
    found = sight.found
    if view.state.closed_at is not None:
        when = sight.zone.show(view.state.closed_at)[5:10]
        return (t("matters_ui.closed"), "quiet"), (when, "quiet"), ("", "quiet"), ("", "quiet")
    step = nearest(found.steps[view.matter.number])
    if step is None:
        return ("", "plain"), ("", "plain"), ("", "plain"), ("", "plain")
    name = step_word(step.line.step, step.line.round)
    if step.light is None or step.line.due_at is None:
        return (name, "plain"), ("", "plain"), ("", "plain"), ("", "plain")
    style = LINE_STYLES[step.light]
    due = due_word(sight.zone, step.line.due_at, sight.zone.day_of(found.at))
    left = left_word(sight.zone, sight.calendar, step.line.due_at, found.at)
    return (name, "plain"), (due, style), (left, style), (light_word(step.light), style)


def obligation_of(view: MatterView, sight: Sight) -> str | None:
    """Return the name of the obligation of the step that falls due first, None without one."""
    step = nearest(sight.found.steps[view.matter.number])
    if step is None or step.obligation is None:
        return None
    return subject(view.matter.number, step.line.step.key, step.line.round)


def owed_words(row: Debtor, sight: Sight) -> str:
    """Return what a unit has owed longest."""
    owed = row.longest.obligation
    if owed.kind is ObligationKind.REPORT:
        return f"{t('words.obligation_report')} {owed.subject}"
    return f"{owed.matter} {sight.titles.get(owed.id, '')}"


def late_words(row: Debtor, sight: Sight) -> str:
    """Return for how long a unit has owed that."""
    return late_word(sight.zone, row.longest.obligation.due_at, sight.found.at)


def check_words(found: Supervision) -> Content:
    """Return when the ladder was last looked at: in bold where that is a day ago or more."""
    if found.checked_at is None:
        return Content.styled(t("supervision_ui.check_never"), "bold $foreground")
    seconds = max(0, found.at - found.checked_at)
    hours = seconds // 3600
    if hours >= 48:
        ago = t("words.span_days", days=hours // 24)
    elif hours:
        ago = t("supervision_ui.hours", hours=hours)
    else:
        ago = t("words.span_minutes", minutes=seconds // 60)
    style = "bold $foreground" if seconds >= _STALE else "$quiet"
    return Content.styled(t("supervision_ui.check", ago=ago), style)
