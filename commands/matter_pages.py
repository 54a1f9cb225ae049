"""Matters as people read them: lists, and one with its whole story (R15)."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

import catalogue
from actions.assisting import answers
from actions.matters import MatterView
from actions.referring import referrals
from actions.timelines import TimelineStep
from actions.workflows import WORDED_REASONS
from catalogue import span, t
from commands import output
from commands.cells import pad
from commands.matter_records import FIELDS, Shown, as_record, full_record, reply_of, shown
from commands.output import Column, Format
from commands.owed import STYLES, light_words
from domain.areas import format_area
from domain.deadlines import Measure
from domain.instants import Instant, Zone
from domain.matters import Act, Entry, merged_into
from domain.texts import visible
from domain.timelines import Progress
from domain.units import Unit
from domain.workflows import Step, StepLimit, Workflow
from storage.store import Store


def listing(
    store: Store, form: Format, views: Sequence[MatterView], at: Instant, empty: str
) -> None:
    """Write a list of matters; an empty table is the sentence `empty`."""
    output.listing(form, shown(store, views, at), FIELDS, as_record, columns(store.zone), empty)


def story(store: Store, form: Format, view: MatterView, at: Instant) -> None:
    """Write one matter with its steps, requests and everything that was done."""
    whole = shown(store, [view], at)[0]
    assists, transfers = _asked(store, view, at)

    def page() -> list[str]:
        return _page(whole, [*assists, *transfers], store.zone)

    output.document(form, full_record(whole, assists, transfers), page)


def _asked(store: Store, view: MatterView, at: Instant) -> tuple[list[Shown], list[Shown]]:
    """Return the requests and the transfers of a matter, ready to be written."""
    number = view.matter.number
    return (
        shown(store, answers(store, number, at), at),
        shown(store, referrals(store, number, at), at),
    )


def told(store: Store, form: Format, view: MatterView, at: Instant, sentence: str) -> None:
    """Write what an act has made of a matter: a sentence and the open steps, or the record."""
    whole = shown(store, [view], at)[0]
    asked = _asked(store, view, at)

    def lines() -> list[str]:
        open_now = [step for step in whole.steps if step.line.progress is Progress.OPEN]
        return [sentence, *_step_lines(open_now, store.zone)]

    output.document(form, full_record(whole, *asked), lines)


def columns(zone: Zone) -> list[Column[Shown]]:
    """Return the columns of a list of matters."""

    def due(row: Shown) -> str:
        return zone.show(row.next.line.due_at) if row.next and row.next.line.due_at else ""

    return [
        Column("matter.col_number", lambda row: row.view.matter.number),
        Column("cli.col_light", _light, style=_style),
        Column("cli.col_kind", lambda row: titled(row.view.workflow), rank=4),
        Column("cli.col_unit", lambda row: row.view.matter.unit, rank=3),
        Column("cli.col_name", lambda row: unit_name(row.view.unit), elastic=True),
        Column("matter.col_title", lambda row: row.view.matter.title, elastic=True),
        Column("matter.col_state", _state),
        Column("matter.col_left", _left, right=True),
        Column("cli.col_due_at", due, rank=2),
        Column("matter.col_place", _place, rank=5),
        Column("matter.col_opened_at", lambda row: zone.show(row.view.matter.opened_at), rank=6),
    ]


def unit_name(unit: Unit) -> str:
    """Return a unit's name in the language in use."""
    return catalogue.pick(unit.name, unit.name_en)


def titled(what: Step | Workflow) -> str:
    """Return the name of a step or of a workflow in the language in use."""
    return catalogue.pick(what.zh, what.en)


def _light(row: Shown) -> str:
    return light_words(row.next.light) if row.next and row.next.light else ""


def _style(row: Shown) -> str:
    return STYLES.get(row.next.light, "") if row.next and row.next.light else ""


def _state(row: Shown) -> str:
    if row.view.state.closed_at is not None:
        return ending(row.view)
    open_now = [each.line.step for each in row.steps if each.line.progress is Progress.OPEN]
    return catalogue.listing([titled(step) for step in open_now])


def ending(view: MatterView) -> str:
    """Return how a matter was closed, in words."""
    into = merged_into(view.entries)
    if into:
        return f"{t('words.act_merge')} {into}"
    outcome = view.state.outcome
    return t("matter.closed") if outcome is None else t(f"words.outcome_{outcome}")


def _left(row: Shown) -> str:
    step = row.next
    if step is None or step.obligation is None:
        return ""
    if step.overdue_seconds > 0:
        return t("matter.overdue_by", span=span(step.overdue_seconds))
    return span(-step.overdue_seconds)


def _place(row: Shown) -> str:
    matter = row.view.matter
    unit = row.names.get(matter.place)
    return " ".join(part for part in (unit_name(unit) if unit else "", matter.location) if part)


def _page(row: Shown, assists: Sequence[Shown], zone: Zone) -> list[str]:
    view, matter = row.view, row.view.matter
    lines = [f"{matter.number}  {titled(view.workflow)}  {matter.title}", ""]
    lines += output.paired([pair for pair in _facts(row, zone) if pair[1]])
    lines += ["", t("matter.steps")]
    lines += _step_lines(row.steps, zone)
    if view.state.suspensions:
        lines += ["", t("matter.suspensions")]
        lines += [f"  {s.first} – {s.last}  {s.reason}".rstrip() for s in view.state.suspensions]
    if assists:
        lines += ["", t("matter.assists")]
        lines += output.paired([_assist(each, zone) for each in assists], indent=2)
    lines += ["", t("matter.entries")]
    lines += output.paired([_entry(row, entry, zone) for entry in view.entries], indent=2)
    return lines


def _facts(row: Shown, zone: Zone) -> list[tuple[str, str]]:
    view, matter, state = row.view, row.view.matter, row.view.state
    land = t(f"areas.{matter.land_class}") if matter.land_class else ""
    area = format_area(matter.area) if matter.area is not None else ""
    closed = ""
    if state.closed_at is not None:
        closed = f"{ending(view)}  {zone.show(state.closed_at)}"
    issuer = row.names[matter.issuer]
    return [
        (t("cli.col_name"), f"{matter.unit} {unit_name(view.unit)}"),
        (
            t("matter.issuer"),
            f"{issuer.code} {unit_name(issuer)}" if matter.issuer != matter.unit else "",
        ),
        (t("matter.col_opened_at"), zone.show(matter.opened_at)),
        (t("matter.col_place"), _place(row)),
        (t("matter.party"), matter.party),
        (t("matter.land"), f"{land} {area}".strip()),
        (
            t("matter.existed_since"),
            matter.existed_since.isoformat() if matter.existed_since else "",
        ),
        (t("matter.source"), matter.source),
        (t("matter.origin"), matter.origin),
        (t("matter.parent"), matter.parent),
        (t("matter.ended"), closed),
        (t("matter.reopened"), str(state.reopened) if state.reopened else ""),
    ]


def _step_lines(steps: Sequence[TimelineStep], zone: Zone) -> list[str]:
    """Return each step with how far it is, and its date on a line of its own."""
    pairs = [_step_pair(step, zone) for step in steps]
    width = max((cell_len(name) for name, _ in pairs), default=0)
    lines: list[str] = []
    for step, (name, value) in zip(steps, pairs, strict=True):
        lines += output.paired([(pad(name, width), visible(value))], indent=2)
        if step.line.progress is not Progress.WAITING:
            lines.append(f"      {'  '.join(_dates(step, zone))}")
    return lines


def _step_pair(step: TimelineStep, zone: Zone) -> tuple[str, str]:
    line = step.line
    name = titled(line.step)
    if line.round > 1:
        name = t("matter.round", step=name, round=line.round)
    if line.progress is Progress.WAITING:
        return f"{name}  {line.step.key}", t("words.progress_waiting")
    parts = [t(f"words.progress_{line.progress}")]
    if line.progress is Progress.OPEN:
        parts = [light_words(step.light)] if step.light else parts
    elif line.ended is not None:
        parts += [zone.show(line.ended.at), line.ended.login]
        parts += [t("matter.late")] if line.late else []
    parts.append(unit_name(step.unit))
    return f"{name}  {line.step.key}", "  ".join(part for part in parts if part)


def _dates(step: TimelineStep, zone: Zone) -> list[str]:
    line = step.line
    if line.due_at is None:
        return [t("matter.no_date")]
    parts = [t("matter.due", at=zone.show(line.due_at))]
    if line.progress is Progress.OPEN:
        key = "matter.overdue_by" if step.overdue_seconds > 0 else "matter.left"
        parts.append(t(key, span=span(abs(step.overdue_seconds))))
    parts.append(t("matter.by_hand") if line.limit is None else limit_words(line.limit))
    if line.first_due_at is not None and line.first_due_at != line.due_at:
        key = "matter.extended" if line.extended else "matter.moved"
        parts.append(t(key, at=zone.show(line.first_due_at)))
    if line.asked is not None:
        parts.append(t("matter.asked", until=line.asked.until, reason=line.asked.text))
    return parts


def limit_words(row: StepLimit) -> str:
    """Return a limit as people read it: `3 个工作日(本地默认,非官方规定)`."""
    words = t(f"deadlines.unit_{row.limit.unit}", amount=row.limit.amount)
    if row.limit.amount == 0 and row.limit.unit is not Measure.HOURS:
        words = t("matter.same_day")
    return t("matter.local", limit=words) if row.local_default else words


def _assist(row: Shown, zone: Zone) -> tuple[str, str]:
    matter, state = row.view.matter, row.view.state
    name = f"{matter.number}  {unit_name(row.view.unit)}"
    if state.closed_at is not None:
        answer = reply_of(row.view) or ending(row.view)
        return name, t("matter.answered", at=zone.show(state.closed_at), text=answer)
    step = row.next
    colour = light_words(step.light) if step and step.light else ""
    due = t("matter.due", at=zone.show(step.line.due_at)) if step and step.line.due_at else ""
    return name, "  ".join(part for part in (colour, due, matter.title) if part)


def _entry(row: Shown, entry: Entry, zone: Zone) -> tuple[str, str]:
    who = entry.login
    if entry.real_login != entry.login:
        who = t("matter.proxy", login=entry.login, real=entry.real_login)
    return f"{zone.show(entry.at)}  {who}", "  ".join(
        part for part in (act_words(row.view, entry), entry.text) if part
    )


def reason_words(reason: str) -> str:
    """Return a reason in words; a city's own reasons stand as its workflow has them."""
    return t(f"words.reason_{reason}") if reason in WORDED_REASONS else reason


def act_words(view: MatterView, entry: Entry) -> str:
    """Return what an entry records, in words."""
    parts = [t(f"words.act_{entry.act}")]
    if entry.step:
        parts.insert(0, titled(view.workflow.step(entry.step)))
    if entry.outcome is not None:
        parts.append(t(f"words.outcome_{entry.outcome}"))
    if entry.until is not None and entry.act is not Act.REFUSE_EXTENSION:
        parts.append(entry.until.isoformat())
    if entry.suspension is not None:
        parts.append(f"{entry.suspension.first} – {entry.suspension.last}")
    if entry.reason:
        parts.append(reason_words(entry.reason))
    return " ".join(parts)
