"""Every setting with its default: the city's rules, and each person's own preferences."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import field, fields, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, TypeVar

from domain.calendar import Calendar
from domain.delivery import Delivery, parse_addresses
from domain.errors import UsageError
from domain.instants import Zone, parse_clock, parse_iso_day
from domain.ladder import REPORT_LADDER, STEP_LADDER, Rung, parse_rung
from domain.schedules import Days, LateUntil, ReportingRules, parse_late_until
from domain.scoring import NO_SCORING, Assessment, parse_deduction
from domain.units import Kind
from domain.values import dataclass

if TYPE_CHECKING:
    from domain.lights import Thresholds

T = TypeVar("T")

DEFAULT_DAYS = {
    Kind.REGION.value: Days.NONE,
    Kind.CITY.value: Days.NONE,
    Kind.DEPARTMENT.value: Days.WORKDAYS,
    Kind.DISTRICT.value: Days.DAILY,
    Kind.TOWN.value: Days.NONE,
    Kind.TEAM.value: Days.NONE,
}


@dataclass(frozen=True, slots=True)
class CityRules:
    """The rules a city sets for itself; recorded in its store, so all who share it agree."""

    timezone: str = "Asia/Shanghai"
    cutoff: time = time(17, 0)
    late_until: LateUntil = LateUntil(0, time(23, 59, 59))
    backfill_days: int = 7
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()
    schedules: Mapping[str, Days] = field(default_factory=lambda: dict(DEFAULT_DAYS))
    amber_report_minutes: int = 60
    amber_used_percent: int = 75
    amber_workdays_left: int = 1
    amber_workdays_allotted: int = 2
    urge_hours: str = "08:30-18:00"
    look_back_days: int = 14
    ladder_report: tuple[Rung, ...] = REPORT_LADDER
    ladder_step: tuple[Rung, ...] = STEP_LADDER
    assessment: Assessment = NO_SCORING

    def zone(self) -> Zone:
        """Return the city's time zone (R7)."""
        return Zone(self.timezone)

    def calendar(self) -> Calendar:
        """Return the city's working-day calendar (R9)."""
        return Calendar(self.extra_holidays, self.extra_workdays)

    def reporting(self) -> ReportingRules:
        """Return what decides the instants of a reporting day (R6, R7)."""
        return ReportingRules(
            self.zone(), self.cutoff, self.late_until, self.backfill_days, dict(self.schedules)
        )

    def thresholds(self) -> Thresholds:
        """Return when lights change (R13)."""
        from domain.lights import Thresholds

        return Thresholds(
            self.amber_report_minutes,
            self.amber_used_percent,
            self.amber_workdays_left,
            self.amber_workdays_allotted,
        )

    def working_hours(self) -> tuple[time, time]:
        """Return from when until when urges go out on working days (R14)."""
        return parse_hours(self.urge_hours)

    def ladder(self, kind: str) -> tuple[Rung, ...]:
        """Return the ladder of a kind of obligation (R14)."""
        return self.ladder_step if kind == "step" else self.ladder_report


@dataclass(frozen=True, slots=True)
class Preferences:
    """What each person sets for himself: the store, the language, the look, the keys.

    `templates` is the folder of the city's own papers; `delivery` where messages go from here.
    """

    store: str = ""
    lang: str = ""
    theme: str = "dark"
    keys: Mapping[str, str] = field(default_factory=dict)
    templates: str = ""
    delivery: Delivery = field(default_factory=Delivery)


@dataclass(frozen=True, slots=True)
class Settings:
    """A configuration: preferences, and the city rules that the file names, as plain values."""

    preferences: Preferences = Preferences()
    rules: Mapping[str, Any] = field(default_factory=dict)

    def applied_to(self, rules: CityRules) -> CityRules:
        """Return `rules` with those that this configuration names put in their place."""
        if not self.rules:
            return rules
        return rules_from_table({**rules_to_table(rules), **self.rules})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10_000:
        raise TypeError
    return value


def _days(value: object) -> tuple[date, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(sorted({_day(item) for item in value}))


def _day(value: object) -> date:
    if isinstance(value, datetime):
        raise TypeError
    return value if isinstance(value, date) else parse_iso_day(_text(value))


def _clock(value: object) -> time:
    if not isinstance(value, time):
        return parse_clock(_text(value))
    if value != value.replace(second=0, microsecond=0):
        raise ValueError
    return value


def _only(key: str, table: object, known: Container[str]) -> None:
    """Raise UsageError for a name within a table that nobody knows, spelled `schedules.twon`."""
    if not isinstance(table, dict):
        raise TypeError
    for name in table:
        if name not in known:
            raise UsageError("errors.setting_unknown", key=f"{key}.{name}")


def _schedules(value: object) -> Mapping[str, Days]:
    if not isinstance(value, dict):
        raise TypeError
    _only("schedules", value, DEFAULT_DAYS)
    own = {
        kind: _parsed(lambda days: Days(_text(days)), f"schedules.{kind}", days)
        for kind, days in value.items()
    }
    return {**DEFAULT_DAYS, **own}


def _ladder(key: str, value: object) -> tuple[Rung, ...]:
    if not isinstance(value, list):
        raise TypeError
    for rung in value:
        _only(key, rung, ("at", "name", "to", "or_missed_in_a_row"))
    rungs = tuple(
        parse_rung(
            _text(rung["at"]),
            _text(rung["name"]),
            [_text(to) for to in rung["to"]],
            _count(rung.get("or_missed_in_a_row", 0)),
        )
        for rung in value
    )
    # A rung goes once for an obligation, and is known by its name.
    if len({rung.name for rung in rungs}) < len(rungs):
        raise UsageError("errors.rung_twice", names=[rung.name for rung in rungs])
    return rungs


def _assessment(value: object) -> Assessment:
    if not isinstance(value, dict):
        raise TypeError
    _only("assessment", value, ("scoring", "start", "deductions"))
    scoring, rows = value.get("scoring", False), value.get("deductions", [])
    if not isinstance(scoring, bool) or not isinstance(rows, list):
        raise TypeError
    for row in rows:
        _only("assessment.deductions", row, ("figure", "points", "most"))
    deductions = tuple(_parsed(parse_deduction, "assessment.deductions", row) for row in rows)
    if len({row.figure for row in deductions}) < len(deductions):
        raise UsageError("assess.deducted_twice", figures=[row.figure.value for row in deductions])
    start = _parsed(_count, "assessment.start", value.get("start", 100))
    return Assessment(scoring, start, deductions)


def parse_hours(text: str) -> tuple[time, time]:
    """Return the two ends of `08:30-18:00`; raises UsageError."""
    first, _, last = text.partition("-")
    span = parse_clock(first.strip()), parse_clock(last.strip())
    if span[1] <= span[0]:
        raise UsageError("errors.setting_bad", key="urge_hours", value=text)
    return span


def _hours(value: object) -> str:
    text = _text(value)
    parse_hours(text)
    return text


def _zone(value: object) -> str:
    return Zone(_text(value)).name


def _language(value: object) -> str:
    if value not in ("", "zh", "en"):
        raise ValueError
    return _text(value)


def _theme(value: object) -> str:
    if value not in ("dark", "light"):
        raise ValueError
    return _text(value)


def _languages(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not all(lang in ("zh", "en") for lang in value.values()):
        raise UsageError("errors.setting_bad", key="delivery.lang", value=str(value))
    return {_text(name): _text(lang) for name, lang in value.items()}


def _within(key: str, value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise UsageError("errors.setting_bad", key=key, value=str(value))
    return value


def _delivery(value: object) -> Delivery:
    """Return where messages go; no error quotes an address, which holds secrets."""
    if not isinstance(value, dict):
        raise UsageError("outbox.addresses_bad", key="delivery")
    _only("delivery", value, ("to", "lang", "timeout_seconds", "attempts"))
    default = Delivery()
    return Delivery(
        parse_addresses("delivery.to", value.get("to", {})),
        _languages(value.get("lang", {})),
        _within(
            "delivery.timeout_seconds", value.get("timeout_seconds", default.timeout_seconds), 1, 60
        ),
        _within("delivery.attempts", value.get("attempts", default.attempts), 1, 20),
    )


def _keys(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise TypeError
    return {_text(name): _text(keys) for name, keys in value.items()}


RULE_PARSERS: dict[str, Callable[[object], object]] = {
    "timezone": _zone,
    "cutoff": _clock,
    "late_until": lambda value: parse_late_until(_text(value)),
    "backfill_days": _count,
    "extra_holidays": _days,
    "extra_workdays": _days,
    "schedules": _schedules,
    "amber_report_minutes": _count,
    "amber_used_percent": _count,
    "amber_workdays_left": _count,
    "amber_workdays_allotted": _count,
    "urge_hours": _hours,
    "look_back_days": _count,
    "ladder_report": lambda value: _ladder("ladder_report", value),
    "ladder_step": lambda value: _ladder("ladder_step", value),
    "assessment": _assessment,
}
PREFERENCE_PARSERS: dict[str, Callable[[object], object]] = {
    "store": _text,
    "lang": _language,
    "theme": _theme,
    "templates": _text,
    "delivery": _delivery,
    "keys": _keys,
}


def settings_from_table(table: Mapping[str, Any]) -> Settings:
    """Return the settings of a configuration table; raises UsageError for a bad key or value.

    Whoever read the table from a file adds the file, the key and the line.
    """
    preferences: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for key, value in table.items():
        if key in PREFERENCE_PARSERS:
            preferences[key] = _parsed(PREFERENCE_PARSERS[key], key, value)
        elif key in RULE_PARSERS:
            _parsed(RULE_PARSERS[key], key, value)
            rules[key] = _plain(value)
        else:
            raise UsageError("errors.setting_unknown", key=key)
    settings = Settings(replace(Preferences(), **preferences), rules)
    settings.applied_to(CityRules()).calendar()
    return settings


def rules_from_table(table: Mapping[str, Any]) -> CityRules:
    """Return the rules of a plain table; keys that are absent have their defaults."""
    return CityRules(
        **{key: _parsed(RULE_PARSERS[key], key, value) for key, value in table.items()}  # type: ignore[arg-type]
    )


def rules_to_table(rules: CityRules) -> dict[str, Any]:
    """Return the rules as plain values: text, numbers, lists and tables."""
    return {item.name: _plain(getattr(rules, item.name)) for item in fields(rules)}


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Rung, Assessment)):
        return value.table()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value if isinstance(value, (bool, int)) else str(value)


def _parsed(parser: Callable[[object], T], key: str, value: object) -> T:
    try:
        return parser(value)
    except (TypeError, ValueError, KeyError) as error:
        raise UsageError("errors.setting_bad", key=key, value=str(value)) from error
