"""Why an obligation is what it is, in full: rule, days, ladder, revisions, whose turn (R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from actions.explaining import explain
from actions.reporting import Report, listed
from catalogue import t
from domain.explaining import DayNote, Explanation, StepExplanation, folded
from domain.instants import Instant, Zone
from domain.people import Actor
from domain.reports import Revision
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from storage import units
from storage.store import Store
from storage.units import Selection
from tui.desk import Question
from tui.views.step_text import step_text
from tui.views.urging import copy_urging
from tui.widgets.fitting import fit, name_of
from tui.widgets.page_dialog import PageDialog

LIGHT_STYLES = {"red": "bold $error", "amber": "bold $warning", "green": "$foreground"}
_LABEL = 12
"""Cells of the labels at the left."""


@dataclass(frozen=True, slots=True)
class Account:
    """An explanation with the report, None where none was filed; `units` are those it names."""

    explanation: Explanation | StepExplanation
    report: Report | None
    zone: Zone
    units: Mapping[str, Unit] = field(default_factory=dict)


def explanation_question(obligation_id: str) -> Question[Account]:
    """Ask why an obligation is what it is."""

    def question(store: Store, _actor: Actor, at: Instant) -> Account:
        found = explain(store, obligation_id, at)
        if isinstance(found, StepExplanation):
            held = [row.unit for row in found.held if row.unit is not None]
            return Account(found, None, store.zone, units.by_code(store.connection, held))
        day = found.obligation.day
        reports = listed(store, day, day, Selection(unit=found.unit.code), at)
        return Account(found, reports[0] if reports else None, store.zone)

    return question


class ExplanationDialog(PageDialog[None]):
    """Shows the explanation of one obligation.

    | Key | Does |
    |---|---|
    | `y` | copies a text that urges the unit |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "keys.copy", id="copy", tooltip="overdue.copy_help"),
    ]

    def __init__(self, obligation_id: str) -> None:
        """Take the obligation's id, `R-20261104-440111`."""
        super().__init__()
        self._obligation_id = obligation_id
        self._account: Account | None = None

    def title_text(self) -> str:
        """Return the id."""
        return t("explain_ui.title", id=self._obligation_id)

    def keys_text(self) -> str:
        """Return what the keys do."""
        return t("explain_ui.keys")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        self.ask(explanation_question(self._obligation_id), self._show, refused=self.refuse)

    def _show(self, account: Account) -> None:
        self._account = account
        self.write(explanation_text(account))

    def action_copy(self) -> None:
        """Copy a text that urges the unit to do this."""
        if self._account is not None:
            found = self._account.explanation
            copy_urging(self, found.unit.code, found.obligation)


def explanation_text(account: Account) -> Content:
    """Return the explanation in words, the answer first and the days last."""
    found, zone = account.explanation, account.zone
    if isinstance(found, StepExplanation):
        return step_text(found, zone, account.units)
    owed = found.obligation
    weekday = t(f"words.weekday_{owed.day.weekday()}")
    head = f"{name_of(found.unit)}  {t('words.obligation_report')} {owed.subject} {weekday}"
    lines = [Content.styled(head, "bold"), _state(found)]
    if found.overdue_seconds:
        days = t("explain_ui.overdue", days=found.overdue_days, workdays=found.overdue_workdays)
        lines.append(_pair(t("explain.overdue_for"), Content(days)))
    source = t("words.local_default" if found.local_default else "explain.own_schedule")
    rule = t("explain.rule_text", days=t(f"words.days_{found.rule}"), source=source)
    lines.append(_pair(t("explain.rule"), Content(rule)))
    for key, instant in (
        ("explain.due_at", owed.due_at),
        ("explain.missed_at", owed.missed_at),
        ("explain.locks_at", owed.locks_at),
    ):
        if instant is not None:
            lines.append(_pair(t(key), Content(zone.show(instant))))
    lines += _holder(found)
    lines += _revisions(account.report.revisions if account.report else (), zone)
    lines += _ladder(found, zone)
    lines += [Content(""), Content.styled(t("explain.days"), "$accent")]
    lines += [_days(notes, owed.subject) for notes in folded(found.days)]
    return Content("\n").join(lines)


def _pair(label: str, value: Content) -> Content:
    return Content.styled(fit(label, _LABEL), "$quiet") + value


def _state(found: Explanation) -> Content:
    light = f"{t(f'words.light_{found.light}')} {t(f'words.light_letter_{found.light}')}"
    state = f"{t(f'words.status_{found.status}')}  {light}"
    return _pair(t("explain_ui.state"), Content.styled(state, LIGHT_STYLES[found.light]))


def _holder(found: Explanation) -> list[Content]:
    label = t("explain.holder")
    if found.holder is None:
        return [_pair(label, Content(t("explain.nobody")))]
    lines = [_pair(label, Content.styled(name_of(found.holder), "bold"))]
    contacts = found.contacts
    known = [
        (t(f"words.role_{person.role}"), visible(f"{person.name} {person.phone}".strip()))
        for person in (contacts.liaison, contacts.deputy, contacts.leader)
        if person is not None
    ]
    if not known:
        return [*lines, _pair("", Content(t("explain.no_contact")))]
    return lines + [_pair("", Content(f"{role} {person}")) for role, person in known]


def _revisions(revisions: tuple[Revision, ...], zone: Zone) -> list[Content]:
    if not revisions:
        return [_pair(t("explain.discharged_at"), Content(t("explain_ui.not_filed")))]
    lines = [Content(""), Content.styled(t("report.revisions"), "$accent")]
    for revision in revisions:
        parts = [
            str(revision.number),
            zone.show(revision.filed_at),
            t(f"words.report_{revision.content.kind}"),
            visible(revision.filed_by or t("words.no_value")),
            visible(revision.reason),
        ]
        lines.append(Content("  ".join(part for part in parts if part)))
    return lines


def _ladder(found: Explanation, zone: Zone) -> list[Content]:
    lines = [Content(""), Content.styled(t("explain.ladder"), "$accent")]
    for step in found.planned:
        reached = step.at <= found.at
        words = t(
            "explain_ui.rung",
            at=zone.show(step.at)[:16],
            state=t("explain_ui.reached" if reached else "explain_ui.ahead"),
            name=t(f"words.rung_{step.rung.name}"),
            to=[t(f"words.addressee_{to}") for to in step.rung.to],
        )
        lines.append(Content.styled(words, "$foreground" if reached else "$quiet"))
    return lines


def _days(notes: Sequence[DayNote], subject: str) -> Content:
    """Return a day, or a run of days with how many of them count."""
    if len(notes) == 1:
        return _day(notes[0], subject)
    counted = sum(note.counted for note in notes)
    text = t("explain.days_folded", counted=counted, skipped=len(notes) - counted)
    return Content.styled(f"{notes[0].day}..{notes[-1].day}  {text}", "$quiet")


def _day(note: DayNote, subject: str) -> Content:
    if note.day.isoformat() == subject:
        verdict = t("explain.reporting_day")
    else:
        verdict = t("explain.counted" if note.counted else "explain.skipped")
    weekday = fit(t(f"words.weekday_{note.day.weekday()}"), 10)
    words = f"{note.day}  {weekday} {fit(verdict, 14)} {t(f'instants.kind_{note.why}')}"
    return Content.styled(words, "$foreground" if note.counted else "$quiet")
