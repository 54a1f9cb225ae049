"""The demo's accountability: letters, entered figures with their revisions, and two appeals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, time, timedelta
from fractions import Fraction
from functools import partial

from actions.assessing import behind, remark
from actions.targets import cases, enter, promise
from domain.entered import Entry
from domain.figures import FigureKey
from domain.instants import Instant
from domain.periods import half_of
from domain.targets import TargetKey, rows_of
from domain.units import Kind, Unit
from exchange.demo_stage import Act, Stage
from storage.units import Selection

HOME = "440111"
_LETTERS_AGO, _EARLY_AGO, _FIGURES_AGO, _REMARKS_AGO = 56, 30, 2, 1
_SOURCE = "国土资源统计月报(样本)"
_SIGNED_BY = "区政府分管负责人"
_TEXT = "本区耕地保有量不减少,违法用地早发现、早制止、早查处,年内不被列为典型案例。"
_NOTE = "按变更调查成果更正"
_PARTS = (Fraction(20, 3), Fraction(9), Fraction(12), Fraction(8), Fraction(5))
"""How many times the illegally occupied cultivated land all newly occupied land is."""
_STILL_OPEN = "440118"
"""A district of which nobody has entered the year's figures yet."""


def plan_accountability(stage: Stage) -> None:
    """Plan the letters, the figures of the year, and what one district says of its own."""
    districts = [
        unit
        for unit in stage.units.values()
        if unit.kind is Kind.DISTRICT and unit.valid_on(stage.today)
    ]
    for place, unit in enumerate(districts):
        at = stage.ago(_LETTERS_AGO, time(10, 30))
        stage.plan(at, partial(_letter, stage, unit, Fraction(90 + place % 3)))
        if unit.code != _STILL_OPEN:
            stage.plan(stage.ago(_EARLY_AGO, time(15, 0)), partial(_early, stage, unit))
    stage.plan(stage.ago(_FIGURES_AGO, time(15, 0)), partial(_figures, stage, districts))
    stage.plan(stage.ago(_REMARKS_AGO, time(11, 0)), partial(_appeals, stage))


def _letter(stage: Stage, unit: Unit, closing: Fraction, now: Instant) -> None:
    year = stage.today.year
    signed_on = min(date(year, 3, 1), stage.today - timedelta(days=_LETTERS_AGO))
    promises = {TargetKey.CLOSING: closing, TargetKey.FARMLAND: Fraction(15)}
    who = stage.supervisor("LAND")
    promise(stage.store, who, year, unit.code, signed_on, _SIGNED_BY, _TEXT, promises, now)


def _early(stage: Stage, unit: Unit, now: Instant) -> None:
    year, who, day = stage.today.year, stage.supervisor("LAND"), stage.store.today(now)
    enter(stage.store, who, year, unit.code, Entry.TYPICAL_CASE, 0, _SOURCE, day, now)
    enter(stage.store, who, year, unit.code, Entry.STABILITY, 1, _SOURCE, day, now)


def _figures(stage: Stage, districts: list[Unit], now: Instant) -> None:
    """Enter what each district newly occupied: at exactly 15 % for one, above or below for most."""
    year, who, day = stage.today.year, stage.supervisor("LAND"), stage.store.today(now)
    occupied: dict[str, int] = defaultdict(int)
    for row in rows_of(TargetKey.FARMLAND, cases(stage.store, year, now), year):
        occupied[row.case.district] += row.part
    for place, unit in enumerate(districts):
        if unit.code == _STILL_OPEN:
            continue
        whole = int(occupied[unit.code] * _PARTS[place % len(_PARTS)]) or 20_000
        add = partial(
            enter, stage.store, who, year, unit.code, Entry.NEW_CULTIVATED, source=_SOURCE
        )
        add(value=whole + (600 if unit.code == HOME else 0), as_of=day, at=now)
        if unit.code == HOME:
            stage.plan(now + 3600, _as_act(partial(add, value=whole, as_of=day, note=_NOTE)))


def _as_act(enters: Callable[..., object]) -> Act:
    """Return what enters a figure as something that happens at an instant."""

    def act(now: Instant) -> None:
        enters(at=now)

    return act


def _appeals(stage: Stage, now: Instant) -> None:
    store, who = stage.store, stage.hands(HOME)[1]
    period = half_of(store.today(now))
    remark(
        store,
        who,
        period,
        HOME,
        FigureKey.CONTRADICTED.value,
        "不符的记录多为镇街和热线后续上报,本区已逐条核对说明。",
        now,
    )
    rows = behind(store, FigureKey.ON_TIME.value, period, Selection(unit=HOME), now)
    late = next((row for row in rows if row.whole and not row.part), None)
    if late is not None:
        text = "当日全区网络故障,已电话报告市局,附值班记录。"
        remark(store, who, period, HOME, FigureKey.ON_TIME.value, text, now, subject=late.id)
