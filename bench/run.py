"""Measure the program beside others: `make bench`, or `make bench ARGS='--scale small import'`.

What is measured goes to the screen, and to `bench/results.md` when it was measured at the sizes of
the floors. On a shared machine trust ratios: product and peer run in turn.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench import environments
from bench.measure import ROOT, Failed, Floor, Measurement, Place
from bench.tables import page, row

TOPICS = {
    "import": "bench.importing",
    "questions": "bench.questions",
    "startup": "bench.startup",
    "screens": "bench.screens",
    "crowd": "bench.crowd",
}
VAR = ROOT / "var" / "bench"


def main(words: Sequence[str] | None = None) -> None:
    """Measure what is asked for, and write what is known."""
    asked = _asked(words)
    folder = VAR / asked.scale
    folder.mkdir(parents=True, exist_ok=True)
    full = asked.scale == "full"
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        place = Place(
            folder,
            Path(scratch),
            full,
            asked.times or (9 if full else 5),
            environments.peer(_say),
        )
        for topic in asked.topics or TOPICS:
            found: list[Measurement] = []
            _say(f"== {topic}")
            try:
                for measured in importlib.import_module(TOPICS[topic]).measurements(place):
                    print(row(measured), flush=True)
                    found.append(measured)
            except Failed as error:
                _say(f"{topic}: {error}")
                continue
            _keep(folder / f"{topic}.json", found)
    text = page(_kept(folder), environments.machine(), full=full)
    (ROOT / "bench" / "results.md" if full else folder / "results.md").write_text(
        text, encoding="utf-8"
    )


def _asked(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure beside others.")
    parser.add_argument("topics", nargs="*", metavar="TOPIC", help=f"of {', '.join(TOPICS)}")
    parser.add_argument("--scale", choices=("small", "full"), default="full")
    parser.add_argument("--times", type=int, default=0, help="turns of which the median is taken")
    asked = parser.parse_args(words)
    unknown = [topic for topic in asked.topics if topic not in TOPICS]
    if unknown:
        parser.error(f"no such topic: {', '.join(unknown)}")
    return asked


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _keep(path: Path, found: Sequence[Measurement]) -> None:
    """Keep a topic's measurements until it is measured anew."""
    path.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False), "utf-8")


def _kept(folder: Path) -> dict[str, list[Measurement]]:
    """Return what is known of each topic, measured now or before."""
    found: dict[str, list[Measurement]] = {}
    for topic in TOPICS:
        path = folder / f"{topic}.json"
        if path.exists():
            found[topic] = [
                Measurement(**{**one, "floor": Floor(**one["floor"]) if one["floor"] else None})
                for one in json.loads(path.read_text("utf-8"))
            ]
    return found


if __name__ == "__main__":
    main()
