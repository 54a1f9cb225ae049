from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import catalogue
from domain.errors import LianluoError, NotFound, UsageError
from domain.workflows import Outcome, Party
from exchange.registry import read_registry
from exchange.workflows import FILE, read_workflows
from tests.conftest import GUANGZHOU

HEAD = '[letter]\nzh = "信函"\nen = "letter"\nprefix = "C"\nopens = "got"\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "w.toml"
    path.write_text(text, encoding="utf-8")
    return path


def step(key: str = "answer", done: str = "answered", after: str = "got", more: str = "") -> str:
    return (
        f'  {{ key = "{key}", done = "{done}", after = "{after}", zh = "答", en = "a"{more} }},\n'
    )


def test_what_is_shipped_can_be_read() -> None:
    found = read_workflows(GUANGZHOU / FILE)
    assert list(found) == [
        "finding",
        "lead",
        "satellite",
        "petition",
        "proposal",
        "assist",
        "notice",
        "reconcile",
        "approval",
        "transfer",
    ]
    assert len({workflow.prefix for workflow in found.values()}) == len(found)
    assert found["finding"].outcomes[Outcome.UNFOUNDED] == "verified"
    assert found["notice"].step("review").by is Party.ISSUER


def test_every_limit_that_is_shipped_names_a_step() -> None:
    registry = read_registry(GUANGZHOU)
    for row in registry.limits:
        workflow, key, after = (str(value) for value in row[:3])
        assert registry.workflows[workflow].step(key).after == after


def test_a_registry_with_neither_workflows_nor_limits_has_the_shipped_ones(tmp_path: Path) -> None:
    shutil.copy(GUANGZHOU / "units.csv", tmp_path)
    bare, shipped = read_registry(tmp_path), read_registry(GUANGZHOU)
    assert bare.workflows == shipped.workflows
    assert bare.limits == shipped.limits


def test_a_registry_with_workflows_of_its_own_has_no_other_limits(tmp_path: Path) -> None:
    shutil.copy(GUANGZHOU / "units.csv", tmp_path)
    text = HEAD + "steps = [\n" + step(more=", ends = true") + "]\n"
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    registry = read_registry(tmp_path)
    assert list(registry.workflows) == ["letter"]
    assert not registry.limits


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("x = \n", 1, "not TOML"),
        (HEAD + "steps = [\n" + step() + "] x", 8, "not TOML"),
        ("", 1, "no workflow"),
        ("# nothing\n\nletter = 1\n", 3, "must be a table"),
        (HEAD + "steps = []\n", 1, "steps is missing"),
        (HEAD + "colour = 1\n", 1, "no key colour"),
        (HEAD.replace('"C"', '"c"') + "steps = [\n" + step() + "]\n", 1, "capital letters"),
        (HEAD.replace('"信函"', "7") + "steps = [\n" + step() + "]\n", 1, "zh is missing"),
        (HEAD + "steps = [\n" + step() + step("b", "c", "gone") + "]\n", 8, "the state gone"),
        (HEAD + "steps = [\n" + step() + step("b") + "]\n", 8, "reached by another"),
        (HEAD + "steps = [\n" + step() + step() + "]\n", 7, "twice"),
        (HEAD + "steps = [\n" + step(more=', ends = "no"') + "]\n", 7, "ends cannot be no"),
        (HEAD + "steps = [\n" + step(more=', by = "mayor"') + "]\n", 7, "by cannot be mayor"),
        (HEAD + "steps = [\n" + step(more=', returns = "x"') + "]\n", 7, "return to the step x"),
        (HEAD + "steps = [\n" + step("a/b") + "]\n", 7, "no blank"),
        (HEAD + "steps = [\n" + step() + "]\n", 1, "never ends"),
        (HEAD + "steps = [\n" + step() + "]\noutcomes = { gone = 'got' }\n", 1, "cannot be gone"),
        (HEAD + "steps = [\n" + step() + "]\noutcomes = { restored = 'x' }\n", 1, "the state x"),
    ],
)
def test_a_bad_file_says_where_and_what(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_workflows(written(tmp_path, text))
    sentence = catalogue.render(caught.value.message)
    assert f"w.toml line {line}:" in sentence
    assert says in sentence
    catalogue.use("zh")
    assert f"第 {line} 行" in catalogue.render(caught.value.message)


def test_a_registrys_own_workflows_name_units_that_it_has(tmp_path: Path) -> None:
    shutil.copy(GUANGZHOU / "units.csv", tmp_path)
    text = HEAD + "steps = [\n" + step(more=', ends = true, by = "HRSS"') + "]\n"
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    [flow] = read_registry(tmp_path).workflows.values()
    assert (flow.steps[0].by, flow.steps[0].named_unit) == ("HRSS", "HRSS")
    (tmp_path / FILE).write_text(text.replace("HRSS", "GONE"), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_registry(tmp_path)
    sentence = catalogue.render(caught.value.message)
    assert "line 7:" in sentence
    assert "GONE" in sentence


def test_two_workflows_share_no_prefix(tmp_path: Path) -> None:
    one = HEAD + "steps = [\n" + step(more=", ends = true") + "]\n"
    with pytest.raises(LianluoError, match="prefix_twice"):
        read_workflows(written(tmp_path, one + one.replace("[letter]", "[post]")))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_workflows(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError):
        read_workflows(tmp_path / "x.toml")
