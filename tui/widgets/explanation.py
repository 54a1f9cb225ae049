"""Why an obligation is what it is: rule, days, ladder, and who holds the clock (R14)."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

import catalogue
from actions.explaining import explain
from catalogue import t
from domain.explaining import Explanation
from domain.instants import Instant, Zone
from domain.people import Actor
from storage.store import Store
from tui.widgets.dialog import Dialog

_LIGHT_STYLES = {"red": "bold $error", "amber": "bold $warning", "green": "$foreground"}


class ExplanationDialog(Dialog[None]):
    """Shows the explanation of one obligation."""

    def __init__(self, obligation_id: str) -> None:
        """Take the obligation's id, `R-20261104-440111`."""
        super().__init__()
        self._obligation_id = obligation_id

    def title_text(self) -> str:
        """Return the id."""
        return t("app.explain_title", id=self._obligation_id)

    def content(self) -> list[Widget]:
        """Return the place of the explanation."""
        return [Static("", id="explanation")]

    def keys_text(self) -> str:
        """Return how to leave."""
        return t("app.explain_leave")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()

        def question(store: Store, _actor: Actor, at: Instant) -> tuple[Explanation, Zone]:
            return explain(store, self._obligation_id, at), store.zone

        self.ask(question, self._show, refused=self.refuse)

    def _show(self, answer: tuple[Explanation, Zone]) -> None:
        self.query_one("#explanation", Static).update(explanation_text(*answer))


def explanation_text(found: Explanation, zone: Zone) -> Content:
    """Return the explanation in words, one fact a line."""
    owed = found.obligation
    name = catalogue.pick(found.unit.name, found.unit.name_en)
    light = t(f"words.light_{found.light}")
    letter = t(f"words.light_letter_{found.light}")
    state = t(f"words.status_{found.status}")
    lines = [
        Content(t("app.explain_what", unit=name, day=owed.subject)),
        Content.styled(
            t("app.explain_state", status=state, light=light, letter=letter),
            _LIGHT_STYLES[found.light],
        ),
    ]
    if found.overdue_seconds:
        lines.append(
            Content(
                t(
                    "app.explain_overdue",
                    days=found.overdue_days,
                    workdays=found.overdue_workdays,
                )
            )
        )
    source = t("words.local_default") if found.local_default else t("app.explain_row")
    rule = t("app.explain_rule", days=t(f"words.days_{found.rule}"), source=source)
    lines.append(Content(rule))
    for key, instant in (
        ("app.explain_due", owed.due_at),
        ("app.explain_missed", owed.missed_at),
        ("app.explain_locks", owed.locks_at),
        ("app.explain_filed", owed.discharged_at),
    ):
        if instant is not None:
            lines.append(Content(t(key, at=zone.show(instant))))
    holder = found.holder
    if holder is None:
        lines.append(Content(t("app.explain_nobody")))
    else:
        person = found.contacts.liaison
        who = " ".join(part for part in (person.name, person.phone) if part) if person else ""
        unit = catalogue.pick(holder.name, holder.name_en)
        lines.append(Content(t("app.explain_holder", unit=unit, person=who)))
    lines.append(Content(""))
    lines.append(Content.styled(t("app.explain_ladder"), "$accent"))
    lines += [
        Content.styled(
            t(
                "app.explain_rung",
                at=zone.show(step.at)[:16],
                name=t(f"words.rung_{step.rung.name}"),
                to=[t(f"words.addressee_{to}") for to in step.rung.to],
            ),
            "$foreground" if step.at <= found.at else "$quiet",
        )
        for step in found.planned
    ]
    if found.overdue_seconds:
        lines.append(Content(""))
        lines.append(Content.styled(t("app.explain_days"), "$accent"))
        for note in found.days:
            word = t("app.day_counted") if note.counted else t("app.day_skipped")
            if note.day == owed.day:
                word = t("app.day_zero")
            lines.append(
                Content(
                    t(
                        "app.explain_day",
                        day=note.day,
                        weekday=t(f"words.weekday_{note.day.weekday()}"),
                        kind=t(f"app.day_{note.why}"),
                        counted=word,
                    )
                )
            )
    return Content("\n").join(lines)
