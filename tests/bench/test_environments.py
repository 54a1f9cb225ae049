"""The peers' environments: each is what its lock says, and set up anew where the lock changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import environments


def test_an_environment_is_set_up_once_for_each_state_of_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements").mkdir()
    lock = tmp_path / "requirements" / "bench-posting.lock"
    folder = tmp_path / ".venv-bench" / "bench-posting"
    called: list[list[str]] = []
    said: list[str] = []

    def call(command: list[str]) -> None:
        called.append(command)
        folder.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "_called", call)
    python = environments.peer(said.append)
    for text, times in (("posting==1\n", 1), ("posting==1\n", 1), ("posting==2\n", 2)):
        lock.write_text(text, encoding="utf-8")
        assert python("posting") == folder / "bin" / "python"
        # Twice each time: the folder is made, and what the lock names installed into it.
        assert len(called) == 2 * times
        assert len(said) == times
