"""What the import contracts of pyproject.toml cannot see: the single files, and new folders."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FLOORS = set(PROJECT["tool"]["importlinter"]["root_packages"])
NOT_THE_PROGRAM = {"bench", "docs", "scripts", "tests"}


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_catalogue_imports_the_errors_alone() -> None:
    foreign = {
        name
        for name in imported(ROOT / "catalogue.py")
        if name.partition(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == {"domain.errors"}


def test_front_door_knows_no_sqlite() -> None:
    assert not {
        name
        for name in imported(ROOT / "cli.py")
        if name.partition(".")[0] in {"sqlite3", "sqlite_utils"}
    }


def test_every_folder_of_code_has_its_floor() -> None:
    folders = {
        path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")
    }
    assert folders - NOT_THE_PROGRAM == FLOORS


def test_every_floor_ships() -> None:
    shipped = set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"])
    assert shipped == FLOORS | {"catalogue.py", "cli.py", "locale", "registry"}
