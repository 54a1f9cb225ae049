"""The demo's supervision: notices at every stage, and zeros that others contradict."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import partial
from itertools import groupby, islice

from actions import notices
from actions.reconciling import explain_zero, reconcile, unasked
from domain.instants import Instant
from domain.people import Actor
from exchange import demo_matter_texts as texts
from exchange.demo_stage import Stage
from storage.units import Selection

HOME, SILENT = "440111", "440114"
_MOST = 3
"""A zero with more things against it than these is left to people."""


def plan_notices(stage: Stage) -> None:
    """Plan notices: returned and accepted, accepted, waiting for review, signed, and new."""
    for days, body, unit, play in (
        (26, "PROC", "440115", _returned),
        (16, "DISC", "440113", _accepted),
        (7, "PROC", "440112", _replied),
        (2, "DISC", HOME, _signed),
        (0, "DISC", SILENT, _issued),
        (12, "PROC", "440118", _issued),
    ):
        if stage.there(unit):
            stage.plan(stage.ago(days, time(8, 50)), partial(play, stage, body, unit))


def _issue(
    stage: Stage, body: str, unit: str, now: Instant, reply_by: date | None = None
) -> tuple[str, Actor]:
    """Issue a notice; return its number, and who acts for the unit."""
    title, text = texts.NOTICES[unit]
    supervisor = stage.supervisor(body)
    (matter,) = notices.issue(stage.store, supervisor, [unit], title, text, now, reply_by=reply_by)
    return matter.number, stage.hands(unit)[1]


def _issued(stage: Stage, body: str, unit: str, now: Instant) -> None:
    _issue(stage, body, unit, now)


def _signed(stage: Stage, body: str, unit: str, now: Instant) -> None:
    """Issue a notice that is signed for, and whose reply is due on the next working day."""
    soon = stage.store.calendar.next_workday(stage.today + timedelta(days=1))
    number, hand = _issue(stage, body, unit, now, soon)
    stage.plan(now + 7200, lambda at: _sign(stage, hand, number, at))


def _sign(stage: Stage, hand: Actor, number: str, at: Instant) -> None:
    notices.sign(stage.store, hand, number, at)


def _replied(stage: Stage, body: str, unit: str, now: Instant) -> None:
    number, hand = _issue(stage, body, unit, now)
    stage.plan(now + 5400, lambda at: _sign(stage, hand, number, at))
    _plan_reply(stage, hand, number, now, 3, texts.NOTICE_REPLIES[0])


def _plan_reply(
    stage: Stage, hand: Actor, number: str, now: Instant, workdays: int, text: str
) -> Instant:
    day = stage.store.calendar.add_workdays(stage.store.today(now), workdays)
    at = stage.store.zone.at(day, time(15, 40))

    def act(then: Instant) -> None:
        notices.reply(stage.store, hand, number, text, then)

    stage.plan(at, act)
    return at


def _plan_review(
    stage: Stage, body: str, number: str, now: Instant, text: str, *, accepted: bool
) -> Instant:
    day = stage.store.calendar.add_workdays(stage.store.today(now), 2)
    at = stage.store.zone.at(day, time(10, 15))

    def act(then: Instant) -> None:
        notices.review(stage.store, stage.supervisor(body), number, accepted, text, then)

    stage.plan(at, act)
    return at


def _accepted(stage: Stage, body: str, unit: str, now: Instant) -> None:
    number, hand = _issue(stage, body, unit, now)
    stage.plan(now + 3600, lambda at: _sign(stage, hand, number, at))
    replied = _plan_reply(stage, hand, number, now, 2, texts.NOTICE_REPLIES[0])
    _plan_review(stage, body, number, replied, texts.ACCEPTED, accepted=True)


def _returned(stage: Stage, body: str, unit: str, now: Instant) -> None:
    number, hand = _issue(stage, body, unit, now)
    stage.plan(now + 3600, lambda at: _sign(stage, hand, number, at))
    first = _plan_reply(stage, hand, number, now, 2, texts.NOTICE_REPLIES[1])
    returned = _plan_review(stage, body, number, first, texts.RETURNED, accepted=False)
    second = _plan_reply(stage, hand, number, returned, 2, texts.NOTICE_REPLIES[2])
    _plan_review(stage, body, number, second, texts.ACCEPTED, accepted=True)


def plan_reconciliations(stage: Stage) -> None:
    """Plan looks at contradicted zeros; those of the last one still wait for their answers."""
    for days in (12, 6, 1):
        stage.plan(stage.ago(days, time(8, 40)), partial(_look, stage, days > 1))


def _look(stage: Stage, answered: bool, now: Instant) -> None:
    today = stage.store.today(now)
    first, last = today - timedelta(days=4), today - timedelta(days=1)
    found = unasked(stage.store, first, last, Selection(), now)
    zeros = [
        key
        for key, rows in groupby(found, key=lambda row: (row.day, row.unit.code))
        if len(list(rows)) <= _MOST
    ]
    for day, unit in islice(zeros, 4):
        for matter in reconcile(stage.store, stage.admin, day, day, Selection(unit=unit), now):
            if answered:
                number = int(matter.number[-2:])
                reason, text = texts.EXPLAINED[number % len(texts.EXPLAINED)]
                act = partial(_explain, stage, matter.number, unit, reason, text)
                stage.plan(now + (20 + 3 * number % 40) * 3600, act)


def _explain(stage: Stage, number: str, unit: str, reason: str, text: str, now: Instant) -> None:
    explain_zero(stage.store, stage.hands(unit)[0], number, reason, text, now)
