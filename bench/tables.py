"""What was measured, as lines and as the page `bench/results.md`."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from bench.measure import Measurement

_HOW = (
    "By `make bench`, {size}. Each number is a median; lianluo and what it stands beside ran in"
    " turn, and the ratio is the median of the turns' ratios, from the smallest to the largest."
    " CPU seconds are user and system together. `docs/speed.md` says what the floors mean."
)
_HEAD = (
    "| what | lianluo | beside | | ratio | spread | floor | |",
    "|---|---|---|---|---|---|---|---|",
)


def page(
    found: Mapping[str, Sequence[Measurement]],
    machine: Sequence[tuple[str, str]],
    *,
    full: bool,
) -> str:
    """Return the page of all that is known, topic by topic, beneath the machine's description."""
    size = "at the sizes of the floors" if full else "at small sizes: the floors are for large ones"
    lines = [
        "# What was measured",
        "",
        _HOW.format(size=size),
        "",
        " · ".join(f"{name} {value}" for name, value in machine),
    ]
    for topic, measured in found.items():
        lines += ["", f"## {topic}", "", *_HEAD, *map(row, measured)]
    return "\n".join([*lines, ""])


def row(one: Measurement) -> str:
    """Return a measurement as one line of a table."""
    if one.missing:
        why = " ".join(one.missing.split())[:160]
        cells = [one.what, "—", one.against, "—", "—", "—", floor(one), f"not measured: {why}"]
    else:
        cells = [
            one.what,
            amount(statistics.median(one.product), one.unit) if one.product else "—",
            one.against,
            amount(statistics.median(one.peer), one.unit) if one.peer else "",
            ratio(one),
            spread(one),
            floor(one),
            {True: "reached", False: "**not reached**", None: ""}[one.reached],
        ]
    return f"| {' | '.join(cells)} |"


def amount(value: float, unit: str) -> str:
    """Return a number with its unit: three figures, no more."""
    return f"{value:.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"


def ratio(one: Measurement) -> str:
    """Return the ratio to the peer, as a factor or as how many times ahead."""
    if not one.ratios or one.value is None:
        return ""
    ahead = one.floor is not None and one.floor.ahead
    return f"{one.value:.2f}× {'ahead' if ahead else ''}".strip()


def spread(one: Measurement) -> str:
    """Return from where to where the turns' ratios, or the product's samples, go."""
    held = one.ratios or tuple(one.product)
    return f"{min(held):.3g}–{max(held):.3g}" if len(held) > 1 else ""


def floor(one: Measurement) -> str:
    """Return what must be reached."""
    if one.floor is None:
        return ""
    if one.floor.ahead:
        return f"≥ {one.floor.limit:g}× ahead"
    return f"≤ {one.floor.limit:g}{'×' if one.against else f' {one.unit}'}"
