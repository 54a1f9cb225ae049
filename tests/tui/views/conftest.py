"""A city with a week of reports of every kind, and its app."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.entering import enter
from actions.reporting import file, file_zero
from actions.schedules import save_exemptions
from domain.areas import LandClass
from domain.findings import Finding
from domain.instants import Instant
from domain.people import Actor
from domain.reports import Content, ReportKind
from domain.schedules import Exemption
from domain.settings import Settings
from storage.workflows import save_workflows
from tests.tui.views.staging import AT, ZONE, Stage, staged
from tui.app import LianluoApp

FIRST = date(2026, 11, 16)
ACTOR = Actor("admin", "admin", "host")
FINDING = Finding(
    1,
    "钟落潭镇 东侧 农田",
    LandClass.CULTIVATED,
    1240,
    place="440111",
    party="不明",
    cultivated_area=1240,
    use="推土堆料",
)


@pytest.fixture(scope="session")
def reported(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store in which a week was filed: on time, late, made up, missed, amended, exempt."""
    path = tmp_path_factory.mktemp("reported") / "city.db"
    shutil.copyfile(founded, path)
    store, _ = enter(path, Settings(), "admin", None, "host", AT)
    with store:
        # A city without workflows has reports alone: what they show is counted here by hand.
        save_workflows(store.connection, {})
        for offset in range(8):
            day = FIRST + timedelta(days=offset)
            noon = ZONE.parse(f"{day} 12:00")
            for code in ("DISC", "PROC", "LAND", "440103", "440104", "440105"):
                file_zero(store, ACTOR, code, day, noon, areas=(6, 6))
        tuesday = FIRST + timedelta(days=1)
        partial = ZONE.parse(f"{tuesday} 16:00")
        file_zero(store, ACTOR, "440111", FIRST, ZONE.parse(f"{FIRST} 16:42"), areas=(6, 6))
        file_zero(store, ACTOR, "440111", tuesday, partial, areas=(5, 6))
        wednesday, thursday = FIRST + timedelta(days=2), FIRST + timedelta(days=3)
        daily = Content(ReportKind.DAILY, "巡查两处,制止一处。", 6, 6, (FINDING,))
        file(store, ACTOR, "440111", wednesday, daily, ZONE.parse(f"{wednesday} 18:22:03"))
        file_zero(store, ACTOR, "440111", thursday, ZONE.parse("2026-11-21 09:00"), areas=(6, 6))
        smaller = replace(daily, findings=(replace(FINDING, area=900, cultivated_area=900),))
        later = ZONE.parse(f"{thursday} 09:00")
        file(store, ACTOR, "440111", wednesday, smaller, later, amending=True, reason="复核面积")
        exemption = Exemption("440106", FIRST, FIRST + timedelta(days=2), "防汛抢险", "admin")
        save_exemptions(store, ACTOR, [exemption], AT)
    return path


@pytest.fixture
def stage(reported: Path, tmp_path: Path) -> Stage:
    """Return a maker of the app on a copy of the store: `stage(lang="zh", at=…, login=…)`."""
    path = tmp_path / "city.db"
    shutil.copyfile(reported, path)

    def make(lang: str = "zh", at: Instant = AT, login: str = "admin") -> LianluoApp:
        return staged(path, at, login, lang)

    return make
