"""A city with matters at every stage of their way, and its app at a fixed instant."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

import catalogue
from actions import (
    assisting,
    matter_dates,
    matter_ends,
    matters,
    notices,
    reconciling,
    reporting,
    urging,
)
from actions.matters import MatterView, Subject
from actions.opening import Registry, found
from domain.deadlines import Suspension
from domain.instants import Instant, Zone
from domain.people import Actor, Person, Role
from domain.settings import CityRules, Preferences, Settings
from domain.workflows import Outcome
from exchange.config import Loaded
from exchange.registry import read_registry
from storage.store import Store, open_store
from storage.units import Selection
from tui.app import LianluoApp
from tui.views.matter_page import MatterPage
from tui.widgets.notice import Notice

ZONE = Zone("Asia/Shanghai")
AT: Instant = ZONE.parse("2026-11-23 16:26:03")
"""A Monday, thirty-four minutes before the cut-off."""
TODAY = date(2026, 11, 23)
STARTS = date(2026, 10, 12)
SMALL, LARGE = (80, 24), (120, 40)
HELD = "F-2026-0002"
"""A finding of Baiyun that was stopped and verified, and asked three units for assistance."""
FRESH = "F-2026-0003"
"""A finding of Baiyun of this morning."""
PEOPLE = (
    Person("sup", "监察局督导员", "DISC", Role.SUPERVISOR),
    Person("baiyun", "白云区联络员", "440111", Role.LIAISON, "020-10000001"),
    Person("deputy", "白云区副联络员", "440111", Role.DEPUTY),
    Person("head", "白云区分管负责人", "440111", Role.LEADER),
    Person("viewer", "白云区查看人", "440111", Role.VIEWER),
    Person("panyu", "番禺区联络员", "440113", Role.LIAISON),
    Person("power", "供电局联络员", "POWER", Role.LIAISON),
)


def who(login: str) -> Actor:
    """Return the actor of a login."""
    return Actor(login, login, "host")


def on(text: str) -> Instant:
    """Return the instant of a local time, `11-20 09:00`, of this year."""
    return ZONE.parse(f"2026-{text}")


@cache
def _populated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "city.db"
        registry: Registry = replace(read_registry("guangzhou"), people=PEOPLE)
        begin = ZONE.start_of(STARTS)
        with found(path, registry, CityRules(), STARTS, who("admin"), begin) as store:
            _fill(store)
        return path.read_bytes()


def _fill(store: Store) -> None:
    baiyun, panyu, sup = who("baiyun"), who("panyu"), who("sup")

    def finding(actor: Actor, unit: str, title: str, at: str, place: str, location: str) -> str:
        about = Subject(
            title,
            place=place,
            location=location,
            party="某砂石场",
            land_class="cultivated",
            area=1240,
            source="巡查",
        )
        return matters.open_matter(store, actor, "finding", unit, about, on(at)).number

    def step(actor: Actor, number: str, key: str, at: str, text: str = "") -> None:
        matters.do_step(store, actor, number, key, on(at), text=text)

    done = finding(baiyun, "440111", "推土堆料", "10-14 09:00", "440111108", "良田村东侧农田")
    step(baiyun, done, "stop", "10-14 10:00", "当场制止,发停工通知 12 号")
    step(baiyun, done, "verify", "10-15 10:00", "现场量测 1,240 平方米")
    step(baiyun, done, "report", "10-16 10:00")
    step(baiyun, done, "file", "10-20 10:00", "立案 2026-031")
    step(baiyun, done, "decide", "10-27 10:00", "责令拆除")
    step(baiyun, done, "rectify", "11-06 10:00", "已拆除复垦")
    closer = who("deputy")
    matter_ends.close(store, closer, done, Outcome.RESTORED, "照片 6 张", on("11-09 10:00"))

    held = finding(baiyun, "440111", "违建厂房", "11-02 09:00", "440111103", "凤和村口")
    step(baiyun, held, "stop", "11-02 11:00", "已停工")
    step(baiyun, held, "verify", "11-04 11:00", "属实")
    later = date(2026, 12, 2)
    matter_dates.ask_extension(store, baiyun, held, "file", later, "等测绘鉴定", on("11-05 09:00"))
    matter_dates.answer_extension(store, sup, held, "file", True, "同意", on("11-05 15:00"))
    asked = ["POWER", "POLICE", "COURT"]
    sent = assisting.ask(store, baiyun, held, asked, "", on("11-06 09:00"))
    step(who("power"), sent[0].number, "reply", "11-09 16:00", "已停止供电")

    finding(baiyun, "440111", "硬化地面停车场", "11-23 09:30", "440111108", "竹料大道旁")
    filled = finding(panyu, "440113", "围填鱼塘", "11-12 09:00", "440113", "石楼镇")
    step(panyu, filled, "stop", "11-12 10:00")
    still = Suspension(date(2026, 11, 19), date(2026, 11, 27), "等司法鉴定")
    matter_dates.suspend(store, sup, filled, still, on("11-19 09:00"))

    two = notices.issue(
        store, sup, ["440111", "440114"], "连续未报", "请说明未报原因并整改", on("11-10 09:00")
    )
    notices.sign(store, baiyun, two[0].number, on("11-11 09:00"))
    one = notices.issue(store, sup, ["440113"], "石楼镇问题", "限期核实", on("11-18 09:00"))
    notices.sign(store, panyu, one[0].number, on("11-19 10:00"))
    notices.reply(store, panyu, one[0].number, "已核实,附照片 3 张", on("11-20 10:00"))

    for back in range(1, 20):
        day = TODAY - timedelta(days=back)
        if back % 7:
            at = ZONE.parse(f"{day} 16:00")
            reporting.file_zero(store, baiyun, "440111", day, at, areas=(6, 6))
    patch = Subject("卫片图斑 31 号", place="440111103", location="东华村", existed_since=TODAY)
    seen = replace(patch, existed_since=date(2026, 11, 21))
    admin = who("admin")
    matters.open_matter(store, admin, "satellite", "440111", seen, on("11-22 15:00"))
    reconciling.reconcile(store, admin, date(2026, 11, 9), TODAY, Selection(), on("11-23 08:40"))
    urging.urge(store, admin, on("11-22 14:26"))


def staged(
    folder: Path,
    login: str = "baiyun",
    lang: str = "zh",
    *,
    at: Instant = AT,
    keys: dict[str, str] | None = None,
) -> LianluoApp:
    """Return the app of a store of its own, in which it is always `at`."""
    catalogue.use(lang)
    path = folder / "city.db"
    if not path.exists():
        path.write_bytes(_populated())
    loaded = Loaded(Settings(Preferences(keys=keys or {})), None)
    return LianluoApp(path, loaded, login=login, host="host", clock=lambda: at, watch_seconds=3600)


def city(app: LianluoApp) -> Store:
    """Open the app's store as another process would."""
    return open_store(app.desk.path)


def standing(app: LianluoApp, number: str) -> MatterView:
    """Return a matter as another process would see it now."""
    with city(app) as store:
        return matters.show(store, number, app.now())


def notice(app: LianluoApp) -> str:
    """Return what the line of notices says."""
    return app.screen.query_one(Notice).text


async def settled(pilot: Pilot[None]) -> None:
    """Wait until nothing is asked of the store any more and every answer is drawn."""
    quiet = 0
    while quiet < 2:
        await pilot.pause()
        asked = [w for w in pilot.app.workers if w.group != "watch" and not w.is_finished]
        if asked:
            quiet = 0
            await pilot.app.workers.wait_for_complete(asked)
        else:
            quiet += 1
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after another, and wait after each."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    await pilot.press(*text)
    await settled(pilot)


async def page_of(pilot: Pilot[None], app: LianluoApp, number: str) -> None:
    """Show the page of a matter."""
    await settled(pilot)
    app.open_matter(number)
    await settled(pilot)
    await settled(pilot)
    assert isinstance(app.screen, MatterPage)


def seen(app: LianluoApp) -> list[str]:
    """Return the lines of the screen as they are read, without scrollbars at the right."""
    strips = app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    return [line.rstrip(" ▁▂▃▄▅▆▇█") for line in lines]


def picture(app: LianluoApp) -> str:
    """Return the screen as text."""
    return "\n".join(seen(app))


def said(app: LianluoApp, selector: str = "#writes") -> str:
    """Return what a Static of the screen says: of a form, what Enter will write."""
    return str(app.screen.query_one(selector, Static).render())
