"""Are all installed packages that the locks name under licences that this project may stand on?

Looks at the metadata of what is installed and asks no network; a package whose licence is not on
the list below has to be read by a person first, and is then named in `READ` with what was found.
Known vulnerabilities need a service that is not always there: `pip-audit` is run where it is
installed and reaches it, and where not, that is said and nothing is claimed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

LOCKS = Path(__file__).resolve().parent.parent / "requirements"
ALLOWED = re.compile(
    r"\b(MIT(-0)?|BSD|ISC|Apache|Python|PSF|MPL|Mozilla|Unlicense|0BSD|Zlib|CC0|LGPL|Lesser)\b",
    re.IGNORECASE,
)
READ = {
    "atheris": "Apache-2.0: its LICENSE file",
    "click-default-group": "BSD: its LICENSE file, whatever its classifier says",
    "resvg-py": "MIT: the words of its LICENSE file, without a name",
}
"""Packages whose metadata says nothing usable, with the licence that their files have."""
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


def named(lock: Path) -> list[str]:
    """Return the packages that a lock names."""
    return _NAME.findall(lock.read_text(encoding="utf-8"))


def licence(name: str) -> str | None:
    """Return what a package's metadata says of its licence, None where it is not installed."""
    try:
        about = distribution(name).metadata
    except PackageNotFoundError:
        return None
    said = [line for key in ("License-Expression", "License") for line in about.get_all(key) or []]
    said += [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    return "; ".join(text.strip().splitlines()[0] for text in said if text.strip()) or "?"


def refused(names: list[str]) -> list[str]:
    """Return the packages that stand on no licence of the list, each with what it says."""
    found = []
    for name in names:
        said = READ.get(name) or licence(name)
        if said is not None and not ALLOWED.search(said):
            found.append(f"{name}: {said}")
    return found


def vulnerabilities() -> int:
    """Ask for known vulnerabilities where that can be asked; return 1 where there is one."""
    program = shutil.which("pip-audit")
    if program is None:
        print("known vulnerabilities: not looked at (pip-audit is not installed)")
        return 0
    lock = str(LOCKS / "run.lock")
    done = subprocess.run(
        [program, "--require-hashes", "--disable-pip", "-r", lock],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "vulnerabilit" not in done.stdout + done.stderr:
        print("known vulnerabilities: not looked at (pip-audit reaches no service)")
        return 0
    print((done.stdout + done.stderr).strip())
    return done.returncode


def main() -> int:
    """Print what is wrong; return 1 where something is."""
    names = sorted({name for lock in LOCKS.glob("*.lock") for name in named(lock)})
    problems = refused(names)
    for problem in problems:
        print(f"licence to be read: {problem}")
    here = sum(licence(name) is not None for name in names)
    print(f"licences: {here} of {len(names)} locked packages are installed and were looked at")
    return 1 if problems else vulnerabilities()


if __name__ == "__main__":
    sys.exit(main())
