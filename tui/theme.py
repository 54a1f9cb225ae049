"""The two looks: one accent colour, red for overdue alone, amber for soon alone."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="dark",
    primary="#7fb4ca",
    secondary="#8a97a6",
    accent="#7fb4ca",
    warning="#e0a84a",
    error="#e5716c",
    success="#7fb4ca",
    foreground="#d5d9de",
    background="#15181c",
    surface="#1b1f24",
    panel="#262b32",
    dark=True,
    variables={
        "quiet": "#8b949e",
        "rule": "#3a414a",
        "cursor": "#2c3a44",
        "block-cursor-background": "#7fb4ca",
        "block-cursor-foreground": "#15181c",
        "input-cursor-background": "#d5d9de",
        "input-selection-background": "#7fb4ca 35%",
        "scrollbar": "#3a414a",
        "scrollbar-background": "#15181c",
        "scrollbar-corner-color": "#15181c",
    },
)
LIGHT = Theme(
    name="light",
    primary="#1f5f7a",
    secondary="#5d6873",
    accent="#1f5f7a",
    warning="#8a5a00",
    error="#b3261e",
    success="#1f5f7a",
    foreground="#20262c",
    background="#fbfbf9",
    surface="#f2f2ee",
    panel="#e6e6e0",
    dark=False,
    variables={
        "quiet": "#626b74",
        "rule": "#c4c7c4",
        "cursor": "#d6e4ea",
        "block-cursor-background": "#1f5f7a",
        "block-cursor-foreground": "#fbfbf9",
        "input-cursor-background": "#20262c",
        "input-selection-background": "#1f5f7a 25%",
        "scrollbar": "#c4c7c4",
        "scrollbar-background": "#fbfbf9",
        "scrollbar-corner-color": "#fbfbf9",
    },
)
THEMES = (DARK, LIGHT)
