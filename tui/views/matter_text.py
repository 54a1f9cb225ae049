"""The words of a matter's page: facts, steps, requests and history, line by line."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from actions.matters import MatterView
from actions.timelines import TimelineStep, nearest
from catalogue import t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.matters import Act, Entry, merged_into
from domain.texts import visible
from domain.timelines import Progress
from domain.units import Unit
from domain.values import dataclass
from tui.facts import told
from tui.matter_words import (
    due_word,
    kind_word,
    late_word,
    left_word,
    light_word,
    limit_word,
    outcome_word,
    reason_word,
    step_word,
)
from tui.widgets.fitting import name_of
from tui.widgets.short_list import Cells
from tui.words import LIGHT_STYLES

_GAP = "   "
_PAPER = 100
"""Cells of a line of text to paste."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A matter as of `at`: its steps, the requests that serve it with theirs, units, names."""

    view: MatterView
    steps: tuple[TimelineStep, ...]
    asked: tuple[MatterView, ...]
    steps_of: Mapping[str, tuple[TimelineStep, ...]]
    units: Mapping[str, Unit]
    names: Mapping[str, str]
    at: Instant
    zone: Zone
    calendar: Calendar

    @property
    def history(self) -> tuple[Entry, ...]:
        """Return what was done, the newest first."""
        return tuple(reversed(self.view.entries))

    def person(self, entry: Entry) -> str:
        """Return who did it, and who sat at the keyboard where that was somebody else."""
        name = visible(self.names.get(entry.login, entry.login))
        if entry.login == entry.real_login:
            return name
        by = visible(self.names.get(entry.real_login, entry.real_login))
        return t("matters_ui.by_proxy", name=name, by=by)

    def unit_name(self, code: str) -> str:
        """Return a unit's name, or its code where it is not known."""
        unit = self.units.get(code)
        return visible(code) if unit is None else name_of(unit)


def state_text(sight: Sight) -> Content:
    """Return where the matter stands: what is next and its light, or how it ended."""
    state = sight.view.state
    parts: list[Content] = []
    if state.closed_at is not None:
        when = sight.zone.show(state.closed_at)[:16]
        into = merged_into(sight.view.entries)
        key = "matters_ui.closed_as" if state.outcome else "matters_ui.closed_at"
        outcome = outcome_word(state.outcome) if state.outcome else ""
        said = (
            t("matters_ui.merged", at=when, into=into) if into else t(key, at=when, outcome=outcome)
        )
        parts.append(Content.styled(said, "bold"))
    else:
        step = nearest(sight.steps)
        if step is None:
            parts.append(Content.styled(t("matters_ui.to_be_closed"), "bold"))
        else:
            parts.append(_next(sight, step))
    today = sight.zone.day_of(sight.at)
    if state.closed_at is None and state.suspended_on(today):
        until = max(row.last for row in state.suspensions if row.first <= today <= row.last)
        parts.append(Content.styled(t("matters_ui.suspended", until=until), "bold"))
    if state.reopened:
        parts.append(Content(t("matters_ui.reopened", count=state.reopened)))
    return Content("   ").join(parts)


def _next(sight: Sight, step: TimelineStep) -> Content:
    name = step_word(step.line.step, step.line.round)
    line = Content.styled(t("matters_ui.next", step=name, unit=name_of(step.unit)), "bold")
    if step.line.due_at is None or step.light is None:
        return line
    left = left_word(sight.zone, sight.calendar, step.line.due_at, sight.at)
    return line + Content.styled(f"  {light_word(step.light)}  {left}", LIGHT_STYLES[step.light])


def facts_text(sight: Sight, width: int) -> Content:
    """Return the facts, as many on a line as fit whole in `width` cells."""
    matter = sight.view.matter
    place = sight.unit_name(matter.place) if matter.place else ""
    where = "  ".join(part for part in (place, visible(matter.location)) if part)
    land = t(f"areas.{matter.land_class}") if matter.land_class else ""
    area = told("area", matter.area) if matter.area is not None else ""
    issuer = sight.unit_name(matter.issuer) if matter.issuer != matter.unit else ""
    opened = sight.view.entries[0]
    began = f"{sight.zone.show(matter.opened_at)[:16]} {sight.person(opened)}"
    pairs = (
        ("matters_ui.fact_unit", sight.unit_name(matter.unit)),
        ("matters_ui.fact_issuer", issuer),
        ("matters_ui.fact_parent", matter.parent),
        ("matters_ui.fact_where", where),
        ("matters_ui.fact_land", " ".join(part for part in (land, area) if part)),
        ("matters_ui.fact_party", visible(matter.party)),
        ("matters_ui.fact_since", str(matter.existed_since or "")),
        ("matters_ui.fact_source", visible(matter.source)),
        ("matters_ui.fact_opened", began),
    )
    lines: list[Content] = []
    for key, value in pairs:
        if not value:
            continue
        fact = Content.styled(f"{t(key)} ", "$quiet") + Content(value)
        if lines and lines[-1].cell_length + len(_GAP) + fact.cell_length <= width:
            lines[-1] += _GAP + fact
        else:
            lines.append(fact)
    return Content("\n").join(lines)


def step_lines(sight: Sight) -> list[Cells]:
    """Return the steps: state, name, date, when done, light or lateness, who."""
    return [_step_line(sight, step) for step in sight.steps]


def _step_line(sight: Sight, step: TimelineStep) -> Cells:
    line = step.line
    today = sight.zone.day_of(sight.at)
    word = t(f"matters_ui.progress_{line.progress}")
    open_now = line.progress is Progress.OPEN
    style = "bold" if open_now else "$quiet" if line.progress is Progress.WAITING else "$foreground"
    due = due_word(sight.zone, line.due_at, today)
    light, light_style = "", "$foreground"
    if open_now and step.light is not None and line.due_at is not None:
        light = light_word(step.light)
        light += "  " + left_word(sight.zone, sight.calendar, line.due_at, sight.at)
        light_style = LIGHT_STYLES[step.light]
    elif line.late and line.ended is not None and line.due_at is not None:
        light = t("matters_ui.late_by", span=late_word(sight.zone, line.due_at, line.ended.at))
    ended = ""
    if line.ended is not None and line.progress is not Progress.DROPPED:
        ended = f"{sight.zone.show(line.ended.at)[5:16]} {sight.person(line.ended)}"
    return _trimmed(
        (word, style),
        (step_word(line.step, line.round), style),
        (t("matters_ui.due", due=due) if due else "", "$quiet" if not open_now else "$foreground"),
        (light or ended, light_style),
        (ended if light else "", "$foreground"),
        (_marks(sight, step), "$quiet"),
    )


def _trimmed(*cells: tuple[str, str]) -> Cells:
    """Return the cells without blank ones at the end, which would take room."""
    last = max((i for i, (text, _) in enumerate(cells) if text), default=0)
    return cells[: last + 1]


def _marks(sight: Sight, step: TimelineStep) -> str:
    """Return what moved a step's date: extended, asked, suspended."""
    line, today = step.line, sight.zone.day_of(sight.at)
    first = due_word(sight.zone, line.first_due_at, today)
    if line.asked is not None:
        return t("matters_ui.mark_asked", until=line.asked.until)
    if line.extended:
        return t("matters_ui.mark_extended", first=first)
    if line.first_due_at != line.due_at:
        return t("matters_ui.mark_moved", first=first)
    return ""


def step_detail(sight: Sight, step: TimelineStep) -> str:
    """Return the rule of a step's date with its source, and what was said when it was done."""
    line = step.line
    if line.progress is Progress.WAITING:
        return t("matters_ui.detail_waiting", unit=name_of(step.unit))
    parts = []
    if line.due_at is None:
        parts.append(t("matters_ui.detail_no_limit"))
    else:
        since = sight.zone.show(line.started_at or 0)[:16]
        limit = limit_word(line.limit)
        parts.append(t("matters_ui.detail_limit", limit=limit, since=since))
        if line.limit is not None:
            source = visible(line.limit.source)
            local = line.limit.local_default
            parts.append(t("words.local_default") if local else source)
    if line.ended is not None and line.ended.text and line.progress is not Progress.DROPPED:
        parts.append(visible(line.ended.text))
    return "  ".join(part for part in parts if part)


def assist_lines(sight: Sight) -> list[Cells]:
    """Return the requests: number, unit, whether it has answered, what it was asked or said."""
    return [_assist_line(sight, view) for view in sight.asked]


def _assist_line(sight: Sight, view: MatterView) -> Cells:
    step = nearest(sight.steps_of[view.matter.number])
    if view.state.closed_at is not None:
        said = next((e.text for e in reversed(view.entries) if e.text), "")
        state = t("matters_ui.answered", at=sight.zone.show(view.state.closed_at)[5:16])
        style, text = "$foreground", visible(said or view.matter.title)
    else:
        state, style, text = t("matters_ui.not_answered"), "bold", visible(view.matter.title)
        if step is not None and step.line.due_at is not None and step.light is not None:
            left = left_word(sight.zone, sight.calendar, step.line.due_at, sight.at)
            state = f"{light_word(step.light)}  {left}"
            style = LIGHT_STYLES[step.light]
    return (
        (view.matter.number, "$quiet"),
        (name_of(view.unit), "bold"),
        (state, style),
        (text, "$foreground"),
    )


def history_lines(sight: Sight) -> list[Cells]:
    """Return what was done, the newest first."""
    return [
        (
            (sight.zone.show(entry.at)[5:16], "$quiet"),
            (act_words(sight, entry), "bold"),
            (sight.person(entry), "$foreground"),
            (visible(entry.text), "$foreground"),
        )
        for entry in sight.history
    ]


def act_words(sight: Sight, entry: Entry) -> str:
    """Return what an entry records, in a few words."""
    step = ""
    if entry.step:
        step = step_word(sight.view.workflow.step(entry.step))
    if entry.act is Act.CLOSE and entry.outcome is not None:
        return t("matters_ui.act_close_as", outcome=outcome_word(entry.outcome))
    if entry.act in (Act.ASK_EXTENSION, Act.GRANT_EXTENSION):
        return t(f"matters_ui.act_{entry.act}", step=step, until=entry.until)
    if entry.suspension is not None:
        first, last = entry.suspension.first, entry.suspension.last
        return t("matters_ui.act_suspend", first=f"{first:%m-%d}", last=f"{last:%m-%d}")
    return t(f"matters_ui.act_{entry.act}", step=step)


def entry_text(sight: Sight, entry: Entry) -> str:
    """Return an entry in full: when, who, what, what it started and moved, what was said."""
    view = sight.view
    lines = [f"{sight.zone.show(entry.at)}  {sight.person(entry)}", act_words(sight, entry)]
    if entry.reason:
        lines.append(reason_word(entry.reason))
    for start in entry.starts:
        name = step_word(view.workflow.step(start.step), start.round)
        due = sight.zone.show(start.due_at) if start.due_at is not None else t("words.no_value")
        lines.append(t("matters_ui.entry_starts", step=name, due=due))
    for key, due_at in entry.dues.items():
        name = step_word(view.workflow.step(key))
        lines.append(t("matters_ui.entry_moves", step=name, due=sight.zone.show(due_at)))
    if entry.text:
        lines += ["", visible(entry.text)]
    return "\n".join(lines)


def matter_text(sight: Sight) -> str:
    """Return the matter as text to paste: what it is, its facts, its steps."""
    matter = sight.view.matter
    lines = [f"{matter.number}  {kind_word(sight.view.workflow)}  {visible(matter.title)}"]
    lines += [state_text(sight).plain, facts_text(sight, _PAPER).plain]
    lines += ["  ".join(text for text, _ in line if text) for line in step_lines(sight)]
    lines += ["  ".join(text for text, _ in line if text) for line in assist_lines(sight)]
    return "\n".join(lines)
