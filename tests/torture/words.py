"""Hostile words: values of every option and argument, configurations, registry folders.

Every call is carried out, or refused with a code of the contract and a sentence.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typer

from commands.call import Call, Globals
from commands.parsing import root
from tests.torture.shown import PIECES, STEERING
from tests.torture.stage import AT, Counts, Failure, alone, call, city_with_a_past
from tests.torture.tables import CELLS, CORPUS

EXAMPLE = Path(__file__).resolve().parent.parent.parent / "config.example.toml"
VALUES = (
    *CELLS,
    *PIECES,
    *("--", "-", "--help", "-3", "−3", "today", "yesterday", "2026-11-16", "2026-11-23T09:00Z"),
    *(
        "F-2026-0001",
        "R-20261122-D1",
        "60 days",
        "3 workdays",
        "1 months",
        "4h",
        "2d",
        "99999999999d",
    ),
    *("5/6", "6/5", "1/0", "１/２", "location=x,area=1,land_class=unused", "=,=", "k=v", "a=b=c"),
    *(
        "horizontal",
        "vertical",
        "json",
        "csv",
        "unit",
        "month",
        "2026-01-01..2026-01-05",
        "..",
        "A..B",
    ),
    *("/", "/dev/null", "/dev/full", "/proc/self/mem", ".", "..", "~", "\udcff", "x" * 5000),
    *("2026", "2026H1", "2026-11", "0000-00-00", "9999-12-31", "10000-01-01", "٢٠٢٦-١١-١٦"),
)
_NEVER = ("--help", "--install-completion", "--show-completion")


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Try `length` calls, a fifth as many configurations, and as many registry folders."""
    dice = random.Random(seed)
    counts = dict.fromkeys(
        ("calls tried", "carried out", "configurations tried", "registries tried"), 0
    )
    with alone(folder):
        sound = city_with_a_past(folder).read_bytes()
        place = folder / "used.db"
        for number in range(length):
            if number % 20 == 0:
                for left in folder.glob("used.db*"):
                    left.unlink()
                place.write_bytes(sound)
            words = _words(dice, folder)
            try:
                answer = call(words, place, at=AT, login=dice.choice(("admin", "d1", "x")))
                if STEERING.search(answer.err):
                    raise Failure(f"{words!r} steers the terminal: {answer.err!r}")
            except Failure as failure:
                raise Failure(f"seed {seed}, call {number}: {failure}") from failure
            counts["calls tried"] += 1
            counts["carried out"] += answer.code in (0, 1)
        place.write_bytes(sound)
        for number in range(length // 5):
            _configure(seed, number, dice, place, folder)
            counts["configurations tried"] += 1
            _register(seed, number, dice, folder)
            counts["registries tried"] += 1
    return counts


@cache
def commands() -> tuple[tuple[tuple[str, ...], tuple[Any, ...]], ...]:
    """Return every command of the program with its options and arguments."""
    call = Call(Globals(), {}, AT)
    program = root()
    context = typer.Context(program, obj=call)

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        if not hasattr(command, "list_commands"):
            yield path, command
            return
        for name in command.list_commands(context):
            yield from below(command.get_command(context, name), (*path, name))

    return tuple((path, tuple(command.get_params(context))) for path, command in below(program, ()))


def _words(dice: random.Random, folder: Path) -> list[str]:
    path, params = dice.choice(commands())
    words = list(path)
    for param in params:
        name = param.opts[-1]
        if name in _NEVER:
            continue
        argument = not name.startswith("-")
        if not argument and dice.random() > (0.9 if param.required else 0.3):
            continue
        if argument and dice.random() > 0.95:
            continue
        flag = getattr(param, "is_flag", False)
        for _ in range(2 if dice.random() < 0.1 else 1):
            words += [] if argument else [name]
            words += [] if flag else [_value(param, dice, folder)]
    if dice.random() < 0.05:
        words.insert(dice.randrange(len(words) + 1), dice.choice(VALUES))
    # No argument of a process holds a NUL.
    return [word.replace("\0", "?") for word in words]


def _value(param: Any, dice: random.Random, folder: Path) -> str:
    choices = getattr(param.type, "choices", None)
    if choices and dice.random() < 0.8:
        return str(getattr(dice.choice(list(choices)), "value", dice.choice(list(choices))))
    name = param.opts[-1].strip("-")
    if name in ("file", "target", "rejects", "findings", "source", "load", "output"):
        return str(
            folder / dice.choice(("in.csv", "out.csv", "out.xlsx", "no/such.json", "x" * 300))
        )
    likely = {
        "unit": ("D1", "D2", "T1"),
        "number": ("F-2026-0001", "F-2026-0002"),
        "login": ("d1", "new"),
        "from": ("2026-11-16", "-3"),
        "to": ("2026-11-20", "today"),
        "date": ("2026-11-20", "yesterday"),
        "step": ("stop", "verify"),
        "workflow": ("finding", "lead"),
    }.get(name, ("文字", "2026-11-20"))
    return dice.choice(likely if dice.random() < 0.5 else VALUES)


def _configure(seed: int, number: int, dice: random.Random, place: Path, folder: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for _ in range(dice.choice((1, 1, 2, 5))):
        at = dice.randrange(len(lines))
        line = lines[at]
        match dice.randrange(6):
            case 0:
                key = line.partition("=")[0]
                lines[at] = f"{key}= {_toml(dice)}"
            case 1:
                del lines[at : at + dice.choice((1, 5))]
            case 2:
                lines.insert(at, line)
            case 3:
                lines.insert(at, dice.choice((*VALUES, "[x]", "[[x]]", "a.b.c = 1", "= 1")))
            case 4:
                lines[at] = line[: dice.randrange(len(line) + 1)]
            case _:
                lines[at] = line.lstrip("# ")
        if not lines:
            break
    text = "\n".join(lines) + "\n"
    path = folder / "config.toml"
    path.write_bytes(text.encode("utf-8" if dice.random() < 0.9 else "utf-16", "surrogatepass"))
    for words in (("config", "show"), ("board", "-f", "json"), ("overdue",)):
        try:
            call(("--config", str(path), *words), place, at=AT)
        except Failure as failure:
            path.rename(folder / "failing.toml")
            raise Failure(f"seed {seed}, configuration {number}: {failure}\n{text}") from failure


def _toml(dice: random.Random) -> str:
    text = dice.choice(VALUES).replace("\\", "").replace('"', "")
    return dice.choice(
        (
            f'"{text}"',
            "1",
            "-1",
            "1e400",
            "nan",
            "true",
            "[]",
            '["a"]',
            "[1, 2]",
            "{}",
            "{a = 1}",
            "17:00:00",
            "2026-11-16",
            "2026-11-16T00:00:00Z",
            "9" * 400,
            "0x7fffffffffffffffff",
            '""',
        )
    )


def _register(seed: int, number: int, dice: random.Random, folder: Path) -> None:
    """Make a registry folder with circles, orphans and overlaps, and found a store from it."""
    registry = folder / f"registry{number}"
    registry.mkdir()
    codes = [f"U{n}" for n in range(dice.choice((1, 3, 8, 30)))]
    rows = []
    for place, code in enumerate(codes):
        above = codes[place - 1] if place else ""
        parent = dice.choice((above, above, above, code, dice.choice(codes), "NOBODY", ""))
        kind = dice.choice(("city", "district", "town", "team", "department", "district"))
        valid = dice.choice((",", ",", "2026-01-01,2025-01-01", "2010-01-01,2014-01-01", "x,"))
        rows.append(
            [
                code if dice.random() < 0.95 else dice.choice(codes),
                f"单位{code}",
                kind,
                parent,
                valid,
            ]
        )
    tables = {
        "units": ["code,name,kind,parent,valid_from,valid_to", *map(",".join, rows)],
        "links": ["network,from,to,valid_from,valid_to", *_links(codes, dice)],
        "people": ["login,name,unit,role", *_people(codes, dice)],
        "schedules": ["unit,days,cutoff,late_until,valid_from,valid_to", *_schedules(codes, dice)],
        "exemptions": ["unit,from,to,reason", *_exemptions(codes, dice)],
    }
    for name, lines in tables.items():
        if name == "units" or dice.random() < 0.7:
            (registry / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if dice.random() < 0.2:
        seeds = sorted((CORPUS / "workflows").glob("*"))
        text = dice.choice(seeds).read_text(encoding="utf-8") if seeds else "[x]\n"
        (registry / "workflows.toml").write_text(text, encoding="utf-8")
    store = folder / f"registry{number}.db"
    try:
        made = call(("init", "--registry", str(registry), "--starts", "2026-11-16"), store, at=AT)
        if made.code == 0:
            for words in (("board", "--all"), ("network", "vertical", "-f", "tree"), ("gaps",)):
                call(words, store, at=AT)
        elif store.exists():
            raise Failure("a registry was refused, and a store stands")
    except Failure as failure:
        raise Failure(f"seed {seed}, registry {number}: {failure}") from failure
    for left in folder.glob(f"registry{number}.db*"):
        left.unlink()


def _links(codes: Sequence[str], dice: random.Random) -> list[str]:
    networks = ("horizontal", "supervision", "vertical")
    return [
        f"{dice.choice(networks[: dice.choice((2, 2, 2, 3))])},{dice.choice(codes)},"
        f"{dice.choice(codes)},{dice.choice(('', '2026-01-01', '2026-06-01'))},"
        for _ in range(dice.randrange(6))
    ]


def _people(codes: Sequence[str], dice: random.Random) -> list[str]:
    roles = ("liaison", "deputy", "leader", "admin", "king")
    return [
        f"p{dice.randrange(4)},某人,{dice.choice((*codes, 'X'))},{dice.choice(roles)}"
        for _ in range(dice.randrange(6))
    ]


def _schedules(codes: Sequence[str], dice: random.Random) -> list[str]:
    cutoffs, lates = (
        ("", "17:00", "00:00", "24:00"),
        ("", "23:59", "+1d 12:00", "16:00", "+99d 1:00"),
    )
    return [
        f"{dice.choice(codes)},{dice.choice(('daily', 'workdays', 'none'))},{dice.choice(cutoffs)},"
        f"{dice.choice(lates)},{dice.choice(('', '2026-11-01'))},{dice.choice(('', '2026-12-01'))}"
        for _ in range(dice.randrange(5))
    ]


def _exemptions(codes: Sequence[str], dice: random.Random) -> list[str]:
    days = ("2026-11-16", "2026-11-20", "2026-12-31", "1000-01-01", "9999-12-31")
    return [
        f"{dice.choice(codes)},{dice.choice(days)},{dice.choice(days)},{dice.choice(('放假', ''))}"
        for _ in range(dice.randrange(4))
    ]
