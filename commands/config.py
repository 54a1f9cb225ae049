"""`lianluo config`: which settings are in use, where they come from, and changing one."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer

from catalogue import t
from commands import options, output
from commands.call import Call, warn
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.delivery import Delivery, masked
from domain.errors import LianluoError, UsageError
from domain.settings import (
    PREFERENCE_PARSERS,
    RULE_PARSERS,
    CityRules,
    Preferences,
    Settings,
    rules_to_table,
)
from domain.values import dataclass
from exchange.config import named_path, set_value, user_path

app = group("help.config")

FIELDS = ("key", "value", "source", "city")


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its value here, whether a file or the default says so, and the city's own."""

    key: str
    value: object
    source: str
    city: object


@app.command("show", help="help.config_show")
def show(context: typer.Context, form: options.FormatOption = Format.TABLE) -> None:
    """Print every setting in use."""
    call = call_of(context)
    rows = settings_in_use(call.loaded.settings, _city_rules(call))
    output.listing(
        form,
        flattened(rows) if form is Format.TABLE else rows,
        FIELDS,
        _as_record,
        [
            Column("cli.col_setting", lambda row: row.key),
            Column("cli.col_value", lambda row: _text(row.value), elastic=True),
            Column("cli.col_source", lambda row: t(f"cli.source_{row.source}")),
            Column("cli.col_city", lambda row: _text(row.city), elastic=True, rank=1),
        ],
        "cli.config_empty",
    )


@app.command("path", help="help.config_path")
def path(context: typer.Context) -> None:
    """Print where the configuration lies, whether it is there or not."""
    output.text([str(_path(call_of(context)))])


@app.command("set", help="help.config_set")
def set_one(
    context: typer.Context,
    key: Annotated[
        str,
        typer.Argument(metavar="KEY", help="help.config_key", autocompletion=lambda: sorted(_KEYS)),
    ],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="help.config_value")],
) -> None:
    """Write one setting into the configuration."""
    target = _path(call_of(context))
    _set(target, key, value)
    output.text([t("cli.config_written", key=key, file=str(target))])
    if key.split(".")[0] in RULE_PARSERS:
        warn(t("cli.config_rule_written"))


_KEYS = {**PREFERENCE_PARSERS, **RULE_PARSERS}


def settings_in_use(settings: Settings, city: CityRules | None) -> list[Setting]:
    """Return every setting: the file's value or the default, and what the city has recorded."""
    rules = rules_to_table(settings.applied_to(CityRules()))
    recorded = rules_to_table(city) if city is not None else {}
    default = Preferences()
    found = []
    for item in fields(Preferences):
        value = getattr(settings.preferences, item.name)
        source = "default" if value == getattr(default, item.name) else "file"
        shown = _delivery(value) if isinstance(value, Delivery) else value
        found.append(Setting(item.name, shown, source, None))
    for key, value in rules.items():
        source = "file" if key in settings.rules else "default"
        found.append(Setting(key, value, source, recorded.get(key)))
    return found


def _delivery(delivery: Delivery) -> dict[str, object]:
    """Return where messages go as it may be shown: an address holds secrets, its scheme none."""
    to = {key: [masked(url) for url in urls] for key, urls in delivery.to.items()}
    return {
        "to": to,
        "lang": dict(delivery.lang),
        "timeout_seconds": delivery.timeout_seconds,
        "attempts": delivery.attempts,
    }


def _as_record(row: Setting) -> Record:
    return {"key": row.key, "value": row.value, "source": row.source, "city": row.city}


def flattened(rows: list[Setting]) -> list[Setting]:
    """Return one row per plain value: `schedules.town`, and a row for each rung of a ladder."""
    found = []
    for row in rows:
        if isinstance(row.value, dict) and row.value:
            city = row.city if isinstance(row.city, dict) else {}
            found += [
                Setting(f"{row.key}.{name}", value, row.source, city.get(name))
                for name, value in row.value.items()
            ]
        elif isinstance(row.value, list) and any(isinstance(x, dict) for x in row.value):
            city_list = row.city if isinstance(row.city, list) else []
            found += [
                Setting(f"{row.key}[{index}]", value, row.source, city_value)
                for index, (value, city_value) in enumerate(zip_longest(row.value, city_list), 1)
            ]
        else:
            found.append(row)
    return found


def _text(value: object) -> str:
    if isinstance(value, dict):
        return "  ".join(_text(inner) for inner in value.values())
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return "" if value is None else str(value)


def _city_rules(call: Call) -> CityRules | None:
    """Return the rules that the store has recorded; None where there is no store to ask."""
    from storage.store import open_store

    # What ails a store is for doctor to say; the configuration can be shown all the same.
    with suppress(LianluoError), open_store(call.path) as store:
        return store.rules
    return None


def _path(call: Call) -> Path:
    return named_path(call.before.config, call.environ) or user_path()


def _set(target: Path, key: str, value: str) -> None:
    """Write a setting as the TOML value that the text is, or else as the text itself."""
    writers: list[Callable[[], Any]] = [lambda: set_value(target, key, value)]
    try:
        typed = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        typed = {}
    if list(typed) == ["value"]:
        writers.insert(0, lambda: set_value(target, key, typed["value"]))
    refused: LianluoError | None = None
    for write in writers:
        try:
            write()
            return
        except UsageError as error:
            refused = error
    assert refused is not None
    raise refused
