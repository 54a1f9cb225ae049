"""The demo's matters: findings, leads, patches and notices at every stage of their way.

Everything is done through the same actions as by people, at past instants in the order of time.
Each matter has a generator of its own, seeded by what it came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import partial
from random import Random

from actions import matter_dates, matter_ends, matters
from actions.assisting import ask
from actions.importing_matters import origin_of
from actions.matters import Subject
from actions.people import set_stand_in
from actions.reported import open_for_findings
from actions.urging import urge
from domain.areas import LandClass
from domain.deadlines import Suspension
from domain.instants import Instant
from domain.matters import Matter
from domain.people import Actor, StandIn
from domain.reports import Revision
from domain.units import Unit
from domain.workflows import Outcome
from exchange import demo_matter_texts as texts
from exchange import demo_texts
from exchange.demo_accountability import plan_accountability
from exchange.demo_notices import plan_notices, plan_reconciliations
from exchange.demo_registers import plan_registers
from exchange.demo_sheets import plan_sheets
from exchange.demo_stage import Stage
from storage.store import Store

_NEVER, _SLOW = 0.03, 0.09
_ASKED = ("POWER", "WATER", "AIC")
_LEADS = (
    (55, "440115"),
    (48, "440112"),
    (41, "440105"),
    (34, "440113"),
    (27, "440118"),
    (20, "440111"),
    (13, "440104"),
    (12, "440111"),
    (8, "440117"),
    (5, "440103"),
    (1, "440111"),
)
"""How many days ago the hotline passed a lead on, and to which district."""
_LEFT = {("440111", 12): "investigate", ("440111", 1): "register"}
"""The steps of leads that are left to be done."""
_PATCHES = ("440111", "440112", "440113", "440114", "440115", "440117", "440118")
_PATCHES_AGO = 24
_URGED_DAYS = 7
_REPLIES = (("petition", "440112", 44), ("petition", "440115", 9), ("proposal", "440106", 38))
"""Workflow, unit, and how many days ago it began."""


def sample_matters(
    store: Store, every: Sequence[Unit], filed: Sequence[Revision], login: str, at: Instant
) -> None:
    """Let the matters of the demo happen, up to `at`, inside the caller's transaction."""
    stage = Stage(store, every, login, at)
    _plan_stand_ins(stage)
    for revision in filed:
        if revision.content.findings:
            stage.plan(revision.filed_at, partial(_found, stage, revision))
    for days, unit in _LEADS:
        if stage.there(unit):
            stage.plan(stage.ago(days), partial(_lead, stage, unit, days))
    for number, unit in enumerate(filter(stage.there, _PATCHES), 1):
        stage.plan(stage.ago(_PATCHES_AGO, time(10, 0)), partial(_patch, stage, unit, number))
    for workflow, unit, days in _REPLIES:
        stage.plan(stage.ago(days, time(11, 0)), partial(_to_reply, stage, workflow, unit))
    plan_notices(stage)
    plan_reconciliations(stage)
    plan_accountability(stage)
    plan_registers(stage)
    plan_sheets(stage, filed)
    for days in range(_URGED_DAYS + 1):
        for clock in (time(9, 5), time(17, 0, 30)):
            stage.plan(stage.ago(days, clock), lambda now: _urge(stage, now))
    stage.play()


def _urge(stage: Stage, now: Instant) -> None:
    urge(stage.store, stage.admin, now)


def _plan_stand_ins(stage: Stage) -> None:
    """Let one liaison be away now, and another's leave be over."""
    for unit, first, last in (("440106", 1, -3), ("440112", 30, 24)):
        liaison, deputy = (actor.login for actor in stage.hands(unit)[:2])
        days = stage.today - timedelta(days=first), stage.today - timedelta(days=last)
        row = StandIn(deputy, liaison, *days)
        act = partial(set_stand_in, stage.store, stage.admin, row)
        stage.plan(stage.ago(first, time(8, 30)), act)


def _found(stage: Stage, revision: Revision, now: Instant) -> None:
    filer = revision.filed_by or stage.admin.login
    actor = Actor(filer, revision.keyed_by or filer, stage.admin.host)
    for matter in open_for_findings(stage.store, actor, revision, now):
        _Finding(stage, matter, actor).begin(now)


class _Way:
    """The way of one matter: who opened it, who does its steps, and its luck."""

    def __init__(self, stage: Stage, matter: Matter, opener: Actor) -> None:
        self.stage = stage
        self.opener = opener
        self.over = False
        self.matter = matter
        self.rng = Random(f"way {matter.origin or matter.number}")
        self.doer = stage.hands(matter.unit)[int(self.rng.random() < 0.2)]

    def step(self, key: str, at: Instant, then: str = "", text: str = "") -> None:
        """Let a step be done at an instant, and then what the method `then` plans."""

        def act(now: Instant) -> None:
            if self.over:
                return
            matters.do_step(self.stage.store, self.doer, self.matter.number, key, now, text=text)
            if then:
                getattr(self, then)(now)

        self.stage.plan(at, act)

    def close(self, at: Instant, outcome: Outcome, then: str = "") -> None:
        """Let a second person close the matter at an instant."""

        def act(now: Instant) -> None:
            store, number = self.stage.store, self.matter.number
            known = {self.doer.login, self.opener.login, self.opener.real_login}
            others = [
                hand for hand in self.stage.hands(self.matter.unit) if hand.login not in known
            ]
            if others:
                evidence = self.rng.choice(texts.EVIDENCE[outcome])
                matter_ends.close(store, others[0], number, outcome, evidence, now)
                self.over = True
                if then:
                    getattr(self, then)(now)

        self.stage.plan(at, act)

    def in_time(self, now: Instant, soon: int, limit: int) -> Instant:
        """Return when a step with a limit in working days gets done: late at times, or never."""
        luck = self.rng.random()
        if luck < _NEVER:
            return self.stage.now + 1
        days = limit + self.rng.randint(1, 4) if luck < _SLOW else self.rng.randint(soon, limit)
        return self.stage.later(now, days, self.rng)


class _Finding(_Way):
    """A finding: stopped and verified, and then on to its closing, or to an early end."""

    def begin(self, now: Instant) -> None:
        """Plan what follows the finding."""
        stop = self.stage.later(now, int(self.rng.random() < 0.06), self.rng)
        self.step("stop", stop, text=self.rng.choice(texts.STOPPED))
        fate = self.rng.random()
        if fate < 0.04:
            self.close(self.stage.later(now, 2, self.rng), Outcome.TRANSFERRED)
            return
        then = "lawful" if fate < 0.12 else "verified"
        text = texts.LAWFUL if fate < 0.12 else self.rng.choice(texts.VERIFIED)
        self.step("verify", max(stop + 600, self.in_time(now, 1, 3)), then, text)

    def lawful(self, now: Instant) -> None:
        """Plan the end of what turned out to be lawful."""
        self.close(self.stage.later(now, 1, self.rng), Outcome.UNFOUNDED)

    def verified(self, now: Instant) -> None:
        """Plan the report to the government, and the filing of the case."""
        self.step("report", self.in_time(now, 1, 3))
        self.step("file", self.in_time(now, 4, 9), "filed", self.rng.choice(texts.FILED))

    def filed(self, now: Instant) -> None:
        """Plan the decision, and what may come between: requests, a suspension, an extension."""
        between = self.rng.random()
        number, unit = self.matter.number, self.matter.unit
        store = self.stage.store
        if between < 0.16:
            self.stage.plan(now + 1800, self._ask)
        elif between < 0.3:
            first = self.stage.store.today(now) + timedelta(days=3)
            span = Suspension(first, first + timedelta(days=10), self.rng.choice(texts.SUSPENDED))
            leader = self.stage.leader(unit)
            self.stage.plan(
                self.stage.later(now, 1, self.rng),
                lambda at: _quietly(matter_dates.suspend(store, leader, number, span, at)),
            )
        elif between < 0.5:
            self.stage.plan(self.stage.later(now, 4, self.rng), self._ask_longer)
        days = timedelta(days=self.rng.randint(10, 24))
        decided = self.stage.store.zone.at(
            self.stage.store.today(now) + days, time(self.rng.randint(9, 16), 20)
        )
        self.step("decide", decided, "decided", self.rng.choice(texts.DECIDED))

    def decided(self, now: Instant) -> None:
        """Plan the rectification."""
        at = self.stage.later(now, self.rng.randint(4, 12), self.rng)
        self.step("rectify", at, "rectified", self.rng.choice(texts.RECTIFIED))

    def rectified(self, now: Instant) -> None:
        """Plan the closing, if somebody thinks of it."""
        outcome = self.rng.choice((Outcome.RESTORED, Outcome.DEMOLISHED, Outcome.REGULARISED))
        if self.rng.random() < 0.85:
            self.close(self.stage.later(now, self.rng.randint(1, 3), self.rng), outcome, "closed")

    def closed(self, now: Instant) -> None:
        """Plan a look after the closing, which opens some of them again."""
        if self.rng.random() < 0.15:
            leader = self.stage.leader(self.matter.unit)
            self.stage.plan(
                self.stage.later(now, 2, self.rng),
                lambda at: _quietly(
                    matter_ends.reopen(
                        self.stage.store, leader, self.matter.number, "rectify", texts.RELAPSED, at
                    )
                ),
            )

    def _ask(self, now: Instant) -> None:
        asked = self.rng.sample(_ASKED, self.rng.randint(1, 3))
        for request in ask(self.stage.store, self.doer, self.matter.number, sorted(asked), "", now):
            answer = _Way(self.stage, request, self.doer)
            if request.unit != "AIC" or answer.rng.random() < 0.7:
                text = texts.ASSISTED[request.unit]
                answer.step("reply", answer.in_time(now, 1, 4), text=text)

    def _ask_longer(self, now: Instant) -> None:
        store, number = self.stage.store, self.matter.number
        found = matters.show(store, number, now).state.open_step("decide")
        if found is None or found.due_at is None:
            return
        until = store.today(found.due_at) + timedelta(days=30)
        reason = self.rng.choice(texts.LONGER)
        matter_dates.ask_extension(store, self.doer, number, "decide", until, reason, now)
        granted = self.rng.random() < 0.7
        text = texts.GRANTED if granted else texts.REFUSED

        def answer(at: Instant) -> None:
            view = matters.show(store, number, at)
            step = view.state.open_step("decide")
            if step is not None and step.asked is not None:
                leader = self.stage.leader(self.matter.unit, self.doer)
                matter_dates.answer_extension(store, leader, number, "decide", granted, text, at)

        self.stage.plan(self.stage.later(now, self.rng.randint(2, 8), self.rng), answer)


def _quietly(_: object) -> None:
    """Take what an action returns and leave it."""


def _lead(stage: Stage, unit: str, days: int, now: Instant) -> None:
    rng = Random(f"lead {unit} {days}")
    place = rng.choice(stage.places(unit))
    number = f"{stage.store.today(now).year}-{1000 - 7 * days:04}"
    about = Subject(
        rng.choice(texts.LEADS),
        place=place.code,
        location=place.name + rng.choice(demo_texts.SPOTS),
        party=rng.choice(demo_texts.PARTIES),
        existed_since=stage.store.today(now) - timedelta(days=rng.randint(1, 6)),
        source=texts.HOTLINE,
        origin=origin_of("lead", texts.HOTLINE, number),
    )
    opener = stage.supervisor("LAND")
    matter = matters.open_matter(stage.store, opener, "lead", unit, about, now)
    _Lead(stage, matter, opener, _LEFT.get((unit, days), "")).begin(now)


class _Lead(_Way):
    """A lead of the hotline: registered, investigated and answered, up to the step `left`."""

    def __init__(self, stage: Stage, matter: Matter, opener: Actor, left: str) -> None:
        super().__init__(stage, matter, opener)
        self.left = left

    def begin(self, now: Instant) -> None:
        """Plan the registration, or the end of what is another's."""
        if not self.left and self.rng.random() < 0.1:
            self.close(self.stage.later(now, 1, self.rng), Outcome.TRANSFERRED)
        elif self.left != "register":
            self.step("register", self.stage.later(now, 0, self.rng), "registered")

    def registered(self, now: Instant) -> None:
        """Plan the investigation."""
        text = self.rng.choice(texts.INVESTIGATED)
        if self.left != "investigate":
            self.step("investigate", self.in_time(now, 2, 7), "investigated", text)

    def investigated(self, now: Instant) -> None:
        """Plan the answer, or the end of what was unfounded."""
        if self.rng.random() < 0.2:
            self.close(self.stage.later(now, 1, self.rng), Outcome.UNFOUNDED)
        else:
            self.step("reply", self.in_time(now, 1, 3), text=texts.REPLIED)


def _patch(stage: Stage, unit: str, number: int, now: Instant) -> None:
    rng = Random(f"patch {unit}")
    place = rng.choice(stage.places(unit))
    day: date = stage.store.today(now)
    about = Subject(
        f"图斑{number:03}",
        place=place.code,
        location=place.name + rng.choice(demo_texts.SPOTS),
        land_class=rng.choice((LandClass.CULTIVATED, LandClass.OTHER_AGRICULTURAL)).value,
        area=rng.randint(300, 5000),
        existed_since=day - timedelta(days=rng.randint(10, 40)),
        source=texts.BATCH,
        origin=origin_of("satellite", texts.BATCH, f"{unit}-{number:03}"),
    )
    opener = stage.supervisor("LAND")
    matter = matters.open_matter(stage.store, opener, "satellite", unit, about, now)
    _Patch(stage, matter, opener).begin(now)


class _Patch(_Way):
    """A satellite patch: checked on the spot, and rectified."""

    def begin(self, now: Instant) -> None:
        """Plan the check; one of them nobody makes."""
        if self.matter.unit != "440118":
            at = self.stage.later(now, self.rng.randint(2, 8), self.rng)
            self.step("check", at, "checked", self.rng.choice(texts.CHECKED))

    def checked(self, now: Instant) -> None:
        """Plan the rectification, or the end of what was lawful."""
        if self.rng.random() < 0.3:
            self.close(self.stage.later(now, 1, self.rng), Outcome.UNFOUNDED)
        else:
            at = self.stage.later(now, self.rng.randint(5, 25), self.rng)
            self.step("rectify", at, "rectified", self.rng.choice(texts.RECTIFIED))

    def rectified(self, now: Instant) -> None:
        """Plan the closing."""
        self.close(self.stage.later(now, 1, self.rng), Outcome.RESTORED)


def _to_reply(stage: Stage, workflow: str, unit: str, now: Instant) -> None:
    title, answer = texts.TO_REPLY[workflow]
    liaison = stage.hands(unit)[0]
    about = Subject(title.format(place=stage.places(unit)[0].name))
    matter = matters.open_matter(stage.store, liaison, workflow, unit, about, now)
    way = _Way(stage, matter, liaison)
    way.step("reply", stage.later(now, 18, way.rng), text=answer)
