"""The numbers of the last long run: kept in a file, and told in the pages about trust."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).parent / "numbers.json"
DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
PAGES = {"en": DOCS / "trust.md", "zh": DOCS / "trust.zh-CN.md"}
BEGIN, END = "<!-- numbers -->", "<!-- end of numbers -->"

WORDS = {
    "kill -9": "kill -9 次数",
    "filings acknowledged": "已给回执的报送",
    "filings lost": "丢失的报送",
    "imports killed": "导入中途被杀",
    "imports whole": "其中已整批写入(其余一行未写)",
    "filers at once": "同时报送的进程",
    "told to try again": "被告知稍后重试,重试后成功",
    "rows imported meanwhile": "同时导入的行",
    "readings meanwhile": "同时的读取",
    "backups meanwhile": "同时的备份",
    "writes on a full disk": "磁盘写满时的写入",
    "on a disk of their own": "其中在单独挂载的小磁盘上",
    "refused in a sentence": "以一句话拒绝且未改动",
    "written whole": "完整写入",
    "copies damaged": "损坏的副本",
    "seen by the engine": "其中数据库引擎能查出的",
    "commands on them": "在其上执行的命令",
    "answered": "照常回答",
    "told of damage": "报告损坏或拒绝",
    "tables tried": "恶意表格",
    "taken in": "其中导入",
    "rows rejected": "退回的行",
    "refused": "拒绝的表格",
    "calls tried": "恶意命令行",
    "carried out": "其中照办",
    "configurations tried": "恶意配置",
    "registries tried": "恶意单位表文件夹",
    "texts spoilt": "写入控制字符等的文字",
    "pages looked at": "检查过的输出",
    "inputs of the fuzzer": "覆盖率引导模糊测试的输入",
}
"""Everything that campaigns count, with its words in Chinese."""


@dataclass(frozen=True, slots=True)
class Run:
    """A long run: its day, how long it was in minutes, what it ran on, and what it counted."""

    day: str
    minutes: int
    python: str
    sqlite: str
    counts: Mapping[str, int]


def load() -> Run:
    """Return the last run that was kept."""
    return Run(**json.loads(FILE.read_text(encoding="utf-8")))


def keep(run: Run) -> None:
    """Keep a run in place of the last, and tell it in the pages."""
    FILE.write_text(json.dumps(asdict(run), indent=2) + "\n", encoding="utf-8")
    for page in PAGES.values():
        page.write_text(published(page, run), encoding="utf-8")


def published(page: Path, run: Run) -> str:
    """Return a page with the numbers of a run in their place."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    chinese = page == PAGES["zh"]
    lines = _table(run, chinese=chinese)
    return "\n".join([before + BEGIN, "", *lines, "", END + after])


def _table(run: Run, *, chinese: bool) -> list[str]:
    if chinese:
        about = f"{run.day},{run.minutes} 分钟,Python {run.python},SQLite {run.sqlite}:"
        head = "| 项目 | 数量 |"
    else:
        about = f"{run.day}, {run.minutes} minutes, Python {run.python}, SQLite {run.sqlite}:"
        head = "| what | how many |"
    rows = [
        f"| {WORDS[name] if chinese else name} | {run.counts[name]:,} |"
        for name in WORDS
        if name in run.counts
    ]
    return [about, "", head, "|---|---:|", *rows]
