"""The land offices of a district with what of the checklist each lacks."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

import catalogue
from actions.checklists import Office, offices
from catalogue import t
from domain.checklists import State
from domain.instants import Instant
from domain.people import Actor
from domain.rates import shown
from domain.texts import visible
from domain.units import Unit
from storage.store import Store
from storage.units import Selection
from tui.widgets.fitting import fit, name_of
from tui.widgets.page_dialog import PageDialog

_STYLES = {State.MET: "$quiet", State.PARTLY: "$warning", State.NOT_MET: "bold $error"}


def office_lines(found: Sequence[Office]) -> list[Content]:
    """Return the offices with their shares, and below each every standard that is not met."""
    lines: list[Content] = []
    for each in found:
        counts = each.counts
        head = f"{fit(name_of(each.unit), 20)} {shown(counts.met, counts.asked)}"
        lines.append(Content.styled(head, "bold"))
        unseen = 0
        for standard, checked in each.lines:
            if checked is None:
                unseen += 1
                continue
            said = checked.said
            if said.state in (State.MET, State.NOT_NEEDED):
                continue
            words = catalogue.pick(standard.standard, standard.standard_en)
            line = f"  {standard.code}  {t(f'checklist.state_{said.state}')}  {visible(words)}"
            lines.append(Content.styled(line, _STYLES[said.state]))
            shown_by = f"      {said.day}  {visible(said.evidence)}  {visible(checked.login)}"
            lines.append(Content.styled(shown_by, "$quiet"))
        if unseen:
            lines.append(Content.styled(f"  {t('checklist.unseen', count=unseen)}", "$quiet"))
    return lines


class OfficesDialog(PageDialog[None]):
    """Shows the offices of one district."""

    def __init__(self, district: Unit) -> None:
        """Take the district."""
        super().__init__()
        self._district = district

    def title_text(self) -> str:
        """Return the title."""
        return t("checklist.page", unit=name_of(self._district))

    def keys_text(self) -> str:
        """Return how to leave."""
        return t("checklist.keys")

    def on_mount(self) -> None:
        """Ask."""
        super().on_mount()
        code = self._district.code

        def question(store: Store, _actor: Actor, at: Instant) -> list[Office]:
            return offices(store, Selection(under=code), at)

        self.ask(question, self._show, refused=self.refuse)

    def _show(self, found: list[Office]) -> None:
        lines = office_lines(found)
        lines += [Content(""), Content.styled(t("checklist.local"), "$quiet")]
        self.write(Content("\n").join(lines))
