"""The words of the demo's reports: accounts as liaisons write them, with parties by role."""

from __future__ import annotations

from random import Random

ZERO_NOTES = ("", "", "", "今日巡查上述区域,未发现新增违法用地。", "重点地块已复查,无新增。")
PARTIAL_NOTES = (
    "{place}片区道路施工,未能到达,明日补巡。",
    "午后暴雨,{place}片区未巡完,明日补巡。",
    "巡查车辆检修,{place}片区改由明日巡查。",
)

SPOTS = (
    "省道北侧地块",
    "村道东侧空地",
    "旧砖厂旁",
    "河涌北岸",
    "工业园西侧",
    "高架桥底",
    "鱼塘南侧",
    "苗圃旁",
    "旧农贸市场后",
)
PARTIES = (
    "某砂石场",
    "某汽修厂",
    "某物流公司",
    "某养殖户",
    "某村民",
    "某建材经营部",
    "某驾校",
    "某果蔬合作社",
)
USES = (
    "推土堆料",
    "搭建铁皮棚",
    "硬化地面作停车场",
    "挖塘取土",
    "扩建厂房",
    "堆放建筑余泥",
    "新建砖混房屋",
)
SOURCES = ("巡查发现", "巡查发现", "群众反映", "视频监控")
FOLLOW_UPS = (
    "已当场制止并发出停工通知书,明日复查",
    "已责令停工,通知镇街跟进核查",
    "已现场制止,机械设备撤离,待核实用地手续",
)
REVISITS = (
    "复查{place}{spot}整改情况:{party}已自行清理{use}现场,无反弹,无新增违法用地。",
    "{place}{spot}({party}{use})已停工,警示牌完好;其余片区巡查正常。",
    "配合{place}开展联合整治,督促{party}恢复{spot}原状;当日无新增违法用地。",
)

DUTIES = {
    "DISC": ("抽查{district}报送和巡查台账,发现漏填{n}处,已要求当日整改。",),
    "PROC": ("受理移送非法占用农用地线索{n}宗,已与{district}对接补充材料。",),
    "COURT": ("受理{district}违法用地强制执行申请{n}件,裁定准予执行。",),
    "POLICE": ("配合{district}现场制止违法用地{n}处,维持现场秩序,无冲突。",),
    "LAND": ("立案查处{n}宗,其中{district}1宗;对在建违法用地下达停工通知书。",),
    "DRC": ("对{district}{n}个未取得用地手续的项目暂缓审批,已书面告知申请人。",),
    "CONS": ("核查在建项目{n}个,{district}1个项目未办用地手续,不予核发施工许可。",),
    "PLAN": ("核查{district}地块{n}宗是否符合规划,出具意见书。",),
    "HRSS": ("办结{district}用地报批社保审核{n}件。",),
    "JUST": ("在{district}开展国土法规宣传{n}场,为镇街执法提供法律意见。",),
    "URBAN": ("会同{district}拆除违法搭建{n}处。",),
    "AIC": ("{district}{n}户经营场所位于违法用地,不予登记,已抄告属地。",),
    "FIN": ("协调金融机构对{district}{n}个违法用地项目停止授信。",),
    "POWER": ("应{district}函请,对违法用地{n}处停止供电。",),
    "WATER": ("应{district}函请,对违法用地{n}处停止供水。",),
    "RENT": ("巡查出租屋时发现疑似违法建房{n}处,线索已转{district}。",),
}
OTHER_DUTIES = ("配合{district}处置违法用地{n}处,已办结。",)

REASONS_AREA = ("复测后更正面积", "按测绘成果更正面积", "核对图斑后更正耕地面积")
REASONS_ZERO = ("收到群众反映后复核,发现1处新增堆料", "夜间复巡发现1处新增推土")
REASONS_COUNT = ("漏计1片补巡区域", "实巡片数录入有误")
REASON_LATER = "事后收到处置反馈,零报告改为日报告"
REASONS_TEXT = ("补充办理结果", "更正宗数")
SUPPLEMENTS = ("(补充:已书面回复属地)", "(更正:办理材料已归档)")


def duty_account(rng: Random, code: str, district: str) -> str:
    """Return what a department did that day, in a sentence."""
    text = rng.choice(DUTIES.get(code, OTHER_DUTIES))
    return text.format(district=district, n=rng.randint(1, 3))


def revisit_account(rng: Random, place: str) -> str:
    """Return what a patrol saw at an old site, with nothing new found."""
    return rng.choice(REVISITS).format(
        place=place, spot=rng.choice(SPOTS), party=rng.choice(PARTIES), use=rng.choice(USES)
    )


def findings_account(rng: Random, patrolled: int, found: int) -> str:
    """Return what a patrol says of the day on which it found something."""
    return f"巡查{patrolled}片,发现疑似违法用地{found}处,{rng.choice(FOLLOW_UPS)}。"
