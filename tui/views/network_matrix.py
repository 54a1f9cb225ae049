"""The supervision network as a matrix: supervisors across, supervised units down (R2)."""

from __future__ import annotations

from datetime import date

from rich.cells import cell_len

from actions.rollups import Matrix, supervision
from catalogue import language, t
from domain.instants import Instant
from domain.lights import Thresholds
from domain.networks import Network
from domain.people import Actor
from domain.units import Unit
from domain.values import dataclass
from storage.store import Store
from tui.views.network_tab import NetworkTab, Told, state_cell
from tui.widgets.fitting import fit, name_of, name_within
from tui.widgets.grid import Band, LetterGrid
from tui.widgets.virtual import Cell

_WIDEST = 16
"""Cells of a supervisor's name at most."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The matrix on a day as of `at`."""

    at: Instant
    day: date
    matrix: Matrix
    thresholds: Thresholds


class MatrixGrid(LetterGrid, NetworkTab):
    """Who supervises whom; a cell is what the supervised unit has open past due."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(name_share=0.3, id=id)
        self.tail_width = 10
        self._sight: Sight | None = None
        self._shown: list[Unit] = []
        self._text = ""

    def load(self, day: date | None) -> None:
        """Read the matrix on a day; None: today."""

        def question(store: Store, _actor: Actor, at: Instant) -> Sight:
            on = day or store.today(at)
            return Sight(at, on, supervision(store, on, at), store.rules.thresholds())

        self.ask(question, self._take, group=f"tab-{self.id}")

    def _take(self, sight: Sight) -> None:
        self._sight = sight
        self.draw()

    def narrow(self, text: str) -> None:
        """Show the supervised units with a text in one of their names."""
        self._text = text.casefold()
        self.draw()

    def draw(self) -> None:
        """Draw what was read."""
        sight = self._sight
        if sight is None:
            return
        before = self.unit
        matrix = sight.matrix
        self._shown = [
            unit for unit in matrix.supervised if self._text in " ".join(unit.names()).casefold()
        ]
        heads = [_short(unit) for unit in matrix.supervisors]
        self.cell_width = max([8, *map(cell_len, heads)]) + 2
        sums = [self._sum(sight, column) for column in range(len(heads))]
        self.band(
            [
                Band(
                    t("networks.supervised", count=len(self._shown)),
                    [(head, "quiet") for head in heads],
                    (t("networks.col_state"), "quiet"),
                )
            ],
            [Band(t("networks.sum"), sums)],
        )
        self.show(len(self._shown), len(heads), name=self._named, cell=self._cell, tail=self._state)
        codes = [unit.code for unit in self._shown]
        if before is not None and before.code in codes:
            self.cursor = codes.index(before.code)
        words = t("networks.matrix", across=len(heads), down=len(matrix.supervised))
        self.post_message(Told(Network.SUPERVISION, sight.day, words))

    @property
    def unit(self) -> Unit | None:
        """Return the supervised unit under the cursor."""
        return self._shown[self.cursor] if self.cursor < len(self._shown) else None

    @property
    def obligation_id(self) -> str | None:
        """Return the obligation of the day of the unit under the cursor."""
        row = self._sight.matrix.rows.get(self.unit.code) if self._sight and self.unit else None
        if row is None or row.due_at is None:
            return None
        return f"R-{row.day:%Y%m%d}-{row.unit.code}"

    def _named(self, row: int, width: int) -> str:
        return name_within(self._shown[row], width)

    def _cell(self, row: int, column: int) -> Cell:
        sight = self._sight
        assert sight is not None
        matrix, unit = sight.matrix, self._shown[row]
        if (matrix.supervisors[column].code, unit.code) not in matrix.links:
            return "", "quiet"
        count = matrix.overdue.get(unit.code, 0)
        return f"{count} ", "late" if count else "quiet"

    def _sum(self, sight: Sight, column: int) -> Cell:
        matrix = sight.matrix
        above = matrix.supervisors[column].code
        below = [unit.code for unit in self._shown if (above, unit.code) in matrix.links]
        return f"{sum(matrix.overdue.get(code, 0) for code in below)} ", "strong"

    def _state(self, row: int) -> Cell:
        sight = self._sight
        assert sight is not None
        found = sight.matrix.rows.get(self._shown[row].code)
        return state_cell(found, sight.at, sight.thresholds)


def _short(unit: Unit) -> str:
    short = unit.short if language() == "zh" and unit.short else name_of(unit)
    return f"{fit(short, min(_WIDEST, cell_len(short)))} "
