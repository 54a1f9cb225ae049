"""What a report says, fact by fact, and what one content says otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from textual.content import Content as Text

from actions.today import Filing
from catalogue import t
from domain.differences import Difference, differences
from domain.findings import Finding
from domain.reports import Content
from domain.texts import visible, visible_lines
from tui.words import status_word

_ANSWERS = ("conforms_plan", "approved", "key_project")
_OPTIONAL = (
    "place",
    "party",
    "cultivated_area",
    "basic_farmland_area",
    "use",
    "existed_since",
    *_ANSWERS,
    "source",
    "same_as",
)


Names = Mapping[str, str]
"""Units' names by code, for places."""


def told(name: str, value: object, names: Names = MappingProxyType({})) -> str:
    """Return the value of a report's or a finding's fact in words.

    Square metres are spelled out: the sign ² is of ambiguous width.
    """
    if value is None or value == "":
        return t("words.no_value")
    if name.endswith("area") and isinstance(value, int):
        return t("forms.square_metres", area=f"{value:,}")
    if name == "place":
        return names.get(str(value), visible(str(value)))
    if name == "land_class":
        return t(f"areas.{value}")
    if name == "kind":
        return t(f"words.report_{value}")
    if name in _ANSWERS:
        return t(f"report.answer_{value}")
    return visible(str(value))


def changed(difference: Difference, names: Names) -> list[Text]:
    """Return one difference as three lines: what it is about, before, after."""
    parts = []
    if difference.finding is not None:
        parts.append(t("report.finding", no=difference.finding))
    if difference.fact != "finding":
        parts.append(t(f"report.fact_{difference.fact}"))
    before, after = (
        told(difference.fact, value, names) for value in (difference.before, difference.after)
    )
    return [
        Text.styled(" ".join(parts), "$accent"),
        Text.styled(f"  - {before}", "$quiet"),
        Text(f"  + {after}"),
    ]


def content_lines(content: Content, names: Names) -> list[Text]:
    """Return all that a content says, line by line."""
    kind = "words.report_partial" if content.partial else f"words.report_{content.kind}"
    head = t(kind)
    if content.areas_planned is not None:
        head += f"  {content.areas_patrolled}/{content.areas_planned}"
    lines = [Text.styled(head, "bold")]
    lines += [Text(line) for line in visible_lines(content.summary)]
    for finding in content.findings:
        lines += finding_lines(finding, names)
    return lines


def finding_lines(finding: Finding, names: Names) -> list[Text]:
    """Return a finding: its first line, then what else is known of it in one."""
    first = t(
        "forms.finding_line",
        no=finding.no,
        location=visible(finding.location),
        land_class=t(f"areas.{finding.land_class}"),
        area=told("area", finding.area),
    )
    rest = [
        f"{t(f'report.fact_{name}')} {told(name, value, names)}"
        for name in _OPTIONAL
        if (value := getattr(finding, name)) not in (None, "")
    ]
    lines = [Text(first)]
    if rest:
        lines.append(Text.styled("   " + "  ".join(rest), "$quiet"))
    return lines


def preview_lines(content: Content, found: Filing, names: Names, reason: str) -> list[Text]:
    """Return what will be written: all of it, or what an amendment changes and why."""
    if not found.standing:
        would_be = t("forms.would_be", status=status_word(found.would_be))
        return [*content_lines(content, names), Text(""), Text.styled(would_be, "bold")]
    changes = differences(found.standing[-1].content, content)
    lines = [line for change in changes for line in changed(change, names)]
    lines = lines or [Text(t("forms.amend_nothing"))]
    told_why = t("forms.amend_reason", reason=visible(reason))
    return [*lines, Text(""), Text.styled(told_why, "bold")]
