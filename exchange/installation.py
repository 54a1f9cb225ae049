"""What is installed: the program's version, and those of what it stands on."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
DISTRIBUTION = "lianluo"

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:==\s*([\w.]+))?")


def version() -> str:
    """Return the program's version: the checkout's own, or the installed distribution's."""
    if PROJECT.is_file():
        return str(_project()["version"])
    return installed(DISTRIBUTION) or "?"


def requirements() -> dict[str, str | None]:
    """Return the distributions that the program needs, with the version where it is pinned."""
    if PROJECT.is_file():
        wanted = [str(line) for line in _project()["dependencies"]]
    else:
        wanted = metadata.requires(DISTRIBUTION) or []
    found = [_REQUIREMENT.match(line) for line in wanted if "extra ==" not in line]
    return {match[1]: match[2] for match in found if match}


def installed(distribution: str) -> str | None:
    """Return the version of an installed distribution, or None where it is not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return project
