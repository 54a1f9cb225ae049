"""What each letter is filled with, in words of the language in use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import catalogue
from actions.matters import MatterView, show
from actions.papers import About
from actions.steps import steps_of
from actions.targets import targets as year_targets
from catalogue import span, t
from domain.entered import Letter
from domain.errors import NotFound
from domain.instants import Instant
from domain.matters import Act, Matter
from domain.networks import Network
from domain.papers import PaperKind, kind_named
from domain.people import Role
from domain.targets import TargetKey
from domain.units import Kind, Unit, in_force
from domain.workflows import Step
from exchange.assessing_text import figure_word, percent
from exchange.paper_words import area_words, day_words, moment, or_dash, printed, unit_words
from exchange.urging_text import obligation_words
from storage import networks, obligations, people, units, urges
from storage import steps as step_rows
from storage.store import Store
from storage.units import Selection

Words = dict[str, Any]


def letter_facts(store: Store, what: About, at: Instant) -> Words:
    """Return the facts of a letter; raises NotFound where there is nothing to write of."""
    return _FACTS[what.kind](store, what, at)


def _matter_words(store: Store, view: MatterView) -> Words:
    matter = view.matter
    since = matter.existed_since
    return {
        "matter": matter.number,
        "title": matter.title,
        "party": matter.party.strip() or t("papers.party_unknown"),
        "location": _where(store, matter),
        "land_class": t(f"areas.{matter.land_class}") if matter.land_class else t("words.no_value"),
        "area": area_words(matter.area),
        "since": day_words(since) if since else t("papers.since_unknown"),
        "found": day_words(store.today(matter.opened_at)),
        "source": or_dash(matter.source),
        "unit": unit_words(view.unit),
    }


def _where(store: Store, matter: Matter) -> str:
    """Return where a matter lies: the unit, and the place in it, the unit's name once."""
    place = units.get(store.connection, matter.place) if matter.place else None
    if place is None:
        return or_dash(matter.location)
    location = matter.location.strip()
    if not location or any(location.startswith(name) for name in place.names()):
        return location or unit_words(place)
    return t("papers.place", unit=unit_words(place), location=location)


def _history(store: Store, view: MatterView) -> list[Words]:
    """Return what was done to a matter, one line for each act that is part of its course."""
    found: list[Words] = []
    for entry in view.entries:
        if entry.act is Act.REMARK:
            continue
        step = view.workflow.step(entry.step) if entry.step else None
        names = [t(f"words.act_{entry.act}"), catalogue.pick(step.zh, step.en) if step else ""]
        found.append(
            {
                "no": str(len(found) + 1),
                "day": moment(store, entry.at),
                "what": " ".join(name for name in names if name),
                "text": or_dash(entry.text),
            }
        )
    return found


def _stop_work(store: Store, what: About, at: Instant) -> Words:
    return _matter_words(store, show(store, what.number, at))


def _approval(store: Store, what: About, at: Instant) -> Words:
    view = show(store, what.number, at)
    open_steps = [
        {
            "no": str(number),
            "what": _owed_step(store, row.step),
            "due": moment(store, row.due_at) if row.due_at else t("words.no_value"),
        }
        for number, row in enumerate(view.state.open, 1)
    ]
    return {**_matter_words(store, view), "steps": open_steps}


def _owed_step(store: Store, step: Step) -> str:
    """Return a step, with the department that owes it where its workflow names one."""
    name = catalogue.pick(step.zh, step.en)
    owner = units.get(store.connection, step.named_unit) if step.named_unit else None
    return name if owner is None else t("papers.step_by", step=name, unit=unit_words(owner))


def _transfer(store: Store, what: About, at: Instant) -> Words:
    view = show(store, what.number, at)
    to = units.get(store.connection, what.detail)
    return {
        **_matter_words(store, view),
        "to": unit_words(to),
        "history": _history(store, view),
    }


def _supervision(store: Store, what: About, at: Instant) -> Words:
    view = show(store, what.number, at)
    matter = view.matter
    issuer = units.get(store.connection, matter.issuer)
    opening = view.entries[0]
    dues = {start.step: start.due_at for start in opening.starts}
    for row in view.state.open:
        dues[row.step.key] = row.due_at

    def due(step: str) -> str:
        instant = dues.get(step)
        return moment(store, instant) if instant else t("words.no_value")

    return {
        "matter": matter.number,
        "title": matter.title,
        "to": unit_words(view.unit),
        "unit": unit_words(issuer),
        "text": [line for line in opening.text.splitlines() if line.strip()] or [matter.title],
        "issued": day_words(store.today(matter.opened_at)),
        "sign_by": due("sign"),
        "reply_by": due("reply"),
        "basis": or_dash(matter.parent),
    }


def _rung(store: Store, what: About, at: Instant) -> Words:
    day = date.fromisoformat(what.detail)
    rung = what.kind.value
    first, last = store.zone.start_of(day), store.zone.end_of(day)
    fired = urges.of_day(store.connection, what.unit, rung, first, min(last, at))
    owed = [
        found
        for urge in fired
        for found in [
            obligations.get(store.connection, urge.unit, urge.subject)
            if urge.kind == "report"
            else step_rows.get(store.connection, urge.subject)
        ]
        if found is not None
    ]
    if not owed:
        name = kind_named(what.kind)
        raise NotFound("papers.nothing_fired", kind=name, unit=what.unit, day=day)
    about = steps_of(store, owed)
    fired_at = max(urge.fired_at for urge in fired)
    items = [
        {
            "no": str(number),
            "what": obligation_words(row, about.get(row.id)),
            "due": moment(store, row.due_at),
            "late": span(max(0, fired_at - row.due_at)),
        }
        for number, row in enumerate(owed, 1)
    ]
    unit = units.get(store.connection, what.unit)
    return {
        "to": unit_words(unit),
        "unit": unit_words(_lead(store, day)),
        "fired": moment(store, fired_at),
        "items": items,
        "count": str(len(items)),
        "ask": printed(t(f"urge.ask_{rung}")),
    }


def _responsibility(store: Store, what: About, at: Instant) -> Words:
    unit = units.get(store.connection, what.unit)
    assert unit is not None
    duties = networks.duties(store.connection, what.unit)
    year = int(what.detail)
    day = min(max(store.today(at), date(year, 1, 1)), date(year, 12, 31))
    held = [
        person
        for person in people.of_unit(store.connection, what.unit)
        if person.valid_on(day) and person.role in (Role.LEADER, Role.LIAISON, Role.DEPUTY)
    ]
    rules = store.rules
    letter = _letter(store, unit, year, at)
    return {
        "to": unit_words(unit),
        "unit": unit_words(_lead(store, day)),
        "for_year": what.detail,
        "duties": [catalogue.pick(duty.duty, duty.duty_en) for duty in duties]
        or [t("papers.duty_general")],
        "reporting": t("papers.duty_reporting", cutoff=f"{rules.cutoff:%H:%M}"),
        "targets": promised(letter) if letter is not None else targets(unit),
        "signed": [] if letter is None else [_signed(letter)],
        "people": [
            {
                "role": t(f"words.role_{person.role}"),
                "name": person.name,
                "phone": or_dash(person.phone),
            }
            for person in held
        ],
    }


def targets(unit: Unit) -> list[str]:
    """Return what a unit promises for a year in words: districts the hard targets (R18)."""
    if unit.kind is not Kind.DISTRICT:
        return [t("papers.target_reporting"), t("papers.target_steps")]
    names = ("filing", "closing", "farmland", "stability", "restored", "demolished")
    return [t(f"papers.target_{name}") for name in names]


def _letter(store: Store, unit: Unit, year: int, at: Instant) -> Letter | None:
    """Return what a district promised for a year by `at`; None where no letter is recorded."""
    if unit.kind is not Kind.DISTRICT:
        return None
    sheets = year_targets(store, year, Selection(unit=unit.code), at)
    return sheets[0].letter if sheets else None


def promised(letter: Letter) -> list[str]:
    """Return the promises of a recorded letter, then what holds without exception (R18)."""
    lines = [line for line in letter.text.splitlines() if line.strip()]
    for key, value in letter.promises.items():
        most = key is TargetKey.FARMLAND
        words = "papers.promise_most" if most else "papers.promise_least"
        lines.append(t(words, figure=figure_word(key), percent=percent(value)))
    return [*lines, *(t(f"papers.target_{name}") for name in ("restored", "demolished"))]


def _signed(letter: Letter) -> str:
    day = day_words(letter.signed_on)
    return t("papers.signed", day=day, by=letter.signed_by, revision=letter.revision)


def _lead(store: Store, day: date) -> Unit | None:
    """Return the unit that leads the horizontal network on a day: the others are linked from it."""
    sources: dict[str, int] = {}
    for link in networks.links(store.connection, Network.HORIZONTAL):
        if in_force(link.valid_from, link.valid_to, day):
            sources[link.source] = sources.get(link.source, 0) + 1
    if not sources:
        return None
    return units.get(store.connection, max(sources, key=lambda code: (sources[code], code)))


_FACTS: dict[PaperKind, Callable[[Store, About, Instant], Words]] = {
    PaperKind.STOP_WORK: _stop_work,
    PaperKind.SUPERVISION: _supervision,
    PaperKind.REMINDER_SHEET: _rung,
    PaperKind.URGING_SHEET: _rung,
    PaperKind.SUPERVISION_SHEET: _rung,
    PaperKind.APPROVAL_URGING: _approval,
    PaperKind.TRANSFER: _transfer,
    PaperKind.RESPONSIBILITY: _responsibility,
}
