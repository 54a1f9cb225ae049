"""`lianluo matter workflows`: the steps of every kind of matter, and loading others (R12, R15)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from actions.workflows import adopt_workflows, unknown_owners, workflow_of, workflows
from catalogue import t
from commands import options, output
from commands.call import warn
from commands.frame import call_of
from commands.matter_pages import limit_words, titled
from commands.output import Format, Record
from domain.matters import limit_text
from domain.workflows import Party, Step, StepLimit, Workflow
from exchange.registry import registry_folder, shipped
from exchange.workflows import FILE, read_workflows
from storage.workflows import step_limits

if TYPE_CHECKING:
    from storage.store import Store

FIELDS = ("workflow", "zh", "en", "prefix", "opens", "steps", "outcomes")


def show(
    context: typer.Context,
    workflow: Annotated[
        str | None, typer.Argument(metavar="WORKFLOW", help="matter.arg_workflow")
    ] = None,
    load: Annotated[
        str | None, typer.Option("--load", metavar="FILE", help="matter.opt_load")
    ] = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the workflows with their steps and limits; `--load` puts others in their place."""
    call = call_of(context)
    with call.city() as (store, actor):
        if load is not None:
            new = read_workflows(_file(load))
            changed = adopt_workflows(store, actor, new, call.at)
            key = "matter.workflows_loaded" if changed else "matter.workflows_same"
            warn(t(key, file=load, count=len(new)))
            unknown = unknown_owners(store)
            if unknown:
                warn(t("workflows.owners_unknown", units=unknown))
        found = [workflow_of(store, workflow)] if workflow else list(workflows(store).values())
        _write(store, form, found)


def _file(name: str) -> Path:
    """Return the file that `--load` names: a shipped registry's own, or any other."""
    return registry_folder(name) / FILE if name in shipped() else Path(name).expanduser()


def _write(store: Store, form: Format, found: Sequence[Workflow]) -> None:
    limits = step_limits(store.connection)
    if form is Format.TABLE:
        if not found:
            warn(t("matters.no_workflows"))
        for number, workflow in enumerate(found):
            output.text([*([""] if number else []), *_page(workflow, limits)])
        return
    output.listing(form, found, FIELDS, lambda row: as_record(row, limits), [], "matter.empty")


def as_record(workflow: Workflow, limits: Sequence[StepLimit]) -> Record:
    """Return a workflow as programs read it, each step with its limits."""
    return {
        "workflow": workflow.key,
        "zh": workflow.zh,
        "en": workflow.en,
        "prefix": workflow.prefix,
        "opens": workflow.opens,
        "steps": [
            {
                "step": step.key,
                "zh": step.zh,
                "en": step.en,
                "after": step.after,
                "done": step.done,
                "by": str(step.by),
                "ends": step.ends,
                "returns": step.returns or None,
                "text": step.text,
                "reasons": list(step.reasons),
                "limits": [_limit_record(row) for row in _limits(workflow, step, limits)],
            }
            for step in workflow.steps
        ],
        "outcomes": {outcome.value: state for outcome, state in workflow.outcomes.items()},
    }


def _limit_record(row: StepLimit) -> Record:
    return {
        "after": row.after,
        "limit": limit_text(row),
        "effective_from": row.effective_from and row.effective_from.isoformat(),
        "effective_to": row.effective_to and row.effective_to.isoformat(),
        "source": row.source or None,
        "local_default": row.local_default,
    }


def _limits(workflow: Workflow, step: Step, limits: Sequence[StepLimit]) -> list[StepLimit]:
    return [row for row in limits if (row.workflow, row.step) == (workflow.key, step.key)]


def _page(workflow: Workflow, limits: Sequence[StepLimit]) -> list[str]:
    lines = [f"{workflow.key}  {titled(workflow)}  {workflow.prefix}"]
    for step in workflow.steps:
        marks = [
            f"{step.after} > {step.done}",
            t("matter.by_issuer") if step.by == Party.ISSUER else "",
            t("matter.by_unit", unit=step.by) if step.named_unit else "",
            t("matter.step_ends") if step.ends else "",
            t("matter.step_returns", step=step.returns) if step.returns else "",
            t("matter.step_text") if step.text else "",
            t("matter.step_reasons", reasons=step.reasons) if step.reasons else "",
        ]
        lines.append(f"  {step.key}  {titled(step)}  {'  '.join(filter(None, marks))}")
        rows = _limits(workflow, step, limits)
        lines += [f"    {_limit(row)}" for row in rows] or [f"    {t('matter.no_date')}"]
    if workflow.outcomes:
        known = [
            f"{t(f'words.outcome_{outcome}')} {outcome} ({state})"
            for outcome, state in workflow.outcomes.items()
        ]
        lines.append(f"  {t('matter.outcomes', outcomes=known)}")
    return lines


def _limit(row: StepLimit) -> str:
    dates = ""
    if row.effective_from or row.effective_to:
        dates = f"{row.effective_from or ''}..{row.effective_to or ''}"
    return "  ".join(part for part in (limit_words(row), dates, row.source) if part)
