"""The list of matters: what it is made of, and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from actions.matters import MatterView, listed
from actions.timelines import TimelineStep, nearest, timelines
from actions.workflows import workflows
from catalogue import t
from domain.calendar import Calendar
from domain.instants import Instant, Zone
from domain.lights import Light
from domain.matters import merged_into
from domain.people import Actor
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from domain.workflows import Workflow
from storage import units
from storage.matters import Filter
from storage.store import Store
from storage.units import Selection
from tui.desk import Question
from tui.matter_words import (
    LINE_STYLES,
    due_word,
    kind_word,
    left_word,
    light_word,
    outcome_word,
    step_word,
)
from tui.widgets.fitting import name_of, name_within
from tui.widgets.rows import Column
from tui.widgets.virtual import Cell

COLUMNS = (
    Column("matters_ui.col_number", 11),
    Column("matters_ui.col_kind", 8, grow=1),
    Column("matters_ui.col_title", 11, grow=4),
    Column("matters_ui.col_place", 10, grow=2, least=100),
    Column("matters_ui.col_unit", 8, grow=2),
    Column("matters_ui.col_step", 8, grow=1),
    Column("matters_ui.col_due", 11),
    Column("matters_ui.col_left", 12, grow=1, least=112),
    Column("matters_ui.col_light", 7),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which matters the list is about."""

    workflow: str | None = None
    open: bool | None = True
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The matters as of `at`, each with its steps and the text that a filter looks in."""

    at: Instant
    views: Sequence[MatterView]
    steps: Mapping[str, tuple[TimelineStep, ...]]
    texts: Sequence[str]
    places: Mapping[str, Unit]
    kinds: Mapping[str, Workflow]
    under: Unit | None
    zone: Zone
    calendar: Calendar


def matters_question(chosen: Chosen) -> Question[Listing]:
    """Ask for the matters of a choice: what is due first comes first, the closed ones last."""

    def question(store: Store, _actor: Actor, at: Instant) -> Listing:
        with store.reading():
            wanted = Filter(workflow=chosen.workflow, open=chosen.open)
            views = listed(store, Selection(under=chosen.under), wanted, at)
            steps = timelines(store, views, at)
            places = units.by_code(
                store.connection, {view.matter.place for view in views if view.matter.place}
            )
            under = None if chosen.under is None else units.get(store.connection, chosen.under)
            kinds = workflows(store)
        views.sort(key=lambda view: _order(view, steps[view.matter.number]))
        texts = [_text(view, places) for view in views]
        return Listing(at, views, steps, texts, places, kinds, under, store.zone, store.calendar)

    return question


def _order(view: MatterView, steps: Sequence[TimelineStep]) -> tuple[bool, int, str]:
    if view.state.closed_at is not None:
        return True, -view.state.closed_at, view.matter.number
    step = nearest(steps)
    due_at = None if step is None else step.line.due_at
    return False, view.matter.opened_at + 2**40 if due_at is None else due_at, view.matter.number


def _text(view: MatterView, places: Mapping[str, Unit]) -> str:
    matter = view.matter
    place = places.get(matter.place)
    return " ".join(
        (
            matter.number,
            view.workflow.zh,
            view.workflow.en,
            matter.title,
            matter.location,
            matter.party,
            *view.unit.names(),
            *(place.names() if place else ()),
        )
    ).casefold()


def light_of(listing: Listing, index: int) -> Light | None:
    """Return the light of a matter's nearest step, None where it owes nothing by a date."""
    step = nearest(listing.steps[listing.views[index].matter.number])
    return None if step is None else step.light


def drawn(listing: Listing, index: int, widths: Sequence[int]) -> Sequence[Cell]:
    """Return the cells of a matter of the list."""
    view = listing.views[index]
    matter = view.matter
    place = listing.places.get(matter.place)
    where = " ".join(
        part for part in (name_of(place) if place else "", visible(matter.location)) if part
    )
    return (
        (matter.number, "quiet"),
        (kind_word(view.workflow), "plain"),
        (visible(matter.title), "strong"),
        (where, "quiet"),
        (name_within(view.unit, widths[4]), "plain"),
        *standing(view, listing),
    )


def standing(view: MatterView, listing: Listing) -> Sequence[Cell]:
    """Return the open step with its date and light, or how the matter ended."""
    today = listing.zone.day_of(listing.at)
    if view.state.closed_at is not None:
        ended = outcome_word(view.state.outcome) if view.state.outcome else ""
        into = merged_into(view.entries)
        if into:
            ended = into
        when = _short(listing.zone.day_of(view.state.closed_at), today)
        word = t("matters_ui.closed")
        return (word, "quiet"), (when, "quiet"), (ended, "quiet"), ("", "quiet")
    step = nearest(listing.steps[view.matter.number])
    if step is None:
        return (t("matters_ui.to_close"), "strong"), ("", "plain"), ("", "plain"), ("", "plain")
    name = step_word(step.line.step, step.line.round)
    if step.light is None or step.line.due_at is None:
        return (name, "plain"), ("", "plain"), ("", "plain"), ("", "plain")
    style = LINE_STYLES[step.light]
    due = due_word(listing.zone, step.line.due_at, today)
    left = left_word(listing.zone, listing.calendar, step.line.due_at, listing.at)
    if view.state.suspended_on(today):
        left = t("matters_ui.suspended_now")
    return (name, "plain"), (due, style), (left, style), (light_word(step.light), style)


def _short(day: date, today: date) -> str:
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()
