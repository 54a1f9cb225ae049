"""The command-line reference is what the program says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import catalogue
from commands.frame import COMMANDS
from docs import reference


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_page_has_every_command_in_its_language(language: str) -> None:
    page = reference.page(language)
    for command in COMMANDS:
        assert f"\n## lianluo {command}\n" in page or f"\n### lianluo {command}\n" in page
    assert "\n### lianluo file zero\n" in page
    assert ("用法:" if language == "zh" else "Usage:") in page
    assert max(len(line) for line in page.splitlines() if line.startswith("  ")) <= 100


def test_writing_makes_fresh_what_check_calls_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {language: tmp_path / path.name for language, path in reference.PAGES.items()}
    monkeypatch.setattr(reference, "PAGES", pages)
    assert reference.main(["--check"]) == 1
    assert "cli.md, cli.zh-CN.md" in capsys.readouterr().out
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    pages["zh"].write_text("old")
    assert reference.main(["--check"]) == 1
    assert capsys.readouterr().out.startswith("docs/: stale: cli.zh-CN.md;")
