"""The registry of units: rows, names, and the selections that every view starts from (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from domain.networks import VERTICAL_KINDS, Network
from domain.summaries import WHOLE
from domain.units import Kind, Unit
from domain.values import dataclass
from storage import archives
from storage.columns import day_of, day_text, marks
from storage.connection import IN_ORDER, Connection, Row

COLUMNS = (
    "code, name, kind, name_en, short, parent, valid_from, valid_to, aliases, source, position"
)
_COLUMNS_OF_U = ", ".join(f"u.{column}" for column in COLUMNS.split(", "))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which units a view is about; all of them where nothing is named.

    `under` is a unit and everything below it; `text` a part of any of its names, whatever the
    case; `codes` the units of a page.
    """

    network: Network | None = None
    unit: str | None = None
    under: str | None = None
    text: str = ""
    codes: tuple[str, ...] | None = None

    @property
    def everything(self) -> bool:
        """Return whether no unit is left out."""
        return self == Selection()


def _unit(row: Row) -> Unit:
    return Unit(
        row[0],
        row[1],
        Kind(row[2]),
        row[3],
        row[4],
        row[5],
        day_of(row[6]),
        day_of(row[7]),
        tuple(row[8].split("|")) if row[8] else (),
        row[9],
        row[10],
    )


def chosen(selection: Selection) -> tuple[str, dict[str, object]]:
    """Return a `WITH` clause naming the selected codes `chosen(code)`, and its parameters.

    Of a network, every unit that was ever in it: whoever shows a day looks at that day's links.
    """
    clause, source, conditions, parameters = _narrowed(selection)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    parts = f"{clause}," if clause else "WITH RECURSIVE"
    return f"{parts} chosen (code) AS (SELECT u.code FROM {source}{where})", parameters


def _narrowed(selection: Selection) -> tuple[str, str, list[str], dict[str, object]]:
    """Return a `WITH` clause or none, the source of the units `u`, conditions, and parameters."""
    clause, source = "", "units AS u"
    parameters: dict[str, object] = {}
    conditions: list[str] = []
    if selection.under is not None:
        clause = (
            "WITH RECURSIVE below (code) AS (SELECT code FROM units WHERE code = :under UNION"
            " SELECT u.code FROM units AS u INNER JOIN below AS b ON u.parent = b.code)"
        )
        parameters["under"] = selection.under
        source = "below AS x INNER JOIN units AS u ON u.code = x.code"
    if selection.unit is not None:
        conditions.append("u.code = :unit")
        parameters["unit"] = selection.unit
    if selection.network is Network.VERTICAL:
        kinds = ", ".join(f"'{kind}'" for kind in VERTICAL_KINDS)
        conditions.append(f"u.kind IN ({kinds})")
    elif selection.network is not None:
        conditions.append(
            "u.code IN (SELECT source FROM links WHERE network = :network"
            " UNION SELECT target FROM links WHERE network = :network)"
        )
        parameters["network"] = selection.network.value
    if selection.text:
        conditions.append(
            "EXISTS (SELECT 1 FROM unit_names AS n"
            " WHERE n.unit = u.code AND instr(n.name, :text) > 0)"
        )
        parameters["text"] = selection.text.lower()
    if selection.codes is not None:
        page = {f"code{number}": code for number, code in enumerate(selection.codes)}
        conditions.append(f"u.code IN ({', '.join(f':{name}' for name in page)})")
        parameters |= page
    return clause, source, conditions, parameters


def selected(connection: Connection, selection: Selection) -> list[Unit]:
    """Return the selected units in registry order, whatever their validity."""
    clause, parameters = chosen(selection)
    return [
        _unit(row)
        for row in connection.rows(
            f"{clause} SELECT {_COLUMNS_OF_U} FROM chosen AS c"
            " INNER JOIN units AS u ON u.code = c.code ORDER BY u.position",
            parameters,
        )
    ]


def count(connection: Connection) -> int:
    """Return how many units there are and ever were."""
    found = connection.row("SELECT COUNT(*) FROM units")
    assert found is not None
    return int(found[0])


def expected_codes(
    connection: Connection, first: date, last: date, selection: Selection, *, everything: bool
) -> list[str]:
    """Return the selected units that exist from `first` to `last` and owe or filed a report then.

    With `everything`, all that exist then; in registry order. One look-up a unit: it costs the
    same however old the store is.
    """
    if everything:
        return _codes_between(connection, first, last, selection)
    asked = archives.parts(connection, first.isoformat(), last.isoformat())
    found = [
        code
        for part in asked
        for code in _codes_between(
            part.connection,
            date.fromisoformat(part.first),
            date.fromisoformat(part.last),
            selection,
            _OWES_OR_FILED,
        )
    ]
    if len(asked) == 1:
        return found
    units = by_code(connection, found)
    return sorted(units, key=lambda code: units[code].order)


# Most units that owe nothing are of a kind of which the sums say that none does: of those no day
# need be looked at.
_OWES_OR_FILED = (
    f"(u.kind IN (SELECT s.kind FROM days AS d {IN_ORDER} summaries AS s"
    f" ON s.period = d.day AND s.node = '{WHOLE}' WHERE d.day BETWEEN :first AND :last)"
    f" AND EXISTS (SELECT 1 FROM days AS d {IN_ORDER} obligations AS o"
    " ON o.kind = 'report' AND o.subject = d.day AND o.unit = u.code"
    " WHERE d.day BETWEEN :first AND :last)"
    " OR EXISTS (SELECT 1 FROM reports AS r WHERE r.unit = u.code"
    " AND r.date BETWEEN :first AND :last))"
)


def _codes_between(
    connection: Connection, first: date, last: date, selection: Selection, *narrow: str
) -> list[str]:
    clause, source, conditions, parameters = _narrowed(selection)
    parameters |= {"first": first.isoformat(), "last": last.isoformat()}
    conditions += [
        "COALESCE(u.valid_from, :last) <= :last",
        "COALESCE(u.valid_to, :first) >= :first",
        *narrow,
    ]
    return [
        row[0]
        for row in connection.rows(
            f"{clause} SELECT u.code FROM {source} WHERE {' AND '.join(conditions)}"
            " ORDER BY u.position",
            parameters,
        )
    ]


def by_code(connection: Connection, codes: Iterable[str]) -> dict[str, Unit]:
    """Return the units of these codes; unknown ones are left out."""
    wanted = list(dict.fromkeys(codes))
    found: dict[str, Unit] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM units WHERE code IN ({marks(len(part))})", part
        ):
            found[row[0]] = _unit(row)
    return found


def get(connection: Connection, code: str) -> Unit | None:
    """Return the unit of a code, or None."""
    row = connection.row(f"SELECT {COLUMNS} FROM units WHERE code = ?", (code,))
    return None if row is None else _unit(row)


def of_kinds(connection: Connection, kinds: Sequence[str]) -> list[Unit]:
    """Return the units of these kinds in registry order."""
    return [
        _unit(row)
        for row in connection.rows(
            f"SELECT {COLUMNS} FROM units WHERE kind IN ({marks(len(kinds))}) ORDER BY position",
            list(kinds),
        )
    ]


def districts(connection: Connection, under: str | None) -> list[str] | None:
    """Return the districts at and below a unit (None: all), by code.

    None where one of them, or the unit itself, lies in another district.
    """
    found = [row[0] for row in connection.rows("SELECT code FROM units WHERE kind = 'district'")]
    if under is not None:
        inside = Selection(under=under)
        if any(unit.kind is Kind.DISTRICT for unit in line(connection, under)[1:]):
            return None
        found = [unit.code for unit in selected(connection, inside) if unit.kind is Kind.DISTRICT]
    nested = connection.row(
        "WITH RECURSIVE above (code) AS (SELECT parent FROM units WHERE kind = 'district' UNION"
        " SELECT u.parent FROM above AS a INNER JOIN units AS u ON u.code = a.code)"
        " SELECT 1 FROM above AS a INNER JOIN units AS u ON u.code = a.code"
        " WHERE u.kind = 'district' LIMIT 1"
    )
    return found if nested is None else None


def parents(connection: Connection, kinds: Sequence[str], day: date) -> dict[str, str | None]:
    """Return the parent of every unit of these kinds that exists on `day`, in registry order."""
    return {
        row[0]: row[1]
        for row in connection.rows(
            f"SELECT code, parent FROM units WHERE kind IN ({marks(len(kinds))})"
            " AND COALESCE(valid_from, ?) <= ? AND COALESCE(valid_to, ?) >= ? ORDER BY position",
            (*kinds, *[day.isoformat()] * 4),
        )
    }


def children(
    connection: Connection, parent: str | None, kinds: Sequence[str], day: date
) -> list[Unit]:
    """Return the units of these kinds right under `parent` that exist on `day`.

    None: those whose parent is none of them, the roots; in registry order.
    """
    if parent is not None:
        found = connection.rows(
            f"SELECT {COLUMNS} FROM units WHERE parent = ? AND kind IN ({marks(len(kinds))})"
            " ORDER BY position",
            (parent, *kinds),
        )
        return [unit for unit in map(_unit, found) if unit.valid_on(day)]
    standing = parents(connection, kinds, day)
    roots = [code for code, above in standing.items() if above not in standing]
    known = by_code(connection, roots)
    return [known[code] for code in roots]


def named(connection: Connection, name: str) -> list[Unit]:
    """Return the units that answer to a name (code, name, English, short, alias), any case."""
    return [
        _unit(row)
        for row in connection.rows(
            f"SELECT {_COLUMNS_OF_U} FROM unit_names AS n"
            " INNER JOIN units AS u ON u.code = n.unit WHERE n.name = ? ORDER BY u.position",
            (name.strip().lower(),),
        )
    ]


def names(connection: Connection) -> list[tuple[str, str]]:
    """Return every (folded name, code) of the registry: for completion and near matches."""
    return [
        (row[0], row[1])
        for row in connection.rows(
            "SELECT n.name, n.unit FROM unit_names AS n"
            " INNER JOIN units AS u ON u.code = n.unit ORDER BY u.position, n.name"
        )
    ]


def line(connection: Connection, code: str) -> list[Unit]:
    """Return the unit and everything above it, itself first."""
    return [
        _unit(row)
        for row in connection.rows(
            "WITH RECURSIVE above (code, depth) AS (SELECT ?, 0 UNION"
            " SELECT u.parent, a.depth + 1 FROM above AS a INNER JOIN units AS u"
            " ON u.code = a.code WHERE u.parent IS NOT NULL)"
            f" SELECT {_COLUMNS_OF_U} FROM above AS a"
            " INNER JOIN units AS u ON u.code = a.code ORDER BY a.depth",
            (code,),
        )
    ]


def save(connection: Connection, units: Sequence[Unit]) -> None:
    """Write the units, new or changed; parents may stand anywhere in the same call."""
    # A parent may come after its child: the links are set once all rows are there.
    connection.execute_many(
        "INSERT INTO units (code, name, kind, name_en, short, valid_from, valid_to, aliases,"
        " source, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
        " name_en = excluded.name_en, short = excluded.short, valid_from = excluded.valid_from,"
        " valid_to = excluded.valid_to, aliases = excluded.aliases, source = excluded.source",
        [
            (
                unit.code,
                unit.name,
                unit.kind.value,
                unit.name_en,
                unit.short,
                day_text(unit.valid_from),
                day_text(unit.valid_to),
                "|".join(unit.aliases),
                unit.source,
                unit.order,
            )
            for unit in units
        ],
    )
    connection.execute_many(
        "UPDATE units SET parent = ? WHERE code = ?", [(unit.parent, unit.code) for unit in units]
    )
    connection.execute_many(
        "DELETE FROM unit_names WHERE unit = ?", [(unit.code,) for unit in units]
    )
    connection.execute_many(
        "INSERT INTO unit_names (name, unit) VALUES (?, ?)",
        [
            (name, unit.code)
            for unit in units
            for name in dict.fromkeys(name.lower() for name in unit.names())
        ],
    )


def next_position(connection: Connection) -> int:
    """Return the place in the registry of the next new unit."""
    found = connection.row("SELECT COALESCE(MAX(position) + 1, 0) FROM units")
    assert found is not None
    return int(found[0])
