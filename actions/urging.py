"""The ladder: what is due to be sent is sent once, and recorded (R14)."""

from __future__ import annotations

from datetime import timedelta

from actions.expecting import expected_between, roll_within
from actions.overdue import open_at
from actions.people import require_on
from domain.instants import DAY, Instant
from domain.ladder import Judged, Verdict, horizon, judge
from domain.obligations import Obligation, ObligationKind
from domain.people import Actor
from domain.permissions import Action
from domain.units import Unit
from domain.values import dataclass
from storage import events, urges
from storage.matters import suspended_on
from storage.store import Store
from storage.units import Selection
from storage.urges import Urge

_AHEAD = 14 * DAY
"""How far a survey looks at the steps to come, where their ladder does not begin earlier still."""


@dataclass(frozen=True, slots=True)
class Urged:
    """An open obligation and what becomes of each rung of its ladder."""

    obligation: Obligation
    unit: Unit
    rungs: tuple[Judged, ...]

    @property
    def firing(self) -> tuple[Judged, ...]:
        """Return the rungs that fire now."""
        return tuple(row for row in self.rungs if row.verdict is Verdict.FIRES)


def survey(store: Store, at: Instant, selection: Selection | None = None) -> list[Urged]:
    """Return every open obligation within reach of its ladder, with what would fire and why not.

    By due instant, unit and subject. On suspended days a matter is not urged.
    """
    wanted = selection or Selection()
    with store.reading():
        today = store.today(at)
        still = suspended_on(store.connection, today, at)
        found = [
            (row, unit)
            for kind, least in (
                (ObligationKind.REPORT, store.zone.end_of(today)),
                (ObligationKind.STEP, at + _AHEAD),
            )
            for until in (None, max(least, _horizon(store, kind, at)))
            for row, unit in open_at(store, at, wanted, kind, until)
            if row.matter not in still
        ]
        owed = [row for row, _ in found]
        fired = urges.fired(store.connection, at, owed)
        runs = _missed_runs(store, at, owed)
    hours = store.rules.working_hours()
    return [
        Urged(
            row,
            unit,
            judge(
                store.rules.ladder(row.kind),
                row.due_at,
                at,
                {urge.rung for urge in fired.get(row.id, ())},
                runs.get(row.id, 0),
                hours,
                store.zone,
                store.calendar,
            ),
        )
        for row, unit in sorted(
            found, key=lambda pair: (pair[0].due_at, pair[0].unit, pair[0].subject)
        )
    ]


def _horizon(store: Store, kind: ObligationKind, at: Instant) -> Instant:
    return horizon(store.rules.ladder(kind), at, store.zone, store.calendar)


def urge(
    store: Store, actor: Actor, at: Instant, selection: Selection | None = None
) -> list[Urged]:
    """Fire what is due and record it; return what fired, each obligation with its firing rungs.

    Two runs at once fire each rung once: the look and the record are one transaction. Only who
    may issue to all, an admin, runs the ladder. A run over the whole city is its heartbeat.
    """
    with store.connection.writing():
        require_on(store, actor, Action.URGE, at)
        roll_within(store, at)
        fired: list[Urged] = []
        for found in survey(store, at, selection):
            went = tuple(
                row
                for row in found.firing
                if urges.fire(store.connection, _urge(found.obligation, row, actor, at))
            )
            if went:
                fired.append(Urged(found.obligation, found.unit, went))
        if fired:
            rungs = sum(len(found.rungs) for found in fired)
            events.record(
                store.connection,
                actor,
                at,
                "urge",
                "ladder",
                rungs=rungs,
                owed=len(fired),
                fired=urges.digest_at(store.connection, at),
            )
        if selection is None or selection.everything:
            urges.beat(store.connection, at)
    return fired


def last_check(store: Store) -> Instant | None:
    """Return when the ladder was last looked at, or None where it never was."""
    return urges.last_beat(store.connection)


def _urge(owed: Obligation, row: Judged, actor: Actor, at: Instant) -> Urge:
    return Urge(
        owed.kind.value,
        owed.subject,
        owed.unit,
        row.rung.name,
        at,
        actor.real_login,
        ",".join(row.rung.to),
    )


def _missed_runs(store: Store, at: Instant, owed: list[Obligation]) -> dict[str, int]:
    """Return, for each missed report, how many expected days running its unit missed up to it.

    Days that are not expected do not break a run; a filed day does.
    """
    missed = [
        row
        for row in owed
        if row.kind is ObligationKind.REPORT and row.missed_at is not None and row.missed_at < at
    ]
    runs: dict[str, int] = {}
    by_unit: dict[str, list[Obligation]] = {}
    for row in missed:
        by_unit.setdefault(row.unit, []).append(row)
    for unit, rows in by_unit.items():
        open_days = {row.subject for row in rows}
        first = min(row.day for row in rows) - timedelta(days=1)
        last = max(row.day for row in rows)
        length = 0
        for expected in expected_between(store, first, last, Selection(unit=unit)):
            if expected.exempt:
                continue
            length = length + 1 if expected.subject in open_days else 0
            runs[expected.id] = length
    return runs
