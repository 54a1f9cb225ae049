"""What the campaigns share: a small city, and the program called as somebody would call it."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import cli
import commands.call
from actions.expecting import roll
from actions.reporting import file, file_zero
from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Instant
from domain.reports import Content, ReportKind
from tests.matters_city import AT as NOW
from tests.matters_city import DAY, STARTS, finding, new_city, who

AT = NOW
"""When everything is asked: a Monday morning."""

Counts = dict[str, int]
"""What a campaign did, by name: numbers that add up over campaigns."""

CODES = frozenset(range(7))
"""The exit codes of the contract; anything else is a mistake in the program."""

D1, D2 = who("d1"), who("d2")


class Failure(AssertionError):
    """What must not happen has happened; says how to make it happen again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call printed, and its exit code."""

    code: int
    out: bytes
    err: str


def city_with_a_past(folder: Path) -> Path:
    """Return a small city's store with reports, an amendment, findings and their matters."""
    with new_city(folder) as store:
        file_zero(store, D1, "D1", STARTS, AT - 6 * DAY, areas=(3, 4), note="巡查无异常")
        found = Finding(1, "河边", LandClass.CULTIVATED, 1240, party="某公司", use="厂房")
        daily = Content(ReportKind.DAILY, "制止一起", 2, 2, (found,))
        file(store, D2, "D2", STARTS, daily, AT - 6 * DAY)
        changed = Content(ReportKind.DAILY, "补充说明", 4, 4)
        file(store, D1, "D1", STARTS, changed, AT - 5 * DAY, amending=True, reason="漏写")
        for number in range(1, 5):
            day = STARTS.replace(day=STARTS.day + number)
            file_zero(store, D1, "D1", day, AT - (6 - number) * DAY, areas=(4, 4))
        roll(store, AT)
        finding(store)
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return store.path


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let nothing of the caller's environment count."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LIANLUO", "_LIANLUO", "XDG_"))
    }
    with patch.dict(os.environ, kept | {"HOME": str(folder), "LANG": "en_US.UTF-8"}, clear=True):
        yield


def call(
    words: Sequence[str],
    store: Path,
    *,
    login: str = "admin",
    at: Instant = AT,
    stdin: bytes = b"",
    lang: str = "en",
) -> Answer:
    """Call the program in this process; raises `Failure` for what is no answer of its own."""
    out, err = io.BytesIO(), io.BytesIO()
    given = ["--lang", lang, "--store", str(store), *words]
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), "utf-8"),
        "stdout": io.TextIOWrapper(out, "utf-8", write_through=True),
        "stderr": io.TextIOWrapper(err, "utf-8", write_through=True),
    }
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(commands.call, "now", lambda: at))
        stack.enter_context(patch.object(commands.call, "login", lambda: login))
        for name, stream in streams.items():
            stack.enter_context(patch.object(sys, name, stream))
        code = int(cli.main(given))
    answer = Answer(code, out.getvalue(), err.getvalue().decode("utf-8", "replace"))
    if code not in CODES or "Traceback" in answer.err:
        raise Failure(f"{words!r} ended with {code}: {answer.err}")
    if code not in (0, 1) and not answer.err.strip():
        raise Failure(f"{words!r} ended with {code} and no sentence")
    return answer
