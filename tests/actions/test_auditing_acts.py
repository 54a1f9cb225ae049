"""What is added row by row, and what follows from matters, against the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from actions import auditing, outbox, papers, sheets
from actions.assessing import remark
from actions.checklists import save_standards, say
from actions.matter_dates import suspend
from actions.matter_ends import close, reopen
from actions.matters import do_step
from actions.outbox import Draft
from actions.reporting import file_zero
from actions.targets import enter, promise
from actions.urging import urge
from domain.checklists import Said, State
from domain.deadlines import Suspension
from domain.delivery import Attempt, Fate
from domain.entered import Entry
from domain.errors import Damaged
from domain.papers import PaperKind
from domain.periods import Period
from domain.targets import TargetKey
from domain.workflows import Outcome
from storage import events
from storage.store import Store
from tests.altering import quiet, untied
from tests.matters_city import ADMIN, AT, STARTS, TODAY, finding, new_city, shipped, through, who

MONDAY = STARTS
TUESDAY = STARTS + timedelta(days=1)
TEXT = "请东区联络员致电 020-8888"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A city in which everything has been done that adds a row."""
    with new_city(tmp_path) as opened:
        urge(opened, ADMIN, AT)
        urge(opened, ADMIN, AT + 8 * 3600)
        sheets.seal(opened, ADMIN, MONDAY, AT)
        file_zero(opened, who("d1"), "D1", MONDAY, AT + 60)
        sheets.seal(opened, ADMIN, TUESDAY, AT + 120)
        enter(opened, who("sup"), 2026, "D1", Entry.NEW_CULTIVATED, 8000, "月报", TODAY, AT)
        promises = {TargetKey.CLOSING: Fraction(92)}
        promise(opened, who("sup"), 2026, "D1", TODAY, "区长", "守住耕地", promises, AT)
        remark(opened, who("d1"), Period(2026, 2), "D1", "on_time", "停电一日", AT)
        number = finding(opened).number
        about = papers.about(opened, PaperKind.STOP_WORK, number, AT)
        paper = papers.enter(opened, who("d1"), about, AT)
        for language in ("zh", "en"):
            papers.made(
                opened, who("d1"), paper, AT, language=language, template="t", content=language
            )
        ended(opened)
        messages(opened)
        save_standards(opened, ADMIN, shipped().standards, AT)
        say(opened, who("t1"), Said("T1", "S1", State.PARTLY, TODAY, "在岗2人"), AT)
        yield opened


def ended(store: Store) -> None:
    """Close one matter, close another and open it again, and suspend a third."""
    for again in (False, True):
        number = finding(store).number
        through(store, number, "stop", "verify")
        close(store, who("d1b"), number, Outcome.UNFOUNDED, "现场照片", AT + 60)
        if again:
            reopen(store, who("d1h"), number, "verify", "群众举报", AT + 120)
    number = finding(store).number
    days = Suspension(TODAY, TODAY + timedelta(days=2), "等鉴定")
    suspend(store, who("d1h"), number, days, AT)


def messages(store: Store) -> None:
    """Queue three messages; one arrives, one fails and is dropped, one waits."""
    drafts = [
        Draft((f"sheet/{n}|x",), "sheet", "x", f"x[{n}]", "", "zh", "题", TEXT) for n in (1, 2, 3)
    ]
    first, second, _ = outbox.queue(store, ADMIN, drafts, AT)
    for id_, fate in ((first, Fate.SENT), (second, Fate.UNKNOWN)):
        assert outbox.claim(store, ADMIN, id_, AT) is not None
        outbox.settle(store, ADMIN, id_, Attempt(fate), 3, AT + 5)
    outbox.drop(store, ADMIN, second, AT + 10)


def test_what_the_program_wrote_fits(store: Store) -> None:
    verdict = auditing.verify(store, quiet)
    rows = 0
    for table in (
        "urges",
        "entered_figures",
        "letters",
        "remarks",
        "papers",
        "paper_versions",
        "sheets",
        "errata",
        "outbox",
        "outbox_entries",
        "checklist",
    ):
        count = store.connection.rows(f"SELECT COUNT(*) FROM {table}")[0][0]
        assert count, table
        rows += count
    assert verdict.others == rows


ALTERED = [
    # When a matter was closed, and whether it was.
    ("UPDATE matters SET closed_at = closed_at - 1", "audit.closing_differs"),
    ("UPDATE matters SET closed_at = NULL", "audit.closing_differs"),
    ("UPDATE matters SET closed_at = opened_at WHERE closed_at IS NULL", "audit.closing_differs"),
    # Days on which its clocks stand still.
    ("UPDATE matter_suspensions SET last = '2026-12-31'", "audit.suspension_differs"),
    ("UPDATE matter_suspensions SET recorded_at = 0", "audit.suspension_differs"),
    ("DELETE FROM matter_suspensions", "audit.suspension_differs"),
    (
        (
            "INSERT INTO matter_suspensions SELECT number, 9, 0, '2026-11-01', '2026-12-31' FROM"
            " matters LIMIT 1"
        ),
        "audit.suspension_differs",
    ),
    (
        "INSERT INTO matter_suspensions VALUES ('F-2026-9999', 1, 0, '2026-11-01', '2026-12-31')",
        "audit.suspension_differs",
    ),
    # Who owes a step, by which limit, and since when it is done.
    ("UPDATE obligations SET unit = 'D2' WHERE kind = 'step'", "audit.step_differs"),
    ("UPDATE obligations SET rule = '' WHERE kind = 'step'", "audit.step_differs"),
    (
        "UPDATE obligations SET discharged_at = NULL WHERE kind = 'step'",
        "audit.step_differs",
    ),
    (
        (
            "UPDATE obligations SET discharged_at = opened_at"
            " WHERE kind = 'step' AND discharged_at IS NULL"
        ),
        "audit.step_differs",
    ),
    (
        "UPDATE obligations SET matter = 'F-2026-9999' WHERE kind = 'step'",
        "audit.step_differs",
    ),
    # What the ladder sent.
    ("UPDATE urges SET fired_at = fired_at - 1", "audit.urges_differ"),
    ("UPDATE urges SET addressees = 'nobody'", "audit.urges_differ"),
    ("UPDATE urges SET login = 'd1'", "audit.urges_differ"),
    ("UPDATE urges SET unit = 'T1' WHERE unit = 'D2'", "audit.urges_differ"),
    ("DELETE FROM urges WHERE unit = 'D1'", "audit.urges_differ"),
    ("DELETE FROM urges", "audit.urges_differ"),
    (
        "INSERT INTO urges VALUES ('report', '2026-11-16', 'T1', 'urge', 1, 'x', 'liaison')",
        "audit.urges_differ",
    ),
    # Figures, letters and remarks.
    ("UPDATE entered_figures SET value = 9000", "audit.row_differs"),
    ("UPDATE entered_figures SET source = 'x'", "audit.row_differs"),
    ("UPDATE entered_figures SET real_login = 'd1'", "audit.row_differs"),
    ("UPDATE entered_figures SET unit = 'D2'", "audit.row_differs"),
    ("DELETE FROM entered_figures", "audit.row_differs"),
    (
        (
            "INSERT INTO entered_figures SELECT year, unit, figure, 2, 1, source, as_of, 'x',"
            " entered_at, login, real_login FROM entered_figures"
        ),
        "audit.rows_foreign",
    ),
    ("UPDATE letters SET promises = '{}'", "audit.row_differs"),
    ("UPDATE letters SET signed_by = 'x'", "audit.row_differs"),
    ("UPDATE letters SET entered_at = 0", "audit.row_differs"),
    ("DELETE FROM letters", "audit.row_differs"),
    ("UPDATE remarks SET text = '没有'", "audit.row_differs"),
    ("UPDATE remarks SET at = at - 1", "audit.row_differs"),
    ("DELETE FROM remarks", "audit.row_differs"),
    # Papers, sealed sheets and errata.
    ("UPDATE papers SET subject = 'x' WHERE kind = 'stop_work'", "audit.row_differs"),
    ("UPDATE papers SET made_at = made_at - 1", "audit.row_differs"),
    ("UPDATE paper_versions SET content = 'x' WHERE version = 2", "audit.row_differs"),
    ("DELETE FROM paper_versions WHERE version = 2", "audit.row_differs"),
    (
        (
            "INSERT INTO paper_versions SELECT paper, 3, made_at, login, real_login, language,"
            " template, content FROM paper_versions WHERE version = 2"
        ),
        "audit.rows_foreign",
    ),
    ("UPDATE sheets SET content = replace(content, 'POWER', 'WATER')", "audit.row_differs"),
    ("UPDATE sheets SET mark = ''", "audit.row_differs"),
    ("UPDATE sheets SET sealed_at = sealed_at - 1", "audit.row_differs"),
    ("UPDATE errata SET unit = 'D2'", "audit.row_differs"),
    ("UPDATE errata SET after = ''", "audit.row_differs"),
    ("DELETE FROM errata", "audit.row_differs"),
    (
        (
            "INSERT INTO errata SELECT 'ER-2026-9999', date, unit, published, 9, before, after"
            " FROM errata"
        ),
        "audit.row_differs",
    ),
    # What is sent out, and what became of it.
    ("UPDATE outbox SET body = 'x' WHERE id = 3", "audit.row_differs"),
    ("UPDATE outbox SET address = 'y[1]' WHERE id = 3", "audit.row_differs"),
    ("UPDATE outbox_steps SET step = 'sheet/9|x' WHERE message = 1", "audit.row_differs"),
    ("DELETE FROM outbox_steps WHERE message = 1", "audit.row_differs"),
    ("DELETE FROM outbox WHERE id = 3", "audit.row_differs"),
    (
        (
            "INSERT INTO outbox SELECT 9, topic, addressee, address, person, language, title,"
            " body, any_hour, queued_at, NULL FROM outbox WHERE id = 3"
        ),
        "audit.rows_foreign",
    ),
    ("UPDATE outbox_entries SET act = 'sent' WHERE act = 'unknown'", "audit.row_differs"),
    ("UPDATE outbox_entries SET at = at - 1 WHERE seq = 2", "audit.row_differs"),
    ("DELETE FROM outbox_entries WHERE act = 'dropped'", "audit.row_differs"),
    (
        "INSERT INTO outbox_entries VALUES (3, 2, 1, 'x', 'withdrawn', '', NULL)",
        "audit.rows_foreign",
    ),
    ("UPDATE outbox SET ended_at = 1 WHERE id = 3", "audit.ending_differs"),
    ("UPDATE outbox SET ended_at = NULL WHERE id = 1", "audit.ending_differs"),
    # What was found of a land office.
    ("UPDATE checklist SET state = 'met'", "audit.row_differs"),
    ("UPDATE checklist SET evidence = 'x'", "audit.row_differs"),
    ("DELETE FROM checklist", "audit.row_differs"),
    # What units are found by.
    ("UPDATE unit_names SET unit = 'D2' WHERE name = '东镇'", "audit.registry_differs"),
    ("DELETE FROM unit_names WHERE name = '东镇'", "audit.registry_differs"),
]


@pytest.mark.parametrize(("sql", "key"), ALTERED)
def test_what_another_tool_altered_is_found(store: Store, sql: str, key: str) -> None:
    untied(store, sql)
    with pytest.raises(Damaged) as damaged:
        auditing.verify(store, quiet)
    assert damaged.value.message.key == key


def test_events_of_an_older_program_say_less_and_still_fit(store: Store) -> None:
    lost = {"ends", "owed", "fired", "mark", "texts", "entry"}
    untied(store, "SELECT 1")
    triggers = store.connection.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    for name, _ in triggers:
        store.connection.execute(f"DROP TRIGGER {name}")
    previous = events.FIRST_HASH
    for *fields, body in store.connection.rows(
        "SELECT seq, at, actor, real_login, host, action, subject, detail FROM events ORDER BY seq"
    ):
        keep = lost - {"entry"} if fields[5].startswith("matter.") else lost
        less = {key: value for key, value in json.loads(body).items() if key not in keep}
        text = json.dumps(less, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        mark = events.chained([*fields, text], previous)
        store.connection.execute(
            "UPDATE events SET detail = ?, previous = ?, hash = ? WHERE seq = ?",
            (text, previous, mark, fields[0]),
        )
        previous = mark
    for _, sql in triggers:
        store.connection.execute(sql)
    auditing.verify(store, quiet)
    untied(store, "UPDATE matters SET closed_at = closed_at - 1")
    with pytest.raises(Damaged) as damaged:
        auditing.verify(store, quiet)
    assert damaged.value.message.key == "audit.closing_differs"


def test_the_log_never_tells_what_a_message_says(store: Store) -> None:
    assert not store.connection.rows("SELECT 1 FROM events WHERE detail LIKE '%020-8888%'")


def test_a_reopened_matter_that_is_closed_again_fits(store: Store) -> None:
    [number] = [
        row[0]
        for row in store.connection.rows("SELECT matter FROM matter_entries WHERE act = 'reopen'")
    ]
    do_step(store, who("d1"), number, "verify", AT + 180)
    auditing.verify(store, quiet)
    close(store, who("d1b"), number, Outcome.UNFOUNDED, "复查照片", AT + 240)
    auditing.verify(store, quiet)
