"""The horizontal network as a table: members, contacts, duty, the day's state; gaps first (R2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from actions.rollups import Member, members
from catalogue import listing, pick, t
from domain.instants import Instant
from domain.lights import Thresholds
from domain.networks import Network
from domain.people import Actor, Person, Role
from domain.units import Unit
from domain.values import dataclass
from storage.store import Store
from tui.views.network_tab import NetworkTab, Told, state_cell
from tui.widgets.fitting import name_within
from tui.widgets.rows import Column, Rows
from tui.widgets.virtual import Cell

_COLUMNS = (
    Column("networks.col_unit", 14, grow=2),
    Column("networks.col_state", 9),
    Column("networks.col_leader", 10, grow=1),
    Column("networks.col_liaison", 10, grow=1),
    Column("networks.col_deputy", 10, grow=1),
    Column("networks.col_phone", 12),
    Column("unit.duty", 20, grow=3, least=118),
)


@dataclass(frozen=True, slots=True)
class Table:
    """The members on a day as of `at`."""

    at: Instant
    day: date
    members: Sequence[Member]
    thresholds: Thresholds


class Members(Rows, NetworkTab):
    """The members, those who lack a contact at the top."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(_COLUMNS, id=id)
        self._table: Table | None = None
        self._shown: list[Member] = []
        self._text = ""

    def load(self, day: date | None) -> None:
        """Read the members on a day; None: today."""

        def question(store: Store, _actor: Actor, at: Instant) -> Table:
            on = day or store.today(at)
            return Table(at, on, members(store, on, at), store.rules.thresholds())

        self.ask(question, self._take, group=f"tab-{self.id}")

    def _take(self, table: Table) -> None:
        self._table = table
        self.draw()

    def narrow(self, text: str) -> None:
        """Show the members with a text in one of their names or contacts."""
        self._text = text.casefold()
        self.draw()

    def draw(self) -> None:
        """Draw what was read."""
        table = self._table
        if table is None:
            return
        before = self.unit
        self._shown = [each for each in table.members if self._text in _searched(each)]
        self.show(len(self._shown), self._row)
        codes = [each.unit.code for each in self._shown]
        if before is not None and before.code in codes:
            self.cursor = codes.index(before.code)
        self.post_message(Told(Network.HORIZONTAL, table.day, self._sum(table)))

    def _sum(self, table: Table) -> str:
        lacking = Counter(role for each in table.members for role in each.gaps)
        gaps = [f"{t(f'words.role_{role}')} {count}" for role, count in lacking.items()]
        whole = t("networks.members", count=len(table.members))
        return f"{whole}  {t('networks.gaps', gaps=listing(gaps))}" if gaps else whole

    @property
    def unit(self) -> Unit | None:
        """Return the member under the cursor."""
        return self._shown[self.cursor].unit if self.cursor < len(self._shown) else None

    @property
    def obligation_id(self) -> str | None:
        """Return the obligation of the day of the member under the cursor."""
        each = self._shown[self.cursor] if self.cursor < len(self._shown) else None
        if each is None or each.row is None or each.row.due_at is None:
            return None
        return f"R-{each.row.day:%Y%m%d}-{each.unit.code}"

    def _row(self, index: int, widths: Sequence[int]) -> Sequence[Cell]:
        each, table = self._shown[index], self._table
        assert table is not None
        contacts = each.contacts
        phone = contacts.liaison.phone if contacts.liaison else ""
        return (
            (name_within(each.unit, widths[0]), "plain"),
            state_cell(each.row, table.at, table.thresholds),
            _contact(contacts.leader, Role.LEADER in each.gaps),
            _contact(contacts.liaison, Role.LIAISON in each.gaps),
            _contact(contacts.deputy, Role.DEPUTY in each.gaps),
            (phone, "plain"),
            ("; ".join(pick(duty.duty, duty.duty_en) for duty in each.duties), "quiet"),
        )


def _contact(person: Person | None, gap: bool) -> Cell:
    if person is not None:
        return person.name, "plain"
    return (t("networks.gap"), "strong") if gap else ("", "plain")


def _searched(each: Member) -> str:
    people = (each.contacts.leader, each.contacts.liaison, each.contacts.deputy)
    names = [person.name for person in people if person is not None]
    return " ".join((*each.unit.names(), *names)).casefold()
