"""Workflows as data: what a table may say, what is wrong with it, and limits by date (R12, R15)."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

import catalogue
from domain.deadlines import Limit, Measure
from domain.errors import Message, Refused, UsageError
from domain.workflows import (
    Outcome,
    Party,
    Step,
    StepLimit,
    check_replacement,
    limit_for,
    workflows_from_table,
    workflows_to_table,
)
from tests.matters_city import shipped, workflows


def letter() -> dict[str, Any]:
    """A workflow with a bit of everything, as a table."""
    return {
        "letter": {
            "zh": "信函",
            "en": "letter",
            "prefix": "X",
            "opens": "got",
            "steps": [
                {"key": "read", "done": "readit", "after": "got", "zh": "阅", "en": "read"},
                {
                    "key": "answer",
                    "done": "answered",
                    "after": "readit",
                    "zh": "答",
                    "en": "answer",
                    "text": True,
                    "reasons": ["late", "early"],
                },
                {
                    "key": "check",
                    "done": "checked",
                    "after": "answered",
                    "zh": "核",
                    "en": "check",
                    "by": "issuer",
                    "returns": "answer",
                    "ends": True,
                },
            ],
            "outcomes": {"transferred": "got", "unfounded": "readit"},
        }
    }


def test_a_table_says_it_all() -> None:
    flow = workflows_from_table(letter())["letter"]
    assert (flow.key, flow.zh, flow.en, flow.prefix, flow.opens) == (
        "letter",
        "信函",
        "letter",
        "X",
        "got",
    )
    assert flow.step("check") == Step(
        "check", "checked", "answered", "核", "check", Party.ISSUER, True, "answer"
    )
    assert flow.step("answer").text
    assert flow.step("answer").reasons == ("late", "early")
    assert flow.after("got") == (flow.step("read"),)
    assert flow.after("nowhere") == ()
    assert flow.outcomes == {Outcome.TRANSFERRED: "got", Outcome.UNFOUNDED: "readit"}


def test_a_table_written_is_read_the_same() -> None:
    for table in (letter(), workflows_to_table(workflows())):
        read = workflows_from_table(table)
        assert workflows_from_table(workflows_to_table(read)) == read


def test_every_shipped_workflow_comes_to_an_end() -> None:
    for flow in workflows().values():
        assert flow.outcomes or flow.steps[-1].ends
        # The rule names these ends of every kind; which lead there is the city's data.
        assert flow.outcomes.keys() <= set(Outcome)
    finding = workflows()["finding"]
    assert [step.done for step in finding.steps] == [
        "stopped",
        "verified",
        "reported",
        "filed",
        "decided",
        "rectified",
    ]
    assert finding.outcomes.keys() == set(Outcome)


def test_every_step_has_a_limit_on_any_day() -> None:
    registry = shipped()
    limits = [
        StepLimit(
            str(row[0]),
            str(row[1]),
            str(row[2]),
            Limit(int(str(row[3])), Measure(str(row[4]))),
            date.fromisoformat(str(row[5])) if row[5] else None,
            date.fromisoformat(str(row[6])) if row[6] else None,
        )
        for row in registry.limits
    ]
    for flow in registry.workflows.values():
        for step in flow.steps:
            for day in (date(2010, 6, 1), date(2014, 6, 30), date(2014, 7, 1), date(2026, 11, 23)):
                assert limit_for(limits, flow.key, step, step.after, day) is not None, step


def test_a_step_that_is_not_there_is_named_with_those_that_are() -> None:
    flow = workflows_from_table(letter())["letter"]
    with pytest.raises(UsageError) as caught:
        flow.step("burn")
    sentence = catalogue.render(caught.value.message)
    for word in ("burn", "letter", "read", "answer", "check"):
        assert word in sentence


def _set(*path: Any, to: Any) -> Any:
    def change(table: dict[str, Any]) -> None:
        here: Any = table["letter"]
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = to

    return change


def _drop(*path: Any) -> Any:
    def change(table: dict[str, Any]) -> None:
        here: Any = table["letter"]
        for key in path[:-1]:
            here = here[key]
        del here[path[-1]]

    return change


WRONG = [
    (lambda table: table.update(letter="a"), "no_table", ""),
    (_set("colour", to="red"), "key_unknown", ""),
    (_set("steps", 0, "colour", to="red"), "key_unknown", "read"),
    *[(_drop(key), "text_missing", "") for key in ("zh", "en", "prefix", "opens")],
    *[(_set(key, to=7), "text_missing", "") for key in ("zh", "en", "prefix", "opens")],
    *[(_set(key, to="  "), "text_missing", "") for key in ("zh", "en", "prefix", "opens")],
    *[
        (_set("prefix", to=prefix), "prefix_bad", "")
        for prefix in ("x", "ABCD", "A1", "\u00c4", "A-")
    ],
    (_drop("steps"), "steps_missing", ""),
    (_set("steps", to=[]), "steps_missing", ""),
    (_set("steps", to="read"), "steps_missing", ""),
    (_set("steps", 0, to="read"), "no_table", ""),
    (_drop("steps", 0, "key"), "text_missing", "1"),
    *[
        (_set("steps", 0, "key", to=key), "key_bad", key)
        for key in ("a/b", "a#2", "a b", "a\tb", "a\u3000b")
    ],
    *[(_drop("steps", 1, key), "text_missing", "answer") for key in ("done", "after", "zh", "en")],
    (_set("steps", 1, "done", to=3), "text_missing", "answer"),
    (_set("steps", 1, "by", to="mayor"), "by_bad", "answer"),
    (_set("steps", 1, "ends", to="yes"), "choice_bad", "answer"),
    (_set("steps", 1, "text", to=1), "choice_bad", "answer"),
    (_set("steps", 1, "reasons", to="late"), "reasons_bad", "answer"),
    (_set("steps", 1, "reasons", to=["too late"]), "reasons_bad", "answer"),
    (_set("steps", 1, "reasons", to=[3]), "reasons_bad", "answer"),
    (_set("steps", 1, "returns", to=True), "text_missing", "answer"),
    (_set("steps", 1, "key", to="read"), "step_twice", "read"),
    (_set("steps", 1, "after", to="checked"), "after_unknown", "answer"),
    (_set("steps", 1, "after", to="answered"), "after_unknown", "answer"),
    (_set("steps", 1, "done", to="readit"), "done_twice", "answer"),
    (_set("steps", 1, "done", to="got"), "done_twice", "answer"),
    (_set("steps", 2, "returns", to="burn"), "returns_unknown", "check"),
    (_set("steps", 2, "returns", to="check"), "returns_unknown", "check"),
    (_set("outcomes", to=["transferred"]), "no_table", ""),
    (_set("outcomes", "gone", to="got"), "choice_bad", ""),
    (_set("outcomes", "transferred", to="nowhere"), "outcome_state", ""),
    (_set("outcomes", "transferred", to=1), "text_missing", ""),
]


@pytest.mark.parametrize(("change", "problem", "step"), WRONG)
def test_each_kind_of_error_is_named(change: Any, problem: str, step: str) -> None:
    table = copy.deepcopy(letter())
    change(table)
    with pytest.raises(UsageError) as caught:
        workflows_from_table(table)
    message = caught.value.message
    assert message.params["workflow"] == "letter"
    assert message.params["step"] == step
    found = message.params["problem"]
    assert isinstance(found, Message)
    assert found.key == f"workflows.{problem}"
    for language in catalogue.LANGUAGES:
        catalogue.use(language)
        sentence = catalogue.render(message)
        assert "letter" in sentence
        assert step in sentence
        assert "{" not in sentence


def test_a_workflow_without_any_end_is_refused() -> None:
    table = letter()
    table["letter"]["outcomes"] = {}
    table["letter"]["steps"][2]["ends"] = False
    with pytest.raises(UsageError) as caught:
        workflows_from_table(table)
    assert caught.value.message.params["problem"] == Message("workflows.endless")


def test_nothing_comes_after_the_step_that_ends() -> None:
    table = letter()
    table["letter"]["steps"].append(
        {"key": "more", "done": "mored", "after": "checked", "zh": "再", "en": "more"}
    )
    with pytest.raises(UsageError) as caught:
        workflows_from_table(table)
    assert caught.value.message.params["step"] == "more"
    assert caught.value.message.params["problem"] == Message(
        "workflows.after_end", state="checked", ending="check"
    )


def test_a_workflow_has_a_plain_key() -> None:
    with pytest.raises(UsageError) as caught:
        workflows_from_table({"a letter": letter()["letter"]})
    assert caught.value.message.params["problem"] == Message("workflows.key_bad", key="a letter")


def test_two_workflows_do_not_share_numbers() -> None:
    table = letter()
    table["other"] = copy.deepcopy(table["letter"])
    with pytest.raises(UsageError) as caught:
        workflows_from_table(table)
    assert caught.value.message == Message(
        "workflows.prefix_twice", prefix="X", one="letter", other="other"
    )


def test_a_step_in_use_stays() -> None:
    standing = workflows_from_table(letter())
    used = {"letter": {"": "X-2026-0001", "answer": "X-2026-0002"}}

    def replaced(change: Any) -> None:
        table = letter()
        change(table)
        check_replacement(standing, workflows_from_table(table), used)

    replaced(lambda table: None)
    replaced(_set("steps", 1, "zh", to="复"))
    replaced(_set("steps", 0, "by", to="issuer"))
    with pytest.raises(Refused) as caught:
        replaced(_set("steps", 1, "by", to="issuer"))
    assert caught.value.message.params["number"] == "X-2026-0002"
    with pytest.raises(Refused) as caught:
        check_replacement(standing, {}, used)
    assert caught.value.message.key == "workflows.workflow_used"
    check_replacement(standing, {}, {})


# Limits by their dates of effect (R12).

FILE = Step("file", "filed", "verified", "立案", "file")


def limit(
    amount: int, first: date | None = None, last: date | None = None, after: str = "verified"
) -> StepLimit:
    return StepLimit("finding", "file", after, Limit(amount, Measure.DAYS), first, last)


def chosen(rows: list[StepLimit], day: date, after: str = "verified") -> int | None:
    row = limit_for(rows, "finding", FILE, after, day)
    return None if row is None else row.limit.amount


def test_a_rule_changes_on_its_day() -> None:
    rows = [limit(10, date(2014, 7, 1)), limit(7, None, date(2014, 6, 30))]
    for table in (rows, rows[::-1]):
        assert chosen(table, date(2014, 6, 30)) == 7
        assert chosen(table, date(2014, 7, 1)) == 10
        assert chosen(table, date(1990, 1, 1)) == 7
        assert chosen(table, date(2026, 1, 1)) == 10


def test_of_several_in_effect_the_last_to_come_wins() -> None:
    rows = [limit(3), limit(2, date(2020, 1, 1)), limit(1, date(2010, 1, 1))]
    assert chosen(rows, date(2009, 12, 31)) == 3
    assert chosen(rows, date(2015, 1, 1)) == 1
    assert chosen(rows, date(2020, 1, 1)) == 2
    assert chosen([limit(1), limit(2)], date(2020, 1, 1)) == 2


def test_between_two_rules_there_may_be_none() -> None:
    rows = [limit(7, None, date(2014, 6, 29)), limit(10, date(2014, 7, 1))]
    assert chosen(rows, date(2014, 6, 30)) is None
    assert chosen([], date(2014, 6, 30)) is None


def test_a_limit_of_another_step_or_workflow_does_not_count() -> None:
    row = limit(7)
    other = Step("verify", "verified", "found", "核查", "verify")
    assert limit_for([row], "finding", other, "verified", date(2026, 1, 1)) is None
    assert limit_for([row], "lead", FILE, "verified", date(2026, 1, 1)) is None


def test_a_limit_for_exactly_that_state_wins() -> None:
    rows = [limit(7), limit(1, after="returned")]
    assert chosen(rows, date(2026, 1, 1), "returned") == 1
    assert chosen(rows, date(2026, 1, 1), "elsewhere") == 7
    assert chosen(rows, date(2026, 1, 1)) == 7


def test_what_no_law_sets_is_a_local_default() -> None:
    assert StepLimit("a", "b", "c", Limit(1, Measure.DAYS), status="local default").local_default
    assert not StepLimit("a", "b", "c", Limit(1, Measure.DAYS), status="national").local_default
