"""A check's figures and targets as people read them, the same on every front end and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from actions.assessing import Check
from actions.targets import Target, TargetSheet
from catalogue import t
from domain.areas import format_area
from domain.assessing import Figure, Remark, Row
from domain.entered import Entry
from domain.figures import FigureKey
from domain.instants import Zone
from domain.periods import Period
from domain.rates import shown
from domain.reports import Status
from domain.scoring import Score, points_text
from domain.targets import IN_AREA, Reading, TargetKey
from domain.texts import visible

_HALVES = ("assess.period_first", "assess.period_second")
_KEPT = {None: "assess.unknown", True: "assess.kept", False: "assess.broken"}


def period_word(period: Period) -> str:
    """Return a period in words, `2010 年上半年`."""
    return t(("assess.period_year", *_HALVES)[period.half], year=period.year)


def figure_word(key: FigureKey | TargetKey | str) -> str:
    """Return the name of a figure or a target."""
    return t(f"assess.figure_{key}")


def beside_words(figure: Figure) -> list[str]:
    """Return what is said beside a figure: what is late, open, outside; and the median.

    A median stands over what is done alone, so what is still open stands with it.
    """
    words = [
        t(f"assess.beside_{name}", count=count) for name, count in figure.beside.items() if count
    ]
    if figure.median is not None:
        words.append(t("assess.median", days=half(figure.median)))
    if figure.oldest is not None:
        words.append(t("assess.oldest", days=figure.oldest))
    return words


def half(value: Fraction) -> str:
    """Return a whole number or a half, `3` or `3.5`."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.1f}"


def percent(value: Fraction) -> str:
    """Return a promised per cent as it was written, `92` or `12.5`."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def share(reading: Reading) -> str:
    """Return a reading as x/y with its per cent, areas in m²; of an entered one, yes or no."""
    if reading.key is TargetKey.TYPICAL_CASE or reading.key is TargetKey.STABILITY:
        return t("words.no_value") if reading.met is None else _entered_word(reading)
    if reading.key not in IN_AREA:
        return shown(reading.part, reading.whole or 0)
    if not reading.whole:
        return f"{format_area(reading.part)} / {t('words.no_value')}"
    tenths = shown(reading.part, reading.whole).partition(" ")[2]
    return f"{reading.part:,}/{format_area(reading.whole)} {tenths}"


def _entered_word(reading: Reading) -> str:
    if reading.key is TargetKey.TYPICAL_CASE:
        return t("assess.not_named" if reading.met else "assess.named")
    return t("assess.stable" if reading.met else "assess.not_stable")


def verdict(reading: Reading) -> str:
    """Return in a word whether a target is met; of farmland also whether the line is touched."""
    if reading.met is None:
        return t("assess.no_value")
    if reading.key is TargetKey.FARMLAND and reading.touched:
        return t("assess.touched" if reading.met else "assess.beyond")
    return t("assess.met" if reading.met else "assess.not_met")


def verdict_in_short(reading: Reading) -> str:
    """Return the same for a column; how far it is says the rest."""
    if reading.met is None:
        return t("assess.no_value")
    if reading.met and reading.touched:
        return t("assess.state_touched")
    return t("assess.met" if reading.met else "assess.not_met")


def distance(reading: Reading) -> str:
    """Return how far it is to the line in plain words; blank where there is nothing to say."""
    key = reading.key
    if key is TargetKey.FARMLAND:
        return _farmland_distance(reading)
    if reading.met is None:
        entered = key in (TargetKey.TYPICAL_CASE, TargetKey.STABILITY)
        return t("assess.not_entered") if entered else ""
    if not reading.distance:
        return ""
    if reading.distance == 1 and key not in IN_AREA:
        return t(f"assess.one_{key}")
    return t(f"assess.more_{key}", count=reading.distance, area=format_area(reading.distance))


def _farmland_distance(reading: Reading) -> str:
    if reading.whole is None:
        return t("assess.whole_missing")
    if not reading.whole:
        return t("assess.whole_zero")
    if reading.over:
        return t("assess.over_farmland", area=format_area(reading.over))
    if reading.touched:
        return t("assess.at_farmland")
    return t("assess.left_farmland", area=format_area(reading.distance))


def basis_words(target: Target) -> list[str]:
    """Return the readings net of what is rectified and of key projects, where they differ."""
    first = target.reading
    return [
        f"{t(f'assess.basis_{reading.basis}')} {share(reading)}"
        for reading in target.bases
        if (reading.part, reading.whole) != (first.part, first.whole)
    ]


def target_words(target: Target) -> list[str]:
    """Return all that is said of a target beside its value, a sentence each."""
    words = [distance(target.reading)]
    if target.promised is not None:
        farmland = target.key is TargetKey.FARMLAND
        key = "assess.promised_most" if farmland else "assess.promised_least"
        words.append(t(key, percent=percent(target.promised), kept=t(_KEPT[target.kept])))
    if target.unsaid:
        restored = target.key in (TargetKey.RESTORED, TargetKey.RESTORED_AREA)
        key = "assess.regularised" if restored else "assess.plan_unsaid"
        words.append(t(key, count=target.unsaid))
    words += basis_words(target)
    entered = target.entered
    if entered is not None:
        words.append(
            t(
                "assess.source",
                source=visible(entered.source),
                day=entered.as_of,
                who=visible(entered.login),
                revision=entered.revision,
            )
        )
    return [word for word in words if word]


def letter_words(sheet: TargetSheet) -> str:
    """Return when the year's letter was signed and by whom; blank where there is none."""
    letter = sheet.letter
    if letter is None:
        return ""
    return t(
        "target.letter_line",
        day=letter.signed_on,
        by=visible(letter.signed_by),
        revision=letter.revision,
    )


def entry_value(figure: Entry, value: int) -> str:
    """Return an entered value: an area, or yes or no."""
    if figure is Entry.NEW_CULTIVATED:
        return format_area(value)
    return t("target.yes" if value else "target.no")


def remark_words(remarks: Sequence[Remark], zone: Zone) -> list[str]:
    """Return remarks, each with its time and who made it."""
    return [
        t(
            "assess.remark_on" if row.subject else "assess.remark_line",
            at=zone.show(row.at)[:16],
            who=visible(row.login),
            row=row.subject,
            text=visible(row.text),
        )
        for row in remarks
    ]


def score_words(found: Score) -> list[str]:
    """Return a score and the lines by which it came about."""
    lines = [
        t(
            "assess.score_line" if line.most is None else "assess.score_capped",
            figure=figure_word(line.figure),
            failing=line.failing,
            points=points_text(line.points),
            most="" if line.most is None else points_text(line.most),
            taken=points_text(line.taken),
        )
        for line in found.lines
    ]
    last = t("assess.score", score=points_text(found.score), start=points_text(found.start))
    return [*lines, last]


_STATUSES = frozenset(status.value for status in Status)


def state_word(row: Row) -> str:
    """Return the state of a row: of a report's by R8, else one of the figure's own."""
    if row.id.startswith("R-") and row.state in _STATUSES:
        return t(f"words.status_{row.state}")
    return t(f"assess.state_{row.state}")


def remarks_count(check: Check, unit: str) -> int:
    """Return how many remarks stand on a unit's sheet."""
    return sum(row.unit == unit for row in check.remarks)
