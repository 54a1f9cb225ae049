"""The store against its audit log: whatever is altered by another tool is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from actions import auditing
from actions.entering import enter
from actions.matter_dates import ask_extension
from actions.matters import Subject, do_step, open_matter, remark
from actions.opening import Registry, found
from actions.people import save_people, set_stand_in
from actions.reporting import Receipt, file, file_zero
from actions.schedules import restate_days, save_exemptions, save_schedules, withdraw_exemption
from actions.units import retire
from domain.areas import LandClass
from domain.errors import Damaged, LianluoError, NotFound
from domain.findings import Finding
from domain.instants import DAY, Instant, Zone
from domain.people import PROGRAM, Actor, Person, Role, StandIn
from domain.reports import Content, ReportKind
from domain.schedules import Days, Exemption, Schedule
from domain.settings import CityRules, Settings
from domain.units import Kind, Unit
from exchange.importing import Order, import_file
from exchange.registry import read_registry
from storage import events
from storage.store import Store, open_store, set_fact
from tests.altering import quiet, untied

ZONE = Zone("Asia/Shanghai")
STARTS = date(2026, 11, 2)
AT: Instant = ZONE.parse("2026-11-04 09:00")
ADMIN = Actor("admin", "admin", "host")
LIAISON = Actor("of-D1", "of-D1", "host")
PROXY = Actor("of-D1", "admin", "host")
FINDING = Finding(1, "村口", LandClass.CULTIVATED, 1200, "D1", use="推土堆料")
ACCOUNT = Content(ReportKind.DAILY, "已制止", 6, 6, (FINDING,))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A small city in which a bit of everything has been done."""
    shipped = read_registry("guangzhou")
    registry = Registry(
        [
            Unit("CITY", "某市", Kind.CITY, order=0),
            Unit("D1", "一区", Kind.DISTRICT, parent="CITY", order=1),
            Unit("D2", "二区", Kind.DISTRICT, parent="CITY", order=2),
        ],
        people=[Person("of-D1", "一区联络员", "D1", Role.LIAISON, "020-1")],
        limits=shipped.limits,
        workflows=shipped.workflows,
    )
    with found(tmp_path / "s.db", registry, CityRules(), STARTS, ADMIN, AT - 2 * DAY) as opened:
        file(opened, LIAISON, "D1", STARTS, ACCOUNT, AT - 2 * DAY + 60)
        amended = replace(ACCOUNT, summary="已制止并立案")
        reason = "补充"
        file(opened, PROXY, "D1", STARTS, amended, AT - DAY, amending=True, reason=reason)
        file_zero(opened, LIAISON, "D1", date(2026, 11, 4), AT, areas=(5, 6))
        number = opened.connection.rows("SELECT number FROM matters")[0][0]
        remark(opened, LIAISON, number, "复查一次", AT)
        do_step(opened, LIAISON, number, "stop", AT + 60, text="已停工")
        save_people(opened, ADMIN, [Person("b", "副手", "D1", Role.DEPUTY, "020-2")], AT)
        set_stand_in(opened, ADMIN, StandIn("b", "of-D1", STARTS, STARTS), AT)
        save_schedules(opened, ADMIN, [Schedule("D2", Days.WORKDAYS, valid_from=STARTS)], AT)
        exemption = Exemption("D2", STARTS, STARTS, "停电")
        save_exemptions(opened, ADMIN, [exemption], AT)
        table = tmp_path / "t.csv"
        table.write_text(
            "unit,date,kind,filed_at,summary\n"
            "D2,2026-11-03,daily,2026-11-03T08:00:00Z,纸质补录\n"
            "D1,2026-11-03,zero,2026-11-03T08:30:00Z,\n",
            encoding="utf-8",
        )
        import_file(opened, ADMIN, Order("reports", str(table)), AT + 120)
        yield opened


def test_what_the_program_wrote_fits(store: Store) -> None:
    verdict = auditing.verify(store, quiet)
    assert (verdict.since, verdict.revisions, verdict.imported) == (1, 5, 2)
    assert verdict.obligations == 6
    assert verdict.head == auditing.head(store).hash


def test_progress_tells_what_is_looked_at(store: Store) -> None:
    seen: dict[str, int] = {}
    auditing.verify(store, seen.__setitem__)
    assert seen["reports"] == 5
    assert set(seen) == {"events", "reports", "obligations", "matters"}


ALTERED = [
    ("UPDATE reports SET summary = '一切正常' WHERE revision = 2", "audit.report_differs"),
    ("UPDATE reports SET filed_at = filed_at - 60 WHERE revision = 2", "audit.report_differs"),
    ("UPDATE reports SET filed_by = 'x' WHERE revision = 2", "audit.report_differs"),
    ("UPDATE reports SET keyed_by = 'of-D1' WHERE revision = 2", "audit.report_differs"),
    ("UPDATE reports SET after_lock = 1 WHERE revision = 2", "audit.report_differs"),
    ("UPDATE reports SET areas_patrolled = 6 WHERE date = '2026-11-04'", "audit.report_differs"),
    ("UPDATE findings SET area = 12", "audit.report_differs"),
    ("DELETE FROM findings WHERE revision = 2", "audit.report_differs"),
    ("DELETE FROM reports WHERE date = '2026-11-04'", "audit.report_gone"),
    (
        (
            "INSERT INTO reports SELECT '2026-11-03', unit, 2, kind, filed_at, filed_by, keyed_by,"
            " '', 1, 1, 'x', 0, 0 FROM reports WHERE date = '2026-11-04'"
        ),
        "audit.sealed_differs",
    ),
    ("UPDATE reports SET summary = '' WHERE unit = 'D2'", "audit.import_differs"),
    ("UPDATE reports SET imported = 0 WHERE unit = 'D2'", "audit.import_differs"),
    ("UPDATE reports SET imported = 1 WHERE unit = 'D2'", "audit.import_differs"),
    ("UPDATE reports SET filed_at = 1793606400 WHERE unit = 'D2'", "audit.import_differs"),
    (
        "UPDATE obligations SET discharged_at = due_at WHERE subject = '2026-11-03'",
        "audit.discharge_differs",
    ),
    (
        "UPDATE obligations SET discharged_at = NULL WHERE subject = '2026-11-04'",
        "audit.discharge_differs",
    ),
    (
        "DELETE FROM obligations WHERE subject = '2026-11-02' AND unit = 'D2'",
        "audit.day_differs",
    ),
    (
        (
            "UPDATE obligations SET due_at = due_at + 3600, missed_at = missed_at + 3600"
            " WHERE unit = 'D2' AND kind = 'report'"
        ),
        "audit.day_differs",
    ),
    ("UPDATE obligations SET exempt = 1 - exempt WHERE unit = 'D2'", "audit.day_differs"),
    ("UPDATE summaries SET on_time = on_time + 1", "audit.sums_differ"),
    ("UPDATE obligations SET due_at = due_at + 1 WHERE kind = 'step'", "audit.step_differs"),
    ("DELETE FROM obligations WHERE kind = 'step'", "audit.step_differs"),
    ("UPDATE matters SET title = 'x'", "audit.entry_differs"),
    ("UPDATE matters SET unit = 'D2'", "audit.entry_differs"),
    ("UPDATE matter_entries SET text = 'x' WHERE seq = 2", "audit.entry_differs"),
    ("UPDATE matter_entries SET at = at - 1 WHERE seq = 2", "audit.entry_differs"),
    ("UPDATE matter_entries SET real_login = 'x' WHERE seq = 3", "audit.entry_differs"),
    ("UPDATE matter_entries SET detail = '{}' WHERE seq = 1", "audit.entry_differs"),
    ("DELETE FROM matter_entries WHERE seq = 3", "audit.matter_differs"),
    ("DELETE FROM matter_entries; DELETE FROM matters", "audit.matter_gone"),
    ("UPDATE people SET phone = '110' WHERE login = 'b'", "audit.registry_differs"),
    ("UPDATE people SET role = 'admin' WHERE login = 'b'", "audit.registry_differs"),
    ("DELETE FROM people WHERE login = 'b'", "audit.registry_differs"),
    ("DELETE FROM stand_ins", "audit.registry_differs"),
    ("UPDATE units SET parent = 'D1' WHERE code = 'D2'", "audit.registry_differs"),
    ("UPDATE limits SET amount = amount + 1", "audit.registry_differs"),
    ("UPDATE exemptions SET reason = 'x'", "audit.registry_differs"),
    ("UPDATE meta SET value = '2026-11-03' WHERE key = 'starts'", "audit.registry_differs"),
    ("UPDATE events SET at = at - 1 WHERE seq = 4", "audit.event_broken"),
    ("UPDATE events SET detail = '{}' WHERE seq = 4", "audit.event_broken"),
    ("DELETE FROM events WHERE seq = 5", "audit.event_gone"),
    ("DELETE FROM events WHERE seq > 9", "audit.event_gone"),
    ("DELETE FROM events; DELETE FROM sqlite_sequence", "audit.no_events"),
]


@pytest.mark.parametrize(("sql", "key"), ALTERED)
def test_what_another_tool_altered_is_found(store: Store, sql: str, key: str) -> None:
    untied(store, sql)
    with pytest.raises(Damaged) as damaged:
        auditing.verify(store, quiet)
    assert damaged.value.message.key == key


@pytest.mark.parametrize(
    ("sql", "key"),
    [
        ("DROP TRIGGER reports_not_changed", "audit.trigger_gone"),
        ("DROP TRIGGER events_not_deleted", "audit.trigger_gone"),
        (
            (
                "DROP TRIGGER urges_not_changed;CREATE TRIGGER urges_not_changed BEFORE UPDATE ON"
                " urges WHEN 0 BEGIN SELECT RAISE(ABORT, 'urges are append-only'), 1, 1, 1"
            ),
            "audit.trigger_altered",
        ),
        (
            "CREATE TRIGGER mine AFTER INSERT ON events BEGIN SELECT 1",
            "audit.trigger_foreign",
        ),
    ],
)
def test_triggers_are_looked_at(store: Store, sql: str, key: str) -> None:
    for statement in sql.split(";"):
        ended = statement + "; END" if "BEGIN" in statement else statement
        store.connection.execute(ended)
    with pytest.raises(Damaged) as damaged:
        auditing.verify(store, quiet)
    assert damaged.value.message.key == key


def test_a_history_rewritten_to_the_last_hash_contradicts_a_receipt(store: Store) -> None:
    receipt = again(store)
    assert auditing.check_receipt(store, receipt.code).sealed
    rewrite(store, receipt.number, "没有这回事")
    auditing.verify(store, quiet)
    assert not auditing.check_receipt(store, receipt.number).sealed
    with pytest.raises(Damaged) as damaged:
        auditing.check_receipt(store, receipt.code)
    assert damaged.value.message.key == "audit.seal_differs"


def again(store: Store) -> Receipt:
    """Return the receipt of a filing sent once more."""
    return file_zero(store, LIAISON, "D1", date(2026, 11, 4), AT + 300, areas=(5, 6))


def rewrite(store: Store, receipt: str, summary: str) -> None:
    """Alter a report and then the whole log after it, as somebody who knows the program would."""
    rows = store.connection.rows(
        "SELECT seq, at, actor, real_login, host, action, subject, detail FROM events ORDER BY seq"
    )
    previous = events.FIRST_HASH
    written = []
    for row in rows:
        fields = list(row)
        if fields[6] == receipt:
            fields[7] = json.dumps(
                {**json.loads(fields[7]), "summary": summary},
                ensure_ascii=False,
                sort_keys=True,
                separators=(",", ":"),
            )
        mark = events.chained(fields, previous)
        written.append((fields[7], previous, mark, fields[0]))
        previous = mark
    triggers = store.connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, _ in triggers:
        store.connection.execute(f"DROP TRIGGER {name}")
    store.connection.execute_many(
        "UPDATE events SET detail = ?, previous = ?, hash = ? WHERE seq = ?", written
    )
    store.connection.execute("UPDATE reports SET summary = ? WHERE date = '2026-11-04'", (summary,))
    for _, text in triggers:
        store.connection.execute(text)


def test_a_filing_whose_answer_was_lost_is_recorded_once(store: Store) -> None:
    first = again(store)
    assert (first.repeated, first.number) == (True, "R-20261104-D1-1")
    assert first.seal == events.of_subject(store.connection, first.number)[0].hash[:12]
    assert again(store) == first
    # Who says something else, or is somebody else, files a second time, which is refused.
    for actor, areas in ((LIAISON, (6, 6)), (ADMIN, (5, 6))):
        with pytest.raises(LianluoError) as refused:
            file_zero(store, actor, "D1", date(2026, 11, 4), AT + 300, areas=areas)
        assert refused.value.message.key == "errors.already_filed"


@pytest.mark.parametrize(
    ("code", "kind", "key"),
    [
        ("R-20261104-D9-1", NotFound, "audit.receipt_unknown"),
        ("R-20261104-D1-7", NotFound, "audit.receipt_unknown"),
        ("R-20261104-D1-7/0123456789ab", Damaged, "audit.receipt_gone"),
        ("R-20261104-D1-1/0123456789ab", Damaged, "audit.seal_differs"),
        ("R-20261104-D1-1/0", Damaged, "audit.seal_differs"),
        ("R-20261103-D2-1", NotFound, "audit.receipt_no_event"),
        ("F-2026-0001", NotFound, "audit.receipt_unreadable"),
        ("R-20261350-D1-1", NotFound, "audit.receipt_unreadable"),
        ("", NotFound, "audit.receipt_unreadable"),
    ],
)
def test_receipts_that_do_not_hold(
    store: Store, code: str, kind: type[LianluoError], key: str
) -> None:
    with pytest.raises(kind) as error:
        auditing.check_receipt(store, code)
    assert error.value.message.key == key


def test_a_receipt_of_an_amended_report_still_holds(store: Store) -> None:
    checked = auditing.check_receipt(store, "R-20261102-D1-1")
    assert (checked.newest, checked.sealed) == (False, False)
    assert checked.revision.content == ACCOUNT


CHANGES: list[Callable[[Store], object]] = [
    lambda store: retire(store, ADMIN, "D2", date(2026, 11, 3), AT),
    lambda store: withdraw_exemption(store, ADMIN, Exemption("D2", STARTS, STARTS, "停电"), AT),
    lambda store: restate_days(store, ADMIN, None, STARTS, date(2026, 11, 4), AT),
    lambda store: save_schedules(
        store, ADMIN, [Schedule("D1", Days.WORKDAYS)], AT, restate_past=True
    ),
    lambda store: save_exemptions(
        store, ADMIN, [Exemption("D1", STARTS, date(2026, 11, 30), "搬迁")], AT
    ),
    lambda store: save_schedules(
        store, ADMIN, [Schedule("D1", Days.WORKDAYS)], AT, restate_past=True, dry_run=True
    ),
    lambda store: enter(store.path, Settings(), "of-D1", None, "host", AT + 9 * DAY)[0].close(),
    lambda store: open_matter(store, LIAISON, "lead", "D1", Subject("电话举报"), AT + 200),
    lambda store: ask_extension(
        store, LIAISON, "F-2026-0001", "verify", date(2026, 11, 30), "雨天", AT + 200
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_the_program_does_still_fits(
    store: Store, change: Callable[[Store], object]
) -> None:
    change(store)
    auditing.verify(store, quiet)
    with open_store(store.path) as other:
        auditing.verify(other, quiet)


def test_a_store_of_an_older_program_is_sealed_when_it_is_opened(store: Store) -> None:
    # As an older program left it: less in its events, and imports without a mark.
    untied(store, "UPDATE reports SET imported = 1 WHERE imported > 1")
    set_fact(store.connection, "unsealed", "yes")
    strip(store)
    verdict = auditing.verify(store, quiet)
    assert verdict.since is None
    with enter(store.path, Settings(), "of-D1", None, "host", AT + 400)[0] as opened:
        (sealed,) = events.listed(opened.connection, events.Wanted(action="audit.seal"))
        said = sealed.detail["sealed"]
        assert isinstance(said, dict)
        assert (sealed.actor, said["filings"]) == (PROGRAM.login, 3)
        file_zero(opened, LIAISON, "D1", date(2026, 11, 4), AT + 500, areas=(5, 6))
        assert auditing.verify(opened, quiet).since == sealed.seq
    with enter(store.path, Settings(), "of-D1", None, "host", AT + 400)[0] as opened:
        assert len(events.listed(opened.connection, events.Wanted(action="audit.seal"))) == 1
    untied(store, "UPDATE reports SET summary = 'x' WHERE unit = 'D2'")
    with pytest.raises(Damaged) as damaged:
        auditing.verify(store, quiet)
    assert damaged.value.message.key == "audit.sealed_differs"


def strip(store: Store) -> None:
    """Make the events say as little as they did before contents were proven."""
    kept = ("kind", "summary", "areas", "reason", "after_lock", "step", "text", "outcome")
    connection = store.connection
    triggers = connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    previous, seq = events.FIRST_HASH, 0
    for number, *row in connection.rows(
        "SELECT seq, at, actor, real_login, host, action, subject, detail FROM events ORDER BY seq"
    ):
        if row[4] == "days.open":
            connection.execute("DELETE FROM events WHERE seq = ?", (number,))
            continue
        seq += 1
        detail = json.loads(row[6])
        findings = detail.get("findings")
        old = {name: value for name, value in detail.items() if name in kept}
        if isinstance(findings, list):
            old["findings"] = len(findings)
        body = json.dumps(old, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        fields = [seq, *row[:6], body]
        mark = events.chained(fields, previous)
        connection.execute(
            "UPDATE events SET seq = ?, detail = ?, previous = ?, hash = ? WHERE seq = ?",
            (seq, body, previous, mark, number),
        )
        previous = mark
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'events'", (seq,))
    for _, text in triggers:
        connection.execute(text)


def test_the_log_is_asked_by_who_what_and_when(store: Store) -> None:
    def found(**wanted: object) -> list[str]:
        return [
            event.action
            for event in auditing.log(store, events.Wanted(**wanted))  # type: ignore[arg-type]
        ]

    assert found(subject="R-20261102") == ["report.file", "report.amend"]
    assert found(action="report.amend") == ["report.amend"]
    assert found(actor="admin", action="report") == ["report.amend"]
    assert found(first=AT + 120) == ["import"]
    assert found(last=AT - 2 * DAY)[:2] == ["store.found", "days.open"]
    assert found(actor="nobody") == []
    assert len(auditing.log(store, events.Wanted(), 3)) == 3
    assert auditing.log(store, events.Wanted(), 1)[0].hash == auditing.head(store).hash


def test_the_log_never_tells_a_phone(store: Store) -> None:
    assert not store.connection.rows("SELECT 1 FROM events WHERE detail LIKE '%020-%'")
