"""A short form that writes one thing: what it is about, its fields, and what Enter will write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

import catalogue
from catalogue import t
from domain.errors import LianluoError
from domain.values import dataclass
from tui.desk import Question
from tui.widgets.fields import Choice, Row
from tui.widgets.filling import FillingDialog

T = TypeVar("T")
Values = Mapping[str, str]
"""What stands in the fields, by name."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: free text, or with `options` one of a few words as (value, word)."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """What a form is about, what it asks, what Enter will write in words, and the writing.

    `writes` may raise a LianluoError for what cannot be read; `write` too, when it returns what is
    to be done with the store.
    """

    title: str
    lines: tuple[Content, ...]
    fields: tuple[Field, ...]
    writes: Callable[[Values], str]
    write: Callable[[Values], Question[T]]


class FormDialog(FillingDialog[T]):
    """Gives what the writing returned.

    | Key | Does |
    |---|---|
    | `Enter` | writes, from any field |
    | `Tab` | goes to the next field |
    | `←` `→` | choose another word in a choice |
    | `Esc` | leaves without writing |
    """

    DEFAULT_CSS = """
    FormDialog #form-lines { height: auto; margin-bottom: 1; }
    """

    def __init__(self, form: Form[T]) -> None:
        """Take the form."""
        super().__init__()
        self._form = form

    def title_text(self) -> str:
        """Return the title."""
        return self._form.title

    def content(self) -> list[Widget]:
        """Return what it is about, the fields, and what Enter will write."""
        parts: list[Widget] = []
        if self._form.lines:
            parts.append(Static(Content("\n").join(self._form.lines), id="form-lines"))
        parts += [Row(field.label, _widget(field), remark=False) for field in self._form.fields]
        parts.append(self.writes_line())
        return parts

    def keys_text(self) -> str:
        """Return what the keys do."""
        choices = any(field.options for field in self._form.fields)
        return t("keys.form_choices" if choices else "keys.form")

    def on_mount(self) -> None:
        """Begin in the first field that takes text, or the first one."""
        super().on_mount()
        texts = [field.name for field in self._form.fields if not field.options]
        names = texts or [field.name for field in self._form.fields]
        if names:
            self.set_focus(self.query_one(f"#field-{names[0]}"))
        self._say()

    def values(self) -> dict[str, str]:
        """Return what stands in the fields."""
        found: dict[str, str] = {}
        for field in self._form.fields:
            widget = self.query_one(f"#field-{field.name}")
            assert isinstance(widget, (Input, Choice))
            found[field.name] = widget.value.strip()
        return found

    def _say(self) -> None:
        try:
            text = self._form.writes(self.values())
        except LianluoError as error:
            text = catalogue.render(error.message)
        self.say_writes(text)

    def on_input_changed(self) -> None:
        """Say what would now be written."""
        self.complain("")
        self._say()

    def on_choice_changed(self) -> None:
        """Say what would now be written."""
        if self.is_mounted:
            self.complain("")
            self._say()

    def action_write(self) -> None:
        """Write what stands in the fields; once."""
        if self.writing:
            return
        try:
            question = self._form.write(self.values())
        except LianluoError as error:
            self.refuse(error)
            return
        self.writing = True
        self.act(question, self.dismiss, refused=self.refused)


def _widget(field: Field) -> Widget:
    name = f"field-{field.name}"
    if field.options:
        return Choice(field.options, field.value, id=name)
    return Input(field.value, placeholder=field.hint, id=name, compact=True)


def fields(*found: Field | None) -> tuple[Field, ...]:
    """Return the fields that are wanted."""
    return tuple(field for field in found if field is not None)


def lines(*found: Sequence[Content]) -> tuple[Content, ...]:
    """Return the lines of several parts."""
    return tuple(line for part in found for line in part)
