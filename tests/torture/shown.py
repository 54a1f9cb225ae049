"""Text that would steer a terminal, turn a line round or be a formula: in every text of a store.

Whatever command shows it, in whatever format and language, nothing of it is obeyed.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.torture.flipping import READING
from tests.torture.stage import AT, Answer, Counts, Failure, alone, call, city_with_a_past

STEERING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
PIECES = (
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[31m",
    "\x9b31m",
    "\x1bP+q\x1b\\",
    "\x08\x08\x08",
    "\r",
    "\r\n",
    "\n",
    "\t",
    "\u0085",
    "\u2028",
    "\u202etxet\u202c",
    "\u2066\u2069",
    "\u200b\u200d\ufeff",
    "\u00ad",
    "\U000e0041\U000e007f",
    '=HYPERLINK("x")',
    "+1",
    "-1",
    "@SUM(1)",
    "＝1",
    "'=1",
    "[red]x[/red]",
    "[/]",
    "{x}",
    "%s%n",
    "\"'`$(x);|",
    "a\u0301\u0301\u0301",
    "😀👨‍👩‍👧",
    "名" * 300,
)
TEXTS = (
    ("units", "name"),
    ("units", "name_en"),
    ("units", "short"),
    ("units", "source"),
    ("people", "name"),
    ("people", "phone"),
    ("people", "email"),
    ("duties", "duty"),
    ("duties", "duty_en"),
    ("duties", "source"),
    ("exemptions", "reason"),
    ("exemptions", "approved_by"),
    ("limits", "source"),
    ("limits", "status"),
    ("reports", "summary"),
    ("reports", "reason"),
    ("reports", "filed_by"),
    ("findings", "location"),
    ("findings", "party"),
    ("findings", "use"),
    ("findings", "source"),
    ("matters", "title"),
    ("matters", "location"),
    ("matters", "party"),
    ("matters", "source"),
    ("matter_entries", "text"),
    ("matter_entries", "login"),
    ("matter_entries", "real_login"),
)
FORMATS = ("table", "json", "ndjson", "csv")
GRAPHS = tuple(
    ("network", name, "-f", form)
    for name in ("horizontal", "vertical", "supervision")
    for form in ("tree", "dot", "mermaid")
)
WORDS = tuple(
    dict.fromkeys(
        words[: words.index("-f")] if "-f" in words else words
        for words in READING
        if words[0] not in ("export", "doctor") and words != ("audit", "verify")
    )
)
EXPORTS = tuple(
    ("export", kind)
    for kind in (
        "units",
        "links",
        "people",
        "exemptions",
        "limits",
        "reports",
        "findings",
        "matters",
    )
)


def campaign(seed: int, length: int, folder: Path) -> Counts:
    """Spoil `length` stores, and let commands show what is in them; return the counts."""
    dice = random.Random(seed)
    counts = dict.fromkeys(("texts spoilt", "pages looked at"), 0)
    with alone(folder):
        sound = city_with_a_past(folder).read_bytes()
        for number in range(length):
            place = folder / f"{number}.db"
            place.write_bytes(sound)
            counts["texts spoilt"] += _spoil(place, dice)
            for words in (*dice.sample(WORDS, 8), dice.choice(GRAPHS), *dice.sample(EXPORTS, 2)):
                form = () if words[0] == "export" or "-f" in words else ("-f", dice.choice(FORMATS))
                given = (*words, *form)
                answer = call(given, place, at=AT, lang=dice.choice(("zh", "en")))
                try:
                    _look(given, answer)
                except Failure as failure:
                    raise Failure(f"seed {seed}, store {number}: {failure}") from failure
                counts["pages looked at"] += 1
            for left in folder.glob(f"{place.name}*"):
                left.unlink()
    return counts


def _spoil(place: Path, dice: random.Random) -> int:
    count = 0
    with closing(sqlite3.connect(place)) as engine:
        triggers = engine.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = triggers.fetchall()
        for name, _ in kept:
            engine.execute(f"DROP TRIGGER {name}")
        for table, column in TEXTS:
            rows = engine.execute(f"SELECT DISTINCT {column} FROM {table}").fetchall()
            for (text,) in rows:
                spoilt = "".join(dice.choices(PIECES, k=dice.randint(1, 3)))
                spoilt = spoilt + (text or "") if dice.random() < 0.5 else (text or "") + spoilt
                count += engine.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} IS ?", (spoilt, text)
                ).rowcount
        for _, sql in kept:
            engine.execute(sql)
        engine.commit()
    return count


def _look(words: tuple[str, ...], answer: Answer) -> None:
    """Raise `Failure` for anything that a terminal would obey, or a spreadsheet would compute."""
    if answer.code not in (0, 1):
        raise Failure(f"{words!r} ended with {answer.code}: {answer.err}")
    out = answer.out.decode("utf-8")
    table = words[-1] == "csv" or words[0] == "export"
    # A tab inside a cell is a character like others.
    for text in (out.replace("\t", " ") if table else out, answer.err):
        found = STEERING.search(text)
        if found:
            place = text[max(0, found.start() - 40) : found.end() + 20]
            raise Failure(f"{words!r} lets {found[0]!r} through: {place!r}")
    if table:
        for row in csv.reader(io.StringIO(out)):
            for cell in row:
                if cell[:1] in "=+-@＝＋－＠\t\r" and cell and not cell.lstrip("-").isdigit():
                    raise Failure(f"{words!r} writes the formula {cell!r}")
    elif words[-1] == "json":
        json.loads(out)
