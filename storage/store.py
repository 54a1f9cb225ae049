"""An open store: its connection, and the city's own facts that every rule needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType

from domain.calendar import Calendar
from domain.errors import Damaged, LianluoError, UsageError
from domain.instants import Instant, Zone
from domain.schedules import ReportingRules
from domain.settings import CityRules, rules_from_table, rules_to_table
from domain.tracing import blamed
from storage.connection import Connection, open_file

_NONSENSE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a row raises that no program of ours has written."""
_FOLDER = str(Path(__file__).parent)


def _reading_rows(trace: TracebackType | None) -> bool:
    """Return whether an error came out of this folder, where rows become values."""
    while trace is not None:
        if str(Path(trace.tb_frame.f_code.co_filename).parent) == _FOLDER:
            return True
        trace = trace.tb_next
    return False


class Store:
    """A store in use. `rules` are the city's as recorded in it; `starts` its first day (R6)."""

    def __init__(self, connection: Connection) -> None:
        """Read the city's facts; raises Damaged where they are missing or make no sense.

        Leaving it as a context raises Damaged, too, for rows that storage could not understand.
        """
        self.connection = connection
        self._rules_text = ""
        self.reread()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if isinstance(error, _NONSENSE) and _reading_rows(trace):
                cause = blamed(error)
                raise Damaged("errors.store_nonsense", store=str(self.path), cause=cause) from error
        finally:
            self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @property
    def path(self) -> Path:
        """Return where the store lies."""
        return self.connection.path

    def _adopt(self, rules: CityRules) -> None:
        # The calendar may refuse its days: before anything is taken up.
        calendar = rules.calendar()
        self.rules: CityRules = rules
        self.zone: Zone = rules.zone()
        self.calendar: Calendar = calendar
        self.reporting: ReportingRules = rules.reporting()

    def reread(self) -> None:
        """Take the city's facts as they stand in the file now: another process may change them.

        Raises Damaged where they are missing or make no sense.
        """
        try:
            facts: dict[str, str] = dict(self.connection.rows("SELECT key, value FROM meta"))
            if facts["rules"] != self._rules_text:
                self._adopt(rules_from_table(dict(json.loads(facts["rules"]))))
                self._rules_text = facts["rules"]
            self.starts = date.fromisoformat(facts["starts"])
            self.through = date.fromisoformat(facts["through"])
        except (KeyError, TypeError, ValueError, UsageError) as error:
            raise Damaged("errors.store_damaged", store=str(self.path)) from error
        self.demo = facts.get("demo") == "yes"
        self.unsealed = facts.get("unsealed") == "yes"
        self.looked_over = facts.get("looked_over", "")
        self.connection.archive = facts.get("archive", "")
        self.connection.archives_known = facts.get("archives", "[]")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one consistent state, the city's facts included, whatever others write meanwhile.

        Nests: an inner `reading` is part of the outer one.
        """
        if self.connection.inside():
            yield
            return
        with self.connection.reading():
            self.reread()
            yield

    def today(self, at: Instant) -> date:
        """Return the city's local date at the instant `at`."""
        return self.zone.day_of(at)

    def set_rules(self, rules: CityRules) -> None:
        """Record the city's rules and use them from now on."""
        self._adopt(rules)
        self._rules_text = rules_text(rules)
        set_fact(self.connection, "rules", self._rules_text)

    def set_through(self, day: date) -> None:
        """Record the last day whose expected reports have been created."""
        set_fact(self.connection, "through", day.isoformat())
        self.through = day


def open_store(path: Path) -> Store:
    """Open an existing store; raises NotFound, Damaged, Busy or Refused."""
    connection = open_file(path)
    try:
        return Store(connection)
    except LianluoError:
        connection.close()
        raise


def rules_text(rules: CityRules) -> str:
    """Return the rules as the canonical text that the store records."""
    return json.dumps(rules_to_table(rules), ensure_ascii=False, sort_keys=True)


def set_fact(connection: Connection, key: str, value: str) -> None:
    """Record one fact about the store as a whole."""
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def drop_fact(connection: Connection, key: str) -> None:
    """Forget one fact about the store as a whole."""
    connection.execute("DELETE FROM meta WHERE key = ?", (key,))


def fact(connection: Connection, key: str) -> str | None:
    """Return one fact about the store as a whole, or None."""
    found = connection.row("SELECT value FROM meta WHERE key = ?", (key,))
    return None if found is None else str(found[0])
