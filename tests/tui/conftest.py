"""The fixtures of the screens' tests."""

from __future__ import annotations

from tests.tui.desktops import chinese, demo, desktop, populated

__all__ = ["chinese", "demo", "desktop", "populated"]
