"""`lianluo paper`: papers to print and stamp, and the register of those that were made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from actions import papers
from actions.papers import Registered
from catalogue import t
from commands import options, output
from commands.frame import call_of, group
from commands.output import Column, Format, Record
from domain.instants import Zone, utc
from domain.papers import SHAPES, Paper, PaperKind, Version, parse_kind

app = group("help.paper")

FIELDS = (
    "number",
    "kind",
    "subject",
    "made_at",
    "by",
    "versions",
    "language",
    "template",
    "content",
)
KIND_FIELDS = ("kind", "name", "subject")


def complete_kind(incomplete: str) -> list[str]:
    """Return the kinds that begin so."""
    return [kind.value for kind in PaperKind if kind.value.startswith(incomplete)]


Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="papers.arg_kind", autocompletion=complete_kind)
]


@app.command("kinds", help="papers.kinds")
def show_kinds(context: typer.Context, form: options.FormatOption = Format.TABLE) -> None:
    """Print the kinds of papers, and how the subject of each is written."""
    call_of(context)
    kinds = [kind for kind in PaperKind if kind is not PaperKind.DAY_SHEET]
    columns: list[Column[PaperKind]] = [
        Column("papers.col_kind", lambda kind: kind.value),
        Column("papers.col_name", lambda kind: t(f"papers.kind_{kind}")),
        Column("papers.col_subject", lambda kind: SHAPES[kind]),
    ]
    output.listing(form, kinds, KIND_FIELDS, kind_record, columns, "papers.empty")


@app.command("make", help="papers.make")
def make(
    context: typer.Context,
    kind: Kind,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="papers.arg_subject")],
    file: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="papers.opt_file")],
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Make a paper; the same one has the same number whenever it is made."""
    from exchange.papers import make_paper

    call = call_of(context)
    own = call.loaded.settings.preferences.templates
    with call.city() as (store, actor):
        made = make_paper(
            store,
            actor,
            parse_kind(kind),
            subject,
            file,
            call.at,
            Path(own).expanduser() if own else None,
        )
        row = Registered(made.paper, made.version, made.version.version)
        sentence = t("papers.made", number=made.paper.number, file=made.file)
        output.document(form, record(row), lambda: [sentence])


@app.command("list", help="papers.list")
def show_list(
    context: typer.Context,
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", metavar="KIND", help="papers.opt_kind", autocompletion=complete_kind
        ),
    ] = None,
    subject: Annotated[
        str | None, typer.Option("--about", metavar="SUBJECT", help="papers.opt_about")
    ] = None,
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print the register of papers."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        wanted = None if kind is None else parse_kind(kind)
        rows = papers.listed(store, at, wanted, subject)
        output.listing(form, rows, FIELDS, record, _columns(store.zone), "papers.empty")


@app.command("show", help="papers.show")
def show(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="papers.arg_number")],
    as_of: options.AsOfOption = None,
    form: options.FormatOption = Format.TABLE,
) -> None:
    """Print one paper with everything that it was made from."""
    call = call_of(context)
    with call.city() as (store, _):
        at = options.instant(store, as_of, call.at)
        paper, versions = papers.of_number(store, number, at)
        last = versions[-1] if versions else None
        whole = {
            **record(Registered(paper, last, len(versions))),
            "made_from": [version_record(version) for version in versions],
        }
        output.document(form, whole, lambda: _page(store.zone, paper, versions))


def kind_record(kind: PaperKind) -> Record:
    """Return a kind as programs read it."""
    return {"kind": kind.value, "name": t(f"papers.kind_{kind}"), "subject": SHAPES[kind]}


def record(row: Registered) -> Record:
    """Return a paper as programs read it, with the hashes of its last making."""
    return {
        "number": row.paper.number,
        "kind": row.paper.kind.value,
        "subject": row.paper.subject,
        "made_at": utc(row.paper.made_at),
        "by": row.paper.login,
        "versions": row.versions,
        "language": (row.last and row.last.language) or None,
        "template": (row.last and row.last.template) or None,
        "content": row.last and row.last.content,
    }


def version_record(version: Version) -> Record:
    """Return what one making was made from, as programs read it."""
    return {
        "version": version.version,
        "made_at": utc(version.made_at),
        "by": version.login,
        "language": version.language or None,
        "template": version.template or None,
        "content": version.content,
    }


def _columns(zone: Zone) -> list[Column[Registered]]:
    return [
        Column("papers.col_number", lambda row: row.paper.number),
        Column("papers.col_kind", lambda row: t(f"papers.kind_{row.paper.kind}"), elastic=True),
        Column("papers.col_subject", lambda row: row.paper.subject),
        Column("papers.col_made_at", lambda row: zone.show(row.paper.made_at), rank=1),
        Column("papers.col_by", lambda row: row.paper.login, rank=2),
        Column("papers.col_versions", lambda row: str(row.versions), right=True, rank=3),
    ]


def _page(zone: Zone, paper: Paper, versions: list[Version]) -> list[str]:
    pairs = [
        (t("papers.col_number"), paper.number),
        (t("papers.col_kind"), t(f"papers.kind_{paper.kind}")),
        (t("papers.col_subject"), paper.subject),
        (t("papers.col_made_at"), zone.show(paper.made_at)),
        (t("papers.col_by"), paper.login),
    ]
    lines = output.paired(pairs)
    for version in versions:
        lines.append(
            t(
                "papers.made_from",
                version=version.version,
                at=zone.show(version.made_at),
                by=version.login,
                template=version.template[:16] or t("words.no_value"),
                content=version.content[:16],
            )
        )
    return lines
