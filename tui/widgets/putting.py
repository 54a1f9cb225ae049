"""Putting a text into its place on a screen: what is there already costs nothing."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


def put(place: Static, text: str | Content, *, sized: bool = False) -> None:
    """Show a text where it differs from what is shown.

    `sized`: the place is as large as its text, so that what is around it has to move.
    """
    shown = place.content
    if isinstance(shown, Content) and isinstance(text, Content):
        same = shown.is_same(text)
    else:
        same = shown == text
    if not same:
        place.update(text, layout=sized)
