"""The tables that come in and go out: one description per kind, for reading and for writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.checklists import Said, Section, Standard, State
from domain.deadlines import Measure
from domain.errors import Message
from domain.networks import Link, Network
from domain.people import Person, Role
from domain.reports import ReportKind
from domain.schedules import Days, Exemption, Schedule
from domain.tiles import MOST, Tile
from domain.units import Kind, Unit
from exchange import cells
from exchange.columns import BAD, Column, Fault, TableKind, Values
from storage.networks import Duty
from storage.schedules import LimitRow


def _ordered(first: str, last: str, *columns: str) -> Callable[[Values], list[Fault]]:
    """Return a check that a range of days is not reversed."""
    column = columns[0] if columns else last

    def check(values: Values) -> list[Fault]:
        start, end = values[first], values[last]
        if start in (None, BAD) or end in (None, BAD) or start <= end:
            return []
        return [(column, Message("errors.range_reversed", first=start, last=end))]

    return check


def _check_link(values: Values) -> list[Fault]:
    faults = _ordered("valid_from", "valid_to")(values)
    if values["source"] is not BAD and values["source"] == values["target"]:
        faults.append(("to", Message("tables.link_to_itself")))
    return faults


def _check_tile(values: Values) -> list[Fault]:
    return [
        (name, Message("tables.tile_outside", most=MOST))
        for name in ("line", "place")
        if values[name] is not BAD and values[name] > MOST
    ]


def _limit(**values: Any) -> LimitRow:
    """Return a limit as the store takes it."""
    days = {
        name: values[name] and values[name].isoformat()
        for name in ("effective_from", "effective_to")
    }
    roll = int(values["roll"] == "yes")
    return LimitRow(**{**values, **days, "unit": values["unit"].value, "roll": roll})


_VALIDITY = (
    Column(
        "valid_from", ("生效日期", "启用日期", "起始日期", "有效期起", "自"), cells.day, blank=None
    ),
    Column(
        "valid_to", ("失效日期", "停用日期", "截止日期", "有效期止", "止"), cells.day, blank=None
    ),
)
_UNIT = Column("unit", ("单位", "单位代码"), cells.unit_code, required=True)
_SOURCE = Column("source", ("来源", "依据", "出处"))

UNITS = TableKind(
    "units",
    (
        Column("code", ("代码", "单位代码", "编码"), required=True),
        Column("name", ("名称", "单位名称", "单位"), required=True),
        Column("name_en", ("英文名称", "英文名")),
        Column("short", ("简称",)),
        Column(
            "kind",
            ("类别", "单位类别", "类型"),
            cells.one_of(
                tuple(Kind),
                {
                    "区域": Kind.REGION,
                    "省": Kind.REGION,
                    "市": Kind.CITY,
                    "城市": Kind.CITY,
                    "责任单位": Kind.DEPARTMENT,
                    "部门": Kind.DEPARTMENT,
                    "区": Kind.DISTRICT,
                    "区(县级市)": Kind.DISTRICT,
                    "县级市": Kind.DISTRICT,
                    "镇街": Kind.TOWN,
                    "镇街(国土所)": Kind.TOWN,
                    "巡查队": Kind.TEAM,
                },
            ),
            required=True,
        ),
        Column("parent", ("上级", "上级代码", "上级单位"), blank=None),
        *_VALIDITY,
        Column("aliases", ("别名",), cells.aliases, blank=(), show=cells.show_aliases),
        _SOURCE,
    ),
    ("code",),
    Unit,
    _ordered("valid_from", "valid_to"),
)
LINKS = TableKind(
    "links",
    (
        Column(
            "network",
            ("网络",),
            cells.one_of(
                (Network.HORIZONTAL, Network.SUPERVISION),
                {
                    "横向联动网络": Network.HORIZONTAL,
                    "横向": Network.HORIZONTAL,
                    "市级督导网络": Network.SUPERVISION,
                    "督导": Network.SUPERVISION,
                },
            ),
            required=True,
        ),
        Column("from", ("从", "起点单位"), cells.unit_code, required=True, field="source"),
        Column("to", ("到", "终点单位"), cells.unit_code, required=True, field="target"),
        *_VALIDITY,
    ),
    ("network", "from", "to", "valid_from"),
    Link,
    _check_link,
)
CONTACTS = ("phone", "email")
"""The columns of people that leave the store only when asked for."""
PEOPLE = TableKind(
    "people",
    (
        Column("login", ("登录名", "账号"), required=True),
        Column("name", ("姓名", "名称"), required=True),
        _UNIT,
        Column(
            "role",
            ("角色", "职责"),
            cells.one_of(
                tuple(Role),
                {
                    "联络员": Role.LIAISON,
                    "副联络员": Role.DEPUTY,
                    "副联络员(B岗)": Role.DEPUTY,
                    "分管负责人": Role.LEADER,
                    "督导员": Role.SUPERVISOR,
                    "管理员": Role.ADMIN,
                    "查看": Role.VIEWER,
                },
            ),
            required=True,
        ),
        Column("phone", ("电话", "手机", "联系电话"), repeats=False),
        Column("email", ("邮箱", "电子邮箱", "电子邮件"), repeats=False),
        *_VALIDITY,
    ),
    ("login", "unit", "role", "valid_from"),
    Person,
    _ordered("valid_from", "valid_to"),
)
SCHEDULES = TableKind(
    "schedules",
    (
        _UNIT,
        Column(
            "days",
            ("报送日", "报送频次"),
            cells.one_of(
                (Days.DAILY, Days.WORKDAYS), {"每日": Days.DAILY, "工作日": Days.WORKDAYS}
            ),
            required=True,
        ),
        Column("cutoff", ("截止时间", "截止时刻"), cells.clock, blank=None, show=cells.show_clock),
        Column("late_until", ("迟报截止", "迟报截止时间"), cells.late_until, blank=None),
        *_VALIDITY,
    ),
    ("unit", "valid_from"),
    Schedule,
    _ordered("valid_from", "valid_to"),
)
EXEMPTIONS = TableKind(
    "exemptions",
    (
        _UNIT,
        Column("from", ("自", "起", "开始日期"), cells.day, required=True, field="first"),
        Column("to", ("至", "止", "结束日期"), cells.day, required=True, field="last"),
        Column("reason", ("原因", "事由"), required=True),
        Column("approved_by", ("批准人", "审批人")),
    ),
    ("unit", "from", "to"),
    Exemption,
    _ordered("first", "last", "to"),
)
_REPORT_UNIT = Column("unit", ("单位", "单位代码"), cells.unit, required=True)
_REPORT_DAY = Column("date", ("日期", "报告日期"), cells.day, required=True)
REPORTS = TableKind(
    "reports",
    (
        _REPORT_UNIT,
        _REPORT_DAY,
        Column(
            "kind",
            ("类型", "报告类型", "报告类别", "类别"),
            cells.one_of(
                tuple(ReportKind),
                {
                    "零报告": ReportKind.ZERO,
                    "零报": ReportKind.ZERO,
                    "日报告": ReportKind.DAILY,
                    "日报": ReportKind.DAILY,
                },
            ),
            required=True,
        ),
        Column(
            "filed_at",
            ("报送时间", "上报时间"),
            cells.instant,
            required=True,
            show=cells.show_instant,
            repeats=False,
        ),
        Column("filed_by", ("报送人", "上报人"), blank=None),
        Column("summary", ("情况", "内容", "摘要")),
        Column(
            "areas_planned",
            ("计划片数", "计划巡查", "计划巡查片数"),
            cells.count,
            blank=None,
            show=cells.show_number,
        ),
        Column(
            "areas_patrolled",
            ("实巡片数", "实巡", "已巡片数", "实际巡查", "实际巡查片数"),
            cells.count,
            blank=None,
            show=cells.show_number,
        ),
        Column("reason", ("原因", "更正原因")),
    ),
    ("unit", "date", "filed_at"),
)
_ANSWER = cells.answer("yes", "no")
FINDINGS = TableKind(
    "findings",
    (
        _REPORT_UNIT,
        _REPORT_DAY,
        Column("no", ("序号", "编号"), cells.ordinal, required=True, show=cells.show_number),
        Column("location", ("位置", "地点"), required=True, repeats=False),
        Column("place", ("属地", "所在单位", "所在地"), cells.unit, required=True),
        Column("party", ("当事人", "违法主体", "用地单位"), repeats=False),
        Column("land_class", ("地类",), cells.land_class, required=True),
        Column("area", ("面积",), cells.area, required=True, show=cells.show_number),
        Column("cultivated_area", ("耕地面积",), cells.area, blank=None, show=cells.show_number),
        Column(
            "basic_farmland_area",
            ("基本农田面积",),
            cells.area,
            blank=None,
            show=cells.show_number,
        ),
        Column("use", ("用途",)),
        Column("existed_since", ("存在起始日期", "开始日期"), cells.day, blank=None),
        Column("conforms_plan", ("符合规划", "是否符合规划"), _ANSWER),
        Column("approved", ("已批准", "是否批准", "批准"), _ANSWER),
        Column(
            "key_project",
            ("重点项目", "是否重点项目"),
            cells.answer("national", "provincial", "yes", "no"),
        ),
        Column("source", ("来源", "线索来源"), repeats=False),
        Column("revision", ("版次",), cells.ordinal, blank=None, show=cells.show_number),
        Column("same_as", ("同一事项", "并入事项"), cells.matter_number, repeats=False),
    ),
    ("unit", "date", "revision", "no"),
)


def _matters(name: str, number: tuple[str, ...]) -> TableKind:
    """Return the table of a kind of matter that outside sources send, each with its number."""
    return TableKind(
        name,
        (
            Column("number", ("事项编号", "编号")),
            _REPORT_UNIT,
            Column(
                "received_at",
                ("接收时间", "受理时间", "下发时间", "接收日期", "受理日期", "下发日期"),
                cells.moment,
                required=True,
                show=cells.show_instant,
            ),
            Column("title", ("名称", "事由", "标题"), repeats=False),
            Column("place", ("属地", "所在单位", "所在地"), cells.unit, blank=()),
            Column("location", ("位置", "地点"), repeats=False),
            Column("party", ("当事人", "违法主体", "用地单位"), repeats=False),
            Column("land_class", ("地类",), cells.land_class),
            Column("area", ("面积",), cells.area, blank=None, show=cells.show_number),
            Column("existed_since", ("存在起始日期", "开始日期"), cells.day, blank=None),
            Column("source", ("来源", "线索来源", "批次")),
            Column("source_no", ("来源编号", *number), repeats=False),
        ),
        ("number", "source", "source_no"),
    )


LEADS = _matters("leads", ("举报编号", "线索编号", "信访编号"))
SATELLITE = _matters("satellite", ("图斑编号", "图斑号"))
WORKFLOWS = {LEADS.name: "lead", SATELLITE.name: "satellite"}
"""The workflow of each table of matters."""
DUTIES = TableKind(
    "duties",
    (
        _UNIT,
        Column("duty", ("职责", "责任"), required=True),
        Column("duty_en", ("英文职责", "职责英文")),
        _SOURCE,
    ),
    ("unit", "duty"),
    Duty,
)
LIMITS = TableKind(
    "limits",
    (
        Column("workflow", ("流程",), required=True),
        Column("step", ("步骤", "环节"), required=True),
        Column("after", ("起算", "起算环节"), required=True),
        Column("amount", ("时限", "数量"), cells.amount, required=True, show=cells.show_number),
        Column(
            "unit",
            ("计量", "单位"),
            cells.one_of(
                tuple(Measure),
                {
                    "小时": Measure.HOURS,
                    "日": Measure.DAYS,
                    "天": Measure.DAYS,
                    "工作日": Measure.WORKDAYS,
                    "月": Measure.MONTHS,
                },
            ),
            required=True,
        ),
        Column("effective_from", ("生效日期", "自"), cells.day, blank=None),
        Column("effective_to", ("失效日期", "止"), cells.day, blank=None),
        _SOURCE,
        Column("status", ("性质", "状态")),
        Column("roll", ("顺延",), cells.answer("yes", "no"), blank="no", show=cells.show_yes),
    ),
    ("workflow", "step", "after", "effective_from"),
    _limit,
    _ordered("effective_from", "effective_to"),
)

STANDARDS = TableKind(
    "standards",
    (
        Column("code", ("代码", "编号"), required=True),
        Column(
            "section",
            ("类别", "类"),
            cells.one_of(
                tuple(Section),
                {
                    "机构": Section.ORGANISATION,
                    "人员": Section.STAFF,
                    "场所": Section.PREMISES,
                    "装备": Section.EQUIPMENT,
                },
            ),
            required=True,
        ),
        Column("standard", ("标准", "检查内容"), required=True),
        Column("standard_en", ("英文标准", "标准英文")),
        _SOURCE,
    ),
    ("code",),
    Standard,
)
CHECKLIST = TableKind(
    "checklist",
    (
        _UNIT,
        Column("item", ("编号", "标准编号"), required=True),
        Column(
            "state",
            ("情况", "达标情况"),
            cells.one_of(
                tuple(State),
                {
                    "达标": State.MET,
                    "基本达标": State.PARTLY,
                    "不达标": State.NOT_MET,
                    "不适用": State.NOT_NEEDED,
                },
            ),
            required=True,
        ),
        Column("date", ("日期", "检查日期"), cells.day, required=True, field="day"),
        Column("evidence", ("依据", "佐证"), required=True, repeats=False),
    ),
    ("unit", "item"),
    Said,
)
TILES = TableKind(
    "tiles",
    (
        _UNIT,
        Column("line", ("行",), cells.ordinal, required=True, show=cells.show_number),
        Column("place", ("列",), cells.ordinal, required=True, show=cells.show_number),
    ),
    ("unit",),
    Tile,
    _check_tile,
)

EXCHANGED = {
    kind.name: kind
    for kind in (
        UNITS,
        LINKS,
        PEOPLE,
        SCHEDULES,
        EXEMPTIONS,
        LIMITS,
        STANDARDS,
        TILES,
        CHECKLIST,
        REPORTS,
        FINDINGS,
        LEADS,
        SATELLITE,
    )
}
"""What `import` and `export` know, in the order in which a store is filled."""
MATTERS = "matters"
"""The table of all matters with their states, which only `export` knows."""
EXPORTED = (*EXCHANGED, MATTERS)
"""What `export` knows."""
