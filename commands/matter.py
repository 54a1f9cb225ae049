"""`lianluo matter`: findings, leads and everything else that has steps (R12, R15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from actions import matter_dates, matter_ends, matters
from actions.matters import Subject
from actions.reporting import unit_to_file_for
from actions.units import find
from actions.workflows import workflow_of
from catalogue import t
from commands import matter_assist, matter_figures, matter_refer, matter_workflows, options
from commands.completion import complete_matter, complete_unit
from commands.frame import call_of, group
from commands.matter_pages import ending, listing, story, told
from commands.output import Format
from domain.areas import parse_area, parse_land_class
from domain.deadlines import Suspension
from domain.errors import Refused, UsageError
from domain.workflows import Outcome
from storage.matters import Filter

app = group("help.matter")

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="matter.arg_number", autocompletion=complete_matter)
]
StepKey = Annotated[str, typer.Argument(metavar="STEP", help="matter.arg_step")]
WorkflowOption = Annotated[
    str | None, typer.Option("--workflow", metavar="WORKFLOW", help="matter.opt_workflow")
]
PlaceOption = Annotated[
    str | None,
    typer.Option("--place", metavar="UNIT", help="matter.opt_place", autocompletion=complete_unit),
]
OpenOption = Annotated[bool, typer.Option("--open", help="matter.opt_open")]
ClosedOption = Annotated[bool, typer.Option("--closed", help="matter.opt_closed")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="matter.opt_reason")]


def either(opened: bool, closed: bool) -> bool | None:
    """Return whether only open (True) or only closed (False) matters are wanted; None for both."""
    return None if opened == closed else opened


@app.command("list", help="matter.list")
def show_list(
    context: typer.Context,
    workflow: WorkflowOption = None,
    opened: OpenOption = False,
    closed: ClosedOption = False,
    network: options.NetworkOption = None,
    unit: options.UnitOption = None,
    under: options.UnderOption = None,
    place: PlaceOption = None,
    parent: Annotated[
        str | None, typer.Option("--parent", metavar="NUMBER", help="matter.opt_of_parent")
    ] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print matters, each with the step that falls due first."""
    call = call_of(context)
    with call.city() as (store, _), store.reading():
        at = options.instant(store, as_of, call.at)
        chosen = options.selection(store, network, unit, under, store.today(at))
        wanted = Filter(
            None if workflow is None else workflow_of(store, workflow).key,
            either(opened, closed),
            None if parent is None else matters.show(store, parent, at).matter.number,
            None if place is None else find(store, place, store.today(at)).code,
        )
        listing(store, form, matters.listed(store, chosen, wanted, at), at, "matter.empty")


@app.command("show", help="matter.show")
def show_one(
    context: typer.Context,
    number: Number,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print one matter with its steps, requests and history."""
    call = call_of(context)
    with call.city() as (store, _), store.reading():
        at = options.instant(store, as_of, call.at)
        story(store, form, matters.show(store, number, at), at)


@app.command("open", help="matter.open")
def open_one(
    context: typer.Context,
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", help="matter.arg_workflow")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="matter.opt_title")],
    unit: Annotated[
        str | None,
        typer.Option(
            "--unit", metavar="UNIT", help="matter.opt_unit", autocompletion=complete_unit
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option("--place", metavar="UNIT", help="matter.opt_in", autocompletion=complete_unit),
    ] = None,
    location: Annotated[
        str, typer.Option("--location", metavar="TEXT", help="matter.opt_location")
    ] = "",
    party: Annotated[str, typer.Option("--party", metavar="TEXT", help="matter.opt_party")] = "",
    area: Annotated[
        str | None, typer.Option("--area", metavar="AREA", help="matter.opt_area")
    ] = None,
    land_class: Annotated[
        str | None, typer.Option("--land-class", metavar="CLASS", help="matter.opt_land_class")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--existed-since", metavar="DATE", help="matter.opt_since")
    ] = None,
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="matter.opt_source")] = "",
    parent: Annotated[
        str | None, typer.Option("--parent", metavar="NUMBER", help="matter.opt_parent")
    ] = None,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="matter.opt_text")] = "",
    anyway: Annotated[bool, typer.Option("--anyway", help="matter.opt_anyway")] = False,
    same_as: Annotated[
        str | None,
        typer.Option(
            "--same-as",
            metavar="NUMBER",
            help="matter.opt_same_as",
            autocompletion=complete_matter,
        ),
    ] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Open a matter, or note on one that stands that it is the same."""
    call = call_of(context)
    if anyway and same_as is not None:
        raise UsageError("matter.anyway_or_same")
    with call.city() as (store, actor):
        at = call.at
        today = store.today(at)
        about = Subject(
            title,
            place="" if place is None else find(store, place, today).code,
            location=location.strip(),
            party=party.strip(),
            land_class="" if land_class is None else parse_land_class(land_class).value,
            area=None if area is None else parse_area(area),
            existed_since=None if since is None else options.day(store, since, at),
            source=source.strip(),
            parent="" if parent is None else matters.show(store, parent, at).matter.number,
        )
        flow = workflow_of(store, workflow)
        if same_as is not None:
            note = " ".join(part for part in (title, about.location, source, text) if part)
            view = matters.remark(store, actor, same_as, note, at)
            number = view.matter.number
            told(store, form, view, at, t("matter.same", number=number))
            return
        code = unit_to_file_for(store, actor, unit, today)
        if not about.place and flow.key in matters.ALIKE:
            about = replace(about, place=code)
        opened = matters.open_matter(
            store, actor, workflow, code, about, at, text=text.strip(), unless_near=not anyway
        )
        view = matters.show(store, opened.number, at)
        told(store, form, view, at, t("matter.opened", number=opened.number, unit=view.unit.name))


@app.command("step", help="matter.step")
def step(
    context: typer.Context,
    number: Number,
    key: StepKey,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="matter.opt_done")] = "",
    reason: Annotated[
        str, typer.Option("--reason", metavar="WORD", help="matter.opt_step_reason")
    ] = "",
    returned: Annotated[bool, typer.Option("--return", help="matter.opt_return")] = False,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Record that a step is done, or that what it reviews is returned."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = matters.do_step(
            store,
            actor,
            number,
            key,
            call.at,
            text=text.strip(),
            returned=returned,
            reason=reason.strip(),
        )
        name = view.workflow.step(key).title
        if view.state.closed_at is not None:
            sentence = t("matter.step_ended", number=view.matter.number, step=name)
        elif returned:
            sentence = t("matter.step_returned", number=view.matter.number, step=name)
        else:
            sentence = t("matter.step_done", number=view.matter.number, step=name)
        told(store, form, view, call.at, sentence)


@app.command("extend", help="matter.extend")
def extend(
    context: typer.Context,
    number: Number,
    key: StepKey,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="matter.opt_until")
    ] = None,
    reason: Reason = "",
    grant: Annotated[bool, typer.Option("--grant", help="matter.opt_grant")] = False,
    refuse: Annotated[bool, typer.Option("--refuse", help="matter.opt_refuse")] = False,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="matter.opt_answer")] = "",
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Ask for a later date, or answer who asked."""
    call = call_of(context)
    asking = until is not None
    if asking + grant + refuse != 1 or (reason and not asking) or (text and asking):
        raise UsageError("matter.extend_words")
    with call.city() as (store, actor):
        at = call.at
        if until is not None:
            day = options.day(store, until, at)
            view = matter_dates.ask_extension(store, actor, number, key, day, reason, at)
            sentence = "matter.extension_asked"
        else:
            view = matter_dates.answer_extension(store, actor, number, key, grant, text.strip(), at)
            sentence = "matter.extension_granted" if grant else "matter.extension_refused"
        asked = view.entries[-1].until
        name = view.workflow.step(key).title
        told(
            store,
            form,
            view,
            at,
            t(sentence, number=view.matter.number, step=name, day=asked),
        )


@app.command("suspend", help="matter.suspend")
def suspend(
    context: typer.Context,
    number: Number,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="matter.opt_from")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="matter.opt_to")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="matter.opt_reason")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Let the clocks of a matter stand still."""
    call = call_of(context)
    with call.city() as (store, actor):
        at = call.at
        begins, ends = options.day(store, first, at), options.day(store, last, at)
        view = matter_dates.suspend(
            store, actor, number, Suspension(begins, ends, reason.strip()), at
        )
        number = view.matter.number
        told(store, form, view, at, t("matter.suspended", number=number, first=begins, last=ends))


@app.command("close", help="matter.close")
def close(
    context: typer.Context,
    number: Number,
    outcome: Annotated[
        Outcome, typer.Option("--outcome", help="matter.opt_outcome", case_sensitive=False)
    ],
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXT", help="matter.opt_evidence")
    ],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Close a matter with its outcome."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = matter_ends.close(store, actor, number, outcome, evidence, call.at)
        number = view.matter.number
        told(
            store, form, view, call.at, t("matter.was_closed", number=number, outcome=ending(view))
        )


@app.command("transfer", help="matter.transfer")
def transfer(
    context: typer.Context,
    number: Number,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help="matter.opt_transfer_to")],
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXT", help="matter.opt_evidence")
    ],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Close a matter that is another's, naming whose."""
    call = call_of(context)
    if not to.strip() or not evidence.strip():
        raise Refused("matter.transfer_words")
    with call.city() as (store, actor):
        said = f"{to.strip()}: {evidence.strip()}"
        view = matter_ends.close(store, actor, number, Outcome.TRANSFERRED, said, call.at)
        number = view.matter.number
        told(store, form, view, call.at, t("matter.transferred", number=number, to=to.strip()))


@app.command("reopen", help="matter.reopen")
def reopen(
    context: typer.Context,
    number: Number,
    key: StepKey,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="matter.opt_reason")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Open a closed matter again at one of its steps."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = matter_ends.reopen(store, actor, number, key, reason.strip(), call.at)
        number = view.matter.number
        told(store, form, view, call.at, t("matter.was_reopened", number=number))


@app.command("remark", help="matter.remark")
def remark(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="matter.arg_remark")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Add a remark."""
    call = call_of(context)
    with call.city() as (store, actor):
        view = matters.remark(store, actor, number, text, call.at)
        told(store, form, view, call.at, t("matter.remarked", number=view.matter.number))


app.command("assist", help="matter.assist")(matter_assist.assist)
app.command("figures", help="hotline.help")(matter_figures.show)
app.command("refer", help="matter.refer")(matter_refer.refer)
app.command("workflows", help="matter.workflows")(matter_workflows.show)
