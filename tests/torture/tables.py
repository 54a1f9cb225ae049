"""Hostile tables: broken encodings, marks, quotes, numbers, headers, archives and sizes.

Every file is taken in, or refused with exit 1 to 4 and a sentence; what is refused leaves the store
as it was, and what was taken in changes nothing when it comes a second time.
"""

from __future__ import annotations

import io
import json
import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import xlsxwriter

from tests.torture.shown import PIECES
from tests.torture.stage import AT, Answer, Counts, Failure, alone, call, city_with_a_past

CORPUS = Path(__file__).parent / "corpus"

HEADERS = {
    "reports": "unit,date,kind,filed_at,filed_by,summary,areas_planned,areas_patrolled,reason",
    "findings": "unit,date,no,location,place,party,land_class,area,cultivated_area,use,source",
    "units": "code,name,kind,parent,valid_from,valid_to,aliases,source",
    "people": "login,name,unit,role,phone,email,valid_from,valid_to",
    "links": "network,from,to,valid_from,valid_to",
    "schedules": "unit,days,cutoff,late_until,valid_from,valid_to",
    "exemptions": "unit,from,to,reason,approved_by",
    "limits": "workflow,step,after,amount,unit,effective_from,effective_to,source,roll",
    "leads": "unit,received_at,title,location,area,source,source_no",
    "satellite": "unit,received_at,title,location,area,source,source_no",
}
CELLS = (
    *("D1", "D2", "T1", "东区", "d1", "C", "N9", "", " ", "x"),
    *("2026-11-17", "2026/11/17", "2026年11月17日", "2026-02-30", "9999-12-31", "0001-01-01"),
    *("2026-11-17 16:00", "2026-11-17T08:00:00Z", "2026-11-17 24:00", "1e9", "45000.5"),
    *("zero", "daily", "零报告", "district", "town", "liaison", "admin", "horizontal", "workdays"),
    *("0", "1", "-1", "1.0", "1e308", "NaN", "999999999999999999999", "3.5亩", "0.2公顷", "½", "①"),
    *(
        "17:00",
        "25:00",
        "+1d 12:00",
        "finding",
        "verify",
        "found",
        "yes",
        "cultivated",
        "|",
        "a|b|a",
    ),
    *("行" * 9000, "x" * 40000, "\ud800", "\x00", "a\x00b"),
    *PIECES,
)
ENDS = ("\n", "\r\n", "\r", "\n\n", "\u2028", "\n\r")
FORMATS = ("csv", "json", "jsonl", "xlsx")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32", "latin-1", "big5")


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Import `length` hostile tables; return what came of them."""
    dice = random.Random(seed)
    counts = dict.fromkeys(("tables tried", "taken in", "rows rejected", "refused"), 0)
    with alone(folder):
        sound = city_with_a_past(folder).read_bytes()
        place = folder / "used.db"
        place.write_bytes(sound)
        kept = _content(place)
        for number in range(length):
            kind = dice.choice(tuple(HEADERS))
            name, data = _file(kind, dice)
            path = folder / f"{number}{name}"
            path.write_bytes(data)
            try:
                changed = _take(kind, path, place, kept, dice, counts)
            except Failure as failure:
                raise Failure(f"seed {seed}, table {number} ({path.name}): {failure}") from failure
            if changed:
                for left in folder.glob("used.db*"):
                    left.unlink()
                place.write_bytes(sound)
            path.unlink()
    return counts


def _take(
    kind: str, path: Path, place: Path, kept: object, dice: random.Random, counts: Counts
) -> bool:
    """Import a table, and hold what must come of it; return whether it changed the store."""
    words = ["import", kind, str(path)]
    if dice.random() < 0.3:
        words += ["--keep-going"]
    if dice.random() < 0.3:
        words += ["--rejects", str(path.with_name("rejected.csv"))]
    if dice.random() < 0.2:
        words += ["-f", "json"]
    counts["tables tried"] += 1
    rehearsed = call([*words, "--dry-run"], place, at=AT)
    if _content(place) != kept:
        raise Failure("a dry run changed the store")
    done = call(words, place, at=AT)
    if done.code not in (0, 1, 2, 3, 4) or rehearsed.code != done.code:
        raise Failure(f"ended with {done.code} after a dry run's {rehearsed.code}: {done.err}")
    counts["taken in" if done.code == 0 else "refused"] += 1
    new, amended, _, rejected = _tally(done)
    counts["rows rejected"] += rejected
    changed = _content(place) != kept
    if changed != bool(new + amended) and kind not in ("leads", "satellite"):
        raise Failure(f"said {new} new, {amended} amended; the store changed: {changed}")
    if done.code == 0:
        again = call(words, place, at=AT)
        if again.code or any(_tally(again)[:2]):
            raise Failure(f"a second time: {again.code}, {again.err}")
    return changed


def _tally(answer: Answer) -> tuple[int, int, int, int]:
    last = answer.err.strip().splitlines()[-1] if answer.err.strip() else ""
    words = last.replace(",", "").split()
    if words[:1] != ["imported"]:
        return 0, 0, 0, 0
    return int(words[1]), int(words[3]), int(words[5]), int(words[7])


def _content(place: Path) -> list[object]:
    with closing(sqlite3.connect(place)) as engine:
        tables = engine.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            engine.execute(f"SELECT * FROM {name}").fetchall()
            for (name,) in tables
            if name not in ("events", "sqlite_sequence", "meta")
        ]


def _file(kind: str, dice: random.Random) -> tuple[str, bytes]:
    """Return the ending and the bytes of a table that is hostile in some way."""
    seeds = [
        each
        for name in ("csv", "json", "jsonl", "xlsx")
        for each in sorted((CORPUS / name).glob("*"))
    ]
    if seeds and dice.random() < 0.15:
        chosen = dice.choice(seeds)
        return f".{chosen.parent.name}", _torn(chosen.read_bytes(), dice)
    makers: tuple[Callable[[str, random.Random], tuple[str, bytes]], ...]
    makers = (_csv, _csv, _csv, _json, _jsonl, _xlsx, _archive)
    ending, data = dice.choice(makers)(kind, dice)
    return ending, _torn(data, dice) if dice.random() < 0.25 else data


def _rows(kind: str, dice: random.Random) -> list[list[str]]:
    header = HEADERS[kind].split(",")
    if dice.random() < 0.25:
        spoil = dice.choice((_double, _drop, _strange, _many))
        header = spoil(header, dice)
    rows = [header]
    for _ in range(dice.choice((0, 1, 1, 2, 5))):
        width = max(0, len(header) + dice.choice((0, 0, 0, 0, -1, 1, 3)))
        rows.append(
            [_cell(header[place] if place < len(header) else "", dice) for place in range(width)]
        )
    return rows


def _cell(header: str, dice: random.Random) -> str:
    likely = {
        "unit": ("D1", "D2", "T1"),
        "date": ("2026-11-17", "2026-11-18"),
        "kind": ("zero", "daily", "town"),
        "filed_at": ("2026-11-18 16:00", "2026-11-19T08:00:00Z"),
        "code": ("N1", "N2", "N3"),
        "login": ("n1", "n2"),
        "role": ("liaison", "viewer"),
        "received_at": ("2026-11-18 16:00",),
        "no": ("1", "2"),
        "land_class": ("cultivated", "unused"),
        "area": ("50", "3亩"),
        "network": ("horizontal",),
        "days": ("daily",),
    }.get(header, ("甲", "text"))
    return dice.choice(likely if dice.random() < 0.8 else CELLS)


def _double(header: list[str], dice: random.Random) -> list[str]:
    return [*header, dice.choice(header)]


def _drop(header: list[str], dice: random.Random) -> list[str]:
    return [name for name in header if dice.random() < 0.8]


def _strange(header: list[str], dice: random.Random) -> list[str]:
    return [*header, dice.choice(CELLS)]


def _many(header: list[str], dice: random.Random) -> list[str]:
    return header + [f"c{number}" for number in range(dice.choice((999, 5000)))]


def _csv(kind: str, dice: random.Random) -> tuple[str, bytes]:
    lines = []
    for row in _rows(kind, dice):
        cells = [
            '"' + cell.replace('"', '""') + '"' if dice.random() < 0.5 else cell for cell in row
        ]
        lines.append(dice.choice((",", ",", ",", ",", ";", "\t")).join(cells))
    one = dice.choice(ENDS) if dice.random() < 0.3 else "\n"
    text = "".join(line + (dice.choice(ENDS) if dice.random() < 0.1 else one) for line in lines)
    encoding = dice.choice(ENCODINGS) if dice.random() < 0.3 else "utf-8"
    data = text.encode(encoding, "replace" if encoding != "utf-8" else "surrogatepass")
    return ".csv", b"\xef\xbb\xbf" * (dice.random() < 0.1) + data


def _json(kind: str, dice: random.Random) -> tuple[str, bytes]:
    header, *rows = _rows(kind, dice)
    values: tuple[object, ...] = (
        None,
        5,
        -0.5,
        1e308,
        float("inf"),
        True,
        [],
        ["a"],
        {"a": {}},
        10**400,
    )
    records: list[object] = [
        {
            name: dice.choice(values) if dice.random() < 0.1 else cell
            for name, cell in zip(header, row, strict=False)
        }
        for row in rows
    ]
    if dice.random() < 0.1:
        records.append(dice.choice((None, [], "x", 5)))
    text = json.dumps(records, ensure_ascii=dice.random() < 0.5)
    if dice.random() < 0.05:
        text = "[" * 3000 + text + "]" * 3000
    return ".json", text.encode("utf-8", "surrogatepass")


def _jsonl(kind: str, dice: random.Random) -> tuple[str, bytes]:
    _, data = _json(kind, dice)
    try:
        records = json.loads(data)
    except (ValueError, RecursionError):
        return ".jsonl", data
    lines = (
        [json.dumps(record) for record in records] if isinstance(records, list) else [str(records)]
    )
    return ".jsonl", dice.choice(ENDS[:2]).join(lines).encode()


def _xlsx(kind: str, dice: random.Random) -> tuple[str, bytes]:
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(_rows(kind, dice)):
            for place, cell in enumerate(row):
                text = cell[:32767].encode("utf-8", "replace").decode().replace("\0", "?")
                if dice.random() < 0.05:
                    sheet.write_formula(number, place, "=1+1", None, dice.choice((2, "x", "#N/A")))
                elif dice.random() < 0.1:
                    sheet.write_number(number, place, dice.choice((5, 46000.7, -1, 1e20)))
                else:
                    sheet.write_string(number, place, text)
    return ".xlsx", into.getvalue()


def _archive(kind: str, dice: random.Random) -> tuple[str, bytes]:
    """Return a workbook with a part exchanged for something else."""
    _, data = _xlsx(kind, dice)
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(into, "w") as new:
        parts = old.namelist()
        spoilt = dice.choice(parts)
        for name in parts:
            part = old.read(name)
            if name == spoilt:
                part = dice.choice((_torn(part, dice), b"", b"<", b"\0" * (1 << 20), part * 2))
            form = dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
            new.writestr(name, part, form)
    return ".xlsx", into.getvalue()


def _torn(data: bytes, dice: random.Random) -> bytes:
    """Return bytes with some changed, doubled, put in or taken away."""
    found = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5))):
        if not found:
            break
        at = dice.randrange(len(found))
        match dice.randrange(5):
            case 0:
                found[at] = dice.randrange(256)
            case 1:
                del found[at : at + dice.choice((1, 8, 100))]
            case 2:
                found[at:at] = dice.choice((b"\0", b'"', b",", b"\r", b"\xff", b"\xef\xbb\xbf"))
            case 3:
                found[at:at] = found[at : at + dice.choice((1, 16, 200))]
            case _:
                del found[at:]
    return bytes(found)
