"""The vertical network as a tree whose every node sums what lies below it (R2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType

from actions.rollups import Node, Rollup, children, matching, rollups
from catalogue import t
from domain.instants import Instant
from domain.lights import Thresholds
from domain.networks import Network
from domain.people import Actor
from domain.rates import shown
from domain.units import Unit
from domain.values import dataclass
from storage.store import Store
from tui.views.network_tab import NetworkTab, Told, state_cell
from tui.widgets.fitting import name_within
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell

_COLUMNS = (
    Column("networks.col_unit", 20, grow=1, most=76),
    Column("networks.col_state", 9),
    Column("networks.col_filed", 13, right=True),
    Column("networks.col_zeros", 7, right=True),
    Column("networks.col_overdue", 7, right=True),
)
_INDENT = 2


@dataclass(frozen=True, slots=True)
class Forest:
    """The tree as read so far: the sums of all nodes, and the nodes under those unfolded."""

    at: Instant
    day: date
    sums: dict[str, Rollup]
    under: dict[str | None, list[Node]]
    found: list[Node]
    thresholds: Thresholds


class TreeRows(Rows, NetworkTab):
    """The tree; a node's children are read when it is unfolded.

    | Key | Does |
    |---|---|
    | right, space | unfolds |
    | left | folds, or goes to the node above |
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right",
            "unfold",
            "networks.unfold",
            show=False,
            id="unfold",
            tooltip="networks.unfold_help",
        ),
        Binding(
            "left", "fold", "networks.fold", show=False, id="fold", tooltip="networks.fold_help"
        ),
        Binding("space", "turn", "networks.toggle", id="toggle", tooltip="networks.toggle_help"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(_COLUMNS, id=id)
        self._forest: Forest | None = None
        self._unfolded: set[str] | None = None
        self._shown: list[tuple[int, Node]] = []
        self._text = ""

    # -- reading ---------------------------------------------------------------------------------

    def load(self, day: date | None) -> None:
        """Read the sums on a day, None: today, and the nodes in sight."""
        unfolded, text = self._unfolded, self._text

        def question(store: Store, _actor: Actor, at: Instant) -> Forest:
            on = day or store.today(at)
            sums = rollups(store, on, at)
            roots = children(store, None, on, at, sums)
            wanted = {node.unit.code for node in roots} if unfolded is None else unfolded
            under: dict[str | None, list[Node]] = {None: roots}
            under |= {code: children(store, code, on, at, sums) for code in wanted if code in sums}
            found = matching(store, text, on, at, sums) if text else []
            return Forest(at, on, sums, under, found, store.rules.thresholds())

        self.ask(question, self._take, group=f"tab-{self.id}")

    def _take(self, forest: Forest) -> None:
        if self._unfolded is None:
            self._unfolded = {node.unit.code for node in forest.under[None]}
        self._forest = forest
        self.draw()

    def narrow(self, text: str) -> None:
        """Show the nodes with a text in one of their names as a list, or the tree again."""
        self._text = text
        forest = self._forest
        if forest is None:
            return
        if not text:
            self.draw()
            return

        def question(store: Store, _actor: Actor, at: Instant) -> list[Node]:
            return matching(store, text, forest.day, at, forest.sums)

        def take(found: list[Node]) -> None:
            self._forest = replace(forest, found=found)
            self.draw()

        self.ask(question, take, group=f"find-{self.id}")

    def _unfold(self, code: str) -> None:
        forest = self._forest
        assert forest is not None
        assert self._unfolded is not None
        self._unfolded.add(code)
        if code in forest.under:
            self.draw()
            return

        def question(store: Store, _actor: Actor, at: Instant) -> list[Node]:
            return children(store, code, forest.day, at, forest.sums)

        def take(found: list[Node]) -> None:
            if self._forest is forest:
                forest.under[code] = found
                self.draw()

        self.ask(question, take, group=f"unfold-{code}")

    # -- drawing ---------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw what was read."""
        forest = self._forest
        if forest is None:
            return
        before = self.unit
        if self._text:
            self._shown = [(0, node) for node in forest.found]
        else:
            self._shown = list(self._walk(forest, None, 0))
        self.show(len(self._shown), self._row)
        codes = [node.unit.code for _, node in self._shown]
        if before is not None and before.code in codes:
            self.cursor = codes.index(before.code)
        self.post_message(
            Told(Network.VERTICAL, forest.day, t("networks.nodes", count=len(forest.sums)))
        )

    def _walk(self, forest: Forest, parent: str | None, depth: int) -> Iterator[tuple[int, Node]]:
        for node in forest.under.get(parent, ()):
            yield depth, node
            if self._unfolded is not None and node.unit.code in self._unfolded:
                yield from self._walk(forest, node.unit.code, depth + 1)

    def _row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        forest = self._forest
        assert forest is not None
        depth, node = self._shown[index]
        sign = " " * (_INDENT * depth) + self._sign(node)
        sums = node.rollup
        tally = sums.tally
        whole = tally.expected + tally.pending
        return (
            (sign + name_within(node.unit, widths[0] - len(sign)), "plain"),
            state_cell(node.row, forest.at, forest.thresholds),
            (f"{tally.received}/{whole}" if whole else t("networks.none"), "plain"),
            (str(tally.zero) if whole else "", "quiet"),
            (str(sums.overdue), "late" if sums.overdue else "quiet"),
        )

    def _sign(self, node: Node) -> str:
        if self._text or not node.rollup.children:
            return "  "
        return "- " if node.unit.code in (self._unfolded or ()) else "+ "

    # -- moving ----------------------------------------------------------------------------------

    @property
    def _node(self) -> Node | None:
        return self._shown[self.cursor][1] if self.cursor < len(self._shown) else None

    @property
    def unit(self) -> Unit | None:
        """Return the node under the cursor."""
        return self._node.unit if self._node else None

    @property
    def obligation_id(self) -> str | None:
        """Return the obligation of the day of the node under the cursor."""
        row = self._node.row if self._node else None
        if row is None or row.due_at is None:
            return None
        return f"R-{row.day:%Y%m%d}-{row.unit.code}"

    @property
    def rollup_words(self) -> str:
        """Return the sums of the node under the cursor in words."""
        if self._node is None:
            return ""
        tally = self._node.rollup.tally
        filed = shown(tally.received, tally.expected + tally.pending)
        return t(
            "networks.rollup", filed=filed, zeros=tally.zero, overdue=self._node.rollup.overdue
        )

    def action_unfold(self) -> None:
        """Show the children of the node under the cursor."""
        node = self._node
        if node is not None and node.rollup.children and not self._text:
            self._unfold(node.unit.code)

    def action_fold(self) -> None:
        """Hide the children, or go to the node above."""
        node = self._node
        if node is None or self._unfolded is None or self._text:
            return
        if node.unit.code in self._unfolded:
            self._unfolded.discard(node.unit.code)
            self.draw()
            return
        codes = [each.unit.code for _, each in self._shown]
        if node.unit.parent in codes:
            self.cursor = codes.index(node.unit.parent)

    def action_turn(self) -> None:
        """Unfold or fold the node under the cursor."""
        node = self._node
        if node is not None and node.unit.code in (self._unfolded or ()):
            self.action_fold()
        else:
            self.action_unfold()

    def place(self, row: int, x: int) -> bool:
        """Put the cursor on a row; a click on its sign unfolds or folds."""
        there = super().place(row, x)
        if x < _INDENT * (self._shown[row][0] + 1):
            self.action_turn()
            return False
        return there
