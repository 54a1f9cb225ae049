"""The card of a unit: all that is known of it on a day (R1, R2, R3, R6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content

from actions.board import BoardRow
from actions.cards import Card, card
from actions.overdue import Owed
from catalogue import pick, t
from domain.instants import Instant, Zone
from domain.lights import Thresholds
from domain.people import Actor
from domain.schedules import Days
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from storage.store import Store
from tui.desk import Question
from tui.widgets.fitting import fit, name_of
from tui.widgets.letters import letter
from tui.widgets.page_dialog import PageDialog
from tui.widgets.text_dialog import CopiedDialog
from tui.words import LIGHT_STYLES, STYLES

_LABEL = 14
"""Cells of the labels at the left."""
_MOST_OWED = 12
"""Open obligations that are listed; of the others the number is said."""
_PER_LINE = 15
"""Days on a line of the strip."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A card with what it is shown by."""

    card: Card
    at: Instant
    zone: Zone
    thresholds: Thresholds


def card_question(code: str, day: date | None) -> Question[Seen]:
    """Ask for the card of a unit on a day; None: today."""

    def question(store: Store, _actor: Actor, at: Instant) -> Seen:
        found = card(store, code, day or store.today(at), at)
        return Seen(found, at, store.zone, store.rules.thresholds())

    return question


class UnitCard(PageDialog[None]):
    """Shows the card of one unit.

    | Key | Does |
    |---|---|
    | `e` | explains the first open obligation |
    | `y` | copies the card |
    """

    WIDTH = 90
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "explain", "keys.explain", id="explain", tooltip="card.explain_help"),
        Binding("y", "copy", "keys.copy", id="copy", tooltip="card.copy_help"),
    ]

    def __init__(self, code: str, day: date | None = None) -> None:
        """Take the unit's code, and the day of its card: None is today."""
        super().__init__()
        self._code = code
        self._day = day
        self._seen: Seen | None = None

    def title_text(self) -> str:
        """Return the title."""
        return t("card.title", code=self._code)

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("card.keys")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self.ask(card_question(self._code, self._day), self._show, refused=self.refuse)

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        self.write(card_text(seen))

    def action_explain(self) -> None:
        """Explain what has been open longest."""
        if self._seen is None or not self._seen.card.owed:
            self.complain(t("app.nothing_to_explain"))
            return
        self.program.explain(self._seen.card.owed[0].obligation.id)

    def action_copy(self) -> None:
        """Copy the card as text."""
        if self._seen is not None:
            text = card_text(self._seen).plain
            self.app.copy_to_clipboard(text)
            self.app.push_screen(CopiedDialog(text))


def card_text(seen: Seen) -> Content:
    """Return the card in words: who, what it owes, and what became of its last days."""
    found = seen.card
    unit = found.unit
    lines = [Content.styled(name_of(unit), "bold")]
    lines += _names(unit)
    lines += _placed(found)
    lines += _pairs(t("card.people"), [_person(found, i) for i in range(len(found.people))])
    lines += _pairs(t("unit.duty"), [visible(pick(x.duty, x.duty_en)) for x in found.duties])
    lines.append(_pair(t("unit.schedule"), _schedule(found, seen.zone)))
    exempt = [
        t("card.exempt", first=row.first, last=row.last, reason=visible(row.reason))
        for row in found.exemptions
    ]
    lines += _pairs(t("card.exemptions"), exempt)
    lines += [Content(""), Content.styled(t("card.recent", days=len(found.recent)), "$accent")]
    lines += _strip(found.recent, seen)
    lines += [Content(""), Content.styled(t("card.owed", count=len(found.owed)), "$accent")]
    lines += [_owed(owed, seen.zone) for owed in found.owed[:_MOST_OWED]]
    if not found.owed:
        lines.append(Content(t("card.nothing_owed")))
    elif len(found.owed) > _MOST_OWED:
        lines.append(Content(t("card.more_owed", count=len(found.owed) - _MOST_OWED)))
    return Content("\n").join(lines)


def _pair(label: str, value: str) -> Content:
    return Content.styled(fit(label, _LABEL), "$quiet") + value


def _pairs(label: str, values: Sequence[str]) -> list[Content]:
    """Return a line a value, the first with the label; none where there is nothing to say."""
    return [_pair("" if i else label, value) for i, value in enumerate(values)]


def _names(unit: Unit) -> list[Content]:
    other = unit.name_en if name_of(unit) == visible(unit.name) else unit.name
    names = [visible(name) for name in (other, unit.short, *unit.aliases) if name]
    lines = _pairs(t("card.names"), ["  ".join(dict.fromkeys(names))] if names else [])
    lines.append(_pair(t("unit.col_kind"), t(f"words.kind_{unit.kind}")))
    lines.append(_pair(t("unit.col_validity"), _validity(unit)))
    return lines + _pairs(t("unit.col_source"), [visible(unit.source)] if unit.source else [])


def _validity(unit: Unit) -> str:
    first, last = unit.valid_from, unit.valid_to
    if first and last:
        return t("card.valid_between", first=first, last=last)
    if first:
        return t("card.valid_from", first=first)
    return t("card.valid_to", last=last) if last else t("card.valid_always")


def _placed(found: Card) -> list[Content]:
    above = "  ".join(name_of(unit) for unit in found.above)
    belongs = "  ".join(t(f"words.network_{network}") for network in found.networks)
    by = "  ".join(name_of(unit) for unit in found.supervisors)
    lines: list[Content] = []
    for key, value in (
        ("unit.col_parent", above),
        ("unit.networks", belongs),
        ("unit.supervisors", by),
    ):
        lines += _pairs(t(key), [value] if value else [])
    return lines


def _person(found: Card, index: int) -> str:
    person = found.people[index]
    parts = (t(f"words.role_{person.role}"), person.name, person.phone, person.email)
    return visible("  ".join(part for part in parts if part))


def _schedule(found: Card, zone: Zone) -> str:
    source = t("explain.own_schedule" if found.schedule else "words.local_default")
    if found.days is Days.NONE or found.window is None:
        return f"{t('words.days_none')}  ({source})"
    until = t(
        "unit.schedule_until",
        days=t(f"words.days_{found.days}"),
        time=zone.show(found.window.due_at)[11:16],
    )
    return f"{until}  ({source})"


def _strip(recent: Sequence[BoardRow], seen: Seen) -> list[Content]:
    """Return the days as letters under their dates, a blank where nothing was expected."""
    lines: list[Content] = []
    for start in range(0, len(recent), _PER_LINE):
        part = recent[start : start + _PER_LINE]
        dates = Content.styled(f"{part[0].day:%m-%d}  ", "$quiet")
        days, letters = Content(" " * cell_len(dates.plain)), dates
        for row in part:
            days += Content.styled(f"{row.day.day:>2}  ", "$quiet")
            text, style = letter(row, seen.at, seen.thresholds)
            padded = " " * (2 - cell_len(text)) + text + "  "
            letters += Content.styled(padded, STYLES[style])
        lines += [days, letters]
    return lines


def _owed(owed: Owed, zone: Zone) -> Content:
    light = f"{t(f'words.light_{owed.light}')} {t(f'words.light_letter_{owed.light}')}"
    obligation = owed.obligation
    what = f"{t(f'words.obligation_{obligation.kind}')} {obligation.subject}"
    when = t("board.due", at=zone.show(obligation.due_at)[:16])
    return Content.styled(fit(light, 8), LIGHT_STYLES[owed.light]) + f"{what}  {when}"
