"""The texts of urges, ready to paste: one per unit and rung, a circular for all (R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import catalogue
from actions.addressing import Recipient, recipients
from actions.steps import StepOf, steps_of
from actions.urging import Urged
from catalogue import span, t
from domain.instants import Instant
from domain.ladder import Rung
from domain.obligations import Obligation
from domain.papers import OF_RUNGS
from domain.units import Unit
from domain.values import dataclass
from storage.store import Store

_WHOLE_CITY = ("city",)


@dataclass(frozen=True, slots=True)
class UrgingText:
    """One message: its rung, the unit that owes (None: several), to whom, for what, the text."""

    rung: Rung
    unit: Unit | None
    recipients: tuple[Recipient, ...]
    obligations: tuple[Obligation, ...]
    text: str


def urging_texts(store: Store, fired: Sequence[Urged], at: Instant) -> list[UrgingText]:
    """Return the messages of what fires of each obligation, in the language in use.

    What one unit owes on one rung to the same addressees is one message; what goes to the whole
    city is one message for all units.
    """
    groups: dict[tuple[str, tuple[str, ...], str], list[tuple[Urged, Rung]]] = {}
    for row in fired:
        for judged in row.firing:
            rung = judged.rung
            unit = "" if rung.to == _WHOLE_CITY else row.unit.code
            groups.setdefault((rung.name, rung.to, unit), []).append((row, rung))
    about = steps_of(store, [row.obligation for row in fired])
    return [_message(store, rows, about, at) for rows in groups.values()]


def _message(
    store: Store,
    rows: Sequence[tuple[Urged, Rung]],
    about: Mapping[str, StepOf],
    at: Instant,
) -> UrgingText:
    rung = rows[0][1]
    owners = {row.unit.code: row.unit for row, _ in rows}
    unit = None if rung.to == _WHOLE_CITY else rows[0][0].unit
    to = recipients(store, rows[0][0].unit, rung.to, store.today(at))
    names = [unit_name(owner) for owner in owners.values()]
    lines = [
        t("urge.head", rung=t(f"words.rung_{rung.name}"), to=recipient_words(to)),
        t("urge.owes", units=names, count=len(rows), at=_minute(store, at)),
        *(
            _item(store, number, row, about.get(row.obligation.id), at, named=unit is None)
            for number, (row, _) in enumerate(rows, 1)
        ),
        t(f"urge.ask_{rung.name}"),
        *_notices_to_serve(rung, [row for row, _ in rows], about),
    ]
    owed = tuple(row.obligation for row, _ in rows)
    return UrgingText(rung, unit, tuple(to), owed, "\n".join(lines))


def _notices_to_serve(rung: Rung, rows: Sequence[Urged], about: Mapping[str, StepOf]) -> list[str]:
    """Return that an approval which lapsed has a notice of its own, which a sheet goes out with."""
    if rung.name not in (kind.value for kind in OF_RUNGS):
        return []
    found = [about[row.obligation.id].matter for row in rows if row.obligation.id in about]
    numbers = dict.fromkeys(each.number for each in found if each.workflow == "approval")
    return [t("urge.serve_approval", number=number) for number in numbers]


def unit_name(unit: Unit) -> str:
    """Return a unit's name in the language in use."""
    return catalogue.pick(unit.name, unit.name_en)


def recipient_words(to: Sequence[Recipient]) -> str:
    """Return to whom a message goes, in words."""
    return catalogue.listing(list(dict.fromkeys(_recipient(each) for each in to)))


def _recipient(to: Recipient) -> str:
    role = t(f"words.addressee_{to.role}")
    if to.unit is None:
        return role
    if to.person is None:
        return t("urge.nobody", unit=unit_name(to.unit), role=role)
    if to.absent is not None:
        return t(
            "urge.standing_in",
            unit=unit_name(to.unit),
            role=role,
            name=to.person.name,
            absent=to.absent.name,
        )
    return t("urge.person", unit=unit_name(to.unit), role=role, name=to.person.name)


def _item(
    store: Store, number: int, row: Urged, about: StepOf | None, at: Instant, *, named: bool
) -> str:
    owed = row.obligation
    late = at - owed.due_at
    key = "urge.overdue" if late > 0 else "urge.left"
    return t(
        "urge.item_of" if named else "urge.item",
        number=number,
        unit=unit_name(row.unit),
        what=obligation_words(owed, about),
        due=_minute(store, owed.due_at),
        left=t(key, span=span(abs(late))),
    )


def obligation_words(owed: Obligation, about: StepOf | None) -> str:
    """Return what is owed, in words: a day's report, or a step with its matter."""
    if about is None:
        return t("urge.report", day=owed.subject)
    name = catalogue.pick(about.step.zh, about.step.en)
    return t("urge.step", number=about.matter.number, step=name, title=about.matter.title)


def _minute(store: Store, at: Instant) -> str:
    return store.zone.show(at)[:16]
