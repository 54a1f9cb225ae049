"""Environments for the programs that the bench measures beside ours, and the machine's description.

Each peer stands in an environment of its own lock, made when it is first asked for: none of them
is part of the program, and two of them do not agree on what they stand on.
"""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.measure import ROOT, Failed

LOCKS = {"harlequin": "bench", "vd": "bench", "sqlite-utils": "bench", "posting": "bench-posting"}
"""The lock that a peer's program stands in, by the name of its program."""

_PACKAGES = {
    "bench": ("sqlite-utils", "harlequin", "visidata", "textual", "typer"),
    "bench-posting": ("posting",),
}


def peer(say: Callable[[str], None]) -> Callable[[str], Path]:
    """Return what gives the Python of a peer's environment; it raises Failed without one."""

    def python(name: str) -> Path:
        lock = LOCKS[name]
        folder = ROOT / ".venv-bench" / lock
        found = folder / "bin" / "python"
        done = folder / "done"
        requirements = ROOT / "requirements" / f"{lock}.lock"
        locked = requirements.read_text(encoding="utf-8")
        if not done.exists() or done.read_text(encoding="utf-8") != locked:
            say(f"installing {name} and what it stands on")
            shutil.rmtree(folder, ignore_errors=True)
            _called([sys.executable, "-m", "venv", str(folder)])
            pip = [str(found), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
            _called([*pip, "--no-deps", "--require-hashes", "-r", str(requirements)])
            done.write_text(locked, encoding="utf-8")
        return found

    return python


def _called(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise Failed(f"{' '.join(command[:4])}: {done.stderr.strip()[-400:]}")


def shell() -> str | None:
    """Return the `sqlite3` shell, or None where it is not installed."""
    return shutil.which("sqlite3")


def machine() -> list[tuple[str, str]]:
    """Return what was measured on: nothing that names the machine."""
    found = [
        ("cores", str(os.cpu_count())),
        ("memory", f"{_memory() / 1e9:.0f} GB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
    ]
    if shell():
        said = subprocess.run(
            [str(shell()), "--version"], capture_output=True, encoding="utf-8", check=False
        )
        found.append(("sqlite3 shell", said.stdout.split()[0]))
    for lock, packages in _PACKAGES.items():
        python = ROOT / ".venv-bench" / lock / "bin" / "python"
        if python.exists():
            found += [(package, _version(python, package)) for package in packages]
    return found


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _version(python: Path, package: str) -> str:
    asked = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run(
        [str(python), "-c", asked], capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout.strip() or "—"
