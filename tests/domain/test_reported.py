from __future__ import annotations

from datetime import date

from domain.areas import LandClass
from domain.findings import Finding
from domain.matters import Matter
from domain.reported import matched, origin_base

BASE = origin_base("D1", date(2026, 11, 23))


def found(no: int, location: str, place: str = "T1") -> Finding:
    return Finding(no, location, LandClass.UNUSED, 1, place)


def opened(number: str, origin: str, location: str, place: str = "T1") -> Matter:
    return Matter(number, "finding", "D1", "D1", 0, "x", place, location, origin=BASE + origin)


def numbers(findings: list[Finding], known: list[Matter]) -> dict[int, str]:
    return {no: matter.number for no, matter in matched(findings, known).items()}


FIELD = opened("F1", "1", "村口")
RIVER = opened("F2", "2", "河边")


def test_a_base_begins_the_origins() -> None:
    assert BASE == "2026-11-23/D1/"


def test_findings_that_stand_as_they_stood() -> None:
    assert numbers([found(1, "村口"), found(2, "河边")], [FIELD, RIVER]) == {1: "F1", 2: "F2"}
    assert numbers([found(1, "村口")], []) == {}


def test_one_put_before_the_others_is_new() -> None:
    findings = [found(1, "桥头"), found(2, "村口"), found(3, "河边")]
    assert numbers(findings, [FIELD, RIVER]) == {2: "F1", 3: "F2"}


def test_one_left_out_leaves_the_others_theirs() -> None:
    assert numbers([found(1, "河边")], [FIELD, RIVER]) == {1: "F2"}


def test_amended_words_are_the_same_finding() -> None:
    assert numbers([found(1, "村口东侧"), found(2, "河边")], [FIELD, RIVER]) == {1: "F1", 2: "F2"}
    assert numbers([found(1, "村口", "T2")], [FIELD]) == {1: "F1"}


def test_two_at_one_place_are_two() -> None:
    twin = opened("F3", "3", "村口")
    findings = [found(1, "村口"), found(2, "河边"), found(3, "村口")]
    assert numbers(findings, [FIELD, RIVER, twin]) == {1: "F1", 2: "F2", 3: "F3"}
    assert numbers(findings, [FIELD, RIVER]) == {1: "F1", 2: "F2"}


def test_an_origin_of_a_later_revision_has_its_number() -> None:
    later = opened("F4", "1@2", "桥头")
    assert numbers([found(1, "桥头西"), found(2, "村口")], [FIELD, later]) == {1: "F4", 2: "F1"}
