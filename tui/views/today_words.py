"""The words of today's view: its lines, worked out from what the store said."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from actions.board import BoardRow
from actions.overdue import Owed
from actions.today import OverdueDay, Today, UnitDay
from catalogue import pick, t
from domain.calendar import DayKind
from domain.instants import Instant, Zone
from domain.lights import Thresholds
from domain.matters import parse_subject
from domain.obligations import ObligationKind
from domain.reports import Status, receipt
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from tui.matter_words import due_word, late_word, light_word, step_word
from tui.widgets.fitting import fit, name_within
from tui.widgets.letters import describe, letter
from tui.widgets.short_list import Cells
from tui.words import (
    LIGHT_STYLES,
    STYLES,
    clock,
    last_report,
    report_word,
    short_day,
    status_word,
    unit_name,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the view shows, with the zone and the thresholds that it is shown by."""

    today: Today
    zone: Zone
    thresholds: Thresholds

    @property
    def several(self) -> bool:
        """Return whether there is more than one unit to file for."""
        return len(self.today.units) > 1

    @property
    def may_file(self) -> bool:
        """Return whether whoever acts may file for any of what is shown."""
        return self.today.admin or any(unit.may_file for unit in self.today.units)


@dataclass(frozen=True, slots=True)
class Hand:
    """What `z`, `d` and `a` are about: one unit's one day."""

    unit: Unit
    day: date
    planned: int | None
    filed: bool
    obligation_id: str | None
    receipt: str
    words: str


def receipt_of(row: BoardRow) -> str:
    """Return the receipt number of what stands, or a blank."""
    filed = row.filed
    return "" if filed is None else receipt(row.day, row.unit.code, filed.revision)


def day_line(found: Today) -> Content:
    """Return the date, the weekday, and what kind of day it is (R9)."""
    line = Content.styled(f"{found.day} {t(f'words.weekday_{found.day.weekday()}')}", "bold")
    kind = t(f"instants.kind_{found.kind}")
    if found.holiday is not None:
        name = pick(*found.holiday)
        key = "today.makes_up" if found.kind is DayKind.MAKE_UP else "today.holiday"
        kind = t(key, kind=kind, name=name)
    line += "  " + kind
    if not found.calendar_known:
        line += Content.styled("  " + t("today.calendar_unknown"), "$quiet")
    return line


def status_lines(answer: Answer) -> Content:
    """Return have-I-filed in words: of the one unit, of several, or of the city."""
    found = answer.today
    if found.city is not None:
        city = found.city
        text = t(
            "today.city",
            filed=city.received,
            expected=city.received + city.missing + city.pending,
            zero=city.zero,
            missing=city.missing,
        )
        hint = t("today.city_hint") if found.admin else t("today.no_unit")
        return Content.styled(text, "bold") + "\n" + Content.styled(hint, "$quiet")
    if answer.several:
        filed = sum(unit.row.filed is not None for unit in found.units)
        text = t("today.several", filed=filed, units=len(found.units))
        if found.left_out:
            text += "  " + t("today.left_out", count=found.left_out)
        return Content.styled(text, "bold")
    return _one_status(answer, found.units[0]) if found.units else Content("")


def _one_status(answer: Answer, unit_day: UnitDay) -> Content:
    row, filed = unit_day.row, unit_day.row.filed
    text, style = letter(row, answer.today.at, answer.thresholds)
    line = Content.styled(f"{unit_name(unit_day.unit)}  ", "bold")
    look = "$accent" if row.status is Status.ON_TIME else STYLES[style]
    line += Content.styled(f"{text} {status_word(row.status)}", f"bold {look}")
    if filed is not None:
        said = report_word(filed.kind, filed.areas_planned, filed.areas_patrolled)
        line += f"  {said}  {answer.zone.show(filed.first_filed_at)[11:]}  "
        line += Content.styled(receipt_of(row), "$quiet")
    else:
        hint = "today.how_to" if unit_day.may_file else "today.may_not"
        line += Content.styled("   " + t(hint), "$quiet")
    last = last_report(unit_day.last, answer.today.day, answer.zone)
    return line + "\n" + Content.styled(t("today.last", report=last), "$quiet")


def due_groups(answer: Answer) -> list[list[Owed]]:
    """Return what falls due next: the steps first, then the reports of one instant together.

    Today's own reports are left out: the view's first lines are about them.
    """
    found = answer.today
    steps = [[owed] for owed in found.due if owed.obligation.kind is ObligationKind.STEP]
    reports: dict[Instant, list[Owed]] = {}
    for owed in found.due:
        obligation = owed.obligation
        if obligation.kind is ObligationKind.STEP:
            continue
        if obligation.day != found.day or not found.units:
            reports.setdefault(obligation.due_at, []).append(owed)
    return steps + list(reports.values())


def due_lines(answer: Answer) -> list[Cells]:
    """Return what falls due next, a line for each instant."""
    return [_due_line(answer, group) for group in due_groups(answer)]


def _due_line(answer: Answer, group: list[Owed]) -> Cells:
    first = group[0]
    if first.obligation.kind is ObligationKind.STEP:
        return _step_line(answer, first)
    light = f"{t(f'words.light_{first.light}')} {t(f'words.light_letter_{first.light}')}"
    owner = unit_name(first.unit)
    if len(group) > 1:
        owner = t("today.due_units", count=len(group), first=owner)
    return (
        (t("words.obligation_report"), "bold"),
        (short_day(first.obligation.day, answer.today.day), "$foreground"),
        (t("today.due_at", at=answer.zone.show(first.obligation.due_at)[5:16]), "$foreground"),
        (light, LIGHT_STYLES[first.light]),
        (owner, "$quiet"),
    )


def step_told(answer: Answer, owed: Owed) -> tuple[str, str, str]:
    """Return a step as its matter's number, its name, and what the matter is about."""
    matter = answer.today.matters[owed.obligation.matter or ""]
    _, key, round_ = parse_subject(owed.obligation.subject)
    name = step_word(matter.workflow.step(key), round_)
    about = visible("  ".join(x for x in (matter.matter.title, matter.matter.location) if x))
    return matter.matter.number, name, about


def _step_line(answer: Answer, owed: Owed) -> Cells:
    found = answer.today
    number, name, about = step_told(answer, owed)
    due = due_word(answer.zone, owed.obligation.due_at, found.day)
    if answer.zone.day_of(owed.obligation.due_at) == found.day:
        due = f"{t('today.today')} {answer.zone.show(owed.obligation.due_at)[11:16]}"
    owner = () if len(found.units) == 1 else ((name_within(owed.unit, 20), "bold"),)
    return (
        (number, "bold"),
        (name, "$foreground"),
        (t("today.due_at", at=due), "$foreground"),
        (light_word(owed.light), LIGHT_STYLES[owed.light]),
        *owner,
        (about, "$quiet"),
    )


def late_step_lines(answer: Answer) -> list[Cells]:
    """Return the steps past due, a line each."""
    return [_late_step_line(answer, owed) for owed in answer.today.late_steps]


def _late_step_line(answer: Answer, owed: Owed) -> Cells:
    number, name, about = step_told(answer, owed)
    owner = () if len(answer.today.units) == 1 else ((name_within(owed.unit, 20), "bold"),)
    late = t("matters_ui.overdue_by", span=late_word(answer.zone, owed.obligation.due_at, owed.at))
    return (
        (t("words.status_letter_overdue"), "bold $error"),
        (number, "bold"),
        *owner,
        (late, "$error"),
        (f"{name}  {about}", "$foreground"),
    )


def overdue_lines(answer: Answer) -> list[Cells]:
    """Return what is past due, a line each: the steps, then the days and what filing makes of them.

    The steps stand in the order of `late_steps`, the days in that of `overdue`.
    """
    found = answer.today
    named = len(found.units) != 1
    return late_step_lines(answer) + [
        (
            (t(f"words.status_letter_{late.status}"), "bold $error"),
            (late.owed.obligation.subject, "$foreground"),
            *(((fit(name_within(late.owed.unit, 24), 24).rstrip(), "bold"),) if named else ()),
            (_overdue_by(late), "$error"),
            (_would_be(late) if answer.may_file else "", "$quiet"),
        )
        for late in found.overdue
    ]


def _overdue_by(late: OverdueDay) -> str:
    if not late.days:
        return t("today.overdue_today")
    return t("today.overdue_by", days=late.days, workdays=late.workdays)


def _would_be(late: OverdueDay) -> str:
    if late.locked:
        return t("today.would_be_locked")
    return t("today.would_be", status=status_word(late.would_be))


def recent_lines(answer: Answer, unit_day: UnitDay, *, whole: bool) -> list[Cells]:
    """Return the unit's last days, the newest first; `whole`: with findings and receipt."""
    return [_recent_line(answer, row, whole) for row in reversed(unit_day.strip)]


def _recent_line(answer: Answer, row: BoardRow, whole: bool) -> Cells:
    text, style = letter(row, answer.today.at, answer.thresholds)
    filed = row.filed
    owed = row.status is not Status.NOT_EXPECTED
    said = report_word(filed.kind, filed.areas_planned, filed.areas_patrolled) if filed else ""
    cells = [
        (f"{row.day:%m-%d} {t(f'words.weekday_short_{row.day.weekday()}')}", "$quiet"),
        (text, STYLES[style]),
        (status_word(row.status) if owed else "", STYLES[style]),
        (clock(answer.zone, filed.first_filed_at) if filed else "", "$foreground"),
        (said, "$foreground"),
    ]
    if whole:
        count = filed.findings if filed else 0
        cells.append((t("today.findings", count=count) if count else "", "$foreground"))
        cells.append((receipt_of(row), "$quiet"))
    return cells


def row_words(answer: Answer, row: BoardRow) -> str:
    """Return a day of the strip in words."""
    weekday = t(f"words.weekday_{row.day.weekday()}")
    return f"{row.day} {weekday}  {describe(row, answer.zone)}"
