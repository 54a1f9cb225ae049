"""What `?` shows: the view, what is selected, the keys, and what letters and words mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import ActiveBinding, Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from catalogue import t
from domain.reports import Status
from tui.views.base import Explained
from tui.widgets.dialog import Dialog
from tui.widgets.keys_bar import place

_FILED = (Status.ON_TIME, Status.LATE, Status.MADE_UP)
_OPEN = (Status.PENDING, Status.OVERDUE, Status.MISSED, Status.EXEMPT)


class HelpDialog(Dialog[None]):
    """Explains what has the focus; any of its keys leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,question_mark,f1", "back", "keys.back", show=False),
    ]

    def __init__(self, view: Explained | None, active: Mapping[str, ActiveBinding]) -> None:
        """Explain `view`, or a page, and the keys that were active when the question was asked."""
        super().__init__()
        self._view = view
        self._active = active

    def title_text(self) -> str:
        """Return the name of the view."""
        title = t(self._view.title_key) if self._view and self._view.title_key else t("app.name")
        return t("app.help_title", view=title)

    def content(self) -> list[Widget]:
        """Return the paragraphs."""
        parts: list[Widget] = []
        if self._view is not None:
            if self._view.help_key:
                parts.append(Static(t(self._view.help_key), classes="help-part", markup=False))
            subject = self._view.selected_subject()
            if subject is not None:
                parts.append(Static(t("app.help_selected"), classes="help-head"))
                text = "\n".join((subject.title, *subject.lines))
                parts.append(Static(text, classes="help-part", markup=False))
        parts.append(Static(t("app.help_keys"), classes="help-head"))
        parts.append(Static(self._keys(), classes="help-part"))
        parts.append(Static(t("app.help_letters"), classes="help-head"))
        parts.append(Static(letters(), classes="help-part"))
        return parts

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        super().on_mount()
        text = self.query_one("#dialog")
        text.can_focus = True
        self.set_focus(text)

    def keys_text(self) -> str:
        """Return how to leave."""
        return t("app.help_leave")

    def _keys(self) -> Content:
        rows: dict[str, tuple[list[str], ActiveBinding]] = {}
        for active in self._active.values():
            binding = active.binding
            if binding.id is None or not active.enabled or not binding.tooltip:
                continue
            key = self.app.get_key_display(binding)
            row = rows.setdefault(binding.action, ([], active))
            if key not in row[0]:
                row[0].append(key)
        ordered = sorted(rows.values(), key=lambda row: place(row[1].binding.id))
        return Content("\n").join(
            Content.styled(_padded(" ".join(keys), 12), "bold $accent") + t(active.binding.tooltip)
            for keys, active in ordered
        )


def letters() -> Content:
    """Return the legend of the letters of a day, with their words."""
    lines = []
    for group in (_FILED, _OPEN):
        parts = [
            f"{t(f'words.status_letter_{status}')} {t(f'words.status_{status}')}"
            for status in group
        ]
        if group is _FILED:
            parts.insert(1, f"{t('words.status_letter_zero')} {t('words.report_zero')}")
        lines.append("   ".join(parts))
    lights = ("green", "amber", "red")
    lines.append(
        "   ".join(f"{t(f'words.light_letter_{x}')} {t(f'app.light_{x}')}" for x in lights)
    )
    return Content("\n".join(lines))


def _padded(text: str, width: int) -> str:
    return text + " " * max(1, width - cell_len(text))
