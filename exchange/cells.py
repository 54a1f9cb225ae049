"""Single cells of a table: text to value and back, the same for every format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

import catalogue
from domain import areas, schedules
from domain.errors import NotFound, UsageError
from domain.importing import CONTROL, tidy
from domain.instants import Instant, Zone, parse_clock, parse_iso_day, utc
from domain.matters import parse_number
from domain.units import Unit
from domain.values import dataclass

MOST_AREAS = 1_000_000
_MOST_NUMBER = 10**9

_LOOSE_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)(?=$|[ T])", re.ASCII
)
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?", re.ASCII)
_CLOCK_WITH_SECONDS = re.compile(r"(\d{1,2}:\d\d):00", re.ASCII)
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


class Names:
    """The units of a registry by code and by every name, for cells that name one."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_code: dict[str, Unit] = {unit.code: unit for unit in units}
        self._by_name: dict[str, list[Unit]] | None = None

    def find(self, text: str) -> tuple[Unit, ...]:
        """Return the unit of a code, or all that answer to a name, in registry order."""
        exact = self.by_code.get(text)
        if exact is not None:
            return (exact,)
        if self._by_name is None:
            self._by_name = {}
            for unit in self.by_code.values():
                for name in dict.fromkeys(name.lower() for name in unit.names()):
                    self._by_name.setdefault(name, []).append(unit)
        return tuple(self._by_name.get(text.lower(), ()))


@dataclass(frozen=True, slots=True)
class Context:
    """What the meaning of a cell depends on: the city's zone, and the units there are."""

    zone: Zone
    names: Names = field(default_factory=lambda: Names(()))


Parse: TypeAlias = Callable[[str, Context], Any]
"""Takes a cell without outer blanks, never empty; raises LianluoError for a bad one."""

Show: TypeAlias = Callable[[Any], "str | int"]
"""Takes a value that is not blank."""


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: `'=1+1` for `=1+1`."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def cleaned(text: str, *, guards: bool) -> str:
    """Return a cell without outer blanks, with plain line ends, and without its formula guard.

    Raises UsageError for control characters, which no table carries unharmed.
    """
    plain = text.strip()
    if guards and plain.startswith("'"):
        plain = unguarded(plain).strip()
    if plain.isprintable():
        return plain
    if CONTROL.search(plain):
        raise UsageError("tables.control_character")
    return tidy(plain)


def words(plain: str, _context: Context) -> str:
    """Return a text as it is."""
    return plain


def day(plain: str, _context: Context) -> date:
    """Return a day; besides ISO as spreadsheets write it: `2010/6/1`, `2010年6月1日`."""
    loose = _isoed(plain)
    midnight = _MIDNIGHT.fullmatch(loose[10:])
    try:
        return parse_iso_day(loose[:10] if midnight else loose)
    except UsageError:
        raise UsageError("tables.not_a_day") from None


def instant(plain: str, context: Context) -> Instant:
    """Return an instant, local time without an offset; a bare date is refused."""
    return context.zone.parse(_isoed(plain), bare_date=False)


def moment(plain: str, context: Context) -> Instant:
    """Return an instant as `instant` does; a bare date is its first second."""
    isoed = _isoed(plain)
    if len(isoed) == len("2026-11-23"):
        return context.zone.start_of(day(plain, context))
    return context.zone.parse(isoed, bare_date=False)


def clock(plain: str, _context: Context) -> time:
    """Return a clock time; `17:00:00` is `17:00`."""
    match = _CLOCK_WITH_SECONDS.fullmatch(plain)
    return parse_clock(match[1] if match else plain)


def late_until(plain: str, _context: Context) -> schedules.LateUntil:
    """Return the end of a late window; a spreadsheet's `23:59:00` is `23:59`."""
    if plain.endswith(":00") and plain.count(":") == 2:
        plain = plain[:-3]
    return schedules.parse_late_until(plain)


def count(plain: str, _context: Context) -> int:
    """Return a number of areas, 0 to 1,000,000."""
    return _whole(plain, 0, MOST_AREAS)


def ordinal(plain: str, _context: Context) -> int:
    """Return a number that counts from 1."""
    return _whole(plain, 1, _MOST_NUMBER)


def matter_number(plain: str, _context: Context) -> str:
    """Return the number of a matter, whether or not this store has it."""
    try:
        return parse_number(plain)
    except NotFound:
        raise UsageError("tables.not_a_matter") from None


def amount(plain: str, _context: Context) -> int:
    """Return an amount of a limit, from 0."""
    return _whole(plain, 0, _MOST_NUMBER)


def area(plain: str, _context: Context) -> int:
    """Return an area in m² (R16)."""
    return areas.parse_area(plain)


def land_class(plain: str, _context: Context) -> areas.LandClass:
    """Return a class of land (R16)."""
    return areas.parse_land_class(plain)


def aliases(plain: str, _context: Context) -> tuple[str, ...]:
    """Return the names between `|`."""
    return tuple(dict.fromkeys(name.strip() for name in plain.split("|") if name.strip()))


def unit(plain: str, context: Context) -> tuple[Unit, ...]:
    """Return the units that a code or a name may mean; raises UsageError for none."""
    found = context.names.find(plain)
    if not found:
        raise UsageError("errors.unit_unknown", name=plain)
    return found


def unit_code(plain: str, context: Context) -> str:
    """Return the code of the one unit that a code or a name means; raises UsageError."""
    found = unit(plain, context)
    if len(found) > 1:
        near = [f"{other.code} {other.name}" for other in found]
        raise UsageError("errors.unit_ambiguous", name=plain, near=near)
    return found[0].code


Code = TypeVar("Code", bound=StrEnum)


def one_of(codes: Sequence[Code], chinese: Mapping[str, Code]) -> Parse:
    """Return a parser for a closed set, by code in any case or by its Chinese words."""
    known = {code.value: code for code in codes} | dict(chinese)
    words = {code: word for word, code in reversed(list(chinese.items()))}

    def parse(plain: str, _context: Context) -> Code:
        found = known.get(plain) or known.get(plain.lower().replace(" ", "_").replace("-", "_"))
        if found is None:
            allowed = [catalogue.pick(words.get(code, ""), code.value) for code in codes]
            raise UsageError("tables.not_one_of", allowed=allowed)
        return found

    return parse


def answer(*allowed: str) -> Parse:
    """Return a parser for yes, no and the like; `是` and `否` are yes and no."""
    chinese = {"是": "yes", "否": "no", "国家": "national", "省": "provincial"}

    def parse(plain: str, _context: Context) -> str:
        found = chinese.get(plain, plain.lower())
        if found not in allowed:
            words = {code: word for word, code in chinese.items()}
            shown = [catalogue.pick(words.get(code, ""), code) for code in allowed]
            raise UsageError("tables.not_one_of", allowed=shown)
        return found

    return parse


def show_instant(value: Instant) -> str:
    """Return an instant as machines read it, which is the same in every zone."""
    return utc(value)


def show_clock(value: time) -> str:
    """Return a clock time, `17:00`."""
    return f"{value:%H:%M}"


def show_aliases(value: Sequence[str]) -> str:
    """Return names with `|` between."""
    return "|".join(value)


def show_yes(value: int) -> str:
    """Return a flag: `yes`, or blank."""
    return "yes" if value else ""


def show_number(value: int) -> int:
    """Return a number as it is: a spreadsheet may count with it."""
    return value


def from_spreadsheet(value: object) -> str:
    """Return a spreadsheet's or a JSON document's value as the text a person sees.

    440111.0 is `440111`, a date is ISO, a moment is rounded to its second.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, time):
        return f"{value:%H:%M}" if not value.second else f"{value:%H:%M:%S}"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        text = f"{minutes // 60:02}:{minutes % 60:02}"
        return f"{text}:{seconds:02}" if seconds else text
    if isinstance(value, datetime):
        # A spreadsheet keeps moments as fractions of a day, so the second is rarely exact.
        return str((value + timedelta(microseconds=500_000)).replace(microsecond=0))
    return str(value)


def _whole(plain: str, least: int, most: int) -> int:
    digits = unicodedata.normalize("NFKC", plain).replace(",", "")
    if digits.isascii() and digits.isdigit() and len(digits) <= 12:
        number = int(digits)
        if least <= number <= most:
            return number
    raise UsageError("tables.not_whole", least=least, most=most)


def _isoed(plain: str) -> str:
    """Return a text with the day that it begins with in ISO form, where it begins with one."""
    if plain[4:5] == "-" == plain[7:8] and plain[8:10].isdigit():
        return plain
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
    match = _LOOSE_DAY.match(plain)
    if match is None:
        return plain
    month, of_month = match[2] or match[4], match[3] or match[5]
    return f"{match[1]}-{month:0>2}-{of_month:0>2}{plain[match.end() :]}"
