"""Why a step is what it is, in full: rule and source, days, extensions, ladder, who held it."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from catalogue import span, t
from domain.deadlines import Counted
from domain.explaining import StepExplanation
from domain.instants import Instant, Zone
from domain.matters import Act, Entry
from domain.texts import visible
from domain.units import Unit
from tui.matter_words import light_word, limit_word, step_word
from tui.widgets.fitting import fit, name_of
from tui.words import LIGHT_STYLES

_LABEL = 12
"""Cells of the labels at the left."""


def step_text(found: StepExplanation, zone: Zone, units: Mapping[str, Unit]) -> Content:
    """Return the explanation in words, the answer first and the days last."""
    owed, matter = found.obligation, found.matter
    _, _, round_ = owed.subject.partition("#")
    name = step_word(found.step, int(round_ or 1))
    head = f"{name_of(found.unit)}  {matter.number} {name}  {visible(matter.title)}"
    lines = [Content.styled(head, "bold"), _state(found, zone)]
    if found.overdue_seconds:
        days = t("explain_ui.overdue", days=found.overdue_days, workdays=found.overdue_workdays)
        lines.append(_pair(t("explain.overdue_for"), Content(days)))
    lines += _rule(found)
    lines.append(_pair(t("explain.opened_at"), Content(zone.show(owed.opened_at))))
    lines.append(_pair(t("explain.due_at"), Content(zone.show(owed.due_at))))
    if owed.first_due_at is not None and owed.first_due_at != owed.due_at:
        first = Content(zone.show(owed.first_due_at))
        lines.append(_pair(t("explain_ui.first_due"), first))
    lines += _holder(found)
    lines += _held(found, units)
    lines += [_answer(entry, zone) for entry in found.answers]
    lines += _ladder(found, zone)
    lines += [Content(""), Content.styled(t("explain_ui.step_days"), "$accent")]
    lines += [_day(row) for row in found.days]
    return Content("\n").join(lines)


def _pair(label: str, value: Content) -> Content:
    """Return a label and what stands beside it."""
    return Content.styled(fit(label, _LABEL), "$quiet") + value


def _state(found: StepExplanation, zone: Zone) -> Content:
    owed = found.obligation
    word = t("explain_ui.step_open")
    if owed.discharged_at is not None:
        word = t("explain_ui.step_done", at=zone.show(owed.discharged_at)[:16])
    elif found.suspended:
        word = t("explain_ui.step_suspended")
    text = f"{word}  {light_word(found.light)}"
    return _pair(t("explain_ui.state"), Content.styled(text, LIGHT_STYLES[found.light]))


def _rule(found: StepExplanation) -> list[Content]:
    lines = [_pair(t("explain.rule"), Content(limit_word(found.limit)))]
    if found.limit is not None:
        local = found.limit.local_default
        source = t("words.local_default") if local else visible(found.limit.source)
        lines.append(_pair(t("explain_ui.source"), Content(source or t("words.no_value"))))
    return lines


def _holder(found: StepExplanation) -> list[Content]:
    """Return whose turn it is, with the people to call."""
    label = t("explain.holder")
    if found.holder is None:
        return [_pair(label, Content(t("explain_ui.step_nobody")))]
    lines = [_pair(label, Content.styled(name_of(found.holder), "bold"))]
    people = found.contacts
    known = [
        (t(f"words.role_{person.role}"), visible(f"{person.name} {person.phone}".strip()))
        for person in (people.liaison, people.deputy, people.leader)
        if person is not None
    ]
    if not known:
        return [*lines, _pair("", Content(t("explain.no_contact")))]
    return lines + [_pair("", Content(f"{role} {person}")) for role, person in known]


def _held(found: StepExplanation, units: Mapping[str, Unit]) -> list[Content]:
    """Return how the matter's time divides among those whose turn it was."""
    parts = []
    for held in found.held:
        if held.unit is None:
            name = t("explain_ui.held_suspended")
        else:
            unit = units.get(held.unit)
            name = visible(held.unit) if unit is None else name_of(unit)
        parts.append(f"{name} {span(held.seconds)}")
    return [_pair(t("explain_ui.held"), Content("  ".join(parts)))] if parts else []


def _answer(entry: Entry, zone: Zone) -> Content:
    """Return an extension asked or answered, or a suspension."""
    who = visible(entry.login)
    at = zone.show(entry.at)[:16]
    if entry.suspension is not None:
        text = t(
            "explain_ui.suspended",
            at=at,
            who=who,
            first=entry.suspension.first,
            last=entry.suspension.last,
            why=visible(entry.text),
        )
    else:
        until = entry.until or ""
        why = visible(entry.text)
        key = {
            Act.ASK_EXTENSION: "explain_ui.extension_asked",
            Act.GRANT_EXTENSION: "explain_ui.extension_granted",
        }.get(entry.act, "explain_ui.extension_refused")
        text = t(key, at=at, who=who, until=until, why=why)
    return _pair("", Content(text.rstrip()))


def _ladder(found: StepExplanation, zone: Zone) -> list[Content]:
    """Return each rung: when it fired, or from when it may."""
    lines = [Content(""), Content.styled(t("explain.ladder"), "$accent")]
    fired: dict[str, Instant] = dict(found.fired)
    for step in found.planned:
        sent = fired.get(step.rung.name)
        state = "explain_ui.reached" if step.at <= found.at else "explain_ui.ahead"
        words = t(
            "explain_ui.rung",
            at=zone.show(step.at if sent is None else sent)[:16],
            state=t(state if sent is None else "explain_ui.fired"),
            name=t(f"words.rung_{step.rung.name}"),
            to=[t(f"words.addressee_{to}") for to in step.rung.to],
        )
        lines.append(Content.styled(words, "$quiet" if sent is None else "$foreground"))
    return lines


def _day(row: Counted) -> Content:
    weekday = fit(t(f"words.weekday_{row.day.weekday()}"), 10)
    words = f"{row.day}  {weekday} {t(f'deadlines.day_{row.why}')}"
    return Content.styled(words, "$foreground" if row.counted else "$quiet")
