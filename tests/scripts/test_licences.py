"""Licences of what is installed: those that are fine pass, others and unknown ones are named."""

from __future__ import annotations

import shutil

import pytest

from scripts import licences


def test_everything_that_is_locked_may_be_stood_on() -> None:
    names = {name for lock in licences.LOCKS.glob("*.lock") for name in licences.named(lock)}
    assert {"textual", "sqlite-utils", "pytest"} <= names
    assert licences.refused(sorted(names)) == []


@pytest.mark.parametrize(
    ("said", "fine"),
    [
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("License :: OSI Approved :: Apache Software License", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("Proprietary", False),
        ("?", False),
    ],
)
def test_what_a_package_says(monkeypatch: pytest.MonkeyPatch, said: str, fine: bool) -> None:
    monkeypatch.setattr(licences, "licence", lambda _: said)
    assert licences.refused(["some-package"]) == ([] if fine else [f"some-package: {said}"])


def test_what_is_not_installed_is_not_judged() -> None:
    assert licences.licence("no-such-package-anywhere") is None
    assert licences.refused(["no-such-package-anywhere"]) == []


def test_without_its_program_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert licences.vulnerabilities() == 0
    assert "not looked at" in capsys.readouterr().out
