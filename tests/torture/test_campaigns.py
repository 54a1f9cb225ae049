"""A short piece of every campaign, always the same; `make torture` runs long ones."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from domain.errors import LianluoError
from tests.torture import numbers
from tests.torture.campaigns import CAMPAIGNS
from tests.torture.fuzz_targets import TARGETS
from tests.torture.fuzzing import CORPUS

SEED = 20261123


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_piece_of_each_campaign(name: str, tmp_path: Path) -> None:
    campaign = CAMPAIGNS[name]
    counts = campaign.run(SEED, campaign.slice, tmp_path)
    assert set(counts) <= set(numbers.WORDS)
    assert max(counts.values()) >= campaign.slice
    assert counts.get("filings lost", 0) == 0


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_of_the_fuzzer_is_read_or_refused(name: str) -> None:
    read = TARGETS[name]()
    inputs = sorted((CORPUS / name).iterdir())
    assert inputs
    for each in inputs:
        with suppress(LianluoError):
            read(each.read_bytes())


def test_the_pages_tell_the_numbers_of_the_last_run() -> None:
    last = numbers.load()
    assert set(last.counts) <= set(numbers.WORDS)
    assert last.counts["filings lost"] == 0
    for page in numbers.PAGES.values():
        assert numbers.published(page, last) == page.read_text(encoding="utf-8"), page.name
