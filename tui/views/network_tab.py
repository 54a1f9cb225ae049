"""What the three networks' tabs share."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date

from textual.message import Message

from actions.board import BoardRow
from catalogue import t
from domain.instants import Instant
from domain.lights import Thresholds
from domain.networks import Network
from domain.units import Unit
from tui.asking import Asks
from tui.widgets.letters import letter
from tui.widgets.virtual import Cell


class Told(Message):
    """A tab was drawn: the network, the day it shows, and the network in a line."""

    def __init__(self, network: Network, day: date, text: str) -> None:
        super().__init__()
        self.network = network
        self.day = day
        self.text = text


class NetworkTab(Asks):
    """One network on a day; list it after the list that it is."""

    @abstractmethod
    def load(self, day: date | None) -> None:
        """Read the network on a day; None: today."""

    @abstractmethod
    def narrow(self, text: str) -> None:
        """Show only what has a text in its names."""

    @abstractmethod
    def draw(self) -> None:
        """Draw what was read, in the language in use."""

    @property
    @abstractmethod
    def unit(self) -> Unit | None:
        """Return the unit under the cursor."""

    @property
    @abstractmethod
    def obligation_id(self) -> str | None:
        """Return the id of the obligation of that unit's day, None where it owes none."""


def state_cell(row: BoardRow | None, at: Instant, thresholds: Thresholds) -> Cell:
    """Return a unit's day as a letter and a word."""
    if row is None:
        return "", "quiet"
    text, style = letter(row, at, thresholds)
    return f"{text} {t(f'words.status_{row.status}')}", style
