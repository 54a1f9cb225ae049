"""Findings: what a patrol or a department found on the ground (R15, R16)."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from domain.areas import LandClass, check_areas
from domain.errors import Refused
from domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a report; areas are whole square metres (R16), None = not given.

    `place` is a unit code; `conforms_plan`, `approved` are `yes`, `no` or blank; `key_project`
    is `national`, `provincial`, `yes`, `no` or blank. `same_as` is the number of
    the matter that it is one with, blank where it opens its own.
    """

    no: int
    location: str
    land_class: LandClass
    area: int
    place: str = ""
    party: str = ""
    cultivated_area: int | None = None
    basic_farmland_area: int | None = None
    use: str = ""
    existed_since: date | None = None
    conforms_plan: str = ""
    approved: str = ""
    key_project: str = ""
    source: str = ""
    same_as: str = ""


FINDING_FIELDS = tuple(field.name for field in fields(Finding))


def check_finding(finding: Finding, day: date) -> None:
    """Refuse a finding without a location, with impossible areas, or from the future."""
    if not finding.location.strip():
        raise Refused("errors.finding_location", no=finding.no)
    cultivated = finding.cultivated_area
    if cultivated is None and finding.land_class is LandClass.CULTIVATED:
        cultivated = finding.area
    check_areas(finding.area, cultivated, finding.basic_farmland_area)
    if finding.existed_since is not None and finding.existed_since > day:
        raise Refused("errors.finding_future", no=finding.no, since=finding.existed_since)
