"""Writes the command-line reference, docs/cli.md and docs/cli.zh-CN.md, from the program itself.

`python docs/reference.py` writes both; with `--check` it writes nothing and exits 1 where one
of them is not what the program says of itself now.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import catalogue
from commands import helping
from commands.call import Call, Globals
from commands.frame import PROGRAM
from commands.parsing import root

FOLDER = Path(__file__).resolve().parent
PAGES = {"en": FOLDER / "cli.md", "zh": FOLDER / "cli.zh-CN.md"}
WIDTH = "96"
"""Columns of the pages, whatever terminal they are made in."""

OPENING = {
    "en": """# Command line

*Written by `docs/reference.py` from the program; see `make docs-check`.*

Options that stand before the command hold for all of them. Who acts is the login of the operating
system, looked up in the people table. Data goes to stdout, everything else to stderr.

- Units are named by their code, or by any of their names where that is unambiguous.
- Dates are `2026-11-23`, `today`, `yesterday`, or `-3` for three days ago.
- `--as-of` answers as it was known then: `2026-11-23T09:00:00Z`, local time without an offset, and
  a bare date is its last second. The registry, schedules and exemptions are as they stand now.
- `-f json` is one document, `ndjson` one line for each row, `csv` has a header row. Their keys and
  codes are the same in both languages; instants are UTC, dates ISO, absent values `null`. In CSV a
  text that a spreadsheet would take for a formula has a `'` before it, as in an export.

| exit code | |
|---|---|
| 0 | done; an empty list too |
| 1 | a check found something, or an import rejected rows |
| 2 | wrong usage |
| 3 | not found: store, unit, report, obligation |
| 4 | refused by a rule or a permission |
| 5 | busy or in conflict: nothing was written, try again |
| 6 | the store is damaged, not a store of this program, or newer than it |
""",
    "zh": """# 命令行

*由 `docs/reference.py` 从程序生成;检查用 `make docs-check`。*

写在命令之前的选项对所有命令有效。谁在操作,看操作系统登录名在人员表里是谁。数据写到标准输出,其余写到
标准错误。

- 单位写代码;名称、简称、别名不致混淆时也可以。
- 日期写 `2026-11-23`、`today`、`yesterday`,或 `-3`(三天前)。
- `--as-of` 按当时所知回答:`2026-11-23T09:00:00Z`;不带时区的是本地时间,只写日期即当日最后一秒。
  单位、日程和免报以现在为准。
- `-f json` 是一个文档,`ndjson` 每行一条,`csv` 首行为列名。键和代码不随语言改变;时刻为 UTC,日期为
  ISO 格式,没有值的是 `null`。CSV 里会被表格软件
  当作公式的文字前有 `'`,与导出相同。

| 退出码 | |
|---|---|
| 0 | 完成;列表为空也是完成 |
| 1 | 检查发现问题,或导入时有行被拒绝 |
| 2 | 写法不对 |
| 3 | 没有找到:数据文件、单位、报告、责任事项 |
| 4 | 规则或权限不允许 |
| 5 | 正忙或有冲突:没有写入,请重试 |
| 6 | 数据文件已损坏、不是本程序的,或由更新的版本建立 |
""",
}


def page(language: str) -> str:
    """Return the reference in one language."""
    os.environ["COLUMNS"] = WIDTH
    before = catalogue.language()
    catalogue.use(language)
    try:
        program = root()
        call = Call(Globals(), {}, 0)
        context = program.make_context(PROGRAM, [], obj=call, resilient_parsing=True)
        return OPENING[language] + "".join(_entries(program, context, 2))
    finally:
        catalogue.use(before)


def _entries(command: Any, context: Any, level: int) -> Iterator[str]:
    yield f"\n{'#' * level} {context.command_path}\n\n"
    yield f"```text\n{helping.page(command, context).rstrip()}\n```\n"
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        inner = command.get_command(context, name)
        inside = inner.make_context(name, [], parent=context, resilient_parsing=True)
        yield from _entries(inner, inside, min(level + 1, 3))


def stale() -> list[Path]:
    """Return the pages that are not what the program says of itself now."""
    return [
        path
        for language, path in PAGES.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != page(language)
    ]


def main(words: list[str]) -> int:
    """Write the pages, or with `--check` compare them; return the exit code."""
    if words == ["--check"]:
        found = [path.name for path in stale()]
        if found:
            print(f"docs/: stale: {', '.join(found)}; run python docs/reference.py")
        return int(bool(found))
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
