"""The configuration: a TOML file, the store that it or the environment names, and writing it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import LianluoError, NotFound, Refused, UsageError
from domain.values import dataclass

if TYPE_CHECKING:
    from domain.settings import Settings

PROGRAM = "lianluo"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings in use; `path` is the file they were read from, None where there is none."""

    settings: Settings
    path: Path | None


def user_path() -> Path:
    """Return where a user's configuration lies, whether it is there or not."""
    return _own_folder("config") / "config.toml"


def default_store() -> Path:
    """Return the store of a user who has named none."""
    return _own_folder("data") / "lianluo.db"


def _own_folder(kind: str) -> Path:
    """Return this program's folder of a user's, of the kind `config` or `data`."""
    if os.uname().sysname == "Linux":
        # What platformdirs says too: to ask it would double the time that `--help` takes.
        named = Path(os.environ.get(f"XDG_{kind.upper()}_HOME", ""))
        usual = Path("~/.config" if kind == "config" else "~/.local/share")
        return (named if named.is_absolute() else usual.expanduser()) / PROGRAM
    import platformdirs

    found = platformdirs.user_config_path if kind == "config" else platformdirs.user_data_path
    return found(PROGRAM, appauthor=False)


def named_path(explicit: str | None, environ: Mapping[str, str]) -> Path | None:
    """Return the configuration that the call or else `LIANLUO_CONFIG` names, None for neither."""
    name = explicit or environ.get("LIANLUO_CONFIG")
    return Path(name).expanduser() if name else None


def load(explicit: str | None, environ: Mapping[str, str]) -> Loaded:
    """Return the settings of the file named, or else of the user's own, or else the defaults.

    Raises NotFound where a named file is not there, UsageError (with file, key and line) where
    a file does not say what a configuration can say, Refused where it cannot be read.
    """
    from domain.settings import Settings

    path = used_path(explicit, environ)
    return Loaded(Settings() if path is None else read(path), path)


def used_path(explicit: str | None, environ: Mapping[str, str]) -> Path | None:
    """Return the file named, or else the user's own, None where he has none; raises NotFound."""
    named = named_path(explicit, environ)
    path = named or user_path()
    if path.is_file():
        return path
    if named is not None:
        raise NotFound("config.missing", file=str(path))
    return None


def read(path: Path) -> Settings:
    """Return the settings of one file; raises UsageError with file, key and line, or Refused."""
    text = _text(path)
    return _checked(path, text, _table(path, text))


def store_path(option: str | None, settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return the store: `--store`, else `LIANLUO_STORE`, the configuration's, the user's own."""
    name = option or environ.get("LIANLUO_STORE") or settings.preferences.store
    return Path(name).expanduser() if name else default_store()


def set_value(path: Path, key: str, value: Any) -> Settings:
    """Write one setting, `schedules.town` for one within a table; return all settings then.

    The file appears whole or stays as it was; folder and file are made where they are missing.
    Comments in the file are not kept. Raises UsageError for a key or a value that is none.
    """
    from domain.settings import settings_from_table

    table = _table(path, _text(path)) if path.exists() else {}
    inner = table
    *outer, last = key.split(".")
    for name in outer:
        inner = inner.setdefault(name, {})
        if not isinstance(inner, dict):
            raise UsageError("errors.setting_unknown", key=key)
    inner[last] = value
    settings = settings_from_table(table)
    _write(path, table)
    return settings


def _write(path: Path, table: Mapping[str, Any]) -> None:
    import tomli_w

    building = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link stays a link: what it points to is replaced.
        target = path.resolve()
        building = target.with_name(building.name)
        with building.open("wb") as file:
            tomli_w.dump(table, file)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            building.chmod(target.stat().st_mode & 0o777)
        elif "delivery" in table:
            # Addresses hold secrets: nobody else reads what is new.
            building.chmod(0o600)
        building.replace(target)
    except OSError as error:
        raise Refused("config.not_written", file=str(path)) from error
    finally:
        with suppress(OSError):
            building.unlink()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("config.not_utf8", file=str(path)) from error
    except OSError as error:
        raise Refused("config.not_read", file=str(path)) from error


def _table(path: Path, text: str) -> dict[str, Any]:
    import re
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line = int(place[1]) if place else max(1, len(text.splitlines()))
        column = int(place[2]) if place else 1
        raise UsageError("config.syntax", file=str(path), line=line, column=column) from error


def _checked(path: Path, text: str, table: Mapping[str, Any]) -> Settings:
    """Return the settings of a table; an error says in which line the key stands."""
    from domain.settings import settings_from_table

    for key, value in table.items():
        try:
            settings_from_table({key: value})
        except LianluoError as error:
            # The parser of a table may know better which of its keys it is.
            inner = error.message.params.get("key")
            name = inner if isinstance(inner, str) else key
            raise UsageError(
                "config.wrong",
                file=str(path),
                line=_line_of(text, name),
                key=name,
                problem=error.message,
            ) from error
    try:
        return settings_from_table(table)
    except LianluoError as error:
        raise UsageError("config.wrong_together", file=str(path), problem=error.message) from error


def _line_of(text: str, key: str) -> int:
    """Return the number of the line that sets a key or opens its table.

    Of a key within a table, `schedules.twon`, the line that names it, or else the table's.
    """
    import re

    top, _, within = key.partition(".")
    inner = within.rpartition(".")[2]
    outer = _spelled(top)
    opens = re.compile(rf"\s*(?:{outer}\s*[.=]|\[\[?\s*{outer}\s*[.\]])")
    sets = re.compile(rf"\s*(?:{outer}\s*\.\s*)?{_spelled(inner)}\s*[.=]")
    found = 0
    for number, line in enumerate(text.splitlines(), 1):
        found = found or (number if opens.match(line) else 0)
        if found and (not inner or sets.match(line)):
            return number
    return found or 1


def _spelled(key: str) -> str:
    """Return the pattern of a bare or quoted key."""
    import re

    name = re.escape(key)
    return rf"(?:{name}|\"{name}\"|'{name}')"
