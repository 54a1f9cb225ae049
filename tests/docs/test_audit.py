"""The table of permissions that the docs show is the one that the program goes by."""

from __future__ import annotations

from pathlib import Path

import pytest

import catalogue
from catalogue import listing, t
from domain.people import Role
from domain.permissions import TABLE, Action, Scope

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
SCOPES = {
    "en": {
        Scope.BELOW: "own and below",
        Scope.LINE: "own line",
        Scope.SUPERVISED: "supervised",
        Scope.NETWORK: "network",
        Scope.ALL: "all",
    },
    "zh": {
        Scope.BELOW: "本单位及下级",
        Scope.LINE: "本单位上下级",
        Scope.SUPERVISED: "所督导单位",
        Scope.NETWORK: "联动网络",
        Scope.ALL: "全部",
    },
}


@pytest.mark.parametrize(("language", "page"), [("en", "audit.md"), ("zh", "audit.zh-CN.md")])
def test_the_table_of_permissions(language: str, page: str) -> None:
    catalogue.use(language)
    words = SCOPES[language]
    rows = [["", *(t(f"words.role_{role}") for role in Role)]]
    for action in Action:
        cells = [
            listing([words[scope] for scope in TABLE[role].get(action, ())]) or "—" for role in Role
        ]
        rows.append([t(f"permissions.{action}"), *cells])
    text = (DOCS / page).read_text(encoding="utf-8")
    shown = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    assert shown == rows
