"""Archiving a year: everything reads and verifies as before, and nothing is ever lost."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions import auditing
from actions.archiving import archive_year, listed
from actions.backing_up import Shown, back_up, restore
from actions.board import board, codes, totals, unfiled
from actions.checking import Level, check_store
from actions.expecting import roll
from actions.opening import Registry, found
from actions.overdue import overdue
from actions.rates import Grouping, rates
from actions.reporting import file, file_zero, show
from actions.reporting import listed as reports_listed
from actions.schedules import restate_days, save_exemptions, withdraw_exemption
from actions.units import save_units
from domain.areas import LandClass
from domain.errors import Damaged, LianluoError, NotFound, Refused
from domain.findings import Finding
from domain.instants import DAY, Instant, Zone
from domain.people import Actor, Person, Role
from domain.reports import Content, ReportKind
from domain.schedules import Exemption
from domain.settings import CityRules
from domain.units import Kind, Unit
from storage import archiving, events, units
from storage.archives import Archive
from storage.connection import SCHEMA_VERSION
from storage.recounting import contradictions
from storage.reports import span
from storage.store import Store, open_store
from storage.units import Selection
from tests.matters_city import workflows

ZONE = Zone("Asia/Shanghai")
STARTS = date(2025, 12, 22)
AT: Instant = ZONE.parse("2026-01-25 09:00")
ADMIN = Actor("admin", "admin", "host")
LIAISON = Actor("of-D1", "of-D1", "host")
ALL = Selection()
LAST = date(2026, 1, 20)


def quiet(_one: object, _other: object) -> None:
    """Show nothing."""


SHOWN = Shown(quiet, quiet)


def noon(day: date) -> Instant:
    return ZONE.start_of(day) + 12 * 3600


def grown(folder: Path, *, silent: bool = False, matters: bool = False) -> Store:
    """Return a city that has reported over a turn of the year.

    `silent`: not on every day; `matters`: findings open theirs.
    """
    registry = Registry(
        [
            Unit("CITY", "某市", Kind.CITY, order=0),
            Unit("D1", "一区", Kind.DISTRICT, parent="CITY", order=1),
            Unit("D2", "二区", Kind.DISTRICT, parent="CITY", order=2),
        ],
        people=[
            Person("of-D1", "一区联络员", "D1", Role.LIAISON),
            Person("of-D2", "二区联络员", "D2", Role.LIAISON),
        ],
        workflows=workflows() if matters else {},
    )
    store = found(folder / "s.db", registry, CityRules(), STARTS, ADMIN, ZONE.start_of(STARTS))
    for number in range((LAST - STARTS).days):
        day = STARTS + timedelta(number)
        for unit in ("D1", "D2"):
            actor = Actor(f"of-{unit}", f"of-{unit}", "host")
            late = DAY if number % 5 == 3 and unit == "D2" else 0
            if silent and number == 2 and unit == "D2":
                continue
            if number == 4 and unit == "D1":
                filed = Content(
                    ReportKind.DAILY,
                    "有",
                    findings=(Finding(1, "村东", LandClass.UNUSED, 300, "D1"),),
                )
                file(store, actor, unit, day, filed, noon(day))
            else:
                file_zero(store, actor, unit, day, noon(day) + late, areas=(1, 1))
    again = Content(ReportKind.DAILY, "补一段")
    day = STARTS + timedelta(1)
    file(store, LIAISON, "D1", day, again, noon(day) + 9, amending=True, reason="补充")
    roll(store, AT)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with grown(tmp_path) as opened:
        yield opened


@pytest.fixture
def done(store: Store) -> Store:
    """The city with 2025 archived."""
    archive_year(store, ADMIN, 2025, AT, SHOWN)
    return store


def seen(store: Store) -> dict[str, Any]:
    """Return the answers to all kinds of questions, over the turn of the year."""
    first = STARTS
    answers: dict[str, Any] = {
        f"rates {by} {at}": [
            (group, repr(tally)) for group, tally in rates(store, first, LAST, chosen, at, by)
        ]
        for by in Grouping
        for at in (AT, noon(date(2025, 12, 26)), noon(date(2026, 1, 3)))
        for chosen in (ALL,)
    }
    for name, chosen in {
        "all": ALL,
        "one": Selection(unit="D2"),
        "under": Selection(under="CITY"),
        "codes": Selection(codes=("D1",)),
    }.items():
        for at in (AT, noon(date(2025, 12, 27))):
            answers[f"board {name} {at}"] = board(store, first, LAST, chosen, at)
            answers[f"old board {name} {at}"] = board(
                store, first, first + timedelta(3), chosen, at, everything=True
            )
            answers[f"reports {name} {at}"] = reports_listed(store, first, LAST, chosen, at)
        answers[f"codes {name}"] = codes(store, first, LAST, chosen)
        answers[f"totals {name}"] = totals(store, first, LAST, chosen, AT)
        answers[f"old rates {name}"] = rates(
            store, first, date(2025, 12, 31), chosen, noon(date(2025, 12, 29)), Grouping.UNIT
        )
    answers["unfiled"] = unfiled(store, STARTS + timedelta(3), ALL, noon(STARTS + timedelta(3)))
    answers["shown"] = show(store, "D1", STARTS + timedelta(4), AT)
    answers["overdue"] = overdue(store, AT, ALL)
    answers["overdue then"] = overdue(store, noon(date(2026, 1, 2)), ALL)
    answers["span"] = span(store.connection)
    return answers


def dumped(store: Store) -> list[str]:
    """Return everything in a store as text."""
    with closing(sqlite3.connect(store.path)) as engine:
        return list(engine.iterdump())


def test_all_answers_stay_what_they_were(store: Store) -> None:
    before = seen(store)
    made = archive_year(store, ADMIN, 2025, AT, SHOWN)
    assert (made.reports, made.findings, made.obligations) == (21, 1, 20)
    assert (made.left_open, made.again) == (0, False)
    for table in ("reports", "findings"):
        query = f"SELECT COUNT(*) FROM {table} WHERE date < '2026-01-01'"
        assert store.connection.row(query) == (0,)
    after = seen(store)
    assert after.keys() == before.keys()
    for name, answer in before.items():
        assert after[name] == answer, name


def test_the_verification_spans_both(store: Store) -> None:
    before = auditing.verify(store, quiet)
    archive_year(store, ADMIN, 2025, AT, SHOWN)
    after = auditing.verify(store, quiet)
    assert (after.revisions, after.obligations) == (before.revisions, before.obligations)
    assert (after.events, after.missing) == (before.events + 1, ())
    assert contradictions(store.connection) == []


def test_one_event_tells_all_of_it(done: Store) -> None:
    (event,) = events.listed(done.connection, events.Wanted(action="archive.year"))
    detail: dict[str, Any] = event.detail
    path = done.path.with_name("s-2025.db")
    assert (event.subject, detail["file"], detail["left_open"]) == ("2025", path.name, 0)
    assert detail["sha256"] == archiving.sha256(path)
    assert {name: one["count"] for name, one in detail["moved"].items()} == {
        "reports": 21,
        "findings": 1,
        "obligations": 20,
    }
    (known,) = listed(done)
    assert (known.year, known.path, known.there, known.by) == (2025, path, True, "admin")


def test_triggers_stand_unchanged_afterwards(store: Store) -> None:
    wanted = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    before = store.connection.rows(wanted)
    archive_year(store, ADMIN, 2025, AT, SHOWN)
    assert store.connection.rows(wanted) == before
    with pytest.raises(LianluoError), store.connection.writing():
        store.connection.execute("DELETE FROM reports")


def test_an_archive_is_a_store_that_is_only_read(done: Store) -> None:
    path = done.path.with_name("s-2025.db")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    kept = path.read_bytes()
    with open_store(path) as archive:
        assert not archive.connection.writable
        assert auditing.verify(archive, quiet).missing == ()
        assert len(reports_listed(archive, STARTS, LAST, ALL, AT)) == 58
        for act in (
            lambda: file_zero(archive, LIAISON, "D1", LAST, AT, areas=(1, 1)),
            lambda: save_units(archive, ADMIN, [Unit("N", "新", Kind.TOWN, parent="D1")], AT),
            lambda: back_up(archive, ADMIN, path.with_name("b.db"), AT, SHOWN),
            lambda: archive_year(archive, ADMIN, 2025, AT, SHOWN),
        ):
            with pytest.raises(Refused, match="read_only"):
                act()
    assert path.read_bytes() == kept
    assert {one.name for one in path.parent.iterdir()} >= {"s.db", "s-2025.db"}
    assert not path.with_name("s-2025.db-wal").exists()


def test_a_closed_day_takes_nothing_more(done: Store) -> None:
    before = dumped(done)
    old = STARTS + timedelta(1)
    change = Content(ReportKind.DAILY, "改写")
    free = Exemption("D1", old, old, "事后", "admin")
    for act in (
        lambda: file(done, ADMIN, "D1", old, change, AT, amending=True, reason="再改"),
        lambda: file_zero(done, ADMIN, "CITY", old, AT, areas=(1, 1), reason="晚了"),
        lambda: file_zero(done, ADMIN, "D1", date(2024, 5, 1), AT, areas=(1, 1), reason="晚了"),
        lambda: save_exemptions(done, ADMIN, [free], AT),
        lambda: restate_days(done, ADMIN, None, old, LAST, AT),
    ):
        with pytest.raises(Refused, match=r"archives\.closed"):
            act()
    standing = units.get(done.connection, "D2")
    assert standing is not None
    gone = replace(standing, valid_to=date(2025, 12, 30))
    with pytest.raises(Refused, match="unit_closed"):
        save_units(done, ADMIN, [gone], AT)
    assert dumped(done) == before


def test_an_exemption_from_before_is_not_withdrawn(store: Store) -> None:
    free = Exemption("D1", STARTS, STARTS, "放假", "admin")
    save_exemptions(store, ADMIN, [free], AT)
    archive_year(store, ADMIN, 2025, AT, SHOWN)
    save_exemptions(store, ADMIN, [free], AT)
    with pytest.raises(Refused, match=r"archives\.closed"):
        withdraw_exemption(store, ADMIN, free, AT)
    later = Exemption("D1", LAST, LAST, "放假", "admin")
    assert [change.day for change in save_exemptions(store, ADMIN, [later], AT)] == [LAST]
    assert auditing.verify(store, quiet).missing == ()


def test_the_registry_goes_on_changing(done: Store) -> None:
    """R1: rates of an archived day follow the tree as it stands now, sums and rows alike."""
    moved = [
        Unit("D3", "三区", Kind.DISTRICT, parent="CITY", order=3),
        Unit("D2", "二区新名", Kind.DISTRICT, parent="D3", order=2),
    ]
    save_units(done, ADMIN, moved, AT)
    assert contradictions(done.connection) == []
    under = Selection(under="D3")
    year = (STARTS, date(2025, 12, 31))
    ((_, summed),) = rates(done, *year, under, AT, Grouping.MONTH)
    ((code, counted),) = rates(done, *year, under, AT, Grouping.UNIT)
    assert (code, counted) == ("D2", summed)
    assert board(done, *year, under, AT)[0].unit.name == "二区新名"
    assert auditing.verify(done, quiet).missing == ()


@pytest.mark.parametrize(
    ("year", "at", "why", "kind"),
    [
        (2026, AT, "not_locked", Refused),
        (2025, ZONE.parse("2026-01-05 09:00"), "not_locked", Refused),
        (2024, AT, "nothing", NotFound),
        (0, AT, "year_bad", Refused),
        (9999, AT, "year_bad", Refused),
    ],
)
def test_a_year_that_is_not_closed_stays(
    store: Store, tmp_path: Path, year: int, at: Instant, why: str, kind: type[LianluoError]
) -> None:
    before = dumped(store)
    with pytest.raises(kind, match=why):
        archive_year(store, ADMIN, year, at, SHOWN)
    assert dumped(store) == before
    assert not list(tmp_path.glob("*-20*.db"))


def test_only_an_admin_archives(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        archive_year(store, LIAISON, 2025, AT, SHOWN)
    assert not list(tmp_path.glob("*-20*.db"))


def test_an_open_matter_keeps_its_year(tmp_path: Path) -> None:
    year = Archive(2025, "", "")
    with grown(tmp_path, matters=True) as store:
        with pytest.raises(Refused, match="matters_open"):
            archive_year(store, ADMIN, 2025, AT, SHOWN)
        assert not list(tmp_path.glob("*-20*.db"))
        (number,) = archiving.standing(store.connection, year, "").matters
        store.connection.execute("UPDATE matters SET closed_at = ?", (AT,))
        assert archiving.standing(store.connection, year, "").matters == []
        # A finding of another day that is said to be the same rests on it too.
        store.connection.execute("UPDATE matters SET closed_at = NULL, origin = ''")
        assert archiving.standing(store.connection, year, "").matters == []
        store.connection.execute("DROP TRIGGER findings_not_changed")
        store.connection.execute("UPDATE findings SET same_as = ?", (number,))
        assert archiving.standing(store.connection, year, "").matters == [number]


def test_a_report_that_was_never_filed_stays_owed(tmp_path: Path) -> None:
    with grown(tmp_path, silent=True) as store:
        with pytest.raises(Refused, match="reports_open"):
            archive_year(store, ADMIN, 2025, AT, SHOWN)
        before = seen(store)
        made = archive_year(store, ADMIN, 2025, AT, SHOWN, leave_open=True)
        assert (made.left_open, made.obligations) == (1, 19)
        for name, answer in before.items():
            assert seen(store)[name] == answer, name
        assert auditing.verify(store, quiet).obligations == 70
        day = STARTS + timedelta(2)
        assert day.isoformat() in [row.obligation.subject for row in overdue(store, AT, ALL)]
        with closing(sqlite3.connect(store.path)) as engine, engine:
            engine.execute("DELETE FROM obligations WHERE subject = ?", (day.isoformat(),))
        with pytest.raises(Damaged, match="owed_differ"):
            auditing.verify(store, quiet)


def test_years_go_oldest_first_and_once(done: Store) -> None:
    with pytest.raises(Refused, match="already"):
        archive_year(done, ADMIN, 2025, AT, SHOWN)
    later = ZONE.parse("2027-02-01 09:00")
    before = seen(done)
    made = archive_year(done, ADMIN, 2026, later, SHOWN, leave_open=True)
    assert made.left_open > 600
    for name, answer in before.items():
        if name.startswith(("board", "reports", "old", "shown", "span")):
            assert seen(done)[name] == answer, name
    assert [one.year for one in listed(done)] == [2025, 2026]
    assert auditing.verify(done, quiet).missing == ()
    with open_store(done.path.with_name("s-2026.db")) as archive:
        assert seen(archive)["shown"] == before["shown"]


def test_an_older_year_comes_first(tmp_path: Path) -> None:
    with grown(tmp_path) as store, pytest.raises(Refused, match="older_first"):
        archive_year(store, ADMIN, 2026, ZONE.parse("2027-02-01 09:00"), SHOWN)


def test_a_missing_archive_is_said_plainly(done: Store, tmp_path: Path) -> None:
    path = done.path.with_name("s-2025.db")
    before = seen(done)
    away = tmp_path / "away"
    path.rename(away)
    with open_store(done.path) as store:
        with pytest.raises(NotFound, match=r"archives\.missing"):
            show(store, "D1", STARTS, AT)
        with pytest.raises(NotFound, match=r"archives\.missing"):
            rates(store, STARTS, LAST, ALL, AT, Grouping.UNIT)
        # What the sums answer needs no archive, and neither do other days.
        year = (STARTS, date(2025, 12, 31))
        assert rates(store, *year, ALL, AT, Grouping.MONTH)[0][1].expected == 20
        assert board(store, date(2026, 1, 1), LAST, ALL, AT)
        file_zero(store, LIAISON, "D1", LAST, AT, areas=(1, 1))
        with pytest.raises(NotFound, match="not_shown"):
            auditing.verify(store, quiet)
        bad = [one for one in check_store(store.path, "admin", AT) if one.level is Level.BAD]
        assert [one.name for one in bad] == ["archives"]
        assert [one.there for one in listed(store)] == [False]
    away.rename(path)
    with open_store(done.path) as store:
        assert auditing.verify(store, quiet).missing == ()
        assert show(store, "D1", STARTS + timedelta(4), AT) == before["shown"]


def alter(path: Path, *statements: str) -> None:
    path.chmod(0o600)
    with closing(sqlite3.connect(path)) as engine, engine:
        for statement in statements:
            engine.execute(statement)


UNGUARDED = ("DROP TRIGGER reports_not_changed", "DROP TRIGGER reports_not_deleted")
ADDED = (
    "INSERT INTO reports (date, unit, revision, kind, filed_at)"
    " VALUES ('2025-12-25', 'CITY', 1, 'zero', 1)"
)
REPORT = "UPDATE reports SET summary = 'x' WHERE date = '2025-12-24' AND unit = 'D1'"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ((*UNGUARDED, REPORT), "rows_differ"),
        (
            ("DROP TRIGGER findings_not_changed", "UPDATE findings SET area = area + 1"),
            "rows_differ",
        ),
        (("UPDATE obligations SET due_at = due_at + 1 WHERE kind = 'report'",), "rows_differ"),
        (("UPDATE units SET name = 'x'",), "altered"),
        (("UPDATE meta SET value = '2024' WHERE key = 'archive'",), "another"),
    ],
)
def test_an_altered_archive_is_found_out(
    done: Store, statements: tuple[str, ...], why: str
) -> None:
    alter(done.path.with_name("s-2025.db"), *statements)
    with open_store(done.path) as store, pytest.raises(Damaged, match=why):
        auditing.verify(store, quiet)


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        (("DELETE FROM meta WHERE key = 'archives'",), "forgotten"),
        (("UPDATE meta SET value = replace(value, 's-2025', 's-2026')",), "forgotten"),
        (("UPDATE meta SET value = replace(value, '2025,', '2024,')",), "untold"),
        (
            (ADDED,),
            "added",
        ),
    ],
)
def test_what_the_store_says_of_its_archives_is_held_to_the_events(
    done: Store, statements: tuple[str, ...], why: str
) -> None:
    alter(done.path, *statements)
    with open_store(done.path) as store, pytest.raises(Damaged, match=why):
        auditing.verify(store, quiet)


def test_another_file_in_its_place_is_not_believed(done: Store, tmp_path: Path) -> None:
    path = done.path.with_name("s-2025.db")
    path.unlink()
    shutil.copyfile(done.path, path)
    with open_store(done.path) as store, pytest.raises(Damaged, match="another"):
        show(store, "D1", STARTS, AT)
    path.write_text("no store")
    with open_store(done.path) as store, pytest.raises(Damaged):
        show(store, "D1", STARTS, AT)


class Cut(Exception):
    """Stands for a kill."""


def cut(*_: object, **__: object) -> None:
    raise Cut


@pytest.mark.parametrize(
    "where",
    [
        "actions.archiving.copying.copy",
        "actions.archiving.archiving.mark",
        "actions.archiving._verify",
        "actions.archiving.give_name",
        "actions.archiving._look_at",
        "actions.archiving.archiving.move_out",
        "actions.archiving.archives.add",
        "actions.archiving.events.record",
    ],
)
def test_whatever_breaks_off_loses_nothing_and_may_be_done_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    before, rows = seen(store), dumped(store)
    with monkeypatch.context() as patch:
        patch.setattr(where, cut)
        with pytest.raises(Cut):
            archive_year(store, ADMIN, 2025, AT, SHOWN)
    assert dumped(store) == rows
    assert auditing.verify(store, quiet).revisions == 59
    assert not list(tmp_path.glob(".*.part"))
    there = (tmp_path / "s-2025.db").exists()
    assert archive_year(store, ADMIN, 2025, AT, SHOWN).again is there
    assert seen(store) == before
    assert auditing.verify(store, quiet).revisions == 59


def test_what_changes_between_copy_and_move_keeps_everything(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actions import archiving as acts

    plain: Callable[..., Any] = acts._look_at

    def meddled(*given: Any) -> Any:
        found = plain(*given)
        day = STARTS + timedelta(1)
        change = Content(ReportKind.DAILY, "刚改")
        file(store, ADMIN, "D1", day, change, AT, amending=True, reason="迟改")
        return found

    monkeypatch.setattr(acts, "_look_at", meddled)
    with pytest.raises(Refused, match=r"archives\.changed"):
        archive_year(store, ADMIN, 2025, AT, SHOWN)
    assert auditing.verify(store, quiet).revisions == 60
    monkeypatch.undo()
    with pytest.raises(Refused, match=r"archives\.changed"):
        archive_year(store, ADMIN, 2025, AT, SHOWN)
    (store.path.with_name("s-2025.db")).unlink()
    assert archive_year(store, ADMIN, 2025, AT, SHOWN).reports == 22


def test_a_file_that_is_something_else_is_left_alone(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "s-2025.db"
    for content in (b"mine", store.path.read_bytes()):
        target.write_bytes(content)
        with pytest.raises(Refused, match="file_strange"):
            archive_year(store, ADMIN, 2025, AT, SHOWN)
        assert target.read_bytes() == content
    with pytest.raises(Refused, match="folder_missing"):
        archive_year(store, ADMIN, 2025, AT, SHOWN, target=tmp_path / "none" / "a.db")


def test_a_place_of_its_own_and_backups_beside_it(store: Store, tmp_path: Path) -> None:
    """An archive may lie elsewhere; backups and what is restored of them go on telling of it."""
    other = tmp_path / "other"
    other.mkdir()
    before = seen(store)
    made = archive_year(store, ADMIN, 2025, AT, SHOWN, target=other / "a.db")
    assert made.path == other / "a.db"
    assert seen(store) == before
    copied = back_up(store, ADMIN, tmp_path / "b.db", AT, SHOWN)
    assert (copied.archived, copied.verdict.missing) == ((2025,), ())
    back = restore(copied.path, tmp_path / "r.db", ADMIN, AT, SHOWN)
    assert back.archived == (2025,)
    with open_store(back.path) as restored:
        assert seen(restored) == before
        assert auditing.verify(restored, quiet).missing == ()
    made.path.rename(other / "b.db")
    copied = back_up(store, ADMIN, tmp_path / "c.db", AT, SHOWN)
    assert copied.verdict.missing == (str(made.path),)


def test_an_archive_of_an_earlier_program_stays_what_it_is(done: Store) -> None:
    """It is read through a passing copy that is brought up to date; its bytes never change."""
    path = done.path.with_name("s-2025.db")
    before = seen(done)
    alter(
        path,
        *(f"DROP TABLE {table}" for table in ("standards", "checklist", "tiles")),
        "DROP INDEX findings_same_as",
        "DROP INDEX matter_entries_merged",
        "ALTER TABLE findings DROP COLUMN same_as",
        "PRAGMA user_version = 6",
    )
    kept = path.read_bytes()
    with open_store(done.path) as store:
        assert seen(store) == before
    with open_store(path) as archive:
        assert archive.connection.version() == SCHEMA_VERSION
        assert archive.connection.archive == "2025"
        assert auditing.verify(archive, quiet).missing == ()
    assert path.read_bytes() == kept
