"""Build the wheel, install it beside the run lock alone, and file a zero report with it.

Run from anywhere by a Python that has the build lock: `python scripts/wheel_smoke.py`. Exits
non-zero with a sentence, or with the failing command's own words.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def shipped() -> set[str]:
    """Return the repository's files that belong in the wheel, as paths from its root."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    found = set()
    for name in names:
        place = ROOT / name
        for path in [place] if place.is_file() else place.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                found.add(path.relative_to(ROOT).as_posix())
    return found


def check_contents(wheel: Path) -> None:
    """Exit with the names when the wheel lacks a file of the program or carries another."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    if packed != shipped():
        sys.exit(f"{wheel.name}: differs from the repository: {sorted(packed ^ shipped())}")


def check_program(place: Path) -> None:
    """Exit with a sentence unless the program installed in `place` files a report."""
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    lianluo = [str(place / "env" / "bin" / "lianluo"), "--store", str(place / "city.db")]
    # A home of its own: no configuration and no language of the caller's.
    alone = {"PATH": os.environ["PATH"], "HOME": str(elsewhere), "LANG": "C.UTF-8"}
    call(elsewhere, lianluo[0], "--help", env=alone)
    call(elsewhere, *lianluo, "init", env=alone)
    call(elsewhere, *lianluo, "file", "zero", "--unit", "DISC", env=alone)
    rows = json.loads(call(elsewhere, *lianluo, "board", "-f", "json", env=alone))
    if not any(row["unit"] == "DISC" and row["report"] == "zero" for row in rows):
        sys.exit("the zero report that the installed program filed is not on its board")


def main() -> None:
    """Build, install and use the wheel in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pip = ["-m", "pip", "-qq", "--disable-pip-version-check"]
        build = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir"]
        call(place, sys.executable, *pip, *build, str(place), str(ROOT))
        wheel = next(place.glob("lianluo-*.whl"))
        check_contents(wheel)

        call(place, sys.executable, "-m", "venv", "env")
        python = str(place / "env" / "bin" / "python")
        install = [*pip, "install", "--no-deps"]
        lock = ["--only-binary", ":all:", "--require-hashes", "-r"]
        call(place, python, *install, *lock, str(ROOT / "requirements" / "run.lock"))
        call(place, python, *install, "--no-index", str(wheel))
        call(place, python, *pip, "check")

        check_program(place)
    print(f"{wheel.name}: installs alone, and files a zero report.")


def call(folder: Path, *words: str, env: dict[str, str] | None = None) -> str:
    """Return what the command prints when run in `folder`; exit with its words if it fails."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
