"""Words that papers share: days, areas, names, amounts, in the language in use."""

from __future__ import annotations

from datetime import date

import catalogue
from catalogue import t
from domain.areas import in_mu
from domain.errors import Message
from domain.instants import Instant
from domain.units import Unit
from storage.store import Store


def day_words(day: date) -> str:
    """Return a day as a letter writes it, `2026年11月23日`."""
    return t("papers.day", year=day.year, month=Message(f"papers.month_{day.month}"), day=day.day)


def moment(store: Store, at: Instant) -> str:
    """Return a local day with hour and minute."""
    return store.zone.show(at)[:16]


def area_words(area: int | None) -> str:
    """Return an area in m² and mu, the mu to two digits, half up; `—` for none (R16)."""
    if area is None:
        return t("words.no_value")
    hundredths = (200 * in_mu(area) + 1) // 2
    mu = f"{hundredths // 100:,}.{hundredths % 100:02}"
    return t("papers.area", square=f"{area:,}", mu=mu)


def unit_words(unit: Unit | None) -> str:
    """Return a unit's name; `—` for none."""
    return t("words.no_value") if unit is None else catalogue.pick(unit.name, unit.name_en)


_FULL_WIDTH = str.maketrans(",;:()", "，；：（）")


def printed(text: str) -> str:
    """Return a sentence of the catalogue with the punctuation that Chinese papers are set in."""
    return text.translate(_FULL_WIDTH) if catalogue.language() == "zh" else text


def or_dash(text: str) -> str:
    """Return a text, or `—` where it is blank: nothing on a paper is silently empty."""
    return text.strip() or t("words.no_value")
