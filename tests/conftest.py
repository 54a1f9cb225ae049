"""What all tests share: an environment of their own, a city at a fixed instant, and a caller."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

import catalogue
import cli
import commands.call
from actions.opening import found
from domain.instants import Instant, Zone
from domain.people import Actor, Person, Role
from domain.settings import CityRules
from exchange.registry import read_registry

# Property tests hold whatever the machine's load is: no example is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

GUANGZHOU = Path(__file__).resolve().parent.parent / "registry" / "guangzhou"
ZONE = Zone("Asia/Shanghai")
STARTS = date(2026, 11, 16)
AT: Instant = ZONE.parse("2026-11-23 16:26:03")
"""A Monday, thirty-four minutes before the cut-off."""

ADMIN = "admin"
LIAISON = "baiyun"
DEPUTY = "baiyun-b"
LEADER = "baiyun-head"
PLANNER = "plan"
PEOPLE = (
    Person(LIAISON, "白云区联络员", "440111", Role.LIAISON, "020-10000001"),
    Person(DEPUTY, "白云区副联络员", "440111", Role.DEPUTY, "020-10000002"),
    Person(LEADER, "白云区分管负责人", "440111", Role.LEADER, "020-10000003"),
    Person(PLANNER, "市规划局联络员", "PLAN", Role.LIAISON),
)


@dataclass(frozen=True, slots=True)
class City:
    """A store of Guangzhou, expected to report since `starts`, with nothing filed yet."""

    path: Path
    at: Instant
    starts: date


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call printed, and its exit code."""

    code: int
    out: str
    err: str


class Run(Protocol):
    """Calls the program in this process, as `login`, at `at`, in the language `lang`."""

    def __call__(
        self,
        *words: str,
        at: Instant = AT,
        login: str = ADMIN,
        lang: str = "en",
        store: Path | None = None,
        terminal: bool = False,
        code: int | None = 0,
    ) -> Answer: ...


@pytest.fixture(autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own: nothing of the caller's environment counts."""
    home = tmp_path_factory.mktemp("home")
    for name in (
        "LIANLUO_STORE",
        "LIANLUO_CONFIG",
        "LIANLUO_LANG",
        "_LIANLUO_COMPLETE",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
        "LINES",
        "LC_ALL",
        "LC_MESSAGES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    return home


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Begin and end each test in English."""
    catalogue.use("en")
    yield
    catalogue.use("en")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a new store of Guangzhou, to be copied."""
    path = tmp_path_factory.mktemp("founded") / "city.db"
    registry = replace(read_registry(GUANGZHOU), people=PEOPLE)
    begin = ZONE.start_of(STARTS)
    found(path, registry, CityRules(), STARTS, Actor(ADMIN, ADMIN, "host"), begin).close()
    return path


@pytest.fixture
def city(founded: Path, tmp_path: Path) -> City:
    """Return a store of one's own."""
    path = tmp_path / "city.db"
    shutil.copyfile(founded, path)
    return City(path, AT, STARTS)


class _Stream(io.TextIOWrapper):
    """Standard output that remembers its bytes, on a terminal or not."""

    def __init__(self, terminal: bool) -> None:
        self.kept = io.BytesIO()
        super().__init__(self.kept, encoding="utf-8", write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        self.flush()
        return self.kept.getvalue().decode()


@pytest.fixture
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the program as a function; it uses the store of `city` where the test has one.

    It fails the test unless the program ends with `code` (None: any).
    """
    own = request.getfixturevalue("city").path if "city" in request.fixturenames else None

    def call(
        *words: str,
        at: Instant = AT,
        login: str = ADMIN,
        lang: str = "en",
        store: Path | None = None,
        terminal: bool = False,
        code: int | None = 0,
    ) -> Answer:
        path = store or own
        before = ["--lang", lang, *(["--store", str(path)] if path else [])]
        out, err = _Stream(terminal), _Stream(terminal)
        with monkeypatch.context() as patch:
            patch.setattr(commands.call, "now", lambda: at)
            patch.setattr(commands.call, "login", lambda: login)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            ended = cli.main([*before, *words])
        answer = Answer(int(ended), out.text(), err.text())
        assert code is None or answer.code == code, answer
        return answer

    return call
