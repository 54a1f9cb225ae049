"""The digest of rows is the same by row and by column, however they come in."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.proofs import Digest, whole_columns
from storage.report_days import Stamp

texts = st.text(alphabet="ab日\n\ud800", max_size=3)
numbers = st.none() | st.integers(0, 3)
rows = st.tuples(
    texts, st.integers(1, 2), texts, texts, numbers, numbers, st.integers(0, 1 << 40), texts
)
days = st.lists(st.lists(rows, min_size=1, max_size=90), max_size=8)


@settings(max_examples=40)
@given(days)
def test_columns_say_what_rows_say(filed: list[list[tuple[object, ...]]]) -> None:
    by_row, by_column = Digest(), Digest()
    for place, own in enumerate(filed):
        stamp = Stamp(f"2026-01-0{place + 1}", "root", 7)
        columns = [*map(list, zip(*own, strict=True)), [""] * len(own), [0] * len(own)]
        findings: list[list[object]] = [[] if number else [("甲",)] for number in range(len(own))]
        whole = whole_columns(stamp, columns, findings)
        by_column.add_columns(whole)
        for row in zip(*whole, strict=True):
            by_row.add(row)
    assert by_column.detail() == by_row.detail()


def test_a_digest_is_what_it_was_before_it_knew_columns() -> None:
    """Stores hold digests of every release: what they are of may come in another way, only."""
    digest = Digest()
    for number in range(600):
        digest.add(
            (f"单位{number % 7}", "2026-01-01", 1, None if number % 5 else 3, 10**9 + number)
        )
    assert digest.detail() == {
        "count": 600,
        "digest": "23d0a3c1c4acea3459a0a0e3abe6cbc527a589079abab88793bfc7eb035be489",
    }
