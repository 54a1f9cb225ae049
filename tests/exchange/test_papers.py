"""Papers: what stands on each, one number for ever, and templates that a city replaces."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import catalogue
from actions import papers, sheets
from actions.assessing import remark
from actions.reporting import file
from actions.targets import promise
from domain.errors import LianluoError, NotFound, Refused, UsageError
from domain.figures import FigureKey
from domain.papers import LETTERS, PaperKind
from domain.periods import Period
from domain.reports import Content, ReportKind
from domain.targets import TargetKey
from exchange.letters import letter, plain, steady, template
from exchange.papers import make_paper
from exchange.sheet_book import sheet_book
from scripts.paper_templates import written
from storage.store import Store, open_store
from tests.exchange.papers_stage import (
    AT,
    GOLDEN,
    LANGUAGES,
    SUBJECTS,
    book_text,
    letter_text,
    paper_bytes,
    sheet_bytes,
    staged,
    texts,
)
from tests.matters_city import ADMIN, finding, new_city, on, refused, together, who

HOSTILE = "<w:p/>&amp;{{ 7*7 }}{% raw %}\x00\x0b\x1b[31m\u202e\ufffe\uffff\ud800]]>=cmd()"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    catalogue.use("en")
    folder = tmp_path_factory.mktemp("stage")
    staged(folder).close()
    return folder / "city.db"


@pytest.fixture
def store(stage: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copyfile(stage, tmp_path / "city.db")
    with open_store(tmp_path / "city.db") as found:
        yield found


def test_every_paper_reads_as_it_did(store: Store, tmp_path: Path) -> None:
    found = texts(store, tmp_path)
    assert {path.name for path in GOLDEN.iterdir()} == set(found)
    for name, text in found.items():
        assert text == (GOLDEN / name).read_text(encoding="utf-8"), name


def test_a_second_making_has_the_same_number_and_the_same_bytes(
    store: Store, tmp_path: Path
) -> None:
    for kind in SUBJECTS:
        first = paper_bytes(store, tmp_path, kind, "zh")
        number = papers.listed(store, AT, kind)[0].paper.number
        again = paper_bytes(store, tmp_path, kind, "zh", AT)
        assert first == again, kind
        (row,) = papers.listed(store, AT, kind)
        assert (row.paper.number, row.versions) == (number, 1)


def test_what_a_paper_was_made_from_is_kept_version_by_version(
    store: Store, tmp_path: Path
) -> None:
    kind = PaperKind.STOP_WORK
    paper_bytes(store, tmp_path, kind, "zh")
    paper_bytes(store, tmp_path, kind, "en", AT + 60)
    own = tmp_path / "own"
    (own / "zh").mkdir(parents=True)
    document = Document()
    document.add_paragraph("本市自用 {{ number }} {{ party }}")
    document.save(str(own / "zh" / "stop_work.docx"))
    catalogue.use("zh")
    target = tmp_path / "own.docx"
    made = make_paper(store, ADMIN, kind, "f-2026-0001", target, AT + 120, own)
    assert letter_text(target.read_bytes()).startswith("本市自用 SW-2026-0001 某建材经营部")
    _, versions = papers.of_number(store, made.paper.number, AT + 120)
    assert [(row.version, row.language) for row in versions] == [(1, "zh"), (2, "en"), (3, "zh")]
    assert len({row.template for row in versions}) == 3
    assert versions[0].content == versions[2].content != versions[1].content
    assert len(papers.of_number(store, made.paper.number, AT + 60)[1]) == 2
    # The other kinds still come from what ships.
    assert template(own, "zh", PaperKind.TRANSFER) == template(None, "zh", PaperKind.TRANSFER)


def test_numbers_count_by_kind_and_year(tmp_path: Path) -> None:
    with new_city(tmp_path) as store:
        for number in range(1, 4):
            finding(store, title=f"第{number}宗")
            target = tmp_path / "a.docx"
            subject = f"F-2026-000{number}"
            made = make_paper(store, ADMIN, PaperKind.STOP_WORK, subject, target, AT)
            assert made.paper.number == f"SW-2026-000{number}"
        made = make_paper(
            store, ADMIN, PaperKind.APPROVAL_URGING, "F-2026-0001", tmp_path / "b.docx", AT
        )
        assert made.paper.number == "AU-2026-0001"
        later = on("2027-01-04 10:00")
        finding(store, on("2026-12-01 10:00"), title="第四宗")
        made = make_paper(store, ADMIN, PaperKind.STOP_WORK, "F-2026-0004", target, later)
        assert made.paper.number == "SW-2027-0001"
        made = make_paper(store, ADMIN, PaperKind.STOP_WORK, "F-2026-0001", target, later)
        assert made.paper.number == "SW-2026-0001"


def test_hostile_texts_are_only_texts(tmp_path: Path) -> None:
    with new_city(tmp_path) as store:
        about = {"title": "推土", "party": HOSTILE.replace("\ud800", ""), "location": "=1+1"}
        finding(store, title=about["title"], party=about["party"], location=about["location"])
        target = tmp_path / "a.docx"
        for kind in (PaperKind.STOP_WORK, PaperKind.TRANSFER):
            subject = "F-2026-0001@DISC" if kind is PaperKind.TRANSFER else "F-2026-0001"
            make_paper(store, ADMIN, kind, subject, target, AT)
            text = letter_text(target.read_bytes())
            assert "<w:p/>&amp;{{ 7*7 }}{% raw %}" in text
            assert "49" not in text.replace("2026", "")


@given(st.text(max_size=60))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_a_letter_that_opens(text: str) -> None:
    facts = {"party": text, "location": text, **dict.fromkeys(FACTS, "x")}
    made = letter(*template(None, "zh", PaperKind.STOP_WORK), PaperKind.STOP_WORK, facts)
    found = letter_text(made)
    assert plain(text).strip() == "" or plain(text).split()[0] in found
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert package.testzip() is None


FACTS = [
    "year",
    "count",
    "title",
    "land_class",
    "area",
    "since",
    "found",
    "unit",
    "day",
    "matter",
    "source",
    "number",
    "check",
]


def broken_templates(folder: Path) -> dict[str, bytes]:
    """Return templates that are no use, by what is wrong with them."""

    def document(*lines: str) -> bytes:
        made = Document()
        for line in lines:
            made.add_paragraph(line)
        packed = io.BytesIO()
        made.save(packed)
        return packed.getvalue()

    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as package:
        package.writestr("nothing", "")
    return {
        "no zip": b"this is no docx",
        "empty": b"",
        "no document": empty.getvalue(),
        "half": document("{{ number }}")[:2000],
        "unknown name": document("{{ nummer }}"),
        "syntax": document("{{ number "),
        "no end": document("{%p for x in items %}"),
        "escape": document("{{ ''.__class__.__mro__[1].__subclasses__() }}"),
        "for ever": document("{% for i in range(999999999) %}{% endfor %}"),
        "division": document("{{ 1 // 0 }}"),
    }


def test_a_broken_template_is_one_sentence_and_costs_no_number(
    store: Store, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    (own / "en").mkdir(parents=True)
    target = tmp_path / "a.docx"
    for name, content in broken_templates(tmp_path).items():
        (own / "en" / "stop_work.docx").write_bytes(content)
        with pytest.raises(UsageError) as caught:
            make_paper(store, ADMIN, PaperKind.STOP_WORK, "F-2026-0001", target, AT, own)
        sentence = catalogue.render(caught.value.message)
        assert "stop_work.docx" in sentence, name
        assert len(sentence.splitlines()) == 1
        assert not target.exists()
    assert papers.listed(store, AT, PaperKind.STOP_WORK) == []
    with pytest.raises(NotFound):
        make_paper(store, ADMIN, PaperKind.STOP_WORK, "F-2026-0001", target, AT, own / "no")


@pytest.mark.parametrize(
    ("kind", "subject", "key"),
    [
        (PaperKind.DAY_SHEET, "2026-11-23", "papers.day_sheet_sealed"),
        (PaperKind.STOP_WORK, "N-2026-0001", "papers.not_of_this"),
        (PaperKind.SUPERVISION, "F-2026-0001", "papers.not_of_this"),
        (PaperKind.STOP_WORK, "F-2026-0099", "matters.unknown"),
        (PaperKind.TRANSFER, "F-2026-0001", "papers.bad_subject"),
        (PaperKind.TRANSFER, "F-2026-0001@Mars", "errors.unit_unknown"),
        (PaperKind.REMINDER_SHEET, "D2", "papers.bad_subject"),
        (PaperKind.REMINDER_SHEET, "D2@someday", "instants.bad_day"),
        (PaperKind.REMINDER_SHEET, "D2@2026-11-20", "papers.nothing_fired"),
        (PaperKind.RESPONSIBILITY, "D1@26", "papers.bad_year"),
        (PaperKind.MONTH_TABLE, "2026-13", "papers.bad_month"),
        (PaperKind.HALF_YEAR_TABLE, "2026H3", "papers.bad_half"),
    ],
)
def test_a_subject_that_makes_no_sense_is_refused_and_costs_no_number(
    store: Store, tmp_path: Path, kind: PaperKind, subject: str, key: str
) -> None:
    suffix = ".xlsx" if kind.value.endswith(("sheet", "table")) and "table" in kind else ".docx"
    suffix = ".xlsx" if kind is PaperKind.DAY_SHEET else suffix
    before = len(papers.listed(store, AT))
    target = tmp_path / f"a{suffix}"
    found = refused(make_paper, store, ADMIN, kind, subject, target, AT, error=LianluoError)
    assert found == key
    assert len(papers.listed(store, AT)) == before
    assert not target.exists()


def test_only_who_works_on_it_or_supervises_it_makes_a_paper(store: Store, tmp_path: Path) -> None:
    def made_by(login: str, kind: PaperKind, suffix: str = ".docx") -> bool:
        try:
            make_paper(store, who(login), kind, SUBJECTS[kind], tmp_path / f"a{suffix}", AT)
        except Refused:
            return False
        return True

    assert [
        login for login in ("d1", "d1h", "sup", "d2", "d1v") if made_by(login, PaperKind.STOP_WORK)
    ] == [
        "d1",
        "d1h",
        "sup",
    ]
    assert made_by("sup", PaperKind.RESPONSIBILITY)
    assert not made_by("d1", PaperKind.RESPONSIBILITY)
    assert made_by("sup", PaperKind.MONTH_TABLE, ".xlsx")
    assert not made_by("d1", PaperKind.MONTH_TABLE, ".xlsx")
    assert not made_by("d1", PaperKind.SUPERVISION)


def test_a_file_that_cannot_be_written_costs_no_number(store: Store, tmp_path: Path) -> None:
    kind = PaperKind.STOP_WORK
    for target, error in (
        (tmp_path / "a.pdf", UsageError),
        (tmp_path / "no" / "a.docx", NotFound),
        (tmp_path, UsageError),
    ):
        refused(make_paper, store, ADMIN, kind, SUBJECTS[kind], target, AT, error=error)
    assert papers.listed(store, AT, kind) == []


def test_the_templates_are_what_their_texts_make() -> None:
    found = dict(written())
    assert {path.stem for path in found} == {kind.value for kind in LETTERS}
    assert len(found) == len(LETTERS) * len(LANGUAGES)
    for path, content in found.items():
        assert path.read_bytes() == content, path


def test_a_recorded_letter_is_what_is_printed(store: Store, tmp_path: Path) -> None:
    promise(
        store,
        ADMIN,
        2026,
        "D1",
        date(2026, 3, 2),
        "东区区长",
        "完成市下达的任务。",
        {TargetKey.CLOSING: Fraction(92), TargetKey.FARMLAND: Fraction(25, 2)},
        AT - 60,
    )
    text = letter_text(paper_bytes(store, tmp_path, PaperKind.RESPONSIBILITY, "zh"))
    assert "完成市下达的任务。\n" in text
    assert "结案率不低于 92%。\n" in text
    assert "违法占用耕地比例不超过 12.5%。\n" in text
    assert "签订日期 2026年3月2日，签订人 东区区长（第 1 版）。" in text


def test_what_a_unit_says_of_a_figure_stands_under_the_table(store: Store, tmp_path: Path) -> None:
    remark(store, who("d1"), Period(2026, 2), "D1", FigureKey.REPORTING, "台风停电三日。", AT - 60)
    text = book_text(paper_bytes(store, tmp_path, PaperKind.HALF_YEAR_TABLE, "zh"))
    assert "说明:东区 报送率(—):台风停电三日。" in text


def make_alone(path: Path, kind: PaperKind, file: Path) -> str:
    """Make a paper in a process of its own; return its number."""
    with open_store(path) as mine:
        return make_paper(mine, ADMIN, kind, SUBJECTS[kind], file, AT).paper.number


def test_two_at_once_give_one_paper_one_number(store: Store, tmp_path: Path) -> None:
    path = store.path
    store.close()
    kinds = [PaperKind.STOP_WORK, PaperKind.TRANSFER] * 2
    files = [tmp_path / f"{number}.docx" for number in range(4)]
    numbers = together(make_alone, *[(path, *each) for each in zip(kinds, files, strict=True)])
    assert numbers == ["SW-2026-0001", "TL-2026-0001"] * 2
    assert files[0].read_bytes() == files[2].read_bytes()


def test_what_is_packed_again_is_the_same() -> None:
    _, content = template(None, "zh", PaperKind.STOP_WORK)
    assert steady(content) == content


def test_no_cell_of_a_sheet_is_a_formula_and_none_is_empty(tmp_path: Path) -> None:
    with new_city(tmp_path) as store:
        day = date(2026, 11, 23)
        said = Content(ReportKind.DAILY, '=HYPERLINK("http://x")\x07\n+1')
        file(store, who("d1"), "D1", day, said, on("2026-11-23 12:00"))
        content = sheet_book(store, sheets.day_sheet(store, day, on("2026-11-23 18:00")))
        text = book_text(content)
        assert "'=HYPERLINK" in text
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
        rows = [line for line in text.splitlines() if line[:1].isdigit() and " | " in line]
        assert {len(line.split(" | ")) for line in rows} == {10}


def test_a_sheet_has_the_same_bytes_whenever_it_is_written(store: Store) -> None:
    day = date(2026, 11, 23)
    assert sheet_bytes(store, day, "zh") == sheet_bytes(store, day, "zh")
    assert sheet_bytes(store, day, "zh") != sheet_bytes(store, day, "en")


OFFICE = shutil.which("soffice")
PAGES = shutil.which("pdftotext")


@pytest.mark.skipif(OFFICE is None or PAGES is None, reason="no LibreOffice or no poppler here")
def test_every_paper_prints_on_pages_of_a4(store: Store, tmp_path: Path) -> None:
    assert OFFICE is not None
    assert PAGES is not None
    files = []
    for language in LANGUAGES:
        for kind in SUBJECTS:
            content = paper_bytes(store, tmp_path, kind, language)
            suffix = ".xlsx" if "table" in kind else ".docx"
            files.append(tmp_path / f"{kind}-{language}{suffix}")
            assert files[-1].read_bytes() == content
        for day in (23, 24):
            files.append(tmp_path / f"day{day}-{language}.xlsx")
            files[-1].write_bytes(sheet_bytes(store, date(2026, 11, day), language))
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    done = subprocess.run(
        [OFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
        check=False,
        capture_output=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    for path in files:
        pages = path.with_suffix(".pdf")
        text = printed(PAGES, pages)
        name, _, language = path.stem.partition("-")
        for words in WORDS[name, language]:
            assert "".join(words.split()) in text, (path.name, words)
        # A4 in points, upright or on its side.
        box = pages.read_bytes()
        assert b"595" in box
        assert b"841" in box or b"842" in box


def printed(program: str, pages: Path) -> str:
    """Return the words on printed pages without the blanks between them."""
    read = subprocess.run(
        [program, "-layout", str(pages), "-"], check=True, capture_output=True, timeout=120
    )
    return "".join(read.stdout.decode().split())


WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("stop_work", "zh"): ("责令停止违法行为通知书", "某建材经营部", "SW-2026-0001", "受送达人签名"),
    ("stop_work", "en"): ("Notice to stop illegal use of land", "1,240 m²", "SW-2026-0001"),
    ("supervision", "zh"): ("国土执法联络督办单", "请核对11月23日报告。", "签收人"),
    ("supervision", "en"): ("Supervision notice", "SN-2026-0001", "2026-11-27 23:59"),
    ("reminder_sheet", "zh"): ("提醒单", "2026-11-23日报告", "分管负责人签名"),
    ("reminder_sheet", "en"): ("Reminder sheet", "daily report of 2026-11-23"),
    ("urging_sheet", "zh"): ("催办单", "西区"),
    ("urging_sheet", "en"): ("Urging sheet", "West"),
    ("supervision_sheet", "zh"): ("督办单", "请督导办理。"),
    ("supervision_sheet", "en"): ("Supervision sheet", "Please supervise"),
    ("approval_urging", "zh"): ("用地报批催办通知书", "AU-2026-0001"),
    ("approval_urging", "en"): ("Notice to complete the approval", "AU-2026-0001"),
    ("transfer", "zh"): ("案件移送函", "监察局", "已口头制止", "TL-2026-0001"),
    ("transfer", "en"): ("Transfer of a case", "Supervision Bureau", "TL-2026-0001"),
    ("responsibility", "zh"): ("责任书", "不超过15%", "东区联络员"),
    ("responsibility", "en"): ("Letter of responsibility for 2026", "at most 15 %"),
    ("month_table", "zh"): ("月报表", "3/68(4.4%)", "制表"),
    ("month_table", "en"): ("Month table", "3/68 (4.4 %)"),
    ("half_year_table", "zh"): ("半年检查表", "HT-2026-0001"),
    ("half_year_table", "en"): ("Half-yearly check", "HT-2026-0001"),
    ("day23", "zh"): ("日报汇总表", "DS-2026-0001", "西区未报。", "未报单位", "ER-2026-0001"),
    ("day23", "en"): ("Day sheet", "West filed nothing.", "Not filed (4)"),
    ("day24", "zh"): ("DS-2026-0002", "对此前汇总表的更正"),
    ("day24", "en"): ("DS-2026-0002", "Errata of earlier sheets"),
}


def test_pages_are_looked_for_of_every_paper() -> None:
    kinds: set[Any] = {kind.value for kind in SUBJECTS} | {"day23", "day24"}
    assert {name for name, _ in WORDS} == kinds
