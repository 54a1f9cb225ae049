"""Coverage-guided fuzzing of everything that reads what others wrote.

The corpus is kept: a few inputs of every kind, from which each run begins. What long runs find to
go on from gathers in var/fuzz. The fuzzer (atheris) is installed from a lock of its own; where
there is none for this Python, the other campaigns run without it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.torture.fuzz_targets import TARGETS
from tests.torture.stage import Counts, Failure

CORPUS = Path(__file__).parent / "corpus"
_GATHERED = Path(__file__).resolve().parent.parent.parent / "var" / "fuzz"
_DONE = re.compile(r"Done (\d+) runs")


def campaign(seconds: float) -> Counts:
    """Fuzz each target for its share of the time; return how many inputs were tried."""
    if find_spec("atheris") is None:
        return {}
    tried = 0
    for name in TARGETS:
        folder = _GATHERED / name
        folder.mkdir(parents=True, exist_ok=True)
        share = max(1, int(seconds / len(TARGETS)))
        with tempfile.TemporaryDirectory() as artifacts:
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "tests.torture.fuzz_targets", name),
                    *(str(folder), str(CORPUS / name)),
                    *(f"-max_total_time={share}", "-max_len=4096", "-rss_limit_mb=2048"),
                    f"-artifact_prefix={artifacts}/",
                ],
                check=False,
                capture_output=True,
                text=True,
                errors="replace",
            )
        if done.returncode:
            raise Failure(f"{name}: {done.stderr[-4000:]}")
        tried += sum(map(int, _DONE.findall(done.stderr)))
    return {"inputs of the fuzzer": tried}
