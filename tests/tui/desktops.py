"""What the tests of the screens share: an app on a store of their own, at a fixed instant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Static
from textual.worker import WorkerCancelled, WorkerFailed

import catalogue
from actions.opening import Registry, found
from actions.reporting import file, file_zero
from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Instant, Zone
from domain.people import Actor, Person, Role
from domain.reports import Content, ReportKind
from domain.schedules import Days, Exemption, Schedule
from domain.settings import CityRules, Preferences, Settings
from exchange.config import Loaded
from exchange.registry import read_registry
from storage.store import Store, open_store
from tui.app import LianluoApp

ZONE = Zone("Asia/Shanghai")
TODAY = date(2026, 11, 23)
NOW: Instant = ZONE.parse("2026-11-23 16:25:48")
"""A Monday, 00:34:12 before the cut-off."""
STARTS = date(2026, 10, 12)
ADMIN = "admin"
PEOPLE = (
    Person("plan", "市规划局联络员", "PLAN", Role.LIAISON),
    Person("plan-head", "市规划局分管负责人", "PLAN", Role.LEADER),
    Person("baiyun", "白云区联络员", "440111", Role.LIAISON, "020-10000001"),
    Person("huadu", "花都区联络员", "440114", Role.LIAISON),
)
TOWNS = ("440111103", "440111108")


@dataclass(slots=True)
class Clock:
    """The clock of the app; a test moves it."""

    at: Instant = NOW

    def __call__(self) -> float:
        return float(self.at)


@dataclass(slots=True)
class Desktop:
    """An app on a store, not started yet, and the clock that it reads."""

    app: LianluoApp
    path: Path
    clock: Clock = field(default_factory=Clock)

    def store(self) -> Store:
        """Open the store as another process would."""
        return open_store(self.path)


class MakeDesktop(Protocol):
    """Makes an app for a login, in a language."""

    def __call__(
        self,
        login: str = "plan",
        *,
        lang: str = "zh",
        as_login: str | None = None,
        keys: dict[str, str] | None = None,
        theme: str = "dark",
        path: Path | None = None,
        watch_seconds: float = 3600,
    ) -> Desktop: ...


def populate(path: Path, *, demo: bool = False) -> None:
    """Found a city at a fixed instant: some days on time, late, made up, missed, exempt."""
    whole = read_registry("guangzhou")
    registry = Registry(
        whole.units,
        whole.links,
        PEOPLE,
        [Schedule(town, Days.DAILY, valid_from=STARTS) for town in TOWNS],
        [Exemption("440114", date(2026, 11, 5), date(2026, 11, 6), "全区网络割接", "局领导")],
        whole.duties,
        whole.limits,
    )
    begin = ZONE.start_of(STARTS)
    store = found(
        path, registry, CityRules(), STARTS, Actor(ADMIN, ADMIN, "host"), begin, demo=demo
    )
    with store:
        fill(store)


def fill(store: Store) -> None:
    """File what the tests find: of the planning bureau and of Huadu."""
    plan, huadu = Actor("plan", "plan", "host"), Actor("huadu", "huadu", "host")
    last = TODAY - timedelta(days=1)
    day = STARTS
    while day <= last:
        clock = {5: "18:30:00", 9: "17:30:00"}.get(day.day, "16:10:00")
        if store.calendar.is_workday(day) and day not in (date(2026, 11, 4), date(2026, 11, 20)):
            file_zero(store, plan, "PLAN", day, ZONE.parse(f"{day} {clock}"))
        if day.day == 19:
            content = Content(
                ReportKind.DAILY,
                "狮岭镇发现推土一宗",
                8,
                8,
                (Finding(1, "狮岭镇旗岭", LandClass.CULTIVATED, 1240, party="某砖厂"),),
            )
            file(store, huadu, "440114", day, content, ZONE.parse(f"{day} 16:20:00"))
        elif day.day not in (11, 21):
            done = 6 if day.day == 22 else 8
            at = ZONE.parse(f"{day} {clock}")
            file_zero(store, huadu, "440114", day, at, areas=(done, 8))
        day += timedelta(days=1)
    made_up = ZONE.parse("2026-11-13 09:05:00")
    file_zero(store, huadu, "440114", date(2026, 11, 11), made_up, areas=(8, 8))


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with some history, to be copied."""
    path = tmp_path_factory.mktemp("populated") / "city.db"
    populate(path)
    return path


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Return the same store of one's own, marked as a demo."""
    path = tmp_path / "demo.db"
    populate(path, demo=True)
    return path


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Let each test begin in Chinese."""
    catalogue.use("zh")
    yield
    catalogue.use("en")


@pytest.fixture
def desktop(populated: Path, tmp_path: Path) -> MakeDesktop:
    """Return a maker of apps on a copy of the populated store."""

    def make(
        login: str = "plan",
        *,
        lang: str = "zh",
        as_login: str | None = None,
        keys: dict[str, str] | None = None,
        theme: str = "dark",
        path: Path | None = None,
        watch_seconds: float = 3600,
    ) -> Desktop:
        catalogue.use(lang)
        own = tmp_path / "city.db"
        if path is None and not own.exists():
            own.write_bytes(populated.read_bytes())
        settings = Settings(Preferences(theme=theme, keys=keys or {}))
        clock = Clock()
        app = LianluoApp(
            path or own,
            Loaded(settings, None),
            login=login,
            as_login=as_login,
            host="host",
            clock=clock,
            watch_seconds=watch_seconds,
        )
        app.draft_seconds = 0.01
        return Desktop(app, path or own, clock)

    return make


async def begun(pilot: Pilot[None]) -> None:
    """Wait until the first view is shown: it comes after the first frame."""
    while not any(switcher.current for switcher in views(pilot)):
        await pilot.pause(0.01)


def views(pilot: Pilot[None]) -> list[ContentSwitcher]:
    """Return the place of the views, as soon as there is one."""
    return [
        switcher
        for screen in pilot.app.screen_stack
        for switcher in screen.query("#views").results(ContentSwitcher)
    ]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is asked of the store any more and every answer is on the screen."""
    await begun(pilot)
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        asking = [w for w in pilot.app.workers if w.group != "watch" and not w.is_finished]
        quiet = 0 if asking else quiet + 1
        if asking:
            with suppress(WorkerCancelled, WorkerFailed):
                await pilot.app.workers.wait_for_complete(asking)
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each once the answer to the one before is there."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text as an input method commits it: character by character."""
    await pilot.press(*text)
    await settle(pilot)


def text_of(app: LianluoApp, selector: str) -> str:
    """Return what a Static of the shown screen says."""
    widget = app.screen.query_one(selector, Static)
    return str(widget.render())


def picture(app: LianluoApp) -> str:
    """Return the shown screen as plain text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def named(app: LianluoApp, selector: str) -> Widget:
    """Return a widget of the shown screen."""
    return app.screen.query_one(selector)
