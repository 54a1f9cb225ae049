"""Making a paper of a matter from its page: which one, to whom, and where the file goes."""

from __future__ import annotations

from pathlib import Path

from actions.assisting import can_be_asked
from actions.matters import MatterView
from catalogue import t
from domain.instants import Instant
from domain.papers import PaperKind
from domain.people import Actor
from domain.units import Unit
from exchange.papers import Made, make_paper
from storage import units
from storage.store import Store
from tui.asking import Asks
from tui.desk import Question
from tui.widgets.notice import Tone
from tui.widgets.pick_dialog import PickDialog

_OF_GROUND = (PaperKind.STOP_WORK, PaperKind.APPROVAL_URGING, PaperKind.TRANSFER)
_KINDS = {
    "finding": _OF_GROUND,
    "satellite": _OF_GROUND,
    "lead": _OF_GROUND,
    "approval": (PaperKind.APPROVAL_URGING, PaperKind.TRANSFER),
    "notice": (PaperKind.SUPERVISION,),
}
"""The papers that can be made of a matter, by its workflow."""


def offer(asker: Asks, view: MatterView) -> None:
    """Let a paper of the matter be chosen, with the file that it will be; then make it."""
    kinds = _KINDS.get(view.matter.workflow, ())
    if not kinds:
        asker.program.say(t("papers.none_of_this"))
        return
    number = view.matter.number
    files = {kind: _file(kind, number) for kind in kinds}
    if PaperKind.TRANSFER in files:
        files[PaperKind.TRANSFER] = _file(PaperKind.TRANSFER, f"{number}@…")
    options = [
        (kind.value, t("papers.option", name=t(f"papers.kind_{kind}"), file=file))
        for kind, file in files.items()
    ]

    def chosen(found: str | None) -> None:
        if found is None:
            return
        kind = PaperKind(found)
        if kind is PaperKind.TRANSFER:
            _offer_units(asker, number)
        else:
            _make(asker, kind, number)

    asker.program.push_screen(PickDialog("papers.pick_title", options), chosen)


def _offer_units(asker: Asks, number: str) -> None:
    """Let the unit be chosen that a case is transferred to."""

    def opened(found: list[Unit]) -> None:
        options = [(unit.code, t("papers.to_unit", unit=unit.called)) for unit in found]
        asker.program.push_screen(PickDialog("papers.to_title", options), chosen)

    def chosen(code: str | None) -> None:
        if code is not None:
            _make(asker, PaperKind.TRANSFER, f"{number}@{code}")

    asker.ask(_units, opened, group="papers")


def _units(store: Store, _actor: Actor, at: Instant) -> list[Unit]:
    codes = [duties.code for duties in can_be_asked(store, at)]
    found = units.by_code(store.connection, codes)
    return [found[code] for code in codes]


def _make(asker: Asks, kind: PaperKind, subject: str) -> None:
    own = asker.program.loaded.settings.preferences.templates
    target = Path.cwd() / _file(kind, subject)

    def made(found: Made) -> None:
        said = t("papers.made", number=found.paper.number, file=found.file)
        asker.program.say(said, Tone.DONE)

    asker.act(_question(kind, subject, target, Path(own).expanduser() if own else None), made)


def _question(
    kind: PaperKind, subject: str, target: Path, templates: Path | None
) -> Question[Made]:
    def question(store: Store, actor: Actor, at: Instant) -> Made:
        return make_paper(store, actor, kind, subject, target, at, templates)

    return question


def _file(kind: PaperKind, subject: str) -> str:
    return f"{kind}-{subject}.docx"
