"""The demo's registers: approvals of land use, transfers of cases, the checks of land offices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import partial
from random import Random

from actions import checklists, matters
from actions.matters import Subject
from actions.referring import refer
from domain.areas import LandClass
from domain.checklists import Said, State
from domain.instants import Instant
from domain.units import Kind
from exchange.demo_stage import Stage
from storage.matters import Filter
from storage.units import Selection

_APPROVALS = (
    ("440111", 46, "标准厂房二期", 46_000, ("social", "plan", "land", "decide"), "approved"),
    ("440113", 33, "物流仓储项目", 18_500, ("social", "plan", "land", "decide"), "refused"),
    ("440115", 25, "港区配套道路", 27_300, ("social",), ""),
    ("440118", 9, "农产品加工园", 12_800, ("social",), ""),
    ("440111", 2, "社区卫生服务中心", 3_600, (), ""),
)
"""Unit, how many days ago it applied, project, m², the reviews that were made, the answer."""
_OPINIONS = {
    "social": "被征地农民社会保障费用已落实",
    "plan": "符合土地利用总体规划和城乡规划",
    "land": "权属清楚,地类和面积核对无误",
    "approved": "同意先行补办用地手续",
    "refused": "占用基本农田,不予批准",
}
_TRANSFERS = (("440111", "POLICE", 21, "accepted"), ("440113", "PROC", 12, "returned"))
"""Whose finding, to whom, how many days ago, what became of it."""
_WHY = "占用农用地数量较大,涉嫌非法占用农用地罪,依法移送"
_RETURNED = "缺破坏耕地鉴定意见,退回补充材料"
_RESULT = "已立案侦查"
_CHECKED_AGO, _SEEN_AGAIN_AGO = 38, 6
_EVIDENCE = {
    State.MET: ("现场查看,照片2张", "批文和现场照片", "台账齐全"),
    State.PARTLY: ("已申报,正在办理", "有设备,个别损坏", "人员到位,证件在办"),
    State.NOT_MET: ("现场查看未见", "编制空缺", "未配备"),
    State.NOT_NEEDED: ("与相邻所合署,不单设",),
}


def plan_registers(stage: Stage) -> None:
    """Plan the approvals, the transfers and the checks, where their units are there."""
    for row in _APPROVALS:
        if stage.there(row[0]) and all(map(stage.there, ("HRSS", "PLAN", "LAND"))):
            stage.plan(stage.ago(row[1], time(10, 20)), partial(_apply, stage, row))
    for unit, to, days, fate in _TRANSFERS:
        if stage.there(unit) and stage.there(to):
            at = stage.ago(days, time(14, 10))
            stage.plan(at, partial(_refer, stage, unit, to, fate))
    stage.plan(stage.ago(_CHECKED_AGO, time(15, 30)), partial(_check, stage))
    stage.plan(stage.ago(_SEEN_AGAIN_AGO, time(15, 30)), partial(_see_again, stage))


def _apply(stage: Stage, row: tuple[str, int, str, int, Sequence[str], str], now: Instant) -> None:
    unit, _, title, area, done, answer = row
    about = Subject(
        title,
        place=stage.places(unit)[0].code,
        party=f"{title}建设单位",
        land_class=LandClass.OTHER_AGRICULTURAL.value,
        area=area,
        source="项目单位申请",
    )
    clerk = stage.hands(unit)[0]
    matter = matters.open_matter(stage.store, clerk, "approval", unit, about, now)
    _review(stage, matter.number, tuple(done), answer, now)


def _review(stage: Stage, number: str, left: tuple[str, ...], answer: str, now: Instant) -> None:
    """Plan the next review, some working days on."""
    if not left:
        return
    rng = Random(f"review {number} {left[0]}")

    def act(at: Instant) -> None:
        step = matters.show(stage.store, number, at).workflow.step(left[0])
        reason = answer if step.reasons else ""
        matters.do_step(
            stage.store,
            stage.hands(step.named_unit)[0],
            number,
            step.key,
            at,
            text=_OPINIONS[reason or step.key],
            reason=reason,
        )
        _review(stage, number, left[1:], answer, at)

    stage.plan(stage.later(now, rng.randint(2, 4), rng), act)


def _refer(stage: Stage, unit: str, to: str, fate: str, now: Instant) -> None:
    open_now = matters.listed(stage.store, Selection(under=unit), Filter("finding", open=True), now)
    farmland = (LandClass.CULTIVATED.value, LandClass.OTHER_AGRICULTURAL.value)
    verified = [
        view.matter
        for view in open_now
        if "verified" in view.state.reached and view.matter.land_class in farmland
    ]
    if not verified:
        return
    own, body = stage.hands(unit)[0], stage.hands(to)
    largest = max(verified, key=lambda matter: matter.area or 0)
    number = refer(stage.store, own, largest.number, to, _WHY, now).number
    rng = Random(f"refer {number}")

    def plan(at: Instant, who: int, key: str, text: str, *, back: bool = False) -> None:
        actor = own if who < 0 else body[who]

        def act(then: Instant) -> None:
            matters.do_step(stage.store, actor, number, key, then, text=text, returned=back)

        stage.plan(at, act)

    sent = now + 5400
    plan(sent, -1, "send", "案卷2册,移送函已送达")
    taken = stage.later(sent, 2, rng)
    if fate == "returned":
        plan(taken, 0, "accept", _RETURNED, back=True)
        return
    plan(taken, 0, "accept", "材料齐全,予以受理")
    plan(stage.later(taken, 8, rng), 0, "result", _RESULT)


def _check(stage: Stage, now: Instant) -> None:
    """Let each land office be checked once; a few are left out, and some standards of others."""
    asked = checklists.standards(stage.store)
    said: list[Said] = []
    for unit in stage.units.values():
        if unit.kind is not Kind.TOWN or not unit.valid_on(stage.today):
            continue
        rng = Random(f"office {unit.code}")
        if rng.random() < 0.08:
            continue
        good = rng.choice((0.72, 0.86, 0.97, 1.0))
        for standard in asked:
            luck = rng.random()
            state = State.MET
            if luck > good:
                state = rng.choice((State.PARTLY, State.NOT_MET, State.PARTLY, State.NOT_NEEDED))
            evidence = rng.choice(_EVIDENCE[state])
            said.append(Said(unit.code, standard.code, state, stage.store.today(now), evidence))
    checklists.say_within(stage.store, stage.supervisor("LAND"), said, now)


def _see_again(stage: Stage, now: Instant) -> None:
    """Let the home district's offices have mended what was missing of their equipment."""
    found = checklists.offices(stage.store, Selection(under="440111"), now)
    said = [
        Said(each.unit.code, row.code, State.MET, stage.store.today(now), "已配齐,照片附后")
        for each in found
        for row, old in each.lines
        if old is not None and row.code.startswith("E") and old.said.state is State.NOT_MET
    ]
    checklists.say_within(stage.store, stage.hands("440111")[0], said, now)
