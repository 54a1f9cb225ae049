"""The fields of a report: areas, account, reason, findings, and what is wrong beside each."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from catalogue import t
from domain.reports import ReportKind
from domain.texts import visible
from domain.units import Unit
from domain.values import dataclass
from tui.drafts import NEW, FindingDraft, Problems, ReportDraft
from tui.facts import Names
from tui.widgets.fields import Choice, CountInput, Row
from tui.widgets.short_list import Cells, ShortList
from tui.zero import patrols

_PLACES = {"areas": "patrolled"}
"""The field that a problem is shown beside, where it has another name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which fields a report needs: `kind` where it is amended, `reason` where one must be given."""

    unit: Unit
    kind: bool
    reason: bool


class ReportFields(VerticalScroll, can_focus=False):
    """Holds a report as it is typed; tells when it changes."""

    DEFAULT_CSS = """
    ReportFields { height: 1fr; padding: 0 1; }
    ReportFields Row { margin-bottom: 1; }
    ReportFields Row > .remark { width: 20; }
    ReportFields #summary { height: 5; }
    ReportFields Row > .after { width: auto; padding: 0 3 0 1; }
    ReportFields Row > .between { width: auto; padding: 0 1 0 0; }
    ReportFields Row.areas > .remark { width: 1fr; }
    ReportFields #findings-head { color: $accent; height: 1; }
    ReportFields #findings-problem { color: $error; text-style: bold; height: auto; }
    """

    class Changed(Message):
        """Something was typed or chosen."""

    class Opened(Message):
        """The finding under the cursor is to be edited."""

    def __init__(self) -> None:
        super().__init__(id="form")
        self.names: Names = {}
        self.findings: tuple[FindingDraft, ...] = ()

    async def fill(self, draft: ReportDraft, wanted: Wanted) -> None:
        """Show the fields that are wanted, with what the draft says in them."""
        self.findings = draft.findings
        await self.remove_children()
        await self.mount_all(
            [
                *self._rows(draft, wanted),
                Static("", id="findings-head", markup=False),
                Static("", id="findings-problem", markup=False),
                ShortList(id="findings"),
            ]
        )
        self.show_findings()

    def _rows(self, draft: ReportDraft, wanted: Wanted) -> list[Row]:
        kind = "patrol" if patrols(wanted.unit) else "duty"
        areas = Row(
            t(f"forms.planned_{kind}"),
            CountInput(draft.planned, id="planned"),
            Static(t(f"forms.count_{kind}"), classes="after"),
            Static(t(f"forms.patrolled_{kind}"), classes="between"),
            CountInput(draft.patrolled, id="patrolled"),
            Static(t(f"forms.count_{kind}"), classes="after"),
        )
        areas.add_class("areas")
        rows = [
            areas,
            Row(t("forms.account"), TextArea(draft.summary, id="summary", compact=True)),
        ]
        if wanted.kind:
            kinds = [(value.value, t(f"words.report_{value}")) for value in reversed(ReportKind)]
            rows.insert(0, Row(t("report.fact_kind"), Choice(kinds, draft.kind, id="kind")))
        if wanted.reason:
            rows.append(
                Row(
                    t("forms.reason"),
                    Input(draft.reason, id="reason", compact=True, select_on_focus=False),
                )
            )
        return rows

    @property
    def ready(self) -> bool:
        """Return whether the fields are there."""
        return bool(self.query("#findings"))

    def typed(self, base: int) -> ReportDraft:
        """Return what stands in the fields, as a draft that amends revision `base`."""
        kind = next(iter(self.query("#kind").results(Choice)), None)
        reason = next(iter(self.query("#reason").results(Input)), None)
        return ReportDraft(
            ReportKind.DAILY.value if kind is None else kind.value,
            self.query_one("#planned", Input).value,
            self.query_one("#patrolled", Input).value,
            self.query_one("#summary", TextArea).text,
            "" if reason is None else reason.value,
            self.findings,
            base,
        )

    def write(self) -> None:
        """Put the cursor behind what the account says already."""
        account = self.query_one("#summary", TextArea)
        account.move_cursor(account.document.end)
        self.screen.set_focus(account)

    # -- findings --------------------------------------------------------------------------------

    @property
    def cursor(self) -> int | None:
        """Return which finding the cursor is on, from 0; None where the list has no focus."""
        listed = next(iter(self.query("#findings").results(ShortList)), None)
        return listed.cursor if listed is not None and listed.has_focus and self.findings else None

    def put(self, index: int, finding: FindingDraft | None) -> None:
        """Put a finding in a place, new after the last; None takes the one there out."""
        new = () if finding is None else (finding,)
        self.findings = (*self.findings[:index], *new, *self.findings[index + 1 :])
        self.show_findings()
        self.say("findings", "")
        self.post_message(self.Changed())

    def show_findings(self) -> None:
        """List the findings, their places by name where the names are known."""
        if self.ready:
            head = t("forms.findings_head", count=len(self.findings))
            self.query_one("#findings-head", Static).update(head)
            lines = [self._line(number, one) for number, one in enumerate(self.findings, 1)]
            self.query_one("#findings", ShortList).show(lines)

    def _line(self, number: int, finding: FindingDraft) -> Cells:
        same = "" if finding.same_as == NEW else finding.same_as
        return (
            (str(number), "$quiet"),
            (f"{self.names.get(finding.place, '')} {visible(finding.location)}".strip(), "bold"),
            (t(f"areas.{finding.land_class}"), "$foreground"),
            (visible(finding.area), "$foreground"),
            (t("forms.same_line", number=same) if same else "", "$accent"),
        )

    # -- changes and problems --------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Take back what was said of the field, and tell."""
        self.say("areas" if isinstance(event.input, CountInput) else "reason", "")
        self.post_message(self.Changed())

    def on_text_area_changed(self) -> None:
        """Take back what was said of the account, and tell."""
        self.say("summary", "")
        self.post_message(self.Changed())

    def on_choice_changed(self) -> None:
        """Tell that another kind was chosen."""
        self.post_message(self.Changed())

    def on_short_list_opened(self) -> None:
        """Ask for the finding to be edited."""
        self.post_message(self.Opened())

    def say(self, field: str, text: str) -> None:
        """Put a sentence beside a field, or take it away."""
        if field == "findings":
            for problem in self.query("#findings-problem").results(Static):
                problem.update(text)
            return
        for widget in self._named(field):
            if isinstance(widget.parent, Row):
                widget.parent.say(text, wrong=True)

    def show(self, problems: Problems) -> None:
        """Say what is wrong beside each field, and go to the first that is."""
        for field in ("areas", "summary", "reason", "findings"):
            self.say(field, problems.get(field, ""))
        for widget in self._named(next(iter(problems), "")):
            if widget.can_focus:
                self.screen.set_focus(widget)

    def _named(self, field: str) -> list[Widget]:
        return list(self.query(f"#{_PLACES.get(field, field)}")) if field else []
